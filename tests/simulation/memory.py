"""What a simulated run knows: its vaults, its people, and who saw and wrote what, when.

It draws and remembers; acting is for the modules built on it, and judging for `checks`.
"""

from __future__ import annotations

import hashlib
import random
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson

from sync.mutation import NS, office_replica
from tests.simulation import layout
from tests.simulation.books import Answer, Standing
from tests.simulation.copies import Copy
from tests.simulation.layout import CONTRACT, DAWN, name
from tests.simulation.phones import Phones
from tests.simulation.town import Town

STEPS = 44
STEPS_EACH = 3
"""So many more for every vault beyond the fourth."""
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
    seq: int
    body: Mapping[str, Any]
    pending: Mapping[str, int] = field(default_factory=dict)
    """How old a view rows on their way had of each path when it was opened."""


@dataclass
class Letter:
    """Something under way: a request that has not arrived, or an answer that has not."""

    sent: Mapping[str, Any]
    request: Mapping[str, Any] | None = None
    answer: Answer | None = None


@dataclass
class Vault:
    """A user's vault on a phone, with what the run knows about it from outside."""

    name: str
    user: str
    phone: str
    contract: int
    skew: timedelta = timedelta()
    replica: str = ""
    replicas: int = 0
    forms: dict[str, Form] = field(default_factory=dict)
    opened: int = 0
    cursor: str | None = None
    letters: list[Letter] = field(default_factory=list)
    status: dict[str, Any] = field(default_factory=dict)
    revoked: bool = False
    restoring: bool = False
    """Told of a new incarnation, whose records may be older, and not yet through with its load."""
    offset: timedelta = timedelta()
    """Server clock less phone clock, as far as the phone has learnt it."""


class Violation(AssertionError):
    """An invariant does not hold; the text begins with its number."""


class Memory:
    """Everything that is known from outside about what happens under one seed."""

    def __init__(
        self,
        seed: int,
        town: Town,
        phones: Phones,
        only: Collection[int] | None = None,
        right_clocks: bool = False,
    ) -> None:
        self.random = random.Random(seed)
        self.seed, self.town, self.phones, self.only = seed, town, phones, only
        self.right_clocks = right_clocks
        self.now = DAWN
        self.at = 0
        self.counter = 0
        self.trace = hashlib.sha256()
        self.log: list[tuple[int, bytes]] = []
        self.owner: dict[str, str] = {}
        """Who wrote a value that is written only once."""
        self.shown: dict[tuple[str, str, str, str], int] = {}
        """(vault or office user, record, path, value) to when it was first before their eyes."""
        self.typed: dict[str, list[Typed]] = {}
        self.decided: dict[str, Typed] = {}
        """What a decision brings with it, by the mid that its write will have."""
        self.vault_of: dict[str, str] = {}
        """Replica to vault."""
        self.custody: dict[str, str] = {}
        """Mids that the server has answered for, and the vault that sent them."""
        self.numbers: dict[int, tuple[str, str]] = {}
        """Every seq that a phone was ever told, and what it stood for (I-25)."""
        self.stood: dict[str, int] = {}
        self.synced_at = DAWN
        self.lost_by_disk: set[str] = set()
        self.rolled_back: set[str] = set()
        self.deletes: dict[str, Mapping[str, Any]] = {}
        self.pages: list[tuple[str, Standing]] = []
        self.erased: set[str] = set()
        self.copy: Copy = None
        self.lives = 0
        self.upgraded = False
        town.begin(self.random.choice(PAGES), few=seed % 2 == 1)
        phones.tell("", "reset")
        self.focus = self.draw_focus()
        self.vaults = self._make_vaults()
        self.steps = STEPS + STEPS_EACH * max(0, len(self.vaults) - 4)

    def begin_step(self, at: int) -> None:
        """Draw from here on what this step draws, whatever was left out before it."""
        self.at = at
        self.random.seed(self.seed * 1_000_003 + at)

    def _make_vaults(self) -> dict[str, Vault]:
        cast = [*layout.CAST[:3], *self.random.sample(layout.CAST[3:5], 1), *layout.CAST[5:]]
        made = {}
        for called, user, phone in cast[: self._draw_size()]:
            vault = Vault(called, user, phone, self.random.choice((CONTRACT,) * 4 + (1, 2, 4)))
            made[called] = vault
            self.draw_clock(vault)
            self.new_replica(vault)
            what = {"user": user, "replica": vault.replica, "contract": vault.contract}
            self.phones.tell(called, "start", **what)
        return made

    def _draw_size(self) -> int:
        if self.seed % 100 == 99:
            return self.random.randint(13, 40)
        if self.seed % 10 == 9:
            return self.random.randint(5, 12)
        return self.random.choice((2, 2, 3, 4))

    def draw_clock(self, vault: Vault) -> None:
        """Set a phone's clock: right, or ten years off."""
        years = self.random.choice((0, 0, -10, 10))
        if not self.right_clocks:
            vault.skew = timedelta(days=365 * years, seconds=17 * years)

    def new_replica(self, vault: Vault) -> None:
        """Make a name for the vault to write under, and tell the server."""
        vault.replicas += 1
        vault.replica = name(f"replica {vault.name} {vault.replicas}")
        self.vault_of[vault.replica] = vault.name
        self.town.register(vault.replica, vault.user, vault.phone, self.now)

    def ask(self, vault: Vault, do: str, **what: Any) -> Any:
        """Ask a phone, and put question and answer into the trace."""
        answer = self.phones.ask(vault.name, do, **what)
        self.note(vault.name, do, what, answer)
        return answer

    def tell(self, vault: Vault, do: str, **what: Any) -> None:
        """Let a phone do what it answers nothing to."""
        self.phones.tell(vault.name, do, **what)
        self.note(vault.name, do, what)

    def note(self, *what: Any) -> None:
        """Add something to the trace: two runs of a seed must have the same."""
        text = orjson.dumps(what, option=orjson.OPT_SORT_KEYS, default=str)
        self.trace.update(text)
        self.log.append((self.at, text))

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

    def remember_decision(self, user: str, who: str, mid: str, about: str, path: str) -> None:
        """Remember who answers for what a decision writes in the record that it is about.

        In every second run somebody sends something under the name of that write beforehand.
        """
        name = str(uuid.uuid5(NS, f"decided|{mid}|{about}|{path}"))
        if self.seed % 2:
            squat = {"mid": name, "set": None}
            self.town.push(user, office_replica(user), [squat], self.now)
            name = str(uuid.uuid5(NS, f"beside|{name}"))
        self.decided[name] = Typed(who, about, path, "", self.at)

    def some_vault(self) -> Vault:
        """Draw a vault."""
        return self.vaults[self.random.choice(sorted(self.vaults))]

    def stamp(self, vault: Vault) -> dict[str, Any]:
        """Give what a phone puts on a touch: its own, perhaps wrong, clock."""
        clock = self.now + vault.skew
        offset = vault.offset // timedelta(milliseconds=1)
        return {"mid": self.mid(), "now": layout.instant(clock), "offset_ms": offset}

    def draw_focus(self) -> list[tuple[str, str]]:
        """Draw what this run is mostly about: two people rarely meet in a field that is wide."""
        visits = [("visit", visit) for visit in layout.VISITS]
        plans = [("planned_visit", plan) for plan in layout.PLANS]
        run, talk = ("checklist_run", layout.RUN), ("conversation", layout.TALK)
        home, job = ("dwelling", layout.DWELLINGS[0]), ("assignment", layout.ASSIGNMENT)
        some = [plans[0], plans[0], plans[1], visits[0], visits[0], home, run, job]
        focus = self.random.sample(some, 2)
        return focus * 6 + [*plans, *visits, run, talk, job]


def text_of(value: Any) -> str:
    """Give a value as text that can be compared."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


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
