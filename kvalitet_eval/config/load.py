"""Read a programme file strictly: every fault at once, each with its line.

Unknown keys, missing keys and wrong types are refused. Municipality numbers are text: ``0301`` without quotes is not
the number 301. When all types are right, the settings are checked against each other.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from kvalitet_eval.config.consistency import find_conflicts
from kvalitet_eval.config.faults import Fault, describe_faults
from kvalitet_eval.config.places import line_of
from kvalitet_eval.config.settings import Config
from kvalitet_eval.errors import ConfigError, Finding, finding

OWN_FIELDS = ("path", "root")


def load_config(path: str | Path) -> Config:
    """Read a programme file.

    Raises
    ------
    ConfigError
        The file is missing, is not TOML, has unknown, missing or wrong keys, or its settings contradict each other;
        all faults of one kind at once.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        raw = tomllib.loads(text)
    except FileNotFoundError as error:
        raise ConfigError.of("KON-01", file=path) from error
    except IsADirectoryError as error:
        raise ConfigError.of("KON-33", file=path) from error
    except OSError as error:
        raise ConfigError.of("KON-34", file=path, found=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise ConfigError.of("KON-02", file=path, found=f"0x{error.object[error.start]:02x}") from error
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(path, text, error) from error
    lines, resolved = text.splitlines(), path.resolve()
    try:
        own = {"path": resolved, "root": resolved.parent.parent}
        config = Config.model_validate({**{key: raw[key] for key in raw if key not in own}, **own})
    except ValidationError as error:
        faults = describe_faults(error.errors())
    else:
        faults = list(find_conflicts(config))
    faults += [("KON-10", (key,), key, {"allowed": _sections()}) for key in OWN_FIELDS if key in raw]
    if faults:
        raise ConfigError(sorted(_findings(faults, path, lines), key=lambda item: item.line or 0))
    return config


def _findings(faults: list[Fault], path: Path, lines: list[str]) -> Iterator[Finding]:
    for code, place, found, facts in faults:
        column = ".".join(part for part in place if isinstance(part, str))
        yield finding(code, file=path, line=line_of(place, lines), column=column, found=found, **facts)


def _sections() -> str:
    return ", ".join(name for name in Config.model_fields if name not in OWN_FIELDS)


def _not_toml(path: Path, text: str, error: tomllib.TOMLDecodeError) -> ConfigError:
    place = re.search(r"line (\d+)", str(error))
    lines = text.splitlines()
    line = int(place[1]) if place else len(lines)
    return ConfigError.of("KON-03", file=path, line=line, found=lines[line - 1].strip(), problem=str(error))
