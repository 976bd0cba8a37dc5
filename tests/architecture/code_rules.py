"""Rules about the source code, as functions that return what breaks them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

LONGEST_MODULE = 300
LONGEST_BODY = 40
INFERENCE = "estimate/inference"  # inference.py and its parts inference_*.py
STANDARD_ERROR = re.compile(r"^(se|.*(std_error|standard_error|std_err|stderr))$")
INFERENCE_NAMES = {"bse", "conf_int", "pvalues", "tvalues", "t_test", "wald_test"}
ALLOWED_IMPORTS = {
    "plotly": ("present/", "explore/"),
    "ipywidgets": ("explore/",),
    "papermill": ("report/",),
    "nbformat": ("report/",),
    "nbclient": ("report/",),
    "nbconvert": ("report/",),
    "jupyter_client": ("report/",),
    "IPython": ("report/", "explore/"),
    "statsmodels": ("estimate/", "monitor/"),
    "scipy": ("estimate/", "monitor/", "publish/"),
    "click": ("cli/",),
    "httpx": ("prepare/api/",),
    "duckdb": ("prepare/spells/",),
    "python_calamine": ("prepare/files/workbook_process.py",),
    "pyarrow": ("prepare/files/parquet_process.py",),
    "jinja2": ("report/",),
    "pypdf": ("report/",),
    "typst": ("report/",),
    "xlsxwriter": ("report/",),
    "PIL": ("prepare/documents/pictures.py",),
}
FORBIDDEN_WORDS = {
    "control group": re.compile(r"\bcontrol[- ](group|municipalit)|kontrollgruppe|kontrollkommune", re.IGNORECASE),
    "unfinished": re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"),
    "place of a machine": re.compile(r"(?<![\w.])/(home|root|Users|work|tmp)/\w"),
}
STORED_OBJECTS = {"pickle", "cPickle", "_pickle", "shelve", "marshal", "dill", "cloudpickle", "joblib", "jsonpickle"}
"""Modules whose files run whatever they hold when they are opened."""
OBJECT_NAMES = {"read_pickle", "to_pickle", "unsafe_load", "allow_pickle"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def structure_faults(path: str, source: str) -> list[str]:
    """Everything in one module that breaks a rule; ``path`` is relative to the package."""
    tree = ast.parse(source)
    return [
        *_size(path, source, tree),
        *_docstrings(path, tree),
        *_calls(path, tree),
        *_imports(path, tree),
        *stored_objects(path, tree),
        *([] if path.startswith(INFERENCE) else _inference(path, tree)),
    ]


def word_faults(name: str, content: str) -> list[str]:
    """Words that must not stand in code, documentation or notebooks, with their lines."""
    return [
        f"{name}:{number}: {rule}"
        for number, line in enumerate(content.splitlines(), start=1)
        for rule, pattern in FORBIDDEN_WORDS.items()
        if pattern.search(line)
    ]


def body_length(function: Function) -> int:
    """Lines from the first statement after the docstring to the end."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def _size(path: str, source: str, tree: ast.Module) -> Iterator[str]:
    n_lines = len(source.splitlines())
    if n_lines > LONGEST_MODULE:
        yield f"{path}: {n_lines} lines"
    if Path(path).stem in ("utils", "util", "helpers", "misc", "common"):
        yield f"{path}: a module without a name of its own"
    for node in ast.walk(tree):
        if isinstance(node, Function) and body_length(node) > LONGEST_BODY:
            yield f"{path}: {node.name} has {body_length(node)} lines"


def _docstrings(path: str, tree: ast.Module) -> Iterator[str]:
    if ast.get_docstring(tree) is None:
        yield f"{path}: no docstring"
    parents: list[tuple[str, ast.Module | ast.ClassDef]] = [("", tree)]
    while parents:
        prefix, parent = parents.pop()
        for node in parent.body:
            if not isinstance(node, (ast.ClassDef, *Function.__args__)) or node.name.startswith("_"):
                continue
            if ast.get_docstring(node) is None:
                yield f"{path}: {prefix}{node.name} has no docstring"
            if isinstance(node, ast.ClassDef):
                parents.append((f"{node.name}.", node))


def _calls(path: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "eval", "exec"):
            yield f"{path}:{node.lineno}: {node.func.id}"
        if isinstance(node, ast.Assert):
            yield f"{path}:{node.lineno}: assert vanishes under optimisation"


def _imports(path: str, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        for name in _imported(node):
            allowed = ALLOWED_IMPORTS.get(name.split(".")[0])
            if allowed is not None and not path.startswith(allowed):
                yield f"{path}:{node.lineno}: imports {name}"


def _imported(node: ast.AST) -> list[str]:
    """Full names that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [f"{node.module}.{alias.name}" for alias in node.names] if isinstance(node, ast.ImportFrom) else []


def stored_objects(path: str, tree: ast.Module) -> Iterator[str]:
    """Ways to store or to open program objects: results are text and tables, which run nothing."""
    for node in ast.walk(tree):
        used = {name.split(".")[0] for name in _imported(node)} & STORED_OBJECTS
        used |= {node.attr} & OBJECT_NAMES if isinstance(node, ast.Attribute) else set()
        used |= {node.arg} & OBJECT_NAMES if isinstance(node, ast.keyword) and node.arg else set()
        used |= {name.rpartition(".")[2] for name in _imported(node)} & OBJECT_NAMES
        for name in sorted(used):
            yield f"{path}:{getattr(node, 'lineno', 0)}: stored objects: {name}"


def _inference(path: str, tree: ast.Module) -> Iterator[str]:
    """Standard errors, p-values and intervals belong to one module."""
    for node in ast.walk(tree):
        divisors: list[ast.AST] = []
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
            divisors = [node.right if isinstance(node, ast.BinOp) else node.value]
        elif isinstance(node, ast.Call) and _last_name(node.func) in ("divide", "true_divide", "div", "truediv"):
            divisors = list(node.args[-1:])
        if any(STANDARD_ERROR.match(_last_name(divisor)) for divisor in divisors):
            yield f"{path}:{node.lineno}: divides by a standard error"
        if any(name.startswith("scipy.stats") for name in _imported(node)):
            yield f"{path}:{node.lineno}: uses scipy.stats"
        if isinstance(node, ast.Attribute) and node.attr in INFERENCE_NAMES:
            yield f"{path}:{node.lineno}: uses {node.attr}"


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Subscript):
        key = node.slice.value if isinstance(node.slice, ast.Constant) else ""
        return key if isinstance(key, str) and key else _last_name(node.value)
    return ""
