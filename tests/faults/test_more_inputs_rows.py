"""Bad inputs beyond the open catalogue: rows of a panel and what they mean together (G)."""

import pytest
from more_cases import ANSWERS, GOALS, KOSTRA, PAI, SSB, Case, check, days, lines

PANELS = [
    days("G51 nobody employed, days lost", "0101;2007K1;0;0;5;4", code="INN-V02", line=2),
    days("G52 nothing agreed, days lost", "0101;2007K1;10;0;5;4", code="INN-V01", line=2),
    days(
        "G53 three rows of one key",
        "0101;2007K1;10;600;20;40",
        "0101;2007K1;10;600;20;41",
        "0101;2007K1;10;600;20;42",
        code="INN-G02",
        line=4,
    ),
    days(
        "G54 one of two rows lacks a figure",
        "0101;2007K1;10;600;20;40",
        "0101;2007K1;10;600;20;",
        code="INN-G02",
        line=3,
    ),
    days(
        "G55 same row spelt in two ways",
        "0101;2007K1;10;600;20;40",
        "101;1. kvartal 2007;10,0;600;20;40",
        values=(600,),
        of="agreed_days",
        warned="INN-G01",
        counts=(2, 1, 1, 0),
    ),
    days(
        "G56 a slip of ten",
        *(f"0101;2007K{q};1000;{6000 if q == 3 else 60000};100;400" for q in (1, 2, 3, 4)),
        values=(60000, 60000, 6000, 60000),
        of="agreed_days",
        warned="INN-V08",
    ),
    days(
        "G57 self-certified days in per cent",
        "0101;2007K1;1000;60000;1,2;4000",
        values=(1.2,),
        of="lost_days_self",
        warned="INN-V09",
    ),
    days(
        "G58 a total for one period only",
        "0101;2007K1;10;600;20;40",
        "0104;2007K1;10;600;20;40",
        "I alt;2007K1;20;1200;40;90",
        values=(40, 40),
        of="lost_days_doctor",
        warned="INN-F09",
    ),
    *(
        Case(f"G{59 + n} PAI: {code}", lines(PAI, *rows), "pai_sick_leave", code=code, line=2)
        for n, (code, *rows) in enumerate(
            (
                ("INN-V01", "0101;2007K1;alle;ansatte;10;600;500;400"),
                ("INN-V02", "0101;2007K1;alle;ansatte;0;600;20;40"),
                ("INN-G05", "0101;2007K1;alle;ansatte;10;600;20;40", "0101;2007K1;utdanning;ansatte;5;300;10;20"),
            )
        )
    ),
    Case(
        "G62 PAI: hours",
        lines(PAI, "0101;2007K1;alle;ansatte;10;4500;20;40"),
        "pai_sick_leave",
        values=(4500,),
        of="agreed_days",
        warned="INN-V04",
    ),
    *(
        Case(f"G{63 + n} residents: {code}", lines(SSB, *rows), "ssb_sick_leave", code=code, line=line)
        for n, (code, line, *rows) in enumerate(
            (
                ("INN-D08", 3, "0101;2007K1;begge;bosatte;0,051;07905", "0104;2007K1;begge;bosatte;0,06;07905"),
                ("INN-D14", 3, "0101;2007K1;begge;bosatte;51;07905", "0104;2007K1;begge;bosatte;60;07905"),
                (
                    "INN-D07",
                    2,
                    "0101;2007K1;begge;bosatte;99,9;07905",
                    "0104;2007K1;begge;bosatte;6;07905",
                    "0105;2007K1;begge;bosatte;6;07905",
                ),
                ("INN-S10", 3, "0101;2007K1;begge;bosatte;5;07905", "0104;2007K1;begge;ansatte;6;07905"),
            )
        )
    ),
    Case(
        "G67 residents: both sexes outside women and men",
        lines(
            SSB,
            "0101;2007K1;begge;bosatte;9;07905",
            "0101;2007K1;kvinner;bosatte;5;07905",
            "0101;2007K1;menn;bosatte;6;07905",
        ),
        "ssb_sick_leave",
        values=(9, 5, 6),
        of="rate_doctor_pct",
        warned="INN-V10",
    ),
    Case(
        "G68 one indicator in two units",
        lines(KOSTRA, "0101;2007;A;9,1;prosent;1", "0104;2007;A;0,08;andel;1"),
        "kostra_indicators",
        code="INN-S23",
        line=3,
        column="unit",
        found="andel",
    ),
    *(
        Case(
            f"G{69 + n} a goal of {target}",
            lines(GOALS, f"M1;0101;Ned;system;x;prosent;ned;9,1;2006-12;{target};2009-12"),
            "goals",
            code="INN-S24",
            line=2,
            column="target",
            found=target,
        )
        for n, target in enumerate(("0,08", "-1"))
    ),
    *(
        Case(
            f"G{71 + n} a national identity number",
            lines(ANSWERS, f"s;0101;x;{text};q;3"),
            "survey_responses",
            code="INN-S19",
            line=2,
            found="***********",
        )
        for n, text in enumerate(("1017012345", "010170.12345", "010170-12345"))
    ),
]
CASES = [*PANELS]


def test_every_case_has_its_own_number():
    numbers = [case.id.split()[0] for case in CASES]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_is_refused_or_told(tmp_path, case):
    check(tmp_path, case)
