"""Every command has help and is documented, and every documented call would be understood."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from kvalitet_eval.cli import main

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = {name: (ROOT / name).read_text("utf-8") for name in ("README.md", "docs/OPERATIONS.md", "docs/TUTORIAL.md")}
CALL = re.compile(r"(?:\.venv/bin/|`|&& |^)kvalitet ((?:--)?[a-z]+)((?: +(?!&&)[^\s`#|]+)*)", re.MULTILINE)
OPTION = re.compile(r"(--[a-z]+)")


def help_faults(group):
    """Commands and options without words of their own."""
    faults = [f"{name}: no help" for name, command in group.commands.items() if not (command.help or "").strip()]
    for name, command in group.commands.items():
        options = [item for item in command.params if isinstance(item, click.Option)]
        faults += [f"{name} {item.opts[0]}: no help" for item in options if not (item.help or "").strip()]
    return faults


def undocumented(group, documents):
    """Commands that no document names as ``kvalitet COMMAND``."""
    named = {call[0] for content in documents for call in CALL.findall(content)}
    return sorted(set(group.commands) - named)


def wrong_calls(group, documents):
    """Documented calls of a command or with an option that is not there."""
    wrong = []
    for content in documents:
        for name, rest in CALL.findall(content):
            if name.startswith("--"):
                continue
            known = {opt for item in getattr(group.commands.get(name), "params", ()) for opt in item.opts} | {"--help"}
            wrong += [f"kvalitet {name}"] if name not in group.commands else []
            wrong += [f"kvalitet {name} {option}" for option in OPTION.findall(rest) if option not in known]
    return wrong


def test_every_command_and_option_has_help():
    assert len(main.commands) >= 7
    assert help_faults(main) == []


def test_every_command_is_documented_for_operators_and_for_readers():
    assert undocumented(main, [DOCUMENTS["docs/OPERATIONS.md"]]) == []
    assert undocumented(main, [DOCUMENTS["README.md"], DOCUMENTS["docs/OPERATIONS.md"]]) == []


def test_every_documented_call_would_be_understood():
    assert sum(len(CALL.findall(content)) for content in DOCUMENTS.values()) >= 12
    assert wrong_calls(main, DOCUMENTS.values()) == []


def test_the_documents_give_every_exit_code():
    for name in ("README.md", "docs/OPERATIONS.md"):
        for code in ("0 done", "2 usage", "10", "14", "75"):
            assert code in DOCUMENTS[name]


def test_every_make_target_is_documented():
    targets = re.search(r"^TARGETS := (.+)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)[1].split()
    documented = "\n".join(DOCUMENTS.values()) + (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    main_targets = {"reports", "test", "test-all", "lab", "env", "clean"}
    assert main_targets <= set(targets)
    assert [target for target in sorted(main_targets) if f"make {target}" not in documented] == []


@pytest.fixture
def example():
    group = click.Group("kvalitet")
    group.add_command(click.Command("site", help="Write.", params=[click.Option(["--programme"], help="File.")]))
    group.add_command(click.Command("lab", params=[click.Option(["--port"])]))
    return group


def test_a_command_without_help_is_found(example):
    assert help_faults(example) == ["lab: no help", "lab --port: no help"]


def test_an_undocumented_command_is_found(example):
    assert undocumented(example, ["Run `kvalitet site` first."]) == ["lab"]


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("`kvalitet site --programme x`", []), ("    .venv/bin/kvalitet sites", ["kvalitet sites"]),
        ("`kvalitet site --municipality 0542`", ["kvalitet site --municipality"]), ("`kvalitet --help`", []),
        ("cd x && kvalitet site && kvalitet labs", ["kvalitet labs"]), ("the kvalitet project", []),
    ],
)  # fmt: skip
def test_a_documented_call_that_fails_is_found(example, content, wrong):
    assert wrong_calls(example, [content]) == wrong
