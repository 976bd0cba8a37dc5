"""Sides of a comparison as processes of their own, measured in turn: a, b, b, a, ...

The parent sends "how many calls"; the process answers with the seconds of each, what it found, and its peak memory.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from types import TracebackType

ROOT = Path(__file__).resolve().parents[1]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass(frozen=True, slots=True)
class Side:
    """What is measured, and how.

    Parameters
    ----------
    name : str
        As it stands in the table.
    environment : {"package", "peers"}
        Whose Python runs it.
    target : str
        ``folder.module:function`` below ``benchmarks``; the function prepares the input and returns the call.
    options : mapping
        Its keywords.
    calls : int
        Calls in each round; the round counts as their median.
    scale : float
        What the seconds are multiplied with where only a part of the work was measured.
    """

    name: str
    environment: str
    target: str
    options: Mapping[str, object] = field(default_factory=dict)
    calls: int = 1
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds and processor seconds of each round (scaled), what the last call found, and peak memory in megabytes.

    Processor seconds are those of all threads; they do not count what other programs of a busy machine took.
    """

    side: Side
    seconds: tuple[float, ...]
    processor: tuple[float, ...]
    figures: Mapping[str, float]
    before_mb: float
    peak_mb: float

    @property
    def median(self) -> float:
        """Median of the rounds, seconds."""
        return median(self.seconds)


class Process:
    """One side, ready to be called."""

    def __init__(self, side: Side, pythons: Mapping[str, str]) -> None:
        self.side, self.seconds, self.processor = side, [], []
        command = [pythons[side.environment], "-m", "benchmarks.worker", side.target]
        threads = ONE_THREAD if side.environment == "package" else {}
        self._process = subprocess.Popen(
            [*command, json.dumps(dict(side.options))],
            cwd=ROOT,
            env={**os.environ, **threads, "PYTHONWARNINGS": "ignore"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.last = self._answer()
        self.before_mb = self.last["peak_mb"]
        self._ask(1)  # the first call loads and compiles

    def __enter__(self) -> Process:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.stdin.close()
        self._process.wait()

    def run_round(self) -> None:
        """Measure one round."""
        answer = self._ask(self.side.calls)
        self.seconds.append(self.side.scale * median(answer["seconds"]))
        self.processor.append(self.side.scale * median(answer["processor"]))

    def measured(self) -> Measured:
        """What has been measured so far."""
        times = tuple(self.seconds), tuple(self.processor)
        return Measured(self.side, *times, self.last["figures"], self.before_mb, self.last["peak_mb"])

    def _ask(self, calls: int) -> dict:
        self._process.stdin.write(f"{calls}\n")
        self._process.stdin.flush()
        self.last = self._answer()
        return self.last

    def _answer(self) -> dict:
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.side.name}: the process ended without an answer; its message is above")
        return json.loads(line)


def measure_in_turn(sides: list[Side], pythons: Mapping[str, str], rounds: int) -> list[Measured]:
    """Measure some sides round by round, in turn and back."""
    running: list[Process] = []
    try:
        for side in sides:
            running.append(Process(side, pythons))
        for number in range(rounds):
            for process in running if number % 2 == 0 else reversed(running):
                process.run_round()
        return [process.measured() for process in running]
    finally:
        for process in running:
            process.__exit__(None, None, None)
