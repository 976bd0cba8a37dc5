"""Catalogue of bad inputs, A (file and encoding) and B (structure of text files)."""

import dataclasses
import hashlib
import os

import pytest
from intake_cases import RATES, codes, look, rates, rules, said, values

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.files import file_kind
from kvalitet_eval.prepare.intake import Counts, inspect, read
from kvalitet_eval.present.messages import describe

NAMES = (
    "kommunenr;kommune;kvartal;sykefravar\n0528;Østre Toten;2007K1;9,1\n0821;Bø;2007K1;8,2\n1845;Sørfold;2007K1;7,7\n"
)
NAMES += "0220;Asker;2007K1;6,1\n1241;Fusa;2007K1;7,1\n1815;Vega;2007K1;8,8\n0137;Våler;2007K1;7,2\n"


@pytest.mark.parametrize(
    ("case", "encoding", "rule"),
    [
        ("A01", "cp1252", "read as cp1252, not UTF-8"),
        ("A01", "latin-1", "read as cp1252, not UTF-8"),
        ("DOS", "cp865", "read as DOS (cp865), not UTF-8"),
        ("Macintosh", "mac_roman", "read as Macintosh (MacRoman), not UTF-8"),
        ("A03", "utf-8-sig", None),
        ("utf-16 with mark", "utf-16", "read as UTF-16"),
        ("utf-16 without mark", "utf-16-le", "read as UTF-16-LE"),
        ("utf-16 without mark", "utf-16-be", "read as UTF-16-BE"),
        ("utf-32", "utf-32", "read as UTF-32"),
    ],
)
def test_every_encoding_gives_the_same_rows(tmp_path, case, encoding, rule):
    result = look(tmp_path, NAMES.encode(encoding))
    assert result.layout.id == "sick_leave_rates"
    assert result.is_accepted, said(result)
    assert values(result) == [9.1, 8.2, 7.7, 6.1, 7.1, 8.8, 7.2]
    assert (rule in rules(result)) == (rule is not None), rules(result)


def test_a_dos_file_with_one_known_name_is_told_by_it(tmp_path):
    result = look(tmp_path, "kommune;kvartal;sykefravar\nSør-Aurdal;2007K1;9,1\n".encode("cp865"))
    assert result.rows["municipality_number"].tolist() == ["0540"]


def test_an_encoding_that_cannot_be_told_is_refused(tmp_path):
    result = look(tmp_path, b"kommunenr;kvartal;sykefravar\n0101;2007K1;9,1\n0101;\x81\xf8;9\n")
    assert said(result) == [("INN-A16", "error", 3)]


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "cp850", "mac_roman"])
def test_a02_text_that_was_garbled_before_is_refused_with_the_likely_name(tmp_path, encoding):
    garbled = "Østre Toten".encode().decode(encoding)
    result = look(tmp_path, NAMES.replace("Østre Toten", garbled))
    (item,) = result.errors
    assert (item.code, item.line, item.column) == ("INN-A02", 2, "kommune")
    assert item.facts["likely"] == "Østre Toten"


def test_a02_also_in_the_header(tmp_path):
    result = look(tmp_path, "kommunenr;kvartal;sykefravÃ¦r\n0101;2007K1;9\n", "sick_leave_rates")
    assert "INN-A02" in codes(result)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n", b"  \r\n", "\ufeff".encode("utf-16"), b";;;\n;;\n"])
def test_a05_an_empty_file(tmp_path, content):
    result = look(tmp_path, content)
    assert codes(result) == ["INN-A05"]
    assert result.errors[0].facts["size_bytes"] == str(len(content))


def test_a06_a_header_and_nothing_below(tmp_path):
    assert said(look(tmp_path, RATES + "\n")) == [("INN-A06", "error", 1)]
    assert said(look(tmp_path, RATES + "\n;;\n\n")) == [("INN-A06", "error", 1)]


@pytest.mark.parametrize("name", ["tabell.csv", "tabell.xls"])
def test_a08_a_web_page(tmp_path, name):
    result = look(tmp_path, b"<!DOCTYPE html>\n<html><body>Feil</body></html>", name=name)
    assert codes(result) == ["INN-A08"]
    assert result.errors[0].found.startswith("<!doctype html>")


def test_a09_the_content_decides_and_the_name_is_a_warning(tmp_path):
    result = look(tmp_path, RATES + "\n0101;2007K1;9,1\n", name="fil.xlsx")
    assert result.is_accepted
    assert said(result) == [("INN-A09", "warning", None)]


def test_a11_mixed_line_endings(tmp_path):
    result = rates(tmp_path, "0101;2007K1;9,1\r\n0101;2007K2;9,2\r0101;2007K3;9,3\n0101;2007K4;9,4")
    assert result.rows["line"].tolist() == [2, 3, 4, 5]
    assert result.counts == Counts(4, 4, 0, 0)


def test_a12_another_file_than_the_registered_one(tmp_path):
    content = (RATES + "\n0101;2007K1;9,1\n").encode()
    right = hashlib.sha256(content).hexdigest()
    assert look(tmp_path, content, sha256=right).sha256 == right
    result = look(tmp_path, content, sha256="0" * 64)
    assert [(item.code, item.found, item.facts["expected"]) for item in result.errors] == [("INN-A12", right, "0" * 64)]


def test_a12_a_file_that_changes_while_it_is_read(tmp_path, monkeypatch):
    first = look(tmp_path, RATES + "\n0101;2007K1;9,1\n")
    other = dataclasses.replace(file_kind.read_file(first.path)[0], sha256="1" * 64)
    monkeypatch.setattr(file_kind, "read_text", lambda *_: other)
    assert codes(look(tmp_path, RATES + "\n0101;2007K1;9,1\n")) == ["INN-A20"]


def test_a14_what_is_no_ordinary_file(tmp_path):
    assert [item.code for item in inspect(tmp_path).errors] == ["INN-A14"]
    dangling = tmp_path / "lenke.csv"
    dangling.symlink_to(tmp_path / "borte.csv")
    assert [(item.code, item.found) for item in inspect(dangling).errors] == [("INN-A15", str(tmp_path / "borte.csv"))]
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert [item.code for item in inspect(pipe).errors] == ["INN-A18"]


def test_a14_a_link_out_of_the_raw_data(tmp_path):
    raw = tmp_path / "data" / "raw" / "kilde"
    raw.mkdir(parents=True)
    outside = tmp_path / "utenfor.csv"
    outside.write_text(RATES + "\n0101;2007K1;9,1\n")
    (raw / "fil.csv").symlink_to(outside)
    assert [(item.code, item.found) for item in inspect(raw / "fil.csv").errors] == [("INN-A18", "utenfor.csv")]
    (raw / "egen.csv").write_text(outside.read_text())
    (raw / "inne.csv").symlink_to(raw / "egen.csv")
    assert inspect(raw / "inne.csv").is_accepted


def test_a14_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    path = tmp_path / "fil.csv"
    path.write_text("x")
    monkeypatch.setattr(type(path), "read_bytes", lambda _: (_ for _ in ()).throw(PermissionError(13, "no access")))
    with pytest.raises(DataError, match="no access"):
        read(path, "claims")


@pytest.mark.parametrize("content", [b"\x80\x04\x95\x00", b"%PDF-1.4\n", b"\x1f\x8b\x08", b"SQLite format 3\x00"])
def test_j06_files_that_hold_no_table_are_never_opened(tmp_path, content):
    assert codes(look(tmp_path, content)) == ["INN-A19"]


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_b01_the_delimiter_is_told_by_the_fields(tmp_path, sign):
    lines = ["kommunenr;kommune;kvartal;sykefravar", "0101;Halden;2007K1;9.1", "0104;Moss;2007K1;8.1"]
    result = look(tmp_path, "Tabell 1, sykefravær, hele året\n" + "\n".join(lines).replace(";", sign) + "\n")
    assert values(result) == [9.1, 8.1]


def test_b01_decimal_commas_do_not_make_a_file_comma_separated(tmp_path):
    lines = [f"{n:04d};2007K1;9,{n % 10},0".replace(",0", "") for n in (101, 104, 105)]
    assert values(rates(tmp_path, *lines)) == [9.1, 9.4, 9.5]


def test_b02_decimal_commas_in_a_file_separated_by_commas(tmp_path):
    result = look(tmp_path, "kommunenr,kvartal,sykefravar\n0101,2007K1,9,1\n0104,2007K1,8,1\n")
    assert said(result) == [("INN-B02", "error", 2)]
    assert result.counts == Counts(2, 0, 0, 2)


def test_b03_a_field_too_many_or_too_few(tmp_path):
    result = rates(tmp_path, "0101;2007K1;9,1;x", "0101;2007K2", "0101;2007K3;9")
    assert said(result) == [("INN-B03", "error", 2), ("INN-B03", "error", 3)]
    assert [item.found for item in result.errors] == ["0101;2007K1;9,1;x", "0101;2007K2"]
    assert result.counts == Counts(3, 1, 0, 2)


def test_b04_a_delimiter_at_the_end_of_the_data_rows_only(tmp_path):
    result = rates(tmp_path, "0101;2007K1;9,1;", "0101;2007K2;9,2;")
    assert values(result) == [9.1, 9.2]
    assert "empty column without a name left out" in rules(result)


def test_b06_title_lines_above_the_header_are_kept_as_notes(tmp_path):
    result = look(tmp_path, f"Tabell 1: Sykefravær;;\n\n   ;;\nTall i prosent\n{RATES}\n0101;2007K1;9,1\n")
    assert (values(result), result.rows["line"].tolist()) == ([9.1], [6])
    notes = result.ledger[result.ledger["rule"] == "line above the header kept as a note"]
    assert notes["raw"].tolist() == ["Tabell 1: Sykefravær", "Tall i prosent"]


@pytest.mark.parametrize(
    "note",
    [
        "Kilde: SSB",
        "1) foreløpige tall",
        "* tall for 2007",
        "Kilde: SSB; tabell 07905",
        "Kjelde: SSB;;",
        "Tall fra kommunen",
    ],
)
def test_b07_notes_below_the_data_are_left_out_and_counted(tmp_path, note):
    result = rates(tmp_path, "0101;2007K1;9,1", "", note)
    assert result.is_accepted, said(result)
    assert result.counts == Counts(2, 1, 1, 0)
    assert "footnote or source left out, kept as a note" in rules(result)


def test_b07_a_row_that_lost_its_figures_is_no_note(tmp_path):
    assert codes(rates(tmp_path, "0101;2007K1;9,1", "0104")) == ["INN-B03"]
    result = rates(tmp_path, "0101;2007K1;9,1", "0104;2007K1;")
    assert result.counts == Counts(2, 2, 0, 0)


def test_b08_two_columns_of_one_name_or_one_meaning(tmp_path):
    result = look(tmp_path, "kommunenr;kvartal;sykefravar;sykefravar\n0101;2007K1;9;8\n", "sick_leave_rates")
    assert codes(result) == ["INN-B08"]
    result = look(tmp_path, "kommunenr;kvartal;sykefravar;sjukefråvær\n0101;2007K1;9;8\n", "sick_leave_rates")
    assert [(item.code, item.facts["first_position"], item.facts["position"]) for item in result.errors] == [
        ("INN-B08", "3", "4")
    ]


@pytest.mark.parametrize("name", ["sykefravær", "sykefravar", "sjukefråvær", "Sykefravær (%)", "SYKEFRAVÆRSPROSENT"])
def test_b10_known_spellings_are_the_same_column(tmp_path, name):
    result = look(tmp_path, f"Kommunenummer;Kvartal;{name}\n0101;2007K1;9,1\n")
    assert values(result) == [9.1]
    assert "column name spelt another way" in rules(result)


def test_b10_an_unknown_spelling_is_suggested_and_not_applied(tmp_path):
    result = look(tmp_path, "kommunenr;kvartal;rate_totl_pct\n0101;2007K1;9,1\n", "sick_leave_rates")
    assert [(item.code, item.column, item.found) for item in result.errors] == [
        ("INN-B11", "rate_total_pct", "rate_totl_pct")
    ]


def test_b12_headers_in_the_middle(tmp_path):
    same = rates(tmp_path, "0101;2007K1;9,1", RATES, "0101;2007K2;9,2")
    assert (values(same), same.counts) == ([9.1, 9.2], Counts(3, 2, 1, 0))
    other = rates(tmp_path, "0101;2007K1;9,1", "kommunenr;kvartal;antall", "0101;2007K2;9,2")
    assert ("INN-B12", "error", 3) in said(other)


def test_a_table_with_one_column_per_quarter(tmp_path):
    content = "Tabell;;;\n;2007;;2008\nkommunenr;K3;K4;K1\n0101;9,1;9,2;:\n0104;8,1;8,2;8,3\n"
    result = look(tmp_path, content, "sick_leave_rates")
    assert list(zip(result.rows["municipality_number"], result.rows["quarter"], strict=True))[:3] == [
        ("0101", "2007Q3"),
        ("0101", "2007Q4"),
        ("0101", "2008Q1"),
    ]
    assert result.rows["rate_total_pct_status"].tolist()[2] == "confidential"
    assert result.counts == Counts(6, 6, 0, 0)
    assert codes(look(tmp_path, content)) == ["INN-B17"]


@pytest.mark.parametrize(
    ("language", "unit", "column"),
    [
        ("nb", "skal være i prosent", "(Sykefravær i alt)"),
        ("nn", "skal vere i prosent", "(Sykefravær i alt)"),
        ("en", "must be in per cent", "(Sick leave, total)"),
    ],
)
def test_b18_units_and_columns_are_named_in_the_language_of_the_sentence(tmp_path, language, unit, column):
    result = look(tmp_path, "kommunenr;kvartal;sykefravær (dagsverk)\n0101;2007K1;9\n")
    said_why = describe(result.errors, language)
    assert (unit in said_why, column in said_why) == (True, True)


@pytest.mark.parametrize(("language", "kind"), [("nb", "(tekst)"), ("nn", "(tekst)"), ("en", "(text)")])
def test_a09_the_kind_is_named_in_the_language_of_the_sentence(tmp_path, language, kind):
    result = look(tmp_path, RATES + "\n0101;2007K1;9,1\n", name="fil.xlsx")
    assert kind in describe(result.findings, language)
