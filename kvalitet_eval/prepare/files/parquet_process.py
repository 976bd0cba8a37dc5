"""The reading of one parquet file, in the process of its own: every value as text.

Damaged files can end the process in the library. Only the standard library and pyarrow are imported
(:mod:`kvalitet_eval.prepare.files.separate_process`).
"""

from __future__ import annotations

import io
from array import array
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import types

from kvalitet_eval.prepare.files.cell_text import date_text, number_text, truth_text, unambiguous
from kvalitet_eval.prepare.files.separate_process import RefusedError, limit_memory

MEMORY = 3 * 2**30
"""Address space, of which the library reserves far more than it uses."""
MOST_UNPACKED = 400 * 2**20
MOST_CELLS = 15_000_000
_BATCH = 20_000  # rows


def read(data: bytes) -> tuple[dict[str, Any], list[array]]:
    """Return the header, the schema and all texts once, and the cells as numbers of texts, row by row.

    Raises
    ------
    RefusedError
        With the codes of :func:`kvalitet_eval.prepare.files.parquet_file.read_parquet`.
    """
    limit_memory(MEMORY)
    try:
        with pq.ParquetFile(io.BytesIO(data), memory_map=False) as file:
            _check_size(file.metadata)
            schema = file.schema_arrow
            faults = [
                ("INN-C27", {"line": 1, "column": field.name, "found": field.type})
                for field in schema
                if _writer(field.type) is None
            ]
            if faults:
                raise RefusedError(several=faults)
            texts, cells = _cells(file)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        found = (str(error) or type(error).__name__).splitlines()[0]
        raise RefusedError("INN-C26", found=found) from error
    described = "; ".join(f"{field.name}: {field.type}" for field in schema)
    return {"header": schema.names, "schema": described, "texts": texts, "n_cells": len(cells)}, [cells]


def _check_size(meta: pq.FileMetaData) -> None:
    """Refuse before anything is unpacked."""
    n_cells = max(meta.num_rows, 0) * max(meta.num_columns, 1)
    if n_cells > MOST_CELLS:
        raise RefusedError("INN-C28", found=n_cells, most=MOST_CELLS)
    groups = (meta.row_group(place) for place in range(meta.num_row_groups))
    unpacked = sum(max(group.column(c).total_uncompressed_size, 0) for group in groups for c in range(meta.num_columns))
    if unpacked > MOST_UNPACKED:
        raise RefusedError("INN-C29", found=unpacked, most=MOST_UNPACKED)


def _cells(file: pq.ParquetFile) -> tuple[list[str], array]:
    writers = [_writer(field.type) for field in file.schema_arrow]
    width, numbers, cells = len(writers), {"": 0}, array("I")
    for batch in file.iter_batches(batch_size=_BATCH, use_threads=False):
        block = array("I", bytes(4 * width * batch.num_rows))
        for place, (column, write) in enumerate(zip(batch.columns, writers, strict=True)):
            texts = ("" if value is None else write(value) for value in column.to_pylist())
            block[place::width] = array("I", [numbers.setdefault(text, len(numbers)) for text in texts])
        cells += block
    return list(numbers), cells


def _writer(kind: pa.DataType) -> Callable[[object], str] | None:
    """Return how values of a type are written as text; nothing for a type that is no plain value."""
    if types.is_dictionary(kind):
        return _writer(kind.value_type)
    rules: tuple[tuple[Callable[[pa.DataType], bool], Callable[[object], str]], ...] = (
        (types.is_boolean, truth_text),
        (types.is_date, date_text),
        (types.is_timestamp, date_text),
        (types.is_float64, number_text),
        # The shortest digits of a single: 9.1 and not 9.100000381469727.
        (types.is_float32, lambda value: number_text(float(str(kind.to_pandas_dtype()(value))))),
        (types.is_decimal, lambda value: unambiguous(str(value))),
        (types.is_integer, str),
        (types.is_string, str),
        (types.is_large_string, str),
    )
    return next((write for fits, write in rules if fits(kind)), None)
