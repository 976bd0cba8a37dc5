"""Checks of an open page; each returns its faults in words, an empty list when there is none.

A check must fail on a page that is broken on purpose: ``test_checks_fail`` breaks one for each.
"""

from __future__ import annotations

import page_scripts as scripts
from axe_playwright_python.sync_playwright import Axe

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
PAPER_WIDTH = 673
"""Width in pixels of an A4 page between margins of 16 mm."""
LARGER = 1.95
"""Text doubles when the reader doubles it; rounding of the browser aside."""


def axe(opened):
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    found = Axe().run(opened.page, options=options).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def languages(opened):
    about = {"language": opened.document.language, "quotes": list(opened.document.quotes)}
    return opened.evaluate(scripts.LANGUAGE, about)


def headings(opened):
    return opened.evaluate(scripts.HEADINGS)


def tables(opened):
    return opened.evaluate(scripts.TABLES)


def figures(opened):
    return opened.evaluate(scripts.FIGURES)


def width(opened):
    return opened.evaluate(scripts.WIDTH)


def keyboard(opened):
    """Tab through the page: every stop is reached, in reading order, and is seen to have focus."""
    for _ in range(opened.evaluate(scripts.FOCUSABLE)):
        opened.page.keyboard.press("Tab")
    return opened.evaluate(scripts.ORDER) + opened.evaluate("() => window.unseen_focus")


def pointer_links(opened):
    """A link that only a pointer reaches is one more way to a page that the keyboard and a screen reader reach too."""
    return opened.evaluate(scripts.POINTER_LINKS)


def skip_link(opened):
    """The first stop leads past everything before the main part."""
    opened.page.reload()
    opened.unfold()
    opened.evaluate("() => scrollTo({top: 0, behavior: 'instant'})")
    opened.page.keyboard.press("Tab")
    first = opened.evaluate(
        "() => ({href: document.activeElement.getAttribute('href') || '',"
        " top: document.activeElement.getBoundingClientRect().top})"
    )
    if not first["href"].startswith("#") or first["top"] < 0:
        return [f"the first stop is no visible link within the page: {first}"]
    opened.page.keyboard.press("Enter")
    opened.page.keyboard.press("Tab")
    inside = "() => !!document.querySelector('main')?.contains(document.activeElement)"
    nothing = "() => !document.querySelector('main a[href], main [tabindex=\"0\"], main button, main summary')"
    return [] if opened.evaluate(inside) or opened.evaluate(nothing) else ["the link does not lead into main"]


def requests(opened):
    return [*(f"asked for {url}" for url in opened.asked), *(f"complained: {said}" for said in opened.said)]


def print_out(opened):
    """On A4 paper nothing is cut, and what the reader had not opened is printed all the same."""
    size = opened.page.viewport_size
    opened.unfold(False)
    opened.page.emulate_media(media="print")
    opened.page.set_viewport_size({"width": PAPER_WIDTH, "height": 1000})
    found = opened.evaluate(scripts.PRINT)
    opened.page.emulate_media(media="screen")
    opened.page.set_viewport_size(size)
    opened.unfold()
    return found


def larger_text(opened):
    """Twice the text size: all text grows, none is cut, and the page still fits its window."""
    before = opened.evaluate(scripts.TEXT_SIZES)
    opened.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    after = opened.evaluate(scripts.TEXT_SIZES)
    small = [f"{old} px grows to {new} px only" for old, new in zip(before, after, strict=True) if new < LARGER * old]
    found = [*small, *opened.evaluate(scripts.CUT_TEXT), *opened.evaluate(scripts.WIDTH)]
    opened.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    return found


def reduced_motion(opened):
    opened.page.emulate_media(reduced_motion="reduce")
    found = opened.evaluate(scripts.MOTION)
    opened.page.emulate_media(reduced_motion="no-preference")
    return found


def dark_mode(opened):
    """A reader's dark mode changes nothing: drawings and text keep the colours that were measured."""
    light = opened.evaluate(scripts.COLOURS)
    opened.page.emulate_media(color_scheme="dark")
    dark = opened.evaluate(scripts.COLOURS)
    opened.page.emulate_media(color_scheme="light")
    scheme = opened.evaluate("() => getComputedStyle(document.documentElement).colorScheme")
    darkened = [] if scheme == "light" else [f"the browser may darken the page: {scheme}"]
    return darkened + [f"{old} becomes {new}" for old, new in zip(light, dark, strict=True) if old != new]


CHECKS = {
    check.__name__: check
    for check in (
        axe, languages, headings, tables, figures, width, keyboard, pointer_links, skip_link, requests, print_out,
        larger_text, reduced_motion, dark_mode,
    )
}  # fmt: skip
