"""What a simulated run knows: its vaults, its people, and who saw and wrote what, when.

It draws and remembers; acting is for the modules built on it, and judging for `checks`.
"""

from __future__ import annotations

import hashlib
import json
import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sync.mutation import one_per_id
from tests.simulation import town as places
from tests.simulation.phones import Phones
from tests.simulation.town import (
    AMIR,
    DAWN,
    DWELLINGS,
    INGRID,
    KARI,
    OLA,
    Standing,
    Town,
)

STEPS = 44
PAGES = (7, 20, 50)
"""Records a page: so few that loads, resets and cuts inside a block happen."""


@dataclass(frozen=True)
class Typed:
    """One path of one mutation as the thumb wrote it: when, and on what vault."""

    vault: str
    record: str
    path: str
    value: str
    at: int


@dataclass
class Form:
    """An open form on a phone: the record, and what it showed when it was opened."""

    id: str
    kind: str
    body: Mapping[str, Any]


@dataclass
class Letter:
    """Something under way: a request that has not arrived, or an answer that has not."""

    sent: Mapping[str, Any]
    request: Mapping[str, Any] | None = None
    answer: places.Answer | None = None


@dataclass
class Vault:
    """A user's vault on a phone, with what the run knows about it from outside."""

    name: str
    user: str
    phone: str
    skew: timedelta
    replica: str = ""
    replicas: int = 0
    forms: dict[str, Form] = field(default_factory=dict)
    opened: int = 0
    cursor: str | None = None
    letters: list[Letter] = field(default_factory=list)
    status: dict[str, Any] = field(default_factory=dict)
    restoring: bool = False
    """Told of a new incarnation, whose records may be older, and not yet through with its load."""
    offset: timedelta = timedelta()
    """Server clock less phone clock, as far as the phone has learnt it."""


class Violation(AssertionError):
    """An invariant does not hold; the text begins with its number."""


class Memory:
    """Everything that is known from outside about what happens under one seed."""

    def __init__(self, seed: int, town: Town, phones: Phones, steps: int = STEPS) -> None:
        self.random = random.Random(seed)
        self.seed, self.town, self.phones, self.steps = seed, town, phones, steps
        self.now = DAWN
        self.at = 0
        self.counter = 0
        self.trace = hashlib.sha256()
        self.log: list[str] = []
        self.owner: dict[str, str] = {}
        """Who wrote a value that is written only once."""
        self.shown: dict[tuple[str, str, str, str], int] = {}
        """(vault or office user, record, path, value) to when it was first before their eyes."""
        self.typed: dict[str, list[Typed]] = {}
        self.vault_of: dict[str, str] = {}
        """Replica to vault."""
        self.custody: dict[str, str] = {}
        """Mids that the server has answered for, and the vault that sent them."""
        self.stood: dict[str, int] = {}
        self.synced_at = DAWN
        self.lost_by_disk: set[str] = set()
        self.rolled_back: set[str] = set()
        self.deletes: dict[str, Mapping[str, Any]] = {}
        self.pages: list[tuple[str, Standing]] = []
        self.copy: dict[str, Any] | None = None
        self.lives = 0
        town.begin(self.random.choice(PAGES), few=seed % 2 == 1)
        phones.ask("", "reset")
        self.focus = self.draw_focus()
        self.vaults = self._make_vaults()

    def _make_vaults(self) -> dict[str, Vault]:
        cast = [("kari", KARI, "one"), ("amir", AMIR, "two"), ("amir again", AMIR, "one")]
        cast += self.random.sample([("ola", OLA, "three"), ("ingrid", INGRID, "four")], 1)
        made = {}
        for name, user, phone in cast[: self.random.choice((2, 2, 3, 4))]:
            years = self.random.choice((0, 0, -10, 10))
            vault = Vault(name, user, phone, timedelta(days=365 * years, seconds=17 * years))
            made[name] = vault
            self.new_replica(vault)
            self.phones.ask(name, "start", user=user, replica=vault.replica)
        return made

    def new_replica(self, vault: Vault) -> None:
        """Make a name for the vault to write under, and tell the server."""
        vault.replicas += 1
        vault.replica = places.name(f"replica {vault.name} {vault.replicas}")
        self.vault_of[vault.replica] = vault.name
        self.town.register(vault.replica, vault.user, vault.phone, self.now)

    def ask(self, vault: Vault, do: str, **what: Any) -> Any:
        """Ask a phone, and put question and answer into the trace."""
        answer = self.phones.ask(vault.name, do, **what)
        self.note(vault.name, do, what, answer)
        return answer

    def note(self, *what: Any) -> None:
        """Add something to the trace: two runs of a seed must have the same."""
        text = json.dumps(what, sort_keys=True, default=str)
        self.trace.update(text.encode())
        self.log.append(f"{self.at:3} {text}")

    def fresh(self) -> int:
        """Give a number that was never given."""
        self.counter += 1
        return self.counter

    def mid(self) -> str:
        """Give a fresh mid, in the order of a UUIDv7."""
        return f"{self.fresh():08x}-0000-7000-8000-{self.seed:012x}"

    def saw(self, who: str, record: str, body: Mapping[str, Any]) -> None:
        """Remember what somebody had before their eyes."""
        for path, value in body.items():
            self.shown.setdefault((who, record, path, text_of(value)), self.at)

    def some_vault(self) -> Vault:
        """Draw a vault."""
        return self.vaults[self.random.choice(sorted(self.vaults))]

    def stamp(self, vault: Vault) -> dict[str, Any]:
        """Give what a phone puts on a touch: its own, perhaps wrong, clock."""
        clock = self.now + vault.skew
        offset = vault.offset // timedelta(milliseconds=1)
        return {"mid": self.mid(), "now": places.instant(clock), "offset_ms": offset}

    def draw_focus(self) -> list[tuple[str, str]]:
        """Draw what this run is mostly about: two people rarely meet in a field that is wide."""
        visits = [("visit", one_per_id("visit", [plan])) for plan in places.PLANS]
        talks = [("conversation", one_per_id("conversation", [id])) for _, id in visits[:1]]
        plans = [("planned_visit", plan) for plan in places.PLANS]
        some = [plans[0], plans[0], plans[1], visits[0], visits[0], ("dwelling", DWELLINGS[0])]
        focus = self.random.sample(some, 2)
        return focus * 5 + plans + visits + talks


def text_of(value: Any) -> str:
    """Give a value as text that can be compared."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def is_unique(value: Any) -> bool:
    """Say whether a value was drawn to be written only once in a run."""
    return isinstance(value, str) and any(sign.isdigit() for sign in value) and not is_id(value)


def is_id(value: str) -> bool:
    """Say whether a text is an id."""
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True
