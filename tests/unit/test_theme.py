"""Colours can be told from the paper and from each other, also by those who see fewer of them."""

import itertools
import math

import numpy as np
import pytest

from kvalitet_eval.present import theme

SIGNALS = tuple(theme.ROLE_COLOURS.values())
PALETTES = {"signals": SIGNALS, "four cohorts": theme.COHORT_COLOURS, "five": theme.OTHER_COLOURS}
LEAST_CONTRAST, LEAST_DIFFERENCE = 3.3, 19
# Machado, Oliveira and Fernandes (2009), severity 1.0, for linear RGB
DEFICIENCIES = {
    "none": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                            [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                              [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                            [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
XYZ_OF_RGB = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                       [0.0193339, 0.1191920, 0.9503041]])  # fmt: skip
WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(colour):
    shares = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """WCAG 2.1, from linear light: independent of the theme's own."""
    low, high = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    t = XYZ_OF_RGB @ np.clip(rgb, 0, 1) / WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def difference(one, other):
    """CIEDE2000 of two colours in CIELAB; Sharma, Wu and Dalal (2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    c = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(c**7 / (c**7 + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    dh = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    d_l, d_c, d_h = l2 - l1, c2 - c1, 2 * math.sqrt(c1 * c2) * math.sin(math.radians(dh / 2))
    m_l, m_c = (l1 + l2) / 2, (c1 + c2) / 2
    m_h = h1 + h2 if c1 * c2 == 0 else (h1 + dh / 2) % 360
    t = 1 - 0.17 * _cos(m_h - 30) + 0.24 * _cos(2 * m_h) + 0.32 * _cos(3 * m_h + 6) - 0.20 * _cos(4 * m_h - 63)
    s_l = 1 + 0.015 * (m_l - 50) ** 2 / math.sqrt(20 + (m_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * m_c, 1 + 0.015 * m_c * t
    turn = 60 * math.exp(-(((m_h - 275) / 25) ** 2))
    r = -math.sin(math.radians(turn)) * 2 * math.sqrt(m_c**7 / (m_c**7 + 25**7))
    return math.sqrt((d_l / s_l) ** 2 + (d_c / s_c) ** 2 + (d_h / s_h) ** 2 + r * (d_c / s_c) * (d_h / s_h))


def _cos(degrees):
    return math.cos(math.radians(degrees))


def least_difference(palette, deficiency):
    """The smallest difference of two colours in a palette, as those with a deficiency see them."""
    seen = [lab(DEFICIENCIES[deficiency] @ linear(colour)) for colour in palette]
    return min(difference(*pair) for pair in itertools.combinations(seen, 2))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
        ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ],
)
def test_the_difference_is_the_published_one(one, other, expected):
    """Test data published with the formula."""
    assert difference(one, other) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_colours_of_a_palette_can_be_told_apart(palette, deficiency):
    assert least_difference(palette, deficiency) >= LEAST_DIFFERENCE


def test_a_palette_that_cannot_be_told_apart_is_found():
    assert least_difference(("#D00000", "#008000"), "deuteranopia") < LEAST_DIFFERENCE


def test_contrast_of_known_pairs():
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert theme.contrast("#FFFFFF", "#FFFFFF") == pytest.approx(1)
    assert theme.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colour", sorted({c for palette in PALETTES.values() for c in palette}))
def test_lines_stand_out_and_their_names_can_be_read(colour):
    assert contrast(colour, theme.PAPER) >= LEAST_CONTRAST
    assert theme.contrast(colour, theme.PAPER) == pytest.approx(contrast(colour, theme.PAPER))
    assert contrast(theme.text_colour(colour), theme.PAPER) >= 4.5


@pytest.mark.parametrize("colour", [theme.INK, theme.MUTED])
def test_grey_text_can_be_read(colour):
    assert contrast(colour, theme.PAPER) >= 4.5


def test_cohorts_differ_in_colour_and_shape():
    looks = [(theme.colour("cohort", index, 30), theme.cohort_marker(index)) for index in range(30)]
    assert len(set(looks)) == 30
    assert [theme.colour("cohort", index, 4) for index in range(4)] == list(theme.COHORT_COLOURS)
