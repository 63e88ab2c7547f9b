"""What a trained model is: it is asked in columns, says what it weighs, and is kept as files without code."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Self


class Model(ABC):
    """What one category has learned. Its subclass's docstring is the model card."""

    @abstractmethod
    def files(self) -> dict[str, bytes]:
        """Its files by name, in formats that hold no code: XGBoost's own, arrays without pickles, JSON.

        The same model gives the same bytes.
        """

    @classmethod
    @abstractmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        """The model that wrote these files; they have been verified before."""

    @abstractmethod
    def importance(self) -> Mapping[str, float]:
        """What each feature weighs; the shares sum to one, the greatest first."""


Models = Mapping[str, Model]
"""By category; a category without one answers by its rules."""
