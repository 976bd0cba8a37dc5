"""A parquet file as rows of text; only flat columns of plain values, because nothing else is a table of figures."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kvalitet_eval.errors import DataError, system_reason
from kvalitet_eval.prepare.files.raw_sheet import RawSheet, TextRow
from kvalitet_eval.prepare.files.separate_process import ask

MOST_BYTES = 200 * 2**20


def read_parquet(path: str | Path) -> RawSheet:
    """Read a parquet file as text, in a process of its own.

    The first row is the header and has line 1, the first data row line 2. Values are written as in
    :mod:`kvalitet_eval.prepare.files.cell_text`; null is an empty cell. Columns and their types are in
    ``notes["schema"]``.

    Raises
    ------
    DataError
        ``INN-C26`` the file is damaged or is no parquet file; ``INN-C27`` a column is nested, binary or of another
        type that is no plain value (one finding for each); ``INN-C28`` too many cells; ``INN-C29`` too many bytes;
        ``INN-A14`` it cannot be opened.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DataError.of(
            "INN-A14", file=path, found=error.strerror or str(error), system=system_reason(error)
        ) from error
    if len(data) > MOST_BYTES:
        raise DataError.of("INN-C29", file=path, found=len(data), most=MOST_BYTES)
    answer = ask("parquet_process", path, data, "INN-C26")
    header, texts = tuple(answer.head["header"]), answer.head["texts"]
    cells = map(texts.__getitem__, answer.take(answer.head["n_cells"]))
    table = zip(*[cells] * len(header), strict=True)
    rows = (TextRow(line, row) for line, row in enumerate(table, start=2))
    return RawSheet(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        sheet=None,
        encoding="",
        delimiter="",
        rows=(TextRow(1, header), *rows) if header else (),
        notes={"format": "parquet", "schema": answer.head["schema"]},
    )
