"""Read a programme file strictly: every fault at once, each with its line.

Unknown keys, missing keys and wrong types are refused. Municipality numbers are text: ``0301`` without quotes is not
the number 301.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from pydantic import ValidationError

from kvalitet_eval.config.settings import Config
from kvalitet_eval.errors import ConfigError, Finding, finding


def load_config(path: str | Path) -> Config:
    """Read a programme file.

    Raises
    ------
    ConfigError
        The file is missing, is not TOML, or has unknown, missing or wrong keys; all faults at once.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        raw = tomllib.loads(text)
    except OSError as error:
        raise ConfigError.of("KON-01", file=path, found=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise ConfigError.of("KON-02", file=path, found=str(error)) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise ConfigError.of("KON-03", file=path, line=int(line[1]) if line else None, found=str(error)) from error
    resolved = path.resolve()
    try:
        return Config.model_validate({**raw, "path": resolved, "root": resolved.parent.parent})
    except ValidationError as error:
        raise ConfigError(_findings(error, path, text.splitlines())) from error


def _findings(error: ValidationError, path: Path, lines: list[str]) -> list[Finding]:
    return [
        finding(
            "KON-04",
            file=path,
            line=_line_of(item["loc"], lines),
            column=".".join(str(part) for part in item["loc"]),
            found="" if item["type"] in ("missing", "value_error") else item["input"],
            problem=item["msg"],
        )
        for item in error.errors()
    ]


def _line_of(location: tuple[int | str, ...], lines: list[str]) -> int | None:
    """Find the line of a key: count headers of its section, then look for the key below it."""
    section = next((part for part in location if isinstance(part, str)), None)
    index = next((part for part in location if isinstance(part, int)), 0)
    names = [part for part in location if isinstance(part, str)]
    header = re.compile(rf"^\s*\[+\s*{re.escape('.'.join(names[:-1]) or str(section))}\s*\]+")
    starts = [number for number, line in enumerate(lines) if header.match(line)]
    if len(starts) <= index:
        return None
    start = starts[index]
    key = re.compile(rf"^\s*{re.escape(names[-1])}\s*=")
    for number in range(start + 1, len(lines)):
        if lines[number].lstrip().startswith("["):
            break
        if key.match(lines[number]):
            return number + 1
    return start + 1
