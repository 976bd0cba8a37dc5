"""From raw files to a checked panel in the borders of one year."""

from kvalitet_eval.prepare.panel import Panel

__all__ = ["Panel"]
