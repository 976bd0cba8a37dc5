"""From the text of a TOML or YAML document to plain values that remember their line.

YAML is read so that every value stays the text that was written: ``0101`` is not 65 and ``no`` is not false. Names that
stand twice, references and type marks are refused: the first hide a value, the others can make a small file huge.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from kvalitet_eval.config.places import Place, line_of
from kvalitet_eval.errors import DataError, finding

DEEPEST = 20
TOML, YAML = (".toml",), (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class PlainDocument:
    """Values of a document and where they stand.

    Parameters
    ----------
    content : dict
        Sections, lists and values; in YAML every value is text.
    line : callable
        Gives the line of a place such as ``("goals", 0, "target")``, or of the section it would stand in.
    """

    content: dict[str, Any]
    line: Callable[[Place], int | None]


def parse_document(path: Path, text: str) -> PlainDocument:
    """Read the text of a document; the suffix of ``path`` says which form it has.

    Raises
    ------
    DataError
        The suffix is none of these, the text cannot be read, or it holds what is refused.
    """
    suffix = path.suffix.lower()
    if suffix in TOML:
        return _parse_toml(path, text)
    if suffix in YAML:
        return _parse_yaml(path, text)
    raise DataError.of("INN-T18", file=path, found=path.suffix, allowed=", ".join((*TOML, *YAML)))


def _parse_toml(path: Path, text: str) -> PlainDocument:
    lines = text.splitlines()
    try:
        content = tomllib.loads(text)
    except RecursionError as error:
        raise DataError.of("INN-T17", file=path) from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        raise _unreadable(path, lines, int(place[1]) if place else len(lines)) from error
    return PlainDocument(content, lambda place: line_of(place, lines))


def _parse_yaml(path: Path, text: str) -> PlainDocument:
    lines, depth = text.splitlines(), 0
    try:
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            marked = getattr(event, "anchor", None) or (getattr(event, "tag", None) or "!") != "!"
            if marked or depth > DEEPEST:
                raise DataError.of("INN-T17", file=path, line=event.start_mark.line + 1)
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _unreadable(path, lines, mark.line + 1 if mark else 1) from error
    if not isinstance(node, yaml.MappingNode):
        raise _unreadable(path, lines, 1)
    places: dict[Place, int] = {}
    content = _plain(path, node, (), places)
    return PlainDocument(content, lambda place: _line_in(places, place))


def _plain(path: Path, node: yaml.Node, place: Place, places: dict[Place, int]) -> Any:
    """Turn a node into plain values and note the line of everything in it."""
    places.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(path, item, (*place, number), places) for number, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return node.value
    content: dict[str, Any] = {}
    for key, value in node.value:
        line, name = key.start_mark.line + 1, str(key.value)
        if name in content:
            raise DataError.of("INN-T16", file=path, line=line, column=name, found=name)
        places[(*place, name)] = line
        content[name] = _plain(path, value, (*place, name), places)
    return content


def _line_in(places: dict[Place, int], place: Place) -> int | None:
    return next((places[place[:depth]] for depth in range(len(place), -1, -1) if place[:depth] in places), None)


def _unreadable(path: Path, lines: list[str], line: int) -> DataError:
    number = max(1, min(line, len(lines)))
    found = lines[number - 1].strip() if lines else ""
    return DataError(finding("INN-T01", file=path, line=number, found=found))
