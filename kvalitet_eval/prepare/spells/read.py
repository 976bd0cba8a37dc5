"""Microdata files into a table of typed rows without keys, each row with the problem it has, if any.

Keys are replaced by salted numbers while the file is read: they reach no table, no temporary file and no message.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.layout import Layout
from kvalitet_eval.prepare.spells.files import SourceFile, count_lines, open_source
from kvalitet_eval.prepare.spells.rules import Problem, displayed, problems, value_layers

SHOWN_LINES = 20
_CHANGES = ("is_padded", "is_open", "is_cut", "is_rounded")
_LARGEST = {"grade_pct": "max(grade)", "position_share_pct": "max(share)"}


@dataclass(frozen=True, slots=True)
class Staged:
    """What became of the rows of one file.

    Parameters
    ----------
    source : SourceFile
        The file.
    n_read, n_accepted : int
        Rows in it, and rows without a problem.
    problems : mapping of Problem to int
        How many rows have each.
    changes : mapping of str to int
        How many accepted rows were read differently from how they are written: is_padded, is_open, is_cut, is_rounded.
    largest_pct : mapping of str to float
        Largest accepted value of each column of percentages; none when no row is accepted.
    findings : tuple of Finding
        One per problem that somebody should mend, with the first lines; never a key.
    """

    source: SourceFile
    n_read: int
    n_accepted: int
    problems: Mapping[Problem, int]
    changes: Mapping[str, int]
    largest_pct: Mapping[str, float]
    findings: tuple[Finding, ...]


def read_microdata(
    connection: duckdb.DuckDBPyConnection, path: Path, layout: Layout, table: str, bounds: Mapping[str, object]
) -> Staged:
    """Add the rows of a file to a table, judged and without keys.

    Text that is not utf-8 is read as latin-1: only keys may hold other letters than a-z, and they are never shown.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Holds the table ``number_years`` and the types ``number``, ``sector`` and ``certificate``.
    path, layout
        The file and what it must look like.
    table : str
        Name of the table; made when it is not there.
    bounds : mapping
        ``first`` and ``last`` day of the period, ``first_year`` of the register, ``salt``.

    Raises
    ------
    DataError
        As for :func:`open_source`. SPE-02: memory or disk did not suffice.
    """
    for encoding, is_by_line in (("utf-8", False), ("utf-8", True), ("latin-1", True)):
        try:
            source = open_source(connection, path, layout, encoding, is_by_line=is_by_line)
            with _joins_as_written(connection):
                return _stage(connection, source, layout, table, bounds)
        except duckdb.OutOfMemoryException:
            raise DataError.of("SPE-02", file=path) from None
        except duckdb.Error:
            continue
    raise DataError.of("SPE-01", file=path)


@contextmanager
def _joins_as_written(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Keep the small table on the side of a join that is held in memory.

    The engine takes a text file read without detection for some forty rows, and would hold all of the file instead.
    """
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    try:
        yield
    finally:
        connection.execute("RESET disabled_optimizers")


def _stage(
    connection: duckdb.DuckDBPyConnection, source: SourceFile, layout: Layout, table: str, bounds: Mapping[str, object]
) -> Staged:
    rules = problems(layout, source.n_cells)
    judged = _judged(source, layout, rules, has_line=not source.has_persons)
    select = f"SELECT $batch AS batch, {_columns(layout)} FROM ({judged})"
    connection.execute(f"CREATE TABLE IF NOT EXISTS {table} AS {select} LIMIT 0", {**bounds, "batch": 0})
    batch = connection.execute(f"SELECT coalesce(max(batch), 0) + 1 FROM {table}").fetchall()[0][0]
    connection.execute(f"INSERT INTO {table} {select}", {**bounds, "batch": batch})
    mine = f"FROM {table} WHERE batch = {batch}"
    counts = Counter(dict(connection.execute(f"SELECT problem, count(*) {mine} GROUP BY problem").fetchall()))
    flags = ", ".join(f"count(*) FILTER (WHERE {name})" for name in _CHANGES)
    changed = connection.execute(f"SELECT {flags} {mine} AND problem = 0").fetchall()[0]
    percentages = [column.name for column in layout.columns if column.unit == "percent"]
    wanted = ", ".join(_LARGEST[name] for name in percentages)
    largest = connection.execute(f"SELECT {wanted} {mine} AND problem = 0").fetchall()[0]
    found = {rule: counts[number] for number, rule in enumerate(rules, start=1) if counts[number]}
    refused = [number for number, rule in enumerate(rules, start=1) if rule in found and rule.kind == "refused"]
    has_lines = source.is_by_line or count_lines(source.path) == counts.total() + 1
    lined = source if has_lines else open_source(connection, source.path, layout, source.encoding, is_by_line=True)
    examples = _examples(connection, lined, layout, refused, bounds) if refused else {}
    return Staged(
        source=source,
        n_read=counts.total(),
        n_accepted=counts[0],
        problems=found,
        changes={name: n for name, n in zip(_CHANGES, changed, strict=True) if n},
        largest_pct={column: value / 1000 for column, value in zip(percentages, largest, strict=True) if value},
        findings=tuple(_told(source.path, rules[number - 1], counts[number], examples[number]) for number in refused),
    )


def _columns(layout: Layout) -> str:
    """Return SQL of what is kept of a judged row: numbers, dates and short codes."""
    names = {column.name for column in layout.columns}
    of_spells = "TRY_CAST(cell_certificate AS certificate) AS certificate, grade," if "grade_pct" in names else ""
    person = "" if of_spells else "person,"
    return f"""problem, {person} job, TRY_CAST(number AS number) AS municipality_number,
        TRY_CAST(cell_sector AS sector) AS sector, {of_spells} share, greatest(first_day, $first) AS first_day,
        least(through_day, $last) AS last_day, is_open, is_rounded, number <> cell_municipality_number AS is_padded,
        first_day < $first OR through_day > $last AS is_cut, cell_origin = 'syntetisk' AS is_synthetic"""


def _judged(source: SourceFile, layout: Layout, rules: tuple[Problem, ...], *, has_line: bool) -> str:
    """Return SQL of all rows with their values and the number of their first problem, 0 for none."""
    rows = f"SELECT *, {source.line} AS line FROM ({source.relation})" if has_line else source.relation
    for layer in value_layers(layout, source.cells, source.has_persons):
        rows = f"SELECT *, {', '.join(f'{made} AS {name}' for name, made in layer.items())} FROM ({rows})"
    cases = " ".join(f"WHEN {rule.condition} THEN {number}" for number, rule in enumerate(rules, start=1))
    return f"""
        SELECT v.*, CAST(CASE {cases} ELSE 0 END AS UTINYINT) AS problem
        FROM ({rows}) AS v
        LEFT JOIN (SELECT recorded AS from_valid, year AS from_year FROM number_years WHERE is_valid)
            ON from_valid = v.number AND from_year = greatest(year(v.first_day), $first_year)
        LEFT JOIN (SELECT recorded AS through_recorded, year AS through_year, municipality_number AS through_number
                FROM number_years)
            ON through_recorded = v.number AND through_year = year(least(v.through_day, $last))"""


def _examples(
    connection: duckdb.DuckDBPyConnection,
    source: SourceFile,
    layout: Layout,
    wanted: list[int],
    bounds: Mapping[str, object],
) -> dict[int, list[tuple[int, str]]]:
    """Return the first lines of each problem with the text that may be shown, read once more in the file's order."""
    rules = problems(layout, source.n_cells)
    judged = _judged(source, layout, rules, has_line=True)
    cell = " ".join(
        f"WHEN {number} THEN cell_{rules[number - 1].column}"
        for number in wanted
        if rules[number - 1].column not in ("", "person_key")
    )
    text = f"CASE problem {cell} END" if cell else "CAST(NULL AS VARCHAR)"
    connection.execute("SET preserve_insertion_order = true")
    rows = connection.execute(
        f"""SELECT problem, line, {text} AS cell FROM ({judged}) WHERE problem IN ({", ".join(map(str, wanted))})
        QUALIFY row_number() OVER (PARTITION BY problem ORDER BY line) <= {SHOWN_LINES} ORDER BY problem, line""",
        dict(bounds),
    ).fetchall()
    connection.execute("SET preserve_insertion_order = false")
    found: dict[int, list[tuple[int, str]]] = {number: [] for number in wanted}
    for number, line, text_found in rows:
        found[number].append((line, displayed(text_found, rules[number - 1])))
    return found


def _told(path: Path, rule: Problem, n: int, examples: list[tuple[int, str]]) -> Finding:
    lines = ", ".join(str(line) for line, _ in examples) + (" …" if n > len(examples) else "")
    is_hidden = rule.column in ("", "person_key")
    where = {"file": path, "line": examples[0][0] if examples else None, "column": rule.column or None}
    found = None if is_hidden else "; ".join(dict.fromkeys(text for _, text in examples))
    return finding(rule.code, severity="warning", **where, found=found, n=n, lines=lines)
