"""Whether drawn households are distributed as the survey's: by age, jointly, and where nothing was fitted."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from benchmarks.priors.population import scf
from benchmarks.priors.savings import saving_families
from engine.population.people import draw
from engine.sustain.record import BASE_RATE
from tests.engine.population.conftest import TODAY, Sample

LEVELS = (0.10, 0.25, 0.50, 0.75, 0.90)
RELATIVE, OF_UPPER_QUARTILE = 0.12, 0.02  # a quantile may miss by this share of itself and of the group's 75 %
SHARE_MISS = 0.03
CORRELATION_MISS = 0.05


def groups() -> list[dict[str, Any]]:
    """The survey's figures for all ages and by age band."""
    document = json.loads((files("engine") / "priors" / "scf_2019_quantiles.json").read_text("utf-8"))
    return list(document["groups"])


def ages_of(group: dict[str, Any]) -> tuple[int, int] | None:
    """The age band of a group."""
    return None if group["ages"] is None else (group["ages"][0], group["ages"][1])


def assert_close(drawn: list[float], survey: list[float], what: str) -> None:
    """Every quantile within the tolerance."""
    allowed = RELATIVE * np.abs(survey) + OF_UPPER_QUARTILE * survey[3]
    missed = np.abs(np.array(drawn) - survey) > allowed
    assert not missed.any(), f"{what}: drawn {np.round(drawn)}, survey {np.round(survey)}"


@pytest.mark.parametrize("group", groups(), ids=lambda group: str(group["ages"]))
@pytest.mark.parametrize("name", ["income", "net_worth", "liquid", "debt"])
def test_quantiles_of_an_age_band_are_the_surveys(sample: Sample, group: dict[str, Any], name: str) -> None:
    drawn = np.quantile(sample.amounts[name][sample.within(ages_of(group))], LEVELS)
    assert_close(drawn.tolist(), group["quantiles"][name], f"{name} at {group['ages']}")


@pytest.mark.parametrize("group", groups(), ids=lambda group: str(group["ages"]))
def test_shares_of_an_age_band_are_the_surveys(sample: Sample, group: dict[str, Any]) -> None:
    members = sample.within(ages_of(group))
    missed = {name: abs(flags[members].mean() - group["shares"][name]) for name, flags in sample.flags.items()}
    assert max(missed.values()) < SHARE_MISS, missed


def test_amounts_go_together_as_in_the_survey(sample: Sample) -> None:
    wanted = groups()[0]["rank_correlations"]
    found = {pair: spearmanr(*(sample.amounts[name] for name in pair.split())).statistic for pair in wanted}
    assert max(abs(found[pair] - wanted[pair]) for pair in wanted) < CORRELATION_MISS, found


def test_a_wrong_population_would_be_noticed(sample: Sample) -> None:
    group = groups()[0]
    with pytest.raises(AssertionError, match="income"):
        assert_close(
            (1.2 * np.quantile(sample.amounts["income"], LEVELS)).tolist(), group["quantiles"]["income"], "income"
        )


def test_two_thousand_households_are_already_like_the_survey() -> None:
    people, _ = draw(2_000, 7, TODAY)
    drawn = np.quantile(people.income, LEVELS)
    assert_close(drawn.tolist(), groups()[0]["quantiles"]["income"], "income")


def test_stored_quantiles_are_those_of_the_survey(study_data: Path) -> None:
    assert json.loads(json.dumps(scf.published(scf.read(study_data)))) == groups()


def test_income_and_owning_by_education_are_the_surveys_though_no_cell_is_told_apart_by_it(
    study_data: Path, sample: Sample
) -> None:
    families = scf.read(study_data)
    for level in range(4):
        rows, members = families.raw["EDCL"] == level + 1, sample.people.education == level
        survey = scf.quantiles(families.raw["INCOME"][rows], families.weight[rows], LEVELS)
        drawn = np.quantile(sample.people.income[members], LEVELS)
        owning = np.average(families.raw["HOUSECL"][rows] == 1, weights=families.weight[rows])
        assert_close(drawn.tolist(), survey.tolist(), f"income at education {level}")
        assert abs(sample.people.homeowner[members].mean() - owning) < SHARE_MISS


def test_the_survey_itself_has_the_drawn_quantiles_by_marriage(study_data: Path, sample: Sample) -> None:
    families = scf.read(study_data)
    for code, members in ((1, sample.people.married), (2, ~sample.people.married)):
        rows = families.raw["MARRIED"] == code
        for name, column in scf.AMOUNTS.items():
            survey = scf.quantiles(families.raw[column][rows], families.weight[rows], (0.25, 0.5, 0.75))
            drawn = np.quantile(sample.amounts[name][members], (0.25, 0.5, 0.75))
            assert np.all(np.abs(drawn - survey) < 0.15 * np.abs(survey) + 0.03 * survey[2]), (name, drawn, survey)


def test_the_base_rate_of_saving_is_the_survey_s(study_data: Path) -> None:
    assert saving_families(study_data)["saved"] == pytest.approx(BASE_RATE, abs=0.0005)
