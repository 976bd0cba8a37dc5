"""Checks as sentences: every check's figures can be printed, and none says more than it found."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pandas as pd
import pytest
from case_samples import said_wrongly
from publish_samples import no_rows, opened, published_checks

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate import (
    bacon,
    bracket,
    bump,
    effective_number,
    estimate,
    honest,
    leave_one_out,
    overlap,
    placebo_in_space,
    placebo_in_time,
    power,
    pretrends,
    spillover_ring,
)
from kvalitet_eval.estimate.check_result import CheckResult
from kvalitet_eval.prepare.panel import Panel
from kvalitet_eval.present import check_words
from kvalitet_eval.present.messages import text

ROW = pd.Series({"estimate": 0.5, "conf_low": 0.1, "conf_high": 0.9, "smallest_detectable": 0.56})


def check_sentence(check, **behind):
    return str(check_words.check_sentence(published_checks(check, **behind), check.name))


def bump_sentence(row):
    rows = no_rows(ROW.to_frame().T) if row is None else opened(row.to_frame().T.astype(float))
    return str(check_words.bump_sentence(rows))


@cache
def design(effect):
    rng = np.random.default_rng(2)
    years = np.arange(1995, 2011)
    y = rng.normal(8, 1, (30, 1)) + rng.normal(0, 0.3, (30, 16))
    y[:8, 8:] += effect
    start = np.repeat([2003.0] * 8 + [np.nan] * 22, 16)
    unit = np.repeat([f"{i:02d}" for i in range(30)], 16)
    frame = pd.DataFrame({"unit": unit, "t": np.tile(years, 30), "y": y.ravel(), "g": start})
    return compare(Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g"), "never_treated")


def checks(effect):
    chosen = design(effect)
    effects = estimate(chosen)
    return [
        honest(effects).check,
        honest(effects, mbar=(0.1,), kind="smooth").check,
        pretrends(effects).check,
        placebo_in_time(chosen, shift=2),
        placebo_in_space(chosen, draws=19),
        leave_one_out(chosen),
        spillover_ring(chosen, {unit: (10.0, 58.0 + int(unit) / 5) for unit in chosen.panel.units}),
        effective_number(chosen),
        overlap(chosen),
        bacon(chosen).check,
        power(chosen).check,
        bump(chosen).check,
        bracket(chosen).check,
    ]


@pytest.mark.parametrize("effect", [0.0, -2.0])
def test_every_check_can_be_said(effect):
    for check in checks(effect):
        said = check_sentence(check)
        assert said.endswith("."), check.name
        assert not any(sign in said for sign in "{}"), check.name
        assert "nan" not in said
        assert said_wrongly(said) == []


def test_figures_are_points_shares_or_numbers():
    said = check_sentence(CheckResult("bacon", None, pd.DataFrame(), "check.bacon", {"share": 0.25, "estimate": -0.3}))
    assert said.replace("\u00a0", " ").startswith("25 % av toveisanslaget på −0,30 prosentpoeng")
    facts = {"shift": 4, "estimate": 0.2, "conf_low": -0.1, "conf_high": 0.5, "smallest_detectable": 0.4}
    said = check_sentence(CheckResult("placebo_in_time", True, pd.DataFrame(), "check.placebo_in_time.passed", facts))
    assert "flyttet 4 perioder bakover" in said
    assert "(0,20 prosentpoeng, fra −0,10 til 0,50 prosentpoeng)" in said


def test_a_figure_nobody_knows_how_to_print_is_refused():
    with pytest.raises(KeyError):
        check_sentence(CheckResult("bacon", None, pd.DataFrame(), "check.bacon", {"weight": 0.25}))


@pytest.mark.parametrize(
    ("low", "high", "start"),
    [
        (0.1, 0.9, "Deltakerne lå annerledes an like før oppstart enn tidligere (0,50 prosentpoeng"),
        (-0.1, 0.9, "Deltakerne lå ikke påviselig annerledes an"),
        (math.nan, math.nan, "Det kan ikke sies"),
    ],
)
def test_a_bump_is_told_by_its_interval(low, high, start):
    assert bump_sentence(ROW.where(ROW.index != "conf_low", low).where(ROW.index != "conf_high", high)).startswith(
        start
    )


def test_a_bump_that_could_not_be_measured_is_said_to_be_unknown():
    assert bump_sentence(None).startswith("Det kan ikke sies om deltakerne lå annerledes an")


def test_the_placebos_that_look_like_effects_are_a_share_of_the_draws():
    facts = {"significant": 0.06, "draws": 199, "p_value": 0.005}
    said = check_sentence(CheckResult("placebo_in_space", True, pd.DataFrame(), "check.placebo_in_space.passed", facts))
    assert "ga 6 % av 199 trekninger en liksomeffekt" in said.replace("\u00a0", " ")


def test_a_conclusion_that_nothing_breaks_is_said_to_hold():
    found = honest(estimate(design(-40.0)), mbar=(0.5,))
    assert np.isinf(found.breakdown) == (found.check.text_key == "check.honest.unbroken")
    assert check_sentence(found.check).startswith("Konklusjonen holder")


def test_a_finding_of_too_few_is_not_shown():
    check = CheckResult("bacon", None, pd.DataFrame(), "check.bacon", {"share": 0.25, "estimate": -0.3})
    for behind in ({"persons": 4.0}, {"residual_df": 9.0}):
        assert check_sentence(check, **behind) == text("check.withheld")
    hidden = opened(ROW.to_frame().T.astype(float), hidden={"estimate": [0]})
    assert str(check_words.bump_sentence(hidden)) == text("check.bump.withheld")
