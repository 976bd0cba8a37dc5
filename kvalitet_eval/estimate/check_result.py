"""A robustness check is a table and a key to a sentence; whether it is drawn or read aloud is decided elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd


@dataclass(frozen=True, slots=True, eq=False)
class CheckResult:
    """What a check found.

    Parameters
    ----------
    name : str
        The check: honest, pretrends, bump, placebo_in_time, ...
    passed : bool or None
        None when the check has no mark to pass, or cannot be made: information, not a success.
    table : pandas.DataFrame
        Its numbers.
    text_key : str
        Key of the catalogue's sentence.
    facts : mapping of str to float, int or str
        Values for the sentence's placeholders, not rounded.
    """

    name: str
    passed: bool | None
    table: pd.DataFrame
    text_key: str
    facts: Mapping[str, float | int | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", MappingProxyType(dict(self.facts)))

    def to_frame(self) -> pd.DataFrame:
        """Return a copy of the table."""
        return self.table.copy()
