"""The rules that every notebook keeps, each as a function from the notebook to its faults."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from nbformat import NotebookNode

MOST_CODE_LINES = 80
LONGEST_STEP = 15
LONGEST_OUTPUT = 400
PARAMETERS, CHECK = "parameters", "nbval-check-output"
FRONT = ("Spørsmål", "Data og periode", "Metode", "Hva som må holde", "For hvem")
TYPES = {"str", "int", "float", "bool"}
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
ENGLISH = re.compile(r"\b(the|and|with|which|this)\b", re.IGNORECASE)


def faults(notebook: NotebookNode, name: str) -> list[str]:
    """Return every breach of the rules; each begins with the name of the rule."""
    try:
        trees = [ast.parse(cell.source) for cell in _code(notebook)]
    except SyntaxError as error:
        return [f"plain Python: {error.text}"]
    rules = (_name, _headings, _front, _parameters, _size, _steps, _conclusion, _outputs, _format, _language)
    found = [fault for rule in rules for fault in rule(notebook, name)]
    return found + [fault for tree in trees for fault in _no_definitions(tree)]


def code_lines(source: str) -> int:
    """Count the lines of code: neither empty nor only a comment."""
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in source.splitlines())


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def _name(notebook: NotebookNode, name: str) -> Iterator[str]:
    folder, _, file = name.rpartition("/")
    pattern = r"[a-z][a-z0-9_]*\.ipynb" if folder else r"[0-9]{2}_[a-z][a-z0-9_]*\.ipynb"
    if not re.fullmatch(pattern, file):
        yield f"name: {name}"


def _headings(notebook: NotebookNode, name: str) -> Iterator[str]:
    lines = [line for cell in notebook.cells if cell.cell_type == "markdown" for line in cell.source.splitlines()]
    first = [line for line in lines if line.startswith("# ")]
    if len(first) != 1 or lines[0] != first[0]:
        yield f"one level-1 heading, at the top: {first}"


def _front(notebook: NotebookNode, name: str) -> Iterator[str]:
    before = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            break
        before.append(cell.source)
    front = "\n".join(before)
    places = [front.find(f"**{part}.** ") for part in FRONT]
    if -1 in places or places != sorted(places):
        yield f"front: {dict(zip(FRONT, places, strict=True))}"


def _parameters(notebook: NotebookNode, name: str) -> Iterator[str]:
    tagged = [cell for cell in notebook.cells if PARAMETERS in _tags(cell)]
    if len(tagged) != 1 or tagged[0].cell_type != "code":
        yield f"one parameters cell: {len(tagged)}"
        return
    commented = {
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(tagged[0].source).readline)
        if token.type == tokenize.COMMENT and token.string.strip("# ")
    }
    for node in ast.parse(tagged[0].source).body:
        is_typed = isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation) in TYPES
        if not is_typed or not isinstance(node.value, ast.Constant) or node.lineno not in commented:
            yield f"typed, commented parameters: {ast.unparse(node)}"


def _size(notebook: NotebookNode, name: str) -> Iterator[str]:
    total = sum(code_lines(cell.source) for cell in _code(notebook))
    if total > MOST_CODE_LINES:
        yield f"at most {MOST_CODE_LINES} code lines: {total}"
    for cell in _code(notebook):
        if not _is_set_up(cell) and code_lines(cell.source) > LONGEST_STEP:
            yield f"step of at most {LONGEST_STEP} lines: {code_lines(cell.source)} from {cell.source.splitlines()[0]}"


def _is_set_up(cell: NotebookNode) -> bool:
    """Whether a cell is the parameters or nothing but imports: no step, hence no sentence about what it shows."""
    imports = all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in ast.parse(cell.source).body)
    return PARAMETERS in _tags(cell) or imports


def _steps(notebook: NotebookNode, name: str) -> Iterator[str]:
    for cell, after in zip(notebook.cells, [*notebook.cells[1:], None], strict=True):
        if cell.cell_type != "code" or _is_set_up(cell) or after is None:
            continue
        text = "" if after.cell_type == "code" else re.sub(r"^#.*$", "", after.source, flags=re.MULTILINE)
        if not re.search(r"[\w»)%]\.(\s|$)", text):
            yield f"a sentence after each step: {cell.source.splitlines()[0]}"


def _conclusion(notebook: NotebookNode, name: str) -> Iterator[str]:
    """The last text concludes; at most one cell of code, which prints the conclusion's own sentences, follows it."""
    texts = [index for index, cell in enumerate(notebook.cells) if cell.cell_type == "markdown"]
    last = notebook.cells[texts[-1]].source.partition("## Konklusjon\n")[2] if texts else ""
    if not texts or len(notebook.cells) - texts[-1] > 2 or not last:
        yield "conclusion at the end"
    if not re.search("usikker", last, re.IGNORECASE):
        yield "conclusion with its uncertainty"
    if not re.search("viser ikke|ikke viser", last):
        yield "conclusion with what it does not show"


def _no_definitions(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, DEFINITIONS):
            yield f"no definitions: line {node.lineno}"
        if isinstance(node, ast.Name | ast.Attribute) and "FigureWidget" in ast.unparse(node):
            yield "no FigureWidget"


def _outputs(notebook: NotebookNode, name: str) -> Iterator[str]:
    """Only check cells keep an output, and nbval compares it only when the cell also has an execution count."""
    for cell in _code(notebook):
        if CHECK not in _tags(cell):
            if cell.outputs or cell.execution_count is not None or cell.metadata.get("keep_output"):
                yield f"no stored outputs: {cell.source.splitlines()[0]}"
            continue
        if not cell.outputs or cell.execution_count is None or not cell.metadata.get("keep_output"):
            yield f"a check cell that checks nothing: {cell.source}"
        for output in cell.outputs:
            texts = output.get("data", {})
            if set(texts) != {"text/plain"} or len("".join(texts["text/plain"])) > LONGEST_OUTPUT:
                yield f"a small check of text: {cell.source}"


def _format(notebook: NotebookNode, name: str) -> Iterator[str]:
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        yield "kernel python3"
    if set(notebook.metadata) - {"kernelspec", "language_info"}:
        yield f"no further metadata: {sorted(notebook.metadata)}"
    ids = [cell.get("id") for cell in notebook.cells]
    if len(set(ids)) != len(ids) or None in ids:
        yield f"ids: {ids}"


def _language(notebook: NotebookNode, name: str) -> Iterator[str]:
    for cell in notebook.cells:
        words = re.sub(r"`[^`]*`", "", cell.source)
        if cell.cell_type == "markdown" and ENGLISH.search(words):
            yield f"Norwegian text: {ENGLISH.search(words)[0]} in {cell.source[:60]}"
