"""The words of every result table."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from hand_panels import THREE, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.results import COLUMNS, EffectTable, effect_frame

METHODS = Path(__file__).resolve().parents[2] / "docs" / "METHODS.md"


def test_all_columns_in_order_with_their_types_and_the_rest_missing():
    frame = effect_frame({"estimate": [-0.4, None], "event_time": [3, pd.NA], "method": "imputation"})
    assert list(frame) == list(COLUMNS)
    assert [str(t) for t in frame.dtypes] == [dtype for dtype, _ in COLUMNS.values()]
    assert frame["method"].tolist() == ["imputation"] * 2
    assert frame["estimate"].isna().tolist() == frame["event_time"].isna().tolist() == [False, True]
    assert frame["cohort"].isna().all()


def test_no_rows_keep_the_types():
    frame = effect_frame({"estimate": []})
    assert len(frame) == 0
    assert [str(t) for t in frame.dtypes] == [dtype for dtype, _ in COLUMNS.values()]


def test_a_word_outside_the_vocabulary_is_refused():
    with pytest.raises(KeyError, match="coef"):
        effect_frame({"coef": [1.0]})


def test_what_is_handed_out_is_a_copy():
    table = estimate(compare(panel(THREE)), leads=0)
    copy = table.to_frame()
    copy["estimate"] = 99.0
    assert table.to_frame()["estimate"].tolist() == pytest.approx([-1.0])
    with pytest.raises(AttributeError):
        table.frame = copy


def test_a_table_read_back_cannot_be_averaged_again():
    with pytest.raises(EstimationError) as error:
        EffectTable(effect_frame({"estimate": [1.0]})).aggregate("overall")
    assert error.value.findings[0].code == "EST-01"
    assert "Regn det ut på nytt med estimate()" in str(error.value)


def test_the_table_of_columns_in_the_documentation_is_this_vocabulary():
    text = METHODS.read_text(encoding="utf-8")
    section = text[text.index("## Result columns") :].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.+) \|$", section, flags=re.MULTILINE)
    assert rows == [(name, dtype, meaning) for name, (dtype, meaning) in COLUMNS.items()]
