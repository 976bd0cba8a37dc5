"""Who is compared with whom."""

from kvalitet_eval.design.comparison import Design, compare

__all__ = ["Design", "compare"]
