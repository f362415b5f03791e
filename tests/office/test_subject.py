"""Innsyn and erasure for a household: all of it, marked and logged; gone from phones in truth."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from server import access_log
from server.access_log import AccessRow
from server.acts import Act
from server.database import Database
from server.demo.municipality import STAFF
from server.keeping import audit, holds, subject, terms
from server.keeping.erasure import ledger_of
from server.keeping.paper import Album
from server.office.insight_words import marks
from server.office.subject_file import as_pdf
from server.people import Replica
from server.records.contact import Contact
from server.records.record import Envelope, Gone
from server.records.tenancy import Tenancy
from server.roles import ROLE_LABELS
from server.shapes import Json
from tests.makers import NOW, new_id
from tests.office.conftest import Enter
from tests.office.insights import approve, begin, give, make_ready
from tests.office.reader import Page, Reader
from tests.office.test_homes import HOME
from tests.server.phone import OURS, PUBLIC, open_login

WHY = "consent"


def package(enter: Enter, form: str = "json") -> bytes:
    """Have the package prepared, approved by another, and given out."""
    lise = enter("lise")
    where = begin(lise)
    make_ready(lise, where)
    approve(enter("ingrid"), where)
    status, body, _ = give(lise, where, form)
    assert status == 200, body.decode(errors="replace")
    return body


def test_the_package_has_all_that_the_leader_may_see_in_words(
    enter: Enter, database: Database
) -> None:
    said = json.loads(package(enter))
    with database.reading() as session:
        sure = subject.about(session, HOME.tenancy)
        name = session.scalar(select(Contact.name).where(Contact.tenancy == HOME.tenancy))
    sorts = {record["kind"] for record in said["records"] if record["certain"]}
    assert {"tenancy", "contact", "planned_visit"} <= sorts and len(sure) > 3
    assert {record["id"] for record in said["records"] if record["certain"]} <= sure.keys()
    assert said["not_shown"] == len(sure.keys() - {each["id"] for each in said["records"]})
    written = json.dumps(said, ensure_ascii=False)
    assert name and name in written and HOME.address in written
    named = [person.name for person in STAFF.values() if person.name in written]
    assert named == [], "staff by role alone"
    assert all(record["kept"] and record["written_by"] for record in said["records"])


def test_how_long_it_is_kept_is_the_term_that_stands_here(enter: Enter, database: Database) -> None:
    def kept() -> set[str]:
        records = json.loads(package(enter))["records"]
        return {each["kept"][:5] for each in records if each["kind"] == "planned_visit"}

    assert kept() == {"2 år."}
    with database.writing() as session:
        by, cells = STAFF["lise"].id, {"years": "1"}
        terms.change(session, "planned_visit", cells, by, NOW, reason="Ny arkivplan.", after=0)
    assert kept() == {"1 år."}


def test_who_looked_is_in_it_and_giving_it_out_is_itself_written_down(
    enter: Enter, database: Database
) -> None:
    enter("ingrid").open(f"/office/records/{HOME.tenancy}")
    first = json.loads(package(enter))
    roles = {role for each in first["readings"] for role in each["roles"]}
    assert ROLE_LABELS[STAFF["ingrid"].role] in roles
    second = json.loads(package(enter))
    given = [each for each in second["readings"] if each["purpose"] == access_log.EXPORT]
    assert len(given) == 1 and given[0]["records"] == len(first["records"])
    with database.reading() as session:
        whose = AccessRow.purpose == access_log.EXPORT
        assert session.scalar(select(func.count()).select_from(AccessRow).where(whose)) == 2


def test_names_of_others_are_marked_and_those_of_the_household_are_not() -> None:
    words = "Hun snakket med Petra Olsen og petra om Kari. Maja var ikke hjemme."
    found = [words[start:end] for start, end in marks(words, {"petra", "olsen", "kari"})]
    assert found == ["Petra", "Olsen", "Kari"]


ODD: Mapping[str, Json] = {
    "title": "Innsyn",
    "basis": "Artikkel 15",
    "about": "#panic() $x$ *fet* _skrå_ \\ @ref <etikett> [x]",
    "made_at": "2026-11-23T08:00:00.000Z",
    "made_on": "i dag",
    "records": [
        {
            "title": "= Ikke en overskrift",
            "written": "i går",
            "written_by": ["Ansatt"],
            "certain": False,
            "kept": "5 år.",
            "fields": [{"label": "#x", "words": "Å møte [Sl] 👩‍🔧 ሰላም سلام", "blanks": [[8, 12]]}],
        },
        {"left_out": "[Sladdet: #panic()]"},
    ],
    "left_out": [{"blank": "[#x]", "words": "= Nei", "law": "*§*", "places": 2}],
    "readings": [],
    "not_shown": 2,
    "unsent": "",
    "rights": "",
}


def test_the_paper_is_an_archive_pdf_and_takes_words_for_words(enter: Enter) -> None:
    """No text is read as markup, and signs that no font has do not stop it."""
    drawn = package(enter, "pdf")
    assert drawn.startswith(b"%PDF-1.7") and b"GTS_PDFA1" in drawn
    assert as_pdf(ODD, Album()).read(5) == b"%PDF-"


@pytest.mark.parametrize("login", ["ingrid", "kari", "eva", "admin"])
def test_nobody_but_a_leader_gives_out_or_erases(login: str, enter: Enter) -> None:
    assert enter(login).open(f"/office/subjects/{HOME.tenancy}").status == 404


def erase(reader: Reader, reason: str = WHY) -> Page:
    """Erase as the page offers it."""
    form = reader.open(f"/office/subjects/{HOME.tenancy}").form("Slett alt om leieforholdet")
    return reader.send(form, reason=reason)


def test_a_reason_is_wanted_and_a_hold_stops_it(enter: Enter, database: Database) -> None:
    lise = enter("lise")
    for none in ("", "Hun heter Solveig"):
        assert "Grunnen mangler." in erase(lise, none).words
    with database.writing() as session:
        holds.place(session, HOME.tenancy, "Rettssak", STAFF["lise"].id, datetime.now(UTC))
    assert "Slettingen er stanset." in erase(lise).words
    with database.reading() as session:
        assert session.get(Tenancy, HOME.tenancy) is not None


def test_what_is_kept_of_why_is_a_code_with_who_and_when(
    app: Flask, enter: Enter, database: Database
) -> None:
    """No word of one's own about who is erased stands for good, in the log or the ledger file."""
    assert erase(enter("lise")).status == 200
    ledger = ledger_of(app.extensions["oppgang_settings"])
    lines = [json.loads(line) for line in ledger.read_text().splitlines()]
    assert {(line["why"], line["by"]) for line in lines} == {
        ("subject_erased: consent", STAFF["lise"].id)
    }
    with database.reading() as session:
        acts = session.scalars(select(Act).where(Act.what == "erased")).all()
        assert {(act.by, json.loads(act.note)["why"]) for act in acts} == {
            (STAFF["lise"].id, "subject_erased: consent")
        }
        assert audit.verify(session, app.extensions["oppgang_settings"]).faults == ()


def test_all_about_them_goes_and_each_phone_is_told_of_as_it_answers(
    app: Flask, enter: Enter, database: Database
) -> None:
    """Two phones had it: one comes back at once, the other later; only what they tell counts."""
    kari, amir = (Pocket(app, login) for login in ("kari", "amir"))
    assert HOME.tenancy in kari.load() and HOME.tenancy in amir.load()
    with database.reading() as session:
        sure = subject.about(session, HOME.tenancy)
    lise = enter("lise")
    assert erase(lise).status == 200
    with database.reading() as session:
        assert not session.scalars(select(Envelope.id).where(Envelope.id.in_(sure))).all()
        assert set(session.scalars(select(Gone.id))) >= sure.keys()
    assert "slettet på 0 av 2 telefoner; 2 har ikke svart, sist hørt fra" in told(lise)
    assert HOME.tenancy not in kari.load()
    assert "slettet på 0 av 2 telefoner" in told(lise), "what was sent is not yet stored"
    kari.ask()
    assert "slettet på 1 av 2 telefoner; 1 har ikke svart, sist hørt fra" in told(lise)
    amir.load()
    amir.ask()
    assert "slettet på 2 av 2 telefoner" in told(lise) and "har ikke svart" not in told(lise)


def test_until_when_a_silent_phone_can_be_read_is_said_and_then_that_it_cannot(
    app: Flask, enter: Enter
) -> None:
    """By the lease that each was last granted; a phone is named to those who keep the phones."""
    monday = datetime(2026, 11, 30, 11, tzinfo=UTC)
    with time_machine.travel(monday, tick=False) as clock:
        kari, amir = Pocket(app, "kari", knows_leases=True), Pocket(app, "amir")
        kari.load()
        kari.ask()
        amir.load()
        erase(enter("lise"))
        words = told(enter("lise"))
        assert "slettet på 0 av 2 telefoner; 1 utløper senest 3.12. kl. 12.05; 1 har ikke" in words
        hers = "sist hørt fra i dag kl. 12.00. Det som er på den, kan leses til senest 3.12."
        assert f"Telefonen til {STAFF['kari'].name}: {hers}" in words
        assert "den følger noen frist: det som er på den, kan fortsatt leses." in words
        assert f"En telefon: {hers}" in told(enter("vera"))
        clock.move_to(datetime(2026, 12, 3, 11, 4, tzinfo=UTC))
        assert "1 utløper senest i dag kl. 12.05" in told(enter("lise"))
        clock.move_to(datetime(2026, 12, 3, 11, 5, tzinfo=UTC))
        words = told(enter("lise"))
        assert "; 1 kan ikke leses mer; 1 har ikke svart" in words and "utløper" not in words


def test_of_many_silent_phones_the_latest_end_and_the_longest_silence_are_said(
    app: Flask, enter: Enter, database: Database
) -> None:
    """So that it is known until when anything can be read, and since when nothing is known."""
    monday = datetime(2026, 11, 30, 11, tzinfo=UTC)
    with time_machine.travel(monday, tick=False):
        phones = [Pocket(app, "kari") for _ in range(4)]
        for phone in phones:
            phone.load()
        erase(enter("lise"))
        with database.writing() as session:
            for day, phone in enumerate(phones[:2], start=1):
                row = session.get_one(Replica, phone.replica)
                row.readable_until = monday + timedelta(days=day)
            session.get_one(Replica, phones[2].replica).last_seen_at = None
            row = session.get_one(Replica, phones[2].replica)
            row.registered_at = monday - timedelta(days=3)
        words = told(enter("lise"))
        assert "2 utløper senest 2.12. kl. 12.00; 2 har ikke svart" in words
        assert "2 har ikke svart, sist hørt fra 27.11. kl. 12.00" in words


def told(reader: Reader) -> str:
    """Read how far the erasure has come."""
    return reader.open("/office/privacy").words


class Pocket:
    """A phone that loads page by page and remembers its place."""

    def __init__(self, app: Flask, login: str, knows_leases: bool = False) -> None:
        self.user, self.replica = STAFF[login].id, new_id()
        self.client = open_login(app, self.user)
        self.cursor: str | None = None
        self.held: set[str] = set()
        self.policy: str | None = None
        self.knows_leases = knows_leases
        body = {"installation": new_id(), "public_key": PUBLIC, "app": "test", "contract": 1}
        answer = self.client.put(f"/api/v1/replicas/{self.replica}", json=body, headers=OURS)
        assert answer.status_code == 200

    def ask(self) -> bool:
        """One round trip; says whether there is more."""
        body = {"user": self.user, "replica": self.replica, "contract": 1, "push": []}
        body |= {"cursor": self.cursor, "phone_now": "2026-11-23T08:00:00.000Z", "health": {}}
        if self.knows_leases:
            body["policy"] = self.policy
        reply = self.client.post("/api/v1/sync", json=body, headers=OURS).get_json()
        self.policy = reply.get("policy", {"version": self.policy})["version"]
        self.cursor = reply["cursor"]
        self.held |= {put["id"] for put in reply["puts"]}
        self.held -= set(reply["leaves"])
        return bool(reply["more"])

    def load(self) -> set[str]:
        """Ask until there is no more; give what is held then."""
        while self.ask():
            pass
        return self.held
