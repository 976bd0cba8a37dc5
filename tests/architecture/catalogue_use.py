"""Which sentences of the catalogues the source asks for, and with which values, read from the syntax trees."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

CODE = re.compile(r"(?:INN|REG|API|SPE|PUB|SIK|PAN|KON|DES|EST|TAB|RAP|BRK)-[A-Z]?\d\d")
WHERE = frozenset({"file", "sheet", "line", "column", "found"})
"""Values that every finding gives to its sentences, and that are no facts."""
WORD = "([A-Za-z0-9_.]+)"


@dataclass(frozen=True)
class Site:
    """A place that raises a code; ``names`` is None where not all facts can be read from the source."""

    where: str
    code: str
    names: frozenset[str] | None


@dataclass
class Use:
    """What some sources use."""

    literals: set[str] = field(default_factory=set)
    patterns: set[str] = field(default_factory=set)
    asked: list[tuple[str, str, frozenset[str] | None]] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    codes: set[str] = field(default_factory=set)

    def is_used(self, key: str) -> bool:
        """Whether a sentence is asked for by its key, by a family built from parts, or as part of a code."""
        code, _, part = key.rpartition(".")
        if CODE.fullmatch(code):
            return part in ("why", "mend") and code in self.codes
        return key in self.literals or any(self._fits(pattern, key) for pattern in self.patterns)

    def _fits(self, pattern: str, key: str) -> bool:
        """Whether a key belongs to a family; a part of several words must stand in the source itself."""
        match = re.fullmatch(pattern, key)
        return match is not None and all("." not in part or part in self.literals for part in match.groups())


def collect(sources: Iterable[tuple[str, str]]) -> Use:
    """Read sources given as name and content: Python, notebooks or templates."""
    use = Use()
    for name, content in sources:
        if name.endswith(".j2"):
            use.literals |= set(re.findall(r"""["']([a-z_0-9]+(?:\.[A-Za-z_0-9]+)+)["']""", content))
            stems = re.findall(r"""["']([a-z_0-9.]+\.)["']\s*~""", content)
            use.patterns |= {re.escape(stem) + WORD for stem in stems}
        else:
            _collect_python(name, _code(name, content), use)
    return use


def read_sources(*folders: Path) -> Iterator[tuple[str, str]]:
    """Every Python file, notebook and template below some folders."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".ipynb", ".j2") and ".ipynb_checkpoints" not in path.parts:
                yield path.relative_to(folder.parent).as_posix(), path.read_text("utf-8")


def _code(name: str, content: str) -> str:
    if not name.endswith(".ipynb"):
        return content
    cells = [cell["source"] for cell in json.loads(content)["cells"] if cell["cell_type"] == "code"]
    return "\n".join("".join(source) for source in cells)


def _collect_python(name: str, source: str, use: Use) -> None:
    tree = ast.parse(source)
    for scope in ast.walk(tree):
        for child in ast.iter_child_nodes(scope):
            child.parent = scope
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            use.literals.add(node.value)
            use.codes |= {node.value} if CODE.fullmatch(node.value) else set()
        elif isinstance(node, ast.JoinedStr):
            pattern = _pattern(node)
            use.patterns |= {pattern} if re.match(r"[a-z_0-9]+\\\.", pattern) and " " not in pattern else set()
        elif isinstance(node, ast.Call):
            _collect_call(name, node, use)


def _collect_call(name: str, node: ast.Call, use: Use) -> None:
    where, function = f"{name}:{node.lineno}", _name(node.func)
    if not node.args or not isinstance(node.args[0], ast.Constant) or not isinstance(node.args[0].value, str):
        return
    first = node.args[0].value
    if function in ("text", "say") and not _has_another_text(_scope(node, ast.Module)):
        use.asked.append((where, first, _keywords(node)))
    if function in ("finding", "of", "Finding") and CODE.fullmatch(first):
        use.sites.append(Site(where, first, _keywords(node)))


def _keywords(node: ast.Call) -> frozenset[str] | None:
    """Names of the values given to a call, as sentences use them; None when a mapping cannot be read."""
    names: set[str] = set()
    for keyword in node.keywords:
        if keyword.arg is not None:
            names.add(keyword.arg)
            continue
        found = _mapping_names(keyword.value, node)
        if found is None:
            return None
        names |= found
    return frozenset(names | _chosen(names))


def _chosen(names: set[str]) -> set[str]:
    """Names that the message layer makes: of a title in both languages, and of a key of the catalogue."""
    titles = {name[:-3] for name in names if name.endswith("_nb") and f"{name[:-3]}_en" in names}
    return titles | {name.removesuffix("_word") for name in names if name.endswith("_word")}


def _mapping_names(value: ast.expr, node: ast.AST) -> set[str] | None:
    """Keys of a mapping that is unpacked: written out, or a local name that is assigned once and written out."""
    if isinstance(value, ast.Name):
        statements = [item for item in ast.walk(_scope(node)) if isinstance(item, ast.Assign)]
        pairs = [pair for statement in statements for pair in _pairs(statement)]
        whole = [found for target, found in pairs if isinstance(target, ast.Name) and target.id == value.id]
        names = _mapping_names(whole[0], node) if len(whole) == 1 else None
        return None if names is None else names | _added(value.id, [target for target, _ in pairs])
    if isinstance(value, ast.Dict) and all(isinstance(key, ast.Constant) for key in value.keys):
        return {key.value for key in value.keys}
    return None


def _added(name: str, targets: list[ast.expr]) -> set[str]:
    """Keys that are put into a mapping afterwards."""
    return {
        target.slice.value
        for target in targets
        if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant) and _name(target.value) == name
    }


def _pairs(statement: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    for target in statement.targets:
        if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple):
            yield from zip(target.elts, statement.value.elts, strict=False)
        else:
            yield target, statement.value


def _scope(node: ast.AST, *kinds: type[ast.AST]) -> ast.AST:
    while not isinstance(node, kinds or (ast.FunctionDef, ast.Module)):
        node = node.parent
    return node


def _has_another_text(module: ast.Module) -> bool:
    """Whether ``text`` is something else than the catalogue's."""
    return any(
        isinstance(node, ast.ImportFrom)
        and not (node.module or "").endswith("present.messages")
        and any(alias.name == "text" for alias in node.names)
        for node in module.body
    )


def _pattern(node: ast.JoinedStr) -> str:
    parts = [re.escape(part.value) if isinstance(part, ast.Constant) else _choice(part.value) for part in node.values]
    return "".join(parts)


def _choice(value: ast.expr) -> str:
    """The part of a key that is put in: one of two words, or any word."""
    if isinstance(value, ast.IfExp) and all(isinstance(v, ast.Constant) for v in (value.body, value.orelse)):
        return f"(?:{re.escape(value.body.value)}|{re.escape(value.orelse.value)})"
    return WORD


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
