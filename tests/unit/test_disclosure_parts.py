"""Person numbers, spelled numbers and the record of what must not leave, against cases worked by hand."""

import datetime as dt
import random
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvalitet_eval.persons import is_person_number, person_number_of
from kvalitet_eval.present import numbers
from kvalitet_eval.present.messages import languages
from kvalitet_eval.report.disclosure_numbers import reading_of, readings, rounded
from kvalitet_eval.report.disclosure_persons import person_numbers
from kvalitet_eval.report.disclosure_record import (
    QUARTER_OR_DATE,
    CanaryIndex,
    Suppressed,
    SuppressedIndex,
)

PERSON = (
    "01010710029"  # made up: 3*0+7*1+6*0+1*1+8*0+9*7+4*1+5*0+2*0+2 = 77, 5*0+4*1+3*0+2*1+7*0+6*7+5*1+4*0+3*0+2*2+9 = 66
)


@pytest.mark.parametrize("digits", [PERSON, "41010710012", "01410710001", "01810710094"])
def test_birth_number_d_number_help_number_and_test_number(digits):
    assert is_person_number(digits)


@pytest.mark.parametrize(
    "digits", ["01010710028", "01010710129", "32010710029", "1010710029", "0101071002٩", "", "a" * 11]
)
def test_other_digits_are_no_person(digits):
    assert not is_person_number(digits)


def test_the_date_must_exist():
    """Numbers with both check digits right, on the 33rd of January."""
    fitting = [f"{n:011d}" for n in range(33010700000, 33010710000) if _fits(f"{n:011d}")]
    assert len(fitting) > 50
    assert not any(map(is_person_number, fitting))


def _fits(digits):
    weights = ((3, 7, 6, 1, 8, 9, 4, 5, 2, 1, 0), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))
    return all(sum(int(d) * w for d, w in zip(digits, row, strict=True)) % 11 == 0 for row in weights)


def test_one_wrong_digit_is_always_told():
    wrong = [PERSON[:i] + str(d) + PERSON[i + 1 :] for i in range(11) for d in range(10) if str(d) != PERSON[i]]
    assert not any(map(is_person_number, wrong))


@pytest.mark.parametrize(
    "text", [PERSON, "010107 10029", "010107-10029", f"fnr:{PERSON}.", f"a{PERSON}b", f"({PERSON})"]
)
def test_person_number_is_found_in_text(text):
    assert list(person_numbers(text)) == [PERSON]


@pytest.mark.parametrize("text", [f"0.{PERSON}", f"{PERSON}0", f"1{PERSON}", f"{PERSON},5", "0101 0710029"])
def test_digits_of_a_longer_number_are_no_person(text):
    assert list(person_numbers(text)) == []


def test_a_lost_leading_zero_is_put_back():
    assert person_number_of(1010710029.0) == PERSON
    assert [person_number_of(n) for n in (1010710029.5, 1010710028, 10029, float("nan"))] == [None] * 4


def test_few_random_numbers_are_taken_for_persons():
    draws = random.Random(1)
    n = sum(is_person_number(f"{draws.randrange(10**11):011d}") for _ in range(100_000))
    assert 190 <= n <= 300  # two kinds of day, four of month: 2 * 4 * 366 / 10 000 dates, 1/121 of them fit: 242


def values(text):
    return [str(reading.value) for reading in readings(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8,3", ["8.3"]),
        ("8.30", ["8.30"]),
        ("\u22128,3", ["-8.3"]),
        ("-8,3", ["-8.3"]),
        ("+8,3 %", ["8.3"]),
        ("1 234,5", ["1234.5"]),
        ("1\u00a0234\u00a0567", ["1234567"]),
        ("1.234,5", ["1234.5"]),
        ("1,234.5", ["1234.5"]),
        ("1.234", ["1234", "1.234"]),
        ("0,125", ["0.125"]),
        ("1234.5678", ["1234.5678"]),
        ("8.3e2", ["8.3E+2"]),
        ("1e400", []),
        ("3. kv. 2007", ["3", "2007"]),
        ("2007K3", ["2007"]),
        ("Q3", []),
        ("9,1\u20139,4", ["9.1", "9.4"]),
        ("12 34", ["12", "34"]),
        ("x", []),
        ("", []),
    ],
)
def test_spelled_numbers(text, expected):
    assert values(text) == expected


@given(
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12).filter(
        lambda x: x == 0 or abs(x) > 1e-9
    )
)
def test_a_stored_number_is_read_as_itself(number):
    assert any(float(reading.value) == number for reading in readings(repr(number)))
    assert float(reading_of(number).value) == number


@given(st.decimals(min_value=-(10**6), max_value=10**6, places=6), st.integers(0, 4), st.sampled_from(["nb", "en"]))
def test_what_the_pages_print_is_found_again(value, decimals, language):
    """The scanner reads numbers with its own code; here it meets the code that writes them."""
    item = Suppressed("a", (), float(value))
    printed = numbers.number(float(value), decimals, "nb")
    printed = printed.replace(",", ".").replace("\u00a0", ",") if language == "en" else printed
    assert any(item in SuppressedIndex([item]).find(reading) for reading in readings(printed))


def test_halves_go_both_ways():
    assert rounded(Decimal("8.25"), 1) == {Decimal("8.2"), Decimal("8.3")}
    assert rounded(Decimal("8.24"), 1) == {Decimal("8.2")}
    assert rounded(Decimal("8.2499999999996"), 1) == {Decimal("8.2"), Decimal("8.3")}


@pytest.mark.parametrize(
    ("text", "is_distinctive"),
    [
        ("8.4172935", True),
        ("1234567", True),
        ("1234567,8", True),
        ("33.333333333333336", False),
        ("0.6666667", False),
        ("1200000", False),
        ("0.125", False),
        ("0", False),
        ("2007", False),
        ("14.285714285714286", False),
    ],
)
def test_what_is_unmistakable(text, is_distinctive):
    assert next(readings(text)).is_distinctive is is_distinctive


def test_a_single_precision_number_is_compared_as_one():
    item = Suppressed("a", (), 8.1)
    index = SuppressedIndex([item])
    assert index.find_number(float(np.float32(8.1))) == [item]
    assert index.find_number(8.1) == [item]
    assert index.find_number(float(np.nextafter(np.float32(8.1), np.float32(9)))) == []
    assert index.find_number(float("nan")) == index.find_number(float("inf")) == []


def test_a_count_is_no_share():
    assert SuppressedIndex([Suppressed("a", (), 3.0)]).find(next(readings("0,03"))) == []
    assert len(SuppressedIndex([Suppressed("a", (), 0.0375)]).find(next(readings("3,75")))) == 1


def test_a_zero_is_found_as_zero():
    assert len(SuppressedIndex([Suppressed("a", (), 0.0)]).find(next(readings("0,0")))) == 1


def test_a_quarter_is_known_in_all_its_spellings():
    assert Suppressed("a", ("2007Q3",), 3).labels == (("2007Q3", "Q3 2007", "3. kv. 2007", "8030", "2007K3"),)


def test_a_spelling_that_languages_share_is_kept_once():
    """Bokmål and nynorsk write a quarter alike, and a name may be given twice."""
    item = Suppressed("a", ("2007Q3", ("1719", "Levanger", "Levanger")), 3)
    assert [len(entry) - len(set(entry)) for entry in item.labels] == [0, 0]
    assert item.labels[1] == ("1719", "Levanger")


@pytest.mark.parametrize("language", languages())
def test_quarters_and_days_of_every_language_are_no_figures(language):
    for month in range(1, 13):
        day = numbers.date(dt.date(2007, month, 21), language)
        assert QUARTER_OR_DATE.sub("", f"{day}: 3") == ": 3"
    for number in range(1, 5):
        label = numbers.quarter(f"2007Q{number}", language)
        assert QUARTER_OR_DATE.sub("", f"{label}: 3") == ": 3"


@pytest.mark.parametrize(
    "spelled",
    [
        "2007Q3", "2007K3", "2007 K3", "2007-Q3", "Q3 2007", "K3 2007", "3. kv. 2007", "3. kvartal 2007", "3. kvartal",
        "tredje kvartal 2007", "tredje kvartal i 2007", "3rd quarter of 2007", "third quarter 2007", "2007-09-30",
        "30. september 2007", "1 May 2007",
    ],
)  # fmt: skip
def test_a_quarter_or_a_day_is_known_as_one(spelled):
    assert QUARTER_OR_DATE.fullmatch(spelled)
    assert QUARTER_OR_DATE.fullmatch(spelled.upper())


@pytest.mark.parametrize("text", ["3 may fall", "Q3", "12007Q3", "Q5 2007", "3 personer 2007", "fifth quarter 2007"])
def test_other_numbers_are_no_quarter_and_no_day(text):
    assert QUARTER_OR_DATE.search(text) is None


@pytest.mark.parametrize("other", ["Q4 2007", "2007K4", "fourth quarter of 2007", "fjerde kvartal 2007"])
def test_another_quarter_beside_a_number_counts_before_the_one_in_the_title(other):
    item = Suppressed("a", (("1719", "Levanger"), "2007Q3"), 3)
    assert item.is_named_by("Levanger, Q3 2007: 3", "")
    assert item.is_named_by("Levanger: 3", "Q3 2007")
    assert not item.is_named_by(f"Levanger, {other}: 3", "Levanger from Q3 2007")


def test_a_day_beside_a_number_does_not_hide_the_quarter_in_the_title():
    item = Suppressed("a", (("1719", "Levanger"), "2007Q3"), 3)
    assert item.is_named_by("Levanger, 1 January 2010: 3", "Q3 2007")


def test_the_names_must_all_be_there_and_one_beside():
    item = Suppressed("a", (("1719", "Levanger"), "2007Q3"), 3)
    assert item.is_named_by("LEVANGER | 3", "3. kv.\n2007")
    assert item.is_named_by("8030 | 3", "Levanger")
    assert not item.is_named_by("3", "Levanger, 3. kv. 2007")
    assert not item.is_named_by("Levanger | 3", "2007")
    assert not Suppressed("a", (), 3).is_named_by("a", "a")
    assert not item.is_named_by("Levanger, 4. kv. 2007: 3", "Levanger fra 3. kv. 2007")
    assert item.is_named_by("Levanger: 3", "Levanger, 3. kv. 2007")


def test_a_thousand_planted_texts_are_told_apart():
    canaries = [f"KANARI-{n:06d}" for n in range(1_000)]
    index = CanaryIndex([*canaries, "Ola Nordmann", "..."])
    assert index.find("x KANARI-000317, kanari-000999") == ["KANARI-000317", "KANARI-000999"]
    assert index.find("ola \n nordmann") == ["Ola Nordmann"]
    assert index.find("Ola og Nordmann; KANARI 000317") == []


def test_a_record_names_its_cells_in_every_spelling():
    suppressed = Suppressed("a", (("1719", "Levanger"), "2007Q3"), 8.25)
    assert suppressed.cell == "1719, 2007Q3"
    assert suppressed.labels[1][:3] == ("2007Q3", "Q3 2007", "3. kv. 2007")
