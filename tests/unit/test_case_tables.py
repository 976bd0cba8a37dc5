"""The tables of a municipality's report: what is printed, and that nothing is claimed."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from case_samples import CASES, effect_row, expected_change, said_wrongly
from publish_samples import STANDARD, opened

from kvalitet_eval.present.case_tables import account_table, before_after_table, effect_table, published_table
from kvalitet_eval.present.messages import text
from kvalitet_eval.report.open_tables import OpenTables


def printed(table):
    return [[cell.text.replace("\u00a0", " ") for cell in row] for row in table.rows]


def cells(rows):
    return [cell for row in rows for cell in row]


def effects(interval, origin="observed"):
    rows = [
        effect_row(interval, origin, weighting=weighting, method=method)
        for weighting in ("municipality", "employee")
        for method in ("imputation", "group_time")
    ]
    return pd.DataFrame(rows).reset_index(drop=True)


@pytest.mark.parametrize(("interval", "improvement", "selected", "origin"), CASES)
def test_every_effect_table_gives_estimate_interval_and_sizes(interval, improvement, selected, origin):
    table = effect_table(opened(effects(interval, origin)), intake="Pulje I", source="Panelet x.csv.").content
    assert (table.id, table.origin, table.source) == ("effect", origin, "Panelet x.csv.")
    assert table.caption == "Gjennomsnittlig effekt siden oppstart for Pulje I"
    assert [row[0] for row in printed(table)] == [
        "Hver kommune teller likt: imputering (hovedresultat)",
        "Hver kommune teller likt: forskjell i endring",
        "Hver ansatt teller likt: imputering (hovedresultat)",
        "Hver ansatt teller likt: forskjell i endring",
    ]
    words = " ".join([table.caption, *table.notes, *(c.heading for c in table.columns), *cells(printed(table))])
    assert said_wrongly(words) == []


@pytest.mark.parametrize(
    ("interval", "cells"),
    [
        ("below", ["−0,40", "−0,70 til −0,10", "0,45", "12 / 1 410"]),
        ("around", ["−0,40", "−0,90 til 0,10", "0,45", "12 / 1 410"]),
        ("above", ["+0,40", "0,10 til 0,70", "0,45", "12 / 1 410"]),
        ("missing", ["−0,40", "..", "..", "12 / 1 410"]),
    ],
)
def test_an_effect_is_printed_with_sign_and_two_decimals(interval, cells):
    table = effect_table(opened(effects(interval)), intake="Pulje I", source="x").content
    assert printed(table)[0][1:] == cells
    assert table.rows[0][1].value == pytest.approx({"above": 0.4}.get(interval, -0.4))
    assert [column.heading for column in table.columns][2] == "95\u00a0% intervall"


def test_before_and_after_stand_beside_what_was_expected():
    table = before_after_table(expected_change(origin="syntetisk"), name="Grue", source="x").content
    assert table.origin == "syntetisk"
    assert "Grue" in table.caption
    rows = printed(table)
    assert [row[1] for row in rows] == ["12,0 %", "11,0 %", "−1,00", "+0,10", "−0,60", "−0,50", "−2,50 til 1,50"]
    assert rows[0][0] == "Året før oppstart, 1. kv. 2006 – 4. kv. 2006"
    assert rows[1][0].endswith("1. kv. 2008 – 4. kv. 2008")
    assert "regresjon mot gjennomsnittet" in rows[4][0]
    assert all("prosentpoeng" in row[0] for row in rows[2:])
    assert "1\u00a0143 sammenligningskommuner" in table.notes[0]
    assert said_wrongly(" ".join([table.caption, *table.notes, *cells(rows)])) == []


@pytest.fixture
def levels():
    row = {"unit": "Nord-Aurdal", "municipality_number": "0542", "P1": 11.2, "P2": 11.5, "P3": 8.3}
    printed_pct = {"P1_P3_printed_pct": -26.0, "P2_P3_printed_pct": -28.0}
    return pd.DataFrame([{**row, **printed_pct}])


def test_published_figures_are_printed_as_published_with_what_rounding_allows(levels):
    changes = pd.DataFrame(
        {
            "from_period": ["P1", "P2"],
            "change_pp": [-2.9, -3.2],
            "low_pp": [-3.0, -3.3],
            "high_pp": [-2.8, -3.1],
            "published_pct": [-26.0, float("nan")],
        }
    )
    table = published_table(opened(levels), opened(changes), name="Nord-Aurdal", source="Årsrapporten").content
    rows = printed(table)
    assert [row[1:] for row in rows] == [
        ["11,2 %", "", ""],
        ["11,5 %", "", ""],
        ["8,3 %", "", ""],
        ["−2,9", "−3,00 til −2,80", "−26 %"],
        ["−3,2", "−3,30 til −3,10", ".."],
    ]
    assert rows[3][0].startswith("Endring fra ")
    assert table.origin == "observed", "published figures are real also in a synthetic report"
    assert table.notes[0].startswith("Ekte, publiserte tall.")
    assert table.notes[1:] == (text("mark.missing"),)


def test_the_account_counts_every_municipality_once():
    account = pd.DataFrame(
        [("treated", "treated")] * 2 + [("left_out", "unknown")] * 3 + [("comparison", "starts_later")],
        columns=["role", "reason"],
    )
    counted = OpenTables(STANDARD).account(account)
    table = account_table(counted, source="x", notes=("En note.",)).content
    assert printed(table) == [
        [text("role.comparison"), text("reason.starts_later"), "1"],
        [text("role.left_out"), text("reason.unknown"), "3"],
        [text("role.treated"), text("reason.treated"), "2"],
    ]
    assert table.notes == ("En note.",)
    assert said_wrongly(" ".join(cells(printed(table)))) == []


def test_a_municipality_without_a_baseline_has_nothing_to_compare(levels):
    none = float("nan")
    changes = pd.DataFrame({"from_period": ["P1"], "change_pp": none, "low_pp": none, "high_pp": none})
    alone = levels.assign(P1=none, P2=none, P3=11.5)
    rows = opened(changes.assign(published_pct=none))
    table = published_table(opened(alone), rows, name="Lillehammer", source="Årsrapporten").content
    assert [row[1] for row in printed(table)] == ["..", "..", "11,5 %", ".."]
    stored = json.loads(json.dumps(table.to_dict(), allow_nan=False))
    assert stored["rows"][3][2]["value"] is None


def test_what_is_withheld_stands_as_a_colon_with_the_note_that_explains_it():
    table = effect_table(opened(effects("below"), hidden={"estimate": [1], "conf_low": [1]}), intake="x", source="x")
    rows = printed(table.content)
    assert rows[1][1:3] == [":", ":"]
    assert rows[0][1:3] == ["−0,40", "−0,70 til −0,10"]
    assert table.content.notes[-1] == text("mark.confidential")
    few = before_after_table(expected_change(residual_df=9), name="Grue", source="x").content
    assert [row[1] for row in printed(few)] == ["12,0 %", "11,0 %", "−1,00", ":", ":", ":", ":"]
    assert text("mark.confidential") in few.notes
