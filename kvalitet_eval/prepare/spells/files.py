"""What kind of file microdata come in, and the SQL that gives its cells as text.

A text file without faults in its structure is read by the engine's own reader. Otherwise it is read line by line and
cut at the delimiter, which is slower and tells which rows are broken; there, a delimiter inside quotation marks makes a
row too long.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from kvalitet_eval.errors import DataError, finding, system_reason
from kvalitet_eval.prepare.layout import Layout
from kvalitet_eval.prepare.spells.layouts import UNIT_KEY

_HEADER_BYTES = 65_536
_BLOCK_BYTES = 1 << 22
_DELIMITERS = ";\t,|"
_PARQUET = b"PAR1"
_BELL = chr(7)  # a delimiter that no table has


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file whose columns are known.

    Parameters
    ----------
    path, encoding
        The file; how its text is coded, empty for parquet.
    relation : str
        SQL of its rows, with the columns that ``line``, ``cells`` and ``n_cells`` speak of.
    line : str
        SQL of the row's line, counted from 1; numbering the rows of the engine's own reader takes one core only.
    cells : mapping of str to str
        SQL of the text of each column of the layout that the file has; an empty cell is missing.
    n_cells : str
        SQL that is true when a row has as many cells as the header.
    is_by_line : bool
        Whether every line is a row, so that ``line`` is the physical line.
    has_persons : bool
        Whether the key is a person's.
    left_out : tuple of str
        Columns that the layout does not have.
    """

    path: Path
    encoding: str
    relation: str
    line: str
    cells: Mapping[str, str]
    n_cells: str
    is_by_line: bool
    has_persons: bool
    left_out: tuple[str, ...]


def open_source(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    layout: Layout,
    encoding: str = "utf-8",
    *,
    is_by_line: bool = False,
) -> SourceFile:
    """Find the columns of a file, text (``;``, tab, comma or ``|`` between cells) or parquet.

    Raises
    ------
    DataError
        INN-A15, INN-A14, INN-A05: no such file, not readable, empty. SPE-01: not a table. SPE-03, SPE-04: a column
        stands twice, or is missing.
    """
    head = _head(path)
    if head.startswith(_PARQUET):
        return _parquet(connection, path, layout)
    encoding = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else encoding
    lines = head.decode(encoding, errors="replace").lstrip("\ufeff").splitlines()
    first = lines[0] if lines else ""
    delimiter = max(_DELIMITERS, key=first.count)
    names = [_name(cell) for cell in first.split(delimiter)]
    if is_by_line:
        cells = {name: f"nullif(trim(cells[{place}], ' \"'), '')" for place, name in enumerate(names, start=1)}
        raw = f"SELECT rtrim(raw, chr(13)) AS raw FROM {_text(path, encoding, _BELL, ['raw'])}"
        lines = f"SELECT row_number() OVER () + 1 AS place, raw FROM ({raw})"
        relation = f"SELECT place, string_split(raw, '{delimiter}') AS cells FROM ({lines}) WHERE trim(raw) <> ''"
        n_cells = f"len(cells) = {len(names)} OR (len(cells) = {len(names) + 1} AND cells[{len(names) + 1}] = '')"
    else:
        places = [f"c{place}" for place in range(len(names))]
        cells = {name: f"nullif(trim({place}), '')" for name, place in zip(names, places, strict=True)}
        relation = f"SELECT * FROM {_text(path, encoding, delimiter, places)}"
        n_cells = "TRUE"
    line = "place" if is_by_line else "row_number() OVER () + 1"
    source = SourceFile(path, encoding, relation, line, cells, n_cells, is_by_line, True, ())
    return _checked(path, layout, names, source)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEADER_BYTES)
    except FileNotFoundError:
        raise DataError.of("INN-A15", file=path) from None
    except OSError as error:
        raise DataError.of(
            "INN-A14", file=path, found=error.strerror or type(error).__name__, system=system_reason(error)
        ) from None
    if not head.strip():
        raise DataError.of("INN-A05", file=path, size_bytes=len(head))
    return head


def count_lines(path: Path) -> int:
    """Count the lines of a file; one more for a last line without an end."""
    n, last = 0, b""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            n, last = n + block.count(b"\n"), block[-1:]
    return n + (last != b"\n")


def _text(path: Path, encoding: str, delimiter: str, columns: list[str]) -> str:
    """Return SQL of the rows of a text file without its header; lines that nothing can cut are one cell each."""
    quote = "" if delimiter == _BELL else '"'
    options = (
        f"delim = '{delimiter}', quote = '{quote}', escape = '{quote}', strict_mode = {delimiter != _BELL}, skip = 1,"
        f" header = false, auto_detect = false, encoding = '{encoding}'"
    )
    kinds = ", ".join(f"'{column}': 'VARCHAR'" for column in columns)
    return f"read_csv('{_quoted(path)}', {options}, columns = {{{kinds}}})"


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _parquet(connection: duckdb.DuckDBPyConnection, path: Path, layout: Layout) -> SourceFile:
    rows = f"read_parquet('{_quoted(path)}', file_row_number = true)"
    try:
        columns = connection.execute(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {rows}").fetchall()
    except duckdb.Error:
        raise DataError.of("SPE-01", file=path) from None
    texts = [f"{_parquet_text(column, kind)} AS c{place}" for place, (column, kind, *_) in enumerate(columns)]
    relation = f"SELECT file_row_number + 1 AS place, {', '.join(texts)} FROM {rows}"
    names = [_name(row[0]) for row in columns]
    cells = {name: f"nullif(trim(c{place}), '')" for place, name in enumerate(names)}
    return _checked(path, layout, names, SourceFile(path, "", relation, "place", cells, "TRUE", True, True, ()))


def _parquet_text(column: str, kind: str) -> str:
    quoted = '"' + column.replace('"', '""') + '"'
    if not kind.startswith("TIMESTAMP"):
        return f"CAST({quoted} AS VARCHAR)"
    day = f"CAST({quoted} AS DATE)"
    return f"CASE WHEN {quoted} = {day} THEN CAST({day} AS VARCHAR) ELSE CAST({quoted} AS VARCHAR) END"


def _name(cell: str) -> str:
    return cell.strip(' "\ufeff').casefold()


def _checked(path: Path, layout: Layout, names: list[str], source: SourceFile) -> SourceFile:
    """Return the source with the layout's columns only; a key per unit stands in the place of the person's."""
    has_units = UNIT_KEY in names and "person_key" not in names
    names = ["person_key" if has_units and name == UNIT_KEY else name for name in names]
    cells = {"person_key" if has_units and name == UNIT_KEY else name: cell for name, cell in source.cells.items()}
    known = [column.name for column in layout.columns]
    faults = [finding("SPE-03", file=path, line=1, column=name) for name in known if names.count(name) > 1]
    for name in layout.required:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1, cutoff=0.75)
            faults.append(finding("SPE-04", file=path, line=1, column=name, near=near[0] if near else "-"))
    if faults:
        raise DataError(faults)
    return SourceFile(
        path=path,
        encoding=source.encoding,
        relation=source.relation,
        line=source.line,
        cells={name: cell for name, cell in cells.items() if name in known},
        n_cells=source.n_cells,
        is_by_line=source.is_by_line,
        has_persons=not has_units,
        left_out=tuple(name for name in names if name not in known),
    )
