"""Bad inputs beyond the open catalogue: periods (E) and municipalities (F), hostile texts (J)."""

import pytest
from intake_cases import look
from more_cases import NAMED, check, lines, period, place, rates

from kvalitet_eval.present import messages

GOOD_NAME = "Moss;2007K1;8,2"
PERIODS = [
    *(
        period(f"E{51 + n} {text!a}", text, values=("2007Q1",), rule="quarter written another way")
        for n, text in enumerate(
            (
                "2007.K1",
                "2007_Q1",
                "2007K01",
                "K1/2007",
                "kv 1 2007",
                "1. kvartal, 2007",
                "2007, 1. kvartal",
                "2007 kvartal 1",
                "første kvartal 2007",
                "fyrste kvartal 2007",
                "jan-mars 2007",
                "januar–mars 2007",
            )
        )
    ),
    *(
        period(f"E{63 + n} {text!a}", text, code="INN-E01")
        for n, text in enumerate(
            (
                "K1 07",
                "1/2007",
                "2007 1",
                "20071",
                "2007K0",
                "1. tertial 2007",
                "2007H1",
                "39172",
                "2007-01-01",
                "31.03.07",
                "20070331",
                "2007K1*",
                "2007K1 (foreløpig)",
                "1.-2. kvartal 2007",
                "feb-april 2007",
            )
        )
    ),
    *(period(f"E{78 + n} {text!a}", text, code="INN-E05") for n, text in enumerate(("jan 2007", "2007-01", "2007:01"))),
    period(
        "E81 no ink inside",
        "2007K\u200b1",
        values=("2007Q1",),
        rule="spelling of space or accents; quarter written another way",
    ),
    period(
        "E82 an apostrophe",
        "'2007K1",
        values=("2007Q1",),
        rule="apostrophe before the text taken away; quarter written another way",
    ),
    rates("E83 before the register", "0101;1999K4;9", code="INN-F14", line=2, column="kommunenr", found="0101"),
    rates("E84 after the register", "0101;2070K4;9", code="INN-F14", line=2),
    rates("E85 before the register, by name", "Halden;1999K4;9", header=NAMED, code="INN-F14", found="Halden"),
]
PLACES = [
    place("F51 number kept as text", '="0301"', values=("0104", "0301"), rule="formula that only keeps a text"),
    place(
        "F52 number with an apostrophe", "'0301", values=("0104", "0301"), rule="apostrophe before the text taken away"
    ),
    place("F53 number with a letter", "K-0301", values=("0104", "0301"), rule="letter before the number taken away"),
    place("F54 number without ink inside", "03\u200b01", values=("0104", "0301"), rule="spelling of space or accents"),
    place("F55 soft hyphen in a name", "Os\u00adlo", values=("0104", "0301"), rule="number looked up by the name"),
    *(
        place(f"F{56 + n} {text!a}", text, code="INN-F02")
        for n, text in enumerate(("03 01", "0301*", "0301¹", "030101", "0301-01", "964338531", "3", "０３０１"))
    ),
    place("F64 district", "030101 Bydel Gamle Oslo", code="INN-F15"),
    place("F65 county by name", "Østfold", code="INN-F06"),
    *(
        place(f"F{66 + n} {text}", text, values=("0104",), rule="total left out")
        for n, text in enumerate(
            (
                "Fylkessnitt",
                "Snitt",
                "Gj.snitt",
                "Landsgjennomsnitt",
                "Kostragruppe 11",
                "KOSTRA-gruppe 11",
                "Fylket",
                "Landet uten Oslo",
                "Hordaland fylke",
                "0100 Østfold",
            )
        )
    ),
    place("F76 sum with a colon", "SUM:", values=("0104",), rule="total left out", warned="INN-F16"),
    place("F81 total sum", "Totalsum", values=("0104",), rule="total left out", warned="INN-F16"),
    place("F77 double name in the other order", "Deatnu/Tana", code="INN-F06"),
    place("F78 part of a county", "Bø i Vesterålen", code="INN-F15"),
    place("F79 number of today", "3001", code="INN-F11"),
    place("F80 both ends of a merger", "1505", code="INN-F11"),
]
HOSTILE = [
    rates(f"J{51 + n} {text[:12]!a}", GOOD_NAME, f"{text};2007K1;9", header=NAMED, code="INN-F15", line=3, found=text)
    for n, text in enumerate(
        (
            "<script>alert(1)</script>",
            "../../etc/passwd",
            "$(rm -rf .)",
            "%s%n",
            "=HYPERLINK(1)",
            "\x1b[31mHalden\x1b[0m",
            "\u202eneldaH",
            "H" * 300,
            "sum" * 5_000,
            "@SUM(1+1)",
        )
    )
]
CASES = [*PERIODS, *PLACES, *HOSTILE]


def test_every_case_has_its_own_number():
    numbers = [case.id.split()[0] for case in CASES]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_is_refused_or_told(tmp_path, case):
    check(tmp_path, case)


def test_the_ledger_keeps_the_text_with_what_nobody_sees(tmp_path):
    result = look(tmp_path, lines(NAMED, "Os\u00adlo;2007K1;9"), "sick_leave_rates")
    (entry,) = result.ledger[result.ledger["rule"] == "number looked up by the name"].itertuples()
    assert (entry.raw, entry.value) == ("Os\u00adlo", "0301")


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.id)
def test_a_message_is_short_and_of_signs_that_can_be_printed(tmp_path, case):
    errors = look(tmp_path, case.content, case.layout).errors
    said = messages.describe(errors)
    assert all(sign.isprintable() for sign in said.replace("\n", ""))
    assert len(said) < 1_500 + 2 * len(str(tmp_path))
