"""The rest of the town: the office at its pages, rights that come and go, time, dead disks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from server.roles import Role
from sync.mutation import office_replica
from tests.simulation.books import Standing
from tests.simulation.layout import DWELLINGS, GRANTS, NORTH, OFFICE, SOUTH, TENANCY, instant
from tests.simulation.memory import (
    Form,
    Typed,
    is_unique,
    text_of,
)
from tests.simulation.mischief import Mischief
from tests.simulation.town import office_mutation

ERASABLE = ("planned_visit", "visit", "conversation", "checklist_run")


class Office(Mischief):
    """What happens away from the phones."""

    def do_rights(self) -> None:
        """Take somebody's rights in an area away, or give them these or others."""
        here = {one.user for one in self.vaults.values()}
        granted = [one for one in GRANTS if one[2] is not None and one[0] in here]
        user, role, area = self.random.choice(granted)
        if self.random.random() < 0.5:
            self.town.withdraw(user, str(area))
        else:
            role = self.random.choice((role, role, Role.CARETAKER, Role.BOMILJO))
            self.town.grant(user, role, area)
        self.note("rights", user, role, area)

    def do_office_open(self) -> None:
        """Somebody in the office opens a page, and may let it lie."""
        user = self.random.choice(OFFICE)
        seen = self.town.visible(user, self.now)
        kinds = (*ERASABLE, "review", "assignment")
        pages = [one for one in seen.values() if one.kind in kinds]
        if pages:
            mine = [one for one in pages if (one.kind, one.id) in self.focus[:10]]
            mine = mine if mine and self.random.random() < 0.6 else pages
            mine.sort(key=lambda one: (one.kind != "review", one.id))
            page = self.random.choice(mine[: self.random.choice((3, len(mine)))])
            if page.kind == "review":
                about = seen.get(str(page.body.get("about")))
                if about is None:
                    return  # whoever may not read the record is not let to decide about it
                self.saw(user, about.id, about.body)
                page = Standing(page.id, "review", about.seq, page.deleted, page.body)
                self.saw(user, about.id, {page.body["path"]: page.body.get("value")})
            self.pages.append((user, page))
            self.saw(user, page.id, page.body)

    def do_office_write(self) -> None:
        """Somebody in the office acts on a page they opened some time ago."""
        if not self.pages:
            return
        user, page = self.pages.pop(self.random.randrange(len(self.pages)))
        written = self.office_writes(user, page)
        if written is None:
            return
        path, value, seen_seq = written
        seen = {path: {"value": page.body.get(path), "seq": seen_seq}}
        one = office_mutation(
            user, self.mid(), ("patch", page.kind, page.id), {path: value}, seen, self.now
        )
        if is_unique(value):
            self.owner[text_of(value)] = user
        typed = Typed(user, page.id, path, text_of(value), self.at)
        self.typed[one["mid"]] = [typed]
        if path == "decision":
            about, asked = page.body["about"], page.body["path"]
            self.remember_decision(user, user, one["mid"], about, asked)
        self.note("office", user, one, self.town.push(user, office_replica(user), [one], self.now))

    def office_writes(self, user: str, page: Standing) -> tuple[str, Any, int] | None:
        """Draw what somebody in the office does to a page."""
        form = Form(page.id, page.kind, page.seq, page.body)
        at = instant(self.now)
        if page.kind == "review":
            decided = page.body.get("decision")
            choice = self.random.choice(("author", "standing"))
            decision = {"choice": choice, "record_seq": page.seq, "by": user, "at": at}
            undo = decided is not None and self.random.random() < 0.5
            standing = self.town.records([page.id])
            seq = standing[0].seq if standing else page.seq
            return "decision", None if undo else decision, seq
        state = (page.body.get("status") or {}).get("state", "draft")
        if state in ("submitted", "returned") and self.random.random() < 0.6:
            end = self.random.choice(("approved", "returned"))
            return "status", {"state": end, "by": user, "at": at}, page.seq
        path, value = self.draw(form, user)
        return None if path == "status" else (path, value, page.seq)

    def do_move(self) -> None:
        """A dwelling is handed over to the other area, and all that hangs on it goes along."""
        self.office_changes("dwelling", self.random.choice(DWELLINGS), "area")

    def do_team(self) -> None:
        """A tenancy ends, or begins again after all: what is confided follows its team."""
        self.office_changes("tenancy", TENANCY, "ended")

    def office_changes(self, kind: str, id: str, path: str) -> None:
        """Somebody in the office changes one thing that others are placed by, as they see it."""
        user = self.random.choice(OFFICE)
        (now,) = self.town.records([id])
        value: Any = None if now.body.get(path) else True
        if path == "area":
            value = SOUTH if now.body["area"] == NORTH else NORTH
        seen = {path: {"value": now.body.get(path), "seq": now.seq}}
        one = office_mutation(user, self.mid(), ("patch", kind, id), {path: value}, seen, self.now)
        self.saw(user, id, now.body)
        self.typed[one["mid"]] = [Typed(user, id, path, text_of(value), self.at)]
        self.note("office", one, self.town.push(user, office_replica(user), [one], self.now))

    def do_erase(self) -> None:
        """Somebody wishes to be forgotten: a record goes for good, with all that belongs to it."""
        kind = self.random.choice(ERASABLE)
        here = [one.id for one in self.town.records() if one.kind == kind]
        if here:
            gone = self.town.erase([self.random.choice(here)], self.now)
            self.erased |= gone
            self.note("erased", sorted(gone))

    def do_upgrade(self) -> None:
        """The server learns the contract of the newest phones."""
        if not self.upgraded:
            self.upgraded = True
            self.town.upgrade(self.now)
            self.note("upgraded")

    def do_wait(self) -> None:
        """Time passes: minutes as a rule, now and then a day; somebody's clock is set."""
        self.now += self.random.choice((timedelta(minutes=7), timedelta(days=1, hours=1)))
        self.draw_clock(self.some_vault())

    def do_restore(self) -> None:
        """The server's disk dies, and a backup is laid in: a new life with a raised sequence."""
        if self.copy is None:
            self.copy = self.town.backup()
            self.note("backup")
            return
        self.town.restore(self.copy, self.now)
        self.copy, self.lives = None, self.lives + 1
        self.stood.clear()
        self.deletes.clear()  # what comes again is judged against the record as it was laid in
        self.note("restore")
