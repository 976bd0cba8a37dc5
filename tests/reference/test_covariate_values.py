"""Covariates: printed output of Stata's ``csdid`` and the identities with estimators that have other names.

The values were read in the documentation of ``csdid`` (``csdid lemp lpop, ivar(countyreal) time(year) gvar(first_treat)
method(dripw)``, mpdta), which prints seven decimals of estimates and analytic standard errors.
"""

from __future__ import annotations

import pytest
from test_reference_values import mpdta, needs_values

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.estimate.effects import estimate

PRINTED = 0.51e-7
CSDID = {
    ("2004", "2004"): (-0.0145297, 0.0221292),
    ("2004", "2005"): (-0.0764219, 0.0286713),
    ("2004", "2006"): (-0.1404483, 0.0353782),
    ("2004", "2007"): (-0.1069039, 0.0328865),
    ("2006", "2004"): (-0.0004721, 0.0222234),
    ("2006", "2005"): (-0.0062025, 0.0184957),
    ("2006", "2006"): (0.0009606, 0.0194002),
    ("2006", "2007"): (-0.0412939, 0.0197211),
    ("2007", "2004"): (0.0267278, 0.0140657),
    ("2007", "2005"): (-0.0045766, 0.0157178),
    ("2007", "2006"): (-0.0284475, 0.0181809),
}


@needs_values
def test_doubly_robust_effects_and_errors_are_those_of_csdid():
    effects = estimate(
        compare(mpdta(), "never_treated"), "group_time", base="varying", covariates=["lpop"], inference="influence"
    )
    rows = effects.to_frame().set_index(["cohort", "period"])
    assert len(rows) == 12
    for key, (value, std_error) in CSDID.items():
        assert rows.loc[key, "estimate"] == pytest.approx(value, abs=PRINTED), key
        assert rows.loc[key, "std_error"] == pytest.approx(std_error, abs=PRINTED), key


@needs_values
@pytest.mark.parametrize("adjust", ["dr", "ipw", "reg"])
@pytest.mark.parametrize("comparison", ["never_treated", "not_yet_treated"])
def test_a_covariate_that_is_the_same_for_all_is_none(comparison, adjust):
    panel = mpdta()
    object.__setattr__(panel, "others", panel.others.assign(one=1.0))
    design = compare(panel, comparison)
    plain, same = (
        estimate(design, "group_time", inference="influence", **more)
        for more in ({}, {"covariates": ["one"], "adjust": adjust})
    )
    for kind in ("cell", "overall", "cohort_mean"):
        a, b = (e.aggregate(kind).to_frame() for e in (plain, same))
        alike = ("degrees_of_freedom",) if comparison == "never_treated" else ()  # else later intakes share one mean
        for column in ("estimate", "std_error", *alike):
            assert b[column].to_numpy() == pytest.approx(a[column].to_numpy(), abs=1e-10), (kind, column)
    assert {w.code for w in same.warnings} >= {"EST-33"}
