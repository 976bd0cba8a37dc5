"""Texts of a workbook as Excel shows them: raised digits stay raised.

Runs in the workbook's process, on whole parts: a part without raised text is only searched.
"""

from __future__ import annotations

import re

from kvalitet_eval.prepare.files.separate_process import RefusedError
from kvalitet_eval.prepare.files.workbook_guard import LONGEST_STRING

# A run of raised text, which a footnote mark is: in plain text it would be one more digit of the number before it.
_RAISED = re.compile(
    rb"""(<(?:\w+:)?rPr>\s*(?:<[^<>]*/>\s*)*?<(?:\w+:)?vertAlign\s+val\s*=\s*["']superscript["']\s*/>"""
    rb"""\s*(?:<[^<>]*/>\s*)*</(?:\w+:)?rPr>\s*<(?:\w+:)?t(?:\s[^<>]*)?>)([^<]*)"""
)
_RAISED_DIGITS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def shared_strings(data: bytes) -> bytes:
    """Return the part of shared texts as shown.

    Raises
    ------
    RefusedError
        ``INN-C12``: one of them is longer than a cell can hold.
    """
    if len(data) > LONGEST_STRING and max(map(len, data.split(b"</"))) > LONGEST_STRING:
        raise RefusedError("INN-C12", found="sharedStrings", most=LONGEST_STRING)
    return as_shown(data)


def as_shown(data: bytes) -> bytes:
    """Return a part with the digits of raised text as raised digits."""
    return _RAISED.sub(_with_raised_digits, data) if b"superscript" in data else data


def _with_raised_digits(run: re.Match[bytes]) -> bytes:
    """Write the digits of raised text as raised digits, so that 9,1 with footnote 1 does not become 9,11."""
    return run[1] + run[2].decode("utf-8", "replace").translate(_RAISED_DIGITS).encode()
