"""The hidden truth: hidden, known to the cent where it shows, and visible enough for a model to have skill."""

import numpy as np
from sklearn.metrics import roc_auc_score

from engine.enums import LifeEvent
from engine.facts import Floats
from engine.population import Population
from engine.population.balance_sheet import Slot
from engine.population.character import RELIABILITY
from engine.population.future import draw_next
from engine.population.past import draw_past
from engine.transactions import DISCRETIONARY
from tests.engine.population.conftest import Sample, positions


def strength(population: Population, bias: str) -> Floats:
    """Planted strengths of a bias."""
    return np.asarray(population.truth.households[bias], dtype=np.float64)


def test_stated_tolerance_is_a_noisy_reading_of_the_true_one(sample: Sample) -> None:
    character = sample.people.character
    found = np.corrcoef(character.true_tolerance, character.stated_tolerance)[0, 1]
    assert RELIABILITY - 0.12 < found < RELIABILITY
    again = RELIABILITY**2
    assert abs(again - 0.6) < 0.01


def test_some_people_overstate_and_fewer_understate(sample: Sample) -> None:
    bias = sample.people.character.stated_bias
    assert 0.08 < np.mean(bias > 0) < 0.12
    assert 0.04 < np.mean(bias < 0) < 0.06
    apart = sample.people.character.stated_tolerance - sample.people.character.true_tolerance
    assert apart[bias > 0].mean() > 0.5 > -0.5 > apart[bias < 0].mean()


def test_all_five_levels_of_tolerance_occur(sample: Sample) -> None:
    shares = np.bincount(sample.people.character.true_tolerance, minlength=5) / len(sample.people)
    assert shares.min() > 0.05


def test_portfolios_tell_of_true_tolerance(sample: Sample) -> None:
    invested = sample.sheet.total(Slot.BROKERAGE, Slot.TRADITIONAL, Slot.ROTH, Slot.PLAN) > 0
    true, share = sample.people.character.true_latent[invested], sample.people.equity_share[invested]
    assert 0.6 < np.corrcoef(true, share)[0, 1] < 0.85


def test_next_events_can_be_told_from_what_is_seen_better_than_by_the_base_rate(sample: Sample) -> None:
    people, sheet = sample.people, sample.sheet
    years = draw_next(people, sheet, draw_past(people, sheet, 1), 1)
    renters = ~people.homeowner & (people.age < 60.0)
    liquid = np.log1p(sheet.total(Slot.CHECKING, Slot.SAVINGS)) + np.log1p(people.income)
    assert roc_auc_score((years[LifeEvent.HOME_PURCHASE] <= 5.0)[renters], liquid[renters]) > 0.65
    older = people.working & (people.age > 55.0)
    pension = sheet.total(Slot.TRADITIONAL, Slot.ROTH, Slot.PLAN) / np.maximum(people.income, 1.0)
    assert roc_auc_score((years[LifeEvent.RETIREMENT] <= 5.0)[older], pension[older]) > 0.6


def test_anomalies_are_rows_of_the_ledger_of_every_kind(population: Population) -> None:
    anomalies = population.truth.anomalies
    assert set(anomalies["transaction"]) <= set(population.transactions["external_id"])
    assert set(anomalies["kind"]) == {"DOUBLE_CHARGE", "PRICE_RISE", "TENFOLD_AMOUNT", "NEW_MERCHANT"}
    assert 0.001 < len(anomalies["user"]) / len(population.transactions["user"]) < 0.01


def test_a_double_charge_has_a_twin(population: Population) -> None:
    rows = population.transactions
    seen: dict[tuple[str, str, float], int] = {}
    for key in zip(rows["user"], rows["merchant"], rows["amount"], strict=True):
        seen[key] = seen.get(key, 0) + 1
    doubled = population.truth.anomalies["kind"] == "DOUBLE_CHARGE"
    place = {name: index for index, name in enumerate(rows["external_id"])}
    for name in population.truth.anomalies["transaction"][doubled]:
        index = place[name]
        assert seen[rows["user"][index], rows["merchant"][index], rows["amount"][index]] >= 2


def test_splurging_at_weekends_shows(population: Population) -> None:
    rows = population.transactions
    free = np.isin(rows["category"], [name for name in DISCRETIONARY if name != "subscriptions"])
    user, amount = positions(population, rows)[free], -rows["amount"][free]
    weekend = (rows["date"][free].astype(int) + 3) % 7 >= 5
    share = np.bincount(user, amount * weekend, minlength=600) / np.bincount(user, amount, minlength=600)
    planted = strength(population, "WEEKEND_SPLURGE")
    assert share[planted > 0.7].mean() > share[planted == 0].mean() + 0.3


def test_creeping_subscriptions_show(population: Population) -> None:
    rows = population.transactions
    paid = rows["category"] == "subscriptions"
    user, amount, day = positions(population, rows)[paid], -rows["amount"][paid], rows["date"][paid]
    late, early = day >= np.datetime64("2025-09-01"), day < np.datetime64("2023-09-01")
    growth = (np.bincount(user, amount * late, minlength=600) - np.bincount(user, amount * early, minlength=600)) / 6
    planted = strength(population, "SUBSCRIPTION_CREEP")
    assert growth[planted > 0.7].mean() > growth[planted == 0].mean() + 40.0


def test_most_households_have_no_given_bias(population: Population) -> None:
    for bias in ("PRESENT_BIAS", "LIFESTYLE_INFLATION", "PAYDAY_EFFECT", "HERDING", "OVERTRADING", "LOSS_AVERSION"):
        assert 0.05 < np.mean(strength(population, bias) > 0) < 0.35


def test_discipline_shows_in_regular_saving(population: Population) -> None:
    rows = population.transactions
    put = (rows["category"] == "savings_transfer") & (rows["amount"] < 0)
    user = positions(population, rows)[put]
    month = rows["date"][put].astype("datetime64[M]").astype(int)
    active = np.bincount(np.unique(user * 100_000 + month) // 100_000, minlength=600)
    discipline = np.asarray(population.truth.households["savings_discipline"], dtype=np.float64)
    assert np.corrcoef(discipline, active)[0, 1] > 0.3
