"""Measure and print: ``python -m benchmarks.intake [--only NAME ...] [--rounds 3]``."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.intake import made_up
from benchmarks.measure import Measured, Side, measure_in_turn
from benchmarks.table import as_markdown, seconds

HEAD = ("file", "side", "rows", "median", "rows/s", "rows per processor second", "peak MB", "time", "memory")
N_ANSWERS, N_CELLS = 600_000, 800_000


def _csv(folder: Path, *, norwegian: bool) -> tuple[str, list[Side]]:
    path = folder / "days.csv"
    n_rows = made_up.write_days(path, norwegian=norwegian)
    spelt = {"decimal": ",", "encoding": "cp1252"} if norwegian else {}
    kind = "Norwegian (cp1252, decimal commas)" if norwegian else "nothing to change"
    ours = Side("intake.read", "package", "intake.ours:intake", {"path": str(path), "layout": "sick_leave_days"})
    peer = Side("pandas.read_csv", "package", "intake.peers:pandas_csv", {"path": str(path), **spelt})
    return f"CSV, {n_rows} rows, {kind}", [ours, peer]


def _excel(folder: Path) -> tuple[str, list[Side]]:
    path = folder / "answers.xlsx"
    made_up.write_answers(path, N_ANSWERS)
    where = {"path": str(path)}
    return f"Excel, {N_ANSWERS} rows of 7 columns", [
        Side("our reader, cells as text", "package", "intake.ours:sheets", where),
        Side("intake.read", "package", "intake.ours:intake", {**where, "layout": "survey_responses"}),
        Side("pandas, calamine", "package", "intake.peers:pandas_excel", {**where, "engine": "calamine"}),
        Side("pandas, openpyxl", "package", "intake.peers:pandas_excel", {**where, "engine": "openpyxl"}),
    ]


def _json(folder: Path) -> tuple[str, list[Side]]:
    path = folder / "cells.json"
    made_up.write_cells(path, N_CELLS)
    where = {"path": str(path)}
    ours = Side("our reader, cells as text", "package", "intake.ours:sheets", where)
    return f"JSON-stat, {N_CELLS} cells", [ours, Side("json and a loop", "package", "intake.peers:plain_json", where)]


TASKS = {
    "csv": lambda folder: _csv(folder, norwegian=False),
    "norwegian_csv": lambda folder: _csv(folder, norwegian=True),
    "excel": _excel,
    "json_stat": _json,
}


def lines(title: str, found: Sequence[Measured]) -> list[list[str]]:
    """One line for each side; times and memory also as multiples of the first one's."""
    first, table = found[0], []
    for side in found:
        rows, processor = side.figures["rows"], median(side.processor)
        table.append([
            title if side is first else "",
            side.side.name,
            f"{rows:.0f}",
            seconds(side.median),
            f"{rows / side.median:.3g}",
            f"{rows / processor:.3g}",
            f"{side.peak_mb:.0f}",
            f"{side.median / first.median:.3g}",
            f"{side.peak_mb / first.peak_mb:.3g}",
        ])  # fmt: skip
    return table


def main() -> int:
    """Run what was asked for; the exit code tells whether all sides of a task found the same number of rows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intake", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=TASKS, default=list(TASKS))
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    print(f"{os.cpu_count()} processors, load before {os.getloadavg()[0]:.1f}", flush=True)
    table, same = [], True
    for name in asked.only:
        with tempfile.TemporaryDirectory() as folder:
            title, sides = TASKS[name](Path(folder))
            found = measure_in_turn(sides, {"package": sys.executable}, asked.rounds)
        same &= len({side.figures["rows"] for side in found}) == 1
        table += lines(title, found)
        print(f"  {title}: done", file=sys.stderr, flush=True)
    print(as_markdown(HEAD, table))
    print(f"load after {os.getloadavg()[0]:.1f}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
