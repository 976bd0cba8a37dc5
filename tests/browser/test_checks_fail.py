"""Every check fails on a page that is broken on purpose, and says what is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
from documents import document
from page_checks import CHECKS

NEW_STYLE = "const style = document.createElement('style'); document.head.append(style); style.textContent = "
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


def pointer_link(href="#main", said="Alta", hidden="true", radius=20):
    """A script that adds a drawing with a link that no key leads to."""
    link = f'<a href="{href}" tabindex="-1"><circle cx="50" cy="50" r="{radius}"/><title>{said}</title></a>'
    return f"document.querySelector('main').innerHTML += '<svg aria-hidden=\"{hidden}\">{link}</svg>'"


BROKEN = {
    "axe": (
        ("image-alt", "document.querySelector('img').removeAttribute('alt')"),
        ("color-contrast", "document.querySelector('main p').style.color = '#bbb'"),
        ("html-has-lang", "document.documentElement.removeAttribute('lang')"),
        ("link-name", "document.querySelector('.back a').textContent = ''"),
        ("scrollable-region-focusable", NEW_STYLE + "'.scroll { width: 40px }';"
         "document.querySelectorAll('.scroll').forEach(e => e.removeAttribute('tabindex'))"),
        ("list", "document.querySelector('ul').insertAdjacentHTML('beforeend', '<p>no point</p>')"),
        ("aria-roles", "document.querySelector('h2').setAttribute('role', 'nonsense')"),
    ),
    "languages": (
        ("the page is marked en", "document.documentElement.lang = 'en'"),
        ("marked nb", "document.querySelectorAll('body [lang=nn]').forEach(e => e.removeAttribute('lang'))"),
        ("not a language", "document.querySelector('p').lang = 'no-such'"),
        ("named in its own language", "document.querySelector('.back a').textContent = 'English';"
         "document.querySelector('.back a').hreflang = 'en'"),
        ("not on the page", "document.querySelector('img').remove()"),
    ),
    "headings": (
        ("not exactly one h1", "document.querySelector('h2').outerHTML = '<h1>Another</h1>'"),
        ("not exactly one h1", "document.querySelector('h1').remove()"),
        ("skipped to h4", "document.querySelector('main').insertAdjacentHTML('beforeend', '<h4>Deep</h4>')"),
        ("an empty H2", "document.querySelector('h2').textContent = ' '"),
    ),
    "tables": (
        ("without a caption", "document.querySelector('caption').remove()"),
        ("without scope", "document.querySelector('tbody th').removeAttribute('scope')"),
        ("without scope", "document.querySelector('thead th').scope = 'none'"),
        ("begins without a heading cell", "document.querySelector('tbody th').outerHTML = '<td>x</td>'"),
        ("no heading row", "document.querySelector('thead').remove()"),
        ("of different length", "document.querySelector('tbody td').remove()"),
    ),
    "figures": (
        ("does not hold the finding", "document.querySelector('svg title').textContent = 'Figure'"),
        ("no more than the name", "document.querySelectorAll('svg desc').forEach(e => e.textContent = '')"),
        ("is not there", "document.querySelectorAll('svg title').forEach(e => e.id = 'other')"),
        ("without a name", "document.querySelector('.figure-title').remove()"),
        ("neither named nor hidden", "document.querySelectorAll('svg').forEach(e => e.removeAttribute('role'))"),
        ("a picture without words", "document.querySelector('img').alt = ''"),
    ),
    "width": (
        ("sticks out", "document.querySelector('main p').style.width = '1500px'"),
        ("the page is", "document.querySelector('h1').style.whiteSpace = 'nowrap';"
         "document.querySelector('h1').textContent = 'wide '.repeat(99)"),
        ("cannot be reached", NEW_STYLE + "'.scroll { width: 60px }';"
         "document.querySelectorAll('.scroll').forEach(e => e.removeAttribute('role'))"),
    ),
    "keyboard": (
        ("goes up the page", NEW_STYLE + "'body { display: flex; flex-direction: column-reverse }'"),
        ("stop 0 is", "document.querySelector('.table .scroll').tabIndex = 3"),
        ("<summary", NEW_STYLE + "':focus-visible { outline: none !important }'"),
        ("outside the window", NEW_STYLE + "'.back { position: absolute; left: -900px }'"),
        ("is nothing", "document.addEventListener('keydown', event => {"
         "if (document.activeElement.closest('.back')) event.preventDefault() })"),
    ),
    "pointer_links": (
        ("no key leads to nowhere.html", pointer_link(href="nowhere.html")),
        ("is heard", pointer_link(hidden="false")),
        ("does not say", pointer_link(said="")),
        ("too small", pointer_link(radius=2)),
    ),
    "skip_link": (
        ("no visible link", "HTML class=\"skip\" | class=\"skip\" tabindex=\"-1\""),
        ("no visible link", "HTML .skip:focus{top:.5rem;} | "),
        ("does not lead into main", "HTML href=\"#main\" | href=\"#nowhere\""),
    ),
    "requests": (
        ("asked for http://x.test/a.png", "HTML <meta charset | <img src='http://x.test/a.png' alt='x'><meta charset"),
        ("complained", "HTML style-src | media-src"),
        ("complained", "HTML </body> | <script>x = 1</script></body>"),
    ),
    "print_out": (
        ("not printed", NEW_STYLE + "'details:not([open])::details-content { content-visibility: hidden !important }'"),
        ("cut at the right", "document.querySelector('main p').style.width = '900px'"),
        ("cut", "Object.assign(document.querySelector('main p').style, {height: '4px', overflow: 'hidden'})"),
        ("of no use on paper", NEW_STYLE + "'.skip { display: block !important }'"),
        ("on each page", "document.querySelector('header').style.position = 'fixed'"),
    ),
    "larger_text": (
        ("grows to", "document.querySelector('main p').style.fontSize = '16px'"),
        ("cut", "Object.assign(document.querySelector('main p').style, {height: '30px', overflow: 'hidden'})"),
        ("sticks out", "document.querySelector('main p').style.minWidth = '45rem'"),
    ),
    "reduced_motion": (
        ("moves", "document.querySelector('p').style.transition = 'color 1s'"),
        ("is animated", NEW_STYLE + "'@keyframes k { to { opacity: 0 } } p { animation: k 1s }'"),
        ("scrolls smoothly", "document.documentElement.style.scrollBehavior = 'smooth'"),
    ),
    "dark_mode": (
        ("becomes", NEW_STYLE + "'@media (prefers-color-scheme: dark) { body { background: #000 } }'"),
        ("may darken", NEW_STYLE + "':root { color-scheme: light dark !important }'"),
    ),
}  # fmt: skip
"""Per check: what its fault must say, and what breaks the page: a script, or two texts of the file after ``HTML``."""
CASES = [(check, said, how) for check, cases in BROKEN.items() for said, how in cases]


def test_every_check_is_broken_at_least_once():
    assert set(BROKEN) == set(CHECKS)


@pytest.mark.parametrize("check", CHECKS)
def test_the_whole_page_passes(open_page, check):
    assert CHECKS[check](open_page(document("every block", "nb"), 900)) == []


@pytest.mark.parametrize(("check", "said", "how"), CASES, ids=[f"{check}-{said}" for check, said, _ in CASES])
def test_a_broken_page_does_not(open_page, check, said, how):
    whole = document("every block", "nb")
    if how.startswith("HTML "):
        old, new = how.removeprefix("HTML ").split(" | ")
        assert whole.html.count(old) >= 1
        opened = open_page(replace(whole, html=whole.html.replace(old, new.strip(" "), 1)), 900)
    else:
        opened = open_page(whole, 900)
        opened.evaluate(f"() => {{ {how} }}")
    faults = CHECKS[check](opened)
    assert any(said in fault for fault in faults), faults
