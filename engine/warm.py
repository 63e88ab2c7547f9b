"""Compiles every kernel before the first question needs it."""

from engine.goals.warm import warm_up as warm_up_goals
from engine.portfolio.warm import warm_up as warm_up_portfolio


def warm_up() -> None:
    """Half a minute where no compiled kernels are kept on disk, else about a second."""
    warm_up_goals()
    warm_up_portfolio()
