"""Every fault of the register, the participants and Table 1 has its two sentences, and no sentence is left over."""

import re
from pathlib import Path

import pytest
from programme_copy import ROOT

from kvalitet_eval.present.messages import keys

CODE = re.compile(r'"((?:REG|TAB)-\d\d)"')
USED = {
    code
    for folder in ("prepare", "monitor")
    for path in (ROOT / "kvalitet_eval" / folder).rglob("*.py")
    for code in CODE.findall(Path(path).read_text(encoding="utf-8"))
}


@pytest.mark.parametrize("code", sorted(USED))
def test_code_has_a_reason_and_a_mend(code):
    assert {f"{code}.why", f"{code}.mend"} <= keys()


def test_no_sentence_is_left_over():
    written = {key.rsplit(".", 1)[0] for key in keys() if key.startswith(("REG-", "TAB-"))}
    assert written == USED
