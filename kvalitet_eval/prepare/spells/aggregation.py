"""From absence spells to the sick-leave panel: days lost and agreed per municipality, quarter and sector."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from kvalitet_eval.errors import DataError, Finding, finding
from kvalitet_eval.prepare.intake import Counts, read
from kvalitet_eval.prepare.municipalities import Register
from kvalitet_eval.prepare.periods import Window, ordinal
from kvalitet_eval.prepare.spells.account import (
    MOST_REFUSED_SHARE,
    account_frame,
    count_rows,
    file_findings,
    raise_errors,
)
from kvalitet_eval.prepare.spells.engine import EngineSettings, microdata_engine
from kvalitet_eval.prepare.spells.files import open_source
from kvalitet_eval.prepare.spells.layouts import AGREED, EMPLOYMENTS, SPELLS
from kvalitet_eval.prepare.spells.panel import assemble
from kvalitet_eval.prepare.spells.query import AGREED_DAYS, LOST_DAYS
from kvalitet_eval.prepare.spells.read import Staged, read_microdata

_TABLES = ("staged_spells", "staged_jobs")


@dataclass(frozen=True, slots=True, eq=False)
class SpellPanel:
    """What microdata became.

    Parameters
    ----------
    rows : pandas.DataFrame
        The panel in the columns of the layout ``sick_leave_days``; no key and nothing about one person.
    account : pandas.DataFrame
        Columns file, kind (read, used, excluded, refused, changed), reason, n, unit (rows or person-days).
    counts : mapping of str to Counts
        The account of the rows of all spells (``absence_spells``) and of the employments (``employments``).
    findings : tuple of Finding
        Warnings.
    """

    rows: pd.DataFrame
    account: pd.DataFrame
    counts: dict[str, Counts]
    findings: tuple[Finding, ...]


def aggregate_spells(
    spells: Sequence[Path],
    agreed: Path,
    window: Window,
    register: Register,
    *,
    settings: EngineSettings | None = None,
    most_refused_share: float = MOST_REFUSED_SHARE,
) -> SpellPanel:
    """Add absence spells up to the panel.

    A lost person-day is a working day (Monday to Friday, no public holiday) times the grade of absence times the size
    of the job. Where spells of one job overlap, no day loses more than the whole job; identical rows count once. A
    spell without a last day lasts to the end of the period.

    Parameters
    ----------
    spells : sequence of Path
        Files of the layout ``absence_spells``, text or parquet.
    agreed : Path
        Employments person by person (layout ``employments``) or agreed days per unit (layout ``agreed_days``).
    window : Window
        First and last quarter of the panel; days outside are not counted.
    register : Register
        A number must be valid in the year of the row's first day; it is followed through later mergers.
    settings : EngineSettings, optional
        Memory, cores and temporary folder.
    most_refused_share : float
        Largest share (0 to 1) of faulty rows that a file may have; they are left out and told.

    Returns
    -------
    SpellPanel
        One row per municipality, quarter and sector with agreed days.

    Raises
    ------
    DataError
        A file cannot be read, has too many faulty rows (SPE-13) or percentages that look like shares (SPE-14), or lost
        and agreed days do not belong together (SPE-15, SPE-16); all faults of the microdata at once, never a key.
    """
    with microdata_engine(window, register, settings or EngineSettings()) as (connection, bounds):
        has_persons = _has_persons(connection, agreed)
        staged = [read_microdata(connection, path, SPELLS, "staged_spells", bounds) for path in spells]
        jobs = [read_microdata(connection, agreed, EMPLOYMENTS, "staged_jobs", bounds)] if has_persons else []
        findings = [item for file in (*staged, *jobs) for item in file_findings(file, most_refused_share)]
        with _limits(agreed):
            findings += _overlapping_jobs(connection, jobs[0]) if jobs else []
            raise_errors(findings)
            distinct_jobs = connection.execute("SELECT count(*) FROM employments").fetchall()[0][0] if jobs else 0
            days = connection.execute(AGREED_DAYS).df() if jobs else _stated_days(agreed, window, register)
            lost = _lost_days(connection)
            is_synthetic = any(_is_synthetic(connection, table) for table in _TABLES[: 1 + len(jobs)])
    rows, about_rows = assemble(lost, days, is_synthetic=is_synthetic, file=agreed)
    findings += about_rows
    raise_errors(findings)
    counts = {SPELLS.id: count_rows(staged, int(lost["n_repeated"].sum()))}
    counts |= {EMPLOYMENTS.id: count_rows(jobs, jobs[0].n_accepted - distinct_jobs)} if jobs else {}
    return SpellPanel(rows, account_frame(staged, jobs, counts, lost), counts, tuple(findings))


def _has_persons(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Whether the agreed days come person by person; a file that is neither is told what the person's file lacks."""
    try:
        open_source(connection, path, EMPLOYMENTS)
    except DataError as error:
        if any(item.code != "SPE-04" for item in error.findings):
            raise
        try:
            open_source(connection, path, AGREED)
        except DataError:
            raise DataError.of("SPE-24", file=path, line=1) from None
        return False
    return True


@contextmanager
def _limits(path: Path) -> Iterator[None]:
    """Tell in a sentence that memory or disk did not suffice; the engine's own words may quote rows."""
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException):
        raise DataError.of("SPE-02", file=path) from None


def _overlapping_jobs(connection: duckdb.DuckDBPyConnection, file: Staged) -> list[Finding]:
    """Find employments that overlap: the same job cannot be held twice; without job keys they are taken as two jobs."""
    connection.execute(
        "CREATE VIEW employments AS"
        " SELECT DISTINCT person, job, municipality_number, sector, first_day, last_day, share"
        " FROM staged_jobs WHERE problem = 0"
    )
    n = connection.execute(
        "SELECT count(*) FROM (SELECT last_day, lead(first_day) OVER (PARTITION BY job ORDER BY first_day, last_day)"
        " AS next_first FROM employments) WHERE next_first <= last_day"
    ).fetchall()[0][0]
    if not n:
        return []
    if "job_key" in file.source.cells:
        return [finding("SPE-20", file=file.source.path, column="job_key", n=n)]
    return [finding("SPE-21", severity="warning", file=file.source.path, n=n)]


def _lost_days(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    connection.execute("CREATE VIEW spells AS SELECT * FROM staged_spells WHERE problem = 0")
    return connection.execute(LOST_DAYS).df()


def _stated_days(path: Path, window: Window, register: Register) -> pd.DataFrame:
    """Read agreed days per unit for the quarters of the period."""
    rows = read(path, AGREED, register).rows
    numbers = rows["quarter"].map(ordinal)
    inside = numbers.between(ordinal(window.start), ordinal(window.end))
    columns = ["municipality_number", "sector", "quarter_number", "employees", "agreed_days"]
    return rows.assign(quarter_number=numbers)[inside][columns]


def _is_synthetic(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    query = f"SELECT count(*) FROM {table} WHERE problem = 0 AND is_synthetic"
    return connection.execute(query).fetchall()[0][0] > 0
