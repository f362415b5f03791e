"""How somebody walks the programmes on a phone; it expects nothing of what comes of it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page

from tests.journeys.people import FieldWorker


class Walk:
    """One person on the programmes' screens, taps counted."""

    def __init__(self, who: FieldWorker) -> None:
        self.who, self.taps = who, 0

    @property
    def page(self) -> Page:
        """The screen as it is now: a browser that was killed has another."""
        return self.who.page

    def tap(self, what: Locator) -> None:
        """One touch of the screen."""
        what.click()
        self.taps += 1

    def press(self, name: str) -> None:
        """One touch of a button."""
        self.tap(self.page.get_by_role("button", name=name, exact=True).first)

    def to(self, programme: str) -> None:
        """From I dag to a programme."""
        self.press("Saker og tiltak")
        self.tap(self.page.locator("main button.entry").filter(has_text=programme).first)

    def entry(self, words: str) -> Locator:
        """One line of a list on the screen."""
        return self.page.locator("main button.entry").filter(has_text=words).first

    def say(self, group: str, answer: str) -> None:
        """One touch of an answer under a question."""
        place = self.page.get_by_role("group", name=re.compile(f"^{re.escape(group)}"))
        self.tap(place.get_by_text(answer, exact=True).first)

    def score(self, area: str, step: int) -> None:
        """One touch of a step on a short scale."""
        place = self.page.get_by_role("radiogroup", name=area)
        self.tap(place.get_by_text(str(step), exact=True).first)

    def write(self, label: str, words: str) -> None:
        """Type in a field."""
        self.page.get_by_label(label, exact=True).first.fill(words)
