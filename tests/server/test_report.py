"""How the command line words advice."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from engine.answers import ActionableItem, Answer, Contribution, Recommendation
from engine.enums import AnswerBasis, Priority
from server.cli.report import show_advice
from store.advice.answers import Advice
from store.advice.recommendations import given_now

NOW = datetime(2026, 9, 15, tzinfo=UTC)
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing(Answer):
    """An answer without columns of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(Answer):
    """An answer with one number."""

    optimal_savings_rate: float


def shown(capsys: pytest.CaptureFixture[str], *items: ActionableItem, answer: Answer | None = None) -> str:
    """What is printed of advice with these steps."""
    told = Recommendation(key="k", title="T", description="D", priority=Priority.LOW, actionable_items=items)
    nothing = Nothing(basis=AnswerBasis.RULE, confidence=None, recommendations=(told,), explanation=())
    given = given_now(NOBODY, "savings_strategy", told, 0, model_name="savings_strategy/rule", now=NOW, until=NOW)
    advice = Advice(
        user_id=NOBODY,
        category="savings_strategy",
        answer=answer or nothing,
        generated_at=NOW,
        valid_until=NOW,
        model=None,
        recommendations=[given],
    )
    show_advice("savings_strategy", advice)
    return capsys.readouterr().out


def test_a_monthly_order_begins_on_its_day_and_anything_else_is_done_by_then(
    capsys: pytest.CaptureFixture[str],
) -> None:
    order = ActionableItem(title="Put $50.00 a month into a Roth IRA", due_date=date(2026, 9, 25))
    once = ActionableItem(title="Set the new date", due_date=date(2031, 6, 1))
    printed = shown(capsys, order, once)
    assert "Put $50.00 a month into a Roth IRA, from 2026-09-25" in printed
    assert "Set the new date, by 2031-06-01" in printed


def test_a_number_is_followed_by_what_the_explanation_says_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    reason, other = (
        Contribution(feature=feature, value=0.1, effect=-600.0, sentence=f"Why {feature}.")
        for feature in ("optimal_savings_rate", "income")
    )
    answer = Rate(
        basis=AnswerBasis.RULE,
        confidence=None,
        recommendations=(),
        explanation=(reason, other),
        optimal_savings_rate=0.1,
    )
    printed = shown(capsys, answer=answer)
    assert "optimal savings rate: 0.100\n      Why optimal_savings_rate.\n" in printed
    assert "Why income." not in printed
