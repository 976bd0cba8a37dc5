"""The engine that holds microdata while they are added up: bounded in memory, and without a trace afterwards."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.municipalities import Register
from kvalitet_eval.prepare.periods import Window
from kvalitet_eval.prepare.schema import SECTORS
from kvalitet_eval.prepare.spells.calendar import calendar_tables, first_and_last_day, number_years
from kvalitet_eval.prepare.spells.layouts import CERTIFICATES
from kvalitet_eval.prepare.spells.working_days import FIRST_YEAR, LAST_YEAR

ENGINE_MEMORY_MB = 1100
"""What the engine may use of the 2 GB of the whole process; the rest is for Python and for what is not accounted."""


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How much of the machine may be used.

    Parameters
    ----------
    memory_mb : int
        Memory for the engine, megabytes; what does not fit goes to ``folder``.
    n_threads : int
        Processor cores.
    folder : pathlib.Path, optional
        Where the temporary files go; the system's folder when nothing is given. 100 million spells need about 10 GB.
    """

    memory_mb: int = ENGINE_MEMORY_MB
    n_threads: int = 2
    folder: Path | None = None


@contextmanager
def microdata_engine(
    window: Window, register: Register, settings: EngineSettings
) -> Iterator[tuple[duckdb.DuckDBPyConnection, dict[str, object]]]:
    """Give a connection with the tables beside the microdata, and the values that the reading needs.

    The temporary files hold salted numbers in the place of keys; the salt exists in memory only, and the files are
    removed when the work ends, however it ends.

    Raises
    ------
    DataError
        SPE-23: the period reaches outside the years of the register or of the known holidays.
    """
    first, last = first_and_last_day(window)
    low, high = max(FIRST_YEAR, register.first_year), min(LAST_YEAR, register.last_year)
    if first.year < low or last.year > high:
        raise DataError.of("SPE-23", found=f"{window.start}-{window.end}", low=low, high=high)
    with tempfile.TemporaryDirectory(prefix="kvalitet-", dir=settings.folder) as folder:
        connection = duckdb.connect(str(Path(folder) / "spells.duckdb"), config=_config(settings, folder))
        try:
            connection.execute("SET enable_progress_bar = false")
            _fill(connection, window, register, first, last)
            bounds = {"first": first, "last": last, "first_year": low, "salt": secrets.token_hex(16)}
            yield connection, bounds
        finally:
            connection.close()


def _config(settings: EngineSettings, folder: str) -> dict[str, str | bool | int | float | list[str]]:
    return {
        "memory_limit": f"{settings.memory_mb}MB",
        "threads": settings.n_threads,
        "temp_directory": folder,
        "preserve_insertion_order": False,
        "autoinstall_known_extensions": False,
    }


def _fill(connection: duckdb.DuckDBPyConnection, window: Window, register: Register, first: date, last: date) -> None:
    tables = calendar_tables(window, register)
    years = number_years(register, range(register.first_year, last.year + 1))
    numbers = sorted({item.number for item in register.municipalities})
    for name, words in (("number", numbers), ("sector", SECTORS), ("certificate", CERTIFICATES)):
        quoted = ", ".join(f"'{word}'" for word in words)
        connection.execute(f"CREATE TYPE {name} AS ENUM ({quoted})")
    for name in ("calendar", "quarter_spans", "numbers"):
        connection.register("frame", getattr(tables, name))
        cast = "* REPLACE (CAST(calendar_day AS DATE) AS calendar_day)" if name == "calendar" else "*"
        connection.execute(f"CREATE TABLE {name} AS SELECT {cast} FROM frame")
        connection.unregister("frame")
    connection.execute(
        "CREATE TABLE number_years (recorded VARCHAR, year INTEGER, municipality_number VARCHAR, is_valid BOOLEAN)"
    )
    columns = [list(column) for column in zip(*years, strict=True)]
    connection.execute("INSERT INTO number_years SELECT unnest(?), unnest(?), unnest(?), unnest(?)", columns)
