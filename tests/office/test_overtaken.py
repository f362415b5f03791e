"""What changes between the page's look and the decision's turn is not approved unread."""

from __future__ import annotations

from typing import Any

import pytest

from server import hand
from server.database import Database
from server.intake import NOBODY
from server.office import inbox
from server.office.decisions import send
from tests.makers import NOW
from tests.office.conftest import Enter
from tests.office.test_decisions import first, states, visit_of


def test_an_approval_approves_what_its_page_showed_and_no_more(
    enter: Enter, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingrid = enter("ingrid")
    form = first(ingrid).form("Godkjenn")
    visit = visit_of(form)
    before = states(database, form)

    def late(*said: Any) -> Any:
        hand.write(database, "visit", visit, "patch", {"present/nav": True}, NOBODY, NOW)
        return send(*said)

    monkeypatch.setattr(inbox, "send", late)
    page = ingrid.send(form, button="Godkjenn")
    assert page.status == 409 and "endret siden du åpnet den" in page.words
    assert before == {"submitted"}
    assert states(database, form) == {"approved", "submitted"}  # what did not change is decided
