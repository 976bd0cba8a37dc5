"""Nobody gives nothing: an amount of nobody hides no other, and is withheld where the number of persons is."""

import pandas as pd
import pytest
from publish_samples import STANDARD, withheld

from kvalitet_eval import publish

ROWS = [
    ("a", "x", 2, 7), ("a", "y", 9, 30), ("a", "z", 30, 90),
    ("b", "x", 30, 95), ("b", "y", 0, 0), ("b", "z", 9, 40),
    ("c", "x", 9, 35), ("c", "y", 30, 99), ("c", "z", 9, 50),
]  # fmt: skip
KEYS = ["geo", "sector"]
RING = {"a x", "a y", "b y", "b z", "c z", "c x"}
"""What would be withheld for the two persons in a x: each row and column has two of them, and they are the smallest."""
MEASURES = {
    "days": publish.Magnitude("days", "n", ("first", "second")),
    "rate": publish.Ratio("rate", "days", "agreed", "n", shown=("days",)),
}


def table(column=None, *, is_attribute=None, memory=None):
    """Days and agreed days of the persons, who are printed beside them or, without ``is_attribute``, not at all."""
    smallest = pd.DataFrame(ROWS, columns=["geo", "sector", "n", "days"])
    everything = [smallest, *(smallest.assign(**dict.fromkeys(keys, "all")) for keys in (["geo"], ["sector"], KEYS))]
    frame = pd.concat(everything).groupby(KEYS, as_index=False).sum().assign(first=1.0, second=1.0)
    frame = frame.assign(agreed=10 * frame["days"], rate=0.1)
    measures = () if is_attribute is None else (publish.Count("n", is_attribute=is_attribute),)
    measures += () if column is None else (MEASURES[column],)
    dimensions = tuple(publish.Dimension(key, total="all") for key in KEYS)
    structure = publish.Structure(dimensions, measures)
    return publish.table(frame[[*structure.needs]], STANDARD, structure, memory=memory)


@pytest.mark.parametrize("column", MEASURES)
@pytest.mark.parametrize("is_attribute", [None, False])
def test_an_amount_of_nobody_hides_no_other(column, is_attribute):
    """With b y known the ring would tell all it withholds, b z first and a x last; without b a ring of four is left."""
    shown = table(column, is_attribute=is_attribute)
    assert set(withheld(shown, column)) == {"a x", "a z", "c x", "c z"}


@pytest.mark.parametrize("column", MEASURES)
def test_an_amount_of_nobody_is_withheld_with_the_persons(column):
    shown = table(column, is_attribute=True)
    assert "b y" in withheld(shown, "n")
    assert set(withheld(shown, column)) >= RING


@pytest.mark.parametrize("column", MEASURES)
def test_so_it_is_where_an_earlier_table_has_the_persons(column):
    memory = publish.Memory()
    assert "b y" in withheld(table(is_attribute=True, memory=memory), "n")
    assert set(withheld(table(column, memory=memory), column)) >= RING
    assert "b y" not in withheld(table(column), column)
