"""What a frame must be before the gate looks at it: everything declared, every row once, totals that add up."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from itertools import islice
from numbers import Number

import numpy as np
import pandas as pd

from kvalitet_eval.errors import Finding, ReportError, finding
from kvalitet_eval.publish.cells import Rows
from kvalitet_eval.publish.structure import (
    OPEN_REASONS,
    Count,
    Magnitude,
    Measure,
    Open,
    Ratio,
    Share,
    Statistic,
    Structure,
)
from kvalitet_eval.publish.system import System
from kvalitet_eval.results import SYNTHETIC

ORIGIN, STATUS = "origin", "_status"
_LISTED = 5
_TOLERANCE = 1e-6


def check_frame(
    frame: object, structure: Structure, *, output: str, is_behind: bool = False, may_be_empty: bool = False
) -> None:
    """Refuse a frame that the structure does not describe; all faults at once.

    Raises
    ------
    ReportError
        PUB-03 not a frame, PUB-04 a declared column is missing, PUB-05 a column is not declared, PUB-06 a row stands
        twice, PUB-07 a code is missing, PUB-08 a count is negative or not whole, PUB-09 a label is a number, PUB-10 a
        column is declared twice, PUB-11 no rows, PUB-26 a number is left open without a reason that holds, PUB-41 what
        a rule reads is no finite number.
    """
    if not isinstance(frame, pd.DataFrame):
        raise ReportError.of("PUB-03", output=output, found=type(frame).__name__)
    if frame.empty and not may_be_empty:
        raise ReportError.of("PUB-11", output=output)
    faults = list(_column_faults(frame, structure, output, is_behind=is_behind))
    if not faults:
        faults = [*_row_faults(frame, structure, output), *_value_faults(frame, structure, output)]
        faults += _open_faults(frame, structure, output)
    if faults:
        raise ReportError(faults)


def _column_faults(frame: pd.DataFrame, structure: Structure, output: str, *, is_behind: bool) -> Iterator[Finding]:
    needed = list(structure.needs)
    if is_behind:
        needed = [*structure.keys, *dict.fromkeys(c for measure in structure.measures for c in measure.needs)]
    for column in needed:
        if column not in frame:
            near = difflib.get_close_matches(column, map(str, frame.columns), n=1)
            yield finding("PUB-04", output=output, column=column, found=near[0] if near else None)
    allowed = {*structure.needs, ORIGIN, *(f"{column}{STATUS}" for column in structure.needs)}
    yield from (finding("PUB-05", output=output, column=str(column)) for column in frame if column not in allowed)
    for column in frame.columns[frame.columns.duplicated()]:
        yield finding("PUB-10", output=output, column=str(column))
    measured = [measure.column for measure in structure.measures]
    claimed = [*structure.keys, *structure.labels, *measured]
    yield from (finding("PUB-10", output=output, column=column) for column in set(claimed) if claimed.count(column) > 1)


def _row_faults(frame: pd.DataFrame, structure: Structure, output: str) -> Iterator[Finding]:
    keys = frame[list(structure.keys)]
    for column in structure.keys:
        if keys[column].isna().any():
            yield finding("PUB-07", output=output, column=column, n=int(keys[column].isna().sum()))
    twice = keys[keys.astype(str).duplicated()]
    for row in islice(twice.itertuples(index=False), _LISTED):
        yield finding("PUB-06", output=output, found=", ".join(map(str, row)), n=len(twice))


def _value_faults(frame: pd.DataFrame, structure: Structure, output: str) -> Iterator[Finding]:
    for column in structure.labels:
        if column in frame and any(_is_number(value) for value in frame[column].unique()):
            yield finding("PUB-09", output=output, column=column)
    for column in dict.fromkeys(c for measure in structure.measures for c in _read_as_numbers(measure)):
        values = pd.to_numeric(frame[column], errors="coerce").astype(float)
        if (values.isna() & frame[column].notna()).any() or np.isinf(values).any():
            yield finding("PUB-41", output=output, column=column)
    for column in dict.fromkeys(c for measure in structure.measures for c in _persons(measure)):
        if (_as_numbers(frame, column) < 0).any():
            yield finding("PUB-08", output=output, column=column)
    shares = [measure for measure in structure.measures if isinstance(measure, Share)]
    counted = [measure.column for measure in structure.measures if isinstance(measure, Count)]
    for column in dict.fromkeys([*counted, *(c for share in shares for c in _persons(share))]):
        values = _as_numbers(frame, column).dropna()
        if (values != np.round(values)).any():
            yield finding("PUB-08", output=output, column=column)
    for share in shares:
        if (_as_numbers(frame, share.numerator) > _as_numbers(frame, share.denominator)).any():
            yield finding("PUB-08", output=output, column=share.numerator)


def _read_as_numbers(measure: Measure) -> tuple[str, ...]:
    """Columns that a rule compares with its limits."""
    match measure:
        case Open():
            return ()
        case Statistic(_, _, basis, persons=persons):
            return (basis, persons) if persons else (basis,)
        case Magnitude() | Count():
            return measure.needs
        case _:
            return measure.needs[1:]


def _persons(measure: Measure) -> tuple[str, ...]:
    """Columns that count persons."""
    match measure:
        case Count(column):
            return (column,)
        case Share(_, numerator, denominator):
            return (numerator, denominator)
        case Ratio(persons=persons) | Magnitude(persons=persons):
            return (persons,)
        case Statistic(persons=persons) if persons:
            return (persons,)
        case _:
            return ()


def _as_numbers(frame: pd.DataFrame, column: str) -> pd.Series:
    return pd.to_numeric(frame[column], errors="coerce").astype(float)


def _is_number(value: object) -> bool:
    return isinstance(value, Number) and not isinstance(value, bool | np.bool_) and not pd.isna(value)


def _open_faults(frame: pd.DataFrame, structure: Structure, output: str) -> Iterator[Finding]:
    """Yield the numbers that are left open for a reason that there is not, or that the frame contradicts."""
    is_simulated = ORIGIN in frame and bool((frame[ORIGIN] == SYNTHETIC).all())
    for measure in structure.measures:
        if isinstance(measure, Open) and (
            measure.because not in OPEN_REASONS or (measure.because == "simulated" and not is_simulated)
        ):
            yield finding("PUB-26", output=output, column=measure.column, found=str(measure.because))


def check_sums(system: System, rows: Rows, *, output: str, column: str) -> None:
    """Refuse totals that are not the sum of their parts: the structure is then not what readers will take it for.

    Raises
    ------
    ReportError
        PUB-12, with the first few rows and never with their values.
    """
    truth = system.truth
    wrong = []
    for cell in system.cells:
        parts = truth[list(cell.parts)]
        if len(parts) > 1 and not np.isnan(parts).any() and not np.isnan(cell.value):
            total = float(parts.sum())
            if abs(total - cell.value) > _TOLERANCE * max(1.0, abs(total)):
                wrong.append(cell)
    if wrong:
        places = [", ".join(rows.codes[cell.row]) if cell.row >= 0 else "-" for cell in wrong[:_LISTED]]
        raise ReportError(
            [finding("PUB-12", output=output, column=column, found=place, n=len(wrong)) for place in places]
        )
