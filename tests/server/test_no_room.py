"""A database that takes no writes: an honest «ask again», and all goes through when it does."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import event, text

from server import create_app
from server.config import Settings
from server.database import Database
from tests.fresh import on_postgresql
from tests.makers import World, visit
from tests.server.phone import Phone

CAPABILITIES_V3 = 0x20080522  # linux/capability.h


@contextmanager
def read_only(settings: Settings) -> Iterator[None]:
    """A folder and a database without the right to write."""
    files = [settings.data, *settings.data.glob("oppgang.db*")]
    before = [file.stat().st_mode for file in files]
    for file, mode in zip(files, before, strict=True):
        file.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for file, mode in zip(files, before, strict=True):
            file.chmod(mode)


def as_anybody(work: Callable[[], bool]) -> bool:
    """Do something in a process that has none of root's powers over files; say what it gave."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    right = False
    try:
        header = (ctypes.c_uint32 * 2)(CAPABILITIES_V3, 0)
        ctypes.CDLL(None).capset(header, (ctypes.c_uint32 * 6)())
        right = work()
    finally:
        os._exit(0 if right else 1)
    return right


@dataclass
class Disk:
    """Room for so many pages, as SQLite counts them."""

    pages: int = 2**31 - 2

    def limit(self, connection: object, *_: object) -> None:
        """Tell each connection that is taken out."""
        connection.cursor().execute(f"PRAGMA max_page_count = {self.pages}")  # type: ignore[attr-defined]


def full(database: Database, disk: Disk) -> None:
    """Let SQLite say that the disk is full."""
    with database.writing() as session:
        disk.pages = session.execute(text("PRAGMA page_count")).scalar_one()


if not on_postgresql():  # its disk is full in tests/proof: such a cluster ends itself

    def test_a_read_only_disk_gives_no_answer_and_loses_none(
        settings: Settings, app: Flask, world: World
    ) -> None:
        kari = Phone(app, "kari")
        before, after = kari.write("visit", *visit()), kari.write("visit", *visit())
        assert kari.sync(before)[0]["state"] == "applied"
        app.extensions["oppgang"].close()

        def is_told_to_ask_again() -> bool:
            with_new_lines = create_app(settings)
            client = with_new_lines.test_client()
            client.set_cookie("oppgang", kari.client.get_cookie("oppgang").value)  # type: ignore[union-attr]
            kari.client = client
            said = kari.post([after])
            return said.status_code in (500, 503) and "trygt" in said.get_data(as_text=True)

        with read_only(settings):
            assert as_anybody(is_told_to_ask_again)
        told = kari.sync(before, after)
        assert [result["state"] for result in told] == ["applied", "applied"]
        assert "repeated" not in told[1], "nothing of it had been taken"

    @pytest.mark.parametrize("many", [1, 60])
    def test_a_full_disk_takes_what_there_is_room_for_and_says_so_of_nothing_else(
        app: Flask, database: Database, world: World, many: int
    ) -> None:
        kari, disk = Phone(app, "kari"), Disk()
        event.listen(app.extensions["oppgang"].engine, "checkout", disk.limit)
        full(database, disk)
        sent, taken = [], 0
        for _ in range(400):
            sent.append([kari.write("visit", *visit()) for _ in range(many)])
            said = kari.post(sent[-1])
            if said.status_code != 200:
                break
            taken += len(said.get_json()["results"])
        assert said.status_code == 503 and "Retry-After" in said.headers
        disk.pages *= 2
        told = [result for push in sent for result in kari.sync(*push)]
        assert {result["state"] for result in told} == {"applied"}
        assert sum("repeated" in result for result in told) == taken
