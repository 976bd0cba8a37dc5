"""Every code and text that `report` uses is in the catalogue, and the catalogue has nothing that nobody uses."""

import re
from pathlib import Path

import kvalitet_eval.report
from kvalitet_eval.present.messages import LOCALE, keys
from kvalitet_eval.report.blocks import NOTICE_KINDS

FOLDER = Path(kvalitet_eval.report.__file__).parent
MODULES = [
    "absent", "blocks", "document_files", "facts", "html", "kernel", "manifest", "model", "notebook", "offers",
    "parameters", "run", "site", "site_parts", "store", "subject",
]  # fmt: skip
FILES = [*(FOLDER / f"{name}.py" for name in MODULES), *FOLDER.glob("templates/*.j2")]
SOURCES = "".join(path.read_text("utf-8") for path in FILES)
OWN = set(re.findall(r'^msgid "(.+)"$', (LOCALE / "nb/LC_MESSAGES/report.po").read_text("utf-8"), re.M))


def test_every_raised_code_has_both_sentences_and_none_is_left_over():
    raised = set(re.findall(r'(?:finding|\.of)\(\s*"((?:BRK|RAP)-\d\d)"', SOURCES))
    assert {f"{code}.{part}" for code in raised for part in ("why", "mend")} == {
        key for key in OWN if re.match("BRK|RAP", key)
    }


def test_every_text_is_used_and_every_used_text_exists():
    used = set(re.findall(r"""["']((?:report|site)\.[a-z_.]+)["']""", SOURCES))
    stems = ("report.notice.", "report.about.", "site.read.")
    texts = {key for key in OWN if not re.match("BRK|RAP", key)}
    assert {key for key in texts if not key.startswith(stems)} == {
        key for key in used if not key.endswith(".") and not key.startswith(stems)
    }
    assert {key for key in texts if key.startswith("report.notice.")} == {f"report.notice.{k}" for k in NOTICE_KINDS}
    assert texts <= keys("nb")
