"""Numbers in sentences, and where they come from."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from engine.facts import Facts

HUNDRED = 100.0
MONTHS = 12.0
NUMBER = r"\d[\d,]*\.?\d*"

Numbers = NDArray[np.float64]


def untraceable(batch: Facts, answer: object, *more: float) -> list[str]:
    """Numbers in sentences of an answer that neither stand in it nor are facts (nor the hundred of the yardstick).

    Many months are told in years.
    """
    sentences, numbers = [], [HUNDRED, *more]
    for value in leaves(answer):
        if isinstance(value, str) and not re.fullmatch(r"-?[\d.-]+", value):
            sentences.append(without_names(batch, re.sub(r"[0-9a-f-]{36}", "", value)))
        elif isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            numbers += [float(part) for part in value.split("-")]
        elif isinstance(value, float | int | Decimal | str):
            numbers += [float(value), 100 * float(value)]
    known = np.concatenate([np.abs(numbers), known_numbers(batch)])
    return [
        f"{shown} in {text!r}"
        for text in sentences
        for shown in shown_numbers(text)
        if not traceable(shown, known) and not (f"{shown} year" in text and traceable(shown, known / MONTHS))
    ]


def without_names(batch: Facts, text: str) -> str:
    """What the household calls its goals may hold any number."""
    for name in batch.goals.name:
        text = text.replace(name, "")
    return text


def shown_numbers(text: str) -> list[str]:
    return re.findall(NUMBER, text)


def traceable(shown: str, known: Numbers) -> bool:
    plain = shown.replace(",", "").rstrip(".")
    rounding = 0.5 * 10.0 ** -len(plain.partition(".")[2]) + 1e-6
    return bool((np.abs(known - float(plain)) <= rounding).any())


def known_numbers(batch: Facts) -> Numbers:
    """Numbers of accounts and goals, shares also as percent, and the years, months and days of dates."""
    rates = [batch.accounts.interest_rate, batch.accounts.employer_match_rate, batch.accounts.employer_match_limit]
    days: list[date] = batch.goals.target_date.tolist()
    parts = [float(part) for day in days for part in (day.year, day.month, day.day)]
    found = np.concatenate([*[100 * rate for rate in rates], np.array(parts), batch.goals.target_amount])
    return np.asarray(np.abs(found[~np.isnan(found)]), dtype=np.float64)


def leaves(node: object) -> Iterator[object]:
    """Every value of an answer but for ids and names of features."""
    if is_dataclass(node):
        for field in fields(node):
            if field.name not in {"key", "feature"}:
                yield from leaves(getattr(node, field.name))
    elif isinstance(node, tuple):
        for item in node:
            yield from leaves(item)
    elif isinstance(node, dict):
        yield from node.values()
    elif node is not None:
        yield node
