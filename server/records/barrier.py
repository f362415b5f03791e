"""The barrier of a strictly confidential address (kode 6): who alone may know, and what it hides.

It stands above every kind's own place: on the record where it was set, and on all that hangs on it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from server.records.kind import KindSpec
from server.records.places import Place, sealed_scope
from sync.mutation import Json

BARRIER = "sealed_for"
"""The set of users who alone may know of a record, on the kinds where it can be set."""
_PREFIX = f"{BARRIER}/"


def set_on(spec: KindSpec, body: Mapping[str, Json]) -> frozenset[str]:
    """Give those who alone may know, as said on the record itself; empty where there is no bar."""
    if BARRIER not in spec.fields:
        return frozenset()
    members = [path for path in body if path.startswith(_PREFIX)]
    return frozenset([path.removeprefix(_PREFIX) for path in members if body[path]])


def strictest(own: frozenset[str], above: Callable[[], list[frozenset[str]]]) -> frozenset[str]:
    """Give who is left when each of several barriers lets its own in; empty without any."""
    bars = [bar for bar in (own, *above()) if bar]
    return frozenset.intersection(*bars) or bars[0] if bars else frozenset()


def behind(place: Place, barred: frozenset[str], *, answers: bool) -> Place:
    """Give the place of what is barred: with those named alone, in no area, counted nowhere.

    What only answers somebody (`answers`) stays with whom it answers: their own words, and no more.
    """
    if not barred:
        return place
    theirs = frozenset(map(sealed_scope, barred))
    if answers:
        own = frozenset(scope for scope in place.scopes if scope.startswith("me:"))
        return replace(place, area=None, scopes=own | theirs, barred=barred)
    return Place(None, theirs, barred, closed=True, barred=barred)
