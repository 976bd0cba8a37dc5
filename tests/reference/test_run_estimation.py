"""The runner of reference values: it reaches them, and it can tell when they are not reached."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from reference_data import read_call
from run_estimation import main
from test_reference_values import VALUES, needs_values, read_values


def run(tmp_path, content: dict, capsys) -> tuple[int, list[str]]:
    path = tmp_path / "values.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    code = main([str(path), str(VALUES.parent.parent / "data")])
    return code, capsys.readouterr().out.splitlines()


@needs_values
def test_every_value_of_the_file_is_reached(capsys):
    assert main([str(VALUES)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "213 values: 209 ok, 0 off, 4 not run"
    assert [line.split(":")[0] for line in lines if line.startswith("not run")] == [
        "not run  cr2_bm_cohort value_cohort_of_12 df_welch",
        "not run  statistical_properties size_12_treated",
        "not run  statistical_properties uniform_band_12_treated",
        "not run  statistical_properties rm_coverage",
    ]
    named = [line.split("run by: ")[1] for line in lines if "run by: " in line]
    assert all((Path(__file__).parents[2] / name).is_file() for name in named)


@needs_values
def test_a_value_that_is_a_little_wrong_is_off(tmp_path, capsys):
    section = read_values()["twfe_sa_mpdta"]
    section["static_twfe"][1] += 2e-8
    code, lines = run(tmp_path, {"twfe_sa_mpdta": section}, capsys)
    assert code == 1
    assert [line.split()[:3] for line in lines if line.startswith("off")] == [["off", "twfe_sa_mpdta", "static_twfe"]]
    assert lines[-1].endswith("1 off, 0 not run")


@needs_values
def test_what_is_not_understood_is_not_called_reached(tmp_path, capsys):
    spec = {"att_gt": {"2004,2004": [0.0, 0.0]}}
    content = {"cs_x": {"values": {"nevertreated|~1|tmle": spec}}, "cs_y": {"data": "no.csv", "values": {"~1": spec}}}
    code, lines = run(tmp_path, content | {"wild_x": {"p": 0.5}}, capsys)
    assert code == 0
    assert lines[-1] == "3 values: 0 ok, 0 off, 3 not run"
    assert "'tmle' in 'nevertreated|~1|tmle' is not understood" in lines[0]


@needs_values
def test_a_key_that_cannot_be_run_does_not_hide_the_others(tmp_path, capsys):
    """Neither the calls after it, nor the averages beside it."""
    good = {"att_gt": {"2004,2004": [-0.010503246221, None]}, "agg": {"balanced": {"0": [0.0, 0.0]}}}
    good["agg"]["simple"] = {"overall": [-0.0399512752, None]}
    keys = {"nevertreated|~nothing|dr": good, "nevertreated|weights=nothing": good, "nevertreated|~1|reg": good}
    code, lines = run(tmp_path, {"cs_x": {"values": keys}}, capsys)
    assert (code, lines[-1]) == (0, "5 values: 2 ok, 0 off, 3 not run")
    assert [line.split()[:2] for line in lines[:3]] == [["not", "run"], ["not", "run"], ["ok", "cs_x"]]
    assert "no such average" in lines[3]


@needs_values
def test_steps_within_anticipation_are_not_called_effects(tmp_path, capsys):
    """R's did measures 2006 in 2005 from 2004 when two periods are anticipated; ours measures it from 2003."""
    spec = {"att_gt": {"2006,2005": [0.0, 0.0], "2007,2004": [0.0, None]}, "agg": {"dynamic": {"-1": [0.0, 0.0]}}}
    _, lines = run(tmp_path, {"cs_x": {"values": {"nevertreated|~1|reg|anticipation=2": spec}}}, capsys)
    assert [line.startswith("not run") for line in lines[:3]] == [True, False, True]
    assert "R's did measures a step here" in lines[0]


@needs_values
def test_imputation_has_the_errors_of_theorem_3(tmp_path, capsys):
    """Figures of an independent program (diff-diff 3.13.0, ImputationDiD) on mpdta."""
    dynamic = {"0": [-0.03106692719194, 0.01357724974618], "3": [-0.10470747157562, 0.03376585335779]}
    content = {"agg": {"static": {"overall": [-0.04770991827782, 0.01322248865002]}, "dynamic": dynamic}}
    code, lines = run(tmp_path, {"didimputation_mpdta": content}, capsys)
    assert (code, lines[-1]) == (0, "6 values: 6 ok, 0 off, 0 not run")


@needs_values
def test_pairs_of_the_decomposition_are_found_by_their_starts(tmp_path, capsys):
    content = {"by_pair": [{"treated": 2005, "comparison": "untreated", "weight": 9.0, "estimate": 9.0}], "twfe": 9.0}
    code, lines = run(tmp_path, {"bacon_castle": content}, capsys)
    assert code == 1
    assert [line.split()[0] for line in lines[:3]] == ["off"] * 3
    assert all("found" in line for line in lines[:3])


@needs_values
def test_the_base_period_that_did_prints_is_zero(tmp_path, capsys):
    spec = {"att_gt": {"2004,2003": [0.0, None], "2007,2003": [0.003306356692, None]}}
    code, lines = run(tmp_path, {"cs_x": {"values": {"nevertreated|~1|reg|universal": spec}}}, capsys)
    assert (code, lines[-1]) == (0, "2 values: 2 ok, 0 off, 0 not run")


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("nevertreated|~1|dr", {"comparison": "never_treated", "covariates": [], "adjust": "dr", "anticipation": 0}),
        ("notyettreated|~a+b|ipw|anticipation=2", {"covariates": ["a", "b"], "adjust": "ipw", "anticipation": 2}),
        ("control_group=notyettreated|est_method=ipw|xformla=~a", {"comparison": "not_yet_treated", "adjust": "ipw"}),
        ("notyettreated|universal|weights=lpop", {"base": "universal", "weights": "lpop"}),
    ],
)
def test_keys_are_read_as_calls(key, expected):
    assert read_call(key).items() >= expected.items()
