"""What a phone's place in the feed says of what was erased, and what stands of it afterwards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from server.database import Database, cursor_key
from server.feed import Cursor
from server.keeping import receipts
from server.keeping.receipts import ErasureReceipt
from tests.makers import NOW, World, new_id
from tests.server.phone import Phone

SEQ = 40
LATER = NOW + timedelta(days=1)


def erased(database: Database, phone: Phone, seq: int = SEQ, days: int = 0) -> str:
    """Begin to wait for a phone that had something."""
    id, at = new_id(), NOW + timedelta(days=days)
    with database.writing() as session:
        session.add(ErasureReceipt(erasure=id, replica=phone.replica, begun_at=at, seq=seq))
    return id


def place(position: int, **more: Any) -> Cursor:
    return Cursor("i", position, "a", **more)


def written(database: Database, phone: Phone, at: Cursor) -> str:
    """Give a place in the feed as the server gave it to a phone."""
    with database.reading() as session:
        return at.write(cursor_key(session), phone.user)


def answered(database: Database) -> dict[str, object]:
    """Give when each erasure was answered."""
    with database.reading() as session:
        return {one.erasure: one.done_at for one in session.scalars(select(ErasureReceipt))}


@pytest.mark.parametrize(
    ("cursor", "has_let_go"),
    [
        (place(SEQ - 1), False),
        (place(SEQ), True),
        (place(SEQ, start=0), False),
        (place(SEQ, loading={"area:x": 3}), False),
        ("nonsense", False),
        (None, False),
    ],
)
def test_a_phone_has_let_go_when_all_of_the_feed_up_to_there_lies_on_it(
    cursor: Cursor | str | None, has_let_go: bool, app: Flask, world: World, database: Database
) -> None:
    """While it loads anew, what was erased may still lie there."""
    kari = Phone(app, "kari")
    erased(database, kari)
    told = written(database, kari, cursor) if isinstance(cursor, Cursor) else cursor
    with database.reading() as session:
        assert receipts.waits_for(session, kari.user, kari.replica, told) is has_let_go


def test_a_place_that_the_phone_made_up_is_no_receipt(
    app: Flask, world: World, database: Database
) -> None:
    kari = Phone(app, "kari")
    erased(database, kari)
    with database.reading() as session:
        for made_up in (
            place(SEQ).write("k" * 64, kari.user),
            written(database, Phone(app, "amir"), place(SEQ)),
        ):
            assert not receipts.waits_for(session, kari.user, kari.replica, made_up)


def test_a_receipt_stands_as_it_was_first_given(
    app: Flask, world: World, database: Database
) -> None:
    """For what was erased by then, and of that phone alone, whatever it says later."""
    kari, amir = Phone(app, "kari"), Phone(app, "amir")
    first, beyond, other = (
        erased(database, kari),
        erased(database, kari, 50),
        erased(database, amir),
    )
    at_seq, at_50 = (written(database, kari, place(seq)) for seq in (SEQ, 50))
    with database.writing() as session:
        receipts.take(session, kari.user, kari.replica, at_seq, NOW)
    assert answered(database) == {first: NOW, beyond: None, other: None}
    with database.writing() as session:
        receipts.take(session, kari.user, kari.replica, at_50, LATER)
    assert answered(database) == {first: NOW, beyond: LATER, other: None}
    last = erased(database, kari, 60)
    with database.writing() as session:
        receipts.take_all(session, kari.replica, LATER + timedelta(days=1))
    assert answered(database) == {
        first: NOW, beyond: LATER, last: LATER + timedelta(days=1), other: None,
    }  # fmt: skip


def test_the_latest_erasures_are_told_of_the_newest_first(
    app: Flask, world: World, database: Database
) -> None:
    kari = Phone(app, "kari")
    for days in (1, 3, 2):
        erased(database, kari, days=days)
    with database.reading() as session:
        told = receipts.told(session, most=2)
    assert [(one.begun_at - NOW).days for one in told] == [3, 2]
