"""The content security policy is exact on every page, and under it a page draws from a file address and asks nobody."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape

import pytest
from chromium import why_not
from hostile_text import Browser
from test_hostile_text import PAGES

NEEDS_BROWSER = pytest.mark.skipif(bool(why_not()), reason=why_not())
WRITTEN = {name: PAGES[name] for name in ("page", "index")}
OWN = {"page": ["IMG"], "index": ["INPUT", "SCRIPT"]}
"""What a page has of elements that could fetch or run something: its picture, its search box and its one script."""
REST = "style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
META = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


def expected(content):
    """The policy of a page by the specification: its own scripts by their hashes, and nothing from anywhere."""
    scripts = re.findall(r"<script\b[^>]*>(.*?)</script>", content, re.S)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return f"default-src 'none'; {f'script-src {allowed}; ' if allowed else ''}{REST}"


def faults(content):
    """What is wrong with the policy of a page."""
    head = content.split("</head>")[0]
    policies = [unescape(found) for found in META.findall(content)]
    if len(policies) != 1 or len(META.findall(head)) != 1:
        return [f"{len(policies)} policies"]
    early = head[: head.index("Content-Security-Policy")]
    return [
        *([] if policies == [expected(content)] else [policies[0]]),
        *(f"before the policy: {tag}" for tag in re.findall(r"<(title|style|script|link|base)\b", early)),
    ]


@pytest.mark.parametrize("name", WRITTEN)
def test_the_policy_is_exact(name):
    assert faults(WRITTEN[name]("Nord-Aurdal")) == []


def test_an_own_script_is_allowed_by_its_hash_only():
    page = WRITTEN["page"]("Nord-Aurdal")
    with_script = page.replace("</body>", "<script>x = 1</script></body>")
    assert len(faults(with_script)) == 1
    digest = base64.b64encode(hashlib.sha256(b"x = 1").digest()).decode()
    assert f"default-src 'none'; script-src 'sha256-{digest}'; style-src" in expected(with_script)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("img-src data:", "img-src *"), ("; base-uri &#39;none&#39;", ""), ("default-src", "script-src"),
        ("&#39;unsafe-inline&#39;", "&#39;unsafe-inline&#39; https:"),
        ('<meta http-equiv="Content-Security-Policy"', '<meta name="policy"'), ("form-action &#39;none&#39;", "x"),
        ('<meta charset="utf-8">', '<link rel="x"><meta charset="utf-8">'),
    ],
)  # fmt: skip
def test_any_other_policy_is_a_fault(old, new):
    page = WRITTEN["page"]("Nord-Aurdal").replace("'none'", "&#39;none&#39;").replace("'unsafe-", "&#39;unsafe-")
    page = page.replace("-inline'", "-inline&#39;")
    assert faults(page) == []
    assert page.count(old) >= 1
    assert len(faults(page.replace(old, new, 1))) == 1


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        opened = Browser(play)
        opened.said = []
        opened.page.on("console", lambda message: opened.said.append(message.text))
        yield opened
        opened.close()


DRAWN = """() => {
  const svg = [...document.querySelectorAll('svg')].map(e => e.getBoundingClientRect());
  return {
    drawings: svg.filter(box => box.width > 100 && box.height > 50).length,
    lines: [...document.querySelectorAll('svg path, svg polyline, svg line')].length,
    styled: getComputedStyle(document.querySelector('body')).margin !== '8px',
  };
}"""


@NEEDS_BROWSER
@pytest.mark.parametrize("name", WRITTEN)
def test_the_page_draws_from_a_file_address_and_asks_nobody(browser, tmp_path, name):
    path = tmp_path / "side.html"
    path.write_text(WRITTEN[name]("Nord-Aurdal"), encoding="utf-8")
    browser.said.clear()
    hits, foreign, asked = browser.open(path)
    assert (hits, asked, browser.said) == ([], [], [])
    assert sorted(foreign) == OWN[name]
    drawn = browser.page.evaluate(DRAWN)
    assert drawn["styled"]
    if name == "page":
        assert drawn["drawings"] >= 1
        assert drawn["lines"] > 3


@NEEDS_BROWSER
def test_a_policy_that_is_too_strict_or_a_request_would_be_seen(browser, tmp_path):
    page = WRITTEN["page"]("Nord-Aurdal")
    policy = META.search(page)[1]
    strict, leaky = tmp_path / "a.html", tmp_path / "b.html"
    strict.write_text(page.replace(policy, policy.replace("style-src", "media-src")), encoding="utf-8")
    leaky.write_text(page.replace(policy, "").replace("</body>", "<img src='http://x.test/a.png'>"), encoding="utf-8")
    browser.said.clear()
    browser.open(strict)
    assert browser.said
    assert not browser.page.evaluate(DRAWN)["styled"]
    assert browser.open(leaky)[2] == ["http://x.test/a.png"]
