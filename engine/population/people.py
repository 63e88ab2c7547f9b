"""Who the households are: drawn from the survey's cells, with what they say and what they are apart."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from engine.enums import EmploymentStatus, FilingStatus, MaritalStatus, Sex, code
from engine.facts import Codes, Dates, Flags, Floats, Objects, Positions
from engine.population.character import Character, draw_character
from engine.population.states import draw_regions
from engine.population.streams import stream
from engine.population.survey import Cell, cells
from engine.population.wealth import components
from engine.units import DAYS_A_YEAR

LEAST_AGE = 18.0
TOLERANCE_IN_EQUITY = 0.55  # weight against all else: a correlation of about 0.75, so that behaviour tells of tolerance
STEADYING = 10.0

# Never married and divorced among the unmarried of an age, the rest widowed: rounded after the CPS of 2019.
AGE_STARTS = (35.0, 45.0, 55.0, 65.0, 75.0)
NEVER_MARRIED = np.array((0.95, 0.68, 0.47, 0.33, 0.19, 0.09))
DIVORCED = np.array((0.05, 0.31, 0.49, 0.54, 0.46, 0.22))
SEPARATE_FILERS = 0.04
STUDENT_AGE, LEAST_RETIREMENT_AGE, PENSION_AGE = 25.0, 50.0, 65.0


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """One entry a household; codes are of `engine.enums`, shares in 0..1."""

    age: Floats
    birth_date: Dates
    education: Codes
    married: Flags
    marital_status: Codes
    children: Positions
    employment: Codes
    homeowner: Flags
    filing_status: Codes
    region: Objects
    sex: Codes
    income: Floats
    rent: Floats
    equity_share: Floats
    """Of what is invested, in a household that invests."""
    character: Character

    def __len__(self) -> int:
        return len(self.age)

    def is_(self, status: EmploymentStatus) -> Flags:
        """Whose employment is this."""
        return np.asarray(self.employment == code(status))

    @property
    def working(self) -> Flags:
        """Employed by others or by themselves."""
        return self.is_(EmploymentStatus.EMPLOYED) | self.is_(EmploymentStatus.SELF_EMPLOYED)


def draw(users: int, seed: int, today: date) -> tuple[People, dict[str, Floats]]:
    """People, and the dollars of every component of their wealth."""
    columns, latent = _columns(users, seed)
    random = stream(seed, "people")
    age = np.maximum(columns["age"], LEAST_AGE)
    married = columns["married"] == 1
    education = columns["education"].astype(np.int8)
    marital = _marital(random, age, married)
    character = draw_character(random, latent, columns["risk_start"])
    people = People(
        age=age,
        birth_date=np.datetime64(today) - np.ceil(age * DAYS_A_YEAR).astype("timedelta64[D]"),
        education=education,
        married=married,
        marital_status=marital,
        children=columns["children"].astype(np.int64),
        employment=_employment(columns, age, education),
        homeowner=columns["homeowner"] == 1,
        filing_status=_filing(random, married, columns["children"]),
        region=draw_regions(random, users),
        sex=_sex(random, columns, married),
        income=columns["income"].round(),
        rent=columns["rent"],
        equity_share=columns["equity_share"],
        character=character,
    )
    return people, {name.removeprefix("wealth."): columns[name] for name in columns if name.startswith("wealth.")}


def _columns(users: int, seed: int) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Every cell gets its share of the users, in a random order."""
    random = stream(seed, "cells")
    ends = np.cumsum([cell.share for cell in cells()])
    place = (random.permutation(users) + random.random()) / users * ends[-1]
    member = np.searchsorted(ends, place)
    columns: dict[str, Floats] = {}
    latent: dict[str, Floats] = {}
    for index, cell in enumerate(cells()):
        rows = np.flatnonzero(member == index)
        drawn, normals = cell.draw(random, len(rows))
        drawn["equity_share"] = _equity_share(cell, drawn, normals)
        wealth = {f"wealth.{name}": amount for name, amount in components(cell, drawn).items()}
        of_cell = {"homeowner": np.full(len(rows), cell.homeowner), "risk_start": np.full(len(rows), cell.risk_start)}
        _scatter(columns, rows, users, drawn | wealth | of_cell)
        _scatter(latent, rows, users, normals)
    return columns, latent


def _equity_share(cell: Cell, columns: dict[str, Floats], latent: dict[str, Floats]) -> Floats:
    """As the survey distributes it, but tied to true tolerance more closely than the survey's answers show."""
    drive = TOLERANCE_IN_EQUITY * latent["tolerance"] + (1.0 - TOLERANCE_IN_EQUITY) * latent["equity_share"]
    invests = (columns["taxable"] + columns["ira"] + columns["plan"]) > 0
    return cell.margins["equity_share"].at(_standardised(drive, drive[invests]))


def _standardised(values: Floats, among: Floats) -> Floats:
    """Mean zero and spread one among some, steadied towards no change where these are few."""
    weight = len(among) + STEADYING
    mean = among.sum() / weight
    variance = (np.square(among - mean).sum() + STEADYING) / weight
    return np.asarray((values - mean) / np.sqrt(variance), dtype=np.float64)


def _scatter(target: dict[str, Floats], rows: Positions, users: int, part: dict[str, Floats]) -> None:
    for name, values in part.items():
        target.setdefault(name, np.zeros(users))[rows] = values


def _marital(random: np.random.Generator, age: Floats, married: Flags) -> Codes:
    band = np.searchsorted(AGE_STARTS, age, side="right")
    luck = random.random(len(age))
    alone = np.where(
        luck < NEVER_MARRIED[band],
        code(MaritalStatus.SINGLE),
        np.where(
            luck < NEVER_MARRIED[band] + DIVORCED[band], code(MaritalStatus.DIVORCED), code(MaritalStatus.WIDOWED)
        ),
    )
    return np.where(married, code(MaritalStatus.MARRIED), alone).astype(np.int8)


def _employment(columns: dict[str, Floats], age: Floats, education: Codes) -> Codes:
    """The survey's "retired, disabled or student" is told apart by age."""
    own = np.where(columns["self_employed"] == 1, code(EmploymentStatus.SELF_EMPLOYED), code(EmploymentStatus.EMPLOYED))
    retired = ((columns["retired"] == 1) & (age >= LEAST_RETIREMENT_AGE)) | (age >= PENSION_AGE)
    student = (age < STUDENT_AGE) & (education > 0)
    idle = np.where(
        retired,
        code(EmploymentStatus.RETIRED),
        np.where(student, code(EmploymentStatus.STUDENT), code(EmploymentStatus.UNEMPLOYED)),
    )
    return np.where(columns["working"] == 1, own, idle).astype(np.int8)


def _filing(random: np.random.Generator, married: Flags, children: Floats) -> Codes:
    apart = random.random(len(married)) < SEPARATE_FILERS
    together = np.where(apart, code(FilingStatus.MARRIED_SEPARATELY), code(FilingStatus.MARRIED_JOINTLY))
    alone = np.where(children > 0, code(FilingStatus.HEAD_OF_HOUSEHOLD), code(FilingStatus.SINGLE))
    return np.where(married, together, alone).astype(np.int8)


def _sex(random: np.random.Generator, columns: dict[str, Floats], married: Flags) -> Codes:
    """The survey's reference person of a couple is the man by convention; here either partner is the user."""
    female = np.where(married, random.random(len(married)) < 0.5, columns["female"] == 1)
    return np.where(female, code(Sex.FEMALE), code(Sex.MALE)).astype(np.int8)
