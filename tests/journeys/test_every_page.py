"""Every page of the office, as the first who may open it sees it: found by following links.

Screenshots go to `screenshots/office/every-…`, which git ignores; look at them.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from server import create_app
from server.demo.municipality import STAFF
from server.demo.pen import phone_of
from tests.journeys.test_office_looks import (
    address,
    app,
    database,
    enter,
    look,
    settings,
)
from tests.molds import Mold, Workshop
from tests.office.reader import Reader
from tests.office.test_homes import HOME

__all__ = ["address", "app", "database", "settings"]

NO_PAGES = {
    *("ask_passkey", "come_back", "deviations_table", "go_to_provider"),
    *("photo", "report_file", "static"),
}
"""What answers a GET with a file, or leads on."""
SEEN_ELSEWHERE = {
    *("board_copy", "company_summary", "copy_site", "said_and_done"),
    *("login", "notice", "plan_notice"),
}
"""Photographed by those who do what leads there: few records of the demonstration do."""
NUMBER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ALSO = (f"/records/{HOME.tenancy}", f"/devices/{phone_of(STAFF['kari'])}/lost")
"""Where to begin besides the overview: most links of one sort lead to the same page."""
READS_MOST = ("lise", "ingrid", "admin")
"""Who comes first: a page shows them links that others do not have."""
PARTS = 12
"""So that all who test can take some; each is as long as another test of this folder."""


@pytest.fixture(scope="module")
def municipality(year: Mold) -> Mold:
    """The demo municipality with its year, to copy."""
    return year


def sort_of(link: str) -> str:
    """Give what is alike of the addresses of pages of one sort."""
    return NUMBER.sub("-", urlsplit(link).path)


def endpoint(routes: MapAdapter, link: str) -> str | None:
    """Give which page of the office a link leads to, by a GET."""
    parts = urlsplit(link)
    try:
        name, _ = routes.match(parts.path, method="GET", query_args=parts.query)
    except HTTPException:
        return None
    return name.removeprefix("office.") if name.startswith("office.") else None


class Way(NamedTuple):
    """How one comes to a page."""

    login: str
    path: str
    name: str
    first: bool
    """Whether nobody came to a page of this name before."""


def ways_of(app: Flask) -> Iterator[Way]:
    """Follow every link that somebody sees, one person after another; no page needs a script."""
    routes = app.url_map.bind("localhost")
    seen, sorts = set[str](), set[str]()
    for login in dict.fromkeys((*READS_MOST, *STAFF)):
        reader = Reader(app, login)
        links = deque(["/office/", *(f"/office{each}" for each in ALSO)])
        sorts -= {sort_of(link) for link in links}
        while links:
            link = links.popleft()
            name, sort = endpoint(routes, link), sort_of(link)
            if name is None or name in NO_PAGES | SEEN_ELSEWHERE or sort in sorts:
                continue
            page = reader.open(link)
            if page.status != 200:
                continue
            sorts.add(sort)
            yield Way(login, link, name, name not in seen)
            seen.add(name)
            links.extend(urljoin(link, each) for each in page.links)


@pytest.fixture(scope="module")
def ways(
    workshop: Workshop, municipality: Mold, tmp_path_factory: pytest.TempPathFactory
) -> list[Way]:
    """The ways to all pages, walked once for all who look at a part of them."""

    def walk() -> str:
        with municipality.copy(tmp_path_factory.mktemp("ways")) as settings:
            app = create_app(settings)
            found = list(ways_of(app))
            app.extensions["oppgang"].close()
        return json.dumps(found)

    return [Way(*each) for each in json.loads(workshop.once("ways", walk))]


def test_links_lead_to_every_page(ways: list[Way], app: Flask) -> None:
    pages = {
        rule.endpoint.removeprefix("office.")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("office.") and "GET" in (rule.methods or ())
    }
    assert pages - {way.name for way in ways} == NO_PAGES | SEEN_ELSEWHERE


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_that_a_link_leads_to_is_whole(
    part: int, ways: list[Way], chromium: Browser, address: str
) -> None:
    amiss: list[str] = []

    def hear(stumble: object) -> None:
        amiss.append(str(stumble))

    mine = ways[len(ways) * part // PARTS : len(ways) * (part + 1) // PARTS]
    for login, theirs in groupby(mine, key=lambda way: way.login):
        page = enter(chromium, address, login)
        page.on("pageerror", hear)
        for way in theirs:
            answer = page.goto(urljoin(address, way.path))
            assert answer is not None and answer.ok, way
            if way.first:
                amiss += look(page, f"every-{way.name}")
        page.context.close()
    assert amiss == []
