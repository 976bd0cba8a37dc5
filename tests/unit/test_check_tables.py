"""The tables of the robustness checks."""

from __future__ import annotations

import numpy as np
import pandas as pd
from case_samples import effect_row
from publish_samples import STANDARD, opened, published_checks

from kvalitet_eval.estimate.check_result import CheckResult
from kvalitet_eval.estimate.honest import honest_from
from kvalitet_eval.present.check_tables import checks_table, honest_table, leave_out_table, pools_table
from kvalitet_eval.report.published_effects import publish_left_out

ABOUT = {"source": "Panelet prøve.csv."}


def texts(table):
    return [[cell.text.replace("\u00a0", " ") for cell in row] for row in table.content.rows]


def test_a_check_that_is_not_made_to_be_passed_is_information():
    facts = {"share": 0.25, "estimate": -0.3}
    rows = texts(
        checks_table(
            published_checks(
                CheckResult("bacon", None, pd.DataFrame(), "check.bacon", facts),
                CheckResult(
                    "bracket", False, pd.DataFrame(), "check.bracket.failed", {"n_members": 7, "n_agreeing": 5}
                ),
                CheckResult("honest", True, pd.DataFrame(), "check.honest.passed", {"breakdown": 1.25}),
            ),
            **ABOUT,
        )
    )
    assert [row[1] for row in rows] == ["til opplysning", "ikke bestått", "bestått"]
    assert rows[1][2].startswith("5 av 7 beregningsmåter gir samme retning")
    assert "inntil 1,25 ganger" in rows[2][2]


def test_honest_intervals_stand_by_their_bound():
    found = honest_from(np.array([0.1, 1.0]), 1e-12 * np.eye(2), 1, 1, mbar=(0.5, 2.0))
    assert texts(honest_table(opened(found.to_frame()), **ABOUT)) == [
        ["0,50", "0,95 til 1,05"],
        ["2,00", "0,80 til 1,20"],
    ]


def test_what_is_left_out_has_its_name_and_the_first_row_leaves_out_nobody():
    frame = pd.DataFrame(
        {
            "left_out": ["", "0542"],
            "estimate": [-0.4, -0.35],
            "conf_low": [-0.7, np.nan],
            "conf_high": [-0.1, np.nan],
            "difference": [0.0, 0.05],
        }
    )
    frame = frame.assign(n_treated=12, n_comparison=400)
    check = CheckResult("leave_one_out", True, frame, "check.leave_out.not_applicable")
    about = {"origin": "syntetisk", "output": "left_out"}
    rows = publish_left_out(check, STANDARD, persons=500.0, **about)
    table = leave_out_table(rows, id=check.name, names={"0542": "Nord-Aurdal"}, **ABOUT)
    assert table.content.id == "leave-one-out"
    assert texts(table) == [
        ["Ingen, alle er med", "−0,40", "−0,70 til −0,10", "0,00"],
        ["Nord-Aurdal", "−0,35", "..", "+0,05"],
    ]
    few = leave_out_table(publish_left_out(check, STANDARD, persons=1.0, **about), id=check.name, names={}, **ABOUT)
    assert [row[1:] for row in texts(few)] == [[":", ":", ":"], [":", ":", ":"]], (
        "a withheld member is not given by subtraction"
    )


def test_pools_have_their_estimate_and_how_alike_they_were():
    row = pd.DataFrame([effect_row("below", comparison="same_level")]).assign(
        level=0.011, last_year=-0.2, slope=0.0, log_size=np.nan
    )
    table = pools_table(opened(row), **ABOUT)
    assert texts(table)[0][1:] == ["−0,40", "−0,70 til −0,10", "1 410", "+0,01", "−0,20", "0,00", ".."]
    assert table.content.rows[0][0].text.startswith("kommuner som lå på samme nivå")
    assert "standardiserte forskjeller" in table.content.notes[0]
