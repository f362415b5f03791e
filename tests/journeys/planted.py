"""A field worker whose every word is one that stands nowhere else, so that it can be looked for.

It makes people and records, and judges nothing.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from server import people
from server.database import Database
from server.roles import Role
from server.shapes import Json, write_instant
from sync.mutation import one_per_id
from tests.journeys.stage import wait_until
from tests.journeys.town import lives, plan, write
from tests.makers import USERS, mutation, new_id, visit

STEM = "xqj"
HOMES, VISITS = 60, 40
TELEPHONE = "918 27 364"
LISTEN = """() => {
  const real = window.fetch
  window.heard = ''
  window.fetch = async (...asked) => {
    const answer = await real(...asked)
    void answer.clone().text().then((text) => (window.heard += text))
    return answer
  }
}"""


class Words:
    """Words that stand nowhere else, not in another's either; every one given out is remembered."""

    def __init__(self, whose: str) -> None:
        self._chance = random.Random(whose)
        self.all: list[str] = []

    def one(self) -> str:
        """A new word."""
        self.all.append(STEM + "".join(self._chance.choices("abcdefghiklmnoprstuvwyz", k=12)))
        return self.all[-1]

    def some(self, count: int) -> str:
        """Several new words in a row."""
        return " ".join(self.one() for _ in range(count))


class Victim:
    """Somebody whose name, login, passphrase, homes and visits are all planted words."""

    def __init__(self, database: Database) -> None:
        self.words = Words("the victim")
        self.id, self.area = new_id(0x5000), new_id(0x5001)
        self.login, self.name = self.words.one(), self.words.one()
        self.passphrase = self.words.some(4)
        self.now = datetime.now(UTC)
        with database.writing() as session:
            people.add_user(session, self.id, self.name, self.now)
            people.set_password(session, self.id, self.login, self.passphrase)
            people.grant(session, new_id(), self.id, Role.BOMILJO, self.area)
        sent_down = len(self.words.all)
        self.addresses = self._town(database)
        self._work_of_others(database)
        self.sent_down = self.words.all[sent_down:]

    def _town(self, database: Database) -> list[str]:
        """An area, its homes, and the visits agreed for today."""
        records = [
            mutation("area", self.area, {"name": self.words.one()}, author="lise"),
            mutation("colleague", self.id, {"name": self.words.one()}, author="lise"),
        ]
        addresses = [self.words.one() for _ in range(HOMES)]
        for number, address in enumerate(addresses):
            body = {"area": self.area, "address": address, "access": self.words.some(2)}
            records.append(mutation("dwelling", new_id(0x6000 + number), body, author="lise"))
        for number in range(VISITS):
            home = new_id(0x6000 + number)
            records += lives(home, self.words.one(), self.now, TELEPHONE)
            at, visitors = f"{8 + number // 6:02}:{number % 6}0", {f"visitors/{self.id}": True}
            records.append(plan(new_id(0x7000 + number), home, at, visitors, self.now))
        write(database, records, self.now)
        return addresses

    def _work_of_others(self, database: Database) -> None:
        """What was sent in from the last of the visits: answers with remarks, and the talk."""
        planned, home = new_id(0x7000 + VISITS - 1), new_id(0x6000 + VISITS - 1)
        at = write_instant(self.now)
        sent_in: Json = {"state": "submitted", "by": USERS["lise"], "at": at}
        id, body = visit(planned)
        run = {"visit": id, "dwelling": home, "checklist": "NYVRI1", "subject": "dwelling"}
        remarks = {f"remarks/NYVRI1-{number:02}": self.words.some(2) for number in range(8, 13)}
        notes = {f"notes/{new_id()}": self.words.some(3) for _ in range(3)}
        talk = {"visit": id, "dwelling": home, "summary": self.words.some(4), **notes}
        words = {"record": id, "words": self.words.some(3)}
        records = [
            mutation("visit", id, {**body, "dwelling": home, "status": sent_in}, author="lise"),
            mutation(
                "checklist_run",
                one_per_id("checklist_run", [id, "NYVRI1", "dwelling"]),
                {**run, **remarks, "status": sent_in},
                author="lise",
            ),
            mutation(
                "conversation",
                one_per_id("conversation", [id]),
                {**talk, "status": sent_in},
                author="lise",
            ),
            mutation("addendum", new_id(), words, author="lise"),
        ]
        write(database, records, self.now)

    def begin(self, page: Page) -> None:
        """Log in for the first time, and wait until all that the office has is here."""
        page.evaluate(LISTEN)
        page.get_by_role("button", name="Vis", exact=True).click()
        self.log_in(page)
        expect(page.get_by_role("article").filter(has_text=self.addresses[0])).to_be_visible()
        wait_until(lambda: self.not_heard(page) == [], "all the planted words came to the phone")

    def log_in(self, page: Page) -> None:
        """Give name and password; the password opens the vault too."""
        page.get_by_label("Navn").press_sequentially(self.login)
        page.get_by_label("Passord", exact=True).press_sequentially(self.passphrase)
        page.get_by_role("button", name="Logg inn").click()
        expect(page.get_by_role("navigation", name="Hovedmeny")).to_be_visible()

    def not_heard(self, page: Page) -> list[str]:
        """The words that no answer of the server has brought to this phone yet."""
        heard = str(page.evaluate("window.heard"))
        return [word for word in self.sent_down if word not in heard]

    def unlock(self, page: Page) -> None:
        """Open the app that was started again."""
        page.get_by_label("Passordfrase").fill(self.passphrase)
        page.get_by_role("button", name="Lås opp", exact=True).click()
        expect(page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()
