"""What a screen must be at any size: at rest, nothing cut, nothing tiny, no finding of axe."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from tests.fresh import on_postgresql
from tests.journeys.stage import DESK, PHONE, ROOT

AXE = (ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
FINDINGS = (
    "axe.run(document, { resultTypes: ['violations'] })"
    """.then((found) => found.violations.map((rule) => {
  const where = rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 120))
  return `axe ${rule.id}: ${where.join(' | ')}`
}))"""
)
AT_REST = """async () => {
  await document.fonts.ready
  for (const each of document.getAnimations())
    if (each.effect?.getComputedTiming().endTime !== Infinity) each.finish()
  for (let frames = 0; frames < 2; frames++)
    await new Promise((painted) => requestAnimationFrame(painted))
}"""
AMISS = """() => {
  const amiss = [], wide = document.documentElement.scrollWidth - innerWidth
  if (wide > 0) amiss.push(`scrolls sideways by ${wide} px`)
  const hides = (how) => how === 'hidden' || how === 'clip'
  for (const element of document.querySelectorAll('body *')) {
    const box = element.getBoundingClientRect(), style = getComputedStyle(element)
    if (box.width <= 1 || element.closest('.hidden')) continue
    const say = (what) => {
      const told = (element.textContent || '').trim().slice(0, 40)
      amiss.push(`${element.tagName} «${told}» ${what}`)
    }
    const words = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())
    if (words && parseFloat(style.fontSize) < 15.9) say(`is ${style.fontSize}`)
    if (words && (box.right > innerWidth + 1 || box.left < -1)) say('is off the side')
    if (!element.matches('input, select, textarea, svg')) {
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element
      if (hides(style.overflowX) && scrollWidth > clientWidth + 2) say('is cut')
      if (hides(style.overflowY) && scrollHeight > clientHeight + 2) say('is cut below')
    }
    if (element.matches("[href^='tel:'] strong")) {
      const run = document.createRange()
      run.selectNodeContents(element)
      const lines = new Set([...run.getClientRects()].map(({ top }) => top))
      if (lines.size > 1) say('is a broken number')
    }
    const target = element.matches('button, a, select, input, textarea, summary, .choice')
    if (!target || (element.closest('.choice') && !element.matches('.choice'))) continue
    if (box.height < 47.5 || box.width < 47.5)
      say(`is ${Math.round(box.width)} × ${Math.round(box.height)}`)
  }
  return amiss
}"""


def axe_findings(page: Page) -> list[str]:
    """Give what axe finds amiss in the page as it is now; a page is given axe once."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE + ";void 0")
    found: list[str] = page.evaluate(FINDINGS)
    return found


def photograph(page: Page, path: Path) -> None:
    """Bring a page to rest, and take a picture of it, of its whole length.

    Both databases show the same, so only the run on SQLite takes pictures.
    """
    page.evaluate(AT_REST)
    if not on_postgresql():
        page.screenshot(path=path, full_page=True)


class Looks:
    """Photographs screens and gathers what is amiss with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "phone"
        self.amiss: list[str] = []

    def at(self, page: Page, name: str, *, large: bool = False) -> None:
        """Look at what is shown, on phone and desk; `large` also with letters twice as large."""
        for size in (DESK, PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            self._one(page, f"{name}-{size['width']}")
        if large:
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            self._one(page, f"{name}-360-large")
            page.evaluate("document.documentElement.style.fontSize = ''")

    def _one(self, page: Page, name: str) -> None:
        photograph(page, self.folder / f"{name}.png")
        found = [*page.evaluate(AMISS), *axe_findings(page)]
        self.amiss += [f"{name}: {each}" for each in dict.fromkeys(found)]
