"""A bad input as one line of a table, and the check of what must come of it: refused by its place, or told."""

from dataclasses import dataclass

from intake_cases import RATES, look

from kvalitet_eval.present import messages

DAYS = "kommunenr;kvartal;ansatte;avtalte dagsverk;tapte dagsverk egenmeldt;tapte dagsverk legemeldt"
PAI = "kommunenr;kvartal;sektor;populasjon;ansatte;avtalte dagsverk;tapte dagsverk egenmeldt;tapte dagsverk legemeldt"
SSB = "municipality_number;quarter;sex;population;rate_doctor_pct;table"
KOSTRA = "municipality_number;year;indicator;value;unit;table"
ANSWERS = "survey_id;municipality_number;unit;respondent;question_id;answer"
GOALS = "goal_id;municipality_number;goal;dimension;indicator;unit;direction;baseline;baseline_date;target;deadline"
NAMED = "kommune;kvartal;sykefravar"
GOOD = "0104;2007K1;8,2"
BASE = "\n".join((RATES, "0101;2007K1;9,1", GOOD)) + "\n"


@dataclass(frozen=True)
class Case:
    """A file, and what must come of it: ``code`` of the error, or ``values`` of a column with what was told."""

    id: str
    content: str | bytes
    layout: str | None = "sick_leave_rates"
    code: str = ""
    line: int | None = None
    column: str | None = None
    found: str | None = None
    values: tuple = ()
    of: str = "rate_total_pct"
    rule: str = ""
    warned: str = ""
    counts: tuple[int, int, int, int] | None = None
    name: str = "fil.csv"


def lines(header, *rows):
    return "\n".join((header, *rows)) + "\n"


def rates(id, *rows, header=RATES, **expected):
    return Case(id, lines(header, *rows), **expected)


def days(id, *rows, **expected):
    return Case(id, lines(DAYS, *rows), "sick_leave_days", **expected)


def file(id, content, **expected):
    return Case(id, content, None, **expected)


def figure(id, text, **expected):
    """One figure beside a good one."""
    where = {"line": 3, "column": "sykefravar", "found": text} if "code" in expected else {}
    return rates(id, GOOD, f"0101;2007K1;{text}", **where, **expected)


def period(id, text, **expected):
    where = {"line": 2, "column": "kvartal", "found": text} if "code" in expected else {"of": "quarter"}
    return rates(id, f"0101;{text};9", **where, **expected)


def place(id, text, **expected):
    where = {"line": 3, "column": "kommunenr", "found": text} if "code" in expected else {"of": "municipality_number"}
    return rates(id, GOOD, f'"{text.replace(chr(34), chr(34) * 2)}";2007K1;9', **where, **expected)


def check(tmp_path, case):
    """Read the file of a case and look at what came of it."""
    result = look(tmp_path, case.content, case.layout, name=case.name)
    if case.counts:
        counts = result.counts
        assert (counts.read, counts.used, counts.excluded, counts.refused) == case.counts
    if case.code:
        expected = {
            name: getattr(case, name) for name in ("line", "column", "found") if getattr(case, name) is not None
        }
        found = [{name: getattr(item, name) for name in expected} for item in result.errors if item.code == case.code]
        assert expected in found, [(item.code, item.line, item.column, item.found) for item in result.errors]
        assert str(tmp_path) in messages.describe(result.errors)
        return
    assert result.is_accepted, [(item.code, item.line, item.found) for item in result.errors]
    assert result.rows[case.of].astype(object).where(result.rows[case.of].notna(), None).tolist() == list(case.values)
    assert not case.rule or case.rule in set(result.ledger["rule"])
    assert [item.code for item in result.findings if not case.warned] == []
    assert not case.warned or case.warned in {item.code for item in result.findings}
