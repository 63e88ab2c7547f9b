"""What the rules promise to demo households, judged by the daily job as two hidden years are told.

    OMP_NUM_THREADS=1 python -m benchmarks.ledger [HOUSEHOLDS]

All are answered once, on the first day; what is due within two years and some days is judged. Goals and reactions to
advice have no hidden truth here and are left out. **Synthetic**, and without a trained model.
"""

import json
import secrets
import sys
from datetime import date
from typing import Any

from sqlalchemy import Engine, Row, text

from benchmarks.database import database
from benchmarks.year import Year, begun
from engine.ledger.promises import PromiseKind
from engine.ledger.score import Cell, Measure, Place, calibration, figures
from store.artifacts import Archive
from store.artifacts.signing import Keyring
from store.crypto import Vault

END = date(2027, 8, 20)
STEP_DAYS = 15
BATCH_USERS = 100
CATEGORIES = ("savings_strategy", "life_planning", "risk_assessment", "behavioral_insights")


def main(households: int) -> None:
    """Prints the figures of each category as JSON."""
    with database() as engine:
        year = _lived(engine, households)
        found = {name: _figures(year, name) for name in CATEGORIES}
    json.dump({"households": households, **found}, sys.stdout, indent=2)
    sys.stdout.write("\n")


def _lived(engine: Engine, households: int) -> Year:
    vault, keys = Vault((secrets.token_bytes(32),)), Keyring((secrets.token_bytes(32),))
    year = begun(engine, vault, Archive(url="memory://year", keys=keys), households=households, end=END)
    for first in range(0, households, BATCH_USERS):
        year.score(CATEGORIES, year.users[first : first + BATCH_USERS])
    for _ in year.days(END, STEP_DAYS):
        year.judge()
    return year


def _figures(year: Year, category: str) -> dict[str, object]:
    """Of all that was judged: each figure beside what anybody could say, and what was said and came by tenths."""
    with year.engine.connect() as connection:
        cells = dict(_cell(row) for row in connection.execute(text(_CELLS), {"name": f"{category}/rule"}))
    told = {each.name: [_rounded(each.value), _rounded(each.baseline)] for each in figures(cells)}
    bins = [each for each in calibration(cells) if each.number]
    return told | {"said_came_number": [[_rounded(each.said), _rounded(each.came), each.number] for each in bins]}


def _cell(row: Row[Any]) -> tuple[Place, Cell]:
    place = Place(kind=PromiseKind(row.kind), label=row.label, measure=Measure(row.measure), bin=row.bin)
    return place, Cell(number=int(row.number), said=row.said, came=row.came, loss=row.loss)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


_CELLS = """
SELECT kind, label, measure, bin, sum(number) AS number, sum(said) AS said, sum(came) AS came, sum(loss) AS loss
FROM forecast_scores WHERE model_name = :name GROUP BY kind, label, measure, bin ORDER BY kind, label, measure, bin
"""

if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
