"""The stored effects: the same as computed, read back exactly, and out of date when anything below them changes."""

from __future__ import annotations

import json

import pytest
from made_programme import change, made_programme, snapshot, use_own_panel
from pandas.testing import assert_frame_equal

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import DesignError, ReportError
from kvalitet_eval.estimate.bracket import bracket
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.leave_out import leave_one_out
from kvalitet_eval.present.messages import why_and_mend
from kvalitet_eval.report.evaluation import (
    TABLE_TYPES,
    Choices,
    design_for,
    ensure_evaluation,
    evaluate,
    evaluation_folder,
    load_evaluation,
)
from kvalitet_eval.report.imported import import_panel, load_imported
from kvalitet_eval.report.publishing import AUDIT
from kvalitet_eval.report.store import sha256_of
from kvalitet_eval.results import COLUMNS

OVERALL = {"estimand": "overall", "outcome": "sick_leave_total", "weighting": "municipality"}


@pytest.fixture
def config(tmp_path):
    return made_programme(tmp_path)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    config = made_programme(tmp_path_factory.mktemp("made"))
    imported = load_imported(config)
    return config, imported, load_evaluation(config, imported)


def codes(caught):
    return [item.code for item in caught.value.findings]


def test_what_is_not_chosen_is_the_programme_files(made):
    config, _, _ = made
    assert Choices.of(config) == Choices("not_yet_treated", 1)
    assert Choices.of(config, comparison="never_treated", anticipation=0) == Choices("never_treated", 0)
    assert evaluation_folder(config, Choices("same_size", 2)).name == "same_size_anticipation_2"


def test_stored_effects_have_the_words_and_types_of_every_result_table(made):
    _, _, evaluation = made
    assert list(evaluation.effects.columns) == list(COLUMNS)
    assert {name: str(dtype) for name, dtype in evaluation.effects.dtypes.items()} == {
        name: dtype for name, (dtype, _) in COLUMNS.items()
    }
    assert (evaluation.effects["origin"] == "syntetisk").all()


def test_a_stored_effect_is_the_estimators_own(made):
    config, imported, evaluation = made
    design = design_for(config, imported, "sick_leave_total", Choices.of(config))
    for method in ("imputation", "group_time"):
        direct = estimate(design, method).aggregate("overall").to_frame()
        assert_frame_equal(evaluation.select(**OVERALL, method=method), direct, check_exact=True)
    contrast = evaluation.select(**OVERALL, method="two_way")
    assert_frame_equal(contrast, estimate(design, "two_way").to_frame(), check_exact=True)


def test_the_stored_bracket_and_bump_are_those_of_the_design(made):
    config, imported, evaluation = made
    asked = bracket(design_for(config, imported, "sick_leave_total", Choices.of(config)))
    outcome = config.outcome("sick_leave_total")
    for cohort in (None, "innsats", "pulje_4"):
        stored = evaluation.bracket_rows("sick_leave_total", cohort)
        assert_frame_equal(stored, asked.rows(cohort), check_exact=True)
        assert evaluation.verdict(outcome, cohort) == asked.verdict(improvement="decrease", cohort=cohort)
    bumps = evaluation.bump[evaluation.bump["weighting"] == "municipality"].set_index(["outcome", "cohort"])
    row = bumps.loc["sick_leave_total", "innsats"]
    direct = asked.bump.frame.set_index("cohort").loc["innsats"]
    assert (row["estimate"], row["conf_low"]) == (direct["estimate"], direct["conf_low"])
    assert set(evaluation.bracket["weighting"]) == {"municipality", "employee"}
    assert evaluation.bracket_rows("sick_leave_total", "pulje_3").empty
    assert ("sick_leave_total", "pulje_3") not in bumps.index
    assert evaluation.verdict(outcome, "pulje_3") == "cannot_be_told"


def test_the_stored_leave_one_out_is_that_of_the_design_and_asks_no_cohort_of_two(made):
    config, imported, evaluation = made
    design = design_for(config, imported, "sick_leave_total", Choices.of(config))
    for cohort in ("innsats", "pulje_1"):
        stored, direct = (
            check("sick_leave_total", cohort=cohort)
            for check in (evaluation.leave_one_out_check, lambda _, cohort: leave_one_out(design, cohort=cohort))
        )
        assert (stored.passed, stored.text_key, dict(stored.facts)) == (
            direct.passed, direct.text_key, dict(direct.facts),
        )  # fmt: skip
        columns = list(direct.table.columns)
        assert_frame_equal(stored.table[columns], direct.table, check_exact=True, check_dtype=False)
    assert set(evaluation.leave_one_out["cohort"]) == {"innsats", "pulje_1", "pulje_2"}
    assert evaluation.leave_one_out_check("sick_leave_total", "pulje_4") is None
    assert evaluation.leave_one_out_check("sick_leave_total", "pulje_3") is None


def test_both_estimands_and_all_kinds_of_rows_are_there(made):
    _, _, evaluation = made
    effects = evaluation.effects
    assert set(effects["weighting"]) == {"municipality", "employee"}
    assert set(effects["method"]) == {"imputation", "group_time", "two_way"}
    assert set(effects["estimand"]) == {"overall", "cohort", "event_time", "cell"}
    cohorts = evaluation.select(estimand="cohort", method="imputation", weighting="municipality")["cohort"]
    assert list(cohorts) == ["innsats", "pulje_1", "pulje_2", "pulje_4"]
    assert evaluation.record["intakes_without_municipalities"] == ["pulje_3"]


def test_everybody_is_accounted_for(made):
    _, imported, evaluation = made
    account = evaluation.account
    assert sorted(account["unit"]) == sorted(imported.membership["municipality_number"])
    assert set(account["role"]) == {"treated", "comparison", "left_out"}
    oslo = account[account["unit"] == "0301"].iloc[0]
    assert (oslo["role"], oslo["reason"]) == ("left_out", "excluded")
    assert oslo["note"].startswith("A district of Oslo takes part")


def without_links(audit):
    """The records of an audit, apart from the count of cells met before: a second run has met them all."""
    return [{key: value for key, value in record.items() if key != "n_linked"} for record in json.loads(audit)]


def test_what_is_read_back_is_what_was_computed_and_computing_again_changes_no_byte(config):
    imported = load_imported(config)
    before, said = snapshot(config.processed), []
    fresh = evaluate(config, imported, Choices.of(config), said.append)
    stored = load_evaluation(config, imported)
    assert_frame_equal(stored.effects, fresh.effects, check_exact=True)
    assert stored.record == fresh.record
    for name in ("account", "findings"):
        assert_frame_equal(getattr(stored, name).fillna(""), getattr(fresh, name).fillna(""), check_dtype=False)
    after = snapshot(config.processed)
    name = next(key for key in before if key.endswith(AUDIT))
    assert without_links(after.pop(name)) == without_links(before.pop(name))
    assert after == before
    assert said == [
        "Anslår effekten på det samlede sykefraværet, hver kommune teller likt",
        "Anslår effekten på det samlede sykefraværet, hver ansatt teller likt",
    ]


def test_a_selection_keeps_the_stored_order_and_nothing_else(made):
    _, _, evaluation = made
    course = evaluation.select(estimand="cell", cohort="innsats", method="imputation", weighting="employee")
    assert course["event_time"].is_monotonic_increasing
    assert set(course["cohort"]) == {"innsats"}
    assert evaluation.select(cohort="nobody").empty


@pytest.mark.parametrize("name", ["evaluation.json", "effects_syntetisk.csv", "account_syntetisk.csv"])
def test_a_missing_file_is_named(config, name):
    path = evaluation_folder(config, Choices.of(config)) / name
    path.unlink()
    with pytest.raises(ReportError) as caught:
        load_evaluation(config, load_imported(config))
    assert [(item.code, item.file) for item in caught.value.findings] == [("RAP-33", str(path))]
    assert why_and_mend(caught.value.findings[0])[1] == "Kjør: kvalitet evaluate --programme programmes/kkp.toml"


def test_other_choices_have_not_been_computed(made):
    config, imported, _ = made
    with pytest.raises(ReportError) as caught:
        load_evaluation(config, imported, Choices("never_treated", 1))
    assert codes(caught) == ["RAP-33"]


def test_effects_of_another_period_are_out_of_date_although_the_panel_is_the_same(config):
    before = load_imported(config).record["panel_sha256"]
    change(config.path, ('last = "2009Q3"', 'last = "2009Q2"'))
    later = load_config(config.path)
    imported = import_panel(later)
    assert imported.record["panel_sha256"] == before
    with pytest.raises(ReportError) as caught:
        load_evaluation(later, imported)
    assert codes(caught) == ["RAP-34"]


def test_effects_of_an_own_panel_replace_the_simulated_ones_until_the_participants_change(config):
    own = use_own_panel(config)
    evaluation = ensure_evaluation(own, import_panel(own))
    assert set(evaluation.effects["origin"]) == {"observed"}
    names = {path.name for path in evaluation_folder(own, Choices.of(own)).iterdir()}
    published = {"published.json", "withheld.json", "audit.json"}
    assert names == {f"{name}.csv" for name in TABLE_TYPES} | {"evaluation.json"} | published
    assert "DES-09" in set(evaluation.findings["code"])

    path = own.file("participants")
    documented = sha256_of(path)
    change(path, ("Nord-Aurdal,0542,Nord-Aurdal", "Vestre Slidre,0543,Vestre Slidre"))
    change(path.parent / "SOURCE.md", (documented, sha256_of(path)))
    imported = import_panel(own)
    assert imported.record["programme_sha256"] == evaluation.record["programme_sha256"]
    with pytest.raises(ReportError) as caught:
        load_evaluation(own, imported)
    assert codes(caught) == ["RAP-34"]


def test_a_comparison_that_cannot_be_made_writes_nothing(config):
    before = snapshot(config.root)
    with pytest.raises(DesignError) as caught:
        evaluate(config, load_imported(config), Choices("controls", 1))
    assert codes(caught) == ["DES-01"]
    assert snapshot(config.root) == before
