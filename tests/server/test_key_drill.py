"""The drill of the sealing key: a change, total loss, an empty machine, and the keys of the escrow.

What phones sealed before the change and after it is read in the end, whenever it arrived.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask

from server import create_app
from server.config import Settings
from server.keeping.backup import restore_backup, same_sealing_key, write_backup
from server.key_files import rotate_sealing_key
from server.sealing import SealingKey
from tests.fresh import Fresh
from tests.makers import NOW, World, visit
from tests.server.phone import Phone, open_login
from tests.server.test_leases import WRAPPED, ask, laid_down
from tests.server.test_parcels import carry, seal
from tests.server.test_sealing_rotation import read_anew, settings

__all__ = ["settings"]


def key_of(app: Flask) -> SealingKey:
    """Give an app's sealing key."""
    found: SealingKey = app.extensions["oppgang_sealing"]
    return found


@pytest.mark.parametrize("whole", [True, False], ids=["every key", "the newest alone"])
def test_what_was_sealed_before_and_after_a_change_is_read_on_an_empty_machine(
    whole: bool, app: Flask, world: World, settings: Settings, fresh: Fresh, tmp_path: Path
) -> None:
    kari, old = Phone(app, "kari"), key_of(app)
    kari.sync()
    early, waits, late, last = (kari.write("visit", *visit()) for _ in range(4))
    lease = laid_down(old, kari)
    carry(app, seal(old, early))

    rotate_sealing_key(settings.keys, old.id)
    changed = create_app(read_anew(settings, settings.keys))
    new = key_of(changed)
    carry(changed, seal(new, late))
    backup, escrow = tmp_path / "one.backup", tmp_path / "escrow"
    settings = read_anew(settings, settings.keys)
    manifest = write_backup(changed.extensions["oppgang"], settings, backup, NOW)
    shutil.copytree(settings.keys, escrow)
    changed.extensions["oppgang"].close()
    shutil.rmtree(settings.keys)
    if not whole:
        (escrow / f"sealing-{old.id}.key").unlink()

    empty, made = fresh()
    empty.close()
    made = read_anew(made, escrow)
    assert same_sealing_key(manifest, made)
    restored = create_app(made)
    restore_backup(restored.extensions["oppgang"], made, backup)
    assert carry(restored, seal(old, waits), seal(new, last)).status_code == 200
    kari.client = open_login(restored, kari.user)
    kari.sync()
    read = {each["id"] for each in (early, waits, late, last)} & kari.base.keys()
    expected = {early["id"], late["id"], last["id"]} | ({waits["id"]} if whole else set())
    assert read == expected
    given = ask(kari, personal=lease)
    assert given.json == {"personal": WRAPPED} if whole else given.status_code == 503
    restored.extensions["oppgang"].close()


def test_an_escrow_from_before_the_change_is_told_apart(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    """The backup names the key that phones sealed to; the start of the drill says what lacks."""
    escrow = tmp_path / "escrow"
    shutil.copytree(settings.keys, escrow)
    rotate_sealing_key(settings.keys, key_of(app).id)
    changed = read_anew(settings, settings.keys)
    manifest = write_backup(app.extensions["oppgang"], changed, tmp_path / "one.backup", NOW)
    assert same_sealing_key(manifest, changed)
    assert not same_sealing_key(manifest, read_anew(settings, escrow))
