"""A new sealing key: what was sealed to the one before still opens, and phones are told the new."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from server import create_app
from server.config import Settings, read_settings
from server.key_files import rotate_sealing_key
from server.sealing import SealingKey, sealing_key
from tests.makers import World, visit
from tests.molds import Mold
from tests.server.phone import Phone, open_login
from tests.server.test_parcels import carry, seal


@pytest.fixture
def settings(tmp_path: Path, peopled: Mold) -> Iterator[Settings]:
    """Settings with keys of their own, that may be changed."""
    with peopled.copy(tmp_path) as made:
        keys = tmp_path / "own-keys"
        keys.mkdir(mode=0o700)
        for name in ("db.key", "sealing.key", "backup.key"):
            (keys / name).write_bytes((made.keys / name).read_bytes())
            (keys / name).chmod(0o600)
        yield read_anew(made, keys)


def read_anew(settings: Settings, keys: Path) -> Settings:
    """Read the settings of the same data with the keys of a folder."""
    given = {"OPPGANG_MODE": "test", "OPPGANG_DATA": str(settings.data)}
    given |= {"OPPGANG_KEYS": str(keys), "OPPGANG_DATABASE_URL": settings.database_url}
    return read_settings(given)


def test_old_parcels_open_and_phones_are_told_the_new_key(
    app: Flask, world: World, settings: Settings
) -> None:
    kari = Phone(app, "kari")
    kari.sync()
    old: SealingKey = app.extensions["oppgang_sealing"]
    before = kari.ask()["policy"]
    first, second = kari.write("visit", *visit()), kari.write("visit", *visit())
    sealed_then = seal(old, first)
    kept = rotate_sealing_key(settings.keys, old.id)
    assert kept.name == f"sealing-{old.id}.key" and kept.stat().st_mode & 0o077 == 0
    after = create_app(read_anew(settings, settings.keys))
    new: SealingKey = after.extensions["oppgang_sealing"]
    assert new.id != old.id
    carry(after, sealed_then, seal(new, second))
    kari.client = open_login(after, kari.user)
    assert [each["repeated"] for each in kari.sync(first, second)] == [True, True]
    assert {first["id"], second["id"]} <= kari.base.keys()
    told = kari.client.get("/api/v1/me").json
    assert told is not None and told["sealing_key"]["id"] == new.id
    assert before["sealing_key"]["id"] == old.id
    policy = kari.ask(policy=before["version"])["policy"]
    assert policy["sealing_key"] == told["sealing_key"], "another policy than the phone holds"
    carried = carry(after, sealed_then).json
    assert carried is not None and new.id not in str(carried), "told to whoever is logged in alone"
    after.extensions["oppgang"].close()


def test_without_the_old_key_what_was_sealed_to_it_stays_shut(
    app: Flask, world: World, settings: Settings
) -> None:
    """It is kept all the same, unread, as everything that comes."""
    kari = Phone(app, "kari")
    kari.sync()
    old: SealingKey = app.extensions["oppgang_sealing"]
    first = kari.write("visit", *visit())
    rotate_sealing_key(settings.keys, old.id).unlink()
    after = create_app(read_anew(settings, settings.keys))
    assert carry(after, seal(old, first)).status_code == 200
    kari.client = open_login(after, kari.user)
    kari.sync()
    assert first["id"] not in kari.base
    after.extensions["oppgang"].close()


def test_a_second_change_keeps_every_key(settings: Settings) -> None:
    ids = [sealing_key(settings.sealing_key).id]
    for _ in range(2):
        rotate_sealing_key(settings.keys, ids[-1])
        settings = read_anew(settings, settings.keys)
        ids.append(sealing_key(settings.sealing_key).id)
    whole = sealing_key(settings.sealing_key, settings.sealing_keys_before)
    assert {whole.id, *(each.id for each in whole.before)} == set(ids) and len(set(ids)) == 3
