"""However a person number is spelled it is found, and what only has as many digits is not."""

import random

import pytest
from leaky_files import notebook, page, shown, xlsx

from kvalitet_eval.report.disclosure import scan
from kvalitet_eval.report.disclosure_persons import person_numbers, stored_person_number
from kvalitet_eval.report.disclosure_record import DisclosureRecord

NUMBER = "01010710029"  # check digits worked out by hand in test_disclosure_parts, and for the three below
TEN = "1010710029"
D_NUMBER = "41010710012"
OTHERS = ("01410710001", "01810710094")

SPELLED = [
    "010 107 100 29",
    "010\u00a0107\u00a0100\u00a029",
    "010\u2009107\u2009100\u200929",
    "010.107.100.29",
    "010-107-100-29",
    "010\u2011107\u2011100\u201129",
    "010 107 10029",
    "01 01 07 100 29",
    "01-01-07-10029",
    "01/01/07/10029",
    "01_01_07_10029",
    "01.01.07 \u2013 10029",
    "010107 - 10029",
    "010107.10029",
    "010107. 10029",
    "010107  10029",
    "010107\u00a0100\u00a029",
    "0-1-0-1-0-7-1-0-0-2-9",
    "01 010 710 029",
    "fnr. 01.0107.10029",
    "fnr 1 010 710 029",
    "f\u00f8dselsnummer: 0 1 0 1 0 7 1 0 0 2 9",
    "personnr 0101, 0710 029",
    "D-nr. er 1010 710 029",
    "\u0660\u0661\u0660\u0661\u0660\u0667\u0661\u0660\u0660\u0662\u0669",
    f"{NUMBER}.0",
    f"{TEN}.0",
    f"{TEN},00",
    TEN,
    f"id={TEN}",
    f"({TEN})",
    "1.010710029 x 10^9",
    "1,010710029\u00b710\u2079",
    "101071002900e-2",
]


@pytest.mark.parametrize("spelled", SPELLED)
@pytest.mark.parametrize("around", ["{}", "om {} her", "Kari ({}), 3 dager", "se {}."])
def test_an_unusual_spelling_is_found(spelled, around):
    assert list(person_numbers(around.format(spelled))) == [NUMBER]


@pytest.mark.parametrize("number", [D_NUMBER, *OTHERS])
@pytest.mark.parametrize("parts", [(6, 5), (2, 2, 2, 5), (2, 2, 2, 3, 2), (6, 3, 2), (3, 3, 3, 2), (3, 3, 5)])
@pytest.mark.parametrize("sign", [" ", "\u00a0", "\u202f", "\u2007", "-", "\u2013"])
def test_every_kind_of_number_is_found_in_parts(number, parts, sign):
    pieces, at = [], 0
    for length in parts:
        pieces.append(number[at : at + length])
        at += length
    assert list(person_numbers(sign.join(pieces))) == [number]


@pytest.mark.parametrize("number", [NUMBER, D_NUMBER, *OTHERS])
@pytest.mark.parametrize("spell", ["{:.1f}", "om {:.1f} her", "{:.0f}", "om {:.0f} her", "{:.10E}", "om {!r} her"])
def test_a_number_that_a_spreadsheet_made_a_float_of_is_found(number, spell):
    assert list(person_numbers(spell.format(float(number)))) == [number]


@pytest.mark.parametrize(
    "text",
    [
        "41 010 710 012",
        "kr 41 010 710 012,50",
        "1 010 710 029 kr",
        "1.010.710.029",
        f"{TEN} kr",
        f"NOK {TEN}",
        f"{TEN}.0 mill.",
        f"tlf. {TEN}",
        f"+{TEN}",
        f"KKP-{TEN}",
        f"run_{TEN}",
        f"{TEN}a",
        f"7,{TEN}",
        f"{TEN},5",
        f"2007/{TEN}",
        f"konto {D_NUMBER}",
        "4101.07.10012",
        "4101 07 10012",
        "0101 0710 029",
        "41 01 071 001 2",
        "410.107.100.12",
        "Levanger 410 107 100 12",
        "Levanger 4 1 0 1 0 7 1 0 0 1 2",
        "5 010 107 100 29",
        "f\u00f8dselsnummer har 11 siffer, 41 010 710 012 kr",
        "1.0107100291e9",
        "455\u00b7108\u00b7461",
        "974 760 673",
        "fnr mangler",
    ],
)
def test_a_number_of_another_kind_is_none(text):
    assert list(person_numbers(text)) == []


@pytest.mark.parametrize("key", ["Bel\u00f8p", "sum_kr", "seed", "timestamp", "Driftsutgifter", "size_bytes"])
def test_no_zero_is_put_back_below_a_heading_of_sums_or_times(key):
    assert list(person_numbers(TEN, key)) == []
    assert stored_person_number(float(TEN), key) is None
    assert list(person_numbers(D_NUMBER, key)) == [D_NUMBER]
    assert stored_person_number(float(D_NUMBER), key) == D_NUMBER


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", f"navn;nr\nLevanger;om {TEN} her\n".encode()),
        ("b.csv", f"navn;nr\nLevanger;{D_NUMBER}.0\n".encode()),
        ("a.txt", f"om {D_NUMBER}.0 her".encode()),
        ("a.json", f'{{"a": "se {TEN}"}}'.encode()),
        ("a.html", page("<p>om 010&thinsp;107&nbsp;100&#8239;29 her</p>")),
        ("a.ipynb", notebook(shown(text__plain=f"0    {D_NUMBER}.0\n"))),
        ("a.xlsx", xlsx(["navn", "nr"], ["Levanger", "se 41010710012.0"])),
    ],
)
def test_it_is_found_in_a_file(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert {item.code for item in scan(tmp_path, DisclosureRecord()).findings} == {"SIK-02"}


def _thousands(number, sign):
    return f"{number:,}".replace(",", sign)


BLANKS = " \u00a0\u202f.,"
ORDINARY = {
    "sum": lambda r: f"Utgifter {_thousands(r.randrange(10**9, 10**11), r.choice(BLANKS))} i 2007",
    "amount": lambda r: f"{r.randrange(10**9, 10**10)} kr",
    "decimals": lambda r: f"{r.uniform(0, 1e6):.{r.randrange(6, 12)}f} og {r.uniform(0, 20)!r}",
    "organisation": lambda r: (
        f"org.nr. {_thousands(r.randrange(8 * 10**8, 10**9), r.choice([' ', '']))} {r.randrange(99)}"
    ),
    "telephone": lambda r: f"{r.choice(['+47', 'tlf. 47', '0047 '])}{r.randrange(2 * 10**7, 10**8)}",
    "account": lambda r: f"betal til {r.randrange(10**4):04d}.{r.randrange(100):02d}.{r.randrange(10**5):05d}",
    "row": lambda r: "1719 " + " ".join(_thousands(r.randrange(10 ** r.randint(1, 9)), "\u00a0") for _ in range(8)),
    "quarter": lambda r: f"{r.randrange(101, 2031):04d} 2007Q{r.randint(1, 4)} {r.randrange(10**6)}",
    "hash": lambda r: f"{r.getrandbits(256):064x} {r.getrandbits(48):012x}",
    "time": lambda r: (
        f"20{r.randrange(10, 30)}-{r.randrange(1, 13):02d}-22 09:{r.randrange(60):02d}:36.{r.randrange(10**6)}"
    ),
}


@pytest.mark.parametrize("kind", ORDINARY)
def test_two_thousand_ordinary_numbers_are_none(kind):
    draws = random.Random(7)
    assert [text for text in (ORDINARY[kind](draws) for _ in range(2_000)) if list(person_numbers(text))] == []
