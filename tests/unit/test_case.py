"""One municipality's case: its own figures, its peers, its intake's effects, and who gets no report."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from made_programme import made_programme
from publish_samples import opened

from kvalitet_eval.errors import UsageError
from kvalitet_eval.estimate.regression_to_mean import expect_change
from kvalitet_eval.estimate.verdict import MEMBERS
from kvalitet_eval.present.messages import why_and_mend
from kvalitet_eval.publish import Memory, Policy
from kvalitet_eval.report.case import load_case, participant, reportable
from kvalitet_eval.report.imported import load_imported
from kvalitet_eval.report.own_figures import compared_periods
from kvalitet_eval.report.published_rates import publish_rates

INNSATS, PULJE_2, PULJE_4, START_UNKNOWN = "0542", "1902", "0429", "0423"


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return made_programme(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="module")
def imported(config):
    return load_imported(config)


@pytest.fixture(scope="module")
def case(config):
    return load_case(config.path, INNSATS)


def rate_pct(rows, number, quarters):
    chosen = rows[(rows["municipality_number"] == number) & rows["quarter"].isin(quarters)]
    return 100 * (chosen["lost_days_self"].sum() + chosen["lost_days_doctor"].sum()) / chosen["agreed_days"].sum()


def peers_of(case):
    """Those of the same size that took no part, found without the package."""
    table = case.imported.membership
    near = table["population"].between(5000, 19_999)
    return list(table.loc[near & table["status"].isin(["never_treated", "unknown"]), "municipality_number"])


def periods(case):
    return compared_periods(case.intake, str(case.imported.record["last_quarter"]))


def republished(case, imported):
    """The same case after other figures were published."""
    account, policy = case.evaluation.account, Policy.load("standard")
    found = publish_rates(case.config, imported, case.outcome, account, policy, memory=Memory())
    names = [name for name in case.evaluation.published if not name.startswith(("own", "others", "expected"))]
    shown = {**{name: case.evaluation.published[name] for name in names}, **found}
    return replace(case, imported=imported, evaluation=replace(case.evaluation, published=shown))


def year(text):
    return [f"{text}Q{quarter}" for quarter in (1, 2, 3, 4)]


def test_a_case_knows_who_it_is_about(case):
    assert (case.number, case.name, case.county, case.status) == ("0542", "Nord-Aurdal", "Oppland", "treated")
    assert (case.intake.id, case.outcome.id, case.origin) == ("innsats", "sick_leave_total", "syntetisk")
    assert case.population == 6436
    assert case.peers_are_confirmed


def test_own_development_is_sum_over_sum_of_four_quarters(case):
    own = case.own_development().to_frame().set_index("window_end")
    assert own.loc["2006Q4", "rate_pct"] == pytest.approx(rate_pct(case.imported.rows, INNSATS, year(2006)), rel=1e-12)
    assert not own.loc["2004Q3", "complete"]
    assert own.loc["2004Q4", "complete"]


def test_peers_are_the_municipalities_of_the_same_size_that_took_no_part(case):
    table = case.imported.membership.set_index("municipality_number")
    peers = table.loc[peers_of(case)]
    assert set(peers["status"]) == {"never_treated"}
    assert peers["population"].between(5000, 19_999).all()
    everybody = table[(table["status"] == "never_treated") & table["population"].between(5000, 19_999)]
    assert len(peers) == len(everybody) > 100


def test_the_peers_rate_is_sum_over_sum_with_the_middle_eighty_per_cent(case):
    rows = case.imported.rows
    found = case.peer_development().to_frame().set_index("window_end").loc["2006Q4"]
    inside = rows[rows["municipality_number"].isin(peers_of(case))].assign(municipality_number="all")
    assert found["rate_pct"] == pytest.approx(rate_pct(inside, "all", year(2006)), rel=1e-12)
    each = [rate_pct(rows, number, year(2006)) for number in peers_of(case)]
    assert [found["low_pct"], found["high_pct"]] == pytest.approx(np.quantile(each, [0.1, 0.9]), rel=1e-9)


def test_the_years_compared_are_the_one_before_the_start_and_the_second_after(case, config):
    assert periods(case).before == ("2006Q1", "2006Q4")
    assert periods(case).after == ("2008Q1", "2008Q4")
    row = case.before_after().to_frame().iloc[0]
    names = ("before_from", "before_to", "after_from", "after_to")
    assert tuple(row[list(names)]) == ("2006Q1", "2006Q4", "2008Q1", "2008Q4")
    late = load_case(config.path, PULJE_4)
    assert late.intake.first_treated_quarter == "2009Q1"
    assert periods(late).before == ("2008Q1", "2008Q4")
    assert periods(late).after == ("2010Q1", "2010Q4")


def test_a_panel_that_ends_early_gives_the_first_year_after(config, imported):
    late = load_case(config.path, PULJE_4)
    assert compared_periods(late.intake, "2010Q3").after == ("2009Q1", "2009Q4")


def test_the_change_stands_beside_the_one_expected_of_the_level(case):
    found, rows = case.before_after().to_frame().iloc[0], case.imported.rows
    before, after = (rate_pct(rows, INNSATS, year(y)) for y in (2006, 2008))
    assert (found.before, found.after) == pytest.approx((before, after), rel=1e-12)
    assert found.change == pytest.approx(after - before, rel=1e-9)
    levels = np.array([[rate_pct(rows, number, year(y)) for y in (2006, 2008)] for number in peers_of(case)])
    expected = expect_change(before, after, levels[:, 0], levels[:, 1])
    assert found.expected == pytest.approx(expected.expected, rel=1e-9)
    assert found.n_comparison == len(peers_of(case))


def test_too_few_peers_give_no_expectation(case):
    few = case.imported.membership
    few = few[~few["municipality_number"].isin(peers_of(case)[9:])]
    lonely = republished(case, replace(case.imported, membership=few))
    assert len(peers_of(lonely)) == 9
    assert len(lonely.before_after()) == 0
    peers = lonely.peer_development()
    whole = peers.to_frame()["complete"].to_numpy(dtype=bool)
    assert set(peers.marks()["low_pct"][whole]) == {":"}
    assert peers.to_frame()["rate_pct"].notna().all()


def test_a_missing_year_gives_no_before_and_after(case):
    rows = case.imported.rows
    gap = rows[(rows["municipality_number"] != INNSATS) | (rows["quarter"] != "2006Q2")]
    assert len(republished(case, replace(case.imported, rows=gap)).before_after()) == 0


def test_effects_are_the_intakes_stored_rows(case):
    row = case.effect().to_frame().iloc[0]
    stored = case.evaluation.select(estimand="cohort", cohort="innsats", method="imputation", weighting="municipality")
    assert row["estimate"] == stored["estimate"].iloc[0]
    assert len(case.effects()) == 4
    course = case.course().to_frame()
    assert set(course["cohort"]) == {"innsats"}
    assert set(course["method"]) == {"imputation"}
    assert 0 in set(course["event_time"])


@pytest.mark.parametrize(
    ("headline", "others", "verdict"),
    [
        ((-0.6, -0.1), (-0.6, -0.1), "better"), ((0.1, 0.6), (0.1, 0.6), "worse"),
        ((-0.6, -0.1), (-0.6, 0.1), "consistent_with_regression_to_the_mean"),
        ((-0.6, 0.1), (-0.6, -0.1), "cannot_be_told"), ((float("nan"), float("nan")), (-0.6, -0.1), "cannot_be_told"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("number", [INNSATS, PULJE_2])
def test_the_verdict_follows_the_whole_bracket(config, number, headline, others, verdict):
    case = load_case(config.path, number)
    rows = case.evaluation.published["bracket/sick_leave_total"].to_frame()
    is_headline = rows["member"] == "imputation"
    changed = rows.assign(
        **{name: np.where(is_headline, headline[i], others[i]) for i, name in enumerate(("conf_low", "conf_high"))}
    )
    shown = {**case.evaluation.published, "bracket/sick_leave_total": opened(changed)}
    assert replace(case, evaluation=replace(case.evaluation, published=shown)).verdict() == verdict


def test_the_bracket_and_the_bump_are_the_intakes_own(case):
    ways = case.bracket().to_frame()
    assert tuple(ways["member"]) == MEMBERS
    assert set(ways["cohort"]) == {"innsats"}
    effect = case.effect().to_frame().iloc[0]
    headline = ways.set_index("member").loc["imputation"]
    assert headline["estimate"] == pytest.approx(effect["estimate"], rel=1e-12)
    assert headline["conf_low"] == pytest.approx(effect["conf_low"], rel=1e-12)
    bump = case.bump().to_frame()
    assert (bump["cohort"].tolist(), bump["method"].tolist()) == (["innsats"], ["bump"])


def test_without_a_known_start_nothing_is_said_about_effects(config):
    case = load_case(config.path, START_UNKNOWN)
    assert (case.status, case.intake) == ("start_unknown", None)
    assert case.verdict() == "cannot_be_told"
    shown = (case.effect(), case.effects(), case.course(), case.bracket(), case.bump(), case.before_after())
    assert [len(table) for table in shown] == [0] * 6
    assert len(case.own_development()) == 28


def test_published_figures_are_the_annual_reports(case, config):
    assert case.printed_rates().to_frame().iloc[0][["P1", "P2", "P3"]].tolist() == [11.2, 11.5, 8.3]
    changes = case.printed_changes().to_frame().set_index("from_period")
    assert changes["change_pp"].round(1).to_dict() == {"P1": -2.9, "P2": -3.2}
    other = load_case(config.path, PULJE_2)
    assert len(other.printed_rates()) == len(other.printed_changes()) == 0


def test_a_programme_without_a_published_table_has_no_published_figures(case):
    kept = {name: table for name, table in case.evaluation.published.items() if not name.startswith("printed")}
    bare = replace(case, evaluation=replace(case.evaluation, published=kept))
    assert bare.printed_rates() is bare.printed_changes() is None


def refused(imported, number, config):
    with pytest.raises(UsageError) as caught:
        participant(imported, number, config)
    (item,) = caught.value.findings
    assert (item.column, item.found) == ("municipality", number)
    return item.code, *why_and_mend(item)


def test_numbers_that_do_not_exist_are_refused_with_what_is_near(imported, config):
    code, why, mend = refused(imported, "301", config)
    assert code == "BRK-10"
    assert why == "Det finnes ingen kommune med nummeret 301 i grensene fra 2008."
    assert mend == "Skriv nummeret med fire sifre. Nærmeste: 0301 Oslo (Oslo)."
    assert "1505 Kristiansund" in refused(imported, "1503", config)[2]
    code, why, mend = refused(imported, "9999", config)
    assert code == "BRK-16"
    assert why.endswith("ingen kommune med nummeret 9999 i grensene fra 2008, og heller ingen som ligner.")
    assert "municipality_register/municipalities_2008.csv" in mend


@pytest.mark.parametrize(("number", "name"), [("0301", "Oslo"), ("0101", "Halden"), ("0713", "Sande")])
def test_those_who_do_not_take_part_get_no_report(imported, config, number, name):
    code, why, _ = refused(imported, number, config)
    assert (code, why.split(" er ikke blant deltakerne")[0]) == ("BRK-11", name)


def test_a_participant_without_figures_gets_no_report(imported, config):
    rows = imported.rows[imported.rows["municipality_number"] != INNSATS]
    code, why, _ = refused(replace(imported, rows=rows), INNSATS, config)
    assert code == "BRK-17"
    assert why.startswith("Nord-Aurdal er med i programmet, men har ingen tall i panelet sick_leave_days_syntetisk.csv")
    assert INNSATS in reportable(imported)
    assert INNSATS not in reportable(replace(imported, rows=rows))


def test_every_participant_with_figures_gets_a_report(imported):
    numbers = reportable(imported)
    status = imported.membership.set_index("municipality_number")["status"]
    assert pd.Series(status[numbers]).value_counts().to_dict() == {"treated": 57, "start_unknown": 5}
