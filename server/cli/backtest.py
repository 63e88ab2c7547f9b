"""The command that lets policies live through the past."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from engine.portfolio.backtest import Backtest

COLUMNS = ("Sharpe", "90 %", "growth", "risk", "fall", "turnover", "tax", "wealth")
OURS = "finrec"
LEGEND = (
    "finrec is our target at a moderate level of risk, traded by our program. 90 %: where the Sharpe ratio lies when",
    "these years are drawn anew in pieces; fall: the deepest; turnover: a year; tax: paid on the way, of the money",
    "started with; wealth: of each unit, once everything is sold and taxed.",
)


def backtest(
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="Begin on this day at the latest: funds whose prices begin less than three years before are left out.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """Let policies live through the loaded prices, after costs and tax, and compare what they come to."""
    from engine.portfolio.backtest import backtest as walk
    from server.cli.context import database, show_json
    from store.facts import load_history
    from store.session import transaction

    with database() as (_, engine), transaction(engine, everyone=True) as session:
        prices = load_history(session, datetime.now(UTC).date())
    outcome = walk(prices, None if since is None else since.date())
    if as_json:
        show_json(outcome)
    else:
        _show(outcome)


def _show(found: "Backtest") -> None:
    """One line a policy, the highest Sharpe ratio first."""
    from server.cli.context import show

    show(f"{found.first} to {found.last}, after costs and tax: {', '.join(found.symbols)}")
    show(f"{'':20}" + "".join(f"{name:>15}" if name == "90 %" else f"{name:>9}" for name in COLUMNS))
    for name, one in sorted(found.outcomes.items(), key=lambda entry: -entry[1].sharpe):
        between = f"{one.sharpe_low:.2f} to {one.sharpe_high:.2f}"
        rates = "".join(f"{rate:9.1%}" for rate in (one.growth, one.volatility, one.drawdown))
        show(f"{name:20}{one.sharpe:9.2f}{between:>15}{rates}{one.turnover:9.2f}{one.tax:9.1%}{one.wealth:9.2f}")
    show("\n".join(LEGEND))
    best = max(found.outcomes.values(), key=lambda one: one.sharpe)
    ours = found.outcomes[OURS]
    if ours is best:
        show("Ours did best in these years, which promises nothing for others.")
    elif best.sharpe_low <= ours.sharpe_high:
        show("Another policy did better than ours; the intervals overlap, so that may be chance.")
    else:
        show("Another policy did better than ours, and the intervals do not overlap.")
