"""A municipality of few employees, planted in a whole programme: what is withheld of it, and what gives it away."""

from __future__ import annotations

import json
import stat
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_programme import made_programme

from kvalitet_eval import publish
from kvalitet_eval.errors import ReportError
from kvalitet_eval.publish import Memory, Policy
from kvalitet_eval.report.evaluation import Choices, evaluation_folder, load_evaluation
from kvalitet_eval.report.imported import load_imported
from kvalitet_eval.report.own_figures import partition
from kvalitet_eval.report.published_effects import Behind, publish_effects
from kvalitet_eval.report.published_rates import publish_rates
from kvalitet_eval.report.publishing import AUDIT, PUBLISHED, WITHHELD, memory_file, publish_evaluation
from kvalitet_eval.report.structures import EFFECT_KEYS

SMALL, COHORT = "0542", "innsats"
STANDARD, STRENG = Policy.load("standard"), Policy.load("streng")


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return made_programme(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def imported(config):
    return load_imported(config)


@pytest.fixture(scope="module")
def evaluation(config, imported):
    return load_evaluation(config, imported)


def plant(imported, persons):
    """The same panel with so many employees in each of the four sectors of one municipality, and days to match."""
    rows = imported.rows.copy()
    chosen = rows["municipality_number"] == SMALL
    scale = persons / rows.loc[chosen, "employees"]
    for name in ("agreed_days", "lost_days_self", "lost_days_doctor"):
        rows.loc[chosen, name] *= scale
    rows.loc[chosen, "employees"] = float(persons)
    return replace(imported, rows=rows)


def published(config, imported, evaluation, policy=STANDARD, memory=None):
    account = evaluation.account
    return publish_rates(config, imported, config.outcomes[0], account, policy, memory=memory or Memory())


@pytest.fixture(scope="module")
def planted(config, imported, evaluation):
    memory = Memory()
    return published(config, plant(imported, 1), evaluation, memory=memory), memory


def hidden(table, **wanted):
    return (table.select(**wanted).marks()["rate_pct"] == ":").to_numpy()


def test_nothing_is_withheld_where_everybody_is_large(evaluation):
    own = evaluation.published["own/sick_leave_total"]
    assert own.audit.n_withheld == 0
    assert len(own.select(unit=SMALL)) == 28


def test_no_rate_of_four_employees_is_published(planted):
    own = planted[0]["own/sick_leave_total"]
    assert hidden(own, unit=SMALL).all()
    assert own.select(unit=SMALL).to_frame()["rate_pct"].isna().all()
    assert own.audit.by_rule["persons"] == 28


def test_the_cohort_and_its_other_members_do_not_give_it_away(planted, evaluation):
    """In every window the cohort's rate, or another member's, is withheld too: else subtraction gives the rate."""
    own = planted[0]["own/sick_leave_total"]
    account = evaluation.account
    members = account.loc[(account["role"] == "treated") & (account["cohort"] == COHORT), "unit"]
    frame = own.to_frame().assign(is_hidden=(own.marks()["rate_pct"] == ":").to_numpy())
    beside = frame[frame["unit"].isin([COHORT, *members]) & (frame["unit"] != SMALL)]
    assert beside.groupby("window")["is_hidden"].any().all()
    other = frame[~frame["unit"].isin([COHORT, *members])]
    assert not other["is_hidden"].any(), "nobody outside the cohort is withheld for it"


def test_the_change_that_is_worked_out_of_withheld_rates_is_withheld(planted):
    row = planted[0]["expected/sick_leave_total"].select(municipality_number=SMALL)
    marks = row.marks().iloc[0]
    names = ("before", "after", "change", "expected", "expected_low", "expected_high", "common", "regression")
    assert [marks[name] for name in names] == [":"] * 8
    assert row.to_frame()[list(names)].isna().all(axis=None)


def test_the_withheld_values_are_listed_for_the_scanner_in_full(planted, imported):
    days = plant(imported, 1).rows
    year = days[(days["municipality_number"] == SMALL) & days["quarter"].str.startswith("2006")]
    rate = 100 * (year["lost_days_self"] + year["lost_days_doctor"]).sum() / year["agreed_days"].sum()
    found = [item for item in planted[1].withheld if item.key == {"unit": SMALL, "window": "2006Q1-2006Q4"}]
    assert [item.value for item in found] == [pytest.approx(rate, rel=1e-9)]


def test_the_order_of_the_rows_changes_nothing(planted, config, imported, evaluation):
    small = plant(imported, 1)
    turned = replace(small, rows=small.rows.iloc[::-1].reset_index(drop=True))
    again = published(config, turned, evaluation)["own/sick_leave_total"]
    pd.testing.assert_frame_equal(again.marks(), planted[0]["own/sick_leave_total"].marks())


def test_an_average_does_not_give_the_member_whose_rates_are_withheld(config, imported, evaluation):
    """Eight persons are in the estimates; under the strict profile their own rates are not shown."""
    small = plant(imported, 2)
    effects = evaluation.effects[evaluation.effects["outcome"] == "sick_leave_total"]
    for policy, is_shown in ((STANDARD, True), (STRENG, False)):
        own = published(config, small, evaluation, policy)["own/sick_leave_total"]
        behind = Behind.of(config, small, evaluation.account, own)
        assert (behind.without_one(COHORT) == 1.0) != is_shown
        (table,) = publish_effects(effects, EFFECT_KEYS, policy, behind, output="e", memory=Memory())
        chosen = table.select(cohort=COHORT, estimand="cohort")
        assert len(chosen) == 4
        assert (chosen.marks()["estimate"] == ("" if is_shown else ":")).all()
        assert (table.select(cohort="pulje_2", estimand="cohort").marks()["estimate"] == "").all()


def test_a_cohort_of_two_is_shown_because_the_regression_has_many_cases(evaluation):
    effect = evaluation.published["effects/sick_leave_total"].select(cohort="pulje_4", estimand="cohort")
    assert effect.to_frame()["n_treated"].tolist() == [2.0] * len(effect)
    assert (effect.marks()["estimate"] == "").all()


def test_an_effect_of_too_few_cases_is_withheld(config, imported, evaluation):
    rows = evaluation.effects[evaluation.effects["outcome"] == "sick_leave_total"].copy()
    own = evaluation.published["own/sick_leave_total"]
    behind = Behind.of(config, imported, evaluation.account, own)
    for n_comparison, mark in ((10, ""), (9, ":")):
        few = rows.assign(n_treated=2, n_comparison=n_comparison)
        (table,) = publish_effects(few, EFFECT_KEYS, STANDARD, behind, output="e", memory=Memory())
        known = few["estimate"].notna().to_numpy()
        assert set(table.marks()["estimate"][known]) == {mark}


def test_percentiles_rest_on_ten_municipalities(config, imported, evaluation):
    table = imported.membership
    never = table.loc[table["status"] == "never_treated", "municipality_number"]
    for n, mark in ((10, ""), (9, ":")):
        kept = table[~table["municipality_number"].isin(never.iloc[n:])]
        others = published(config, replace(imported, membership=kept), evaluation)["others/sick_leave_total"]
        whole = others.select(unit="outside")
        complete = whole.to_frame()["complete"].to_numpy(dtype=bool)
        assert set(whole.marks()["low_pct"][complete]) == {mark}
        assert set(whole.marks()["low_pct"][~complete]) <= {".", mark or "."}


def test_groups_that_overlap_are_parted_into_what_they_are_sums_of():
    part_of, parts = partition({"size_0": ["a", "b"], "size_1": ["c"], "outside": ["a", "b", "c"]})
    assert part_of == {"a": "size_0+outside", "b": "size_0+outside", "c": "size_1+outside"}
    assert parts["outside"] == ("size_0+outside", "size_1+outside")


def test_what_is_stored_is_private_and_the_same_from_run_to_run(config, imported, evaluation):
    folder = evaluation_folder(config, Choices.of(config))
    before = (folder / PUBLISHED).read_bytes()
    publish_evaluation(config, imported, evaluation, folder)
    assert (folder / PUBLISHED).read_bytes() == before
    for path in (folder / PUBLISHED, folder / WITHHELD, folder / AUDIT, memory_file(config, imported)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert config.reports not in path.parents
    records = json.loads((folder / AUDIT).read_text("utf-8"))
    assert {record["output"] for record in records} == set(evaluation.published)
    assert {record["policy_sha256"] for record in records} == {STANDARD.sha256}


def test_what_was_withheld_once_stays_withheld_when_the_panel_grows(planted, config, imported, evaluation):
    """Figures that come back with other persons behind them: what stood beside them was printed on that condition."""
    own = published(config, imported, evaluation, memory=planted[1])["own/sick_leave_total"]
    assert hidden(own, unit=SMALL).all()
    assert own.audit.by_rule.get("linked", 0) + own.audit.by_rule.get("persons", 0) >= 28


def test_published_figures_that_were_edited_are_not_used(config, imported):
    path = evaluation_folder(config, Choices.of(config)) / PUBLISHED
    stored = path.read_bytes()
    try:
        path.write_bytes(stored.replace(b"2006Q4", b"2006Q3", 1))
        with pytest.raises(ReportError) as caught:
            load_evaluation(config, imported)
        assert caught.value.findings[0].code == "RAP-34"
        with pytest.raises(ReportError, match="PUB-28"):
            publish.load_tables(path, STANDARD)
    finally:
        path.write_bytes(stored)


def test_an_unknown_number_of_employees_is_counted_from_the_days(config, imported, evaluation):
    rows = imported.rows.assign(employees=np.nan)
    own = published(config, replace(imported, rows=rows), evaluation)["own/sick_leave_total"]
    assert own.audit.n_withheld == 0
    few = plant(imported, 1)
    own = published(config, replace(few, rows=few.rows.assign(employees=np.nan)), evaluation)["own/sick_leave_total"]
    assert hidden(own, unit=SMALL).all()
