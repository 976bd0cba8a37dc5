"""Sections of the file of reference values: how each value is found through the public calls."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
import pandas as pd
from reference_data import CLOSED_FORM, ITERATED, LOGIT, RELATIVE, Data, Value, look_up, pairs, read_call

from kvalitet_eval.design.comparison import Design, compare
from kvalitet_eval.errors import KvalitetError
from kvalitet_eval.estimate.bacon import Decomposition, bacon
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.honest import honest_from
from kvalitet_eval.estimate.synthetic import synthesise
from kvalitet_eval.estimate.synthetic_cells import list_weights
from kvalitet_eval.prepare.panel import Panel
from kvalitet_eval.results import EffectTable

KINDS = {"simple": "overall", "overall": "overall", "static": "overall", "group": "cohort", "cohort": "cohort"}
KINDS |= {"dynamic": "event_time", "event_time": "event_time", "calendar": "calendar"}
STEPS = "R's did measures a step here: the base is the period before; ours is the last before anticipation (METHODS)"
LABELS = {"cohort": "cohort", "event_time": "event_time", "calendar": "period"}
BACON = {
    "Earlier vs Later Treated": "earlier_vs_later_treated",
    "Later vs Earlier Treated": "later_vs_earlier_treated",
    "Treated vs Untreated": "treated_vs_untreated",
    "Later vs Always Treated": "later_vs_always_treated",
}


def group_time(section: Mapping, data: Data) -> Iterator[Value]:
    """R ``did``: cells and averages with analytic standard errors."""
    for key, content in section["values"].items():
        try:
            call = read_call(key)
            design = _designed(section, data, call)
            effects = estimate(
                design, "group_time", inference="influence", **{k: call[k] for k in ("base", "covariates", "adjust")}
            )
        except (KvalitetError, LookupError, ValueError, StopIteration) as error:
            yield Value(key, reason=str(error) or "a column that is needed is not in the data")
            continue
        tolerance, adjusted = section.get("tolerance", {}), call["covariates"] and call["adjust"] != "reg"
        limits = (tolerance.get("att", CLOSED_FORM), tolerance.get("se_analytic", CLOSED_FORM))
        limits = (tolerance.get("dr_or_ipw", LOGIT),) * 2 if adjusted else limits
        absent = 0.0 if call["base"] == "universal" else None
        steps = range(1 - call["anticipation"], 0) if call["base"] == "varying" else range(0)
        yield from _tables(key, content, effects, limits, absent=absent, steps=steps)


def imputation(section: Mapping, data: Data) -> Iterator[Value]:
    """R ``didimputation``: cells and averages with the standard errors of theorem 3."""
    sets = section.get("values", {"notyettreated": {k: v for k, v in section.items() if k in TABLES}})
    for key, content in sets.items():
        try:
            call = {**read_call(key), "comparison": "not_yet_treated"}
            effects = estimate(_designed(section, data, call), "imputation", inference="conservative", leads=0)
        except (KvalitetError, LookupError, ValueError, StopIteration) as error:
            yield Value(key, reason=str(error) or "a column that is needed is not in the data")
            continue
        yield from _tables(key, content, effects, (section.get("tolerance", CLOSED_FORM),) * 2)


TABLES = ("att_gt", "agg")


def _designed(section: Mapping, data: Data, call: Mapping) -> Design:
    more = {"weights": call["weights"]} if call["weights"] else {}
    return compare(data.panel(section, "mpdta.csv", **more), call["comparison"], anticipation=call["anticipation"])


def _tables(
    key: str,
    content: Mapping,
    effects: EffectTable,
    limits: tuple[float, float],
    *,
    absent: float | None = None,
    steps: range = range(0),
) -> Iterator[Value]:
    """Cells and averages; ``steps`` are event times that R's ``did`` measures from the period before."""
    for cell, expected in content.get("att_gt", {}).items():
        cohort, period = (part.strip() for part in cell.split(","))
        find = partial(look_up, effects.to_frame, {"cohort": cohort, "period": period}, absent=absent)
        stepwise = period.isdigit() and cohort.isdigit() and int(period) - int(cohort) in steps
        yield from (
            [Value(f"{key} {cell}", reason=STEPS)] if stepwise else pairs(f"{key} {cell}", expected, find, limits)
        )
    for group, rows in content.get("agg", {}).items():
        if group not in KINDS or not isinstance(rows, Mapping):
            yield Value(f"{key} {group}", reason=f"no such average; there are {', '.join(KINDS)}")
            continue
        for label, expected in rows.items():
            kind = KINDS[group] if KINDS[group] == "overall" or label != "overall" else f"{KINDS[group]}_mean"
            where = {LABELS[kind]: label} if kind in LABELS else {}
            find = partial(look_up, lambda k=kind: effects.aggregate(k).to_frame(), where, absent=absent)
            stepwise = kind == "event_time" and label in map(str, steps)
            name = f"{key} {group} {label}"
            yield from [Value(name, reason=STEPS)] if stepwise else pairs(name, expected, find, limits)


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
            yield from pairs(name, section[name], partial(look_up, frame, {}), limits)
    for name, frame in several.items():
        for label, expected in section.get(name, {}).items():
            yield from pairs(f"{name} {label}", expected, partial(look_up, frame, {"event_time": label}), limits)


def decomposition(section: Mapping, data: Data) -> Iterator[Value]:
    """R ``bacondecomp``."""
    found = bacon(data.panel(section, "castle_bacon.csv"))
    tolerance = section.get("tolerance", CLOSED_FORM)
    yield Value("twfe", section["twfe"], tolerance, lambda: found.two_way)
    for name, expected in section.get("by_type", {}).items():
        for ours, theirs in (("weight", "weight"), ("estimate", "avg")):
            where = {"type": BACON.get(name, name)}
            yield Value(f"{name} {theirs}", expected[theirs], tolerance, partial(look_up, found.by_type, where, ours))

    for place, pair in enumerate(section.get("by_pair", [])):
        where = {name: str(pair[name]) for name in ("treated", "comparison") if name in pair}
        for ours, theirs in (("weight", "weight"), ("estimate", "estimate")):
            find = partial(look_up, lambda: _pairs_of(found), where, ours)
            yield Value(f"pair {place} {where} {theirs}", pair[theirs], tolerance, find)


def _pairs_of(found: Decomposition) -> pd.DataFrame:
    """The pairs with their starts as whole numbers in text; "untreated" where there is none."""
    table = found.to_frame()
    named = table[["treated", "comparison"]].map(lambda v: "untreated" if pd.isna(v) else f"{v:g}")
    return table.assign(**named)


def synthetic(section: Mapping, data: Data) -> Iterator[Value]:
    """R ``synthdid``."""
    design, tolerance = compare(data.panel(section, "prop99.csv")), section.get("tolerance", ITERATED)
    for name, kind in (("sdid", "synthetic_did"), ("sc", "synthetic_control"), ("did", "did")):
        if name in section:
            yield Value(name, section[name], tolerance, partial(_synthetic, design, kind))
    weights = list_weights(design)
    for name, part in (("lambda", "period"), ("omega_top", "municipality")):
        for label, expected in section.get(name, {}).items():
            find = partial(look_up, lambda: weights, {"part": part, "name": label}, "weight")
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
            yield Value(f"{name} df_welch", reason=WELCH)


def properties(section: Mapping, data: Data) -> Iterator[Value]:
    """Sentences about simulations: a line for each, with the test that runs it."""
    for name in section:
        where = f"tests/simulation/{PROPERTIES[name]}" if name in PROPERTIES else "no test of this name"
        yield Value(name, reason=f"a sentence about a simulation, not a number; run by: {where}")


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


PROPERTIES = {
    "size_12_treated": "test_size_of_draws.py",
    "uniform_band_12_treated": "test_band_coverage.py",
    "rm_coverage": "test_honest_coverage.py",
}
WELCH = (
    "Welch's degrees of freedom need the variance of each group; the file has no data and gives the standard error "
    "alone, so that any answer would be made from the expected value itself"
)
SECTIONS = {
    r"statistical_properties": properties,
    r"(imputation|imputed|didimputation|did_imputation|bjs|etwfe)_.*": imputation,
    r"(cs|did|group_time)_.*": group_time,
    r"(twfe|sunab|fixest)_.*": two_way,
    r"bacon_.*": decomposition,
    r"prop99.*|synth.*": synthetic,
    r"honest_.*": bounds,
    r"cr2_.*": satterthwaite,
}
