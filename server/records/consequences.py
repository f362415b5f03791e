"""What a write may bring with it: follow-ups that intake judges and stores in the same turn.

The types alone; which kind brings what stands in its own declaration.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from server.roles import Role
from sync.mutation import Json


@dataclass(frozen=True)
class FollowUp:
    """One write that a decision brings with it; intake judges and stores it in the same turn.

    On the deciding record itself (`record` is its own id) it is written as it stands. Elsewhere
    it is judged under the rights of `author`: by `shown_seq`, the record's seq that the author
    had in view, or, where that is None, only while `expects` still stands at the path. Did the
    record move on, nothing is written and `reopen` (paths of the deciding record) is.
    """

    record: str
    path: str
    value: Json
    shown_seq: int | None
    author: str
    reopen: Mapping[str, Json] | None = None
    expects: Json = None
    keep: bool = False
    """The standing value was chosen: nothing is written, only `shown_seq` is checked."""
    signed: bool = False
    """The value is older than the decision: whoever signed it then, need not be its author."""


class Deciding(Protocol):
    """The part of a mutation that a consequence looks at."""

    @property
    def mid(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def author(self) -> str: ...


@dataclass(frozen=True)
class Around:
    """What a consequence may ask of what is around it."""

    reviews: bool
    """Whether the author reviews in the record's area, or is the server itself."""
    is_here: Callable[[str], bool]
    """Says whether a record was ever made, deleted or not."""
    watchers: Callable[[], tuple[str, ...]] = tuple
    """Who is warned about the record's area when somebody is out alone; nobody if none watches."""


Body = Mapping[str, Json]
Consequence = Callable[[Body, Body, Deciding, Around], list[FollowUp]]
Allows = Callable[[frozenset[Role], bool, Body, Body], bool]
"""Says whether somebody with these roles there, its author or not, may make a body into another."""
Exceptional = Callable[[Body], bool]
