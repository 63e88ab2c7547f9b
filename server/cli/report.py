"""How results are shown: to people in lines, to programs as JSON."""

from dataclasses import fields
from decimal import Decimal
from typing import Any

from pydantic_core import to_jsonable_python

from engine.answers import ActionableItem, Answer
from engine.errors import EngineError
from server.cli.context import say, show
from server.commands.doctor import Finding
from store.advice import Outcome
from store.advice.recommendations import GivenRecommendation
from store.loading.report import LoadReport

EVERY_MONTH = " a month"
SCALARS = (Decimal, float, int, str)


def show_report(name: str, report: LoadReport) -> None:
    """What became of the rows of a file, one line a kind."""
    for kind, counts in report.kinds.items():
        said = f"{counts.read:,} read, {counts.new:,} new, {counts.changed:,} changed, {counts.unchanged:,} unchanged"
        show(f"{name}: {kind}: {said}" + (f", {counts.removed:,} removed" if counts.removed else ""))


def show_finding(finding: Finding) -> None:
    """One line, and one more where something is to be done."""
    show(f"{'ok' if finding.is_good else 'BAD':4} {finding.name:12} {finding.found}")
    if finding.cure:
        show(f"     {'':12} -> {finding.cure}")


def show_advice(category: str, outcome: Outcome) -> None:
    """One category: its numbers, then what to do."""
    if isinstance(outcome, Exception):
        say(f"{category}: {_sentence(outcome)}")
        return
    answer = outcome.answer
    show(f"{category} ({answer.basis.lower()}, valid until {outcome.valid_until:%Y-%m-%d})")
    for field in fields(answer):
        value = getattr(answer, field.name)
        if isinstance(value, SCALARS) and field.name not in _common():
            show(f"  {field.name.replace('_', ' ')}: {_written(value)}")
            _show_reasons(answer, field.name)
    for recommendation in outcome.recommendations:
        _show_recommendation(recommendation)


def as_data(category: str, outcome: Outcome) -> dict[str, Any]:
    """One category for a program: the columns of its answer beside those that all have."""
    if isinstance(outcome, Exception):
        code = outcome.code if isinstance(outcome, EngineError) else "INTERNAL"
        return {"category": category, "error": {"code": code, "message": _sentence(outcome)}}
    advice: dict[str, Any] = to_jsonable_python(outcome)
    answer: dict[str, Any] = advice.pop("answer")
    return answer | advice


def _show_reasons(answer: Answer, number: str) -> None:
    """What the explanation says of a number, as of a savings rate below today's."""
    for reason in answer.explanation:
        if reason.feature == number:
            show(f"      {reason.sentence}")


def _show_recommendation(given: GivenRecommendation) -> None:
    show(f"\n  {given.priority:8} {given.title}")
    show(f"           {given.description}")
    for item in given.actionable_items:
        show(f"           - {item.title}" + (f", {_when(item)} {item.due_date}" if item.due_date else ""))


def _when(item: ActionableItem) -> str:
    """What is done every month begins on its day, anything else is done by then."""
    return "from" if EVERY_MONTH in item.title else "by"


def _sentence(error: Exception) -> str:
    """What a user may read; anything else is a bug, and ends the command."""
    if isinstance(error, EngineError):
        return str(error)
    raise error


def _common() -> set[str]:
    return {field.name for field in fields(Answer)}


def _written(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, Decimal) else str(value)
