"""Every sentence a reader sees, looked up by key in the gettext catalogues of one language.

A language is a folder ``locale/<language>/LC_MESSAGES`` with one ``.po`` file per area; a further language is a
further folder. The message id is a key (``INN-V02.why``), the translation is the sentence, with placeholders for
``str.format``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType

from babel.messages.pofile import read_po

from kvalitet_eval.errors import Finding

LOCALE = Path(__file__).parent / "locale"
LIST_LIMIT = 20
FOUND_LIMIT = 200


def languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue, in alphabetical order."""
    return tuple(sorted(folder.parent.name for folder in LOCALE.glob("*/LC_MESSAGES") if any(folder.glob("*.po"))))


def text(key: str, language: str = "nb", **values: object) -> str:
    """Return one sentence with its placeholders filled.

    Parameters
    ----------
    key : str
        Message id, for example ``"chart.start"``.
    language : str
        Folder of the catalogue.
    **values : object
        Values of the placeholders; a value that the sentence does not use is allowed.

    Raises
    ------
    KeyError
        The language, the key or the value of a placeholder is missing; the message names it.

    Examples
    --------
    >>> text("chart.start", quarter="1. kv. 2007")
    'Oppstart 1. kv. 2007'
    """
    catalogue = _catalogue(language)
    if key not in catalogue:
        raise KeyError(f"no text {key!r} in the catalogues of language {language!r}")
    missing = sorted(placeholders(key, language) - set(values))
    if missing:
        raise KeyError(f"text {key!r} ({language}) needs a value for {', '.join(missing)}")
    return catalogue[key].format(**values)


def keys(language: str = "nb") -> frozenset[str]:
    """Return all keys of a language.

    Raises
    ------
    KeyError
        The language has no catalogue.
    ValueError
        A key stands twice, a sentence is empty, or a file is not a valid catalogue.
    """
    return frozenset(_catalogue(language))


@cache
def placeholders(key: str, language: str = "nb") -> frozenset[str]:
    """Return the names of the placeholders in one sentence."""
    return frozenset(name for _, name, _, _ in Formatter().parse(_catalogue(language)[key]) if name)


def constants(*keys: str, language: str = "nb") -> list[str]:
    """Return what stands in some sentences besides their placeholders: numbers in it were written by their author.

    Examples
    --------
    >>> constants("chart.start")
    ['Oppstart ']
    """
    catalogue = _catalogue(language)
    return ["".join(part for part, *_ in Formatter().parse(catalogue[key])) for key in keys]


def describe(findings: Iterable[Finding], language: str = "nb", limit: int = LIST_LIMIT) -> str:
    """Write findings out for the person who must mend the input: where, what was found, why it is wrong, what to do.

    Parameters
    ----------
    findings : iterable of Finding
        Grouped by code in the order of first appearance; order within a code is kept.
    language : str
        Folder of the catalogue.
    limit : int
        How many findings of one code are written out; the rest are counted in one line.

    Returns
    -------
    str
        One paragraph per finding. A code without sentences in the catalogue is shown with its facts: a gap in the
        catalogue must never hide the fault itself.
    """
    by_code: dict[str, list[Finding]] = {}
    for item in findings:
        by_code.setdefault(item.code, []).append(item)
    paragraphs = []
    for items in by_code.values():
        paragraphs += [_paragraph(item, language) for item in items[:limit]]
        if len(items) > limit:
            paragraphs.append(text("error.more", language, n=len(items) - limit, code=items[0].code))
    return "\n\n".join(paragraphs)


def why_and_mend(item: Finding, language: str = "nb") -> tuple[str, str]:
    """Return the two sentences of one finding: why it is wrong and what to do.

    Raises
    ------
    KeyError
        The catalogue has no such code, or a sentence needs a fact that the finding does not carry.
    """
    values = {name: _one_line(value) for name, value in _in_language(_values(item), language).items()}
    if "system" in values:
        values["system"] = _system_reason(str(item.found), values["system"], language)
    return text(f"{item.code}.why", language, **values), text(f"{item.code}.mend", language, **values)


def _paragraph(item: Finding, language: str) -> str:
    lines = [f"{text(f'error.{item.severity}', language)} {item.code}"]
    where = {name: getattr(item, name) for name in ("file", "sheet", "line", "column")}
    where["cell"] = item.facts.get("cell")
    placed = [f"{text(f'error.{name}', language)}: {_one_line(value)}" for name, value in where.items() if value]
    if placed:
        lines.append("   ".join(placed))
    if item.found is not None and "system" not in item.facts:  # the sentence tells the system's reason
        found = (
            text("error.quoted", language, text=_one_line(item.found)) if item.found else text("error.empty", language)
        )
        lines.append(f"{text('error.found', language)}: {found}")
    try:
        why, mend = why_and_mend(item, language)
    except KeyError:
        lines += [f"{name}: {_one_line(value)}" for name, value in item.facts.items()]
    else:
        lines += [f"{text('error.why', language)}: {why}", f"{text('error.mend', language)}: {mend}"]
    return "\n  ".join(lines)


def _system_reason(words: str, name: str, language: str) -> str:
    """The usual reasons of the operating system in the reader's language, others in the system's own words."""
    key = f"system.{name}"
    return text(key, language) if key in keys(language) else text("system.other", language, words=_one_line(words))


def _values(item: Finding) -> dict[str, object]:
    where = {"file": item.file, "sheet": item.sheet, "line": item.line, "column": item.column, "found": item.found}
    return {**{name: "" if value is None else value for name, value in where.items()}, **item.facts}


def _in_language(values: Mapping[str, object], language: str) -> dict[str, object]:
    """Choose what a fact is called in the reader's language.

    A layout's ``title_nb``, ``title_nn`` and ``title_en`` are ``title`` to a sentence, and ``kind_word`` is a key of
    the catalogue whose words are its ``kind``. What has no words in nynorsk is shown in bokmål.
    """
    chosen = dict(values)
    for name in values:
        stem, _, form = name.rpartition("_")
        if form == language or (form == "nb" and language == "nn" and f"{stem}_nn" not in values):
            chosen[stem] = values[name]
        elif form == "word":
            chosen[stem] = text(str(values[name]), language)
    return chosen


def _one_line(value: object) -> str:
    """Show control characters as escapes (a cell may hold a line break or a terminal code) and cut long text."""
    shown = "".join(sign if sign.isprintable() or sign == "\u00a0" else repr(sign)[1:-1] for sign in str(value))
    return shown if len(shown) <= FOUND_LIMIT else shown[: FOUND_LIMIT - 1] + "…"


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    if language not in languages():
        raise KeyError(f"no catalogue for language {language!r}; there is: {', '.join(languages())}")
    texts: dict[str, str] = {}
    for path in sorted((LOCALE / language / "LC_MESSAGES").glob("*.po")):
        for key, sentence in _read(path).items():
            if key in texts:
                raise ValueError(f"{path.name}: {key!r} stands in another catalogue of {language!r} too")
            texts[key] = sentence
    return MappingProxyType(texts)


def _read(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        messages = [message for message in read_po(file, abort_invalid=True) if message.id]
    empty = sorted(message.id for message in messages if not message.string)
    if empty:
        raise ValueError(f"{path.name}: no sentence for {', '.join(empty)}")
    return {message.id: message.string for message in messages}
