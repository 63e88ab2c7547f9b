"""What is asked of behavioral insights, beside what the benchmark reached."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.behavior.forecast import LENGTHS

Row = dict[str, Any]
LEAST, MOST = "at least", "at most"


def bars(found: Mapping[str, Any]) -> list[Row]:
    """One row a bar; those of real people only where the study data are."""
    return [*_months(found), *_ahead(found["forecast"], found["one_huge_purchase"]), *_payments(found), *_people(found)]


def _months(found: Mapping[str, Any]) -> Iterator[Row]:
    parts = found["decomposition"]
    yield _row("STL as one product, largest difference", MOST, 1e-9, parts["largest_difference"])
    yield _row("STL, microseconds a series", MOST, 0.25, parts["stl_us_a_series"])
    yield _row("robust fit, microseconds a series", MOST, 26.0, parts["robust_us_a_series"])
    yield _row(
        "robust fit, error of the season beside robust STL's",
        MOST,
        1.0,
        parts["season_rmse_robust"] / parts["season_rmse_statsmodels_robust"],
    )


def _ahead(forecast: Mapping[str, Any], moved: Mapping[str, Mapping[str, float]]) -> Iterator[Row]:
    model, rule = forecast["model"], forecast["median_of_12_months"]
    for months in LENGTHS:
        covered = model[f"coverage_of_{months}_months"]
        yield _row(f"months in range, {months} months of history", LEAST, 0.88, covered)
        yield _row(f"months in range, {months} months of history", MOST, 0.92, covered)
    yield _row("WAPE beside the median's of 12 months", MOST, 1.0, model["wape"] / rule["wape"])
    yield _row("direction of the next month", LEAST, 0.70, model["direction_accuracy"])
    worst = max(each["nine_of_ten"] for each in moved.values())
    yield _row("one huge purchase moves nine of ten forecasts by", MOST, 0.02, worst)


def _payments(found: Mapping[str, Any]) -> Iterator[Row]:
    alerts = found["anomalies"]
    yield _row("anomalies, precision", LEAST, 0.9, alerts["precision_of_all"])
    yield _row("anomalies, recall", LEAST, 0.8, alerts["recall_of_all"])
    yield _row("put into quiet households, precision", LEAST, 0.9, alerts["put_into_quiet_households"]["precision"])
    yield _row("put into quiet households, recall", LEAST, 0.8, alerts["put_into_quiet_households"]["recall"])
    for kind, recall in alerts["recall"].items():
        yield _row(f"anomalies, recall, {kind}", LEAST, 0.8, recall)
    for level, rate in alerts["false_alarms_of_nominal"].items():
        yield _row(f"false alarms of nominal, {level}, away from 1", MOST, 0.1, round(abs(rate - 1.0), 4))
    yield _row("alerts a week, quiet households", MOST, 1.0, alerts["alerts_a_quiet_user_week"])
    yield _row("anomalies, microseconds a user", MOST, 66.0, alerts["us_a_user"])
    forest = alerts["average_precision_of_forest"] / alerts["average_precision"]
    yield _row("average precision of an isolation forest beside ours", MOST, 0.2, forest)
    for kind, habit in found["habits"].items():
        yield _row(f"habit, precision, {kind}", LEAST, 0.9, habit["precision"])
        yield _row(f"habit, recall where judged, {kind}", LEAST, 0.5, habit["recall_where_judged"])
    yield _row("segment, microseconds a user", MOST, 10.0, found["microseconds_a_user"]["segment"])


def _people(found: Mapping[str, Any]) -> Iterator[Row]:
    if not isinstance(found["real_people"], str):
        for split, reached in found["real_people"]["berka_1993"].items():
            yield _row(f"next month's outflow of bank accounts, WAPE, {split}", MOST, 0.44, reached["finrec"])


def _row(what: str, side: str, bar: float, reached: float) -> Row:
    return {
        "what": what,
        "bar": f"{side} {bar:g}",
        "reached": reached,
        "met": bool(reached >= bar if side == LEAST else reached <= bar),
    }
