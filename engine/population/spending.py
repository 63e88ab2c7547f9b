"""Purchases: how often, how much and on which days, around the plan's variable spending."""

from dataclasses import replace

import numpy as np

from engine.facts import Floats, Positions
from engine.population.biases import Biases
from engine.population.calendar import Calendar
from engine.population.habits import HABITS, MEAN_VARIABLE, Habit
from engine.population.income import MID_MONTH_DAYS, Work, last_pay_day, lasting_pay
from engine.population.lines import Days, Lines, lines
from engine.population.means import net_income
from engine.population.merchants import one_off, visited
from engine.population.people import People
from engine.population.plan import Plan
from engine.population.streams import stream
from engine.transactions import DISCRETIONARY
from engine.units import MONTHS_A_YEAR

TASTE, SHOCK, SHOCK_BY_IMPULSE = 0.30, 0.06, 0.20  # spreads between households, and from month to month
PRICE_RISE = 0.02  # a year
FOLLOWS_PAY = (0.4, 1.0)  # growth of spending by that of pay, of the disciplined and of the others
PHASED_IN_MONTHS = 4
WANTS_BEFORE = 0.4  # of today's, at the least, before all rises of the ledger
CALM_SPREAD, IMPULSIVE_SPREAD = 0.5, 1.0  # of discretionary amounts, at no and full impulsiveness
SPLURGES_A_MONTH, SPLURGE_TIMES = 0.45, (1.5, 4.0)  # at full impulsiveness; times a usual purchase
ONE_OFF_SHARE = 0.015  # of purchases are at a merchant that is rarely seen twice
PAYDAY_PULL, PAYDAY_DAYS, WEEKEND_PULL, WEEKEND_EXTRA = 0.65, 3, 0.70, 0.5


def spending_lines(
    people: People, plan: Plan, work: Work, biases: Biases, months: Calendar, seed: int, *, purchases: float = 1.0
) -> list[Lines]:
    """All purchases up to today, on average the plan's variable spending; or so many times as many smaller ones."""
    random = stream(seed, "spending")
    habits = [replace(habit, events=purchases * habit.events) for habit in HABITS]
    budget = _budgets(random, plan)
    luck, free = _luck(random, people, months), [habit.category in DISCRETIONARY for habit in HABITS]
    levels = _levels(people, plan, work, budget[:, free].sum(axis=1), biases, months)
    extra = 1.0 + _splurge_share(people)
    found = []
    for index, habit in enumerate(habits):
        monthly = budget[:, index] / (extra if free[index] else 1.0)
        level = levels[free[index]] * luck
        found.append(_purchases(random, habit, monthly, level, people, work, biases, months))
    shopping = [habit.category for habit in HABITS].index("shopping")
    found.append(_splurges(random, budget[:, shopping], people, work, biases, months))
    return found


def _budgets(random: np.random.Generator, plan: Plan) -> Floats:
    """Households x habits, dollars a month: necessities weigh less as there is more to spend (Engel)."""
    weight = np.array([habit.dollars for habit in HABITS])
    elasticity = np.array([habit.elasticity for habit in HABITS])
    scale = (np.maximum(plan.variable, 100.0) / MEAN_VARIABLE)[:, None] ** (elasticity - 1.0)
    liking = weight * scale * np.exp(TASTE * random.standard_normal((len(plan.variable), len(HABITS))))
    return np.asarray(liking / liking.sum(axis=1, keepdims=True) * plan.variable[:, None], dtype=np.float64)


def _luck(random: np.random.Generator, people: People, months: Calendar) -> Floats:
    """Households x months, around one: what a month happens to bring."""
    spread = (SHOCK + SHOCK_BY_IMPULSE * people.character.impulsiveness)[:, None]
    return np.asarray(np.exp(spread * random.standard_normal((len(people), len(months))) - spread**2 / 2))


def _levels(
    people: People, plan: Plan, work: Work, wants: Floats, biases: Biases, months: Calendar
) -> tuple[Floats, Floats]:
    """Households x months, around one in the last year: prices and what follows pay; of all things, and of wants.

    Without the habit variable spending grows by 0.4 to 1 times as much as real pay: of lasting changes in pay 0.64
    shows in spending (Blundell, Pistaferri and Preston, AER 98, 2008), so its savings rate is kept or rises. With
    lifestyle inflation it falls: of a rise less than the usual share is put aside, at full strength nothing, and what
    is left goes into wants.
    """
    prices = (1.0 + PRICE_RISE) ** -months.years_ago(months.starts + MID_MONTH_DAYS)
    more = _phased_in(lasting_pay(people, work, months) / prices - 1.0)
    net = net_income(people) / MONTHS_A_YEAR
    follows = FOLLOWS_PAY[1] - (FOLLOWS_PAY[1] - FOLLOWS_PAY[0]) * people.character.discipline
    still_saved = (1.0 - biases.lifestyle_inflation) * (plan.to_savings + plan.to_investment + plan.to_plan)
    left = np.maximum(net - still_saved - follows * plan.variable, 0.0)
    extra = np.where(biases.lifestyle_inflation > 0, left / np.maximum(wants, 1.0), 0.0)
    follow = 1.0 + follows[:, None] * more
    return prices * follow, prices * np.maximum(follow + extra[:, None] * more, WANTS_BEFORE)


def _phased_in(values: Floats) -> Floats:
    """The mean of the month and those before it."""
    padded = np.pad(values, ((0, 0), (PHASED_IN_MONTHS - 1, 0)), mode="edge")
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, PHASED_IN_MONTHS, axis=1).mean(axis=2))


def _purchases(
    random: np.random.Generator,
    habit: Habit,
    budget: Floats,
    level: Floats,
    people: People,
    work: Work,
    biases: Biases,
    months: Calendar,
) -> Lines:
    season = np.array(habit.season) / np.mean(habit.season)
    often = habit.events * np.sqrt(season[months.month_of_year])
    count = random.poisson(np.broadcast_to(often, level.shape))
    user, month = (np.repeat(axis.ravel(), count.ravel()) for axis in np.indices(count.shape))
    mean = budget[:, None] * level * season[months.month_of_year] / often
    spread: float | Floats = habit.spread
    if habit.category in DISCRETIONARY:
        spread = spread * (CALM_SPREAD + IMPULSIVE_SPREAD * people.character.impulsiveness[user])
    amount = mean[user, month] * np.exp(spread * random.standard_normal(len(user)) - spread**2 / 2)
    day = months.starts[month] + (random.random(len(user)) * months.lengths[month]).astype(np.int64)
    if habit.category in DISCRETIONARY:
        day, amount = _on_their_days(random, user, day, amount, work, biases, months)
    place = visited(random, habit.category, user)
    if habit.category == "shopping":
        place = np.where(random.random(len(user)) < ONE_OFF_SHARE, one_off(random, len(user)), place)
    kept = day <= months.today
    return lines(user[kept], day[kept], -amount[kept], habit.category, place[kept])


def _splurge_share(people: People) -> Floats:
    """Of discretionary budgets, what unplanned purchases come to."""
    mean_times = sum(SPLURGE_TIMES) / 2
    return np.asarray(0.35 * SPLURGES_A_MONTH * mean_times * people.character.impulsiveness**2, dtype=np.float64)


def _splurges(
    random: np.random.Generator, budget: Floats, people: People, work: Work, biases: Biases, months: Calendar
) -> Lines:
    """Large unplanned purchases of the impulsive."""
    rate = SPLURGES_A_MONTH * people.character.impulsiveness**2
    count = random.poisson(np.broadcast_to(rate[:, None], (len(people), len(months))))
    user, month = (np.repeat(axis.ravel(), count.ravel()) for axis in np.indices(count.shape))
    amount = budget[user] * random.uniform(*SPLURGE_TIMES, len(user))
    day = months.starts[month] + (random.random(len(user)) * months.lengths[month]).astype(np.int64)
    day, amount = _on_their_days(random, user, day, amount, work, biases, months)
    kept = day <= months.today
    return lines(user[kept], day[kept], -amount[kept], "shopping", visited(random, "shopping", user[kept]))


def _on_their_days(
    random: np.random.Generator,
    user: Positions,
    day: Days,
    amount: Floats,
    work: Work,
    biases: Biases,
    months: Calendar,
) -> tuple[Days, Floats]:
    """Some spend when they were just paid, some at weekends, where they also spend more at a time."""
    paid = last_pay_day(work, user, day, months)
    soon = paid + random.integers(0, PAYDAY_DAYS + 1, len(user))
    pulled = (random.random(len(user)) < PAYDAY_PULL * biases.payday_effect[user]) & ~work.irregular[user]
    day = np.where(pulled & (paid >= months.first_day), soon, day)
    weekday = (day + 3) % 7  # 1970-01-01 was a Thursday; Monday is 0
    saturday = day - weekday + 5 + random.integers(0, 2, len(user))
    moved = random.random(len(user)) < WEEKEND_PULL * biases.weekend_splurge[user]
    same_month = months.month(np.minimum(saturday, months.today)) == months.month(day)
    day = np.where(moved & same_month & (saturday <= months.today), saturday, day)
    weekend = (day + 3) % 7 >= 5
    extra = WEEKEND_EXTRA * biases.weekend_splurge[user]
    return day, amount * np.where(weekend, 1.0 + extra, 1.0 - extra / 4)
