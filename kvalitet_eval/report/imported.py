"""The import: raw files in, a checked panel in the programme's borders out, with everything that happened on the way.

All files of the import are written only after the last check has passed; a refused file leaves the previous import as
it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from kvalitet_eval.config import Config
from kvalitet_eval.errors import ConfigError, DataError, Finding, ReportError, finding
from kvalitet_eval.prepare.boundary_weights import NO_WEIGHTS, read_weights
from kvalitet_eval.prepare.breaks import require_accepted
from kvalitet_eval.prepare.harmonise import Harmonised, harmonise
from kvalitet_eval.prepare.intake import Intake, inspect, read
from kvalitet_eval.prepare.membership import membership
from kvalitet_eval.prepare.municipalities import Register, load_register
from kvalitet_eval.prepare.participants import Participants, read_participants
from kvalitet_eval.prepare.schema import LAYOUTS
from kvalitet_eval.prepare.semantics.meaning import panel_rows, require_population
from kvalitet_eval.prepare.simulated_rows import simulate_rows
from kvalitet_eval.prepare.sources import require_as_documented
from kvalitet_eval.present.messages import keys, text
from kvalitet_eval.report.store import sha256_of, write_atomic
from kvalitet_eval.report.stored_findings import findings_frame
from kvalitet_eval.results import OBSERVED, SYNTHETIC, origin_of

Progress = Callable[[str], None]
PANEL_LAYOUT = "sick_leave_days"
PANEL_LAYOUTS = (PANEL_LAYOUT, "pai_sick_leave")
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
        What was imported: source, hashes of every file it rests on, origin, first and last quarter, the account of
        the rows.
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

    @property
    def sha256(self) -> str:
        """Of the record: changes when the programme file, one of its files or the panel does."""
        return hashlib.sha256(to_json(self.record).encode()).hexdigest()


def marked(path: Path, origin: str) -> Path:
    """Return a path whose name says that its content is synthetic.

    Examples
    --------
    >>> marked(Path("panel.csv"), "syntetisk").name, marked(Path("panel.csv"), "observed").name
    ('panel_syntetisk.csv', 'panel.csv')
    """
    return path.with_name(f"{path.stem}_{SYNTHETIC}{path.suffix}") if origin == SYNTHETIC else path


def write_marked(path: Path, frame: pd.DataFrame, origin: str) -> str:
    """Write a table under the name its origin asks for, remove the one of the other origin, and return the sha256."""
    sha256 = write_atomic(marked(path, origin), frame.to_csv(sep=";", index=False, lineterminator="\n"))
    marked(path, OBSERVED if origin == SYNTHETIC else SYNTHETIC).unlink(missing_ok=True)
    return sha256


def to_json(record: dict[str, object]) -> str:
    """Write a record so that the same content is always the same text."""
    return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def simulate_source(config: Config, register: Register, table: pd.DataFrame) -> Path:
    """Write the simulated panel and its truth as files of the documented format, and return the panel's path."""
    national = read(config.file("national_series"), "national_series").rows
    rows, truth = simulate_rows(config, register, table, national)
    folder = config.processed / "simulated"
    write_marked(folder / f"{PANEL_LAYOUT}.csv", rows, SYNTHETIC)
    write_marked(folder / "truth.csv", truth, SYNTHETIC)
    return marked(folder / f"{PANEL_LAYOUT}.csv", SYNTHETIC)


def import_panel(config: Config, progress: Progress = lambda _: None) -> Imported:
    """Import the programme's panel, or simulate it first when the programme file says so.

    Raises
    ------
    ConfigError
        An outcome has no column in the panel's layout, or no words in the catalogue.
    DataError
        A file is refused; every fault is listed and nothing is written.
    """
    _check_outcomes(config)
    documented = require_as_documented(_input_paths(config), _hash_inputs(config))
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
    intake = _read_panel(source, register, tuple(table.loc[table["status"] == "treated", "municipality_number"]))
    told = _check_series(config, intake)
    progress(text("cli.import.harmonise", year=config.programme.borders))
    divided_by = config.files.boundary_weights
    weights = read_weights(config.file("boundary_weights"), register) if divided_by else NO_WEIGHTS
    harmonised = harmonise(panel_rows(intake), register, config.programme.borders, file=source, weights=weights)
    imported = Imported(harmonised.rows, table, register, participants, _record(config, intake, harmonised, documented))
    progress(text("cli.import.write"))
    _write(config, imported, intake, harmonised, told)
    return imported


def load_imported(config: Config) -> Imported:
    """Read the last import back.

    Raises
    ------
    ReportError
        There is none, or the programme file, one of its files or the panel has changed since.
    """
    path, facts = config.processed / RECORD, {"programme": config.path.name}
    if not path.is_file():
        raise ReportError.of("RAP-30", file=path, **facts)
    record = read_record(path)
    if record.get("programme_sha256") != sha256_of(config.path):
        raise ReportError.of("RAP-31", file=config.path, **facts)
    panel = marked(config.processed / "panel.csv", str(record.get("origin")))
    if not panel.is_file() or sha256_of(panel) != record.get("panel_sha256"):
        raise ReportError.of("RAP-32", file=panel, **facts)
    before, now = record.get("inputs", {}), _hash_inputs(config)
    if changed := [name for name in now if now[name] != before.get(name)]:
        raise ReportError([finding("RAP-35", file=config.root / name, **facts) for name in changed])
    rows = read_stored(panel, TEXT_COLUMNS)
    register = load_register(config)
    participants = read_participants(config, register)
    return Imported(rows, membership(config, register, participants), register, participants, record)


def ensure_imported(config: Config) -> Imported:
    """Read the last import back, or import when there is none or it is out of date; errors as for `import_panel`."""
    try:
        return load_imported(config)
    except ReportError:
        return import_panel(config)


def read_record(path: Path) -> dict[str, object]:
    """Read a record back; empty when the file is not one."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


def read_stored(path: Path, types: dict[str, str]) -> pd.DataFrame:
    """Read a table of the package's own back, every number exactly as it was written."""
    return pd.read_csv(path, sep=";", dtype=types, keep_default_na=False, na_values=[""])


def _check_outcomes(config: Config) -> None:
    numbers = [column.name for column in LAYOUTS[PANEL_LAYOUT].of_kind("number")]
    named = sorted(key.split(".")[1] for key in keys() if key.startswith("outcome.") and key.endswith(".name"))
    faults = []
    for outcome in config.outcomes:
        where = {"file": config.path, "column": f"outcomes.{outcome.id}"}
        for wanted in (*outcome.numerator, outcome.denominator):
            if wanted not in numbers:
                facts = {"layout": PANEL_LAYOUT, "allowed": ", ".join(numbers)}
                faults.append(finding("KON-31", **where, found=wanted, **facts))
        if outcome.id not in named:
            words = f"outcome.{outcome.id}.name, outcome.{outcome.id}.definite"
            faults.append(finding("KON-32", **where, found=outcome.id, keys=words, allowed=", ".join(named)))
    if faults:
        raise ConfigError(faults)


def _check_series(config: Config, intake: Intake) -> tuple[Finding, ...]:
    """Refuse another population than the outcomes' and breaks that nobody has accepted; say which are accepted."""
    accepted = {item.id: item.reason for item in config.accepted_breaks}
    told: dict[str, Finding] = {}
    for population in dict.fromkeys(outcome.population for outcome in config.outcomes):
        require_population(population, intake)
        found = require_accepted(config.window.first, config.window.last, population, accepted, file=config.path)
        told |= {f"{item.code} {item.found}": item for item in found}
    return tuple(told.values())


def _read_panel(source: Path, register: Register, treated: tuple[str, ...]) -> Intake:
    """Read a panel in whichever of the layouts of panels it has; anything else is told against the plain one."""
    found = inspect(source, None, register, treated=treated)
    if found.layout is None or found.layout.id not in PANEL_LAYOUTS:
        return read(source, PANEL_LAYOUT, register, treated=treated)
    if not found.is_accepted:
        raise DataError(found.errors)
    return found


def _input_paths(config: Config) -> dict[str, Path]:
    """Every file the import rests on, by its name in the programme file."""
    names = [name for name in config.files.model_dump().values() if name]
    names += [] if config.is_simulated else [config.panel.source]
    return {name: config.root / name for name in names}


def _hash_inputs(config: Config) -> dict[str, str]:
    """The sha256 of every file the import rests on; empty for a missing one."""
    return {name: sha256_of(path) if path.is_file() else "" for name, path in _input_paths(config).items()}


def _record(config: Config, intake: Intake, harmonised: Harmonised, documented: dict[str, str]) -> dict[str, object]:
    rows, counts = harmonised.rows, intake.counts
    return {
        "programme": config.programme.id,
        "programme_sha256": sha256_of(config.path),
        "source": config.panel.source,
        "source_file": intake.path.name,
        "source_sha256": intake.sha256,
        "source_layout": intake.layout.id if intake.layout else "",
        "inputs": _hash_inputs(config),
        "documented": documented,
        "panel_sha256": "",
        "origin": origin_of(rows),
        "first_quarter": rows["quarter"].min(),
        "last_quarter": rows["quarter"].max(),
        "n_municipalities": int(rows["municipality_number"].nunique()),
        "rows_read": counts.read,
        "rows_used": counts.used,
        "rows_excluded": counts.excluded,
        "rows_refused": counts.refused,
        "version": version("kvalitet-eval"),
    }


def _write(
    config: Config, imported: Imported, intake: Intake, harmonised: Harmonised, told: tuple[Finding, ...]
) -> None:
    record, origin = imported.record, str(imported.record["origin"])
    listed = imported.participants.ledger
    findings = findings_frame((*told, *imported.participants.findings, *intake.findings, *harmonised.findings))
    for name, frame in (
        ("intake_ledger", pd.concat([listed[listed["line"].notna()], intake.ledger], ignore_index=True)),
        ("findings", findings),
        ("lineage", harmonised.lineage),
        ("divided", harmonised.divided),
        ("membership", imported.membership),
    ):
        write_marked(config.processed / f"{name}.csv", frame, origin)
    record["panel_sha256"] = write_marked(config.processed / "panel.csv", imported.rows, origin)
    write_atomic(config.processed / RECORD, to_json(record))
