"""Errors of the engine."""

import pickle

from engine.errors import InsufficientData


def test_how_much_is_missing_is_told_by_another_process_too() -> None:
    told = pickle.loads(pickle.dumps(InsufficientData("Training needs 100 people.", required=100, available=60)))

    assert (str(told), told.required, told.available) == ("Training needs 100 people.", 100, 60)
