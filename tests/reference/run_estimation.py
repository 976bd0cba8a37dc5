"""Run a file of reference values through the public calls: ``python tests/reference/run_estimation.py VALUES.json``.

One line per value (ok, off, or not run with the reason) and a total. The file has one section per source; what a
section is about is told by its name, the data by its ``data`` entry, looked for in ``../data`` beside the file and in
the folders given after it. Group-time sections hold keys such as ``notyettreated|~lpop|dr|anticipation=1``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from reference_sections import SECTIONS, Data, Value

from kvalitet_eval.errors import KvalitetError


def values_of(content: Mapping, data: Data) -> Iterator[Value]:
    """Every value of a file, in its order."""
    for name, section in content.items():
        if name.startswith("_"):
            continue
        run = next((call for pattern, call in SECTIONS.items() if re.fullmatch(pattern, name)), None)
        if run is None or not isinstance(section, Mapping):
            yield Value(name, reason="a section of an unknown kind")
            continue
        try:
            for value in run(section, data):
                yield Value(f"{name} {value.name}", value.expected, value.tolerance, value.find, value.reason)
        except (KvalitetError, FileNotFoundError, LookupError, ValueError, StopIteration, RuntimeError) as error:
            yield Value(name, reason=f"{type(error).__name__}: {error}")


def judge(value: Value) -> tuple[str, str]:
    """Whether a value is reached (ok, off, not run) and the line that says so."""
    if value.find is None:
        return "not run", f"not run  {value.name}: {_in_one_line(value.reason)}"
    try:
        found = value.find()
    except (KvalitetError, LookupError) as error:
        return "off", f"off      {value.name} expected {value.expected!r}: {_in_one_line(str(error))}"
    deviation = abs(found - value.expected)
    verdict = "ok" if deviation <= value.tolerance else "off"
    text = f"expected {value.expected!r} found {found:.12g} deviation {deviation:.1e} tolerance {value.tolerance:.1e}"
    return verdict, f"{verdict:<8} {value.name} {text}"


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def main(arguments: list[str]) -> int:
    """Print a line per value and the total; 0 when none is off."""
    if not arguments:
        sys.stdout.write(f"{__doc__}\n")
        return 2
    path = Path(arguments[0])
    data = Data((*map(Path, arguments[1:]), path.resolve().parent.parent / "data", path.resolve().parent))
    counts = dict.fromkeys(("ok", "off", "not run"), 0)
    for value in values_of(json.loads(path.read_text(encoding="utf-8")), data):
        verdict, line = judge(value)
        counts[verdict] += 1
        sys.stdout.write(f"{line}\n")
    total = sum(counts.values())
    sys.stdout.write(f"{total} values: " + ", ".join(f"{n} {verdict}" for verdict, n in counts.items()) + "\n")
    return int(counts["off"] > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
