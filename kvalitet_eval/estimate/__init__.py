"""Effects with their uncertainty, in one tidy table, and every check of them: the names a user calls."""

from kvalitet_eval.estimate.bacon import bacon
from kvalitet_eval.estimate.bracket import bracket
from kvalitet_eval.estimate.bump import bump
from kvalitet_eval.estimate.effective_number import effective_number
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.honest import honest
from kvalitet_eval.estimate.leave_out import leave_one_out, leave_out_groups
from kvalitet_eval.estimate.municipal import municipal_effects
from kvalitet_eval.estimate.overlap import overlap
from kvalitet_eval.estimate.placebo import placebo_in_space, placebo_in_time
from kvalitet_eval.estimate.power import power
from kvalitet_eval.estimate.pretrends import pretrends
from kvalitet_eval.estimate.randomisation import permute
from kvalitet_eval.estimate.spillover import spillover_ring
from kvalitet_eval.estimate.verdict import judge

__all__ = [
    "bacon",
    "bracket",
    "bump",
    "effective_number",
    "estimate",
    "honest",
    "judge",
    "leave_one_out",
    "leave_out_groups",
    "municipal_effects",
    "overlap",
    "permute",
    "placebo_in_space",
    "placebo_in_time",
    "power",
    "pretrends",
    "spillover_ring",
]
