"""Innsyn for a household of ten years with its pictures, from the request to the file, as HTTP.

A leader prepares it, leaves a neighbour's name and some passages out, the office reads second, and
the leader downloads both files. All that the bar is about is the server's: the pages between too.
"""

from __future__ import annotations

import argparse
import itertools
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import unescape
from typing import Any
from urllib.parse import urlencode

from bench.line import Line
from bench.memory import Memory
from bench.stage import Device, Stage, name_id, stages
from server import access_log, access_seen
from server.access import Actor
from server.intake import SERVER, take
from server.photos.attachments import store_of
from server.planning.calendar import day_of
from server.roles import Role
from server.shapes import Json
from sync.mutation import office_replica
from tests.makers import mutation
from tests.photos import attachment, encoded, noise

BAR_S, BAR_MB = 60.0, 2_000
"""Half of what a machine with 4 GB has."""
DAYS, AT_ONCE = 3650, 200
WIDE, HIGH, QUALITY = 900, 1200, 28
READERS, IDS_A_ROW, OURS_EVERY, LEFT_OUT = 40, 10, 20, 5
NEIGHBOUR = "Zebulon Qvistmark"
DWELLING, TENANCY, CONTACT = map(name_id, ("dwelling", "tenancy", "contact"))
EAST = "east"
SORTS = {"visits": 500, "talks": 500, "deviations": 300, "pictures": 400, "log": 100_000}
"""How many there are of each; the last are rows of what the whole town has read."""
WORDS = (
    "Alt vel. Vi gikk gjennom økonomien og avtalte ny prat. Hun trives, men det er lytt mot "
    "naboen, og {who} har klaget to ganger. Vi ble enige om at hun ringer før hun reiser bort, "
    "og at vi ser på ventilen sammen neste gang. Samtale nummer {number}."
)


def main(words: list[str]) -> None:
    """Measure one household on each database."""
    parser = argparse.ArgumentParser(prog="./run bench insight")
    for name, usual in SORTS.items():
        parser.add_argument(f"--{name}", type=int, default=usual)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    asked = parser.parse_args(words)
    with stages(tuple(asked.database or ("sqlite", "postgresql"))) as each:
        for stage in each:
            measure(stage, asked)


@dataclass
class Browser:
    """Somebody's browser without script, and what it has cost the server so far."""

    device: Device
    stage: Stage
    page: str = ""
    size: int = 0

    def get(self, path: str) -> str:
        """Open a page."""
        return self._ask("GET", path, b"")

    def post(self, path: str, /, **fields: str) -> str:
        """Send a form of the last page that had one; gives where it led, or what came."""
        mark = re.search(r'name="csrf" value="([^"]*)"', self.page)
        fields["csrf"] = mark[1] if mark else ""
        return self._ask("POST", path, urlencode(fields).encode())

    def _ask(self, method: str, path: str, body: bytes) -> str:
        line = Line(self.stage.port)
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        said = {"Cookie": f"oppgang={self.device.cookie}", **kind}
        answer, content = line.ask(method, path, body, said)
        line.hang_up()
        self.size = len(content)
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path} gave {answer.status}: {content[-3000:]!r}")
        if answer.headers.get_content_type() == "text/html":
            self.page = unescape(content.decode())
        return answer.headers.get("Location") or self.page


def measure(stage: Stage, asked: argparse.Namespace) -> None:
    """The whole errand, step by step."""
    leader = stage.device(EAST, 0, Role.LEADER)
    office = stage.device(EAST, 1, Role.OFFICE)
    staff = [stage.device(EAST, number) for number in range(2, READERS)]
    lay_household(stage, leader, staff, asked)
    sizes = ", ".join(f"{count} {what}" for what, count in vars(asked).items() if what in SORTS)
    print(f"\n{stage.name}: {sizes}; bar {BAR_S:.0f} s and {BAR_MB} MB for all of it")
    print(f"{'step':<34}{'seconds':>9}{'CPU s':>8}{'highest MB':>12}{'MB sent':>9}")
    spent, cpu, highest = 0.0, 0.0, 0.0
    steps = errand(Browser(leader, stage), Browser(office, stage))
    while True:
        began, before = time.perf_counter(), stage.cpu_s()
        with Memory(stage.roots, every_s=0.05).watched() as looked:
            step = next(steps, None)
        if step is None:
            break
        seconds, used = time.perf_counter() - began, stage.cpu_s() - before
        spent, cpu, highest = spent + seconds, cpu + used, max(highest, *looked.all_mb)
        name, size = step
        print(f"{name:<34}{seconds:>9.2f}{used:>8.2f}{max(looked.all_mb):>12.0f}{size / 1e6:>9.1f}")
    over = "  over" if spent > BAR_S or highest > BAR_MB else ""
    print(f"{'all of it':<34}{spent:>9.2f}{cpu:>8.2f}{highest:>12.0f}{over}", flush=True)


def errand(leader: Browser, office: Browser) -> Iterator[tuple[str, int]]:
    """From the request to the files; each step with its name and the bytes that came."""
    page = leader.get(f"/office/subjects/{TENANCY}")
    yield "the household's page", leader.size
    where = leader.post(f"/office/subjects/{TENANCY}/insights", asked_on=day(1, 1), person="")
    page = leader.get(where)
    yield "the package, first time", leader.size
    leader.post(f"{where}/redact", text=NEIGHBOUR, reason="others")
    leader.get(where)
    yield "a name left out everywhere", leader.size
    for part in re.findall(rf'{where}/([0-9a-f-]{{36}})"', page)[:LEFT_OUT]:
        page = leader.get(f"{where}/{part}")
        fields = {"record": part, "path": "", "all": "yes", "reason": "internal"}
        leader.post(f"{where}/redact", shown=stamp(page), **fields)
    yield f"{LEFT_OUT} records left out, one by one", leader.size
    shown = stamp(leader.get(where))
    leader.post(f"{where}/ready", shown=shown)
    yield "made ready", leader.size
    shown = stamp(office.get(where))
    office.post(f"{where}/approve", shown=shown)
    yield "read second and approved", office.size
    leader.get(where)
    for form in ("pdf", "json"):
        leader.post(f"{where}/package", form=form)
        yield f"downloaded as {form.upper()}", leader.size


def stamp(page: str) -> str:
    """What a page says that it shows."""
    found = re.search(r'name="shown" value="([^"]*)"', page)
    if found is None:
        raise RuntimeError("the page offers no signature")
    return found[1]


def lay_household(
    stage: Stage, leader: Device, staff: list[Device], asked: argparse.Namespace
) -> None:
    """Ten years of one household, and of a town that looked at it and at others."""
    write(stage, leader, [
        ("area", leader.area, {"name": "Øst"}),
        ("dwelling", DWELLING, {"area": leader.area, "address": "Storgata 4"}),
        ("tenancy", TENANCY, {"dwelling": DWELLING, "started_on": day(0, 1)}),
        ("contact", CONTACT, {"tenancy": TENANCY, "name": "Amina Warsame"}),
    ])  # fmt: skip
    made = list(records(asked))
    for start in range(0, len(made), AT_ONCE):
        author = staff[start // AT_ONCE % len(staff)]
        write(stage, author, made[start : start + AT_ONCE])
    keep_pictures(stage, leader, [id for kind, id, _ in made if kind == "attachment"])
    lay_log(stage, staff, [id for _, id, _ in made], asked.log)


def records(asked: argparse.Namespace) -> Iterator[tuple[str, str, dict[str, Json]]]:
    """What was written about the household, as phones and office write it."""
    home: dict[str, Json] = {"dwelling": DWELLING, "tenancy": TENANCY}
    sent: dict[str, Json] = {"state": "submitted", "by": name_id("user"), "at": MOMENT}
    for number in range(asked.visits):
        told: dict[str, Json] = {"outcome": "completed", "purpose": "move_in", "told": True}
        on: dict[str, Json] = {"visited_on": day(number, asked.visits), "present/tenant": True}
        body: dict[str, Json] = {"dwelling": DWELLING, **told, **on, "status": sent}
        yield "visit", name_id("visit", number), body
    for number in range(asked.talks):
        who = NEIGHBOUR if number % 5 == 0 else "de over"
        words = WORDS.format(who=who, number=number)
        on = {"talked_on": day(number, asked.talks), "channel": "visit"}
        body = {**home, **on, "visit": name_id("visit", number % asked.visits), "summary": words}
        yield "conversation", name_id("talk", number), {**body, "status": sent}
    for number in range(asked.deviations):
        words = f"Ventilen på badet er tett, og det er kondens på vinduet. Nummer {number}."
        body = {"dwelling": DWELLING, "words": words, "severity": "medium", "status": sent}
        body["found_on"] = day(number, asked.deviations)
        yield "deviation", name_id("deviation", number), body
    for number in range(asked.pictures):
        about = name_id(("visit", "talk")[number % 2], number % min(asked.visits, asked.talks))
        jpeg = picture(number)
        yield "attachment", name_id("picture", number), attachment(about, jpeg, caption="Badet")


def write(stage: Stage, author: Device, made: list[tuple[str, str, dict[str, Json]]]) -> None:
    """Make records in the server's own name, by an author."""
    now = datetime.now(UTC)
    some = [mutation(kind, id, body, author=author.user, now=now) for kind, id, body in made]
    actor, replica = Actor(author.user, ()), office_replica(author.user)
    for result in take(stage.database, actor, replica, some, now, server=True):
        if result.state != "applied":
            raise RuntimeError(f"a record was not made: {result}")


def keep_pictures(stage: Stage, by: Device, ids: list[str]) -> None:
    """Lay the pictures in the store, and let their records say so, as the darkroom does."""
    store, now = store_of(stage.settings), datetime.now(UTC)
    told: list[Any] = []
    for number, id in enumerate(ids):
        jpeg = picture(number)
        store.put(f"pictures/{id}", jpeg)
        stored: dict[str, Json] = {"sha_stored": sha256(jpeg).hexdigest(), "bytes": len(jpeg)}
        said: dict[str, Json] = {"stored": {**stored, "width": WIDE, "height": HIGH, "at": MOMENT}}
        seen: dict[str, tuple[Json, int]] = {"stored": (None, 0)}
        how: dict[str, Any] = {"author": by.user, "replica": SERVER, "op": "patch", "seen": seen}
        told.append(mutation("attachment", id, said, **how))
    for start in range(0, len(told), AT_ONCE):
        some = told[start : start + AT_ONCE]
        for result in take(stage.database, Actor(by.user, ()), SERVER, some, now, server=True):
            if result.state != "applied":
                raise RuntimeError(f"a picture was not told of: {result}")


def picture(number: int) -> bytes:
    """A JPEG of some 300 KB that differs from all others in a remark of its own."""
    if not PICTURE:
        PICTURE.append(encoded(noise(WIDE, HIGH), "JPEG", quality=QUALITY))
    remark = b"%012d" % number
    head = b"\xff\xd8\xff\xfe" + (len(remark) + 2).to_bytes(2, "big")
    return head + remark + PICTURE[0][2:]


def lay_log(stage: Stage, staff: list[Device], ours: list[str], rows: int) -> None:
    """Let everybody have looked, mostly at others, and the index have followed."""
    own, began = itertools.cycle(ours), datetime.now(UTC) - timedelta(days=DAYS)
    for start in range(0, rows, AT_ONCE):
        readings = []
        for number in range(start, min(rows, start + AT_ONCE)):
            ids = {name_id("other", number, at) for at in range(IDS_A_ROW)}
            if number % OURS_EVERY == 0:
                ids |= {next(own), TENANCY}
            who, role = staff[number % len(staff)].user, Role.BOMILJO.value
            readings.append(access_log.Reading(who, role, "sync.sync", access_log.DUTY, ids))
        with stage.database.writing() as session:
            access_log.append(session, readings, began + timedelta(days=DAYS * start / rows))
    access_seen.follow(stage.database, stage.settings, datetime.now(UTC))


def day(number: int, of: int) -> str:
    """A day of the ten years, the same distance apart."""
    began = day_of(datetime.now(UTC)) - timedelta(days=DAYS)
    return (began + timedelta(days=DAYS * number // of)).isoformat()


MOMENT = "2026-11-23T09:12:00.000Z"
PICTURE: list[bytes] = []
