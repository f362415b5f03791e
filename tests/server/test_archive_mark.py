"""The archive's receipt names its package by the fingerprint, so that no other one ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.config import Settings
from server.database import Database
from server.keeping.archive import handover
from server.keeping.archive.packages import ArchivePackage
from tests.makers import World
from tests.server.archived import (
    AFTER,
    gone,
    packed,
    visit,
)
from tests.server.test_retention import BY


@pytest.mark.parametrize("signs", [0, 7, 8])
def test_the_mark_of_another_package_ends_nothing(
    signs: int, world: World, database: Database, settings: Settings, tmp_path: Path
) -> None:
    """Two packages of one week look alike on the page: what never travelled must not end."""
    id = visit(database)
    sent = packed(database, settings, tmp_path / "sent")
    never = packed(database, settings, tmp_path / "never")
    said = (sent if signs == 8 else never).manifest[:signs]
    with pytest.raises(handover.OtherPackage):
        handover.receive(database, settings, never.package, said, "7", BY, AFTER)
    with database.reading() as session:
        assert session.get_one(ArchivePackage, never.package).received_at is None
    assert id not in gone(database)
    whole = f" {sent.manifest[:30].upper()} {sent.manifest[30:]}"
    handover.receive(database, settings, sent.package, whole, "7", BY, AFTER)
    assert id in gone(database)
