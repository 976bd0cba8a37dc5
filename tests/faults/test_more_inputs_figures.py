"""Bad inputs beyond the open catalogue: figures, signs and units (D)."""

import pytest
from intake_cases import RATES
from more_cases import KOSTRA, Case, check, days, figure, lines, rates

NUMBERS = [
    *(
        figure(f"D{51 + n} {text!a}", text, code="INN-D01")
        for n, text in enumerate(
            (
                "9,1¹",
                "9,1*",
                "9,1 1)",
                "9,1-",
                "9,1 p",
                "(x)",
                "ca. 9",
                "<5",
                "0-3",
                "9,1/8,2",
                "9½",
                "kr 9",
                "null",
                "9 ,1",
                "9.1.",
                "TRUE",
                "9٫1",
            )
        )
    ),
    figure("D68 an English decimal date", "08.apr", code="INN-C09"),
    figure("D69 a month and a year", "apr.08", code="INN-C09"),
    figure("D70 a Norwegian date", "08.04.2007", code="INN-C09"),
    figure(
        "D71 no ink inside", "9\u200b,\u00ad1", values=(8.2, 9.1), rule="spelling of space or accents; decimal comma"
    ),
    figure(
        "D72 a formula that keeps a text",
        '"=""9,1"""',
        values=(8.2, 9.1),
        rule="formula that only keeps a text; decimal comma",
    ),
    figure(
        "D73 minus zero",
        "-0,0",
        values=(8.2, 0.0),
        rule="decimal comma; minus before zero taken away",
        warned="INN-V07",
    ),
    figure("D74 figure dash", "\u2012", values=(8.2, None), warned="INN-D04"),
    figure(
        "D75 no-break space behind", "9,1\u00a0", values=(8.2, 9.1), rule="spelling of space or accents; decimal comma"
    ),
    figure("D76 code for missing", "-9", code="INN-D10"),
    rates(
        "D77 code for missing among percentages",
        *(f"0101;2007K{q};{'99,9' if q == 3 else '7,1'}" for q in (1, 2, 3, 4)),
        code="INN-D12",
        line=4,
        found="99,9",
    ),
    rates("D78 attendance for one", "0101;2007K1;91", "0104;2007K1;8", "0105;2007K1;7", code="INN-D07", line=2),
    days(
        "D79 English thousands",
        "0101;2007K1;1,234;60,123;1,500;4,000",
        "0104;2007K1;1,100;61,123;1,200;4,100",
        code="INN-D03",
        line=2,
        column="avtalte dagsverk",
        found="60,123",
    ),
    days(
        "D80 three decimals beside another number of them",
        "0101;2007K1;10;600,125;20;40",
        "0104;2007K1;10;601,5;20;40",
        values=(600.125, 601.5),
        of="agreed_days",
    ),
    rates("D81 percentages with three decimals", "0101;2007K1;9,125", "0104;2007K1;8,250", values=(9.125, 8.25)),
    days(
        "D82 thousands point beside a comma",
        "0101;2007K1;1.234;600;1,5;40",
        "0104;2007K1;9,5;600;20;40",
        code="INN-D03",
        line=2,
        found="1.234",
    ),
    days("D83 thousands grouped wrongly", "0101;2007K1;12 34;600;20;40", code="INN-D01", line=2, found="12 34"),
    days(
        "D84 a unit behind the figure", "0101;2007K1;10;600 dagsverk;20;40", code="INN-D01", column="avtalte dagsverk"
    ),
    Case(
        "D85 English thousands among kroner",
        lines(KOSTRA, "0101;2007;A;1,234;kroner;1", "0104;2007;A;2,345;kroner;1"),
        "kostra_indicators",
        code="INN-D03",
        line=2,
        found="1,234",
    ),
    rates(
        "D86 parts as shares of one",
        "0101;2007K1;9,1;0,011;0,08",
        header=f"{RATES};egenmeldt;legemeldt",
        code="INN-V11",
        line=2,
    ),
    rates(
        "D87 parts as shares of the absence",
        "0101;2007K1;9,1;12;88",
        header=f"{RATES};egenmeldt;legemeldt",
        code="INN-V11",
        line=2,
    ),
    rates(
        "D88 parts above the total",
        "0101;2007K1;9,1;3;7",
        header=f"{RATES};egenmeldt;legemeldt",
        values=(9.1,),
        warned="INN-V06",
    ),
]
CASES = [*NUMBERS]


def test_every_case_has_its_own_number():
    numbers = [case.id.split()[0] for case in CASES]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_is_refused_or_told(tmp_path, case):
    check(tmp_path, case)
