"""Leases: the keys that a phone laid down with us, given back when what it may read has ended.

They lie on the phone, sealed to us. A key is given back to whoever is logged in, on their own phone
that nobody has closed; it is wrapped under a key that never leaves it, and opens nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from server import people, strict_json
from server.api import door
from server.config import LEASE_DAYS_MAX
from server.parcels import read_parcel
from server.people import Replica
from server.problems import Problem
from server.sealing import AnotherKey, BadSeal
from sync.mutation import Unreadable

LEASES = ("technical", "personal")
BODY_MAX_BYTES = 16_384
KEY_MAX_CHARACTERS = 200
KEY_MISSING_WAIT_S = 900
"""A database was laid back without the keys of then: phones wait until those are laid back too."""
lease_pages = Blueprint("leases", __name__)


@lease_pages.post("/leases")
def leases() -> ResponseReturnValue:
    """Open what a phone laid down when it had contact, now that it has contact again.

    A phone gives its vault up at `lease_unopenable`: it is said of nothing that may yet be opened.
    """
    door.refuse_other_sites()
    door.token()
    sealed = door.read_object(BODY_MAX_BYTES).get("sealed")
    if not isinstance(sealed, dict) or not sealed or not sealed.keys() <= set(LEASES):
        door.login()  # whoever is not logged in is told that, and nothing of what they sent
        raise Problem("lease_unopenable" if sealed == {} else "unreadable")
    keys = {which: _opened(which, item) for which, item in sealed.items()}
    _note_lease(sealed)
    return door.answer(keys)


def _note_lease(sealed: Mapping[str, Any]) -> None:
    """Keep that a phone may be read again, before it may: it then goes by the lease that it had,
    which was of no more days than any is, until an answer grants another."""
    now = door.moment()
    with door.database().writing() as session:
        for replica in {item["replica"] for item in sealed.values()}:
            _, phone = people.caller_of(session, door.token(), replica, now)
            if phone is not None:
                news = people.lease_news(phone, LEASE_DAYS_MAX * 24, now, obeys=True)
                people.note_health(session, replica, news)


def _opened(which: str, item: Any) -> str:
    try:
        parcel = read_parcel(item)
    except Problem as bad:  # laid down so, and no other than this will ever come
        door.login()
        raise Problem("lease_unopenable") from bad
    with door.database().reading() as session:
        login, phone = people.caller_of(session, door.token(), parcel.replica, door.moment())
        row = session.get(Replica, parcel.replica)
    g.asker = login.user if login else None
    if login is None:
        raise door.over(phone)
    if phone is None or row is None:
        raise Problem("no_access")
    if phone.user != login.user:
        raise Problem("wrong_user")
    if phone.revoked:
        raise Problem("device_revoked")
    try:
        return _key_in(door.sealing_key().open(parcel, row.public_key), which)
    except AnotherKey as missing:
        raise Problem("busy", retry_after_s=KEY_MISSING_WAIT_S) from missing
    except (BadSeal, Unreadable) as bad:
        raise Problem("lease_unopenable") from bad


def _key_in(plain: bytes, which: str) -> str:
    """Give the key of this very lease; nothing else that was sealed to us is opened here."""
    said = strict_json.loads(plain)
    if not isinstance(said, dict) or said.keys() != {"lease", "key"} or said["lease"] != which:
        raise BadSeal("no key of this lease")
    key = said["key"]
    if not isinstance(key, str) or len(key) > KEY_MAX_CHARACTERS:
        raise BadSeal("no key")
    return key
