"""Whole shares by local search, compiled: buy, give back and swap single shares while that brings weights nearer."""

from engine.compiled import compiled
from engine.facts import Floats, Positions

MOST_MOVES = 2000
LEAST_GAIN = 1e-12


@compiled
def whole_shares(
    account: Positions, asset: Positions, unit: Floats, count: Positions, cash: Floats, off: Floats, risk: Floats
) -> Positions:
    """Shares of each purchase; `unit` is a share's weight, `cash` what accounts have left, `off` weights off target.

    The last asset is cash. `count`, `cash` and `off` are changed in place.
    """
    for _ in range(MOST_MOVES):
        slope = risk @ off
        gain, gets, gives = _best_move(account, asset, unit, count, cash, slope, risk)
        if gain >= -LEAST_GAIN:
            break
        for which, more in ((gets, 1), (gives, -1)):
            if which >= 0:
                count[which] += more
                cash[account[which]] -= more * unit[which]
                off[asset[which]] += more * unit[which]
                off[len(off) - 1] -= more * unit[which]
    return count


@compiled
def _best_move(
    account: Positions, asset: Positions, unit: Floats, count: Positions, cash: Floats, slope: Floats, risk: Floats
) -> tuple[float, int, int]:
    """The change in cost, the purchase that gets a share and the one that gives one; -1 stands for cash."""
    best, gets, gives = 0.0, -1, -1
    last = len(slope) - 1
    for j in range(len(unit)):
        free = cash[account[j]]
        for k in range(-1, len(unit)):
            given = 0.0 if k < 0 else unit[k]
            if (k >= 0 and (k == j or count[k] == 0 or account[k] != account[j])) or unit[j] - given > free:
                continue
            gain = _swap(slope, risk, asset[j], last if k < 0 else asset[k], last, unit[j], given)
            if gain < best:
                best, gets, gives = gain, j, k
        if count[j] > 0:
            gain = _swap(slope, risk, last, asset[j], last, 0.0, unit[j])
            if gain < best:
                best, gets, gives = gain, -1, j
    return best, gets, gives


@compiled
def _swap(slope: Floats, risk: Floats, gets: int, gives: int, cash: int, more: float, less: float) -> float:
    """What a share of one for a share of another costs; cash takes the difference."""
    rest = less - more
    linear = slope[gets] * more - slope[gives] * less + slope[cash] * rest
    square = risk[gets, gets] * more**2 + risk[gives, gives] * less**2 + risk[cash, cash] * rest**2
    cross = risk[gets, cash] * more * rest - risk[gets, gives] * more * less - risk[gives, cash] * less * rest
    return float(linear + 0.5 * square + cross)
