"""A browser's window with an alarm, for journeys that show what somebody would like to be run.

It writes nothing and judges nothing; what rang and what was shown is read by the test.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.payloads import payloads
from tests.journeys.stage import PATIENCE_MS

LISTEN = """
window.hit = (number) => window.alarm(`ran ${number}`)
document.addEventListener('securitypolicyviolation', (event) =>
  window.alarm(`policy ${event.violatedDirective} ${event.blockedURI} ${event.sample}`))
"""
LOOK = """() => {
  const OURS = /^(\\/|#|\\?|tel:|sms:|blob:|data:,|data:image|https?:\\/\\/127\\.0\\.0\\.1)/
  const amiss = [], words = [document.documentElement.textContent]
  for (const element of document.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on') || name === 'srcdoc') amiss.push(`${element.tagName} ${name}`)
      if (/^(href|src|action|formaction|data|xlink:href)$/.test(name) &&
          value && !OURS.test(value))
        amiss.push(`${element.tagName} ${name}=${value}`)
      words.push(value)
    }
    if ('value' in element && typeof element.value === 'string') words.push(element.value)
    if (/^(IFRAME|OBJECT|EMBED|MARQUEE|BASE|STYLE|AUDIO)$/.test(element.tagName))
      amiss.push(element.outerHTML.slice(0, 90))
  }
  const links = [...document.querySelectorAll('a[href]')].map((link) => link.href)
  return { amiss, words: words.join('\\n'), links }
}"""


class Watch:
    """A browser's window with an alarm: what ran, what was blocked, and which words were shown."""

    def __init__(self, chromium: Browser, address: str, width: int = 1280) -> None:
        self.address = address
        self.alarms: list[str] = []
        self.shown = ""
        self.looked = 0
        self.context: BrowserContext = chromium.new_context(
            locale="nb-NO", viewport={"width": width, "height": 800}
        )
        self.context.expose_binding("alarm", lambda source, said: self.alarms.append(said))
        self.context.add_init_script(LISTEN)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("dialog", lambda dialog: self.alarms.append(f"dialog {dialog.message}"))
        self.page.on("request", lambda request: self._asked(request.url))

    def _asked(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.alarms.append(f"asked {url}")

    def look(self) -> list[str]:
        """Look at what is shown now; give its links."""
        found = self.page.evaluate(LOOK)
        self.looked += 1
        self.shown += found["words"]
        self.alarms += [f"{urlsplit(self.page.url).path}: {each}" for each in found["amiss"]]
        links: list[str] = found["links"]
        return links

    def open(self, path: str) -> list[str]:
        """Open a page and look at it."""
        self.page.goto(self.address + path, wait_until="load")
        return self.look()

    def numbers(self) -> set[int]:
        """Give the numbers of the payloads that were shown, whole and unchanged."""
        shown = " ".join(self.shown.split())
        return {n for n, each in enumerate(payloads()) if " ".join(each.split()) in shown}
