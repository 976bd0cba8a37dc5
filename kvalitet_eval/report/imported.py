"""The import: raw files in, a checked panel in the programme's borders out, with everything that happened on the way.

All files of the import are written only after the last check has passed; a refused file leaves the previous import as
it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from kvalitet_eval.config import Config
from kvalitet_eval.errors import Finding, ReportError
from kvalitet_eval.prepare.harmonise import Harmonised, harmonise
from kvalitet_eval.prepare.intake import Intake, read
from kvalitet_eval.prepare.membership import membership
from kvalitet_eval.prepare.municipalities import Register, load_register
from kvalitet_eval.prepare.participants import Participants, read_participants
from kvalitet_eval.prepare.simulated_rows import SYNTHETIC, simulate_rows
from kvalitet_eval.present.messages import text, why_and_mend
from kvalitet_eval.report.store import sha256_of, write_atomic

Progress = Callable[[str], None]
PANEL_LAYOUT = "sick_leave_days"
RECORD = "import.json"
TEXT_COLUMNS = {"municipality_number": "str", "quarter": "str", "sector": "str", "origin": "str"}


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """A finished import.

    Parameters
    ----------
    rows : pandas.DataFrame
        Panel rows in the programme's borders.
    membership : pandas.DataFrame
        One row per municipality of the register.
    register : Register
        Municipalities of all years.
    participants : Participants
        The list as it was understood.
    record : dict
        What was imported: source, hashes, origin, first and last quarter, the account of the rows.
    """

    rows: pd.DataFrame
    membership: pd.DataFrame
    register: Register
    participants: Participants
    record: dict[str, object]

    @property
    def is_synthetic(self) -> bool:
        """Whether any figure is simulated."""
        return self.record["origin"] == SYNTHETIC


def marked(path: Path, origin: str) -> Path:
    """Return a path whose name says that its content is synthetic.

    Examples
    --------
    >>> marked(Path("panel.csv"), "syntetisk").name, marked(Path("panel.csv"), "observed").name
    ('panel_syntetisk.csv', 'panel.csv')
    """
    return path.with_name(f"{path.stem}_{SYNTHETIC}{path.suffix}") if origin == SYNTHETIC else path


def simulate_source(config: Config, register: Register, table: pd.DataFrame) -> Path:
    """Write the simulated panel and its truth as files of the documented format, and return the panel's path."""
    national = read(config.file("national_series"), "national_series").rows
    rows, truth = simulate_rows(config, register, table, national)
    folder = config.processed / "simulated"
    source = marked(folder / "sick_leave_days.csv", SYNTHETIC)
    write_atomic(source, rows.to_csv(sep=";", index=False, lineterminator="\n"))
    write_atomic(marked(folder / "truth.csv", SYNTHETIC), truth.to_csv(sep=";", index=False, lineterminator="\n"))
    return source


def import_panel(config: Config, progress: Progress = lambda _: None) -> Imported:
    """Import the programme's panel, or simulate it first when the programme file says so.

    Raises
    ------
    DataError
        A file is refused; every fault is listed and nothing is written.
    """
    progress(text("cli.import.register"))
    register = load_register(config)
    participants = read_participants(config, register)
    table = membership(config, register, participants)
    if config.is_simulated:
        progress(text("cli.import.simulate"))
        source = simulate_source(config, register, table)
    else:
        source = config.root / config.panel.source
    progress(text("cli.import.read", file=source.name))
    intake = read(source, PANEL_LAYOUT, register)
    progress(text("cli.import.harmonise", year=config.programme.borders))
    harmonised = harmonise(intake.rows, register, config.programme.borders, file=source)
    imported = Imported(harmonised.rows, table, register, participants, _record(config, intake, harmonised))
    progress(text("cli.import.write"))
    _write(config, imported, intake, harmonised)
    return imported


def load_imported(config: Config) -> Imported:
    """Read the last import back.

    Raises
    ------
    ReportError
        There is none, or it was made from another programme file or panel.
    """
    path = config.processed / RECORD
    if not path.is_file():
        raise ReportError.of("RAP-30", file=path, programme=config.path.name)
    record = json.loads(path.read_text(encoding="utf-8"))
    if record["programme_sha256"] != sha256_of(config.path):
        raise ReportError.of("RAP-31", file=config.path, programme=config.path.name)
    panel = marked(config.processed / "panel.csv", str(record["origin"]))
    if not panel.is_file() or sha256_of(panel) != record["panel_sha256"]:
        raise ReportError.of("RAP-32", file=panel, programme=config.path.name)
    rows = pd.read_csv(panel, sep=";", dtype=TEXT_COLUMNS, keep_default_na=False, na_values=[""])
    register = load_register(config)
    participants = read_participants(config, register)
    return Imported(rows, membership(config, register, participants), register, participants, record)


def ensure_imported(config: Config) -> Imported:
    """Read the last import back, or import when there is none or it is out of date; errors as for `import_panel`."""
    try:
        return load_imported(config)
    except ReportError:
        return import_panel(config)


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """Findings as a table: code, severity, file, line, column, found, why, mend."""
    columns = ["code", "severity", "file", "line", "column", "found", "why", "mend"]
    rows = [
        (f.code, f.severity, Path(f.file).name if f.file else None, f.line, f.column, f.found, *why_and_mend(f))
        for f in findings
    ]
    return pd.DataFrame(rows, columns=columns)


def _record(config: Config, intake: Intake, harmonised: Harmonised) -> dict[str, object]:
    rows, counts = harmonised.rows, intake.counts
    return {
        "programme": config.programme.id,
        "programme_sha256": sha256_of(config.path),
        "source": config.panel.source,
        "source_file": intake.path.name,
        "source_sha256": intake.sha256,
        "panel_sha256": "",
        "origin": SYNTHETIC if (rows["origin"] == SYNTHETIC).any() else "observed",
        "first_quarter": rows["quarter"].min(),
        "last_quarter": rows["quarter"].max(),
        "n_municipalities": int(rows["municipality_number"].nunique()),
        "rows_read": counts.read,
        "rows_used": counts.used,
        "rows_excluded": counts.excluded,
        "rows_refused": counts.refused,
        "version": version("kvalitet-eval"),
    }


def _write(config: Config, imported: Imported, intake: Intake, harmonised: Harmonised) -> None:
    record, origin = imported.record, str(imported.record["origin"])
    findings = findings_frame((*imported.participants.findings, *intake.findings, *harmonised.findings))
    for name, frame in (
        ("intake_ledger", intake.ledger),
        ("findings", findings),
        ("lineage", harmonised.lineage),
        ("membership", imported.membership),
    ):
        content = frame.to_csv(sep=";", index=False, lineterminator="\n")
        write_atomic(marked(config.processed / f"{name}.csv", origin), content)
    panel = marked(config.processed / "panel.csv", origin)
    record["panel_sha256"] = write_atomic(panel, imported.rows.to_csv(sep=";", index=False, lineterminator="\n"))
    write_atomic(config.processed / RECORD, json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
