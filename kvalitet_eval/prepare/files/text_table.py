"""A delimited text file as rows of text that remember their line; nothing is typed here."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from kvalitet_eval.errors import DataError, finding
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
        The file is empty, is no text, is in no encoding that can be told, has its columns divided by a sign that is no
        delimiter (INN-B01), an unclosed quotation mark (INN-B05), one that swallowed rows (INN-B06), or a cell longer
        than any figure or name (INN-B07).
    """
    decoded = decode(path, data, names)
    if "\x00" in decoded.text:
        line = decoded.text[: decoded.text.index("\x00")].count("\n") + 1
        raise DataError.of("INN-A10", file=path, line=line)
    text, remarks = _without_marks(decoded.text)
    if not _CONTENT.search(text):
        raise DataError.of("INN-A05", file=path, size_bytes=len(data))
    lines = list(io.StringIO(text, newline=""))
    if unquoted := _whole_lines_unquoted(lines):
        lines, remarks = unquoted, [*remarks, LedgerEntry(None, None, "", "", "quotation marks around whole lines")]
    delimiter = _delimiter(lines)
    _check_divided(path, lines, delimiter)
    rows = _records(path, lines, delimiter)
    return RawSheet(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        sheet=None,
        encoding=decoded.encoding,
        delimiter=delimiter,
        rows=rows,
        ledger=(
            *([LedgerEntry(None, None, "", decoded.encoding, decoded.rule)] if decoded.rule else []),
            *remarks,
            *([LedgerEntry(None, None, "", delimiter, "delimiter")] if delimiter != ";" else []),
        ),
        notes={"size_bytes": str(len(data))},
    )


_CONTENT = re.compile(r'[^;|,"\s]')


def _without_marks(text: str) -> tuple[str, list[LedgerEntry]]:
    """Leave out what programs put between lines: a byte order mark where files were joined, DOS's mark of the end."""
    remarks = []
    if text.endswith(_END_OF_FILE):
        text = text.rstrip(_END_OF_FILE)
        remarks.append(LedgerEntry(text.count("\n") + 1, None, _END_OF_FILE, "", "end-of-file mark taken away"))
    if _JOINED.search(text):
        lines = [text[: match.start()].count("\n") + 1 for match in _JOINED.finditer(text)]
        text = _JOINED.sub("", text)
        rule = "byte order mark inside the file taken away"
        remarks += [LedgerEntry(line, None, "\ufeff", "", rule) for line in lines]
    return text, remarks


_END_OF_FILE = "\x1a"
_JOINED = re.compile(r"(?:\A|(?<=[\r\n]))\ufeff+")


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


def _whole_lines_unquoted(lines: list[str]) -> list[str]:
    """Take away the quotation marks where each line of a table is one quoted cell; nothing when that is not so."""
    filled = [line for line in lines if line.strip()]
    if len(filled) < 2 or not all(_QUOTED_LINE.fullmatch(line.strip()) for line in filled):
        return []
    plain = [line.strip()[1:-1].replace('""', '"') + "\n" if line.strip() else line for line in lines]
    return plain if max(_fit(plain[:_SNIFFED], sign)[0] for sign in DELIMITERS) else []


_QUOTED_LINE = re.compile(r'"(?:[^"]|"")*"')


def _check_divided(path: Path, lines: list[str], delimiter: str) -> None:
    """Refuse a table whose columns are divided by a sign that is no delimiter, and name the sign.

    Raises
    ------
    DataError
        INN-B01.
    """
    sample = [line for line in lines[:_SNIFFED] if line.strip()]
    if _fit(sample, delimiter)[0]:
        return
    for sign in (*_OTHER_SIGNS, None):  # at last any run of spaces
        divided = [tuple(line.split(sign)) for line in sample]
        header = max(divided, key=_known_names)
        alike = sum(len(cells) == len(header) for cells in divided)
        if _known_names(header) and 2 * alike > len(sample):
            text = sample[divided.index(header)]
            where = {"file": path, "line": lines.index(text) + 1, "found": text.strip()[:_SHOWN]}
            raise DataError.of("INN-B01", **where, sign=sign or "mellomrom")


_OTHER_SIGNS = ("~", "^", ":", "¦")


def _records(path: Path, lines: list[str], delimiter: str) -> tuple[TextRow, ...]:
    """Return records with the line where each starts: a quoted cell may hold line breaks, but not whole rows."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line, rows, swallowed = 1, [], []
    n_fields = Counter(text.count(delimiter) + 1 for text in lines[:_SNIFFED])
    usual = max(2, n_fields.most_common(1)[0][0])
    try:
        for cells in reader:
            if cells:
                rows.append(TextRow(line, tuple(cells)))
            record = lines[line - 1 : reader.line_num]
            if len(record) > 1 and _has_whole_rows(record, delimiter, len(cells), usual):
                where = {"file": path, "line": line, "found": lines[line - 1].strip()[:_SHOWN]}
                swallowed.append(finding("INN-B06", **where, last_line=reader.line_num))
            line = reader.line_num + 1
    except csv.Error as error:
        code = "INN-B07" if "field limit" in str(error) else "INN-B05"
        where = {"file": path, "line": line, "found": lines[line - 1].strip()[:_SHOWN]}
        swallowed.append(finding(code, **where, most=csv.field_size_limit()))
    if swallowed:
        raise DataError(swallowed)
    return tuple(rows)


def _has_whole_rows(lines: list[str], delimiter: str, n_cells: int, usual: int) -> bool:
    """Whether lines of one record could be records themselves, so that a stray quotation mark has joined them."""
    return sum(line.count(delimiter) + 1 >= usual for line in lines) > (n_cells >= usual)
