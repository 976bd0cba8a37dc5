"""What is wrong with one setting, as a code with facts: the catalogue has the words."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, get_args

from pydantic import BaseModel

from kvalitet_eval.config.places import Place
from kvalitet_eval.config.settings import Config

Fault = tuple[str, Place, object, dict[str, object]]
CODES = MappingProxyType(
    {
        "extra_forbidden": "KON-10",
        "missing": "KON-11",
        "string_type": "KON-12",
        "int_type": "KON-13",
        "float_type": "KON-14",
        "finite_number": "KON-14",
        "date_type": "KON-15",
        "tuple_type": "KON-16",
        "model_type": "KON-17",
        "dict_type": "KON-17",
        "literal_error": "KON-18",
        "greater_than": "KON-22",
        "greater_than_equal": "KON-23",
        "less_than_equal": "KON-24",
        "too_short": "KON-25",
    }
)
CODE_OF_PATTERN = MappingProxyType({"Q": "KON-19", "{4}": "KON-20", "[a-z]": "KON-21"})


def describe_faults(items: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """Turn the faults of the type check into code, place, the text that was found, and facts.

    A list whose entries are all faulty also counts as empty there; that is left out.
    """
    places = [item["loc"] for item in items]
    return [
        _describe(item)
        for item in items
        if item["type"] != "too_short" or sum(place[: len(item["loc"])] == item["loc"] for place in places) == 1
    ]


def _describe(item: Mapping[str, Any]) -> Fault:
    context, place = item.get("ctx", {}), item["loc"]
    code = CODES.get(item["type"], "KON-04")
    facts: dict[str, object] = {}
    if code == "KON-10":
        names = _names(place[:-1])
        nearest = difflib.get_close_matches(str(place[-1]), names, n=1, cutoff=0.5)
        facts = {"allowed": ", ".join([*nearest, *(name for name in names if name not in nearest)])}
    elif item["type"] == "literal_error":
        facts = {"allowed": ", ".join(re.findall(r"'([^']*)'", context["expected"]))}
    elif item["type"] == "string_pattern_mismatch":
        code = next(code for part, code in CODE_OF_PATTERN.items() if part in context["pattern"])
    elif limits := [value for name, value in context.items() if name in ("gt", "ge", "le")]:
        facts = {"limit": limits[0]}
    elif code == "KON-04":
        facts = {"problem": item["msg"]}
    found = None if code == "KON-11" else place[-1] if code == "KON-10" else _as_written(item["input"])
    return code, place, found, facts


def _as_written(value: object) -> str | None:
    """A value as it stands in a TOML file, nearly; nothing for a whole section."""
    if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(part, dict) for part in value)):
        return None
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _names(section: Place) -> list[str]:
    """Keys that a section may have."""
    model: Any = Config
    for part in section:
        if isinstance(part, str):
            model = _model(model.model_fields[part].annotation)
    return [name for name in model.model_fields if name not in ("path", "root")]


def _model(annotation: Any) -> Any:
    """The settings class within an annotation such as ``tuple[Intake, ...]`` or ``Selection | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model(part))), None)
