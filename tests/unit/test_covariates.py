"""Covariates from the panel's frame: what is read, what is refused, what is left out and said so."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hand_panels import NEVER, noisy, table

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.covariates import read_covariates
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.prepare.panel import Panel

NAN = np.nan
SIMPLE = {"a": (2, [0.0, 9]), "b": (NEVER, [0.0, 1]), "c": (NEVER, [0.0, 2]), "d": (NEVER, [0.0, 3])}


def design_of(rows=SIMPLE, **columns):
    """A column is a list by row, or a value per unit."""
    frame = table(rows)
    for name, values in columns.items():
        frame[name] = frame["unit"].map(values) if isinstance(values, dict) else values
    return compare(Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g"), "never_treated")


def test_figures_are_those_of_the_base_period():
    """Covariate in the base: a 5, others 1, 2, 3, which is also their change: a was expected to change by 5."""
    before = [5.0, 99, 1, 99, 2, 99, 3, 99]
    row = estimate(design_of(x=before), "group_time", covariates=["x"], adjust="reg").to_frame().iloc[0]
    assert row["estimate"] == pytest.approx(9 - 5)
    assert (row["n_treated"], row["n_comparison"]) == (1, 3)


def test_text_becomes_categories_and_yes_and_no_numbers():
    county = {"a": "sør", "b": "nord", "c": "sør", "d": "vest"}
    found = read_covariates(
        design_of(county=county, coast={"a": True, "b": False, "c": None, "d": True}), ["county", "coast"]
    )
    assert found.names == ("county=sør", "county=vest", "coast")
    assert found.at(0, 1)[:, 0].tolist() == [1, 0, 1, 0]
    assert found.at(0, 0)[:, 1].tolist() == [0, 0, 0, 1]
    assert found.at(0, 0)[:, 2] == pytest.approx([1, 0, NAN, 1], nan_ok=True)


@pytest.mark.parametrize("kind", ["int64", "Int64", "float32", "str", "object"])
def test_numbers_of_any_type_are_numbers(kind):
    values = pd.Series([1, 2, 3, 4, 5, 6, 7, 8]).astype(kind)
    found = read_covariates(design_of(x=values.to_numpy() if kind != "Int64" else values.array), ["x"])
    assert [found.at(0, t)[:, 0].tolist() for t in (0, 1)] == [[1, 3, 5, 7], [2, 4, 6, 8]]


def test_a_column_of_the_panel_itself_may_be_one():
    assert read_covariates(design_of(), ["y"]).at(0, 1)[:, 0].tolist() == [9, 1, 2, 3]


def test_all_faults_are_told_at_once_with_the_columns_there_are():
    design = design_of(x=[NAN] * 8, z=[np.inf] * 8)
    with pytest.raises(EstimationError) as error:
        estimate(design, "group_time", covariates=["no", "x", "z"])
    assert [item.code for item in error.value.findings] == ["EST-30", "EST-31", "EST-31"]
    assert "Velg blant disse: y, g, x, z." in str(error.value)
    assert "Kolonnen har ingen tall å justere for" in str(error.value)


def test_a_panel_without_other_columns_says_so():
    design = design_of()
    object.__setattr__(design.panel, "others", None)
    with pytest.raises(EstimationError, match="Velg blant disse: -"):
        estimate(design, "group_time", covariates=["x"])


def test_who_lacks_a_covariate_is_left_out_and_counted():
    rows = noisy([4, 4, 4, *[NAN] * 9], seed=1)
    x = {unit: float(i % 5) for i, unit in enumerate(rows)}
    gone = {unit: figures for unit, figures in rows.items() if unit not in ("u0", "u7")}
    left = estimate(design_of(rows, x=x | {"u0": NAN, "u7": None}), "group_time", covariates=["x"])
    without = estimate(design_of(gone, x=x), "group_time", covariates=["x"])
    for column in ("estimate", "std_error", "degrees_of_freedom", "n_treated"):
        assert left.frame[column].tolist() == pytest.approx(without.frame[column].tolist(), rel=1e-9), column
    warning = next(w for w in left.warnings if w.code == "EST-34")
    assert dict(warning.facts) == {"n": "2", "cohort": "4"}
    assert "2 enheter er ikke med i anslagene for opptaket 4" in str(EstimationError(warning))


def test_a_dependent_covariate_is_named_with_its_cohort():
    rows = noisy([4, 4, 4, *[NAN] * 9], seed=1)
    x = {unit: float(i % 5) for i, unit in enumerate(rows)}
    found = estimate(
        design_of(rows, x=x, twice={u: 2 * v for u, v in x.items()}, same=7.0),
        "group_time",
        covariates=["x", "twice", "same"],
    )
    named = [(w.column, w.facts["cohort"]) for w in found.warnings if w.code == "EST-33"]
    assert named == [("twice", "4"), ("same", "4")]
    assert "Forklaringsvariabelen er ikke brukt for opptaket 4" in str(EstimationError(found.warnings[0]))
    alone = estimate(design_of(rows, x=x), "group_time", covariates=["x"])
    assert found.frame["estimate"].tolist() == pytest.approx(alone.frame["estimate"].tolist(), rel=1e-9)
    assert [w.code for w in found.aggregate("overall").warnings] == ["EST-33", "EST-33"]


def test_no_overlap_gives_no_estimate_and_one_reason():
    rows = noisy([4, 4, 4, *[NAN] * 9], seed=1)
    x = {unit: float(i < 3) * 10 + i / 9 for i, unit in enumerate(rows)}
    found = estimate(design_of(rows, x=x), "group_time", covariates=["x"])
    assert found.frame["estimate"].isna().all()
    assert [w.code for w in found.warnings] == ["EST-35"]
    assert "minst én deltaker har ingen som ligner nok" in str(EstimationError(found.warnings))
    assert estimate(design_of(rows, x=x), "group_time", covariates=["x"], adjust="reg").frame["estimate"].notna().all()


@pytest.mark.parametrize("method", ["imputation", "two_way", "synthetic"])
def test_a_method_without_use_for_covariates_refuses_them(method):
    with pytest.raises(EstimationError) as error:
        estimate(design_of(x=1.0), method, covariates=["x"])
    assert error.value.findings[0].code == "EST-32"
    assert f"Metoden {method} har ingen bruk for dette valget." in str(error.value)


def test_the_callers_frame_may_change_afterwards():
    frame = table(SIMPLE).assign(x=[1.0, 1, 2, 2, 3, 3, 5, 5])
    design = compare(Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g"), "never_treated")
    before = estimate(design, "group_time", covariates=["x"], adjust="reg").frame["estimate"].tolist()
    frame.loc[:, "x"] = -1.0
    assert estimate(design, "group_time", covariates=["x"], adjust="reg").frame["estimate"].tolist() == before
