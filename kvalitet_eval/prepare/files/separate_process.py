"""Reading a file in a process of its own: bytes in, text out, so much memory and time and no more.

A hostile or damaged file can make a library written in another language end the process it runs in. Here that ends a
process that has nothing to lose, and the one that asked goes on with a finding. The answer is a length, a JSON document
and whole numbers, so that reading it can run no code. Modules with a function ``read(data)`` that are asked this way
import only the standard library, their one library and one another.
"""

from __future__ import annotations

import gc
import importlib
import json
import subprocess
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kvalitet_eval.errors import DataError, Finding

MOST_SECONDS = 120
# The packages' own initialisers load what a table needs; this process needs nothing of it.
_START = """
import sys, types
names = "kvalitet_eval", "kvalitet_eval.prepare", "kvalitet_eval.prepare.files"
for name, folder in zip(names, sys.argv[2:]):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = [folder]
from kvalitet_eval.prepare.files.separate_process import serve
serve(sys.argv[1])
"""
_WHERE = ("sheet", "line", "column", "found")


class RefusedError(Exception):
    """The file is refused: one fault, a code and its facts (``found``, ``column`` and others), or several."""

    def __init__(self, code: str = "", *, several: Sequence[tuple[str, Mapping[str, object]]] = (), **facts: object):
        super().__init__(code)
        self.faults = tuple(several) or ((code, facts),)

    @property
    def code(self) -> str:
        """Code of the first fault."""
        return self.faults[0][0]

    @property
    def facts(self) -> Mapping[str, object]:
        """Facts of the first fault."""
        return self.faults[0][1]


class Answer:
    """What the process said: ``head``, and whole numbers that are taken in order."""

    def __init__(self, data: bytes) -> None:
        size = int.from_bytes(data[:8], "little")
        self.head: dict[str, Any] = json.loads(data[8 : 8 + size])
        self._numbers, self._at = memoryview(data)[8 + size :], 0

    def take(self, count: int) -> array:
        """Return the next numbers."""
        items = array("I")
        end = self._at + count * items.itemsize
        items.frombytes(self._numbers[self._at : end])
        self._at = end
        return items


def ask(module: str, path: Path, data: bytes, died: str) -> Answer:
    """Let a module of this package read the bytes of a file in a process of its own.

    Parameters
    ----------
    module : str
        Name of the module within ``prepare.files``.
    path, data
        The file, for findings, and its bytes.
    died : str
        Code of the finding for a process that used too much memory or time, or that broke down.

    Raises
    ------
    DataError
        The module refused the file, or the process died.
    """
    folder = Path(__file__).resolve().parent
    command = [sys.executable, "-I", "-c", _START, module, *map(str, (folder.parents[1], folder.parent, folder))]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise DataError.of(died, file=path, found=f"{MOST_SECONDS} s") from error
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise DataError.of(died, file=path, found=last[:100] or str(done.returncode))
    answer = Answer(done.stdout)
    if "refused" in answer.head:
        raise DataError(_finding(path, code, facts) for code, facts in answer.head["refused"])
    return answer


def _finding(path: Path, code: str, facts: dict[str, str]) -> Finding:
    where = {name: facts.pop(name) for name in _WHERE if name in facts}
    line = int(where.pop("line")) if "line" in where else None
    return Finding(code, file=str(path), line=line, facts=facts, **where)


def serve(module: str) -> None:
    """Read what stands on standard input with a module, and write the answer; a refusal is an answer too."""
    gc.disable()  # millions of small objects and no cycles
    read = importlib.import_module(f"kvalitet_eval.prepare.files.{module}").read
    try:
        head, numbers = read(sys.stdin.buffer.read())
    except RefusedError as refused:
        faults = [(code, {name: str(fact) for name, fact in facts.items()}) for code, facts in refused.faults]
        head, numbers = {"refused": faults}, ()
    _write(head, numbers)


def _write(head: dict[str, Any], numbers: Iterable[array]) -> None:
    text = json.dumps(head).encode()
    target = sys.stdout.buffer
    target.write(len(text).to_bytes(8, "little") + text)
    for items in numbers:
        target.write(items.tobytes())
    target.flush()


def limit_memory(n_bytes: int) -> None:
    """Let this process use no more memory than this, where the system can see to it."""
    try:
        import resource  # noqa: PLC0415  not on every system; the other limits remain
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (n_bytes, hard))
