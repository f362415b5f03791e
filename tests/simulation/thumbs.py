"""Thumbs on phones: forms opened, typed into and left, apps killed, disks that fall back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.simulation.layout import AMIR, BORN, CONTRACT, KARI, instant, name
from tests.simulation.memory import (
    Form,
    Memory,
    Typed,
    Vault,
    Violation,
    is_unique,
    text_of,
)

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
        called = f"f{vault.opened}"
        opened = self.ask(vault, "open", form=called, id=id, kind=kind)
        if not opened["visible"] and (id not in BORN or opened["exists"]):
            return called
        vault.forms[called] = Form(id, kind, opened["seq"], opened["body"], opened["pending"])
        self.saw(vault.name, id, opened["body"])
        if not opened["exists"]:
            for path, value in BORN[id].items():
                self.touch(vault, called, path, value)
        return called

    def do_touch(self) -> None:
        """Type something into an open form."""
        vault = self.some_vault()
        if not vault.forms:
            return
        called = self.random.choice(sorted(vault.forms))
        path, value = self.draw(vault.forms[called], vault.user)
        self.touch(vault, called, path, value, killed=self.random.random() < 0.03)

    def touch(
        self, vault: Vault, called: str, path: str, value: Any, killed: bool = False
    ) -> str | None:
        """One touch; a phone that is killed before it is on disk has shown nothing as saved.

        Give the mid of the row that it went into.
        """
        form = vault.forms[called]
        told = self.ask(
            vault, "touch", form=called, path=path, value=value, killed=killed, **self.stamp(vault)
        )
        if killed:
            vault.forms.clear()
        mid: str | None = told["mid"]
        if mid is None:
            return None
        if killed and all(row["mid"] != mid for row in self.ask(vault, "view")["rows"]):
            raise Violation(f"I-17: {vault.name} showed {path} as saved, and it is on no disk")
        held = [form.pending[at] for at in (path, "*") if at in form.pending]
        back = self.lives > 0 and held  # a restored record may have fallen back under its rows
        most = min(held) if back else min([form.seq, *held])
        if told["seen"] > most:
            raise Violation(
                f"I-5: {vault.name} says that it saw {path} at {told['seen']}, and saw {most}"
            )
        text = text_of(value)
        self.typed.setdefault(mid, []).append(Typed(vault.name, form.id, path, text, self.at))
        self.saw(vault.name, form.id, {path: value})
        if is_unique(value):
            self.owner[text] = vault.name
        return mid

    def draw(self, form: Form, user: str) -> tuple[str, Any]:
        """Draw a path of a kind and a value; most values are written only once."""
        number = self.fresh()
        day = (date(2026, 6, 1) + timedelta(days=number)).isoformat()
        signed = {"by": user, "at": instant(self.now)}
        status = {"state": "submitted", **signed}
        point = f"HMS-{1 + number % 2:02}"
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
                *[(f"notes/{name(f'note {number}')}", f"Notat {number}")] * 2,
                ("status", status),
            ],
            "dwelling": [*[("access", f"Port {number}")] * 3, ("local_label", f"Bolig {number}")],
            "checklist_run": [
                *[(f"remarks/{point}", f"Merknad {number}")] * 4,
                (f"answers/{point}", self.random.choice(("ok", "deviation", None))),
                ("status", status),
            ],
            "assignment": [
                *[("result", f"Utført {number}")] * 3,
                ("minutes", number),
                (f"who/{self.random.choice((KARI, AMIR))}", self.random.choice((True, None))),
                (
                    "handling",
                    {"state": self.random.choice(("accepted", "started", "done")), **signed},
                ),
            ],
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
            called = self.open_form(vault, kind, id)
            for _ in range(self.random.randint(1, 2) if called in vault.forms else 0):
                self.touch(vault, called, *self.draw(vault.forms[called], vault.user))
            self.tell(vault, "freeze", id=id)
            vault.forms.pop(called, None)

    def do_leave(self) -> None:
        """Leave a form, or the screen as a whole."""
        vault = self.some_vault()
        if self.random.random() < 0.5 or not vault.forms:
            self.tell(vault, "freeze", id=None)
            return
        called = self.random.choice(sorted(vault.forms))
        self.tell(vault, "freeze", id=vault.forms[called].id)
        if self.random.random() < 0.6:
            del vault.forms[called]

    def do_delete(self) -> None:
        """Delete a plan, or take that back."""
        vault = self.some_vault()
        plans = [one for one in sorted(vault.forms) if vault.forms[one].kind == "planned_visit"]
        if plans:
            called = self.random.choice(plans)
            op = self.random.choice(("delete", "delete", "restore"))
            stamp = self.stamp(vault)
            self.tell(vault, "mark", form=called, op=op, **stamp)
            self.typed[stamp["mid"]] = [Typed(vault.name, vault.forms[called].id, "*", op, self.at)]

    def do_decide(self) -> None:
        """Somebody answers on the phone what they are asked, or asks again."""
        vault = self.some_vault()
        asked = self.ask(vault, "asked")["reviews"]
        if not asked:
            return
        id, about, path, seq, standing, waits = self.random.choice(asked)
        called = self.open_form(vault, "review", id)
        if called not in vault.forms:
            return
        choice = self.random.choice(("author", "standing"))
        signed = {"by": vault.user, "at": instant(self.now)}
        decision = {"choice": choice, "record_seq": seq, **signed}
        again = vault.forms[called].body.get("decision") and self.random.random() < 0.5
        for value in (standing, {path: waits}):
            self.saw(vault.name, about, value)
        mid = self.touch(vault, called, "decision", None if again else decision)
        self.remember_decision(vault.user, vault.name, str(mid), about, path)
        self.tell(vault, "freeze", id=id)
        vault.forms.pop(called, None)

    def do_update(self) -> None:
        """The app is updated under whatever lies open; what was typed stays of its contract."""
        vault = self.some_vault()
        vault.contract = max(vault.contract, self.random.choice((2, CONTRACT, CONTRACT)))
        vault.forms.clear()
        self.tell(vault, "update", contract=vault.contract)

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
            self.tell(vault, "keep")
            return
        told = self.ask(vault, "rollback")
        if told["done"]:
            vault.forms.clear()
            self.lost_by_disk |= set(told["dropped"])
            self.rolled_back.add(vault.name)
            vault.restoring = self.lives > 0
