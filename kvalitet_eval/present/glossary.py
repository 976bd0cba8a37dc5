"""The words of code and reports, one for one idea: the terms of ``docs/GLOSSARY.md`` and of the page about them."""

from __future__ import annotations

from kvalitet_eval.present.messages import text

TERMS = (
    *("agreed_days", "anticipation", "att", "cohort", "comparison_group", "doctor_certified", "event_time", "interval"),
    *("lost_days", "never_treated", "not_yet_treated", "percentage_point", "regression_to_the_mean", "self_certified"),
    *("sick_leave", "simultaneous_band", "smallest_detectable", "synthetic", "unknown"),
)
_INTRODUCTION = """\
# Glossary

Words used in the code (English) and in reports (bokmål, nynorsk). One word for one idea. This page is generated from
the catalogues `glossary.po` by `kvalitet_eval.present.glossary.render_glossary()`; a test compares the two.

| English | bokmål | nynorsk | meaning |
|---|---|---|---|
"""


def term(id: str, language: str) -> str:
    """Return a word as the language has it.

    Examples
    --------
    >>> term("sick_leave", "nn")
    'sjukefråvær'
    """
    return text(f"glossary.{id}.term", language)


def meaning(id: str, language: str) -> str:
    """Return what a word means, in the language."""
    return text(f"glossary.{id}.meaning", language)


def render_glossary() -> str:
    """Return the text of ``docs/GLOSSARY.md``."""
    rows = [f"| {term(id, 'en')} | {term(id, 'nb')} | {term(id, 'nn')} | {meaning(id, 'en')} |\n" for id in TERMS]
    return _INTRODUCTION + "".join(rows)
