"""Sentences that follow from a verdict or an outcome; no drawing and no table writes its own."""

from __future__ import annotations

from typing import Literal, get_args

from kvalitet_eval.estimate.verdict import Verdict
from kvalitet_eval.present.messages import text
from kvalitet_eval.results import SYNTHETIC

Improvement = Literal["decrease", "increase"]


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
