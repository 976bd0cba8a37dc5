"""Forty texts that try to run something when a page shows them, and a browser that notices whether they do."""

from __future__ import annotations

from chromium import executable

STRINGS = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</title></style></text><script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video src=x onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<iframe src='javascript:parent.alert(1)'></iframe>",
    "<object data='x' onerror=alert(1)></object>",
    "<embed src='x' onerror=alert(1)>",
    "<style>@import 'x.css';</style><link rel=stylesheet href=x onerror=alert(1)>",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    "<table><td background=x><img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)' autofocus onfocus=alert(1)>x</a>",
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)" x="',
    "--><script>alert(1)</script><!--",
    "]]><script>alert(1)</script>",
    "</desc></title><script>alert(1)</script>",
    "</svg><script>alert(1)</script>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><set onbegin=alert(1) attributeName=x dur=1s>",
    "<img src=x:x onerror=eval('ale'+'rt(1)')>",
    "<scr<script>ipt>alert(1)</scr</script>ipt><script>alert(1)</script>",
    "<SCRIPT\x0c>alert(1)</SCRIPT>",
    "<img/src=x/onerror=alert(1)//",
    "{{ 7 * 7 }}{% raw %}<script>alert(1)</script>",
    "${alert(1)}<script>alert(`1`)</script>",
    "<template><script>alert(1)</script></template><script>alert(1)</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "\u2028<script>\u2028alert(1)</script>",
    "<marquee onstart=alert(1)>x</marquee><style onload=alert(1)></style>",
)
NOTICE = "window.hits = []; window.alert = (x) => { window.hits.push(String(x)); };"
FOREIGN = """() => {
  const found = [];
  for (const element of document.querySelectorAll('*')) {
    if (['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'LINK', 'BASE', 'VIDEO', 'AUDIO', 'IMG', 'INPUT', 'FORM']
        .includes(element.tagName.toUpperCase())) found.push(element.tagName);
    for (const attribute of element.attributes) {
      if (attribute.name.startsWith('on')) found.push(attribute.name);
      if (/^\\s*javascript:/i.test(attribute.value)) found.push(attribute.value);
    }
  }
  return found;
}"""


class Browser:
    """A Chromium that opens files and pieces of pages, and tells what ran and what was asked for."""

    def __init__(self, play):
        self._browser = play.chromium.launch(executable_path=executable())
        self._context = self._browser.new_context(offline=True)
        self._context.add_init_script(NOTICE)
        self.page = self._context.new_page()
        self.asked: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("dialog", lambda dialog: dialog.dismiss())

    def open(self, path):
        """Open a file; return what ran, the foreign elements, and the addresses that were asked for besides."""
        self.asked.clear()
        self.page.goto(path.as_uri(), wait_until="load")
        hits = self.settle()
        others = [url for url in self.asked if url != path.as_uri()]
        return hits, self.page.evaluate(FOREIGN), others

    def settle(self):
        """Wait for what starts late, hover over everything that can be pointed at once, and return what ran."""
        self.page.wait_for_timeout(40)
        self.page.evaluate("() => document.querySelectorAll('*').forEach(e => e.dispatchEvent(new Event('mouseover')))")
        return self.page.evaluate("() => window.hits || []")

    def close(self):
        self._browser.close()
