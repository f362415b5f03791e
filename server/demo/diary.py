"""What is written on which day of the demo year, and when each person sends it in.

What is long past is sent in once a week, so that the app starts soon; the last weeks day by day.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from server.demo.municipality import Person
from server.demo.pen import Edit, Pen
from server.planning.calendar import day_of

MORNING, FIELD, AFTERNOON = range(3)
Page = tuple[date, int, str]


@dataclass
class Diary:
    """The pages of the days to come, until they are sent in."""

    pen: Pen
    lately: date
    """From here on each day is sent in by itself."""
    pages: dict[Page, tuple[Person, list[Edit]]] = field(default_factory=dict)

    def phone(self, person: Person, at: datetime, *edits: Edit) -> None:
        """Write from a person's phone at a moment."""
        self._write(person, at, FIELD, edits)

    def office(self, person: Person, at: datetime, *edits: Edit, late: bool = False) -> None:
        """Write at the office; `late`: after what the phones send in that day."""
        self._write(person, at, AFTERNOON if late else MORNING, edits)

    def send(self, before: date) -> None:
        """Send in every page that is due before a day, in order."""
        for page in sorted(page for page in self.pages if page[0] < before):
            person, edits = self.pages.pop(page)
            edits.sort(key=_moment)
            write = self.pen.phone if page[1] == FIELD else self.pen.office
            sent = _moment(edits[-1])
            while edits:
                first, edits = _apart(edits)
                write(person, sent, *first)

    def _write(self, person: Person, at: datetime, part: int, edits: tuple[Edit, ...]) -> None:
        day = day_of(at)
        if day < self.lately:
            day += timedelta(days=6 - day.weekday())
        _, page = self.pages.setdefault((day, part, person.login), (person, []))
        page += [replace(edit, at=at) for edit in edits]


def _apart(edits: list[Edit]) -> tuple[list[Edit], list[Edit]]:
    """Part what writes a field once more from the first: its author sees what stands there then."""
    first: list[Edit] = []
    again: list[Edit] = []
    written: set[tuple[str, str]] = set()
    for edit in edits:
        paths = {(edit.id, path) for path in edit.set}
        (again if paths & written else first).append(edit)
        written |= paths
    return first, again


def _moment(edit: Edit) -> datetime:
    assert edit.at is not None
    return edit.at
