"""The runner of reference values: it reaches them, and it can tell when they are not reached."""

from __future__ import annotations

import json

import pytest
from reference_sections import read_call
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
    assert lines[-1] == "211 values: 209 ok, 0 off, 2 not run"
    assert [line.split(":")[0] for line in lines if line.startswith("not run")] == [
        "not run  cr2_bm_cohort value_cohort_of_12 df_welch",
        "not run  statistical_properties",
    ]


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
def test_the_base_period_that_did_prints_is_zero(tmp_path, capsys):
    spec = {"att_gt": {"2004,2003": [0.0, None], "2007,2003": [0.003306356692, None]}}
    code, lines = run(tmp_path, {"cs_x": {"values": {"nevertreated|~1|reg|universal": spec}}}, capsys)
    assert (code, lines[-1]) == (0, "2 values: 2 ok, 0 off, 0 not run")


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("nevertreated|~1|dr", {"comparison": "never_treated", "covariates": [], "adjust": "dr", "anticipation": 0}),
        ("notyettreated|~a+b|ipw|anticipation=2", {"covariates": ["a", "b"], "adjust": "ipw", "anticipation": 2}),
        ("notyettreated|universal|weights=lpop", {"base": "universal", "weights": "lpop"}),
    ],
)
def test_keys_are_read_as_calls(key, expected):
    assert read_call(key).items() >= expected.items()
