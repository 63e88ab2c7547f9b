"""Which recommendations may be shown now: none that was kept while the operator let advice go further than it does."""

from typing import Any

from sqlmodel import Session

from engine.catalog import BY_NAME, without
from engine.recommender import Reach, Recommender
from store.session import events_off, reach_of

WITHIN_REACH = """
(r.recommendation_type <> ALL(CAST(:bounded AS text[])) OR EXISTS (
    SELECT 1 FROM answers AS a WHERE a.id = r.answer_id
      AND split_part(a.basis_version, '/', 4) = ANY(CAST(:reaches AS text[]))
      AND string_to_array(a.basis_version, '/') @> CAST(:silent AS text[])))
"""
"""Of a row r of ml_recommendations; reads the parts that `store.advice.answers.basis_version` puts together."""


def within_reach(session: Session) -> dict[str, Any]:
    """The parameters of `WITHIN_REACH`: categories that a setting narrows, and what their answers may rest on."""
    reach, silent = reach_of(session), events_off(session)
    left = without(silent)
    limiting = [name for name, one in BY_NAME.items() if type(one).limited is not Recommender.limited]
    silenced = [name for name, one in BY_NAME.items() if left.get(name) is not one]
    allowed = list(Reach)[: list(Reach).index(reach) + 1]
    return {
        "bounded": silenced + (limiting if reach is not Reach.PERSONAL else []),
        "reaches": [each.value for each in allowed],
        "silent": [f"no-{event.lower()}" for event in silent],
    }
