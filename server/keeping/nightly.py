"""What ends in the night: by the rules that were confirmed, and by the receipts of the archive."""

from __future__ import annotations

from datetime import datetime

import structlog

from server.config import Settings
from server.database import Database
from server.keeping import retention
from server.keeping.archive import handover

log = structlog.get_logger("oppgang.jobs")


def end_what_is_over(database: Database, settings: Settings, now: datetime) -> None:
    """Carry the rules of retention out, if somebody has confirmed these very rules."""
    try:
        log.info("retained", ended=retention.run(database, settings, now, "server"))
    except (retention.NotConfirmed, retention.Held) as wait:
        log.info("retention_waits", why=type(wait).__name__)


def end_what_the_archive_has(database: Database, settings: Settings, now: datetime) -> None:
    """End what was received and could not end then; the receipt is its confirmation."""
    log.info("received_ended", ended=handover.end_received(database, settings, now, "server"))
