"""More panels that are wrong, or too poor for an answer: each is refused, or what it lacks is told with the result."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import KvalitetError
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.prepare.panel import Panel
from kvalitet_eval.prepare.periods import quarters
from kvalitet_eval.present.messages import describe

QUARTERS = quarters("2006Q1", "2008Q4")
TREATED = tuple(f"{number:04d}" for number in range(6))


def frame(n_treated=6, n=20, start="2007Q2"):
    """Twenty municipalities of which some start in the same quarter; column u, q, y, g, w, size."""
    draw = np.random.default_rng(1)
    rows = [
        (f"{i:04d}", quarter, 8 + draw.normal(), start if i < n_treated else None, 100.0, 5000.0)
        for i in range(n)
        for quarter in QUARTERS
    ]
    return pd.DataFrame(rows, columns=["u", "q", "y", "g", "w", "size"])


def started(quarter):
    return lambda f: f.assign(g=f.g.where(f.g.isna(), quarter))


def where(column, unit, value):
    return lambda f: f.assign(**{column: f[column].where(f.u != unit, value)})


def later_called(name):
    return lambda f: f.assign(u=f.u.astype(object).where((f.u != "0007") | (f.q < "2008Q1"), name))


@dataclass(frozen=True)
class Case:
    """A change of the frame and the code of the refusal, with what was found."""

    id: str
    code: str
    change: object
    found: str | None = None
    options: dict = field(default_factory=dict)
    comparison: str = "not_yet_treated"
    anticipation: int = 0


WEIGHTED, SIZED, WITH_STATUS = {"weights": "w"}, {"size": "size"}, {"status": "s"}
REFUSED = (
    Case("everybody starts at once", "DES-07", lambda f: f.assign(g="2007Q2")),
    Case("starts before the panel", "DES-06", started("2001Q1"), ", ".join(TREATED)),
    Case("starts in the first quarter", "DES-06", started("2006Q1"), ", ".join(TREATED)),
    Case("starts after the panel", "DES-06", started("2009Q4"), ", ".join(TREATED), comparison="never_treated"),
    Case("anticipation takes every quarter before", "DES-06", lambda f: f, ", ".join(TREATED), anticipation=9),
    Case("no participant has figures before", "DES-06", lambda f: f[(f.u > "0005") | (f.q >= "2007Q2")]),
    Case("no participant has figures after", "DES-16", lambda f: f[(f.u > "0005") | (f.q < "2007Q2")], "2007Q2"),
    Case("start as a date", "PAN-12", started("2007-04-01"), "2007-04-01"),
    Case("start in words", "PAN-12", started("våren 2007"), "våren 2007"),
    Case("a word for never", "PAN-12", lambda f: f.assign(g=f.g.fillna("nei")), "nei"),
    Case("start as a year", "PAN-13", started(2007), "2007"),
    Case("weight of zero", "PAN-07", where("w", "0003", 0.0), options=WEIGHTED),
    Case("negative weight", "PAN-07", where("w", "0003", -1.0), options=WEIGHTED),
    Case("endless weight", "PAN-04", where("w", "0003", np.inf), "inf", WEIGHTED),
    Case("one has nearly all weight", "EST-39", where("w", "0003", 1e9), "0003", WEIGHTED),
    Case("a quarter twice with other figures", "PAN-02", lambda f: pd.concat([f, f.head(1).assign(y=3.0)]),
         "0000 2006Q1"),
    Case("a quarter twice", "PAN-02", lambda f: pd.concat([f, f.head(1)]), "0000 2006Q1"),
    Case("decimal comma", "PAN-04", lambda f: f.assign(y=f.y.astype(str).where(f.index != 3, "8,1")), "8,1"),
    Case("the same figure everywhere", "EST-36", lambda f: f.assign(y=8.0), "8.0"),
    Case("a blank behind some names", "PAN-20", later_called("0007 "), "0007 "),
    Case("a number among texts", "PAN-20", later_called(7), "7"),
    Case("a name of blanks", "PAN-11", where("u", "0007", "  ")),
    Case("negative size", "PAN-21", where("size", "0007", -5.0), "0007 (-5)", SIZED),
    Case("size of zero", "PAN-21", where("size", "0007", 0.0), "0007 (0)", SIZED),
    Case("start that the status denies", "PAN-22", lambda f: f.assign(s="never_treated"), ", ".join(TREATED),
         WITH_STATUS),
    Case("status that lacks its start", "PAN-14", lambda f: f.assign(s="treated").pipe(where("g", "0003", None)),
         None, WITH_STATUS),
    Case("no row", "PAN-10", lambda f: f.head(0)),
)  # fmt: skip


def answer(changed, options=None, comparison="not_yet_treated", anticipation=0):
    """Panel, design and effects of a frame."""
    panel = Panel.from_frame(changed, unit="u", period="q", outcome="y", cohort="g", **(options or {}))
    design = compare(panel, comparison, anticipation=anticipation)
    return design, estimate(design, "group_time")


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.id)
def test_a_panel_that_cannot_be_used_is_refused(case):
    with pytest.raises(KvalitetError) as caught:
        answer(case.change(frame()), case.options, case.comparison, case.anticipation)
    assert {item.code for item in caught.value.findings} == {case.code}
    assert case.found is None or case.found == caught.value.findings[0].found
    assert "{" not in describe(caught.value.findings)


def test_a_participant_without_figures_after_its_start_is_named():
    f = frame()
    design, _ = answer(f[(f.u != "0003") | (f.q < "2007Q2")])
    (item,) = [item for item in design.findings if item.code == "DES-20"]
    assert (item.severity, item.found, item.facts["n"], item.facts["n_treated"]) == ("warning", "0003", "1", "6")


def test_a_participant_without_any_figure_is_named():
    f = frame()
    design, _ = answer(f.assign(y=f.y.where(f.u != "0003")))
    assert [(item.code, item.found) for item in design.findings] == [("DES-11", "0003")]


def test_a_gap_of_one_municipality_is_no_reason_to_lose_it():
    f = frame()
    design, _ = answer(f[(f.u != "0003") | ~f.q.isin(["2006Q3", "2007Q3"])])
    assert design.account.set_index("unit").loc["0003", "role"] == "treated"
    assert not design.findings


@pytest.mark.parametrize(
    ("n", "n_treated", "comparison"), [(20, 1, "not_yet_treated"), (7, 6, "never_treated")], ids=["treated", "compared"]
)
def test_one_municipality_on_a_side_gives_no_standard_error(n, n_treated, comparison):
    table = answer(frame(n_treated, n), comparison=comparison)[1].frame
    assert len(table)
    assert table[["std_error", "p_value", "conf_low", "conf_high"]].isna().all(axis=None)


def test_an_intake_without_a_name_is_called_by_its_start():
    f = frame()
    panel = Panel.from_frame(
        f.assign(n=f.g.where(f.g.isna(), "  ")), unit="u", period="q", outcome="y", cohort="g", cohort_name="n"
    )
    assert set(panel.cohort) == {"", "2007Q2"}


def test_a_panel_that_ends_in_the_quarter_of_the_start_has_an_answer_for_that_quarter_alone():
    f = started("2008Q4")(frame())
    table = answer(f)[1].frame
    assert set(table.loc[table["event_time"] >= 0, "period"].dropna()) == {"2008Q4"}
