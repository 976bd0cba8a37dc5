"""Documents made of anything: a finding or a reading, never an uncaught exception."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.documents.reader import inspect_document
from kvalitet_eval.prepare.documents.syntax import parse_document
from kvalitet_eval.present.messages import describe

EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "raw" / "examples"
TEXTS = {
    ".toml": (EXAMPLES / "status_report.toml").read_text(encoding="utf-8"),
    ".yaml": (EXAMPLES / "project_mandate.yaml").read_text(encoding="utf-8"),
}
PIECES = st.sampled_from(
    ["[", "]", "{", "}", ":", "- ", "\n", "  ", "'", '"', "&a ", "*a", "!!x ", "=", "#", "é", "\t", "1e999"]
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("documents")


def inspected(folder, suffix, data):
    path = folder / f"a{suffix}"
    path.write_bytes(data)
    document = inspect_document(path)
    describe(document.findings)
    assert document.content is not None or not document.is_accepted
    return document


@settings(deadline=None)
@given(data=st.binary(max_size=300), suffix=st.sampled_from(list(TEXTS)))
def test_any_bytes_are_refused_in_words(folder, data, suffix):
    assert not inspected(folder, suffix, data).is_accepted


@settings(deadline=None)
@given(suffix=st.sampled_from(list(TEXTS)), at=st.floats(0, 1), piece=PIECES, cut=st.integers(0, 30))
def test_an_example_that_is_damaged_anywhere_is_read_or_refused_in_words(folder, suffix, at, piece, cut):
    content = TEXTS[suffix]
    place = int(at * len(content))
    inspected(folder, suffix, (content[:place] + piece + content[place + cut :]).encode())


@settings(deadline=None)
@given(st.recursive(st.none() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4), max_leaves=20))
def test_the_line_of_every_place_is_a_line_of_the_text(value):
    text = f"kind: x\nvalue: {flow(value)}\n"
    try:
        plain = parse_document(Path("a.yaml"), text)
    except DataError:
        return
    assert plain.line(("kind",)) == 1
    assert 1 <= plain.line(("value", 0, 1)) <= text.count("\n")


def flow(value):
    """Write a list as YAML on one line."""
    return "[" + ", ".join(map(flow, value)) + "]" if isinstance(value, list) else repr(value)
