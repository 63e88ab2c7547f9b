"""Latent correlations are found again behind zeros, answers and yes or no."""

from collections.abc import Callable

import numpy as np
import pytest

from benchmarks.priors.population.latent import Floats, latent_correlation, nearest_correlation

SIZE = 20_000


@pytest.mark.parametrize("wanted", [-0.6, 0.0, 0.3, 0.8])
@pytest.mark.parametrize("kinds", [("amount", "amount"), ("zeros", "answer"), ("flag", "zeros"), ("flag", "answer")])
def test_a_correlation_is_found_whatever_the_columns_are(wanted: float, kinds: tuple[str, str]) -> None:
    random = np.random.default_rng(3)
    x, own = random.standard_normal((2, SIZE))
    normals = (x, wanted * x + np.sqrt(1 - wanted**2) * own)
    makers: dict[str, Callable[[Floats], Floats]] = {
        "amount": np.exp,
        "zeros": lambda z: np.where(z > 0.4, np.exp(z), 0.0),
        "answer": lambda z: np.digitize(z, (-1.0, 0.1, 1.2)).astype(float),
        "flag": lambda z: (z > -0.3).astype(float),
    }
    columns = [makers[kind](normal) for kind, normal in zip(kinds, normals, strict=True)]
    assert abs(latent_correlation(columns[0], columns[1], np.ones(SIZE)) - wanted) < 0.05


def test_an_impossible_matrix_is_repaired_to_a_possible_one() -> None:
    impossible = np.array([[1.0, 0.9, -0.9], [0.9, 1.0, 0.9], [-0.9, 0.9, 1.0]])
    repaired = nearest_correlation(impossible)
    assert np.linalg.eigvalsh(repaired).min() > 0
    np.testing.assert_allclose(np.diag(repaired), 1.0)
