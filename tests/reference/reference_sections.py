"""Sections of the file of reference values: how each value is found through the public calls."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from kvalitet_eval.design.comparison import Design, compare
from kvalitet_eval.estimate.bacon import bacon
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.honest import honest_from
from kvalitet_eval.estimate.synthetic import synthesise
from kvalitet_eval.estimate.synthetic_cells import list_weights
from kvalitet_eval.prepare.panel import Panel

CLOSED_FORM, LOGIT, ITERATED, RELATIVE = 1e-8, 1e-6, 1e-4, 1e-3
NAMES = {
    "unit": ("countyreal", "unit", "id", "municipality_number", "kommune_nr", "kommune", "state", "State"),
    "period": ("year", "Year", "period", "quarter", "time", "t"),
    "outcome": ("lemp", "y", "Y", "outcome", "l_homicide", "PacksPerCapita"),
    "cohort": ("first.treat", "first_treat", "gvar", "g", "G", "cohort", "first"),
}
KINDS = {"simple": "overall", "group": "cohort", "dynamic": "event_time", "calendar": "calendar"}
LABELS = {"cohort": "cohort", "event_time": "event_time", "calendar": "period"}
BACON = {
    "Earlier vs Later Treated": "earlier_vs_later_treated",
    "Later vs Earlier Treated": "later_vs_earlier_treated",
    "Treated vs Untreated": "treated_vs_untreated",
    "Later vs Always Treated": "later_vs_always_treated",
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
            unit, period = _pick(frame, "unit"), _pick(frame, "period")
            frame = frame.assign(first=frame[unit].map(frame[frame["post"] == 1].groupby(unit)[period].min()))
        if "treated" in frame and "State" in frame:
            first = frame[frame["treated"] == 1].groupby("State")["Year"].min()
            frame = frame.assign(first=frame["State"].map(first))
        return Panel.from_frame(frame, **{name: _pick(frame, name) for name in NAMES}, **more)


def _pick(frame: pd.DataFrame, what: str) -> str:
    return next(name for name in NAMES[what] if name in frame)


def _pairs(name: str, expected: object, find: Callable[[str], float], tolerances: tuple[float, float]) -> list[Value]:
    """Values of an estimate alone, or of an estimate and its standard error."""
    both = list(expected) if isinstance(expected, (list, tuple)) else [expected]
    columns = ("estimate", "std_error")[: len(both)]
    return [
        Value(f"{name} {column}", float(value), tolerance, partial(find, column))
        for column, value, tolerance in zip(columns, both, tolerances, strict=False)
        if isinstance(value, (int, float)) and math.isfinite(value)
    ]


def _look_up(
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


def read_call(key: str) -> dict[str, object]:
    """Options from a key such as ``nevertreated|~1|dr``.

    >>> read_call("notyettreated|~lpop|ipw|universal|anticipation=1")["anticipation"]
    1
    """
    call: dict[str, object] = {"comparison": "never_treated", "base": "varying", "covariates": [], "adjust": "dr"}
    call |= {"anticipation": 0, "weights": None}
    for token in key.split("|"):
        word = token.strip()
        if word in ("nevertreated", "notyettreated"):
            call["comparison"] = {"nevertreated": "never_treated", "notyettreated": "not_yet_treated"}[word]
        elif word in ("dr", "ipw", "reg"):
            call["adjust"] = word
        elif word in ("universal", "varying"):
            call["base"] = word
        elif word.startswith("~"):
            call["covariates"] = [name.strip() for name in word[1:].split("+") if name.strip() not in ("", "1")]
        elif match := re.fullmatch(r"anti\w*\W*(\d+)", word):
            call["anticipation"] = int(match.group(1))
        elif match := re.fullmatch(r"w(?:eights?)?\W+([\w.]+)", word):
            call["weights"] = match.group(1)
        else:
            raise ValueError(f"{word!r} in {key!r} is not understood")
    return call


def group_time(section: Mapping, data: Data) -> Iterator[Value]:
    """R ``did``: cells and averages with analytic standard errors."""
    tolerance = section.get("tolerance", {})
    for key, content in section["values"].items():
        try:
            call = read_call(key)
        except ValueError as error:
            yield Value(key, reason=str(error))
            continue
        weights = {"weights": call.pop("weights")}
        design = compare(
            data.panel(section, "mpdta.csv", **{k: v for k, v in weights.items() if v}),
            call.pop("comparison"),
            anticipation=call.pop("anticipation"),
        )
        adjusted = call["covariates"] and call["adjust"] != "reg"
        limits = (tolerance.get("dr_or_ipw", LOGIT),) * 2
        if not adjusted:
            limits = (tolerance.get("att", CLOSED_FORM), tolerance.get("se_analytic", CLOSED_FORM))
        effects = estimate(design, "group_time", inference="influence", **call)
        absent = {"absent": 0.0} if call["base"] == "universal" else {}
        for cell, expected in content.get("att_gt", {}).items():
            cohort, period = cell.split(",")
            find = partial(_look_up, effects.to_frame, {"cohort": cohort, "period": period}, **absent)
            yield from _pairs(f"{key} {cell}", expected, find, limits)
        for group, rows in content.get("agg", {}).items():
            for label, expected in rows.items():
                kind = KINDS[group] if group == "simple" or label != "overall" else f"{KINDS[group]}_mean"
                where = {LABELS[kind]: label} if kind in LABELS else {}
                find = partial(_look_up, effects.aggregate(kind).to_frame, where, **absent)
                yield from _pairs(f"{key} {group} {label}", expected, find, limits)


def two_way(section: Mapping, data: Data) -> Iterator[Value]:
    """R ``fixest``: the two-way coefficient, its event study, and Sun and Abraham's."""
    design = compare(data.panel(section, "mpdta.csv"), "never_treated")
    plain = estimate(design, "two_way", inference="cluster")
    sun = estimate(design, "group_time", inference="cluster")
    single = {"static_twfe": plain.to_frame, "sunab_ATT": sun.aggregate("overall").to_frame}
    several = {"sunab_es": sun.aggregate("event_time").to_frame, "twfe_es": plain.aggregate("event_time").to_frame}
    limits = (section.get("tolerance", CLOSED_FORM),) * 2
    for name, frame in single.items():
        if name in section:
            yield from _pairs(name, section[name], partial(_look_up, frame, {}), limits)
    for name, frame in several.items():
        for label, expected in section.get(name, {}).items():
            yield from _pairs(f"{name} {label}", expected, partial(_look_up, frame, {"event_time": label}), limits)


def decomposition(section: Mapping, data: Data) -> Iterator[Value]:
    """R ``bacondecomp``."""
    found = bacon(data.panel(section, "castle_bacon.csv"))
    tolerance = section.get("tolerance", CLOSED_FORM)
    yield Value("twfe", section["twfe"], tolerance, lambda: found.two_way)
    for name, expected in section.get("by_type", {}).items():
        for ours, theirs in (("weight", "weight"), ("estimate", "avg")):
            where = {"type": BACON.get(name, name)}
            yield Value(f"{name} {theirs}", expected[theirs], tolerance, partial(_look_up, found.by_type, where, ours))


def synthetic(section: Mapping, data: Data) -> Iterator[Value]:
    """R ``synthdid``."""
    design, tolerance = compare(data.panel(section, "prop99.csv")), section.get("tolerance", ITERATED)
    for name, kind in (("sdid", "synthetic_did"), ("sc", "synthetic_control"), ("did", "did")):
        if name in section:
            yield Value(name, section[name], tolerance, partial(_synthetic, design, kind))
    weights = list_weights(design)
    for name, part in (("lambda", "period"), ("omega_top", "municipality")):
        for label, expected in section.get(name, {}).items():
            find = partial(_look_up, lambda: weights, {"part": part, "name": label}, "weight")
            yield Value(f"{name} {label}", expected, tolerance, find)
    if "zeta_omega" in section:
        zeta = weights.loc[weights["part"] == "municipality", "zeta"]
        yield Value("zeta_omega", section["zeta_omega"], tolerance, lambda: float(zeta.iloc[0]))


def _synthetic(design: Design, kind: str) -> float:
    return float(synthesise(design, kind=kind, inference="jackknife").aggregate("overall").frame["estimate"].item())


def bounds(section: Mapping, data: Data) -> Iterator[Value]:
    """R ``HonestDiD``: intervals of the first effect."""
    match = re.search(r"([\w.-]+\.csv)(?:.*?(\d+) pre, (\d+) post)?", str(section.get("data", "")))
    frame = data.frame(match.group(1) if match else "ehec_beta_sigma.csv")
    beta, sigma = frame.iloc[:, 0].to_numpy(float), frame.iloc[:, 1:].to_numpy(float)
    n_pre = int(match.group(2)) if match and match.group(2) else 5
    for name in ("beta", "se"):
        found = beta if name == "beta" else np.sqrt(np.diag(sigma))
        for k, expected in enumerate(section.get(name, [])):
            yield Value(f"{name} {k}", expected, 1e-11, partial(float, found[k]))
    tolerance = section.get("tolerance", {})
    for key, rows in section.items():
        kind = {"RM": "relative", "SD": "smooth"}.get(key.split("_")[0])
        if kind is None or not isinstance(rows, Mapping):
            continue
        limit = tolerance.get(
            {"relative": "rm", "smooth": "sd"}[kind], {"relative": RELATIVE, "smooth": ITERATED}[kind]
        )
        for bound, interval in rows.items():
            for column, expected in zip(("conf_low", "conf_high"), interval, strict=True):
                call = partial(honest_from, beta, sigma, n_pre, len(beta) - n_pre, mbar=[float(bound)], kind=kind)
                yield Value(f"{key} {bound} {column}", expected, limit, partial(_bound, call, column))


def _bound(call: Callable, column: str) -> float:
    return float(call().frame[column].item())


def satterthwaite(section: Mapping, data: Data) -> Iterator[Value]:
    """R ``clubSandwich``: two groups; the file has no data, the degrees of freedom say how many are compared with."""
    for name, value in section.items():
        if not isinstance(value, Mapping):
            continue
        n1 = value["n1"]
        n0 = value.get("n0") or min(range(2, 2000), key=lambda n: abs(_two_groups_df(n1, n) - value["df_bm"]))
        row = estimate(_two_groups(n1, n0, value["est"], value["se"]), "group_time").to_frame().iloc[0]
        for key, column in (
            ("est", "estimate"),
            ("se", "std_error"),
            ("df_bm", "degrees_of_freedom"),
            ("p_bm", "p_value"),
        ):
            printed = 0.51 * 10.0 ** -len(str(value["df_bm"]).partition(".")[2]) if key == "df_bm" else 0.0
            limit = max(section.get("tolerance", CLOSED_FORM), printed)
            yield Value(f"{name} {key} (n0 = {n0})", value[key], limit, partial(float, row[column]))
        if "df_welch" in value:
            yield Value(f"{name} df_welch", reason="the workbench has no Welch test")


def _two_groups_df(n1: int, n0: int) -> float:
    return (1 / n1 + 1 / n0) ** 2 / (1 / (n1**2 * (n1 - 1)) + 1 / (n0**2 * (n0 - 1)))


def _two_groups(n1: int, n0: int, difference: float, std_error: float) -> Design:
    """Two periods with this difference of mean changes and this HC2 error."""
    change = np.concatenate([_spread(n1), _spread(n0)]) * std_error / math.sqrt(1 / n1 + 1 / n0)
    change[:n1] += difference
    n = n1 + n0
    frame = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(n), 2),
            "t": np.tile([1, 2], n),
            "y": np.column_stack([np.zeros(n), change]).ravel(),
            "g": np.repeat(np.where(np.arange(n) < n1, 2.0, np.nan), 2),
        }
    )
    panel = Panel.from_frame(frame, unit="unit", period="t", outcome="y", cohort="g")
    return compare(panel, "never_treated")


def _spread(n: int) -> np.ndarray:
    """Numbers with mean 0 and variance 1."""
    values = np.arange(n) - (n - 1) / 2
    return values / values.std(ddof=1)


SECTIONS = {
    r"(cs|did|group_time)_.*": group_time,
    r"(twfe|sunab|fixest)_.*": two_way,
    r"bacon_.*": decomposition,
    r"prop99.*|synth.*": synthetic,
    r"honest_.*": bounds,
    r"cr2_.*": satterthwaite,
}
