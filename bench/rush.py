"""P8: a hundred phones come back with changes and photos within minutes, against the real server.

Each phone sends its changes one by one, at moments spread by chance over the time, and its photos
by a lane of their own beside them; the server redraws every photo in the meantime. The load is made
on the same cores that the server runs on, so the server has less than the machine.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import http.client
import queue
import random
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from sqlalchemy import text

from bench.load import MOMENT, Phone, timed
from bench.memory import Memory
from bench.stage import Device, Stage, name_id, stages
from bench.sync import expect_applied, lay_ground
from server.records import REGISTRY
from tests.photos import attachment, encoded, noise

TEAMS = 10
PART_BYTES = 256 * 1024
WIDE, HIGH, PHOTO_BYTES = 1600, 1200, 310_000
DIFFERENT_PHOTOS = 8
TEXT_BAR_S = 2.0
STILL_SECONDS_MAX = 120
"""When no photo was redrawn for so long, none will be."""
CHANGE_EVERY = 2
"""Every second change makes something new; the others change what was made before."""


@dataclass
class Crowd:
    """What all phones share: the stage, when it began, and what has been seen."""

    stage: Stage
    seconds: float
    photos: Sequence[bytes]
    thumbnail: str
    began: float = field(default_factory=time.monotonic)
    texts: list[float] = field(default_factory=list)
    lane: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def wait_until(self, moment: float) -> None:
        """Sleep until so many seconds have passed since the beginning."""
        time.sleep(max(0.0, self.began + moment - time.monotonic()))


def main(words: list[str]) -> None:
    """Run the rush on each database."""
    parser = argparse.ArgumentParser(prog="./run bench rush")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--phones", type=int, default=100)
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--photos", type=int, default=15)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    asked = parser.parse_args(words)
    with stages(tuple(asked.database or ("sqlite", "postgresql"))) as each:
        for stage in each:
            rush(stage, asked)


def rush(stage: Stage, asked: argparse.Namespace) -> None:
    """One rush, and what it was like."""
    devices = stage.devices(TEAMS, -(-asked.phones // TEAMS))[: asked.phones]
    lay_ground(stage, devices)
    thumbnail = base64.b64encode(encoded(noise(72, 96), "JPEG", quality=60)).decode()
    crowd = Crowd(stage, 60 * asked.minutes, pictures(), thumbnail)
    phones = [Phone(device, stage, packed=True) for device in devices]
    for phone in phones:
        phone.register()
    memory, cpu = Memory(stage.roots), stage.cpu_s()
    crowd.began = time.monotonic()
    with memory.watched():
        threads = [
            threading.Thread(target=come, args=(crowd, phone, number, asked))
            for number, phone in enumerate(phones)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sent = time.monotonic() - crowd.began
        settled = wait_until_settled(stage, crowd, asked.phones * asked.photos)
    show(crowd, memory, stage.cpu_s() - cpu, sent, settled)


def pictures() -> list[bytes]:
    """A few photos as phones send them: full size, each of some 300 kB."""
    made = []
    for number in range(DIFFERENT_PHOTOS):
        coarse = noise(WIDE // 4, HIGH // 4).rotate(45 * number)
        image = coarse.resize((WIDE, HIGH), Image.Resampling.BICUBIC)
        sizes = (encoded(image, "JPEG", quality=quality) for quality in range(95, 5, -3))
        made.append(next(jpeg for jpeg in sizes if len(jpeg) <= PHOTO_BYTES))
    return made


def come(crowd: Crowd, phone: Phone, number: int, asked: argparse.Namespace) -> None:
    """One phone's time: its changes at moments of its own, its photos behind them."""
    dice = random.Random(number)
    moments = sorted(dice.uniform(0, crowd.seconds) for _ in range(asked.changes))
    taken: queue.Queue[tuple[str, bytes] | None] = queue.Queue()
    lane = threading.Thread(target=carry, args=(crowd, phone.device, taken))
    lane.start()
    fault, made = name_id("fault", phone.device.replica), [""][:0]
    for at, moment in enumerate(moments):
        crowd.wait_until(moment)
        push = [change(phone, at, fault, made)]
        left = asked.photos * (at + 1) // asked.changes - asked.photos * at // asked.changes
        photos = [(name_id("photo", fault, at, n), dice.choice(crowd.photos)) for n in range(left)]
        push += [announced(crowd, phone, fault, *photo) for photo in photos]
        try:
            crowd.texts.append(timed(lambda push=push: expect_applied(phone.sync(push))))  # type: ignore[misc]
        except (RuntimeError, OSError, http.client.HTTPException) as error:
            crowd.errors.append(f"text: {error}")
            phone.hang_up()
        for photo in photos:
            taken.put(photo)
    taken.put(None)
    lane.join()
    phone.hang_up()


def change(phone: Phone, at: int, fault: str, made: list[str]) -> Any:
    """The first change is a deviation, which the photos belong to; then new visits and edits."""
    if at == 0:
        body = {**REGISTRY["deviation"].example, "dwelling": name_id("dwelling", phone.device.area)}
        del body["building"]
        return phone.mutation(fault, body, "create", kind="deviation")
    if at % CHANGE_EVERY == 0 and made:
        seen = {"meet": {"value": None, "seq": 0}}
        return phone.mutation(made[-1], {"meet": f"Ved port {at}"}, "patch", seen)
    new = phone.new()
    made.append(new["id"])
    return new


def announced(crowd: Crowd, phone: Phone, fault: str, id: str, content: bytes) -> Any:
    """The record of a photo, which travels with the text and brings its thumbnail."""
    body = attachment(fault, content, thumbnail=crowd.thumbnail, taken_at=MOMENT)
    return phone.mutation(id, body, "create", kind="attachment")


def carry(crowd: Crowd, device: Device, taken: queue.Queue[tuple[str, bytes] | None]) -> None:
    """The lane: one photo after the other, part by part."""
    while (photo := taken.get()) is not None:
        try:
            crowd.lane.append(timed(lambda photo=photo: upload(crowd.stage, device, *photo)))  # type: ignore[misc]
        except (RuntimeError, OSError, http.client.HTTPException) as error:
            crowd.errors.append(f"photo: {error}")


def upload(stage: Stage, device: Device, id: str, content: bytes) -> None:
    """Ask how far the server has it, then send the rest, as the phone's lane does."""
    line = http.client.HTTPConnection("127.0.0.1", stage.port, timeout=120)
    headers = {"Cookie": f"oppgang={device.cookie}", "X-Oppgang": "1"}
    said = {
        **headers,
        "Content-Type": "application/octet-stream",
        "X-Oppgang-Replica": device.replica,
        "Upload-Length": str(len(content)),
        "Upload-Sha256": hashlib.sha256(content).hexdigest(),
    }
    path, offset = f"/api/v1/attachments/{id}", 0
    try:
        line.request("HEAD", path, headers=headers)
        line.getresponse().read()
        while offset < len(content):
            part = content[offset : offset + PART_BYTES]
            line.request("PATCH", path, part, {**said, "Upload-Offset": str(offset)})
            answer = line.getresponse()
            words = answer.read()
            if answer.status != http.client.NO_CONTENT:
                raise RuntimeError(f"PATCH gave {answer.status}: {words[:200]!r}")
            offset = int(answer.headers["Upload-Offset"])
    finally:
        line.close()


def wait_until_settled(stage: Stage, crowd: Crowd, photos: int) -> float:
    """Seconds from the beginning until every photo was redrawn; an error when they stop coming."""
    count = text("SELECT count(*) FROM attachment WHERE stored IS NOT NULL")
    before, changed = -1, time.monotonic()
    while True:
        with stage.database.reading() as session:
            stored = int(session.execute(count).scalar_one())
        now = time.monotonic()
        if stored > before:
            before, changed = stored, now
        if stored >= photos:
            return now - crowd.began
        if now > changed + STILL_SECONDS_MAX:
            crowd.errors.append(f"only {stored} of {photos} photos were redrawn")
            return now - crowd.began
        time.sleep(1)


def show(crowd: Crowd, memory: Memory, cpu_s: float, sent: float, settled: float) -> None:
    """What the phones waited, what went wrong, and whether the memory stays."""
    print(f"\n{crowd.stage.name}: {len(crowd.texts)} texts, {len(crowd.lane)} photos, {sent:.0f} s")
    for name, spent, bar in (("text", crowd.texts, TEXT_BAR_S), ("photo lane", crowd.lane, None)):
        p50, p95 = statistics.median(spent), sorted(spent)[int(len(spent) * 0.95)]
        beside = "" if bar is None else f"   bar {bar:.1f} s"
        print(f"{name:<14}median {p50:6.3f} s   p95 {p95:6.3f} s   max {max(spent):6.3f} s{beside}")
    print(f"{'errors':<14}{len(crowd.errors)}   bar 0")
    for error in crowd.errors[:5]:
        print(f"    {error}")
    print(f"{'redrawn':<14}all photos {settled - sent:.0f} s after the last part came")
    print(f"{'CPU':<14}{cpu_s:.0f} s of server and database")
    memory.show()
