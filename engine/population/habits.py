"""Spending that varies, by category: how much, how often, how it moves with income and with the time of the year.

Weights are yearly dollars of the Consumer Expenditure Surveys (BLS, Consumer Expenditures in 2019, mean of all
units), regrouped; elasticities, frequencies, spreads and monthly factors are assumptions, the latter after the shape
of unadjusted retail sales (December, summer travel).
"""

from dataclasses import dataclass

LEVEL = (1.0,) * 12
WINTER_SALES = (0.80, 0.85, 0.95, 0.95, 1.0, 0.95, 1.0, 1.05, 0.95, 0.95, 1.15, 1.40)
HOLIDAYS = (0.60, 0.70, 0.90, 0.90, 1.0, 1.40, 1.60, 1.40, 0.80, 0.70, 0.80, 1.20)
PRESENTS = (0.50, 0.90, 0.60, 0.80, 1.10, 0.90, 0.60, 0.60, 0.70, 0.80, 1.40, 3.10)
OUTINGS = (0.85, 0.90, 0.95, 1.0, 1.05, 1.15, 1.20, 1.10, 0.90, 0.95, 0.90, 1.05)
TABLE = (0.97, 0.95, 0.98, 0.98, 1.0, 1.0, 1.02, 1.0, 0.97, 0.98, 1.05, 1.10)
SCHOOL = (1.80, 0.60, 0.60, 0.60, 0.60, 0.60, 0.80, 2.60, 1.80, 0.70, 0.70, 0.60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """One category: yearly dollars of the mean household, income elasticity, events a month, spread of log amounts."""

    category: str
    dollars: float
    elasticity: float
    events: float
    spread: float
    season: tuple[float, ...]


HABITS = (
    Habit(category="groceries", dollars=4_643, elasticity=0.45, events=1.70, spread=0.40, season=TABLE),
    Habit(category="dining", dollars=4_105, elasticity=1.00, events=1.05, spread=0.50, season=OUTINGS),
    Habit(category="transport", dollars=5_300, elasticity=0.75, events=0.85, spread=0.50, season=OUTINGS),
    Habit(category="health", dollars=2_200, elasticity=0.60, events=0.32, spread=0.60, season=LEVEL),
    Habit(category="education", dollars=700, elasticity=1.00, events=0.06, spread=0.50, season=SCHOOL),
    Habit(category="shopping", dollars=5_500, elasticity=1.00, events=0.85, spread=0.55, season=WINTER_SALES),
    Habit(category="entertainment", dollars=2_300, elasticity=1.15, events=0.34, spread=0.50, season=OUTINGS),
    Habit(category="travel", dollars=2_100, elasticity=1.35, events=0.20, spread=0.50, season=HOLIDAYS),
    Habit(category="gifts", dollars=1_995, elasticity=1.10, events=0.20, spread=0.60, season=PRESENTS),
    Habit(category="fees", dollars=130, elasticity=0.10, events=0.12, spread=0.40, season=LEVEL),
    Habit(category="other", dollars=1_900, elasticity=0.80, events=0.32, spread=0.60, season=LEVEL),
)
MEAN_VARIABLE = 2_570.0  # dollars a month behind the weights
