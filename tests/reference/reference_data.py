"""What a file of reference values names: its data, its calls, and the numbers it expects."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pandas as pd

from kvalitet_eval.prepare.panel import Panel

CLOSED_FORM, LOGIT, ITERATED, RELATIVE = 1e-8, 1e-6, 1e-4, 1e-3
NAMES = {
    "unit": ("countyreal", "unit", "id", "municipality_number", "kommune_nr", "kommune", "state", "State"),
    "period": ("year", "Year", "period", "quarter", "time", "t"),
    "outcome": ("lemp", "y", "Y", "outcome", "l_homicide", "PacksPerCapita"),
    "cohort": ("first.treat", "first_treat", "gvar", "g", "G", "cohort", "first"),
}


@dataclass(frozen=True)
class Value:
    """One expected number, and how it is found; ``find`` is None where it cannot be, for ``reason``."""

    name: str
    expected: float = math.nan
    tolerance: float = CLOSED_FORM
    find: Callable[[], float] | None = None
    reason: str = ""


@dataclass
class Data:
    """Folders that data files are looked for in, and what has been read from them."""

    folders: tuple[Path, ...]
    read: dict[str, pd.DataFrame] = field(default_factory=dict)

    def frame(self, name: str) -> pd.DataFrame:
        """Read a file by name, once."""
        if name not in self.read:
            found = next((folder / name for folder in self.folders if (folder / name).is_file()), None)
            if found is None:
                raise FileNotFoundError(f"{name} is in none of {', '.join(map(str, self.folders))}")
            self.read[name] = pd.read_csv(found)
        return self.read[name]

    def panel(self, section: Mapping, default: str, **more: str) -> Panel:
        """The panel of a section's file."""
        match = re.search(r"[\w.-]+\.csv", str(section.get("data", "")))
        frame = self.frame(match.group() if match else default)
        if "first" not in frame and "post" in frame:
            unit, period = pick(frame, "unit"), pick(frame, "period")
            frame = frame.assign(first=frame[unit].map(frame[frame["post"] == 1].groupby(unit)[period].min()))
        if "treated" in frame and "State" in frame:
            first = frame[frame["treated"] == 1].groupby("State")["Year"].min()
            frame = frame.assign(first=frame["State"].map(first))
        return Panel.from_frame(frame, **{name: pick(frame, name) for name in NAMES}, **more)


def pick(frame: pd.DataFrame, what: str) -> str:
    return next(name for name in NAMES[what] if name in frame)


def pairs(name: str, expected: object, find: Callable[[str], float], tolerances: tuple[float, float]) -> list[Value]:
    """Values of an estimate alone, or of an estimate and its standard error; null is no value."""
    both = list(expected) if isinstance(expected, (list, tuple)) else [expected]
    if isinstance(expected, Mapping) or not both:
        return [Value(name, reason="neither an estimate nor an estimate and its standard error")]
    columns = ("estimate", "std_error")[: len(both)]
    if len(both) > len(columns):
        return [Value(name, reason=f"{len(both)} numbers; an estimate and its standard error are expected")]
    return [
        Value(f"{name} {column}", float(value), tolerance, partial(find, column))
        for column, value, tolerance in zip(columns, both, tolerances, strict=False)
        if isinstance(value, (int, float)) and math.isfinite(value)
    ]


def look_up(
    frame: Callable[[], pd.DataFrame], where: Mapping[str, str], column: str, *, absent: float | None = None
) -> float:
    """One number of a table; ``absent`` is that of a row that only the other program prints: its base period."""
    rows = frame()
    for name, value in where.items():
        rows = rows[rows[name].astype(str) == value]
    if rows.empty and absent is not None:
        return absent
    if len(rows) != 1:
        raise LookupError(f"{len(rows)} rows for {dict(where)}")
    return float(rows[column].iloc[0])


SPELLINGS = {
    "nevertreated": ("comparison", "never_treated"),
    "never": ("comparison", "never_treated"),
    "never_treated": ("comparison", "never_treated"),
    "notyettreated": ("comparison", "not_yet_treated"),
    "notyet": ("comparison", "not_yet_treated"),
    "not_yet_treated": ("comparison", "not_yet_treated"),
    "dr": ("adjust", "dr"),
    "ipw": ("adjust", "ipw"),
    "reg": ("adjust", "reg"),
    "universal": ("base", "universal"),
    "varying": ("base", "varying"),
}
NAMED = r"(?:control_?group|comparison|est_?method|adjust|base(?:_?period)?)\s*[=:]\s*"


def read_call(key: str) -> dict[str, object]:
    """Options from a key such as ``nevertreated|~1|dr``; of two spellings of one option the last one counts.

    >>> read_call("control_group=notyettreated|xformla=~lpop|ipw|universal|anticipation=1")["anticipation"]
    1
    """
    call: dict[str, object] = {"comparison": "never_treated", "base": "varying", "covariates": [], "adjust": "dr"}
    call |= {"anticipation": 0, "weights": None}
    for token in filter(None, map(str.strip, key.split("|"))):
        word = re.sub(NAMED, "", token)
        if word in SPELLINGS:
            call.update([SPELLINGS[word]])
        elif match := re.fullmatch(r"(?:xformla\s*=\s*)?~(.*)", word):
            call["covariates"] = [name.strip() for name in match[1].split("+") if name.strip() not in ("", "1")]
        elif match := re.fullmatch(r"anti\w*\W*(\d+)", word):
            call["anticipation"] = int(match[1])
        elif match := re.fullmatch(r"w(?:eights?(?:_?name)?)?\W+([\w.]+)", word):
            call["weights"] = match[1]
        else:
            raise ValueError(f"{word!r} in {key!r} is not understood")
    return call
