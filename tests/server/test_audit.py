"""Checkpoints and their verification: what was signed outside the database tells what is gone."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from server import access_log, ledger, ledger_chain
from server.access_log import DUTY, AccessHead, AccessRow, Reading
from server.clock import Clock
from server.config import Settings
from server.database import Database
from server.keeping import audit
from server.keeping.audit import file_of, verify, write_checkpoint
from server.ledger import MutationRow
from tests.makers import NOW, World, new_id
from tests.server.tampering import unguard


def read_some(database: Database, rows: int) -> None:
    """Write some lines into the access log."""
    with database.writing() as session:
        for _ in range(rows):
            reading = Reading("lise", "leader", "office.record", DUTY, [new_id()])
            access_log.append(session, [reading], NOW)


def faults(database: Database, settings: Settings) -> tuple[str, ...]:
    """Give what a verification finds."""
    with database.reading() as session:
        return verify(session, settings).faults


@pytest.fixture
def signed(database: Database, world: World, settings: Settings) -> Database:
    """A database with both logs, and a checkpoint of them."""
    read_some(database, 5)
    assert write_checkpoint(database, settings, NOW)
    return database


def test_what_is_whole_is_called_whole(signed: Database, settings: Settings) -> None:
    read_some(signed, 2)
    assert faults(signed, settings) == ()


def test_nothing_new_is_not_signed_again(signed: Database, settings: Settings) -> None:
    assert not write_checkpoint(signed, settings, NOW + timedelta(hours=1))
    read_some(signed, 1)
    assert write_checkpoint(signed, settings, NOW + timedelta(hours=2))
    assert len(file_of(settings).read_bytes().splitlines()) == 2


def test_an_end_that_was_cut_away_is_told_by_the_checkpoint(
    signed: Database, settings: Settings
) -> None:
    """Whoever owns the database can mend the chain after a cut; the signature stands outside."""
    with signed.writing() as session:
        unguard(session)
        session.execute(delete(AccessRow).where(AccessRow.position > 2))
        chain = session.scalar(select(AccessRow.chain).where(AccessRow.position == 2))
        session.execute(update(AccessHead).values(position=2, chain=chain))
        assert access_log.first_break(session) is None
    found = faults(signed, settings)
    assert any("Access log: the row at position 5" in fault for fault in found)
    assert not any("Ledger" in fault for fault in found)


def test_a_ledger_that_was_cut_is_told_too(signed: Database, settings: Settings) -> None:
    with signed.writing() as session:
        last, _ = ledger_chain.head(session)
        unguard(session)
        session.execute(delete(MutationRow).where(MutationRow.position == last))
        _, chain = ledger_chain.head(session)
        session.execute(update(Clock).values(chain=chain))
        assert ledger.first_break(session) is None
    assert any(f"Ledger: the row at position {last}" in f for f in faults(signed, settings))


def test_bytes_that_are_not_what_their_digest_says_are_told(
    signed: Database, settings: Settings
) -> None:
    with signed.writing() as session:
        last, _ = ledger_chain.head(session)
        unguard(session)
        row = update(MutationRow).where(MutationRow.position == last)
        session.execute(row.values(raw=b'{"forged":true}'))
        assert ledger.first_break(session) is None
    assert any(f"sent at position {last} is not" in f for f in faults(signed, settings))


def test_triggers_that_are_gone_are_told(signed: Database, settings: Settings) -> None:
    with signed.writing() as session:
        unguard(session)
    assert len([f for f in faults(signed, settings) if "trigger" in f]) >= 7


@pytest.mark.parametrize("line", [b"{}", b"nonsense", b'{"said":"{}","signature":"00"}', b"[1]"])
def test_a_line_that_nobody_here_signed_is_told(
    line: bytes, signed: Database, settings: Settings
) -> None:
    with file_of(settings).open("ab") as file:
        file.write(line + b"\n")
    assert faults(signed, settings) == ("checkpoints.jsonl, line 2: the signature does not fit.",)


def test_a_checkpoint_of_another_key_is_no_proof(signed: Database, settings: Settings) -> None:
    other = replace(settings, database_key=bytes(range(32)))
    assert audit.public_key(other) != audit.public_key(settings)
    with signed.reading() as session:
        assert "signature" in verify(session, other).faults[0]


def test_a_restore_gives_up_what_was_signed_beyond_it_and_nothing_else(
    signed: Database, settings: Settings
) -> None:
    """As after a restore of a backup that knew two rows fewer."""
    read_some(signed, 2)
    write_checkpoint(signed, settings, NOW + timedelta(hours=1))
    with signed.writing() as session:
        unguard(session)
        session.execute(delete(AccessRow).where(AccessRow.position > 5))
        chain = session.scalar(select(AccessRow.chain).where(AccessRow.position == 5))
        session.execute(update(AccessHead).values(position=5, chain=chain))
    lost = [f for f in faults(signed, settings) if "trigger" not in f]
    assert len(lost) == 1 and "position 7" in lost[0]
    write_checkpoint(signed, settings, NOW + timedelta(hours=2), restored=True)
    assert [f for f in faults(signed, settings) if "trigger" not in f] == []
    read_some(signed, 3)
    assert [f for f in faults(signed, settings) if "trigger" not in f] == []


def test_checkpoints_go_to_syslog_where_one_is_named(signed: Database, settings: Settings) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as there:
        there.bind(("127.0.0.1", 0))
        there.settimeout(5)
        port = there.getsockname()[1]
        read_some(signed, 1)
        write_checkpoint(signed, replace(settings, syslog=f"127.0.0.1:{port}"), NOW)
        told = there.recv(65_535)
    assert told.startswith(b"<109>oppgang-audit: {")
    assert told.partition(b": ")[2] == file_of(settings).read_bytes().splitlines()[-1]


def test_the_nightly_verification_is_written_down_and_a_fault_is_an_error(
    signed: Database, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    from server import acts

    audit.verify_the_logs(signed, settings, NOW)
    with signed.writing() as session:
        unguard(session)
    audit.verify_the_logs(signed, settings, NOW + timedelta(days=1))
    with signed.reading() as session:
        last = acts.latest(session, audit.VERIFIED)
        assert last is not None and len(last[1]["faults"]) >= 7  # type: ignore[arg-type]
    assert "logs_not_whole" in "".join(capsys.readouterr())
