"""The people of a journey: what they do, in the words that they see on the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, Playwright, expect

from tests.browser import Chromium
from tests.journeys.stage import DESK, PHONE, Phone, wait_until
from tests.journeys.town import PASSPHRASE


def saved_mark(page: Page) -> Locator:
    """Where a page says that what was typed is on the phone; a dead line has its own banner."""
    return page.get_by_role("status").get_by_text("Lagret på telefonen", exact=True)


class FieldWorker:
    """Somebody with a phone."""

    def __init__(
        self, name: str, play: Playwright, chromium: Chromium, disk: Path, address: str
    ) -> None:
        self.name, self.password = name, PASSPHRASE
        self.phone = Phone(play, chromium, disk, address, PHONE)

    @property
    def page(self) -> Page:
        """The phone's screen."""
        return self.phone.page

    def begin(self, password: str = PASSPHRASE, home: str = "I dag") -> FieldWorker:
        """Open the app for the first time and log in; a strong password is the passphrase too."""
        self.password = password
        self.phone.start()
        self.page.get_by_label("Navn").fill(self.name)
        self.page.get_by_label("Passord", exact=True).fill(password)
        self.page.get_by_role("button", name="Logg inn").click()
        heading = self.page.get_by_role("heading", name=home, exact=True)
        expect(heading).to_be_visible()
        return self

    def ready(self) -> FieldWorker:
        """Wait until the phone has all that it is to have, and may lose its network."""
        expect(self.page.get_by_text("Klar for dagen. Hentet kl.").first).to_be_visible()
        return self

    def wake(self) -> FieldWorker:
        """Start the browser again, and unlock."""
        self.phone.start()
        self.unlock()
        return self

    def unlock(self) -> None:
        """Give the passphrase."""
        self.page.get_by_label("Passordfrase").fill(self.password)
        self.page.get_by_role("button", name="Lås opp", exact=True).click()

    def log_in_again(self) -> None:
        """Log in from the app: words go sealed without it, photos and news wait for it."""
        self.page.get_by_role("button", name="Logg inn").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("Navn").fill(self.name)
        dialog.get_by_label("Passord", exact=True).fill(self.password)
        dialog.get_by_role("button", name="Logg inn").click()
        expect(dialog).to_have_count(0)

    def logged_in_until(self, true: Callable[[], bool], what: str) -> None:
        """Wait for what needs a login; a browser that was killed may have lost it, or not."""
        asked = self.page.get_by_role("button", name="Logg inn")
        wait_until(lambda: true() or asked.is_visible(), what)
        if not true():
            self.log_in_again()
            wait_until(true, what)

    def start_visit(self, address: str) -> None:
        """Start the agreed visit at an address."""
        self.card(address).get_by_role("button", name="Start besøk").click()

    def go_on(self, address: str) -> None:
        """Go on with a visit that was begun."""
        self.card(address).get_by_role("button", name="Fortsett").click()

    def card(self, address: str) -> Locator:
        """The card of a visit in I dag."""
        return self.page.locator("article, li").filter(has_text=address).first

    def choose(self, question: str, answer: str) -> None:
        """Answer a question of the visit's head, whichever way the form draws it."""
        group = self.page.get_by_role("group", name=question)
        choices = self.page.get_by_label(question).and_(self.page.locator("select"))
        expect(group.or_(choices).first).to_be_visible()
        if group.count():
            group.get_by_text(answer, exact=True).click()
        else:
            choices.select_option(label=answer)

    def tick(self, item: str, answer: str) -> None:
        """Answer one item of the checklist."""
        self.page.get_by_role("group", name=item).get_by_text(answer, exact=True).click()

    def answer(self, item: str, answer: str) -> Locator:
        """One answer of one item of the checklist."""
        return self.page.get_by_role("group", name=item).get_by_role("radio", name=answer)

    def box(self, name: str) -> Locator:
        """A field that words are written in."""
        return self.page.get_by_role("textbox", name=name).first

    def expect_saved(self) -> None:
        """The page as a whole says that what was written is safe on the phone."""
        expect(self.page.get_by_text("Lagrer", exact=True)).to_have_count(0)
        expect(saved_mark(self.page).last).to_be_visible()
        self.expect_written()

    def expect_written(self) -> None:
        """The chip is busy with nothing: what was tapped and taken is on the disk too."""
        expect(self.page.locator("button.chip [aria-busy=false]")).to_be_visible()

    def finish(self) -> None:
        """Press Ferdig, and let the time for Angre pass by going on to something else."""
        self.page.get_by_role("button", name="Ferdig", exact=True).click()
        expect(self.page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()

    def let_undo_pass(self) -> None:
        """Let the time for Angre be over, and what it held back be on the disk."""
        self.page.mouse.move(0, 0)  # a pointer that rests on «Angre» keeps it there
        expect(self.page.get_by_role("button", name="Angre")).to_have_count(0)
        self.expect_written()

    def open_sent(self, address: str) -> None:
        """Open a visit that was sent in, from the dwelling's page."""
        if not self.page.get_by_role("navigation").is_visible():
            self.back()
        self.go("Boliger")
        self.page.get_by_role("button", name=address).first.click()
        self.page.locator("main button.entry").filter(has_text="Innflytting").first.click()

    def expect_sent(self, address: str, words: str) -> None:
        """Open a visit that was sent in until it says these words: an open page does not change."""

        def says() -> bool:
            self.sync()
            self.open_sent(address)
            return self.page.get_by_text(words).first.is_visible()

        def instead() -> str:
            return f"{self.name} reads {words}; instead:\n{self.page.inner_text('body')}"

        wait_until(says, instead)

    def nobody_home(self, address: str) -> None:
        """Ikke hjemme at an agreed visit, and no new try."""
        card = self.page.get_by_role("article", name=address, exact=True)
        card.get_by_role("button", name="Ikke hjemme").click()
        expect(card.get_by_text("Notert kl.")).to_be_visible()

    def to_today(self) -> None:
        """Back to I dag from wherever the thumb is: a page that is written in has no ways on it."""
        ways = self.page.get_by_role("navigation")
        title = self.page.locator("h1").first
        expect(ways.or_(self.page.get_by_role("button", name="Tilbake")).first).to_be_visible()
        while not ways.is_visible():
            before = title.inner_text()
            self.back()
            expect(title).not_to_have_text(before)
        self.go("I dag")
        expect(self.page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()

    def open_outbox(self) -> None:
        """Open Utboks by the chip."""
        self.page.get_by_role("button", name="Åpne Utboks").click()
        expect(self.page.get_by_role("heading", name="Utboks")).to_be_visible()

    def back(self) -> None:
        """Leave the page by its arrow."""
        self.page.get_by_role("button", name="Tilbake").first.click()

    def expect_all_received(self) -> None:
        """The chip says that nothing waits on the phone."""
        chip = self.page.get_by_text("Sist mottatt").first
        expect(chip).to_be_visible()

    def sync(self) -> None:
        """Bring the app to the front, as a person does who takes the phone out: it syncs."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def without_coverage(self, gone: bool) -> None:
        """Take the network from this phone alone, or give it back."""
        assert self.phone.context is not None
        self.phone.context.set_offline(gone)

    def go(self, place: str) -> None:
        """A place of the bottom bar."""
        self.page.get_by_role("navigation").get_by_role("button", name=place).click()


class Desk:
    """Somebody in the office."""

    def __init__(
        self, name: str, play: Playwright, chromium: Chromium, disk: Path, address: str
    ) -> None:
        self.name = name
        self.phone = Phone(play, chromium, disk, f"{address}/office", DESK)

    @property
    def page(self) -> Page:
        """The desk's screen."""
        return self.phone.page

    def begin(self, password: str = PASSPHRASE) -> Desk:
        """Log in."""
        self.phone.start()
        self.page.get_by_label("Navn").fill(self.name)
        self.page.get_by_label("Passord", exact=True).fill(password)
        self.page.get_by_role("button", name="Logg inn", exact=True).click()
        expect(self.page.get_by_role("heading", name="Oversikt")).to_be_visible()
        return self

    def go(self, place: str) -> None:
        """A page of the main menu."""
        menu = self.page.get_by_role("navigation", name="Hovedmeny")
        link = menu.get_by_role("link", name=place)
        if not link.is_visible():
            menu.get_by_text("Mer", exact=True).click()
        link.click()
        expect(self.page.get_by_role("heading", name=place, level=1)).to_be_visible()

    def open_visit(self, address: str) -> None:
        """Open a visit in Innboks as soon as it is there (Angre holds it some seconds)."""
        link = self.page.get_by_role("link", name=address).first

        def there() -> bool:
            self.go("Innboks")
            return link.is_visible()

        wait_until(there, f"{address} is in Innboks")
        link.click()
        expect(self.page.get_by_role("heading", name=address)).to_be_visible()

    def approve(self) -> None:
        """Approve the visit that is open."""
        self.page.get_by_role("button", name="Godkjenn", exact=True).click()
        expect(self.page.get_by_text("Godkjent").first).to_be_visible()

    def send_back(self, field: str, words: str) -> None:
        """Return the visit that is open with words to one field."""
        row = self.page.locator("[data-field]").filter(has_text=field).first
        row.get_by_text("Be om retting").click()
        row.get_by_role("textbox").fill(words)
        self.page.get_by_role("button", name="Send tilbake", exact=True).click()
        expect(self.page.get_by_text("Sendt tilbake").first).to_be_visible()

    def close_phone(self, row: Locator) -> None:
        """«Mistet telefon» in a row of Enheter; a login that is not fresh is asked for again."""
        row.get_by_text("Mistet telefon").click()
        row.get_by_role("button", name="Steng telefonen").click()
        self.expect_anew(row.get_by_text("Stengt", exact=True))

    def expect_anew(self, there: Locator) -> None:
        """Expect what comes next, by way of the login where the last one is not fresh enough."""
        password = self.page.get_by_label("Passord", exact=True)
        expect(password.or_(there).first).to_be_visible()
        if password.is_visible():
            password.fill(PASSPHRASE)
            self.page.get_by_role("button").filter(has_text="Logg inn").click()
        expect(there).to_be_visible()

    def wait_for_answer(self, field: str) -> None:
        """Open the different answers about a field as soon as they are there."""
        link = self.page.get_by_role("link", name=field).first

        def there() -> bool:
            self.go("Ulike svar")
            return link.is_visible()

        wait_until(there, f"{field} is in Ulike svar")
        link.click()
        expect(self.page.get_by_role("heading", name=field, level=1)).to_be_visible()

    def decide(self, whose: str, why: str) -> None:
        """Choose somebody's answer, and say why."""
        self.page.get_by_role("radio", name=whose).first.check()
        self.page.get_by_label("Hvorfor?").fill(why)
        self.page.get_by_role("button", name="Lagre avgjørelsen").click()
        expect(self.page.get_by_role("button", name="Angre avgjørelsen").first).to_be_visible()

    def undo_answer(self) -> None:
        """Take back the decision just made, and see the question open again."""
        self.page.get_by_role("button", name="Angre avgjørelsen").first.click()
        expect(self.page.get_by_role("button", name="Lagre avgjørelsen")).to_be_visible()
