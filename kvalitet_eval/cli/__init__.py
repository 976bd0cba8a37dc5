"""The command `kvalitet`: thin commands over the stages, messages that say what to do next, exit codes.

0 done; 1 some reports failed (listed), or a download revises earlier figures; 2 usage; 10-14 config, data, design,
estimation, report; 75 another run holds the lock. Results go to standard output, progress and messages to standard
error.
"""

from kvalitet_eval.cli.main import main

__all__ = ["main"]
