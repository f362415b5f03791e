"""The rest of the town: the office at its pages, rights that come and go, time, dead disks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from server.roles import Role
from sync.mutation import office_replica
from tests.simulation import town as places
from tests.simulation.memory import (
    Form,
    Typed,
    is_unique,
    text_of,
)
from tests.simulation.town import NORTH, SOUTH, Standing
from tests.simulation.weather import Weather


class Office(Weather):
    """What happens away from the phones."""

    def do_rights(self) -> None:
        """Take somebody's rights in an area away, or give them back."""
        user, role, area = self.random.choice([g for g in places.GRANTS if g[2] is not None])
        if self.random.random() < 0.5:
            self.town.withdraw(user, str(area))
        else:
            self.town.grant(user, Role(role), area)
        self.note("rights", user, area)

    def do_office_open(self) -> None:
        """Somebody in the office opens a page, and may let it lie."""
        user = self.random.choice(places.OFFICE)
        seen = self.town.visible(user, self.now)
        kinds = ("planned_visit", "visit", "review", "review", "conversation")
        pages = [one for one in seen.values() if one.kind in kinds]
        if pages:
            mine = [one for one in pages if (one.kind, one.id) in self.focus[:10]]
            mine = mine if mine and self.random.random() < 0.6 else pages
            page = self.random.choice(sorted(mine, key=lambda one: one.id))
            if page.kind == "review":
                about = seen.get(str(page.body.get("about")))
                if about is not None:
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
        one = self.town.office_mutation(
            user, self.mid(), ("patch", page.kind, page.id), {path: value}, seen, self.now
        )
        if is_unique(value):
            self.owner[text_of(value)] = user
        typed = Typed(user, page.id, path, text_of(value), self.at)
        self.typed[one["mid"]] = [typed]
        self.note("office", user, one, self.town.push(user, office_replica(user), [one], self.now))

    def office_writes(self, user: str, page: Standing) -> tuple[str, Any, int] | None:
        """Draw what somebody in the office does to a page."""
        form = Form(page.id, page.kind, page.body)
        at = places.instant(self.now)
        if page.kind == "review":
            decided = page.body.get("decision")
            choice = self.random.choice(("author", "standing"))
            decision = {"choice": choice, "record_seq": page.seq, "by": user, "at": at}
            undo = decided is not None and self.random.random() < 0.5
            (standing,) = self.town.records([page.id])
            return "decision", None if undo else decision, standing.seq
        state = (page.body.get("status") or {}).get("state", "draft")
        if state in ("submitted", "returned") and self.random.random() < 0.6:
            end = self.random.choice(("approved", "returned"))
            return "status", {"state": end, "by": user, "at": at}, page.seq
        path, value = self.draw(form, user)
        return None if path == "status" else (path, value, page.seq)

    def do_move(self) -> None:
        """A dwelling is handed over to the other area, and all that hangs on it goes along."""
        user = self.random.choice(places.OFFICE)
        id = self.random.choice(places.DWELLINGS)
        (now,) = self.town.records([id])
        area = SOUTH if now.body["area"] == NORTH else NORTH
        seen = {"area": {"value": now.body["area"], "seq": now.seq}}
        one = self.town.office_mutation(
            user, self.mid(), ("patch", "dwelling", id), {"area": area}, seen, self.now
        )
        self.saw(user, id, now.body)
        self.typed[one["mid"]] = [Typed(user, id, "area", text_of(area), self.at)]
        self.note("move", one, self.town.push(user, office_replica(user), [one], self.now))

    def do_wait(self) -> None:
        """Time passes: minutes as a rule, now and then a day."""
        self.now += self.random.choice((timedelta(minutes=7), timedelta(days=1, hours=1)))

    def do_restore(self) -> None:
        """The server's disk dies, and a backup is laid in: a new life with a raised sequence."""
        if self.copy is None:
            self.copy = self.town.backup()
            self.note("backup")
            return
        self.town.restore(self.copy)
        self.copy, self.lives = None, self.lives + 1
        self.stood.clear()
        self.deletes.clear()  # what comes again is judged against the record as it was laid in
        self.note("restore")
