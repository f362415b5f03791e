"""Every page of the office, as the first who may open it sees it: found by following links.

Screenshots go to `screenshots/office/every-…`, which git ignores; look at them.
"""

from __future__ import annotations

import re
from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

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
from tests.molds import Mold
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
LINKS = "[...document.querySelectorAll('a[href]')].map(link => link.href)"


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


def test_every_page_that_a_link_leads_to_is_whole(
    chromium: Browser, address: str, app: Flask
) -> None:
    routes = app.url_map.bind(urlsplit(address).netloc)
    seen, sorts, amiss = set[str](), set[str](), list[str]()

    def hear(stumble: object) -> None:
        amiss.append(str(stumble))

    for login in dict.fromkeys((*READS_MOST, *STAFF)):
        page = enter(chromium, address, login)
        page.on("pageerror", hear)
        links = deque([page.url, *(address + each for each in ALSO)])
        sorts -= {sort_of(link) for link in links}
        while links:
            link = links.popleft()
            name, sort = endpoint(routes, link), sort_of(link)
            if name is None or name in NO_PAGES | SEEN_ELSEWHERE or sort in sorts:
                continue
            answer = page.goto(link)
            if answer is None or not answer.ok:
                continue
            sorts.add(sort)
            if name not in seen:
                seen.add(name)
                amiss += look(page, f"every-{name}")
            links.extend(urljoin(link, each) for each in page.evaluate(LINKS))
        page.context.close()
    pages = {
        rule.endpoint.removeprefix("office.")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("office.") and "GET" in (rule.methods or ())
    }
    assert amiss == []
    assert pages - seen == NO_PAGES | SEEN_ELSEWHERE
