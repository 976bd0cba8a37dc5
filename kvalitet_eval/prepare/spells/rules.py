"""Declared rules for the rows of microdata: how each cell becomes a value, and what refuses or excludes a row.

Every rule is one SQL expression over the text of the cells, so that a hundred million rows are judged where they are. A
row has the first problem it meets, and problem 0 is none. Nothing here can show a key: the texts that may be shown
have the shape of the column they stand in, others are shown as their shape only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kvalitet_eval.prepare.layout import Layout

FULL = 100_000
"""100 per cent in the whole numbers that the queries count with: thousandths of a per cent."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a row is not used.

    Parameters
    ----------
    code : str
        Code of the finding, or the name of the reason for an exclusion that needs nobody's attention.
    kind : {"refused", "excluded"}
        Refused rows are faults; excluded ones are right, but not part of what is asked for.
    column : str
        Where it is; empty for the whole row.
    condition : str
        SQL over the cells (``cell_<column>``, text or missing) and the values made from them.
    shown : str
        Regular expression of texts that may be shown as they are.
    """

    code: str
    kind: Literal["refused", "excluded"]
    column: str
    condition: str
    shown: str = r"(?!)"


_NUMBER = r"[-+]?[0-9]{1,3}(?:[.,][0-9]{1,3})?"
_DATE = r"[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}"
_WORD = r"[^\W\d]{2,20}"


def value_layers(layout: Layout, cells: Mapping[str, str], has_persons: bool) -> tuple[dict[str, str], ...]:
    """Return SQL that makes the values of one row from its cells, in layers that each use the ones before.

    Parameters
    ----------
    layout : Layout
        Spells or employments.
    cells : mapping of str to str
        Column name to the SQL of its text; optional columns that the file lacks are not in it.
    has_persons : bool
        Whether rows with the same key are the same person's; otherwise every row is a job of its own.

    Returns
    -------
    tuple of dict of str to str
        Name to SQL; the first layer has ``cell_<column>`` for every column of the layout.
    """
    texts = {f"cell_{column.name}": cells.get(column.name, _default(column.default)) for column in layout.columns}
    place = "cell_municipality_number"
    plain = {"recorded": f"CASE WHEN {place} LIKE '%.0' THEN left({place}, length({place}) - 2) ELSE {place} END"}
    plain |= {f"plain_{name}": f"replace(rtrim(cell_{source}, ' %'), ',', '.')" for name, source in _fractions(layout)}
    values = {"number": "CASE WHEN length(recorded) = 3 THEN '0' || recorded ELSE recorded END"}
    for name in ("first_day", "last_day"):
        values[name] = (
            f"CASE WHEN cell_{name} LIKE '____-__-__' THEN TRY_CAST(cell_{name} AS DATE)"
            f" WHEN cell_{name} LIKE '%.%.____' THEN CAST(TRY_STRPTIME(cell_{name}, '%d.%m.%Y') AS DATE) END"
        )
    values["is_open"] = "cell_last_day IS NULL"
    for name, _ in _fractions(layout):
        values[name] = (
            f"CASE WHEN regexp_full_match(plain_{name}, '-?[0-9]+([.][0-9]*)?')"
            f" THEN CAST(TRY_CAST(plain_{name} AS DECIMAL(9, 3)) * 1000 AS INTEGER) END"
        )
    values["is_rounded"] = " OR ".join(f"plain_{name} LIKE '%.____%'" for name, _ in _fractions(layout))
    key = "cell_person_key" if has_persons else "CAST(line AS VARCHAR)"
    hidden = {"through_day": "CASE WHEN is_open THEN $last ELSE last_day END", "person": _hidden(key)}
    hidden["job"] = _hidden(key, "coalesce(cell_job_key, '')", "number", "cell_sector")
    return texts, plain, values, hidden


def problems(layout: Layout, n_cells: str) -> tuple[Problem, ...]:
    """Return the rules of a layout in the order in which they are tried.

    ``n_cells`` is SQL that is true when the row has as many cells as the header. Every rule is true, false or missing;
    missing counts as false.
    """
    sectors, found = layout.column("sector").allowed, []
    found += [Problem("SPE-05", "refused", "", f"NOT ({n_cells})")]
    found += [Problem("SPE-06", "refused", "person_key", "cell_person_key IS NULL")]
    found += [
        Problem("SPE-07", "refused", name, condition, _DATE)
        for name, condition in (
            ("first_day", "first_day IS NULL"),
            ("last_day", "last_day IS NULL AND NOT is_open"),
        )
    ]
    found += [Problem("SPE-08", "refused", "last_day", "last_day < first_day", _DATE)]
    found += [
        Problem("SPE-09", "refused", source, f"{name} IS NULL OR {name} <= 0 OR {name} > {FULL}", _NUMBER)
        for name, source in _fractions(layout)
    ]
    choices = {"sector": sectors, "origin": layout.column("origin").allowed}
    choices |= {column.name: column.allowed for column in layout.columns if column.name == "certificate"}
    found += [
        Problem("SPE-10", "refused", name, f"coalesce(cell_{name} NOT IN ({_quoted(allowed)}), TRUE)", _WORD)
        for name, allowed in choices.items()
    ]
    found += [
        Problem("outside_period", "excluded", "", "first_day > $last OR through_day < $first"),
        Problem("SPE-11", "refused", "municipality_number", "from_valid IS NULL", r"[0-9]{1,4}"),
        Problem("SPE-12", "refused", "municipality_number", "through_number IS NULL", r"[0-9]{1,4}"),
    ]
    return tuple(found)


def displayed(cell: str | None, problem: Problem) -> str:
    """Return a cell's text as it may be shown: itself when it has the column's shape, else its shape.

    Examples
    --------
    >>> rule = Problem("SPE-09", "refused", "grade_pct", "", r"[0-9]{1,3}")
    >>> displayed("120", rule), displayed("01017012345", rule), displayed("Kari N", rule)
    ('120', '99999999999', 'aaaa a')
    """
    if cell is None or re.fullmatch(problem.shown, cell):
        return cell or ""
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", cell))


def _fractions(layout: Layout) -> list[tuple[str, str]]:
    """Names of the whole numbers that the percentages of a layout become."""
    names = {"grade_pct": "grade", "position_share_pct": "share"}
    return [(names[column.name], column.name) for column in layout.columns if column.name in names]


def _default(value: str | None) -> str:
    return "CAST(NULL AS VARCHAR)" if value is None else f"'{value}'"


def _hidden(*parts: str) -> str:
    """Make a number that tells rows of one person apart from others', and that nobody can turn back into the key."""
    return f"hash(sha256(concat_ws(chr(31), $salt, {', '.join(parts)})))"


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
