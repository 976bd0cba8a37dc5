"""Effects with their uncertainty, in one tidy table."""

from kvalitet_eval.estimate.effects import estimate

__all__ = ["estimate"]
