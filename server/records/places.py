"""Places: where a record is, which scopes carry it, and the facts that say so.

Who is in a scope is `access`'s to know; nothing here reads a database.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from server.roles import Role
from server.shapes import REVIEWERS, state_of
from sync.mutation import Json

FIELD_STAFF = frozenset({Role.BOMILJO, Role.OFFICE, Role.LEADER})
TEAM_STAFF = FIELD_STAFF | {Role.FOLLOW_UP}
"""Who may be in the team of a household, a case or a participant; being named counts for these."""
READER_SETS: Mapping[str, frozenset[Role]] = {
    "everyone": frozenset(Role),
    "home": frozenset(Role) - {Role.ADMIN, Role.PRIVACY},
    "work": TEAM_STAFF | {Role.CARETAKER},
    "visit": FIELD_STAFF,
    "talk": REVIEWERS,
    "review": REVIEWERS,
    "lead": frozenset({Role.LEADER}),
}
"""Who may read what is placed in `area:<area>:<set>`; `everyone` belongs to `org` alone."""
ALONE = "lead"
"""The reader set of what a team alone knows, and of the team's leader."""
SEALED = "sealed:"
ORGANISATION = "org"
SETTLING = "review", ALONE
"""The reader sets of those who settle what is open, anywhere."""


@dataclass(frozen=True)
class Place:
    """Where a record is: its area, every scope that carries it, and the users named in it."""

    area: str | None
    scopes: frozenset[str]
    named: frozenset[str] = frozenset()
    closed: bool = False
    """Whether what hangs on it is nobody's by name any more. Whatever moves what is below must show
    here or in what the record refers to: by that intake knows when to place the rest anew."""
    barred: frozenset[str] = frozenset()
    """The only users who may know of it, where somebody's address is strictly confidential."""

    @property
    def office(self) -> str | None:
        """Give the area whose office reads it too; None for a draft, which is its authors' own."""
        return self.area if any(scope.startswith("area:") for scope in self.scopes) else None

    @property
    def led(self) -> bool:
        """Say whether the area's leader alone may read it, besides those who are named in it."""
        return self.area is not None and area_scope(self.area, ALONE) in self.scopes

    def names_of(self, user: str) -> frozenset[str]:
        """Give those of its scopes that carry it to one user by name."""
        area = self.area
        if area is None:
            return self.scopes & {me_scope(user)}
        return self.scopes & {me_scope(user, area), confided_scope(user, area)}

    @property
    def confided(self) -> bool:
        """Say whether it is read by name alone, or by those who look at all that is written there.

        What is nowhere is confided to nobody.
        """
        sets = [scope.rpartition(":")[2] for scope in self.scopes if scope.startswith("area:")]
        shared = ORGANISATION in self.scopes or any(READER_SETS[name] - REVIEWERS for name in sets)
        return bool(self.scopes) and not shared


@dataclass(slots=True, eq=False)
class PlaceFacts:
    """What a place is worked out from: the record itself and the records it refers to."""

    kind: str
    id: str
    body: Mapping[str, Json]
    authors: tuple[str, ...]
    parent: Callable[[str], "PlaceFacts | None"]
    """Gives the record that a reference field points at; None when it is not here."""
    deleted: bool = False
    _place: Place | None = field(default=None, init=False, repr=False)

    def placed(self, place: Callable[["PlaceFacts"], Place]) -> Place:
        """Give what its kind's own rule says; asked once, whoever hangs on it."""
        if self._place is None:
            self._place = place(self)
        return self._place

    def text(self, path: str) -> str | None:
        """Give the text at a path, None when there is none."""
        value = self.body.get(path)
        return value if isinstance(value, str) else None

    def members(self, field: str) -> tuple[str, ...]:
        """Give the members of a keyed set, sorted."""
        return members_of(self.body, field)


def members_of(body: Mapping[str, Json], field: str) -> tuple[str, ...]:
    """Give the members of a keyed set in a body, sorted."""
    before = f"{field}/"
    found = [path for path, on in body.items() if on and path.startswith(before)]
    return tuple(sorted([path.removeprefix(before) for path in found]))


def place_with_draft(
    facts: PlaceFacts,
    area: str | None,
    readers: str,
    also: tuple[str, ...] = (),
    *,
    drafted: bool = True,
) -> Place:
    """Place what has a life cycle: a draft with its authors alone, then with the area's readers.

    Those who are `also` in it see it once it is sent in; they may write from the start, for the
    draft that one of them began is the same record that another makes. What is not `drafted` has
    no life cycle, and is sent in from the start.
    """
    authors, named = frozenset(facts.authors), frozenset(facts.authors) | frozenset(also)
    if area is None or (drafted and state_of(facts.body.get("status")) == "draft"):
        return Place(area, frozenset(me_scope(user, area) for user in authors), named)
    theirs = frozenset(me_scope(user, area) for user in authors)
    confided = frozenset(confided_scope(user, area) for user in also)
    return Place(area, theirs | confided | {area_scope(area, readers)}, named)


def area_scope(area: str, readers: str) -> str:
    """Name the scope of one reader set in one area."""
    assert readers in READER_SETS, readers
    return f"area:{area}:{readers}"


def organisation_scope(settle: str) -> str:
    """Name the scope of what must be settled and is nowhere: for those who do so everywhere."""
    assert settle in SETTLING, settle
    return f"{ORGANISATION}:{settle}"


def me_scope(user: str, area: str | None = None) -> str:
    """Name the scope of what is placed with one user by name.

    What belongs to an area is theirs only while they work there: losing the area loses it too,
    whoever wrote it. Without an area are a user's own questions and receipts.
    """
    return f"me:{user}:{area}" if area else f"me:{user}"


def confided_scope(user: str, area: str) -> str:
    """Name the scope of what is confided to one user by naming them.

    Anybody may be named by a slip of the thumb, so it is theirs only where they may be in a team.
    """
    return f"me:{user}:{area}:visit"


def day_scope(user: str, day: str, area: str) -> str:
    """Name the scope of the visits of one user's day in one area, YYYY-MM-DD; theirs as above."""
    return f"day:{user}:{day}:{area}"


def sealed_scope(user: str) -> str:
    """Name the scope of what is barred to all but one user; it never leaves the server."""
    return f"{SEALED}{user}"
