"""Households for which little or nothing adds up get answers of use in everything that there is to ask."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from graphql import GraphQLObjectType, build_schema, get_named_type
from sqlalchemy import Engine, text

from engine.catalog import BY_NAME
from schema.schema import print_sdl
from store.session import transaction
from store.tables import User
from tests.households import TODAY
from tests.schema.changes import GOAL, PROFILE
from tests.schema.conftest import ADMIN, Api

SERVED = build_schema(print_sdl())
DEPTH = 6
ONLY_FROM_TRANSACTIONS = "behavioralInsights"
NOTHING = {"annualIncome": "0", "netWorth": "0", "liquidAssets": "0", "totalDebt": "0", "monthlyExpenses": "0"}
POOR = {"annualIncome": "30000", "monthlyExpenses": "2600", "netWorth": "1000", "liquidAssets": "1000"}
INDEBTED = {"netWorth": "-90000", "totalDebt": "98000", "liquidAssets": "300"}
OLD = {"birthDate": "1927-03-01", "employment": "RETIRED", "dependents": 0}
HOME = GOAL | {"name": "Home", "kind": "HOME_PURCHASE"}
PENSION = GOAL | {"name": "Pension", "kind": "RETIREMENT", "targetAmount": "2000000", "targetDate": "2060-01-01"}
KINDS = ("EMERGENCY_FUND", "RETIREMENT", "HOME_PURCHASE", "EDUCATION", "DEBT_PAYOFF")

ABSURD = re.compile(r"\b(NaN|nan|inf|Infinity|None(?! of (?:your|the)))\b|-\$0\b|(?<![.\d])1 (months|years|goals)\b")

Row = Mapping[str, Any]
HOUSEHOLDS: Mapping[str, tuple[Row, list[Row]]] = {
    "only a profile": ({}, []),
    "no spare income": (POOR, [GOAL, PENSION]),
    "negative net worth": (INDEBTED, [GOAL, HOME]),
    "date past": ({}, [GOAL, HOME]),
    "target reached": ({}, [GOAL | {"savedAmount": "9000"}, HOME | {"savedAmount": "5000"}]),
    "zero income": (NOTHING | {"employment": "UNEMPLOYED"}, [GOAL, PENSION]),
    "zero income in a job": (NOTHING | {"employment": "EMPLOYED"}, [HOME]),
    "zero income elsewhere": (NOTHING | {"currency": "JPY", "employment": "STUDENT"}, []),
    "20 goals": ({}, [GOAL | {"name": f"Goal {one}", "kind": KINDS[one % 5]} for one in range(20)]),
    "a goal of 1": ({}, [GOAL | {"targetAmount": "1", "savedAmount": "0"}, HOME | {"targetAmount": "1"}]),
    "age 99": (OLD, [GOAL, PENSION]),
    "a fortune": ({"annualIncome": "90000000", "liquidAssets": "800000000"}, [GOAL | {"targetAmount": "500000000"}]),
}


@pytest.mark.parametrize("name", HOUSEHOLDS)
def test_a_hard_household_is_answered_in_everything(name: str, api: Api, engine: Engine) -> None:
    shown, refused = _asked(api, _household(api, engine, name))
    assert refused == {ONLY_FROM_TRANSACTIONS}
    for field in _fields_of_categories() - refused:
        assert shown[field]["explanation"], field
    assert shown["executiveSummary"]["headline"]
    assert shown["executiveSummary"]["nextSteps"]
    assert shown["prioritizedActions"]
    told = json.dumps(shown)
    assert not ABSURD.search(told)
    assert all(_is_of_this_life(word) for word in _named(shown, "recommendedDate"))


def test_without_a_profile_each_category_says_what_it_lacks(api: Api, engine: Engine) -> None:
    with transaction(engine, everyone=True) as session:
        somebody = User()
        session.add(somebody)
        session.flush()
        user = somebody.id
    answered = api.ask(f"{{ viewer {_selection('User')} }}", user)
    assert {error["extensions"]["code"] for error in answered.errors} == {"INSUFFICIENT_DATA"}
    viewer = answered.data["viewer"]
    assert viewer["executiveSummary"]["nextSteps"]
    assert viewer["savingsStrategy"]["recommendations"]


def _household(api: Api, engine: Engine, name: str) -> UUID:
    profile, goals = HOUSEHOLDS[name]
    create = "mutation($input: ProfileInput!) { createUser(input: $input) { id } }"
    made = api.ask(create, ADMIN, input={**PROFILE, **profile})
    assert made.errors == []
    user = UUID(made.data["createUser"]["id"])
    for goal in goals:
        save = "mutation($user: ID!, $input: GoalInput!) { saveGoal(userId: $user, input: $input) { id } }"
        assert api.ask(save, user, user=str(user), input=goal).errors == []
    if name == "date past":
        with engine.begin() as connection:
            connection.execute(text("UPDATE goals SET target_date = '2020-01-01'"))
    return user


def _asked(api: Api, user: UUID) -> tuple[dict[str, Any], set[str]]:
    answered = api.ask(f"{{ viewer {_selection('User')} }}", user)
    assert all(error["extensions"]["code"] == "INSUFFICIENT_DATA" for error in answered.errors)
    return answered.data["viewer"], {error["path"][-1] for error in answered.errors}


def _selection(kind: str, depth: int = DEPTH) -> str:
    """Every field of a type, and of what it leads to."""
    return "{ " + " ".join(_selected(kind, depth)) + " }"


def _selected(kind: str, depth: int) -> Iterator[str]:
    shape = SERVED.type_map[kind]
    assert isinstance(shape, GraphQLObjectType)
    for name, field in shape.fields.items():
        found = get_named_type(field.type)
        if not isinstance(found, GraphQLObjectType):
            yield name
        elif depth:
            yield f"{name} {_selection(found.name, depth - 1)}"


def _fields_of_categories() -> set[str]:
    return {re.sub(r"_(\w)", lambda found: found[1].upper(), name) for name in BY_NAME}


def _named(shown: Any, name: str) -> Iterator[str]:
    """The values of a field wherever it stands."""
    if isinstance(shown, dict):
        yield from (value for key, value in shown.items() if key == name and value)
    for one in shown.values() if isinstance(shown, dict) else shown if isinstance(shown, list) else ():
        yield from _named(one, name)


def _is_of_this_life(day: str) -> bool:
    return date.fromisoformat(day) < TODAY + timedelta(days=366 * 100)
