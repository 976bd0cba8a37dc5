"""Names and numbers of persons in messages are hidden, and what must be mended is not."""

import time

import pytest

from kvalitet_eval.errors import DataError, finding
from kvalitet_eval.persons import without_person_numbers, without_persons
from kvalitet_eval.prepare.hidden_text import hidden_text

NUMBER = "01010710029"  # check digits worked out by hand in test_disclosure_parts


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (NUMBER, "01*********"), ("01010710028", "01*********"), ("010107 10029", "01*********"),
        ("41010710012", "41*********"), ("1010710029", "01*********"), (f"a,{NUMBER},5", "a,01*********,5"),
        (f"{NUMBER}.0", "01*********.0"), (f"fnr{NUMBER}", "fnr01*********"),
        ("99010710029", "99010710029"), ("0101071002", "0101071002"), ("8.01010710029", "8.01010710029"),
        ("3fa01010710029c", "3fa01010710029c"), ("123456789012", "123456789012"), ("2007Q1", "2007Q1"),
    ],
)  # fmt: skip
def test_numbers_that_begin_with_a_date_are_hidden(text, hidden):
    assert without_person_numbers(text) == hidden


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Kari Nordmann", "K… N…"), ("NORDMANN, KARI", "N…, K…"), ("Kari A. Nordmann er syk", "K… A. N… er syk"),
        ("0542;2007Q1;Nordmann;Kari;5", "0542;2007Q1;N…;K…;5"), ("Anne-Lise O'Hara", "A… O…"),
        ("Ola van der Berg", "O… van der B…"), ("Ka\u030are A\u030as", "K… A…"), ("Kari\u00a0Nordmann", "K…\u00a0N…"),
    ],
)  # fmt: skip
def test_names_are_hidden_but_for_their_first_letters(text, hidden):
    assert without_persons(text) == hidden


@pytest.mark.parametrize(
    "text",
    [
        "Ikke oppgitt",
        "ca. 12 dager",
        "#REF!",
        "Nord-Aurdal",
        "mange",
        "1Q2007 Total",
        "Feil SIK-06",
        "KeyError: '1902'",
    ],
)
def test_what_names_nobody_stays(text):
    assert without_persons(text) == text


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Østre Totn", "Østre Totn"), ("ØSTRE TOTEN", "ØSTRE TOTEN"), ("Østre Nordmann", "Ø… N…"),
        ("Østre Toten; Kari Nordmann", "Østre Toten; K… N…"), ("Nore Og Uvdal, Kari", "Nore Og Uvdal, K…"),
    ],
)  # fmt: skip
def test_a_misspelt_municipality_is_shown(text, hidden):
    assert hidden_text(text, frozenset({"Østre Toten", "Nore og Uvdal"})) == hidden


@pytest.mark.parametrize("piece", ["\t", " ", "Ab ", "Ab'a", "A. ", "de ", ", ", "010107 "])
def test_hostile_text_takes_no_time(piece):
    text = "Ab " + piece * 30_000 + "1"
    started = time.process_time()
    without_persons(text)
    assert time.process_time() - started < 2


def test_no_error_shows_a_person_number():
    error = DataError([finding("INN-D01", file="a.csv", line=3, column="x", found=NUMBER, note=f"se {NUMBER}")])
    assert NUMBER not in str(error) + repr(error.findings)
    assert error.findings[0].line == 3
