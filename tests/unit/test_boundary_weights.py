"""Figures over a border where an area was divided: only with shares that somebody gives, and nothing is lost."""

import pandas as pd
import pytest
from programme_copy import PROGRAMME, ROOT

from kvalitet_eval.config import load_config
from kvalitet_eval.errors import DataError
from kvalitet_eval.prepare.boundary_weights import BoundaryWeights, carried_shares, read_weights
from kvalitet_eval.prepare.harmonise import harmonise
from kvalitet_eval.prepare.municipalities import load_register
from kvalitet_eval.present.messages import describe

EXAMPLE = ROOT / "data" / "raw" / "examples" / "boundary_weights.csv"
HEADER = "date;direction;from_number;to_number;share;basis;source\n"


@pytest.fixture(scope="module")
def register():
    return load_register(load_config(PROGRAMME))


@pytest.fixture(scope="module")
def weights(register):
    return read_weights(EXAMPLE, register)


def panel(*rows):
    columns = ["municipality_number", "quarter", "sector", "agreed_days", "line"]
    records = [(number, quarter, "all", float(days), line) for line, (number, quarter, days) in enumerate(rows, 2)]
    return pd.DataFrame(records, columns=columns)


def days_of(result):
    cells = zip(result.rows["municipality_number"], result.rows["agreed_days"], strict=True)
    return {number: round(days, 9) for number, days in cells}


def test_a_split_without_shares_is_refused_and_with_them_divided(register, weights):
    rows = panel(("0720", "2016Q4", 1000))
    with pytest.raises(DataError) as error:
        harmonise(rows, register, 2017)
    assert [(item.code, item.line) for item in error.value.findings] == [("REG-03", 2)]
    assert "boundary_weights" in describe(error.value.findings)
    result = harmonise(rows, register, 2017, weights=weights)
    # 0704 is made of itself and a tenth of 0720, 0710 of three; without the other rows the sums are missing, not half.
    assert result.rows["agreed_days"].isna().all()
    others = [(number, "2016Q4", 100) for number in ("0704", "0706", "0719")]
    result = harmonise(panel(("0720", "2016Q4", 1000), *others), register, 2017, weights=weights)
    assert days_of(result) == {"0704": 200.0, "0710": 1100.0}
    assert result.divided.to_dict("records") == [
        {"municipality_number": "0704", "quarter": "2016Q4", "predecessor": "0720", "share": 0.1},
        {"municipality_number": "0710", "quarter": "2016Q4", "predecessor": "0720", "share": 0.9},
    ]
    (told,) = result.findings
    assert (told.code, told.severity, told.found) == ("REG-35", "warning", "0720")
    assert "0720 Stokke fra 2016Q4 til 2016Q4 er fordelt på 0704, 0710" in describe(result.findings)


def test_a_merger_is_undone_only_with_shares(register, weights):
    rows = panel(("1756", "2012Q1", 800))
    with pytest.raises(DataError, match="REG-04"):
        harmonise(rows, register, 2008)
    assert days_of(harmonise(rows, register, 2008, weights=weights)) == {"1723": 100.0, "1729": 700.0}


def test_shares_multiply_along_the_way(register):
    weights = BoundaryWeights({(2017, "forward", "0720"): {"0704": 0.25, "0710": 0.75}})
    assert carried_shares(register, "0720", 2016, 2017, weights) == {"0704": 0.25, "0710": 0.75}
    assert carried_shares(register, "0720", 2000, 2020, weights) == {"3803": 0.25, "3804": 0.75}
    assert carried_shares(register, "0720", 2016, 2017) is None
    assert carried_shares(register, "0704", 2016, 2017) == {"0704": 1.0}


def test_a_second_division_without_shares_is_still_refused(register):
    weights = BoundaryWeights({(2020, "forward", "5012"): {"5055": 0.2, "5056": 0.3, "5059": 0.5}})
    assert carried_shares(register, "1571", 2007, 2024, weights) is not None
    assert carried_shares(register, "1504", 2007, 2024, weights) is None


def test_a_share_of_zero_gives_nothing_and_makes_no_predecessor(register):
    weights = BoundaryWeights({(2017, "forward", "0720"): {"0704": 0.0, "0710": 1.0}})
    assert carried_shares(register, "0720", 2016, 2017, weights) == {"0710": 1.0}


def test_a_rate_is_not_divided(register, weights):
    rates = pd.DataFrame({"municipality_number": ["1756"], "quarter": "2012Q1", "rate_total_pct": [9.0], "line": [2]})
    with pytest.raises(DataError) as error:
        harmonise(rates, register, 2008, file="rates.csv", weights=weights)
    (found,) = error.value.findings
    assert (found.code, found.line, found.found) == ("REG-34", 2, "1756")
    assert "1723, 1729" in describe(error.value.findings)


def test_reasons_for_missing_figures_are_carried(register):
    rows = panel(("1503", "2007Q4", 10), ("1556", "2007Q4", 20), ("0101", "2007Q4", 5))
    rows["agreed_days_status"] = ["confidential", "not_available", None]
    rows.loc[:1, "agreed_days"] = float("nan")
    result = harmonise(rows, register, 2008).rows.set_index("municipality_number")
    assert result["agreed_days_status"]["1505"] == "confidential, not_available"
    assert pd.isna(result["agreed_days_status"]["0101"])


@pytest.mark.parametrize(
    ("rows", "code", "said"),
    [
        ("2017-01-01;forward;0720;0704;0,1;a;b\n2017-01-01;forward;0720;0710;0,8;a;b\n", "REG-33", "er 0,9 til sammen"),
        ("2017-01-01;forward;0720;0704;1;a;b\n", "REG-32", "ingen andel til 0710"),
        ("2017-01-01;backward;0720;0704;1;a;b\n", "REG-31", "fra 0720 til 0704"),
        ("2016-01-01;forward;0720;0710;1;a;b\n", "REG-31", "ingen endring 2016-01-01"),
        ("2017-07-01;forward;0720;0704;0,1;a;b\n2017-01-01;forward;0720;0710;0,9;a;b\n", "REG-06", "1. januar"),
        ("2017-01-01;forward;0720;0704;1,1;a;b\n", "INN-D11", "høyere enn 1"),
    ],
)
def test_shares_that_lose_or_double_figures_are_refused(tmp_path, register, rows, code, said):
    path = tmp_path / "weights.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_weights(path, register)
    assert code in [item.code for item in error.value.findings]
    assert all(item.line for item in error.value.findings)
    assert said in describe(error.value.findings)
