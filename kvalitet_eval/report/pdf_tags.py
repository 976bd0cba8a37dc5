"""Row headers of a PDF's tables: the compiler marks the cells of a header row only, a reader needs the row's name too.

The first cell of each row becomes a header cell whose scope is the row. What a cell belongs to then follows from the
scopes alone, so the compiler's lists of column headers, which would leave the row out, go.
"""

from __future__ import annotations

import re

_END = re.compile(rb"(?<=startxref\n)(\d+)(?=\n%%EOF\s*$)")
_TABLE = re.compile(rb"xref\n0 (\d+)\n")
_ENTRY = 20
_ROW = re.compile(rb"\d+ 0 obj\n<</Type/StructElem/S/TR/.*?/K\[(\d+) 0 R", re.DOTALL)
_CELL = re.compile(rb"\d+ 0 obj\n<</Type/StructElem/S/TD/")
_HEADERS = re.compile(rb"/Headers\[[^\]]*\]")


def mark_row_headers(pdf: bytes) -> bytes:
    """Return a PDF in which the first cell of every row that is not a row of headers is the row's header.

    Parameters
    ----------
    pdf : bytes
        As the compiler writes it: every object by itself, with a table of where each begins.

    Raises
    ------
    ValueError
        The file is not built in that way.
    """
    table_start, starts = _starts(pdf)
    order = sorted((start, number) for number, start in starts.items())
    ends = [start for start, _ in order[1:]] + [table_start]
    objects = {number: pdf[start:end] for (start, number), end in zip(order, ends, strict=True)}
    first_cells = {int(match[1]) for content in objects.values() if (match := _ROW.match(content))}
    written = [pdf[: order[0][0]]]
    place = len(written[0])
    for _, number in order:
        content = _marked(objects[number], number in first_cells)
        written.append(content)
        starts[number] = place
        place += len(content)
    return b"".join(written) + _new_table(pdf[table_start:], starts, place)


def _starts(pdf: bytes) -> tuple[int, dict[int, int]]:
    """Return where the table of objects begins, and where each object does."""
    end = _END.search(pdf)
    table = _TABLE.match(pdf, int(end[1])) if end else None
    if not end or not table:
        raise ValueError("not a PDF with a plain table of objects")
    entries = [pdf[table.end() + index * _ENTRY :][:_ENTRY] for index in range(int(table[1]))]
    return int(end[1]), {number: int(entry[:10]) for number, entry in enumerate(entries) if entry[17:18] == b"n"}


def _marked(content: bytes, is_first: bool) -> bytes:
    if not _CELL.match(content):
        return content
    if not is_first:
        return _HEADERS.sub(b"", content)
    header = content.replace(b"/S/TD/", b"/S/TH/", 1)
    return _HEADERS.sub(b"/Scope/Row", header, count=1)


def _new_table(old: bytes, starts: dict[int, int], place: int) -> bytes:
    """Return the table of objects and what follows it, with the new places."""
    table = _TABLE.match(old)
    lines = bytearray(old)
    for number, start in starts.items():
        at = table.end() + number * _ENTRY
        lines[at : at + 10] = b"%010d" % start
    return _END.sub(b"%d" % place, bytes(lines))
