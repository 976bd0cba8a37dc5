"""What the rows of a file mean together: who they are about, and whether they contradict themselves.

No single cell can tell this. The rules of one kind of file stand in :mod:`.semantics_rows`.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Protocol

import pandas as pd

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.layout import Layout
from kvalitet_eval.prepare.layouts.sick_leave import PAI_SICK_LEAVE, SICK_LEAVE_DAYS
from kvalitet_eval.prepare.semantics.rows import RULES

EMPLOYEES, RESIDENTS = "employees", "residents"
# Whom a file is about when its layout has no column for it. The national series is about all industries.
POPULATION_OF_LAYOUT = MappingProxyType(
    {"sick_leave_days": EMPLOYEES, "table_1": EMPLOYEES, "national_series": RESIDENTS, "ssb_cells": RESIDENTS}
)


class FileLike(Protocol):
    """What is asked of a file that the intake has read."""

    path: Path
    layout: Layout | None
    rows: pd.DataFrame


def check_meaning(frame: pd.DataFrame, layout: Layout, path: Path) -> list[Finding]:
    """Return everything in the rows of one file that contradicts itself.

    Parameters
    ----------
    frame : pandas.DataFrame
        Typed rows with ``line``; refused cells are missing and trip no rule.
    layout, path
        What kind of file it is, and which.
    """
    findings = _mixed_populations(frame, path) if "population" in frame else []
    for rule in RULES.get(layout.id, ()):
        findings += rule(frame, path)
    return findings


def populations(file: FileLike) -> tuple[str, ...]:
    """Return whom a file is about: ``employees``, ``residents``, both, or nothing when it does not say."""
    if "population" in file.rows:
        return tuple(sorted(file.rows["population"].dropna().unique()))
    known = POPULATION_OF_LAYOUT.get(file.layout.id) if file.layout else None
    return (known,) if known else ()


def require_population(wanted: str, *files: FileLike) -> None:
    """Refuse files about others than those who are asked about; a file that does not say whom it is about passes.

    Parameters
    ----------
    wanted : {"employees", "residents"}
        Population of the outcome.
    *files : Intake
        Files that are to be used together.

    Raises
    ------
    DataError
        Some files are about another population; all of them are named.
    """
    faults = [
        finding("INN-S11", file=file.path, column="population", found=", ".join(others), wanted=wanted)
        for file in files
        if (others := [found for found in populations(file) if found != wanted])
    ]
    if faults:
        raise DataError(faults)


def panel_rows(file: FileLike) -> pd.DataFrame:
    """Return the rows of a file of layout ``pai_sick_leave`` or ``sick_leave_days`` in the panel's columns.

    Why a figure is missing (``<column>_status``) goes along.

    Raises
    ------
    ValueError
        The file has another layout.
    """
    if file.layout is None or file.layout.id not in (PAI_SICK_LEAVE.id, SICK_LEAVE_DAYS.id):
        raise ValueError(f"no panel of days in layout {file.layout and file.layout.id}")
    wanted = [*(column.name for column in SICK_LEAVE_DAYS.columns), "line"]
    return file.rows[[name for name in file.rows if name.removesuffix("_status") in wanted]].copy()


def _mixed_populations(frame: pd.DataFrame, path: Path) -> list[Finding]:
    known = frame.dropna(subset=["population"])
    first = known.drop_duplicates("population")
    if len(first) < 2:
        return []
    earliest, *others = first[["population", "line"]].itertuples(index=False)
    counts = known["population"].value_counts()
    return [
        finding(
            "INN-S10",
            file=path,
            line=int(line),
            column="population",
            found=other,
            other=earliest.population,
            other_line=int(earliest.line),
            n=int(counts[other]),
        )
        for other, line in others
    ]
