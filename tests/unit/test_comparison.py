"""Who is compared with whom: every rule, and the account of everybody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hand_panels import GAP, NEVER, panel

from kvalitet_eval.design.comparison import compare, size_group
from kvalitet_eval.errors import DesignError
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.present.messages import why_and_mend

ROWS = {
    "early": (1, [1.0, 2, 3, 4]),
    "first": (3, [1.0, 2, 3, 5]),
    "second": (4, [1.0, 3, 3, 5]),
    "late": (9, [1.0, 2, 4, 4]),
    "never": (NEVER, [1.0, 2, 3, 4]),
    "other": (NEVER, [1.0, 2, 2, 4]),
}
STATUS = {"never": "never_treated", "other": "unknown"}


def make(rows=ROWS, status=STATUS, **columns):
    known = {u: status.get(u, "never_treated") if g is NEVER else "treated" for u, (g, _) in rows.items()}
    return panel(rows, status=known, **columns)


def account(design) -> dict[str, tuple[str, str]]:
    rows = design.account
    return dict(zip(rows["unit"], zip(rows["role"], rows["reason"], strict=True), strict=True))


def test_not_yet_treated_uses_later_starts_and_leaves_the_unknown_out():
    design = compare(make())
    assert account(design) == {
        "early": ("left_out", "no_period_before"),
        "first": ("treated", "treated"),
        "second": ("treated", "treated"),
        "late": ("comparison", "starts_later"),
        "never": ("comparison", "never_treated"),
        "other": ("left_out", "unknown"),
    }
    assert design.panel.units == ("first", "late", "never", "second")
    assert design.pool.tolist() == [False, False, True, False]
    assert [c.name for c in design.cohorts] == ["3", "4"]
    assert [f.code for f in design.findings] == ["DES-09", "DES-10"]


def test_non_participants_takes_the_unknown_in_with_a_warning():
    design = compare(make(), "non_participants", published_participants=138)
    assert account(design)["other"] == ("comparison", "unknown")
    assert account(design)["late"] == ("left_out", "starts_later")
    warning = design.findings[0]
    assert warning.code == "DES-08"
    assert warning.facts["published"] == "138"
    assert "ukjente deltakere i sammenligningsgruppen trekker resultatet mot null" in str(DesignError(warning))


def test_never_treated_refuses_what_nobody_has_confirmed():
    with pytest.raises(DesignError) as error:
        compare(make(), "never_treated", published_participants=138)
    assert error.value.findings[0].code == "DES-05"
    assert "1 kommuner kan ikke kalles «aldri med». Programmet oppga 138 deltakere" in str(error.value)
    confirmed = compare(make(status={}), "never_treated")
    assert account(confirmed)["other"] == ("comparison", "never_treated")
    assert not confirmed.uses_later_cohorts


def test_anticipation_takes_away_a_cohort_without_a_period_before():
    design = compare(make(), anticipation=2)
    assert account(design)["first"] == ("left_out", "no_period_before")
    assert account(design)["second"] == ("treated", "treated")


@pytest.mark.parametrize("status", ["start_unknown", "possible_participant", "excluded"])
@pytest.mark.parametrize("comparison", ["not_yet_treated", "non_participants", "never_treated"])
def test_a_possible_participant_is_never_compared_with(status, comparison):
    design = compare(make(status={"other": status}), comparison)
    assert account(design)["other"] == ("left_out", status)


def test_an_excluded_status_bars_a_municipality_with_a_start_too():
    statuses = {"first": "excluded", "second": None, "late": None, "early": None, "never": "never_treated"}
    found = panel({u: ROWS[u] for u in statuses}, status=statuses)
    assert account(compare(found))["first"] == ("left_out", "excluded")


def test_units_left_out_by_name_on_both_sides_with_their_reasons():
    design = compare(make(status={}), exclude={"first": "own measure", "never": "district"})
    assert account(design)["first"] == account(design)["never"] == ("left_out", "excluded")
    notes = design.account.set_index("unit")["note"]
    assert (notes["first"], notes["never"], notes["other"]) == ("own measure", "district", "")


def test_a_municipality_without_figures_is_accounted_for():
    found = make(status={})
    silent = np.array(found.units)[:, None] == "other"
    design = compare(replace(found, outcome=np.where(silent, np.nan, found.outcome)))
    assert account(design)["other"] == ("left_out", "no_figures")
    assert "1 kommuner har ingen tall og er holdt utenfor: other." in str(DesignError(design.findings[-1]))


SIZES = {"first": 4000, "second": 30000, "late": 100, "never": 4999, "other": 25000, "third": 5000, "more": 3000}


def sized(**sizes: float):
    rows = {u: ROWS[u] for u in ("first", "second", "never", "other")}
    rows |= {"third": (NEVER, [1.0, 2, 2, 2]), "more": (NEVER, [1.0, 1, 1, 2])}
    return panel(rows, size={**SIZES, **sizes})


def test_same_size_weighs_the_groups_as_among_the_treated():
    design = compare(sized(), "same_size")
    assert account(design)["third"] == ("left_out", "other_size")
    weight = dict(zip(design.panel.units, design.pool_weight, strict=True))
    assert (weight["never"], weight["more"], weight["other"]) == (0.75, 0.75, 1.5)  # half and half, mean 1
    omega = build_cells(design).omega
    assert sorted(set(omega[:, 0])) == [0.75, 1.0, 1.5]


def test_same_size_counts_employees_where_the_panel_does():
    rows = {u: ROWS[u] for u in ("first", "second", "never", "other")}
    weights = {"first": 1.0, "second": 3.0, "never": 2.0, "other": 2.0}
    design = compare(panel(rows, size=SIZES, weights=weights), "same_size")
    weight = dict(zip(design.panel.units, design.pool_weight, strict=True))
    assert (weight["never"], weight["other"]) == (0.5, 1.5)  # a quarter of the employees is in small municipalities


def test_same_size_leaves_out_who_has_no_size_instead_of_calling_it_largest():
    design = compare(sized(other=np.nan, second=np.nan), "same_size")
    assert account(design)["other"] == account(design)["second"] == ("left_out", "no_size")
    assert design.findings[-1].code == "DES-13"
    assert "2 kommuner mangler innbyggertall og er holdt utenfor: other, second." in str(
        DesignError(design.findings[-1])
    )


@pytest.mark.parametrize(
    ("make_design", "code", "words"),
    [
        (lambda: compare(make(), "matched"), "DES-01", "Velg en av disse: not_yet_treated, never_treated"),
        (lambda: compare(make(), anticipation=-1), "DES-02", "kan ikke være negativt"),
        (lambda: compare(make(), exclude=["0301"]), "DES-03", "Rett numrene."),
        (lambda: compare(make(status={}), "same_size"), "DES-04", "krever innbyggertall"),
        (lambda: compare(panel({"a": (NEVER, [1.0, 2])})), "DES-06", "Ingen av de 1 kommunene både starter"),
        (lambda: compare(panel({"a": (1, [1.0, 2]), "b": (NEVER, [1.0, 2])})), "DES-06", "har tall fra før oppstarten"),
        (lambda: compare(panel({"a": (2, [1.0, 2]), "b": (2, [1.0, 2])})), "DES-07", "ingen å sammenligne med"),
        (lambda: compare(panel({"a": (2, [1.0, 2])}), "never_treated"), "DES-07", "Det gjelder opptak 2."),
        (
            lambda: compare(sized(other=4000), "same_size"),
            "DES-12",
            "ingen sammenligningskommuner i størrelsesgruppe 3 (grenser: 5000, 20000 innbyggere)",
        ),
    ],
)
def test_a_design_that_cannot_be_made_says_why(make_design, code, words):
    with pytest.raises(DesignError) as error:
        make_design()
    assert [f.code for f in error.value.findings] == [code]
    assert words in str(error.value)


def test_who_starts_outside_the_figures_is_named():
    """H01: b starts before the figures begin and c after they end."""
    rows = {"b": (1, [1.0, 2]), "c": (9, [1.0, 2]), "d": (NEVER, [0.0, 1])}
    with pytest.raises(DesignError) as error:
        compare(panel(rows))
    assert error.value.findings[0].found == "b, c"
    design = compare(panel(rows | {"a": (2, [1.0, 2])}))
    assert account(design)["c"] == ("comparison", "starts_later")
    assert [(f.code, f.found) for f in design.findings] == [("DES-10", "b")]


def test_intakes_without_figures_after_their_start_are_refused_by_name_all_at_once():
    """I08: an average over the other intakes would hide that nothing is known of these."""
    rows = {"a": (2, [1.0, 2, 3]), "b": (3, [1.0, 2, GAP]), "c": (3, [0.0, 1, GAP]), "d": (NEVER, [0.0, 1, 1])}
    with pytest.raises(DesignError) as error:
        compare(panel(rows))
    (fault,) = error.value.findings
    assert (fault.code, fault.severity, fault.found, fault.facts["units"]) == ("DES-16", "error", "3", "b, c")
    why, mend = why_and_mend(fault)
    assert "ingenting kan sies om dem" in why
    assert "comparison.exclude" in mend
    with pytest.raises(DesignError) as error:
        compare(panel(rows | {"a": (2, [1.0, GAP, GAP])}))
    assert [item.found for item in error.value.findings] == ["2", "3"]
    design = compare(panel(rows | {"c": (3, [0.0, 1, 1])}))
    assert [(item.code, item.severity, item.found) for item in design.findings] == [("DES-20", "warning", "b")]


def test_a_limit_belongs_to_the_group_above_it():
    assert size_group(np.array([0, 4999.9, 5000, 19999, 20000]), (5000, 20000)).tolist() == [0, 0, 1, 1, 2]


def test_everybody_starts_in_the_end_and_the_last_cohort_cannot_be_told():
    design = compare(
        panel({"a": (2, [1.0, 2, 3]), "b": (2, [0.0, 2, 2]), "c": (3, [1.0, 1, 2]), "d": (3, [2.0, 2, 0])})
    )
    rows = estimate(design, leads=0).to_frame().set_index(["cohort", "period"])["estimate"]
    assert rows["2", "2"] == pytest.approx((1 + 2) / 2 - 0)
    assert rows.drop(("2", "2")).isna().all()
