"""What has been published before, in this run and in earlier ones: a reader adds it to what is published now.

Holds the printed values, and for withheld cells only that they are withheld and how far an attacker must be kept from
them. The file is private nevertheless.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, Self

from kvalitet_eval.errors import ReportError
from kvalitet_eval.publish.audit import SCHEMA_VERSION, WithheldValue, write_private
from kvalitet_eval.publish.structure import Structure
from kvalitet_eval.publish.system import System, kind_of


@dataclass(frozen=True, slots=True)
class TracedCell:
    """A cell of an earlier table; ``value`` and ``persons`` only when it was printed, ``need`` only when protected.

    ``rule`` says why the cell must be protected, ``because`` why it was withheld.
    """

    name: str
    parts: tuple[str, ...]
    status: Literal["printed", "withheld", "unprinted"]
    value: float | None = None
    persons: float | None = None
    rule: str = ""
    need: float | None = None
    because: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """What one measure of one table told.

    Parameters
    ----------
    family, output, measure : str
        Tables of one family are linked.
    dimensions : mapping of str to bool
        Column to whether it has a total, so that all its codes together are everybody.
    cells : tuple of TracedCell
        Printed, withheld and protected cells.
    """

    family: str
    output: str
    measure: str
    dimensions: dict[str, bool]
    cells: tuple[TracedCell, ...]


@dataclass(slots=True)
class Memory:
    """Everything published so far; give the same one to all tables of a run, and keep it between runs.

    Attributes
    ----------
    traces : list of Trace
        One for each measure of each table, the latest last.
    withheld : list of WithheldValue
        The withheld values of this run, for the scanner; not kept between runs.
    """

    traces: list[Trace] = field(default_factory=list)
    withheld: list[WithheldValue] = field(default_factory=list)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the memory of earlier runs; empty when there is none.

        Raises
        ------
        ReportError
            PUB-15: the file is there but is not a memory. Going on without it would link nothing.
        """
        if not path.exists():
            return cls()
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["schema_version"] != SCHEMA_VERSION:
                raise ValueError(f"schema_version {content['schema_version']}")
            return cls([_trace(stored) for stored in content["traces"]])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ReportError.of("PUB-15", file=path, found=type(error).__name__) from error

    def save(self, path: Path) -> None:
        """Write the memory; errors as for :func:`~kvalitet_eval.publish.audit.write_private`."""
        write_private(path, {"schema_version": SCHEMA_VERSION, "traces": [asdict(trace) for trace in self.traces]})

    def related(self, family: str, quantities: set[str]) -> list[Trace]:
        """Return the traces of a family that share a quantity with a measure."""
        return [t for t in self.traces if t.family == family and quantities & {kind_of(cell.name) for cell in t.cells}]

    def add(
        self, system: System, hidden: Mapping[int, str], *, structure: Structure, output: str, measure: str
    ) -> None:
        """Remember one measure of a table; the same table published again replaces nothing, it adds nothing.

        ``hidden`` gives the withheld cells and the rule that withholds each.
        """
        dimensions = {dimension.column: dimension.total is not None for dimension in structure.dimensions}
        cells = tuple(
            _traced(system, index, hidden.get(index))
            for index, cell in enumerate(system.cells)
            if cell.status == "candidate" or (cell.status == "unprinted" and cell.rule)
        )
        trace = Trace(structure.family, output, measure, dimensions, cells)
        if trace not in self.traces:
            self.traces.append(trace)


def _traced(system: System, index: int, because: str | None) -> TracedCell:
    cell = system.cells[index]
    parts = tuple(sorted(system.parts[part] for part in cell.parts))
    need = None if math.isnan(cell.need) else cell.need
    if cell.status == "unprinted":
        return TracedCell(cell.name, parts, "unprinted", rule=cell.rule, need=need)
    if because is not None:
        return TracedCell(cell.name, parts, "withheld", rule=cell.rule, need=need, because=because)
    return TracedCell(cell.name, parts, "printed", _known(cell.value), _known(cell.persons))


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _trace(stored: dict) -> Trace:
    cells = tuple(TracedCell(**{**cell, "parts": tuple(cell["parts"])}) for cell in stored["cells"])
    return Trace(**{**stored, "cells": cells})
