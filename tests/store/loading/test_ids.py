"""Many ids at once are the ids of `store.ids.derived`."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from store.ids import derived
from store.loading.ids import derived_ids

PATHS = st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), min_size=1, max_size=20)


@given(PATHS)
def test_ids_of_a_frame_are_the_derived_ids_of_its_rows(paths: list[tuple[str, str]]) -> None:
    frame = pl.DataFrame(paths, schema=["user", "external_id"], orient="row")
    expected = [str(derived("accounts", *path)) for path in paths]
    assert [str(pl_id) for pl_id in _hyphenated(derived_ids("accounts", frame))] == expected


def _hyphenated(ids: pl.Series) -> list[str]:
    return [f"{i[:8]}-{i[8:12]}-{i[12:16]}-{i[16:20]}-{i[20:]}" for i in ids]
