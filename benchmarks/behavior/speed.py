"""How long each part of an answer takes."""

from collections.abc import Callable

from benchmarks.behavior.demo import Demo
from benchmarks.timing import timed
from engine.advise import advise
from engine.behavior.anomalies import anomalies
from engine.behavior.biases import Bias
from engine.behavior.disposition import disposition
from engine.behavior.herding import herding
from engine.behavior.lags import lags
from engine.behavior.lots import lots
from engine.behavior.purchases import purchases
from engine.behavior.series import series
from engine.behavior.trading import overtrading
from engine.facts import Facts
from engine.learning.metrics import rounded
from engine.recommenders.behavioral_insights.model import BehaviorModel
from engine.recommenders.behavioral_insights.study import study
from engine.recommenders.behavioral_insights.trainer import BehaviorTrainer

NAME = "behavioral_insights"
MANY = 1_000_000


def speed(drawn: Demo, model: BehaviorModel) -> dict[str, float]:
    """Of the parts of an answer, over the whole batch."""
    known, bought = series(drawn.facts.cash_flows), purchases(drawn.facts.transactions)
    X, _ = lags(known)
    columns = BehaviorTrainer().columns(drawn.facts)[:, -model.segmentation.centres.shape[1] :]
    parts: dict[str, Callable[[], object]] = {
        "lags": lambda: lags(known),
        "forecast": lambda: model.forecaster.predict(X),
        "anomalies": lambda: anomalies(bought, model.tail),
        "segment": lambda: model.segmentation.assigned(columns),
        "trades": lambda: _trades(drawn.facts),
        "everything": lambda: study(drawn.facts, model),
        "answer": lambda: advise(drawn.facts, [NAME], models={NAME: model}),
    }
    a_user = {name: 1e6 * timed(part)[1] / len(drawn.facts) for name, part in parts.items()}
    return rounded(a_user | {"trades_of_a_million_rows_a_row": _a_row(drawn.facts)})


def _trades(facts: Facts) -> list[Bias]:
    held = lots(facts)
    return [habit(facts, held) for habit in (disposition, overtrading, herding)]


def _a_row(facts: Facts) -> float:
    """Microseconds for a lot or sale, over a million of them in batches of the demo."""
    rows = len(facts.holdings.user) + len(facts.sales.user)
    times = -(-MANY // rows)
    return 1e6 * sum(timed(lambda: _trades(facts))[1] for _ in range(times)) / (times * rows)
