"""A document in a tab: what it asked for and complained about, besides the tab itself."""

from __future__ import annotations

from pathlib import Path

HEIGHT = 900


class Opened:
    """A document that is open in the browser.

    Attributes
    ----------
    page, document
        The tab, and what is shown in it.
    asked, said : list of str
        Addresses asked for besides the page itself, and what stands in the console.
    """

    def __init__(self, browser, path: Path, document, width: int):
        self._context = browser.new_context(viewport={"width": width, "height": HEIGHT}, offline=True)
        self.document = document
        self.width = width
        self.asked: list[str] = []
        self.said: list[str] = []
        self._context.route("**/*", lambda route: self._pass(route, path.as_uri()))
        self.page = self._context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.goto(path.as_uri(), wait_until="load")
        self.unfold()

    def evaluate(self, script: str, argument=None):
        return self.page.evaluate(script, argument)

    def unfold(self, is_open: bool = True) -> None:
        """Open everything that can be opened, so that it is checked too, or close it."""
        self.evaluate("open => document.querySelectorAll('details').forEach(e => { e.open = open; })", is_open)

    def close(self) -> None:
        self._context.close()

    def _pass(self, route, own: str) -> None:
        if route.request.url.split("#")[0] == own:
            route.continue_()
        else:
            self.asked.append(route.request.url)
            route.abort()
