"""Absence spells to the panel: seconds, spells per second and peak memory, beside pandas and plain DuckDB.

Run from the top of the repository, with a folder that has room for about 25 GB at 100 million spells:

    python -m benchmarks.intake.spells_aggregation FOLDER 1000000 10000000 100000000

Every method runs in a process of its own, whose peak memory the operating system tells. The peers do less: they trust
the file, keep the keys, and do not limit overlapping spells. pandas stops where the file would not fit, plain DuckDB
joins every spell with every working day.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from benchmarks.intake.spells_data import write_made_up
from kvalitet_eval.config import load_config
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.prepare.periods import Window
from kvalitet_eval.prepare.spells.aggregation import aggregate_spells
from kvalitet_eval.prepare.spells.calendar import calendar_tables
from kvalitet_eval.prepare.spells.engine import EngineSettings
from kvalitet_eval.prepare.spells.working_days import holidays

WINDOW = Window("2005Q1", "2009Q4")
PROGRAMME = Path("programmes/kkp.toml")
MOST_FOR_PANDAS = 10_000_000
MOST_FOR_PLAIN = 10_000_000


def ours(spells: Path, jobs: Path) -> float:
    """Return the lost person-days of the panel."""
    register = load_register(load_config(PROGRAMME))
    panel = aggregate_spells([spells], jobs, WINDOW, register, settings=EngineSettings(folder=spells.parent))
    return float(panel.rows[["lost_days_self", "lost_days_doctor"]].sum().sum())


def by_pandas(spells: Path, jobs: Path) -> float:
    """Count working days per spell and quarter with numpy, without any limit for overlaps."""
    frame = pd.read_csv(spells, sep=";", decimal=",", dtype={"municipality_number": str})
    free = np.array([day for year in range(2005, 2010) for day in holidays(year)], dtype="datetime64[D]")
    first = frame["first_day"].to_numpy("datetime64[D]")
    last = np.minimum(frame["last_day"].to_numpy("datetime64[D]"), np.datetime64("2009-12-31"))
    weight = (frame["grade_pct"] * frame["position_share_pct"] / 10_000).where(frame["grade_pct"] <= 100, 0)
    total, edges = 0.0, np.arange("2005-01", "2010-04", 3, dtype="datetime64[M]").astype("datetime64[D]")
    for start, stop in pairwise(edges):
        begin, end = np.maximum(first, start), np.minimum(last + 1, stop)
        inside = begin < end
        days = np.busday_count(begin[inside], end[inside], holidays=free) * weight[inside]
        cells = days.groupby([frame["municipality_number"][inside], frame["sector"][inside]]).sum()
        total += float(cells.sum())
    return total


def by_plain_duckdb(spells: Path, jobs: Path) -> float:
    """Join every spell with every working day it covers, without any limit for overlaps."""
    register = load_register(load_config(PROGRAMME))
    calendar = calendar_tables(WINDOW, register).calendar
    days = calendar[calendar["days_through"] > calendar["days_before"]]
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "1100MB", "temp_directory": str(spells.parent)})
    connection.execute("SET enable_progress_bar = false")
    connection.register("days", days.assign(calendar_day=pd.to_datetime(days["calendar_day"])))
    rows = connection.execute(f"""
        SELECT municipality_number, sector, quarter_number, sum(grade_pct * share) / 10000 AS lost
        FROM (SELECT *, CAST(replace(position_share_pct, ',', '.') AS DOUBLE) AS share
              FROM read_csv('{spells}', types = {{'municipality_number': 'VARCHAR', 'position_share_pct': 'VARCHAR'}}))
        JOIN days ON calendar_day BETWEEN first_day AND last_day
        WHERE grade_pct <= 100 GROUP BY ALL""").df()
    return float(rows["lost"].sum())


METHODS: dict[str, tuple[Callable[[Path, Path], float], int | None]] = {
    "kvalitet": (ours, None),
    "pandas": (by_pandas, MOST_FOR_PANDAS),
    "plain DuckDB": (by_plain_duckdb, MOST_FOR_PLAIN),
}


def _measure(name: str, spells: Path, jobs: Path, queue: multiprocessing.Queue) -> None:
    start = time.perf_counter()
    total = METHODS[name][0](spells, jobs)
    seconds = time.perf_counter() - start
    queue.put((total, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measure(name: str, spells: Path, jobs: Path) -> tuple[float, float, float]:
    """Run one method in a process of its own; return lost person-days, seconds and peak memory in megabytes."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=_measure, args=(name, spells, jobs, queue))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"{name}: exit code {process.exitcode}")
    return queue.get()


def main() -> None:
    """Measure all methods at all sizes and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sizes", type=int, nargs="+")
    given = parser.parse_args()
    register = load_register(load_config(PROGRAMME))
    numbers = sorted(set(register.numbers(2005)) & set(register.numbers(2009)))
    print("spells | method | person-days | seconds | spells/s | peak MB | time, ours = 1 | memory, ours = 1")
    for size in given.sizes:
        spells, jobs = write_made_up(given.folder, size, numbers)
        own: tuple[float, float, float] | None = None
        for name, (_, most) in METHODS.items():
            if most is not None and size > most:
                print(f"{size} | {name} | not run")
                continue
            total, seconds, peak_mb = measured = measure(name, spells, jobs)
            own = own or measured
            ratios = f"{seconds / own[1]:.2f} | {peak_mb / own[2]:.2f}"
            print(f"{size} | {name} | {total:.0f} | {seconds:.1f} | {size / seconds:.0f} | {peak_mb:.0f} | {ratios}")
        spells.unlink()
        jobs.unlink()


if __name__ == "__main__":
    main()
