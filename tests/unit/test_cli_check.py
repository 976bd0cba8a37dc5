"""The command `kvalitet check` on files that belong together."""

from __future__ import annotations

import shutil

import pytest
from click.testing import CliRunner
from programme_copy import PROGRAMME, ROOT

from kvalitet_eval.cli.data import check

NAMES = [f"survey_{part}.csv" for part in ("codebook", "frame", "responses")]


@pytest.fixture
def survey(tmp_path):
    for name in NAMES:
        shutil.copy(ROOT / "data" / "raw" / "examples" / name, tmp_path)
    return tmp_path


def run(folder, *names):
    given = [*(str(folder / name) for name in names), "--programme", str(PROGRAMME)]
    return CliRunner().invoke(check, given, prog_name="kvalitet check")


def test_the_three_files_of_a_survey_are_checked_together(survey):
    assert run(survey, *NAMES).exit_code == 0
    path = survey / NAMES[2]
    lines = path.read_text("utf-8").splitlines()
    cells = lines[1].split(";")
    cells[lines[0].split(";").index("answer")] = "99"
    path.write_text("\n".join([lines[0], ";".join(cells), *lines[2:]]) + "\n", "utf-8")
    assert run(survey, NAMES[2]).exit_code == 0, "alone nobody can tell"
    done = run(survey, *NAMES)
    assert done.exit_code == 11
    assert "99" in done.stderr
    assert NAMES[2] in done.stderr
