"""Money put aside and taken back: standing orders that some keep up and others pause, and what the retired draw."""

import numpy as np

from engine.enums import EmploymentStatus, LifeEvent
from engine.facts import Flags, Floats
from engine.population.biases import Biases
from engine.population.calendar import Calendar, day_in_month
from engine.population.income import Work, last_pay_day, pay_level
from engine.population.lines import Lines, lines
from engine.population.merchants import merchant
from engine.population.past import Past
from engine.population.people import People
from engine.population.plan import Plan
from engine.population.streams import stream
from engine.units import DAYS_A_YEAR

STEP_UP = 0.04  # a year: standing orders grow a little faster than pay
PAUSE_LEAST, PAUSE_MOST = 0.004, 0.10  # chance a month to stop, of the disciplined and of the others
RESUME_LEAST, RESUME_MOST = 0.08, 0.45
TAKEN_BACK, TAKEN_BACK_DAYS = 0.60, (2, 16)  # chance a month at full present bias; days after the transfer
ROUND_TO = 5.0
LATE_DAY = 27  # nothing is put aside so late that the month may end before it


def saving_lines(
    people: People, plan: Plan, work: Work, biases: Biases, past: Past, months: Calendar, seed: int
) -> list[Lines]:
    """Transfers to savings, investments and the employer's plan; withdrawals."""
    random = stream(seed, "saving")
    to_savings = _kept_up(random, people, plan.to_savings, biases.present_bias, months)
    to_investment = _kept_up(random, people, plan.to_investment, np.zeros(len(people)), months)
    orders = _after_pay(random, to_savings, "savings_transfer", work, months)
    return [
        orders,
        _taken_back(random, orders, biases, months),
        _after_pay(random, to_investment, "investment", work, months),
        _employer_plan(people, plan, work, months),
        _withdrawals(plan, past, months),
    ]


def _kept_up(random: np.random.Generator, people: People, amount: Floats, weakness: Floats, months: Calendar) -> Floats:
    """Households x months: the standing order where it runs, zero where it is paused."""
    slack = (1.0 - people.character.discipline) ** 2
    stop = PAUSE_LEAST + (PAUSE_MOST - PAUSE_LEAST) * slack + 0.03 * weakness
    resume = RESUME_LEAST + (RESUME_MOST - RESUME_LEAST) * people.character.discipline
    luck = random.random((len(months) + 1, len(people)))
    runs: Flags = luck[-1] < resume / (stop + resume)
    running = np.zeros((len(people), len(months)), dtype=bool)
    for month in range(len(months)):
        runs = np.where(runs, luck[month] >= stop, luck[month] < resume)
        running[:, month] = runs
    growth = (1.0 + STEP_UP) ** -np.floor(months.years_ago(months.starts)).clip(0.0)
    return np.where(running, np.ceil(amount[:, None] * growth / ROUND_TO) * ROUND_TO, 0.0)


def _after_pay(random: np.random.Generator, amount: Floats, category: str, work: Work, months: Calendar) -> Lines:
    """On the day after the last regular pay before a day of the household's choice."""
    user, month = np.nonzero(amount)
    chosen = day_in_month(months, month, random.integers(14, LATE_DAY, len(amount))[user])
    paid = last_pay_day(work, user, chosen, months) + 1
    day = np.where(work.irregular[user] | (paid < months.starts[month]), chosen, paid)
    kept = (day <= months.today) & (day >= months.first_day)
    return lines(user[kept], day[kept], -amount[user, month][kept], category, merchant(category))


def _taken_back(random: np.random.Generator, orders: Lines, biases: Biases, months: Calendar) -> Lines:
    """Part of what was put aside comes back within two weeks."""
    back = random.random(len(orders)) < TAKEN_BACK * biases.present_bias[orders.user]
    user, put = orders.user[back], -orders.amount[back]
    day = orders.day[back] + random.integers(*TAKEN_BACK_DAYS, len(user))
    amount = np.round(put * random.uniform(0.4, 1.0, len(user)), 0)
    kept = day <= months.today
    return lines(user[kept], day[kept], amount[kept], "savings_transfer", merchant("savings_transfer"))


def _employer_plan(people: People, plan: Plan, work: Work, months: Calendar) -> Lines:
    """Shown as a transfer on its own, so that the salary is pay after tax and before saving."""
    user = np.repeat(np.flatnonzero(plan.to_plan > 0), len(months))
    month = np.tile(np.arange(len(months)), len(user) // len(months))
    day = np.minimum(last_pay_day(work, user, months.starts[month] + LATE_DAY, months), months.last_day(month))
    kept = (day <= months.today) & (day >= months.first_day) & people.is_(EmploymentStatus.EMPLOYED)[user]
    kept &= (day < work.changed[user]) | (day >= work.resumed[user])
    user, day = user[kept], day[kept]
    amount = plan.to_plan[user] * pay_level(work, user, day)
    return lines(user, day, -amount, "investment", merchant("investment", 1))


def _withdrawals(plan: Plan, past: Past, months: Calendar) -> Lines:
    """Of the retired, once they are."""
    user = np.repeat(np.flatnonzero(plan.withdrawal > 0), len(months))
    month = np.tile(np.arange(len(months)), len(user) // len(months))
    day = day_in_month(months, month, 2 + user % 5)
    since = np.nan_to_num(past.since[LifeEvent.RETIREMENT], posinf=1e4) * DAYS_A_YEAR
    kept = (day <= months.today) & (day >= months.today - since[user])
    return lines(user[kept], day[kept], plan.withdrawal[user[kept]], "investment", merchant("investment"))
