"""Classifications of Statistics Norway through KLASS: municipalities, KOSTRA groups and counties, with their changes.

Codes and changes are always asked for from ``FIRST_DAY`` with no last day, so that two downloads can be compared: with
a last day the provider cuts every code's validity at it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd

from kvalitet_eval.errors import DataError, UsageError
from kvalitet_eval.prepare.api.client import Answer, ApiClient, Subject

CLASSIFICATIONS = MappingProxyType({"131": "municipalities", "112": "KOSTRA groups", "104": "counties"})
ADDRESS = "https://data.ssb.no/api/klass/v1/classifications"
PAGE = "https://www.ssb.no/klass/klassifikasjoner/{number}"
FIRST_DAY = "2000-01-01"
CODE_KEY = ("code", "valid_from")
CHANGE_KEY = ("changed", "old_code", "new_code")
_CODE_FIELDS = MappingProxyType(
    {
        "code": "code",
        "valid_from": "validFromInRequestedRange",
        "valid_to": "validToInRequestedRange",
        "name": "name",
        "parent": "parentCode",
        "level": "level",
    }
)
_CHANGE_FIELDS = MappingProxyType(
    {
        "changed": "changeOccurred",
        "old_code": "oldCode",
        "new_code": "newCode",
        "old_name": "oldName",
        "new_name": "newName",
    }
)


def fetch_codes(client: ApiClient, number: str) -> tuple[Answer, pd.DataFrame]:
    """Ask for all codes that were valid on some day since ``FIRST_DAY``.

    Returns
    -------
    Answer
        As it came.
    pandas.DataFrame
        Text columns code, valid_from, valid_to (as the provider gives it; empty while it is valid), name, parent,
        level; one row per code and stretch of validity (a changed name starts a new one).

    Raises
    ------
    DataError
        The errors of :meth:`ApiClient.ask`; API-09 when the answer is not a list of codes.
    UsageError
        API-35: not one of ``CLASSIFICATIONS``.
    """
    return _ask(client, number, what="codes", parameters={"from": FIRST_DAY}, fields=_CODE_FIELDS, key=CODE_KEY)


def fetch_changes(client: ApiClient, number: str) -> tuple[Answer, pd.DataFrame]:
    """Ask for all changes since ``FIRST_DAY``: text columns changed (day), old_code, new_code, old_name, new_name.

    A merger is several old codes with one new code, a split one old code with several new, a new name the same code
    twice; a code that came from nothing or went into nothing is empty on that side. No change at all is an answer too.
    Errors as above.
    """
    return _ask(client, number, what="changes", parameters={"from": FIRST_DAY}, fields=_CHANGE_FIELDS, key=CHANGE_KEY)


def _ask(
    client: ApiClient,
    number: str,
    *,
    what: str,
    parameters: Mapping[str, str],
    fields: Mapping[str, str],
    key: tuple[str, ...],
) -> tuple[Answer, pd.DataFrame]:
    if number not in CLASSIFICATIONS:
        raise UsageError.of("API-35", found=number, allowed=", ".join(CLASSIFICATIONS))
    subject = Subject(number, PAGE.format(number=number))
    answer = client.ask(f"{ADDRESS}/{number}/{what}", subject, {**parameters, "language": "nb"})
    said = json.loads(answer.content)
    list_name = "codeChanges" if what == "changes" else "codes"
    try:
        rows = [{name: _text(item[field]) for name, field in fields.items()} for item in said[list_name]]
    except (KeyError, TypeError) as error:
        raise _other_answer(answer, number) from error
    frame = pd.DataFrame(rows, columns=list(fields), dtype="str")
    if (frame.empty and what != "changes") or frame.duplicated(list(key)).any():
        raise _other_answer(answer, number)
    return answer, frame


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _other_answer(answer: Answer, number: str) -> DataError:
    found = answer.content[:160].decode("utf-8", "replace")
    return DataError.of("API-09", file=answer.address, found=found, number=number)
