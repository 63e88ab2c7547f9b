"""Everything life planning rests on, as columns of the batch."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from engine.enums import LifeEvent
from engine.facts import Facts, Flags, Floats
from engine.features.cash_flow import Flow, cash_flow
from engine.household import plan
from engine.household.means import means
from engine.learning.model import Models
from engine.recommenders.life_planning.chances import is_married
from engine.recommenders.life_planning.effects import effects
from engine.recommenders.life_planning.model import LifeEventModel
from engine.recommenders.life_planning.outlook import Outlook, outlook
from engine.recommenders.life_planning.streams import streams

CATEGORY = "life_planning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """Columns, one value a user."""

    facts: Facts
    flow: Flow
    married: Flags
    spare: Floats
    """A month: what the savings strategy finds that can be put aside."""
    outlooks: Mapping[LifeEvent, Outlook]
    effects: Mapping[LifeEvent, Floats]
    """By goal, in the order of the facts: the change in its probability if the event comes."""
    model: LifeEventModel | None


def study(facts: Facts, events: Collection[LifeEvent], models: Models) -> Study:
    """All columns of the events that are looked at, computed once for the batch."""
    flow, found = cash_flow(facts), models.get(CATEGORY)
    model = found if isinstance(found, LifeEventModel) else None
    spare = means(facts, flow, models).budget
    made = plan(facts, flow, spare)
    kept = streams(facts, made)
    outlooks = outlook(facts, flow, (made, kept), [event for event in LifeEvent if event in events], model)
    return Study(
        facts=facts,
        flow=flow,
        married=is_married(facts),
        spare=spare,
        outlooks=outlooks,
        effects=effects(facts, made, kept.goals, spare, outlooks),
        model=model,
    )
