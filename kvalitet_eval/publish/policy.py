"""What may be published: the limits of one profile, read from a TOML file, and the hash that every footer prints."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kvalitet_eval.errors import ConfigError, finding

FOLDER = Path(__file__).parent / "profiles"
PROFILES = ("ssb", "standard", "streng")
DEFAULT = "standard"
_DIGITS = 12


class Policy(BaseModel):
    """The limits of one profile.

    Parameters
    ----------
    name : str
        Printed with the hash.
    minimum : int
        Persons in a group that may be shown; smaller groups are withheld. Never under 3.
    protect_zeros, protect_full, protect_complement : bool
        Whether nobody, everybody, and a small group of those not counted, are withheld.
    dominance_n, dominance_pct : int, float
        An amount is withheld when its ``dominance_n`` largest contributors give ``dominance_pct`` per cent or more.
    percentile_minimum : int
        Persons behind a smallest or largest value or a percentile.
    residual_df_minimum : int
        Residual degrees of freedom behind a regression.
    interval : bool
        Whether the largest value an attacker cannot rule out must lie above ``minimum`` (for an amount: ``width_pct``
        per cent above it); otherwise a withheld value must only not be determined.
    width_pct : float
        See ``interval``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    name: str = Field(pattern=r"^[a-z][a-z0-9_-]*$")
    minimum: int = Field(ge=3)
    protect_zeros: bool = True
    protect_full: bool = True
    protect_complement: bool = True
    dominance_n: int = Field(default=2, ge=1)
    dominance_pct: float = Field(default=90.0, gt=0, le=100)
    percentile_minimum: int = Field(default=10, ge=10)
    residual_df_minimum: int = Field(default=10, ge=10)
    interval: bool = True
    width_pct: float = Field(default=10.0, gt=0)

    @classmethod
    def load(cls, source: str | Path = DEFAULT) -> Self:
        """Read a profile of the package by name, or a file of the same shape.

        Raises
        ------
        ConfigError
            PUB-01: no such profile or file; PUB-02: the file is not TOML, or a setting is unknown, missing, of the
            wrong type or weaker than any profile allows; all faults at once.

        Examples
        --------
        >>> Policy.load("ssb").minimum, Policy.load().minimum, Policy.load("streng").minimum
        (3, 5, 10)
        """
        path = FOLDER / f"{source}.toml" if source in PROFILES else Path(source)
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
            return cls.model_validate(raw)
        except OSError as error:
            raise ConfigError.of("PUB-01", file=path, found=source, allowed=", ".join(PROFILES)) from error
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ConfigError.of("PUB-02", file=path, found=str(error)) from error
        except ValidationError as error:
            faults = [(".".join(map(str, item["loc"])), item["input"]) for item in error.errors()]
            lines = path.read_text(encoding="utf-8-sig").splitlines()
            raise ConfigError(
                finding("PUB-02", file=path, line=_line(lines, name), column=name, found=_shown(value))
                for name, value in faults
            ) from error

    @property
    def sha256(self) -> str:
        """Of the settings, not of the file: a comment does not change it, any setting does."""
        return hashlib.sha256(json.dumps(self.model_dump(), sort_keys=True).encode()).hexdigest()

    @property
    def footer(self) -> str:
        """Name, minimum and the first digits of the hash, as a footer prints them.

        Examples
        --------
        >>> Policy(name="ssb", minimum=3).footer.startswith("ssb 3 ")
        True
        """
        return f"{self.name} {self.minimum} {self.sha256[:_DIGITS]}"


def _line(lines: list[str], name: str) -> int | None:
    pattern = re.compile(rf"\s*{re.escape(name)}\s*=")
    return next((number for number, line in enumerate(lines, start=1) if pattern.match(line)), None)


def _shown(value: object) -> str | None:
    return None if isinstance(value, dict) else str(value)
