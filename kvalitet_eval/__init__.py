"""Evaluate a public programme that municipalities join in waves, and report to each of them.

The calls an evaluator needs::

    from kvalitet_eval.prepare import Panel
    from kvalitet_eval.design import compare
    from kvalitet_eval.estimate import estimate

    panel = Panel.from_frame(frame, unit=..., period=..., outcome=..., cohort=...)
    design = compare(panel, comparison="not_yet_treated", anticipation=1)
    effects = estimate(design, method="imputation")
    effects.aggregate("overall").to_frame()
"""

from kvalitet_eval import errors


def _describe(findings: tuple[errors.Finding, ...]) -> str:
    from kvalitet_eval.present.messages import describe  # noqa: PLC0415  the catalogue is read when something is wrong

    return describe(findings)


errors.set_renderer(_describe)
