"""Thumbs on phones: forms opened, typed into and left, apps killed, disks that fall back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sync.mutation import one_per_id
from tests.simulation import town as places
from tests.simulation.memory import (
    Form,
    Memory,
    Typed,
    Vault,
    Violation,
    is_unique,
    text_of,
)
from tests.simulation.town import AMIR, KARI

OUTCOMES = ("completed", "no_answer", "refused", "talked_at_door")


class Thumbs(Memory):
    """What people do on their phones."""

    def do_open(self) -> None:
        """Open a form; a visit or a conversation that is not there begins by it."""
        vault = self.some_vault()
        kind, id = self.random.choice(self.focus)
        self.open_form(vault, kind, id)

    def open_form(self, vault: Vault, kind: str, id: str) -> str:
        """Open a form on a record, unless it is not there to open; give the form's name."""
        if len(vault.forms) == 3:
            vault.forms.pop(next(iter(vault.forms)))
        vault.opened += 1
        name = f"f{vault.opened}"
        opened = self.ask(vault, "open", form=name, id=id, kind=kind)
        if not opened["visible"] and (kind not in ("visit", "conversation") or opened["exists"]):
            return name
        vault.forms[name] = Form(id, kind, opened["body"])
        self.saw(vault.name, id, opened["body"])
        if not opened["exists"]:
            self.begin_record(vault, name)
        return name

    def begin_record(self, vault: Vault, name: str) -> None:
        """Make the record by its first touches, as the app does."""
        form = vault.forms[name]
        for number, plan in enumerate(places.PLANS):
            visit = one_per_id("visit", [plan])
            dwelling = places.DWELLINGS[1 if number == 1 else 0]
            if form.id == visit:
                self.touch(vault, name, "planned_visit", plan)
                self.touch(vault, name, "dwelling", dwelling)
            if form.id == one_per_id("conversation", [visit]):
                self.touch(vault, name, "visit", visit)

    def do_touch(self) -> None:
        """Type something into an open form."""
        vault = self.some_vault()
        if not vault.forms:
            return
        name = self.random.choice(sorted(vault.forms))
        path, value = self.draw(vault.forms[name], vault.user)
        self.touch(vault, name, path, value, killed=self.random.random() < 0.03)

    def touch(self, vault: Vault, name: str, path: str, value: Any, killed: bool = False) -> None:
        """One touch; a phone that is killed before it is on disk has shown nothing as saved."""
        form = vault.forms[name]
        told = self.ask(
            vault, "touch", form=name, path=path, value=value, killed=killed, **self.stamp(vault)
        )
        if killed:
            vault.forms.clear()
            return
        text = text_of(value)
        self.typed.setdefault(told["mid"], []).append(
            Typed(vault.name, form.id, path, text, self.at)
        )
        self.saw(vault.name, form.id, {path: value})
        if is_unique(value):
            self.owner[text] = vault.name

    def draw(self, form: Form, user: str) -> tuple[str, Any]:
        """Draw a path of a kind and a value; most values are written only once."""
        number = self.fresh()
        day = (date(2026, 6, 1) + timedelta(days=number)).isoformat()
        status = {"state": "submitted", "by": user, "at": places.instant(self.now)}
        drawn: dict[str, list[tuple[str, Any]]] = {
            "planned_visit": [
                *[("meet", f"9{number:07}")] * 6,
                ("planned_at", f"{number % 24:02}:{number % 60:02}"),
                ("planned_at", None),
                ("done", bool(number % 2)),
                (f"visitors/{self.random.choice((KARI, AMIR))}", self.random.choice((True, None))),
            ],
            "visit": [
                *[("next_contact_on", day)] * 6,
                ("visited_on", day),
                ("outcome", self.random.choice(OUTCOMES)),
                ("purpose", "follow_up"),
                ("told", bool(number % 2)),
                ("present/tenant", self.random.choice((True, None))),
                ("status", status),
            ],
            "conversation": [
                *[("summary", f"Oppsummering {number}")] * 4,
                *[(f"notes/{places.name(f'note {number}')}", f"Notat {number}")] * 2,
                ("status", status),
            ],
            "dwelling": [*[("access", f"Port {number}")] * 3, ("local_label", f"Bolig {number}")],
        }
        path, value = self.random.choice(drawn[form.kind])
        notes = sorted(path for path in form.body if path.startswith("notes/"))
        if path.startswith("notes/") and notes and self.random.random() < 0.5:
            path = self.random.choice(notes)
        return path, value

    def do_edit(self) -> None:
        """Open, type and leave, perhaps twice: most work is as short as that."""
        vault = self.some_vault()
        kind, id = self.random.choice(self.focus)
        for _ in range(self.random.randint(1, 2)):
            name = self.open_form(vault, kind, id)
            for _ in range(self.random.randint(1, 2) if name in vault.forms else 0):
                self.touch(vault, name, *self.draw(vault.forms[name], vault.user))
            self.ask(vault, "freeze", id=id)
            vault.forms.pop(name, None)

    def do_leave(self) -> None:
        """Leave a form, or the screen as a whole."""
        vault = self.some_vault()
        if self.random.random() < 0.5 or not vault.forms:
            self.ask(vault, "freeze", id=None)
            return
        name = self.random.choice(sorted(vault.forms))
        self.ask(vault, "freeze", id=vault.forms[name].id)
        if self.random.random() < 0.6:
            del vault.forms[name]

    def do_delete(self) -> None:
        """Delete a plan, or take that back."""
        vault = self.some_vault()
        plans = [name for name in sorted(vault.forms) if vault.forms[name].kind == "planned_visit"]
        if plans:
            name = self.random.choice(plans)
            op = self.random.choice(("delete", "delete", "restore"))
            stamp = self.stamp(vault)
            self.ask(vault, "mark", form=name, op=op, **stamp)
            self.typed[stamp["mid"]] = [Typed(vault.name, vault.forms[name].id, "*", op, self.at)]

    def do_kill(self) -> None:
        """Kill the app: what is on disk is what is left, and it is all that was saved."""
        vault = self.some_vault()
        vault.forms.clear()
        if not self.ask(vault, "kill")["same"]:
            raise Violation(f"I-8: {vault.name} had something in memory that was not on its disk")

    def do_rollback(self) -> None:
        """The phone's storage falls back to an earlier day: the disk may do that, not we."""
        vault = self.some_vault()
        if self.random.random() < 0.5:
            self.ask(vault, "keep")
            return
        told = self.ask(vault, "rollback")
        if told["done"]:
            vault.forms.clear()
            self.lost_by_disk |= set(told["dropped"])
            self.rolled_back.add(vault.name)
            vault.restoring = self.lives > 0
