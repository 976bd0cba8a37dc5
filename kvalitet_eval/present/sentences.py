"""Which words a result gets: the rules of wording, used by every sentence, title and alternative text.

An estimate is one of six cases. No other module decides which it is, and none writes words of its own for it.

=================  ==========================================  =======================================================
case               when                                        what is said
=================  ==========================================  =======================================================
withheld           the estimate is confidential                that it is not shown; it does not tell that nothing was
missing            there is no estimate                        that it cannot be estimated; the same
without_interval   its uncertainty cannot be calculated        estimate, comparison, verdict
below, above       the whole interval is on one side of zero   estimate, comparison, verdict, smallest detectable
around             the interval holds zero or ends there       the same; the verdict is that it cannot be told
=================  ==========================================  =======================================================

The verdict comes from the bracket (:func:`kvalitet_eval.estimate.verdict.judge`), never from the interval alone: on one
side of zero it may still be "consistent with regression to the mean". Whether lower is better is the outcome's own
matter: below zero is "better" for sick leave and "worse" for attendance. Then one remark is added for each that holds:

===========  =============================================================================================
remark       when
===========  =============================================================================================
wide         the interval holds zero, and an effect of the same size in the opposite direction
few          fewer participants than inference for large samples needs (``requirements.FEW_TREATED``)
provisional  the intake has been followed for fewer than ``FEWEST_QUARTERS`` quarters since its start
synthetic    the figures are simulated
===========  =============================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from kvalitet_eval.estimate.requirements import FEW_TREATED
from kvalitet_eval.estimate.verdict import Agreement, Verdict
from kvalitet_eval.present.messages import text
from kvalitet_eval.present.numbers import is_missing
from kvalitet_eval.publish import PublishedTable
from kvalitet_eval.results import SYNTHETIC

Improvement = Literal["decrease", "increase"]
State = Literal["withheld", "missing", "without_interval", "below", "around", "above"]
FEWEST_QUARTERS = 4  # effects within the first year are read by time since the start, and measures often begin late
_VERDICT = "the sentence of the verdict"
_ESTIMATED = ("case.effect.estimate", "case.effect.comparison", _VERDICT)
_FIRST: Mapping[State, tuple[str, ...]] = MappingProxyType(
    {
        "withheld": ("case.effect.withheld",),
        "missing": ("case.effect.not_estimated",),
        "without_interval": ("case.effect.without_interval", *_ESTIMATED[1:]),
        "below": (*_ESTIMATED, "case.effect.detectable"),
        "around": (*_ESTIMATED, "case.effect.detectable"),
        "above": (*_ESTIMATED, "case.effect.detectable"),
    }
)


@dataclass(frozen=True, slots=True)
class EffectCase:
    """Which case an estimate is, and what must be remarked about it; see the table of the module."""

    state: State
    is_wide: bool = False
    has_detectable: bool = True
    is_few: bool = False
    is_provisional: bool = False
    is_synthetic: bool = False

    @property
    def is_known(self) -> bool:
        """Whether there is an estimate to show."""
        return self.state not in ("withheld", "missing")

    def keys(self, verdict: Verdict) -> tuple[str, ...]:
        """Return the catalogue's keys of the sentences about the estimate, in order.

        Raises
        ------
        ValueError
            The verdict names a side and the interval has none, or there is no such verdict.
        """
        check_verdict(verdict)
        if verdict in ("better", "worse") and self.state in ("around", "without_interval"):
            raise ValueError(f"verdict {verdict!r} about an estimate whose interval is {self.state}")
        remarks = {
            "case.effect.wide": self.is_wide,
            "case.effect.few": self.is_few,
            "case.effect.provisional": self.is_provisional,
            "chart.synthetic_sentence": self.is_synthetic,
        }
        said = {_VERDICT: f"case.effect.verdict.{verdict}"}
        if not self.has_detectable:
            said["case.effect.detectable"] = "case.effect.detectable_unknown"
        return (*(said.get(key, key) for key in _FIRST[self.state]), *(key for key, holds in remarks.items() if holds))


def effect_case(effect: PublishedTable, *, quarters: int | None = None) -> EffectCase:
    """Say which case an estimate is.

    Parameters
    ----------
    effect : PublishedTable
        One row in the vocabulary of ``results.COLUMNS``; none when there is no estimate.
    quarters : int, optional
        For how many quarters since its start the intake has been followed.
    """
    if effect.is_withheld("estimate"):
        return EffectCase("withheld")
    rows = effect.to_frame().dropna(subset="estimate")
    if rows.empty:
        return EffectCase("missing")
    row = rows.iloc[0]
    state = _side(row["conf_low"], row["conf_high"])
    size = abs(row["estimate"])
    return EffectCase(
        state,
        is_wide=state == "around" and bool(row["conf_low"] <= -size and size <= row["conf_high"]),
        has_detectable=not is_missing(row["smallest_detectable"]),
        is_few=not is_missing(row["n_treated"]) and bool(row["n_treated"] < FEW_TREATED),
        is_provisional=quarters is not None and quarters < FEWEST_QUARTERS,
        is_synthetic=effect.origin == SYNTHETIC,
    )


def _side(low: float, high: float) -> State:
    if is_missing(low) or is_missing(high):
        return "without_interval"
    return "above" if low > 0 else "below" if high < 0 else "around"


def level_key(*, is_known: bool, is_withheld: bool, peers_withheld: bool, peers_known: bool = True) -> str:
    """Return the key of the sentence about a level: its last whole year, beside the peers or alone, or why not."""
    if is_withheld:
        return "case.level.withheld" if peers_known else "case.level.withheld_both"
    if not is_known:
        return "case.level.none"
    if peers_withheld:
        return "case.level.alone"
    return "case.level" if peers_known else "case.level.peers_missing"


def change_keys(expected: PublishedTable) -> tuple[str, ...]:
    """Return the keys of the sentences about a municipality's change: beside what is expected of its level, or alone.

    Parameters
    ----------
    expected : PublishedTable
        One row with ``change``, ``expected``, ``expected_low`` and ``expected_high``.
    """
    if expected.is_withheld("change"):
        return ("case.before_after.withheld",)
    if expected.is_withheld("expected"):
        return ("case.before_after.change", "case.before_after.expected_withheld")
    row = expected.to_frame().iloc[0]
    is_usual = row["expected_low"] <= row["change"] <= row["expected_high"]
    place = "case.before_after.inside" if is_usual else "case.before_after.outside"
    return ("case.before_after.change", "case.before_after.expected", place)


def agreement_key(found: Agreement) -> str:
    """Return the key of the sentence about how far the ways of asking agree."""
    if found.n_agreeing == 0:
        return "bracket.no_side"
    if found.is_full:
        return "bracket.agree"
    return "bracket.differ" if found.is_complete else "bracket.one_sided"


def check_verdict(verdict: str) -> None:
    """Refuse a verdict that no sentence exists for.

    Raises
    ------
    ValueError
        The message lists the verdicts there are.
    """
    if verdict not in get_args(Verdict):
        raise ValueError(f"verdict {verdict!r} is none of {', '.join(get_args(Verdict))}")


def conclusion(verdict: Verdict, origin: str, language: str = "nb") -> str:
    """Return the sentence that ends every alternative text: the verdict, and whether the figures are synthetic."""
    check_verdict(verdict)
    return _with_origin(text(f"chart.verdict.{verdict}", language), origin, language)


def without_verdict(origin: str, language: str = "nb") -> str:
    """Return the ending of an alternative text where nothing has been tested."""
    return _with_origin(text("chart.verdict.none", language), origin, language)


def outcome_name(outcome: str, language: str = "nb") -> str:
    """Return an outcome's name as a heading, for example ``Samlet sykefravær``.

    Raises
    ------
    KeyError
        The catalogue has no words for this outcome.
    """
    return text(f"outcome.{outcome}.name", language)


def outcome_definite(outcome: str, language: str = "nb") -> str:
    """Return an outcome as it is written within a sentence, for example ``det samlede sykefraværet``."""
    return text(f"outcome.{outcome}.definite", language)


def effect_direction(verdict: Verdict, improvement: Improvement) -> str:
    """Return the last part of a title's key: ``lower`` or ``higher`` where the verdict tells a direction, else itself.

    Examples
    --------
    >>> effect_direction("better", "decrease"), effect_direction("better", "increase")
    ('lower', 'higher')
    >>> effect_direction("cannot_be_told", "decrease")
    'cannot_be_told'
    """
    check_verdict(verdict)
    if verdict not in ("better", "worse"):
        return verdict
    return "lower" if (verdict == "better") == (improvement == "decrease") else "higher"


def _with_origin(sentence: str, origin: str, language: str) -> str:
    return f"{sentence} {text('chart.synthetic_sentence', language)}" if origin == SYNTHETIC else sentence
