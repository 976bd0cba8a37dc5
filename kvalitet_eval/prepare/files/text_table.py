"""A delimited text file as rows of text that remember their line; nothing is typed here."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.files.decoding import decode
from kvalitet_eval.prepare.files.raw_sheet import RawSheet, TextRow
from kvalitet_eval.prepare.ledger import LedgerEntry
from kvalitet_eval.prepare.rules.header_spellings import column_names
from kvalitet_eval.prepare.schema import LAYOUTS

DELIMITERS = (";", "\t", "|", ",")
_SHOWN = 120  # characters of a faulty line that a message repeats
_SNIFFED = 200  # lines by which the delimiter is told


def read_text(path: Path, data: bytes, names: Collection[str] = ()) -> RawSheet:
    """Read a delimited text file.

    Parameters
    ----------
    path : Path
        The file, for messages.
    data : bytes
        Its content.
    names : collection of str
        Names of municipalities, by which an encoding is told (:func:`decoding.decode`).

    Raises
    ------
    DataError
        The file is empty, is no text, is in no encoding that can be told, or has an unclosed quotation mark.
    """
    decoded = decode(path, data, names)
    if "\x00" in decoded.text:
        line = decoded.text[: decoded.text.index("\x00")].count("\n") + 1
        raise DataError.of("INN-A10", file=path, line=line)
    if not _CONTENT.search(decoded.text):
        raise DataError.of("INN-A05", file=path, size_bytes=len(data))
    lines = list(io.StringIO(decoded.text, newline=""))
    delimiter = _delimiter(lines)
    rows = tuple(_records(path, lines, delimiter))
    return RawSheet(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        sheet=None,
        encoding=decoded.encoding,
        delimiter=delimiter,
        rows=rows,
        ledger=(
            *([LedgerEntry(None, None, "", decoded.encoding, decoded.rule)] if decoded.rule else []),
            *([LedgerEntry(None, None, "", delimiter, "delimiter")] if delimiter != ";" else []),
        ),
        notes={"size_bytes": str(len(data))},
    )


_CONTENT = re.compile(r'[^;|,"\s]')


def _delimiter(lines: list[str]) -> str:
    """Return the sign that splits most lines into equally many fields; a line that is a known header decides.

    Title lines above and notes below have no say, because they are few; the order of the signs decides between equals.
    """
    sample = [line for line in lines[:_SNIFFED] if line.strip()]
    return max(DELIMITERS, key=lambda sign: (*_fit(sample, sign), -DELIMITERS.index(sign)))


def _fit(sample: list[str], sign: str) -> tuple[int, int, int]:
    """Known column names in the best line, lines of the most usual length, and that length."""
    try:
        records = [tuple(cells) for cells in csv.reader(sample, delimiter=sign)]
    except csv.Error:
        return 0, 0, 0
    lengths = Counter(len(cells) for cells in records if len(cells) > 1)
    if not lengths:
        return 0, 0, 0
    length, n_lines = max(lengths.items(), key=lambda item: (item[1], item[0]))
    known = max(_known_names(cells) for cells in dict.fromkeys(records) if len(cells) > 1)
    return known, n_lines, length


def _known_names(cells: tuple[str, ...]) -> int:
    if any(cell.strip().isdigit() for cell in cells):
        return 0
    known = max(sum(name is not None for name in column_names(cells, layout)) for layout in LAYOUTS.values())
    return known if known > 1 else 0


def _records(path: Path, lines: list[str], delimiter: str) -> Iterator[TextRow]:
    """Yield records with the line where each starts: a quoted cell may hold line breaks."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if cells:
                yield TextRow(line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError.of("INN-B05", file=path, line=line, found=lines[line - 1].strip()[:_SHOWN]) from error
