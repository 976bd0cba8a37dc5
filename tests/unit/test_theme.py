import pytest

from kvalitet_eval.present import theme

COLOURS = (*theme.ROLE_COLOURS.values(), *theme.OTHER_COLOURS, *theme.COHORT_COLOURS)


def test_contrast_of_known_pairs():
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert theme.contrast("#FFFFFF", "#FFFFFF") == pytest.approx(1)
    assert theme.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colour", COLOURS)
def test_lines_stand_out_and_their_names_can_be_read(colour):
    assert theme.contrast(colour, theme.PAPER) >= 3.2
    assert theme.contrast(theme.text_colour(colour), theme.PAPER) >= 4.5


def test_grey_text_can_be_read():
    assert theme.contrast(theme.MUTED, theme.PAPER) >= 4.5
