"""What checks read from a table of effects."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hand_panels import noisy, panel

from kvalitet_eval.design.comparison import compare
from kvalitet_eval.errors import EstimationError
from kvalitet_eval.estimate.aggregate import KINDS, MEANS
from kvalitet_eval.estimate.cells import build_cells
from kvalitet_eval.estimate.effects import estimate
from kvalitet_eval.estimate.group_time import difference_cells
from kvalitet_eval.estimate.moments import cells_of, read_moments
from kvalitet_eval.results import AggregationKind, EffectTable

DESIGN = compare(panel(noisy([4, 4, 4, 6, 6, 6, *[np.nan] * 6], n_periods=8)))


def test_cells_and_inference_are_read_from_their_fields():
    form = difference_cells(build_cells(DESIGN), base="universal")
    effects = estimate(DESIGN, "group_time", inference="influence")
    by_field = EffectTable(effects.frame, aggregator=effects.aggregate, cells=form, inference="influence")
    assert cells_of(by_field, ["6"]).rows["group"].unique().tolist() == [1]
    assert by_field.inference == "influence"
    found, expected = (read_moments(table).covariance for table in (by_field, effects))
    assert found == pytest.approx(expected, rel=1e-12)
    assert found != pytest.approx(read_moments(estimate(DESIGN, "group_time")).covariance, rel=1e-3)


def test_an_estimator_names_the_inference_that_was_asked_for():
    assert estimate(DESIGN, inference="cluster").inference == "cluster"
    assert estimate(DESIGN).inference == "cr2"


def test_a_table_without_cells_is_refused():
    effects = estimate(DESIGN)
    with pytest.raises(EstimationError) as error:
        read_moments(EffectTable(effects.frame, aggregator=effects.aggregate))
    assert error.value.findings[0].code == "EST-61"


def test_every_average_is_a_kind_of_aggregation():
    assert set(get_args(AggregationKind)) == {*KINDS, *MEANS, "cell"}
    for kind in MEANS:
        assert len(estimate(DESIGN).aggregate(kind).frame) == 1
