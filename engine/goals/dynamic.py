"""The dynamic program of Das, Ostrov, Radhakrishnan and Srivastav (2020) over one pool of money and dated goals.

At each date every goal that falls due is taken or forgone, then the pool is invested in one of the mixes until the
next date. Wealth lies on a grid of equal steps of its logarithm, where a mix moves every wealth alike: one convolution
a mix and year. Point 0 is no wealth at all; all arrays over wealth begin with it.
"""

import math

import numpy as np
from numpy.typing import NDArray

from engine.compiled import compiled, lookup
from engine.goals.columns import Floats, Positions
from engine.goals.returns import MAX_MONTHS

STEP_MONTHS = 12.0  # the longest time between two choices of the mix
REACH = 4.5  # standard deviations that a convolution spans
LOWEST_SHARE, HIGHEST_SHARE = 1e-4, 4.0  # of all goals together: the ends of the grid
MOST_TODAY = 16  # goals of today that are weighed against each other, all sets of them; the rest is forgone
NARROWEST = 0.7  # steps to a standard deviation: the trapezium rule is then exact to 1e-4

Singles = NDArray[np.float32]
Mixes = NDArray[np.int16]
Several = tuple[Floats, ...]
Grid = tuple[float, float, int]  # lowest logarithm, step, number of points
Scale = tuple[Grid, Floats]  # and the wealth at each point
Plan = tuple[Mixes, Floats]  # best mix by step and wealth, part taken by goal and wealth
Places = tuple[Positions, Floats]  # the point below, and the way to the next
Kernels = tuple[Positions, Positions, Floats, int]


@compiled
def solve_pools(pools: Several, starts: Positions, goals: Several, mixes: Several, count: int, out: Several) -> None:
    """Fills in utility and first share of stocks by household, and the probability of each goal."""
    wealth, contribution, growth, shift = pools
    due, cost, worth = goals
    for row in range(len(wealth)):
        first, last = starts[row], starts[row + 1]
        own = (due[first:last], cost[first:last], worth[first:last])
        shifted = (mixes[0], mixes[1] + shift[row], mixes[2])
        scale = scale_of(wealth[row], own[1], count)
        steps = steps_of(own[0], contribution[row], growth[row])
        plan = (np.zeros((len(steps[0]), count + 1), np.int16), np.zeros((last - first, count + 1)))
        value = backward(steps, scale, shifted, own, plan)
        out[0][row], left = _today(value, scale[0], wealth[row], own, out[2][first:last])
        out[1][row] = forward(left, steps, scale, shifted, own, plan, out[2][first:last])


@compiled
def _today(value: Floats, grid: Grid, wealth: float, goals: Several, taken: Floats) -> tuple[float, float]:
    """Of the goals whose date has come, the best set that can be paid; its utility, and the wealth it leaves."""
    due, cost, worth = goals
    count, best, chosen, left = min((due <= 0.0).sum(), MOST_TODAY), -1.0, 0, wealth
    for choice in range(1 << count):
        rest, utility = wealth * (1.0 + 1e-12), 0.0
        for goal in range(count):
            if choice >> goal & 1:
                rest -= cost[goal]
                utility += worth[goal]
        if rest >= 0.0:
            node, part = _locate(grid, rest)
            utility += value[node] + part * (value[node + 1] - value[node])
            if utility > best:
                best, chosen, left = utility, choice, rest
    for goal in range((due <= 0.0).sum()):
        taken[goal] = chosen >> goal & 1
    return best, left


@compiled
def scale_of(have: float, cost: Floats, count: int) -> Scale:
    """Lowest logarithm, step and number of points; today's wealth is one of the points where it is in reach."""
    total, least = max(cost.sum(), 1.0), np.inf
    for amount in cost:
        least = min(least, amount) if amount > 0.0 else least
    low = math.log(max(total * LOWEST_SHARE, min(least, total) / 100.0))
    step = (math.log(total * HIGHEST_SHARE) - low) / (count - 2)
    if have > 0.0:
        place = (math.log(have) - low) / step
        low += (place - math.ceil(place)) * step
    levels = np.zeros(count + 1)
    for point in range(count):
        levels[point + 1] = math.exp(low + step * point)
    return (low, step, count), levels


@compiled
def steps_of(due: Floats, paid: float, growth: float) -> Several:
    """By step its length and end in months, and half of what is paid in, which comes at the start and at the end."""
    length, until, half = np.empty((3, len(due) + MAX_MONTHS))
    count, now = 0, 0.0
    for date in due:
        pieces = math.ceil((date - now) / STEP_MONTHS - 1e-9)
        for piece in range(pieces):
            length[count] = (date - now) / pieces
            until[count] = now + length[count] * (piece + 1)
            half[count] = 0.5 * paid * length[count] * math.exp(growth * (until[count] - 0.5 * length[count]) / 12.0)
            count += 1
        now = date
    return length[:count], until[:count], half[:count]


@lookup
def _locate(grid: Grid, wealth: float) -> tuple[int, float]:
    """The point below a wealth, and how far on the way to the next: straight in the logarithm, from 0 in money."""
    low, step, count = grid
    bottom = math.exp(low)
    if wealth < bottom:
        return 0, max(wealth, 0.0) / bottom
    place = min((math.log(wealth) - low) / step, count - 1.0)
    node = min(int(place), count - 2)
    return node + 1, place - node


@compiled
def _stage(months: float, amount: float, scale: Scale, mixes: Several) -> tuple[float, float, Kernels, Places]:
    """Of a step: its months and the amount paid, the kernels, and where each point lies with the amount added."""
    grid, levels = scale
    nodes, parts = np.empty(len(levels), np.int64), np.empty(len(levels))
    for point in range(len(levels)):
        nodes[point], parts[point] = _locate(grid, levels[point] + amount)
    return months, amount, _kernels(mixes, months / 12.0, grid[1]), (nodes, parts)


@compiled
def backward(steps: Several, scale: Scale, mixes: Several, goals: Several, plan: Plan) -> Floats:
    """Value by wealth today; fills in the best mix and the part of each goal taken, by wealth."""
    grid, levels = scale
    length, until, half = steps
    due, cost, worth = goals
    value, spare = np.zeros(len(levels)), np.empty(len(levels))
    goal = len(due) - 1
    stage = _stage(STEP_MONTHS, 0.0, scale, mixes)
    for step in range(len(length) - 1, -1, -1):
        while goal >= 0 and due[goal] >= until[step] - 1e-9:
            _decide(value, grid, levels, cost[goal], worth[goal], plan[1][goal])
            goal -= 1
        if abs(length[step] - stage[0]) > 1e-9 or half[step] != stage[1]:
            stage = _stage(length[step], half[step], scale, mixes)
        _read(value, stage[3], spare)
        _invest(spare, grid, stage[2], value, plan[0][step])
        _read(value, stage[3], spare)
        value[:] = spare
    return value


@lookup
def _read(value: Floats, places: Places, out: Floats) -> None:
    for point in range(len(value)):
        node = places[0][point]
        out[point] = value[node] + places[1][point] * (value[node + 1] - value[node])


@compiled
def _decide(value: Floats, grid: Grid, levels: Floats, cost: float, worth: float, take: Floats) -> None:
    """Take the goal or leave it, by wealth; goals of one date one after the other, the same as all at once.

    At the cost itself the value jumps. The point next to the jump takes the goal in part, so that the line between the
    points covers the area under the jump, wherever between them it lies.
    """
    before, affordable = value.copy(), 0
    for point in range(len(levels)):
        if levels[point] >= cost:
            node, part = _locate(grid, levels[point] - cost)
            taken = worth + before[node] + part * (before[node + 1] - before[node])
            take[point] = 1.0 if taken >= before[point] else 0.0
            value[point] = max(taken, before[point])
        else:
            affordable = point + 1
    if 1 < affordable < len(levels) and take[affordable] > 0.0:
        missing = 0.5 - (math.log(cost / levels[affordable - 1])) / grid[1]
        point = affordable - 1 if missing > 0.0 else affordable
        jump = value[affordable] - before[affordable]
        take[point] += missing
        value[point] += missing * jump


@compiled
def _kernels(mixes: Several, years: float, step: float) -> Kernels:
    """By mix the weights of the grid's points in an expectation (the trapezium rule), and where the first lies."""
    _, drift, volatility = mixes
    reach = math.ceil((np.abs(drift).max() * years + REACH * volatility.max() * math.sqrt(years)) / step) + 2
    first, taps = np.empty(len(drift), np.int64), np.empty(len(drift), np.int64)
    weights = np.zeros((len(drift), 2 * reach + 8))
    for mix in range(len(drift)):
        mean, deviation = drift[mix] * years, max(volatility[mix] * math.sqrt(years), NARROWEST * step)
        first[mix] = math.floor((mean - REACH * deviation) / step) - 1
        taps[mix] = math.ceil((mean + REACH * deviation) / step) + 2 - first[mix]
        for tap in range(taps[mix]):
            weights[mix, tap] = math.exp(-0.5 * (((first[mix] + tap) * step - mean) / deviation) ** 2)
        weights[mix] /= weights[mix].sum()
    return first, taps, weights, reach


@compiled
def _invest(value: Floats, grid: Grid, kernels: Kernels, out: Floats, best: Mixes) -> None:
    """The best expectation over the mixes, at every point of the grid."""
    first, taps, weights, reach = kernels
    count = grid[2]
    padded = np.empty(count + 2 * reach + 8)
    padded[reach : reach + count], padded[reach + count :] = value[1:], value[count]
    for point in range(reach):
        padded[point] = value[0] + (value[1] - value[0]) * math.exp((point - reach) * grid[1])
    expected, single = np.empty(count, np.float32), padded.astype(np.float32)
    out[0], out[1:] = value[0], -1.0
    for mix in range(len(first)):
        expected[:] = 0.0
        for tap in range(0, taps[mix], 4):
            _gather(expected, single[reach + first[mix] + tap :], weights[mix, tap : tap + 4])
        _keep(expected, mix, out[1:], best[1:])


@lookup
def _gather(total: Singles, values: Singles, weights: Floats) -> None:
    """Four neighbouring taps at once: the running total is then read and written once for all of them."""
    a, b = np.float32(weights[0]), np.float32(weights[1])
    c, d = np.float32(weights[2]), np.float32(weights[3])
    one, two, three = values[1:], values[2:], values[3:]
    for point in range(len(total)):
        total[point] += a * values[point] + b * one[point] + c * two[point] + d * three[point]


@lookup
def _keep(expected: Singles, mix: int, out: Floats, best: Mixes) -> None:
    for point in range(len(expected)):
        if expected[point] > out[point]:
            out[point] = expected[point]
            best[point] = mix


@compiled
def forward(
    wealth: float, steps: Several, scale: Scale, mixes: Several, goals: Several, plan: Plan, taken: Floats
) -> float:
    """Carries the probability of each wealth through the plan; returns the share of stocks to hold first."""
    length, until, half = steps
    due, cost, _ = goals
    grid, levels = scale
    mass = np.zeros(len(levels))
    node, part = _locate(grid, wealth)
    mass[node], mass[node + 1] = 1.0 - part, part
    goal, stocks = (due <= 0.0).sum(), 0.0
    stage = _stage(STEP_MONTHS, 0.0, scale, mixes)
    for step in range(len(length)):
        if abs(length[step] - stage[0]) > 1e-9 or half[step] != stage[1]:
            stage = _stage(length[step], half[step], scale, mixes)
        mass = _write(mass, stage[3])
        if step == 0:
            stocks = mixes[0][plan[0][0, np.argmax(mass)]]
        mass = _write(_scatter(mass, grid, stage[2], plan[0][step]), stage[3])
        while goal < len(due) and due[goal] <= until[step] + 1e-9:
            taken[goal] = _spend(mass, grid, levels, cost[goal], plan[1][goal])
            goal += 1
    return stocks


@compiled
def _write(mass: Floats, places: Places) -> Floats:
    """The mirror of _read: the probability of each point, shared between the two around where it comes to lie."""
    nodes, parts = places
    out = np.zeros(len(mass))
    for point in range(len(mass)):
        out[nodes[point]] += (1.0 - parts[point]) * mass[point]
        out[nodes[point] + 1] += parts[point] * mass[point]
    return out


@compiled
def _spend(mass: Floats, grid: Grid, levels: Floats, cost: float, take: Floats) -> float:
    before, taken = mass.copy(), 0.0
    for point in range(len(mass)):
        moved = take[point] * before[point]
        if moved > 0.0:
            node, part = _locate(grid, levels[point] - cost)
            taken += moved
            mass[point] -= moved
            mass[node] += (1.0 - part) * moved
            mass[node + 1] += part * moved
    return taken


@compiled
def _scatter(mass: Floats, grid: Grid, kernels: Kernels, best: Mixes) -> Floats:
    first, taps, weights, reach = kernels
    count = grid[2]
    padded = np.zeros(count + 2 * reach + 8)
    for point in range(count):
        if mass[point + 1] > 0.0:
            mix, carried = best[point + 1], mass[point + 1]
            for tap in range(taps[mix]):
                padded[reach + point + first[mix] + tap] += weights[mix, tap] * carried
    out = np.empty(count + 1)
    out[0], out[1:] = mass[0], padded[reach : reach + count]
    out[count] += padded[reach + count :].sum()
    for point in range(reach):
        part = math.exp((point - reach) * grid[1])
        out[0] += (1.0 - part) * padded[point]
        out[1] += part * padded[point]
    return out
