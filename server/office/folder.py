"""A folder's page: its head, how far it has come, what is due, what belongs to it and can be added.

It draws; what is done from it are acts of their own. A page of a programme adds a panel to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from server.office.blueprint import office
from server.office.decisions import new_form
from server.office.desk import Desk, Item
from server.office.folders import EACH_MAX, Belongs, Folder, belonging, open_folder
from server.office.gate import seated
from server.office.line import Line, lines, votes
from server.office.next_days import Next
from server.office.rights import may_make
from server.office.shown import place_words
from server.problems import ProblemText
from server.shapes import Json


@dataclass(frozen=True)
class Shelf:
    """What belongs to the head of one kind, ready to print."""

    belongs: Belongs
    key: str
    lines: list[Line]
    more: bool
    add: str
    """Where one more is made; empty for who may not."""


@dataclass(frozen=True)
class Panel:
    """What a programme shows on the folders of its kind besides: a template and its words."""

    template: str
    words_of: Callable[[Desk, Item, list[Shelf]], Mapping[str, Any]]


PANELS: dict[str, Panel] = {}
"""By kind of head; the pages of each programme add their own."""


@office.get("/folders/<head>")
@seated
def folder(desk: Desk, head: str) -> ResponseReturnValue:
    """Show one folder."""
    return draw(desk, head)


def draw(desk: Desk, head: str, problem: ProblemText | None = None) -> ResponseReturnValue:
    """Draw a folder, with what went wrong with the form that was sent from it."""
    declared, item = open_folder(desk, head)
    (line,) = lines(desk, [item])
    shelves = [_shelf(desk, item, each) for each in declared.belongs if _has(item, each)]
    panel = PANELS.get(item.spec.name)
    body = render_template(
        "office/folder.html",
        line=line,
        title=title_of(desk, item),
        kind=item.spec.words[0],
        back=_back(declared),
        due=_due(line, shelves),
        shelves=shelves,
        panel=panel.template if panel else "",
        **(panel.words_of(desk, item, shelves) if panel else {}),
        home=_home(desk, item),
        form=new_form(),
        problem=problem,
    )
    return body, problem.status if problem else 200


def title_of(desk: Desk, item: Item) -> str:
    """Name a folder: by its own words, else by the home or the building that it is about."""
    title = desk.title(item)
    return title if title != item.spec.words[0] else place_words(desk, item)


def _has(head: Item, belongs: Belongs) -> bool:
    """Say whether such a head has any of these."""
    return belongs.where is None or head.text(belongs.where[0]) == belongs.where[1]


def _shelf(desk: Desk, head: Item, belongs: Belongs) -> Shelf:
    items = belonging(desk, belongs, [head.id])
    key = f"{belongs.spec.name}-{belongs.only[1]}" if belongs.only else belongs.spec.name
    items.sort(key=votes, reverse=True)
    skip = {belongs.by, *(name for name in belongs.spec.references if head.text(name))}
    return Shelf(
        belongs,
        key,
        lines(desk, items, skip),
        len(items) >= EACH_MAX,
        _add(desk, head, belongs),
    )


def _add(desk: Desk, head: Item, belongs: Belongs) -> str:
    """Give the page that makes one more, for who may make it there."""
    if not belongs.add:
        return ""
    body: dict[str, Json] = {belongs.by: head.id}
    if "area" in belongs.spec.fields:
        body["area"] = head.area
    for name in belongs.spec.references & head.spec.references:
        if head.text(name):
            body[name] = head.text(name)
    if not may_make(desk, belongs.spec, body):
        return ""
    asked: dict[str, Any] = {belongs.by: head.id, **(dict([belongs.only]) if belongs.only else {})}
    return url_for("office.make", kind=belongs.spec.name, **asked)


def _due(line: Line, shelves: list[Shelf]) -> list[tuple[Next, Line]]:
    """Give what is due in the folder, the head's own included, the soonest first."""
    found = {
        (one.on, one.words, each.id): (one, each)
        for each in (line, *(each for shelf in shelves for each in shelf.lines))
        for one in each.due
    }
    return [found[key] for key in sorted(found)]


def _back(declared: Folder) -> str:
    return url_for(declared.page, show=declared.tab or None)


def _home(desk: Desk, item: Item) -> dict[str, str] | None:
    """Give the home that a folder is about, for who may see it."""
    home = desk.item(item.text("dwelling"))
    return {"id": home.id, "title": desk.title(home)} if home else None
