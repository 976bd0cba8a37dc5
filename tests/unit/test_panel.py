"""The panel from a long frame: what is read, and what is refused with which words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hand_panels import GAP, NEVER, THREE, panel, table

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.panel import Panel

COLUMNS = {"unit": "unit", "period": "t", "outcome": "y", "cohort": "g"}


def build(frame: pd.DataFrame, **more: str) -> Panel:
    return Panel.from_frame(frame, **COLUMNS, **more)


def codes(error: pytest.ExceptionInfo) -> list[str]:
    return [item.code for item in error.value.findings]


def test_units_and_periods_are_sorted_and_holes_are_missing_cells():
    frame = table({"b": (NEVER, [1.0, GAP, 3]), "a": (3, [4.0, 5, 6])}).iloc[::-1]
    found = build(frame)
    assert (found.units, found.periods, found.status) == (("a", "b"), (1, 2, 3), ("treated", "never_treated"))
    assert found.outcome[0].tolist() == [4, 5, 6]
    assert found.observed.tolist() == [[True] * 3, [True, False, True]]
    assert found.cohort == ("3", "")
    assert found.event_time()[0].tolist() == [-2, -1, 0]
    assert np.isnan(found.event_time()[1]).all()


def test_the_frame_of_the_caller_is_not_changed():
    frame = table(THREE)
    before = frame.copy(deep=True)
    build(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_quarters_are_counted_in_the_calendar_across_a_hole():
    found = panel({"a": ("2007Q1", [1.0, 2, 3]), "b": (NEVER, [1.0, 2, 3])}, ["2006Q3", "2006Q4", "2007Q3"])
    assert found.periods == ("2006Q3", "2006Q4", "2007Q3")
    assert found.event_time()[0].tolist() == [-2, -1, 2]


@pytest.mark.parametrize("kind", ["int", "float", "str", "Int64", "float32", "object", "category"])
def test_starts_and_periods_may_be_whole_numbers_of_any_type(kind):
    rows = {u: (0 if g is None else 2000 + g, y) for u, (g, y) in THREE.items()}
    frame = table(rows, [2001, 2002, 2003])
    frame["g"], frame["t"] = frame["g"].astype(kind), frame["t"].astype(kind)
    found = build(frame) if kind != "str" else build(frame.assign(g=frame["g"].replace({"0.0": "0"})))
    assert found.start[0] == 2003
    assert np.isnan(found.start[1:]).all()
    assert found.cohort == ("2003", "", "")
    assert [str(p) for p in found.periods] == ["2001", "2002", "2003"]
    assert [item.code for item in found.findings] == ["PAN-06"]
    assert found.findings[0].facts["n"] == "2"


@pytest.mark.parametrize("never", [0, 0.0, np.inf, "0", "inf"])
def test_zero_and_infinity_are_read_as_never_and_said_so(never):
    frame = table(THREE)
    frame["g"] = frame["g"].astype(object).where(frame["unit"] == "a", never)
    found = build(frame)
    assert found.status == ("treated", "never_treated", "never_treated")
    assert "2 enheter har 0 eller uendelig som oppstart" in str(DataError(found.findings))


@pytest.mark.parametrize("never", [None, np.nan, pd.NA, "", " "])
def test_an_empty_start_is_never_without_a_word(never):
    frame = table(THREE)
    frame["g"] = frame["g"].astype(object).where(frame["unit"] == "a", never)
    found = build(frame)
    assert (found.status, found.findings) == (("treated", "never_treated", "never_treated"), ())


def test_blank_texts_among_categories_are_never_too():
    frame = table(THREE)
    frame["g"] = pd.Categorical(["2"] * 3 + [" "] * 3 + [""] * 3)
    frame["t"] = frame["t"].astype(str)
    with pytest.raises(DataError) as error:
        build(frame)
    assert codes(error) == ["PAN-12"] * 4  # "2" is no year; the blanks are no faults
    years = frame.assign(t=[2001, 2002, 2003] * 3, g=pd.Categorical(["2002"] * 3 + [" "] * 3 + [""] * 3))
    assert build(years).status == ("treated", "never_treated", "never_treated")


def test_rows_in_runs_and_rows_in_disorder_make_the_same_panel():
    """Labels that repeat the row above are counted, others are looked up: one panel either way, missing starts too."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"unit": np.repeat(np.arange(30), 8), "t": np.tile(np.arange(8), 30)})
    frame["g"] = np.where(frame["unit"] < 9, 4.0, np.nan)
    frame["y"], frame["w"] = rng.standard_normal(240), rng.uniform(1, 2, 240)
    frame.loc[rng.random(240) < 0.2, "y"] = np.nan
    frame = frame[rng.random(240) < 0.9]
    ordered, mixed = build(frame, weights="w"), build(frame.sample(frac=1, random_state=2), weights="w")
    assert ordered.units == mixed.units == tuple(sorted(map(str, range(30))))
    for name in ("outcome", "weights", "start", "ordinals"):
        np.testing.assert_array_equal(getattr(ordered, name), getattr(mixed, name))
    wide = frame.assign(unit=frame["unit"].astype(str)).pivot(index="unit", columns="t", values="y")
    np.testing.assert_array_equal(ordered.outcome, wide.to_numpy())


def test_a_cohort_may_have_a_name_and_lacks_one_only_where_it_is_missing():
    rows = {"a": (3, [1.0, 2, 3]), "b": (2, [1.0, 2, 3]), "c": (NEVER, [1.0, 2, 3])}
    assert panel(rows, cohort_name={"a": "innsats", "b": None, "c": "x"}).cohort == ("innsats", "2", "")


def test_weights_sizes_and_origin():
    frame = table(THREE).assign(w=2.0, n=700, origin=["observed"] * 8 + ["syntetisk"])
    found = build(frame, weights="w", size="n")
    assert found.weights.tolist() == [[2.0] * 3] * 3
    assert found.size.tolist() == [700.0] * 3
    assert found.origin == "syntetisk"
    assert build(frame.assign(origin="observed")).origin == "observed"


def test_status_is_kept_and_excluded_bars_a_unit_with_a_start():
    statuses = {"a": "excluded", "b": "unknown", "c": "never_treated"}
    assert panel(THREE, status=statuses).status == ("excluded", "unknown", "never_treated")
    assert panel(THREE, status=statuses | {"a": None}).status[0] == "treated"


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (lambda f: f.drop(columns="y"), "PAN-01", "Tabellen mangler kolonnen. Den har disse: unit, t, g."),
        (lambda f: pd.concat([f, f.head(1)], ignore_index=True), "PAN-02", "Enheten har to rader for samme periode."),
        (lambda f: f.assign(g=[3, 2, 3] + [None] * 6), "PAN-03", "Verdien skifter fra rad til rad for a"),
        (lambda f: f.assign(y=["x"] + [1.0] * 8), "PAN-04", "Verdien for a, 1 er ikke et endelig tall."),
        (lambda f: f.assign(y=[np.inf] + [1.0] * 8), "PAN-04", "Verdien for a, 1 er ikke et endelig tall."),
        (lambda f: f.head(0), "PAN-10", "Tabellen har ingen rader."),
        (lambda f: f.assign(unit=[None] * 2 + ["b"] * 7), "PAN-11", "2 rader mangler navn eller nummer på enheten."),
        (lambda f: f.assign(t=[None, 2, 3] * 3), "PAN-12", "Verdien er verken et kvartal, et år eller et heltall."),
        (lambda f: f.assign(t=["2007-K1", "2007K2", "2007K3"] * 3), "PAN-12", "Skriv kvartaler som 2007Q3"),
        (lambda f: f.assign(g=[2.5] * 3 + [None] * 6), "PAN-12", "Verdien er verken et kvartal"),
        (lambda f: f.assign(g=["2007Q1"] * 3 + [None] * 6), "PAN-13", "det ene er kvartaler, det andre er år"),
        (lambda f: f.assign(t=["2006Q4", "2007Q1", 2007] * 3, g=None), "PAN-13", "Skriv oppstart og periode på samme"),
    ],
)
def test_a_faulty_frame_is_refused_with_a_reason(change, code, words):
    with pytest.raises(DataError) as error:
        build(change(table(THREE)))
    assert set(codes(error)) == {code}
    assert words in str(error.value)


def test_all_faults_are_told_at_once():
    frame = table(THREE).assign(y=["x"] + [1.0] * 8)
    with pytest.raises(DataError) as error:
        build(pd.concat([frame, frame.tail(1)], ignore_index=True))
    assert codes(error) == ["PAN-02", "PAN-04"]


@pytest.mark.parametrize("bad", [0.0, -1.0, np.nan])
def test_a_figure_needs_a_positive_weight(bad):
    with pytest.raises(DataError) as error:
        build(table(THREE).assign(w=[1.0] * 8 + [bad]), weights="w")
    assert codes(error) == ["PAN-07"]
    assert error.value.findings[0].found == "c 3"
    assert "1 tall mangler en positiv vekt." in str(error.value)


@pytest.mark.parametrize(
    ("statuses", "code", "words"),
    [
        ({"b": "ukjent", "c": "unknown"}, "PAN-05", "Bruk en av disse: treated, never_treated, unknown"),
        ({"b": None, "c": "unknown"}, "PAN-05", "Status er ikke kjent."),
        ({"b": "treated", "c": "unknown"}, "PAN-14", "1 enheter har status som deltaker, men ingen oppstart."),
    ],
)
def test_a_status_must_be_known_and_a_participant_must_have_a_start(statuses, code, words):
    with pytest.raises(DataError) as error:
        panel(THREE, status={"a": "treated"} | statuses)
    assert codes(error) == [code]
    assert words in str(error.value)


def test_the_panel_is_frozen():
    with pytest.raises(AttributeError):
        panel(THREE).units = ()


def test_other_columns_are_kept_by_unit_and_period():
    frame = table({"b": (NEVER, [1.0, GAP, 3]), "a": (3, [4.0, 5, 6])})
    found = build(frame.assign(x=[1, 3, 4, 5, 6], name=list("pqrst")).sample(frac=1, random_state=1))
    assert found.columns() == ("y", "g", "x", "name")
    assert found.column("x").to_numpy().tolist() == [[4, 5, 6], [1, pytest.approx(np.nan, nan_ok=True), 3]]
    assert found.column("name").to_numpy()[0].tolist() == ["r", "s", "t"]
    with pytest.raises(KeyError):
        found.column("z")


def test_a_panel_that_was_not_built_from_a_frame_has_no_other_columns():
    found = replace(build(table(THREE)), others=None)
    assert found.columns() == ()
    with pytest.raises(KeyError):
        found.column("y")


def test_other_columns_follow_when_units_are_left_out():
    frame = table(THREE).assign(x=range(9))
    design = compare(build(frame), exclude=["b"])
    assert design.panel.column("x").to_numpy().tolist() == [[0, 1, 2], [6, 7, 8]]
