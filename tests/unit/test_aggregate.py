"""Averages of cells: what is weighed by what, and what is left out."""

from __future__ import annotations

import numpy as np
import pytest
from hand_panels import NEVER, noisy, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.effects import estimate

NAN = np.nan
ROWS = {
    "a": (2, [0.0, 1, 2, 3]),
    "b": (2, [0.0, 1, 2, 3]),
    "c": (3, [0.0, 0, 6, 9]),
    "d": (NEVER, [0.0] * 4),
    "e": (NEVER, [0.0] * 4),
}
"""Effects 1, 2, 3 of two municipalities and 6, 9 of one."""


def effects(rows=ROWS, **options):
    return estimate(compare(panel(rows), "never_treated"), leads=0, **options)


def by(kind: str, key: str, found=None) -> dict[object, float]:
    frame = (found or effects()).aggregate(kind).to_frame()
    return dict(zip(frame[key], frame["estimate"].round(12), strict=True))


def test_overall_counts_every_treated_municipality_quarter_once():
    row = effects().aggregate("overall").to_frame().iloc[0]
    assert row["estimate"] == pytest.approx((2 * (1 + 2 + 3) + 6 + 9) / 8)
    assert row[["n_treated", "n_comparison", "n_clusters", "n_cohorts"]].tolist() == [3, 2, 5, 2]


def test_by_cohort_by_event_time_and_by_period():
    assert by("cohort", "cohort") == {"2": 2.0, "3": 7.5}
    assert by("event_time", "event_time") == {0: round((2 * 1 + 6) / 3, 12), 1: round((2 * 2 + 9) / 3, 12), 2: 3.0}
    assert by("calendar", "period") == {"2": 1.0, "3": round((2 * 2 + 6) / 3, 12), "4": 5.0}


def test_averages_of_averages():
    """Cohorts 2.0 (two municipalities) and 7.5 (one); event times 8/3, 13/3, 3; periods 1, 10/3, 5."""
    assert by("cohort_mean", "estimand") == {"overall": round((2 * 2.0 + 7.5) / 3, 12)}
    assert by("event_time_mean", "estimand") == {"overall": round((8 / 3 + 13 / 3 + 3) / 3, 12)}
    assert by("calendar_mean", "estimand") == {"overall": round((1 + 10 / 3 + 5) / 3, 12)}
    row = effects().aggregate("cohort_mean").to_frame().iloc[0]
    assert row[["n_treated", "n_comparison", "n_cohorts"]].tolist() == [3, 2, 2]


def test_leads_are_in_no_average_of_averages():
    found = estimate(compare(panel(noisy([4, 4, NAN, NAN, NAN]))), leads=1)
    after = found.to_frame().query("event_time >= 0")["estimate"].mean()
    for kind in ("cohort_mean", "event_time_mean", "calendar_mean"):
        assert found.aggregate(kind).to_frame()["estimate"].item() == pytest.approx(after)


def test_the_change_of_composition_is_counted():
    frame = effects().aggregate("event_time").to_frame()
    assert frame["n_cohorts"].tolist() == [2, 2, 1]
    assert frame["n_treated"].tolist() == [3, 3, 2]


def test_leads_are_in_event_time_and_nowhere_else():
    found = estimate(compare(panel(noisy([4, 4, NAN, NAN, NAN]))), leads=1)
    assert found.aggregate("event_time").to_frame()["event_time"].tolist() == [-1, 0, 1, 2]
    for kind in ("overall", "cohort", "calendar"):
        after = found.to_frame().query("event_time >= 0")["estimate"].mean()
        assert found.aggregate(kind).to_frame()["estimate"].mean() == pytest.approx(after)


def test_employees_weigh_in_the_average_too():
    weights = {"a": 1.0, "b": 3.0, "c": 4.0, "d": 1.0, "e": 1.0}
    found = estimate(compare(panel(ROWS, weights=weights), "never_treated"), leads=0)
    assert by("overall", "estimand", found) == {"overall": round((1 + 2 + 3 + 6 + 9) / 5, 12)}


def test_a_cell_that_cannot_be_told_is_left_out_and_counted():
    rows = {u: ROWS[u] for u in "abc"} | {"f": (3, [0.0, 0, 6, 9])}
    found = estimate(compare(panel(rows)), leads=0).aggregate("overall")
    assert found.to_frame()["estimate"].item() == pytest.approx(1.0)
    warning = next(w for w in found.warnings if w.code == "EST-09")
    assert warning.facts["n"] == "4"
    assert "4 anslag for enkelte kvartaler er ikke med i gjennomsnittet" in str(EstimationError(warning))


def test_errors_of_averages_know_how_the_cells_move_together():
    """Overall of one cohort over three periods is the cell of the mean outcome."""
    rows = noisy([4, 4, 4, NAN, NAN, NAN])
    merged = {u: (g and 2, [np.mean(y[:3]), np.mean(y[3:])]) for u, (g, y) in rows.items()}
    a = estimate(compare(panel(rows)), leads=0).aggregate("overall").to_frame().iloc[0]
    b = estimate(compare(panel(merged)), leads=0).to_frame().iloc[0]
    for column in ("estimate", "std_error", "degrees_of_freedom", "p_value", "smallest_detectable"):
        assert a[column] == pytest.approx(b[column], rel=1e-10), column


def test_an_unknown_kind_and_nothing_to_average_are_refused():
    with pytest.raises(EstimationError) as error:
        effects().aggregate("year")
    assert error.value.findings[0].code == "EST-02"
    assert (
        "Velg en av disse: overall, cohort, event_time, calendar, cohort_mean, event_time_mean, calendar_mean."
        in str(error.value)
    )
    nothing = {"a": (2, [0.0, 1]), "b": (4, [0.0, 1])}
    with pytest.raises(EstimationError) as error:
        estimate(compare(panel(nothing, [1, 5])), leads=0).aggregate("overall")
    assert error.value.findings[0].code == "EST-03"
