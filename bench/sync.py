"""W1 to W4 of the speed page on both databases: push, pull, steady days, nothing to do.

Figures are for this machine and this run; only ratios within one run compare.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from uuid import uuid4

from bench.load import Figures, Phone, measured, run, timed
from bench.stage import Device, Stage, name_id, stages
from server.access import Actor
from server.intake import take

BATCH = 100
PER_PHONE = 200
FRESH_PHONES = 5
PUSHERS = 50
TEAMS, TEAM_SIZE, ROUNDS = 20, 10, 10
NEW, EDITS = 3, 2
IDLE_ROUNDS = 400
BARS = {
    "W1 push": ("µs a record", 80, 140),
    "W2 pull": ("µs a record", 8, 20),
    "W2 pull, zstd": ("µs a record", 15, 20),
    "W3 steady": ("ms a sync", 2, 4),
    "W4 nothing, 1 connection": ("ms a sync", 0.4, 0.6),
    "W4 nothing, 4 connections": ("ms a sync", 0.4, 0.6),
}


def main(words: list[str]) -> None:
    """Run the workloads; `--database` names one of the two."""
    parser = argparse.ArgumentParser(prog="./run bench sync")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    asked = parser.parse_args(words)
    with stages(tuple(asked.database or ("sqlite", "postgresql"))) as each:
        for stage in each:
            print(f"\n{stage.name}: CPU of server and database, all processes")
            print(
                f"{'':<27}{'CPU':>9}  {'bar':>5} {'unit':<12}{'per s':>8}{'p95 ms':>8}"
                f"{'in B':>8}{'out B':>8}"
            )
            for figures in workloads(stage):
                show(stage, figures)


def workloads(stage: Stage) -> Iterator[Figures]:
    """All of them in order, on a growing database as in a real week."""
    devices = stage.devices(TEAMS, TEAM_SIZE)
    lay_ground(stage, devices)
    yield push(stage, devices[:PUSHERS])
    yield pull(stage, devices[0], packed=False)
    yield pull(stage, devices[1], packed=True)
    yield steady(stage, devices)
    yield idle(stage, devices[:1], 1)
    yield idle(stage, devices[:4], 4)


def lay_ground(stage: Stage, devices: Sequence[Device]) -> None:
    """One area and one dwelling a team, written as the server's own work."""
    now, areas = datetime.now(UTC), sorted({device.area for device in devices})
    server = Device(name_id("office"), name_id("office replica"), "", "")
    hand = Phone(server, stage)
    ground = [
        hand.mutation(record, change, "create", kind=kind)
        for area in areas
        for kind, record, change in (
            ("area", area, {"name": f"Område {area[:4]}"}),
            ("dwelling", name_id("dwelling", area), home(area)),
        )
    ]
    take(stage.database, Actor(server.user, ()), server.replica, ground, now, server=True)


def home(area: str) -> dict[str, str]:
    """A dwelling to hang visits on."""
    return {"area": area, "address": "Eksempelveien 1", "unit_number": "H0101"}


def push(stage: Stage, devices: Sequence[Device]) -> Figures:
    """W1: fifty phones, two hundred new records each, a hundred at a time."""
    phones = [Phone(device, stage) for device in devices]
    for phone in phones:
        phone.register()

    def work(phone: Phone) -> Iterator[float]:
        for _ in range(PER_PHONE // BATCH):
            batch = [phone.new() for _ in range(BATCH)]
            yield timed(lambda batch=batch: expect_applied(phone.sync(batch, limit=1)))  # type: ignore[misc]

    return measured("W1 push", stage, phones, len(phones) * PER_PHONE, work)


def expect_applied(reply: dict[str, list[dict[str, object]]]) -> None:
    """A measurement of refusals would be worth nothing."""
    others = [r for r in reply["results"] if r["state"] != "applied"]
    if others:
        raise RuntimeError(f"not applied: {others[0]}")


def pull(stage: Stage, like: Device, packed: bool) -> Figures:
    """W2: fresh phones, one after the other, load all that their user may see."""
    phones = [
        Phone(Device(like.user, str(uuid4()), like.area, like.cookie), stage, packed)
        for _ in range(FRESH_PHONES)
    ]
    for phone in phones:
        phone.register()
        phone.hang_up()
    came = 0

    def work(phone: Phone) -> Iterator[float]:
        nonlocal came
        more = True
        while more:
            reply = phone.sync([], limit=1000)
            came += len(reply["puts"])
            more = reply["more"]
            yield 0.0

    figures = run("W2 pull, zstd" if packed else "W2 pull", stage, phones, 1, work, connections=1)
    figures.units = came
    return figures


def steady(stage: Stage, devices: Sequence[Device]) -> Figures:
    """W3: each sync pushes three new records and two edits, and brings the team's news."""
    phones = [Phone(device, stage, packed=True) for device in devices]
    for phone in phones:
        phone.device = Device(
            phone.device.user, str(uuid4()), phone.device.area, phone.device.cookie
        )
        phone.register()
        while phone.sync([], limit=1000)["more"]:
            pass
        phone.hang_up()
    return steady_rounds(stage, phones, ROUNDS)


def steady_rounds(stage: Stage, phones: Sequence[Phone], count: int) -> Figures:
    """The rounds of W3 on phones that are at the head of the feed."""
    mine: dict[str, list[str]] = {}

    def work(phone: Phone) -> Iterator[float]:
        known = mine.setdefault(phone.device.replica, [])
        batch = [phone.new() for _ in range(NEW)]
        for record in known[-EDITS:]:
            edit = {"meet": f"+47 400 00 {phone.n % 1000:03}"}
            seen = {"meet": {"value": None, "seq": 0}}
            batch.append(phone.mutation(record, edit, "patch", seen))
        known += [one["id"] for one in batch[:NEW]]
        yield timed(lambda: expect_applied(phone.sync(batch, limit=500)))

    rounds = [measured("W3 steady", stage, phones, len(phones), work) for _ in range(count)]
    first, *rest = rounds
    for other in rest:
        first.with_more(other)
    return first


def idle(stage: Stage, devices: Sequence[Device], connections: int) -> Figures:
    """W4: nothing to send and nothing new."""
    phones = [
        Phone(Device(d.user, str(uuid4()), d.area, d.cookie), stage, packed=True) for d in devices
    ]
    for phone in phones:
        phone.register()
        while phone.sync([], limit=1000)["more"]:
            pass
    return idle_rounds(stage, phones, IDLE_ROUNDS, connections)


def idle_rounds(stage: Stage, phones: Sequence[Phone], count: int, connections: int) -> Figures:
    """The rounds of W4 on phones that are at the head of the feed, one connection for each."""

    def work(phone: Phone) -> Iterator[float]:
        for _ in range(count):
            yield timed(lambda: phone.sync([]))

    name = f"W4 nothing, {connections} connection" + ("s" if connections > 1 else "")
    return run(name, stage, phones, count * connections, work, connections)


def show(stage: Stage, figures: Figures) -> None:
    """One line: the cost beside the bar, and what went over the wire per unit."""
    unit, on_sqlite, on_postgresql = BARS[figures.name]
    bar = on_sqlite if stage.name == "sqlite" else on_postgresql
    factor = 1e6 if unit.startswith("µs") else 1e3
    cost = factor * figures.cpu_s / figures.units
    print(
        f"{figures.name:<27}{cost:>9.2f}  {bar:>5} {unit:<12}"
        f"{figures.units / figures.wall_s:>8.0f}{figures.percentile_ms(0.95):>8.1f}"
        f"{figures.bytes_in / figures.units:>8.0f}{figures.bytes_out / figures.units:>8.0f}",
        flush=True,
    )
