"""Goals as hypothesis draws them: ordinary ones, and the odd ones that households really have."""

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from engine.goals.columns import Goals
from engine.goals.returns import GLIDES

drawn = settings(max_examples=60, deadline=None)

AMOUNTS = st.one_of(st.just(0.0), st.floats(1, 1e7))


@st.composite
def any_goals(draw: st.DrawFn) -> Goals:
    rows = draw(st.integers(1, 20))

    def column(values: st.SearchStrategy[float]) -> list[float]:
        return draw(st.lists(values, min_size=rows, max_size=rows))

    return Goals.of(
        glide=np.array(column(st.integers(0, len(GLIDES) - 1)), dtype=np.int64),
        months=np.array(column(st.integers(-3, 800)), dtype=np.int64),
        saved=column(AMOUNTS),
        contribution=column(st.one_of(st.just(0.0), st.floats(1, 1e5))),
        target=column(st.floats(1, 1e7)),
        growth=column(st.sampled_from([0.0, 0.02, -0.03])),
        return_shift=column(st.sampled_from([0.0, 0.01, -0.02])),
    )
