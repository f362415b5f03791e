"""Every table is either a kind's or is accounted for: in which file it leaves, and when it ends."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from server import jobs, people
from server.config import Settings
from server.database import Base, Database
from server.imports.runs import ImportLine, ImportRun
from server.keeping import export, insight, retention, side_tables
from server.keeping.insight import InsightRecord, Mark, Redaction
from server.keeping.read_me import READ_ME
from server.keeping.side_tables import TABLES
from server.people.duty import Duty, WarningAddress
from server.people.logins import LoginSession
from server.records import REGISTRY
from server.safety.letters import LetterRow
from tests.makers import AREA_EAST, AREA_WEST, NOW, USERS, World, new_id

OF_KINDS = {spec.model.__tablename__ for spec in REGISTRY.values()}
LONG_AGO = NOW - timedelta(days=900)


def test_every_table_of_the_schema_is_accounted_for() -> None:
    assert jobs.JobRun.__tablename__ in TABLES, "the scheduler's own table is known only to it"
    assert set(Base.metadata.tables) == OF_KINDS | set(TABLES)
    assert OF_KINDS.isdisjoint(TABLES)


def test_each_leaves_in_a_file_or_says_why_not_and_ends_or_says_why_not() -> None:
    for name, kept in TABLES.items():
        assert bool(kept.file) != bool(kept.left_out), name
        assert (kept.days is not None) != bool(kept.stays), name
        assert bool(kept.days) == bool(kept.since), name
        if kept.file and kept.file not in ("manifest.json", "<slag>.jsonl"):
            assert kept.file in READ_ME, name


def test_the_files_are_in_the_export_and_no_secret_is(
    world: World, database: Database, tmp_path: Path
) -> None:
    lay_in(database)
    export.export_all(database, tmp_path / "ut", lambda id: None, "cli:test", NOW)
    manifest = json.loads((tmp_path / "ut" / "manifest.json").read_text())
    listed = {each["name"]: each["rows"] for each in manifest["files"]}
    files = {kept.file for kept in TABLES.values() if kept.file}
    assert files - {"<slag>.jsonl"} <= listed.keys()
    assert (listed["vakt.csv"], listed["varselbrev.csv"], listed["importlinjer.csv"]) == (3, 2, 1)
    read = rows(tmp_path / "ut" / "varseladresser.csv")
    assert [row["email"] for row in read] == ["kari@example.org", "lise@example.org"]
    assert "token" not in rows(tmp_path / "ut" / "katalog.csv", headings=True)[0]
    (left_out,) = rows(tmp_path / "ut" / "sladdinger.csv")
    assert left_out["reason"] == "others" and "digest" not in left_out


def test_what_is_over_is_shown_first_and_then_ends_with_the_rest(
    world: World, database: Database, settings: Settings
) -> None:
    """The last who had duty still counts, however long ago; a letter under way is not over."""
    lay_in(database)
    with database.reading() as session:
        due = {one.kept.file: one.rows for one in side_tables.due(session, NOW)}
    assert due == {
        "importer.csv": 1,
        "innsyn.csv": 1,
        "vakt.csv": 1,
        "varselbrev.csv": 1,
        "varseladresser.csv": 1,
        None: 1,
    }
    with database.writing() as session:
        retention.confirm(session, "lise", NOW, retention.fingerprint(session))
    ended = retention.run(database, settings, NOW, "cli:test")
    assert {name: ended[name] for name in ("duty", "safety_letter", "warning_address")} == {
        "duty": 1,
        "safety_letter": 1,
        "warning_address": 1,
    }
    with database.reading() as session:
        left = {t: session.scalar(select(func.count()).select_from(t)) for t in (Duty, LetterRow)}
        assert left == {Duty: 2, LetterRow: 1}
        assert session.scalars(select(ImportLine.run)).all() == []
        assert session.scalars(select(Redaction.insight)).all() == []
        assert session.scalars(select(InsightRecord.insight)).all() == []
        assert session.scalars(select(WarningAddress.user)).all() == [USERS["lise"]]


def lay_in(database: Database) -> None:
    """Some rows of each that are over, and some that are not."""
    with database.writing() as session:
        for area, at in ((AREA_EAST, LONG_AGO), (AREA_EAST, NOW), (AREA_WEST, LONG_AGO)):
            people.put_on_duty(session, new_id(), area, USERS["lise"], USERS["admin"], at)
        for ended in (LONG_AGO, None):
            row = {"id": new_id(), "check_in": new_id(), "user": USERS["lise"], "tries": 1}
            session.execute(insert(LetterRow).values(**row, made_at=LONG_AGO, ended_at=ended))
        for user, email in (("kari", "kari@example.org"), ("lise", "lise@example.org")):
            people.keep_address(session, USERS[user], email, LONG_AGO)
        session.get_one(people.User, USERS["kari"]).closed_at = LONG_AGO
        people.open_session(session, USERS["lise"], LONG_AGO)
        assert session.scalar(select(func.count()).select_from(LoginSession)) == 1
        asked_at = NOW - timedelta(days=1826)
        asked = insight.open_request(
            session, new_id(), None, asked_at.date(), USERS["lise"], asked_at
        )
        row_of_it, marked = session.get_one(insight.Insight, asked), Mark(new_id(), "x", 0, 3, "0")
        insight.mark(session, row_of_it, [marked], "others", asked_at)
        insight.make_ready(session, row_of_it, {new_id(): "0" * 64}, asked_at)
        run = {"id": new_id(), "what": "dwellings", "by": USERS["lise"], "at": LONG_AGO}
        run |= {"name": "boliger.csv", "sha256": "0" * 64, "options": "{}", "state": "done"}
        session.execute(insert(ImportRun).values(**run, counts="{}"))
        session.execute(insert(ImportLine).values(mid=new_id(), run=run["id"], record=new_id()))


def rows(path: Path, headings: bool = False) -> list[dict[str, str]]:
    """Read a table as anybody would; only its headings when so asked."""
    read = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";")
    if headings:
        return [dict.fromkeys(read.fieldnames or (), "")]
    return list(read)
