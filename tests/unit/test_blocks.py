import json

import pytest
from report_samples import sample_chart, sample_table

from kvalitet_eval.report.blocks import Figure, Listing, Notice, Picture, Section, Text, from_plain, to_plain


@pytest.mark.parametrize(
    "block",
    [
        Section("Utvikling"),
        Text("Ett avsnitt.\n\n- punkt"),
        Text("Eitt avsnitt.", "nn"),
        Notice("caution", "Varsom"),
        Figure(sample_chart(), with_table=False),
        Listing(sample_table()),
        Picture("wall", "Et rom", "iVBORw0KGgo=", 2, 1, "Bildetekst", "nb"),
    ],
    ids=lambda block: type(block).__name__,
)
def test_block_survives_json(block):
    assert from_plain(json.loads(json.dumps(to_plain(block)))) == block


def test_unknown_block_is_named():
    with pytest.raises(ValueError, match="unknown type of block 'script'"):
        from_plain({"type": "script"})
