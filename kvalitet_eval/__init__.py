"""Evaluate a public programme that municipalities join in waves, and report to each of them.

The calls an evaluator needs are here; each is described where it is defined::

    panel = Panel.from_frame(frame, unit=..., period=..., outcome=..., cohort=...)
    design = compare(panel, comparison="not_yet_treated", anticipation=1)
    effects = estimate(design, method="imputation")
    effects.aggregate("overall").to_frame()
"""

from importlib import import_module

from kvalitet_eval import errors

_HOMES = {
    "Panel": "kvalitet_eval.prepare.panel",
    "compare": "kvalitet_eval.design.comparison",
    "estimate": "kvalitet_eval.estimate.effects",
    "load_config": "kvalitet_eval.config",
}
__all__ = ["Panel", "compare", "estimate", "load_config"]


def __getattr__(name: str) -> object:
    """Import the public calls when they are first used: `kvalitet --help` needs none of the numerical libraries."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _describe(findings: tuple[errors.Finding, ...]) -> str:
    from kvalitet_eval.present.messages import describe  # noqa: PLC0415  the catalogue is read when something is wrong

    return describe(findings)


errors.set_renderer(_describe)
