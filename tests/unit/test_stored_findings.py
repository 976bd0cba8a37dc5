"""Findings that are stored can be told in every language, from the facts that were stored with them."""

import io

import pandas as pd
import pytest

from kvalitet_eval.errors import finding
from kvalitet_eval.present.messages import languages, why_and_mend
from kvalitet_eval.report.evaluation import TABLE_TYPES
from kvalitet_eval.report.stored_findings import FINDING_COLUMNS, findings_frame, findings_in

UNKNOWN = finding("DES-08", severity="warning", n_unknown=371, n_register=430, published=138)
LOST = finding("DES-20", severity="warning", found="0542, 1902", n=2, n_treated=11)


def test_findings_become_a_table_with_words_and_no_folders():
    item = finding("INN-D10", file="/some/where/a.csv", line=3, column="agreed_days", found="-3", value="-3", low=0)
    table = findings_frame([item, finding("EST-09", severity="warning", n=2)])
    assert tuple(table.columns) == FINDING_COLUMNS
    assert table.loc[0, "file"] == "a.csv"
    assert table.loc[0, "why"] == why_and_mend(item)[0]
    assert pd.isna(table.loc[1, "line"])
    assert findings_frame([]).empty


@pytest.mark.parametrize("language", languages())
def test_a_finding_that_was_stored_says_the_same_in_every_language(language):
    stored = io.StringIO(findings_frame([UNKNOWN, LOST]).to_csv(sep=";", index=False))
    frame = pd.read_csv(stored, sep=";", dtype=TABLE_TYPES["findings"], keep_default_na=False, na_values=[""])
    for before, after in zip((UNKNOWN, LOST), findings_in(frame), strict=True):
        assert why_and_mend(after, language) == why_and_mend(before, language)


def test_a_finding_keeps_its_place():
    item = finding("INN-D10", file="/some/where/a.csv", line=3, column="agreed_days", found="-3", value="-3", low=0)
    (read,) = findings_in(findings_frame([item]))
    assert (read.code, read.severity, read.file, read.line) == ("INN-D10", "error", "a.csv", 3)
    assert (read.column, read.found, dict(read.facts)) == ("agreed_days", "-3", {"value": "-3", "low": "0"})
