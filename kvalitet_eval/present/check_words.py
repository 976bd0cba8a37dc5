"""What a robustness check found, as a sentence with its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from kvalitet_eval import publish
from kvalitet_eval.estimate.bump import bump_key
from kvalitet_eval.present import numbers
from kvalitet_eval.present.messages import constants, text
from kvalitet_eval.present.say import say
from kvalitet_eval.publish import PublishedTable, PublishedText

LANGUAGE = "nb"
_LOWER_LIMIT = "conf_low"  # the unit stands at the upper limit
_POINTS = ("estimate", "conf_high", "smallest_detectable", "slope_half", "drift_after", "lowest", "highest")
_SHARES = ("share", "significant")
_COUNTS = ("n", "shift", "draws", "n_members", "n_agreeing", "n_outside", "n_treated", "n_comparison")
_ONE_DECIMAL = ("n_effective_treated", "n_effective_comparison")


def _points(value: float, language: str) -> str:
    return numbers.points(value, 2, language)


def _share(value: float, language: str) -> str:
    return numbers.percent(100 * value, 0, language)


def _p_value(value: float, language: str) -> str:
    return numbers.number(value, 3, language)


def _one_decimal(value: float, language: str) -> str:
    return numbers.number(value, 1, language)


def _decimals(value: float, language: str) -> str:
    return numbers.number(value, 2, language)


_PRINTERS: Mapping[str, Callable[[float, str], str]] = MappingProxyType(
    {
        **dict.fromkeys(_POINTS, _points),
        **dict.fromkeys(_COUNTS, numbers.count),
        **dict.fromkeys(_ONE_DECIMAL, _one_decimal),
        **dict.fromkeys(_SHARES, _share),
        "p_value": _p_value,
        "breakdown": _decimals,
        _LOWER_LIMIT: _decimals,
    }
)


def check_sentence(checks: PublishedTable, check: str, language: str = LANGUAGE) -> PublishedText:
    """Say what a check found; figures are percentage points unless their name says otherwise.

    Parameters
    ----------
    checks : PublishedTable
        As ``report.structures.CHECKS``: one row for each number or word that the check's sentence needs.
    check : str
        Name of the check.

    Raises
    ------
    KeyError
        A number that nobody has said how to print.
    """
    rows = checks.select(check=check)
    if rows.is_withheld("value"):
        return say("check.withheld", language)
    frame = rows.to_frame()
    key = frame["text_key"].iloc[0]
    values = {
        row.fact: row.words if isinstance(row.words, str) else _printed(row.fact, row.value, language)
        for row in frame.itertuples()
    }
    printed = [values[name] for name in _SHARES if name in values]
    return publish.text(text(key, language, **values), rows, facts=[*constants(key, language=language), *printed])


def bump_sentence(bump: PublishedTable, language: str = LANGUAGE) -> PublishedText:
    """Say whether the time just before the start was unusual, from one row of a bump; no row when it is not known."""
    rows = bump.to_frame().dropna(subset="estimate")
    if rows.empty:
        key = "check.bump.withheld" if bump.is_withheld("estimate") else "check.bump.not_applicable"
        return say(key, language)
    row = rows.iloc[0]
    names = ("estimate", "conf_low", "conf_high", "smallest_detectable")
    printed = {name: _printed(name, row[name], language) for name in names}
    key = bump_key(row)
    return publish.text(text(key, language, **printed), bump, facts=constants(key, language=language))


def _printed(name: str, value: float, language: str) -> str:
    return _PRINTERS[name](value, language)
