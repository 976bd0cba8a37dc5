"""One cohort's case: its members, the listed names that are none, its development and its stored effects."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from made_programme import made_programme

from kvalitet_eval.errors import ConfigError
from kvalitet_eval.estimate.verdict import MEMBERS
from kvalitet_eval.report.absent import Absent
from kvalitet_eval.report.cohort_case import load_cohort_case

LISTED = (
    "0106", "0216", "0235", "0501", "0542", "0605", "0722", "0807", "1002", "1251", "1505", "2025",
)  # fmt: skip
"""Table 1 of the annual report 2007, by number in the borders of 2008."""


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return made_programme(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def case(config):
    return load_cohort_case(config.path, "innsats")


def days(rows, numbers, year):
    quarters = [f"{year}Q{quarter}" for quarter in (1, 2, 3, 4)]
    chosen = rows[rows["municipality_number"].isin(numbers) & rows["quarter"].isin(quarters)]
    return 100 * (chosen["lost_days_self"].sum() + chosen["lost_days_doctor"].sum()) / chosen["agreed_days"].sum()


def test_a_case_knows_whom_it_is_about(case):
    assert (case.subject.kind, case.subject.id) == ("cohort", "innsats")
    assert case.subject.name == case.intake_name == "Innsatskommuner sykefravær"
    assert (case.year_before, case.sizes(), case.selected) == ("2006Q4", "12", (10, 2))
    assert not case.is_partly_known


def test_members_are_the_listed_ones_in_norwegian_order_with_their_size(case):
    assert sorted(case.members["municipality_number"]) == sorted(LISTED)
    assert list(case.members["name"])[:2] == ["Deatnu - Tana", "Fredrikstad"]
    assert list(case.members["name"])[-5:] == ["Notodden", "Nøtterøy", "Ringerike", "Ullensaker", "Vaksdal"]
    row = case.members.set_index("municipality_number").loc["0542"]
    assert (row["name"], row["county"], row["population"]) == ("Nord-Aurdal", "Oppland", 6436)


def test_the_development_is_sum_over_sum_not_a_mean_of_rates(case):
    own = case.development().to_frame().set_index("window_end")
    expected = days(case.imported.rows, LISTED, 2006)
    assert own.loc["2006Q4", "rate_pct"] == pytest.approx(expected, rel=1e-12)
    each = [days(case.imported.rows, [number], 2006) for number in LISTED]
    assert abs(np.mean(each) - expected) > 0.01
    assert not own.loc["2004Q3", "complete"]


def test_the_comparison_are_those_outside_the_programme_with_their_middle_eighty_per_cent(case):
    table = case.imported.membership
    outside = table.loc[table["status"] == "never_treated", "municipality_number"]
    found = case.comparison_development().to_frame().set_index("window_end").loc["2006Q4"]
    assert found["rate_pct"] == pytest.approx(days(case.imported.rows, outside, 2006), rel=1e-12)
    each = [days(case.imported.rows, [number], 2006) for number in outside]
    assert [found["low_pct"], found["high_pct"]] == pytest.approx(np.quantile(each, [0.1, 0.9]), rel=1e-9)


def test_nobody_outside_the_programme_is_an_empty_comparison(case):
    shown = {name: table for name, table in case.evaluation.published.items() if not name.startswith("others/")}
    alone = replace(case, evaluation=replace(case.evaluation, published=shown))
    assert len(alone.comparison_development()) == 0


def test_listed_names_that_are_no_members_have_their_reason(config):
    case = load_cohort_case(config.path, "pulje_2")
    assert (len(case.members), case.sizes(), case.is_partly_known) == (40, "46, 49 eller 44", True)
    second = "Kommunen er regnet med i Innsatskommuner sykefravær, der den startet først."
    absent = case.absent()
    assert [item.name for item in absent] == ["Bydel Nordre Aker", "Mandal (1002)", "Sande", "Ullensaker (0235)"]
    assert Absent("Mandal (1002)", second) in absent
    assert "Sande (0713) eller Sande (1514)" in absent[2].reason
    assert absent[0].reason.startswith("Dette er en bydel, ikke en kommune. Oslo (0301)")


def test_members_whose_intake_is_not_proven_are_not_members(config):
    case = load_cohort_case(config.path, "pulje_1")
    assert len(case.members) == 3
    assert {item.name for item in case.absent()} == {"Grue (0423)", "Rana (1833)", "Steinkjer (1702)"}
    assert {item.reason for item in case.absent()} == {
        "Kommunen deltok, men det er ikke påvist at den kom med i dette opptaket."
    }


def test_a_member_without_figures_is_absent_with_its_reason(case):
    account = case.evaluation.account.set_index("unit")
    account.loc["0542", ["role", "reason"]] = ["left_out", "no_figures"]
    less = replace(case, evaluation=replace(case.evaluation, account=account.reset_index()))
    assert "0542" not in set(less.members["municipality_number"])
    assert less.absent() == [Absent("Nord-Aurdal (0542)", "Ingen tall.")]
    assert less.is_partly_known


def test_other_measures_among_the_members_are_told(case, config):
    assert case.co_interventions() == [("Mandal", "Tillitsprosjektet", dt.date(2008, 5, 1))]
    assert load_cohort_case(config.path, "pulje_2").co_interventions() == []


def test_results_are_the_cohorts_stored_rows(case):
    assert case.has_effect
    assert len(case.effects()) == 4
    ways = case.bracket().to_frame()
    assert tuple(ways["member"]) == MEMBERS
    assert set(ways["cohort"]) == {"innsats"}


def test_the_member_that_means_most_is_named_not_numbered(case):
    check = case.leave_one_out().to_frame().set_index("fact")
    assert (check.loc["n", "value"], check.loc["most", "words"]) == (12, "Fredrikstad")
    stored = case.evaluation.leave_one_out.query("cohort == 'innsats'")
    most = stored.iloc[1:].set_index("left_out")["difference"].abs().idxmax()
    assert case.imported.membership.set_index("municipality_number").loc[most, "name"] == "Fredrikstad"


def test_a_cohort_of_two_is_never_asked_what_one_of_them_means(config):
    case = load_cohort_case(config.path, "pulje_4")
    assert (len(case.members), case.has_effect, case.verdict()) == (2, True, "cannot_be_told")
    assert case.leave_one_out() is None


def test_a_cohort_without_names_has_no_result_and_is_still_a_case(config):
    case = load_cohort_case(config.path, "pulje_3")
    assert case.members.empty
    assert len(case.development()) == 0
    assert case.absent() == []
    assert len(case.effect()) == 0
    assert not case.has_effect
    assert len(case.bracket()) == 0
    assert case.verdict() == "cannot_be_told"
    assert case.is_partly_known


def test_an_unknown_cohort_is_refused(config):
    with pytest.raises(ConfigError) as caught:
        load_cohort_case(config.path, "pulje_9")
    assert [item.code for item in caught.value.findings] == ["KON-05"]
