"""Everything the insights rest on, as columns of the batch."""

from dataclasses import dataclass

import numpy as np

from engine.behavior import habits, subscriptions
from engine.behavior.anomalies import Anomalies, Tail, anomalies
from engine.behavior.biases import Biases
from engine.behavior.days import day_number
from engine.behavior.decomposition import Course, course
from engine.behavior.disposition import disposition
from engine.behavior.forecast import Ahead, by_rule
from engine.behavior.herding import herding
from engine.behavior.lags import lags
from engine.behavior.lifestyle import lifestyle_inflation
from engine.behavior.lots import lots
from engine.behavior.purchases import Purchases, purchases
from engine.behavior.scores import budget_adherence, volatility
from engine.behavior.segments import FEATURES, RULES, Segment, features
from engine.behavior.segments import by_rule as segment_by_rule
from engine.behavior.series import Series, series
from engine.behavior.subscriptions import Services, services
from engine.behavior.trading import overtrading
from engine.enums import BiasKind
from engine.facts import Facts, Floats, Positions
from engine.recommenders.behavioral_insights.model import BehaviorModel
from engine.transactions import CATEGORY_NAMES
from engine.units import MONTHS_A_YEAR

ALERT_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Columns, one value a user; of anomalies and lots, one an alert."""

    facts: Facts
    model: BehaviorModel | None
    known: Series
    course: Course
    usual_month: Floats
    ahead: Ahead
    means: Floats
    """Users x categories: money a month out, of the last twelve months seen; given back is negative."""
    means_before: Floats
    """Of the twelve months before; NaN where they were not all seen."""
    limits: Floats
    """Users x categories: what a month may cost, NaN without a budget."""
    volatility: Floats
    impulse: Floats
    adherence: Floats
    bought: Purchases
    found: Anomalies
    """Of the last thirty days."""
    services: Services
    biases: Biases
    segment: Positions
    segments: tuple[Segment, ...]


def study(facts: Facts, model: BehaviorModel | None) -> Study:
    """All columns, computed once for the batch."""
    known, bought = series(facts.cash_flows), purchases(facts.transactions)
    subscribed = services(bought, facts.today)
    X, usual_month = lags(known)
    columns = features(facts.cash_flows, known, bought)
    return Study(
        facts=facts,
        model=model,
        known=known,
        course=course(known),
        usual_month=usual_month,
        ahead=model.forecaster.predict(X) if model else by_rule(X),
        means=_means(facts, 0),
        means_before=np.where((known.observed >= 2 * MONTHS_A_YEAR)[:, None], _means(facts, MONTHS_A_YEAR), np.nan),
        limits=_limits(facts),
        volatility=volatility(known),
        impulse=columns[:, FEATURES.index("impulse")],
        adherence=budget_adherence(facts),
        bought=bought,
        found=_recent(facts, bought, anomalies(bought, model.tail if model else Tail())),
        services=subscribed,
        biases=_biases(facts, bought, subscribed),
        segment=model.segmentation.assigned(columns) if model else segment_by_rule(columns),
        segments=model.segmentation.segments if model else RULES,
    )


def _means(facts: Facts, back: int) -> Floats:
    """Over a year, or over the months seen of it."""
    flows = facts.cash_flows
    end = flows.amount.shape[1] - back
    seen = np.clip(flows.observed - back, 1, MONTHS_A_YEAR)
    return np.asarray(-flows.amount[:, max(end - MONTHS_A_YEAR, 0) : end].sum(axis=1) / seen[:, None]) + 0.0


def _limits(facts: Facts) -> Floats:
    found = np.full((len(facts), len(CATEGORY_NAMES)), np.nan)
    column = [CATEGORY_NAMES.index(name) for name in facts.budgets.category]
    found[facts.budgets.user, column] = facts.budgets.monthly_limit
    return found


def _recent(facts: Facts, bought: Purchases, found: Anomalies) -> Anomalies:
    kept = day_number(facts.today) - bought.day[found.place] < ALERT_DAYS
    return Anomalies(
        place=found.place[kept], kind=found.kind[kept], expected=found.expected[kept], severity=found.severity[kept]
    )


def _biases(facts: Facts, bought: Purchases, subscribed: Services) -> Biases:
    """Of the kinds that the data can show; of the others nothing is claimed (`wording.NOT_JUDGED`)."""
    held = lots(facts)
    return {
        BiasKind.PRESENT_BIAS: habits.present_bias(facts),
        BiasKind.LIFESTYLE_INFLATION: lifestyle_inflation(facts),
        BiasKind.PAYDAY_EFFECT: habits.payday_effect(facts),
        BiasKind.WEEKEND_SPLURGE: habits.weekend_splurge(facts),
        BiasKind.SUBSCRIPTION_CREEP: subscriptions.subscription_creep(facts, bought, subscribed),
        BiasKind.LOSS_AVERSION: disposition(facts, held),
        BiasKind.OVERTRADING: overtrading(facts, held),
        BiasKind.HERDING: herding(facts, held),
    }
