"""The dynamic program of Das, Ostrov, Radhakrishnan and Srivastav (2020) over one pool of money and dated goals.

At each date every goal that falls due is taken or forgone, then the pool is invested in one of the mixes until the
next date. Wealth lies on a grid of equal steps of its logarithm, where a mix moves every wealth alike: one convolution
a mix and year. Point 0 is no wealth at all; all arrays over wealth begin with it.
"""

import math

import numpy as np
from numpy.typing import NDArray

from engine.goals.columns import Floats, Positions
from engine.goals.compiled import compiled, lookup
from engine.goals.returns import MAX_MONTHS

STEP_MONTHS = 12.0  # the longest time between two choices of the mix
REACH = 4.5  # standard deviations that a convolution spans
LOWEST_SHARE, HIGHEST_SHARE = 1e-4, 4.0  # of all goals together: the ends of the grid
NARROWEST = 0.7  # steps to a standard deviation: the trapezium rule is then exact to 1e-4

Singles = NDArray[np.float32]
Mixes = NDArray[np.int16]
Several = tuple[Floats, ...]
Grid = tuple[float, float, int]  # lowest logarithm, step, number of points
Scale = tuple[Grid, Floats]  # and the wealth at each point
Plan = tuple[Mixes, Floats]  # best mix by step and wealth, part taken by goal and wealth
Kernels = tuple[Positions, Positions, Floats, int]


@compiled
def solve_pools(pools: Several, starts: Positions, goals: Several, mixes: Several, count: int, out: Several) -> None:
    wealth, contribution, growth, shift = pools
    due, cost, worth = goals
    utility, share, taken = out
    for row in range(len(wealth)):
        first, last = starts[row], starts[row + 1]
        own = (due[first:last], cost[first:last], worth[first:last])
        shifted = (mixes[0], mixes[1] + shift[row], mixes[2])
        grid = scale_of(wealth[row], own[1], count)
        steps = steps_of(own[0], contribution[row], growth[row])
        utility[row], share[row] = _household(wealth[row], grid, steps, shifted, own, taken[first:last])


@compiled
def _household(
    wealth: float, scale: Scale, steps: Several, mixes: Several, goals: Several, taken: Floats
) -> tuple[float, float]:
    """Utility and first share of stocks; fills in the probability of each goal."""
    points = len(scale[1])
    plan = (np.zeros((len(steps[0]), points), np.int16), np.zeros((len(taken), points)))
    value = backward(steps, scale, mixes, goals, plan)
    node, part = _locate(scale[0], wealth)
    mass = np.zeros(points)
    mass[node], mass[node + 1] = 1.0 - part, part
    stocks = forward(mass, steps, scale, mixes, goals, plan, taken)
    return value[node] + part * (value[node + 1] - value[node]), stocks


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
def _places(grid: Grid, levels: Floats, amount: float) -> tuple[Positions, Floats]:
    """Where each point comes to lie when an amount is added to it."""
    nodes, parts = np.empty(len(levels), np.int64), np.empty(len(levels))
    for point in range(len(levels)):
        nodes[point], parts[point] = _locate(grid, levels[point] + amount)
    return nodes, parts


@compiled
def backward(steps: Several, scale: Scale, mixes: Several, goals: Several, plan: Plan) -> Floats:
    """Value by wealth today; fills in the best mix and the part of each goal taken, by wealth."""
    grid, levels = scale
    length, until, half = steps
    due, cost, worth = goals
    value, spare = np.zeros(len(levels)), np.empty(len(levels))
    goal, months, amount = len(due) - 1, -1.0, -1.0
    kernels, places = _kernels(mixes, 1.0, grid[1]), _places(grid, levels, 0.0)
    for step in range(len(length) - 1, -1, -1):
        while goal >= 0 and due[goal] >= until[step] - 1e-9:
            _decide(value, grid, levels, (cost[goal], worth[goal], True), plan[1][goal])
            goal -= 1
        if abs(length[step] - months) > 1e-9:
            months = length[step]
            kernels = _kernels(mixes, months / 12.0, grid[1])
        if half[step] != amount:
            amount = half[step]
            places = _places(grid, levels, amount)
        _read(value, places[0], places[1], spare)
        _invest(spare, grid, kernels, value, plan[0][step])
        _read(value, places[0], places[1], spare)
        value[:] = spare
    while goal >= 0:
        _decide(value, grid, levels, (cost[goal], worth[goal], False), plan[1][goal])
        goal -= 1
    return value


@lookup
def _read(value: Floats, nodes: Positions, parts: Floats, out: Floats) -> None:
    for point in range(len(value)):
        node = nodes[point]
        out[point] = value[node] + parts[point] * (value[node + 1] - value[node])


@compiled
def _decide(value: Floats, grid: Grid, levels: Floats, goal: tuple[float, float, bool], take: Floats) -> None:
    """Take the goal or leave it, by wealth; goals of one date one after the other, the same as all at once.

    At the cost itself the value jumps. With `smooth` the point next to the jump takes the goal in part, so that the
    line between the points covers the area under the jump, wherever between them it lies.
    """
    cost, worth, smooth = goal
    before, affordable = value.copy(), 0
    for point in range(len(levels)):
        if levels[point] >= cost * (1.0 - 1e-9):
            node, part = _locate(grid, levels[point] - cost)
            taken = worth + before[node] + part * (before[node + 1] - before[node])
            take[point] = 1.0 if taken >= before[point] else 0.0
            value[point] = max(taken, before[point])
        else:
            affordable = point + 1
    if smooth and 1 < affordable < len(levels) and take[affordable] > 0.0:
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
    mass: Floats, steps: Several, scale: Scale, mixes: Several, goals: Several, plan: Plan, taken: Floats
) -> float:
    """Carries the probability of each wealth through the plan; returns the share of stocks to hold first."""
    length, until, half = steps
    due, cost, _ = goals
    grid, levels = scale
    goal, stocks, months, amount = 0, 0.0, -1.0, -1.0
    while goal < len(due) and due[goal] <= 0.0:
        taken[goal] = _spend(mass, grid, levels, cost[goal], plan[1][goal])
        goal += 1
    kernels, places = _kernels(mixes, 1.0, grid[1]), _places(grid, levels, 0.0)
    for step in range(len(length)):
        if abs(length[step] - months) > 1e-9:
            months = length[step]
            kernels = _kernels(mixes, months / 12.0, grid[1])
        if half[step] != amount:
            amount = half[step]
            places = _places(grid, levels, amount)
        mass = _write(mass, places[0], places[1])
        if step == 0:
            stocks = mixes[0][plan[0][0, np.argmax(mass)]]
        mass = _write(_scatter(mass, grid, kernels, plan[0][step]), places[0], places[1])
        while goal < len(due) and due[goal] <= until[step] + 1e-9:
            taken[goal] = _spend(mass, grid, levels, cost[goal], plan[1][goal])
            goal += 1
    return stocks


@compiled
def _write(mass: Floats, nodes: Positions, parts: Floats) -> Floats:
    """The mirror of _read: the probability of each point, shared between the two around where it comes to lie."""
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
