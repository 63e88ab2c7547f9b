"""How long each part of an answer takes."""

from collections.abc import Callable

from benchmarks.behavior.demo import Demo
from benchmarks.timing import timed
from engine.advise import advise
from engine.behavior.anomalies import anomalies
from engine.behavior.disposition import disposition
from engine.behavior.lags import lags
from engine.behavior.lots import lots
from engine.behavior.purchases import purchases
from engine.behavior.series import series
from engine.learning.metrics import rounded
from engine.recommenders.behavioral_insights.model import BehaviorModel
from engine.recommenders.behavioral_insights.study import study
from engine.recommenders.behavioral_insights.trainer import BehaviorTrainer

NAME = "behavioral_insights"


def speed(drawn: Demo, model: BehaviorModel) -> dict[str, float]:
    """Of the parts of an answer, over the whole batch."""
    known, bought = series(drawn.facts.cash_flows), purchases(drawn.facts.transactions)
    X, _ = lags(known)
    held = lots(drawn.facts)
    columns = BehaviorTrainer().columns(drawn.facts)[:, -model.segmentation.centres.shape[1] :]
    parts: dict[str, Callable[[], object]] = {
        "lags": lambda: lags(known),
        "forecast": lambda: model.forecaster.predict(X),
        "anomalies": lambda: anomalies(bought, model.tail),
        "segment": lambda: model.segmentation.assigned(columns),
        "lots": lambda: lots(drawn.facts),
        "disposition": lambda: disposition(drawn.facts, held),
        "everything": lambda: study(drawn.facts, model),
        "answer": lambda: advise(drawn.facts, [NAME], models={NAME: model}),
    }
    return rounded({name: 1e6 * timed(part)[1] / len(drawn.facts) for name, part in parts.items()})
