"""Who came after a training is found by others within seconds, twenty at a time, and by no name."""

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from engine.enums import UNKNOWN, AnswerBasis
from engine.peers.cohort import LEAST_PEERS
from engine.peers.crowd import People
from engine.recommenders.peer_insights import PeerInsights
from engine.recommenders.peer_insights.model import PeerModel
from engine.recommenders.peer_insights.newcomers import described, packed, unpacked
from engine.recommenders.peer_insights.trainer import PeerTrainer
from store import advice
from store.advice.answers import Advice
from store.artifacts import Archive
from store.crypto import Vault
from store.models import newcomers, registry
from store.models.shelf import Shelf
from store.models.versions import Version
from store.session import transaction
from tests.engine.peers.drawn import model, people
from tests.households import NOW, add_household
from tests.store.learned import registered

PEERS = "peer_insights"
MANIFEST = {"category": PEERS, "features": list(PeerTrainer.features), "metrics": [], "importance": {}}


@pytest.fixture
def version(engine: Engine, archive: Archive) -> Version:
    """The model of the demo population in place."""
    checksum = archive.write(f"{PEERS}/one", model().files(), MANIFEST)
    with transaction(engine) as session:
        made = registered(session, PEERS, path=f"{PEERS}/one", checksum=checksum)
        registry.promote(session, PEERS, made.version, actor="ann", reason="by hand")
    return made


def arrive(engine: Engine, vault: Vault, shelf: Shelf, count: int) -> list[UUID]:
    """Households that come and ask, one after another."""
    with transaction(engine, everyone=True) as session:
        users = [add_household(session) for _ in range(count)]
    for user in users:
        ask(engine, vault, shelf, user)
    return users


def ask(engine: Engine, vault: Vault, shelf: Shelf, user: UUID) -> PeerInsights:
    """As the user, who sees no rows but its own."""
    with transaction(engine, users=[user]) as session:
        (given,) = advice.refresh(session, vault, shelf, advice.default_keys([user], [PEERS]), NOW)
    assert isinstance(given, Advice)
    assert isinstance(given.answer, PeerInsights)
    return given.answer


def twins(answer: PeerInsights) -> int:
    """How many of the peers shown are as good as the asker itself: every household that arrives is the same."""
    return sum(each.similarity == 1.0 for each in answer.similar_users)


@pytest.mark.usefixtures("version")
def test_twenty_newcomers_are_found_by_another_process_and_nineteen_are_not(
    engine: Engine, vault: Vault, shelf: Shelf, archive: Archive
) -> None:
    first, *_ = arrive(engine, vault, shelf, 19)
    assert twins(ask(engine, vault, Shelf(archive), first)) == 0
    arrive(engine, vault, shelf, 1)
    assert twins(ask(engine, vault, Shelf(archive), first)) >= 8


@pytest.mark.usefixtures("version")
def test_who_comes_alone_sees_ten_peers_at_the_first_look(engine: Engine, vault: Vault, shelf: Shelf) -> None:
    with transaction(engine, everyone=True) as session:
        early, late = add_household(session), add_household(session)
    ask(engine, vault, shelf, early)
    with transaction(engine, users=[late]) as session:
        (given,) = advice.advise(session, vault, shelf, advice.default_keys([late], [PEERS]), NOW)
    assert isinstance(given, Advice)
    assert isinstance(given.answer, PeerInsights)
    assert (given.answer.basis, len(given.answer.similar_users)) == (AnswerBasis.MODEL, 10)
    assert given.answer.cohort_size >= LEAST_PEERS


@pytest.mark.usefixtures("version")
def test_who_asks_again_is_one_person_still(engine: Engine, vault: Vault, shelf: Shelf) -> None:
    (user,) = arrive(engine, vault, shelf, 1)
    for _ in range(25):
        ask(engine, vault, shelf, user)
    assert rows(engine) == [False]


@pytest.mark.usefixtures("version")
def test_no_row_names_its_person(engine: Engine, vault: Vault, shelf: Shelf) -> None:
    users = arrive(engine, vault, shelf, 2)
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT * FROM peer_newcomers")).all()
    told = b"".join(bytes(str(row), "utf-8") for row in kept)
    assert not any(str(user).encode() in told or user.bytes in told for user in users)


def test_newcomers_of_a_version_that_answers_nobody_are_forgotten(
    engine: Engine, vault: Vault, shelf: Shelf, version: Version
) -> None:
    arrive(engine, vault, shelf, 2)
    with transaction(engine, everyone=True) as session:
        assert newcomers.forget_newcomers(session, NOW) == 0
        session.connection().execute(text("UPDATE model_versions SET stage = 'RETIRED'"))
        assert newcomers.forget_newcomers(session, NOW) == 2


def test_people_survive_being_packed() -> None:
    told = described(model(), people())
    again = unpacked(packed(told))
    assert isinstance(again, People)
    assert (again.coarse == told.coarse).all()
    assert (again.traits == told.traits).all()
    assert (again.mark == told.mark).all()
    assert len(unpacked([])) == 0


def test_newcomers_show_only_bands_that_twenty_people_share() -> None:
    told, held = described(model(), people()), model().people
    for user in range(0, len(told), 30):
        bands = (told.currency[user], told.age_band[user], told.income_band[user])
        alike = (held.currency == bands[0]) & (held.age_band == bands[1]) & (held.income_band == bands[2])
        assert alike.sum() >= LEAST_PEERS or bands[1:] == (UNKNOWN, UNKNOWN)
        assert alike.sum() == model().sharing.get(tuple(map(int, bands)), 0)  # type: ignore[arg-type]


def test_the_artifact_stays_as_it_was(tmp_path: Path) -> None:
    made = PeerModel.from_files(model().files())
    made.join(described(model(), people()))
    assert made.files() == model().files()


def rows(engine: Engine) -> list[bool]:
    """Whether each newcomer is released."""
    with engine.connect() as connection:
        return [row[0] for row in connection.execute(text("SELECT released_at IS NOT NULL FROM peer_newcomers"))]
