"""Arrays as bytes without code, for the files of a model: the same array gives the same bytes."""

from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray


def written(array: NDArray[Any]) -> bytes:
    """In numpy's own format."""
    out = BytesIO()
    np.lib.format.write_array(out, np.ascontiguousarray(array), allow_pickle=False)
    return out.getvalue()


def read(data: bytes) -> NDArray[Any]:
    """The array that was written; raises `ValueError` for one that holds objects."""
    return np.asarray(np.lib.format.read_array(BytesIO(data), allow_pickle=False))
