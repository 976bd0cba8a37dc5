"""From days to the panel that effects are estimated from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from programme_copy import PROGRAMME

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.outcome_panel import base_year_days, outcome_panel
from kvalitet_eval.prepare.periods import quarters

CONFIG = load_config(PROGRAMME)
WINDOW = ("2006Q1", "2007Q2")
TABLE = pd.DataFrame(
    {
        "municipality_number": ["0101", "0301", "0542", "1505"],
        "intake": ["pulje_1", None, "innsats", None],
        "first_quarter": ["2007Q2", None, "2007Q1", None],
        "status": ["treated", "excluded", "treated", "never_treated"],
        "population": [27000, 560000, 6500, 22000],
    }
)


def make_rows(**lost: float) -> pd.DataFrame:
    """Two sectors: 900 and 100 agreed days; ``lost`` per municipality goes to the first, 10 to the second."""
    lines = [
        (number, quarter, sector, 50.0, agreed, part if sector == "health_care" else 5.0, 5.0)
        for number, part in lost.items()
        for quarter in quarters("2005Q4", "2007Q4")
        for sector, agreed in (("health_care", 900.0), ("other", 100.0))
    ]
    names = [
        "municipality_number",
        "quarter",
        "sector",
        "employees",
        "agreed_days",
        "lost_days_self",
        "lost_days_doctor",
    ]
    return pd.DataFrame(lines, columns=names).assign(origin="observed")


ROWS = make_rows(**{"0101": 85.0, "0301": 50.0, "0542": 75.0})


def panel(rows: pd.DataFrame = ROWS, outcome: str = "sick_leave_total", **options):
    return outcome_panel(rows, TABLE, CONFIG, outcome, **{"window": WINDOW} | options)


def test_rates_are_sums_over_sums_of_the_sectors():
    found = panel()
    assert found.units == ("0101", "0301", "0542", "1505")
    assert found.periods == quarters(*WINDOW)
    assert found.outcome[0] == pytest.approx(np.full(6, 100 * (85 + 5 + 5 + 5) / 1000))
    assert panel(outcome="sick_leave_self").outcome[0] == pytest.approx(np.full(6, 100 * (85 + 5) / 1000))
    assert found.unit_of_measure == "percentage points"
    assert found.outcome_id == "sick_leave_total"


def test_starts_names_status_and_size_come_from_the_membership():
    found = panel()
    assert found.cohort == ("pulje_1", "", "innsats", "")
    assert found.status == ("treated", "excluded", "treated", "never_treated")
    assert found.event_time()[2].tolist() == [-4, -3, -2, -1, 0, 1]
    assert found.size.tolist() == [27000, 560000, 6500, 22000]


def test_a_municipality_without_figures_stays_to_be_accounted_for():
    assert not panel().observed[3].any()
    assert panel().observed[:3].all()


def test_a_missing_part_makes_the_rate_missing_and_not_smaller():
    rows = ROWS.copy()
    rows.loc[(rows["municipality_number"] == "0101") & (rows["quarter"] == "2006Q2"), "lost_days_self"] = [np.nan, 5.0]
    assert panel(rows).observed[0].tolist() == [True, False, True, True, True, True]


def test_employee_weights_are_the_agreed_days_of_the_year_before_the_first_intake():
    rows = ROWS.copy()
    own = rows["municipality_number"] == "0101"
    rows.loc[own & rows["quarter"].isin(["2006Q1", "2006Q2"]), "agreed_days"] *= 3
    rows.loc[own & (rows["quarter"] >= "2007Q1"), "agreed_days"] *= 100
    found = panel(rows, weighting="employee")
    assert found.weights[0] == pytest.approx(np.full(6, 2000.0))
    assert found.weights[2] == pytest.approx(np.full(6, 1000.0))


def test_base_year_is_the_year_before_the_first_intake():
    measured = pd.DataFrame(
        {"municipality_number": "0101", "quarter": quarters("2005Q4", "2007Q1"), "agreed_days": [9.0, 1, 2, 3, 4, 9]}
    )
    assert base_year_days(measured, CONFIG)["0101"] == 2.5


def test_a_municipality_that_joined_the_register_late_is_weighed_by_the_quarters_it_has():
    rows = ROWS[(ROWS["municipality_number"] != "0301") | (ROWS["quarter"] >= "2007Q1")]
    found = panel(rows, weighting="employee")
    assert found.weights[1, 4:].tolist() == [1000.0, 1000.0]
    assert found.observed[1].tolist() == [False] * 4 + [True] * 2


def test_one_synthetic_row_makes_the_panel_synthetic():
    assert panel().origin == "observed"
    rows = ROWS.copy()
    rows.loc[0, "origin"] = "syntetisk"
    assert panel(rows).origin == "syntetisk"


def test_the_callers_frames_are_not_changed():
    rows, table = ROWS.copy(), TABLE.copy()
    panel(weighting="employee")
    pd.testing.assert_frame_equal(ROWS, rows)
    pd.testing.assert_frame_equal(TABLE, table)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"weighting": "day"}, "PAN-08", "Velg en av disse: municipality, employee."),
        ({"window": None}, "PAN-09", "Tallene går fra 2005Q4 til 2007Q4."),
    ],
)
def test_what_cannot_be_built_says_why(options, code, words):
    with pytest.raises(DataError) as error:
        panel(**options)
    assert error.value.findings[0].code == code
    assert words in str(error.value)
