"""One round trip of a phone: takes its push, then answers with results and a page of its feed.

It speaks of the envelope only; what is in it is for intake and feed.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from server import access_log, feed, parity, people
from server.access import Actor
from server.api import door
from server.api.lease_hours import lease_hours
from server.intake import NoMid, take
from server.keeping import receipts
from server.metrics import CHECKS, PULLED, RESETS, RESULTS, SYNC_SECONDS
from server.planning.told import told_to_phones
from server.problems import Problem
from server.shapes import write_instant
from sync.mutation import PATHS_MAX, is_id

PUSH_MAX = 500
PUSH_PATHS_MAX = 10_000
"""So many paths are judged in seconds, even if each of them is a question; the phone halves."""
DIGESTS_MAX = 2_000
"""Whoever leads a large municipality has some six scopes in each of its areas."""
DIGEST = re.compile(r"[0-9a-f]{16}")
VERSION_CHARACTERS = 12
sync_pages = Blueprint("sync", __name__)


@dataclass(frozen=True)
class Ask:
    """The envelope of a round trip."""

    user: str
    replica: str
    contract: int
    push: list[Any]
    cursor: str | None
    limit: int
    health: dict[str, Any]
    digests: dict[str, str] | None
    policy: str | None
    """The version of the policy that the phone holds; None when it holds none, or does not say."""


@sync_pages.post("/sync")
@SYNC_SECONDS.time()
def sync() -> ResponseReturnValue:
    """Push, then pull; what the push wrote is committed before the page is read."""
    door.refuse_other_sites()
    token = door.token()
    ask = _read(door.read_object())
    now = door.moment()
    page: feed.Page | None = None
    checked = False
    with door.database().reading() as session:
        login, phone = people.caller_of(session, token, ask.replica, now)
        g.asker = login.user if login else None
        phone = _check(ask, login, phone)
        actor = Actor(ask.user, login.grants if login else ())
        news = people.health_news(phone, ask.health, now)
        network_only = people.is_network_only(session, ask.user)
        policy = _policy(told_to_phones(session), now, network_only)
        news |= people.lease_news(
            phone,
            policy["lease"]["personal"],
            now,
            obeys=ask.policy is not None,
            told=ask.policy == policy["version"],
        )
        answers = receipts.waits_for(session, ask.user, ask.replica, ask.cursor)
        if not ask.push:
            checked = ask.digests is not None and not parity.is_due(session, ask.replica, now)
            held = None if checked else ask.digests
            page = feed.pull(session, actor, ask.cursor, limit=ask.limit, now=now, held=held)
    results = _take(ask, actor, news) if ask.push else []
    if news and not ask.push:
        with door.database().writing() as session:
            people.note_health(session, ask.replica, news)
    if answers:
        with door.database().writing() as session:
            receipts.take(session, ask.user, ask.replica, ask.cursor, now)
    if login is not None and login.stale:
        with door.database().writing() as session:
            people.touch_session(session, token, now)
    if page is None:
        with door.database().reading() as session:
            login = people.login_of(session, token, now)
            if login is None:
                raise Problem("session_over")
            actor = Actor(ask.user, login.grants)
            page = feed.pull(session, actor, ask.cursor, limit=ask.limit, now=now)
    assert login is not None
    door.keep_readings(login, access_log.of_puts(page.puts), ask.replica)
    if page.access is not None:
        feed.remember_access(door.database(), page.access, now)
    reply = reply_of(page, results, now)
    if page.differing is not None:
        _note_check(ask.replica, page.differing, now)
    if checked or page.differing is not None:
        reply["checked"] = True
    if policy["version"] != ask.policy:
        reply["policy"] = policy
    return door.answer(reply)


def _policy(rules: dict[str, Any], now: datetime, network_only: bool) -> dict[str, Any]:
    """Give what a phone is to go by, named by what it says: who holds it is told no more."""
    told = {
        "lease": lease_hours(door.settings().lease_days, now, network_only),
        "sealing_key": door.told_key(),
        "telephone": door.settings().telephone,
        "conceals": door.settings().conceals,
        "rules": rules,
    }
    said = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    return {**told, "version": sha256(said).hexdigest()[:VERSION_CHARACTERS]}


def _note_check(replica: str, differing: list[str], now: datetime) -> None:
    with door.database().writing() as session:
        parity.note(session, replica, len(differing), now)
    CHECKS.labels("differing" if differing else "equal").inc()


def _take(ask: Ask, actor: Actor, news: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        results = take(
            door.database(),
            actor,
            ask.replica,
            ask.push,
            door.moment(),
            first=lambda session: people.note_health(session, ask.replica, news),
        )
    except NoMid as bad:
        raise Problem("unreadable") from bad
    counted = Counter((result.state, result.reason or "") for result in results)
    for (state, reason), count in counted.items():
        RESULTS.labels(state, reason).inc(count)
    return [result.wire() for result in results]


def reply_of(page: feed.Page, results: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    """Put the answer together; what is empty and may be is left out."""
    reply: dict[str, Any] = {
        "incarnation": page.incarnation,
        "server_now": write_instant(now),
        "results": results,
        "puts": page.puts,
        "leaves": page.leaves,
        "cursor": page.cursor,
        "more": page.more,
    }
    if page.covered is not None:
        reply["covered"] = page.covered
    if page.access is not None:
        reply["access"] = page.access
    if page.reset is not None:
        reply["reset"] = page.reset
        RESETS.inc()
    PULLED.inc(len(page.puts))
    return reply


def _check(ask: Ask, login: people.Login | None, phone: people.Phone | None) -> people.Phone:
    if login is None:
        raise door.over(phone)
    if login.user != ask.user:
        raise Problem("wrong_user")
    if phone is None:
        raise Problem("no_access")
    if phone.user != ask.user:
        raise Problem("wrong_user")
    if phone.revoked:
        raise Problem("device_revoked")
    return phone


def _read(given: dict[str, Any]) -> Ask:
    user, replica = given.get("user"), given.get("replica")
    push, health = given.get("push"), given.get("health", {})
    cursor, limit = given.get("cursor"), given.get("limit", feed.PAGE_RECORDS_MAX)
    if not (isinstance(user, str) and is_id(user) and isinstance(replica, str) and is_id(replica)):
        raise Problem("unreadable")
    if not (isinstance(push, list) and isinstance(health, dict) and type(limit) is int):
        raise Problem("unreadable")
    policy = given.get("policy")
    if not all(said is None or isinstance(said, str) for said in (cursor, policy)):
        raise Problem("unreadable")
    if len(push) > PUSH_MAX or sum(map(_paths_in, push)) > PUSH_PATHS_MAX:
        raise Problem("too_large")
    contract = door.whole_of(given, "contract", 1)
    digests = given.get("digests")
    if digests is not None and not _are_digests(digests):
        raise Problem("unreadable")
    return Ask(user, replica, contract, push, cursor, limit, health, digests, policy)


def _are_digests(given: object) -> bool:
    """Say whether this is a digest for each of some scopes."""
    return (
        isinstance(given, dict)
        and len(given) <= DIGESTS_MAX
        and all(isinstance(said, str) and DIGEST.fullmatch(said) for said in given.values())
    )


def _paths_in(pushed: Any) -> int:
    """Count the paths of one mutation, as far as they are judged at all: one alone always fits."""
    written = pushed.get("set") if isinstance(pushed, dict) else None
    return min(len(written), PATHS_MAX) if isinstance(written, dict) else 0
