"""Whether the time of an answer tells what its words do not: forbidden, or never there.

The whole app in this process, without sockets: two thousand of each through every door that takes
an id or words, by turns, and the two-sample Kolmogorov-Smirnov statistic of their times.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import math
import os
import random
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from statistics import median
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from bench.insight import AT_ONCE, MOMENT, write
from bench.profile import inside
from bench.stage import Device, Stage, name_id
from server import people
from server.access import Actor
from server.intake import SERVER, take
from server.office.sought import NAME, seal
from server.photos.attachments import Announced, receive, store_of
from server.roles import Role
from server.shapes import Json
from tests.makers import mutation
from tests.photos import attachment, encoded, scene

HERE, THERE = "west", "east"
TOKENS = 16
"""So many that none of them is asked to wait."""
WARM = 100
DAY = "2026-11-02"
PICTURE = encoded(scene(90, 120), "JPEG")
Ask = Callable[[str], EnvironBuilder]


@dataclass(frozen=True)
class Door:
    """A way to ask: what a request for a thing looks like, and the two sorts of things."""

    name: str
    ask: Ask
    forbidden: Sequence[str]
    missing: Sequence[str]
    status: str = "404"


def main(words: list[str]) -> None:
    """Measure every door on each database."""
    parser = argparse.ArgumentParser(prog="./run bench missing")
    parser.add_argument("--samples", type=int, default=2_000)
    parser.add_argument("--own", type=int, default=5_000, help="records that the askers may read")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    asked = parser.parse_args(words)
    for name in asked.database or ("sqlite", "postgresql"):
        with inside(name) as (stage, app):
            print(
                f"\n{name}: {asked.samples} of each, by turns, by who may read {asked.own} others"
            )
            print(
                f"{'medians in µs':<28}{'forbidden':>10}{'missing':>9}{'ratio':>8}{'KS':>8}{'p':>8}"
            )
            for door in doors(stage, asked.samples + WARM, asked.own):
                forbidden, missing = times(app, door)
                here, none = median(forbidden) * 1e6, median(missing) * 1e6
                apart, chance = kolmogorov_smirnov(forbidden, missing)
                told = f"{here:>10.0f}{none:>9.0f}{here / none:>8.3f}{apart:>8.3f}{chance:>8.3f}"
                print(f"{door.name:<28}{told}", flush=True)


def times(app: Any, door: Door) -> tuple[list[float], list[float]]:
    """Ask for each thing once, and give the seconds of each sort without the first few."""
    found: tuple[list[float], list[float]] = ([], [])
    rolls, lengths = random.Random(7), set()
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stderr(nowhere):
        gc.collect()
        for pair in zip(door.forbidden, door.missing, strict=True):
            for sort in rolls.sample((0, 1), 2):
                environ, told = door.ask(pair[sort]).get_environ(), list[Any]()
                began = time.perf_counter()
                content = b"".join(app(environ, lambda *said, told=told: told.append(said)))
                found[sort].append(time.perf_counter() - began)
                lengths.add(len(content))
                if not told[0][0].startswith(door.status) or len(lengths) > 1:
                    raise RuntimeError(f"{door.name}: {told[0][0]}, sizes {lengths}")
    return found[0][WARM:], found[1][WARM:]


def kolmogorov_smirnov(one: Sequence[float], other: Sequence[float]) -> tuple[float, float]:
    """Give how far apart two samples' distributions are at most, and how likely that or more is
    when they are the same (the asymptotic series, with Stephens' correction)."""
    both = sorted(one), sorted(other)
    shares = ([bisect_right(each, at) / len(each) for each in both] for at in (*one, *other))
    apart = max(abs(first - second) for first, second in shares)
    size = math.sqrt(len(one) * len(other) / (len(one) + len(other)))
    reach = (size + 0.12 + 0.11 / size) * apart
    series = (2 * (-1) ** (k - 1) * math.exp(-2 * (k * reach) ** 2) for k in range(1, 101))
    return apart, min(1.0, max(0.0, sum(series))) if reach > 0.2 else 1.0


def doors(stage: Stage, count: int, own: int) -> Iterator[Door]:
    """Lay out as many things as are asked for in one area, and ask from another."""
    theirs = stage.device(THERE, 0)
    worker, office = stage.device(HERE, 1), stage.device(HERE, 2, Role.OFFICE)
    lay_out(stage, theirs, worker, count, own)

    def things(what: str) -> tuple[list[str], list[str]]:
        known, never = ([name_id(sort, n) for n in range(count)] for sort in (what, f"no {what}"))
        return known, never

    def at(path: str, device: Device, method: str = "GET") -> Ask:
        cookie = Headers({"Cookie": f"oppgang={device.cookie}"})
        return lambda id: EnvironBuilder(f"{path}/{id}", method=method, headers=cookie)

    yield Door("photo", at("/api/v1/attachments", worker), *things("picture"))
    yield Door("how far an upload came", at("/api/v1/attachments", worker, "HEAD"), *things("sent"))
    yield Door("a record, by a token", by_token(stage), *things("deviation"))
    for kind, name in (("visit", "records"), ("deviation", "deviations"), ("home", "dwellings")):
        yield Door(f"office, {kind}", at(f"/office/{name}", worker), *things(kind))
    yield Door("office, household", at("/office/subjects", office), *things("tenancy"))
    stands, nowhere = (
        [f"{road}gata {10_000 + n}" for n in range(count)] for road in ("Stor", "Skog")
    )
    yield Door("office, words of an address", by_words(stage, office), stands, nowhere, "200")


def by_token(stage: Stage) -> Ask:
    """Ask as other systems, by turns."""
    now, secrets = datetime.now(UTC), list[str]()
    with stage.database.writing() as session:
        for number in range(TOKENS):
            named = (f"FDV {number}", Role.OFFICE, name_id("area", HERE), ["deviation"])
            how: dict[str, Any] = {"imports": False, "by": name_id("leader"), "now": now}
            lasts = now + timedelta(days=1)
            secrets.append(people.make_token(session, *named, **how, expires_at=lasts)[1])

    def ask(id: str) -> EnvironBuilder:
        secret = secrets[int(id[:4], 16) % TOKENS]
        said = Headers({"Authorization": f"Bearer {secret}"})
        return EnvironBuilder(f"/api/v1/integration/records/{id}", headers=said)

    return ask


def by_words(stage: Stage, device: Device) -> Ask:
    """Ask the office's search for an address that stands elsewhere, or nowhere."""

    def ask(words: str) -> EnvironBuilder:
        said = {NAME: seal(stage.settings, device.user, words)}
        cookie = Headers({"Cookie": f"oppgang={device.cookie}"})
        return EnvironBuilder("/office/homes", query_string=said, headers=cookie)

    return ask


def lay_out(stage: Stage, theirs: Device, worker: Device, count: int, own: int) -> None:
    """Make everything that is forbidden here, and what is not."""
    sent: dict[str, Json] = {"state": "submitted", "by": theirs.user, "at": MOMENT}
    made: list[tuple[str, str, dict[str, Json]]] = [
        ("area", theirs.area, {"name": "Øst"}),
        ("area", worker.area, {"name": "Vest"}),
    ]
    for n in range(count):
        home = name_id("home", n)
        body: dict[str, Json] = {"area": theirs.area, "address": f"Storgata {10_000 + n}"}
        made.append(("dwelling", home, body))
        body = {"dwelling": home, "started_on": DAY}
        made.append(("tenancy", name_id("tenancy", n), body))
        body = {"dwelling": home, "visited_on": DAY, "outcome": "completed", "purpose": "move_in"}
        body |= {"told": True, "present/tenant": True, "status": sent}
        made.append(("visit", name_id("visit", n), body))
        body = {"dwelling": home, "words": "Ventilen er tett", "severity": "medium"}
        body |= {"found_on": DAY, "status": sent}
        made.append(("deviation", name_id("deviation", n), body))
    for n in range(count):
        pictured = attachment(name_id("visit", n), PICTURE)
        made.append(("attachment", name_id("picture", n), pictured))
    for n in range(own):
        body = {"area": worker.area, "address": f"Vestgata {10_000 + n}"}
        made.append(("dwelling", name_id("own", n), body))
    for start in range(0, len(made), AT_ONCE):
        write(stage, theirs, made[start : start + AT_ONCE])
    keep(stage, theirs, count)


def keep(stage: Stage, theirs: Device, count: int) -> None:
    """Lay the pictures in the store, say so in their records, and begin as many uploads."""
    store, now, said = store_of(stage.settings), datetime.now(UTC), list[Any]()
    stored: dict[str, Json] = {"sha_stored": sha256(PICTURE).hexdigest(), "bytes": len(PICTURE)}
    stored |= {"width": 90, "height": 120, "at": MOMENT}
    for n in range(count):
        store.put(f"pictures/{name_id('picture', n)}", PICTURE)
        how: dict[str, Any] = {"author": theirs.user, "replica": SERVER, "op": "patch"}
        seen: dict[str, tuple[Json, int]] = {"stored": (None, 0)}
        change: dict[str, Json] = {"stored": stored}
        said.append(mutation("attachment", name_id("picture", n), change, seen=seen, **how))
        sent = Announced(name_id("sent", n), theirs.user, theirs.replica, 900, "0" * 64)
        receive(stage.database, store, sent, 0, b"", now)
    for start in range(0, len(said), AT_ONCE):
        some, actor = said[start : start + AT_ONCE], Actor(theirs.user, ())
        for result in take(stage.database, actor, SERVER, some, now, server=True):
            if result.state != "applied":
                raise RuntimeError(f"a picture was not told of: {result}")
