"""What `./run …` calls: each command reads its settings, does one thing, and says so in words."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from server import acts, imports, intake, jobs, sbom, seeds, serve, upkeep
from server.config import BadSettings, Settings, read_settings
from server.database import BadDatabase, Database
from server.keeping import audit, backup, erasure, mirror, processing
from server.keeping.soundness import SOUND, amiss
from server.key_files import rotate_sealing_key
from server.logs import configure_logs
from server.migrations import upgrade, write_migration
from server.records import REGISTRY, projection
from server.sealing import sealing_key

KNOWN_TROUBLE = (
    BadSettings,
    BadDatabase,
    backup.BadBackup,
    backup.NotEmpty,
    serve.CannotStart,
    upkeep.NotDone,
)


def start(words: argparse.Namespace) -> int:
    """Make keys, tables and, in demo mode, the demo municipality; then run all of Oppgang."""
    place = serve.Place(words.host, words.port)
    serve.refuse_taken_port(place)
    os.environ.setdefault("OPPGANG_ORIGIN", place.url)
    settings = read_settings()
    database = _ready(settings)
    greeting = _greeting(place, settings, database)
    database.close()
    commands = [serve.web_command(place), serve.scheduler_command()]
    return serve.run_together(commands, place, greeting)


def web(words: argparse.Namespace) -> int:
    """Become the web server."""
    place = serve.Place(words.host, words.port)
    serve.refuse_taken_port(place)
    upkeep.opened(read_settings()).close()
    command = serve.web_command(place)
    os.execv(command[0], command)


def scheduler(_: argparse.Namespace) -> int:
    """Be the scheduler until told to stop."""
    configure_logs()
    settings = read_settings()
    jobs.run_scheduler(upkeep.opened(settings), settings)
    return 0


def migrate(_: argparse.Namespace) -> int:
    """Bring the tables up to date; in demo mode lay the demo municipality in, once."""
    _ready(read_settings()).close()
    print("The database is up to date.")
    return 0


def keys(words: argparse.Namespace) -> int:
    """Make the keys that are missing; a new one in place of an old only where it is asked for."""
    settings = read_settings({**os.environ, "OPPGANG_MODE": "test"})
    if words.rotate_sealing:
        kept = rotate_sealing_key(settings.keys, sealing_key(settings.sealing_key).id)
        print(f"A new sealing.key was made. The one before is {kept.name}, and opens what phones")
        print("sealed to it. Restart the web server, and copy BOTH to escrow.")
        return 0
    if words.rotate_backup or words.seal_anew:
        return upkeep.new_backup_key(settings, make=words.rotate_backup)
    print(f"The keys are in {settings.keys}: db.key, sealing.key, backup.key.")
    print("Copy them to escrow, apart from the backups. A lost key is total loss.")
    return 0


def import_file(words: argparse.Namespace) -> int:
    """Show what a file of homes or tenancies would do; --write does it, --undo takes it back."""
    database, now = upkeep.opened(read_settings()), datetime.now(UTC)
    writer = imports.Writer.operator(acts.at_the_machine())
    try:
        if words.undo:
            print(imports.take_back_in_words(database, writer, words.undo, now))
            return 0
        if not words.file or not words.what:
            raise upkeep.NotDone("Say FILE and --dwellings or --tenancies, or --undo ID.")
        wish = imports.Wish(words.what, words.area, words.whole_list, words.write, words.yes_to)
        told = imports.bring_in(database, writer, words.file, wish, now)
    except (imports.BadFile, imports.NoSuchArea, imports.NoSuchRun, OSError) as bad:
        raise upkeep.NotDone(str(bad)) from bad
    print(*told.sentences, sep="\n")
    return 0 if told.fit else 1


def write_backup(words: argparse.Namespace) -> int:
    """Write one encrypted backup and read it back to its end."""
    settings, now = read_settings(), datetime.now(UTC)
    path = words.file or settings.data / "backups" / backup.backup_name(now)
    manifest = backup.write_backup(Database(settings), settings, path, now)
    print(f"Wrote {path}, up to number {manifest.seq}, and read it back.")
    done = mirror.copy_out(settings.attachments, path.parent, now, backup.KEPT)
    print(f"Copied {done.copied} new picture files to {path.parent / mirror.FOLDER}.")
    return 0


def restore(words: argparse.Namespace) -> int:
    """Lay a backup into an empty database."""
    settings = read_settings()
    settings.data.mkdir(parents=True, exist_ok=True)
    upkeep.refuse_to_forget(settings, words.file, words.without_erasures)
    database = Database(settings)
    manifest = backup.restore_backup(database, settings, words.file)
    pictures = mirror.copy_back(words.file.parent, settings.attachments)
    print(f"Laid back {pictures} picture files from {words.file.parent / mirror.FOLDER}.")
    again = erasure.replay(database, settings, datetime.now(UTC), files=True)
    print(f"Erased again {again} records that were erased after the backup.")
    audit.write_checkpoint(database, settings, datetime.now(UTC), restored=True)
    print(f"Restored what was there at {manifest.made_at}. The database began a new life:")
    print("phones will send again what they sent in the last 7 days, and everybody logs in anew.")
    if not backup.same_sealing_key(manifest, settings):
        print("WARNING: sealing.key is another than when the backup was made. What phones sealed")
        print("cannot be opened. Fetch the right one from escrow before you start the server.")
    return 0


def check(words: argparse.Namespace) -> int:
    """Compare projections and places with bodies, follow the ledger's chain; --mend rebuilds."""
    database = upkeep.opened(read_settings())
    if words.mend:
        _mend(database)
    with database.reading() as session:
        found = amiss(session)
    for sentence in found:
        print(sentence)
    if found and not words.mend:
        print("./run check --mend writes projections and places anew. The bodies are the truth.")
    if not found:
        print(SOUND)
    return 1 if found else 0


def _mend(database: Database) -> None:
    with database.writing() as session:
        print(f"Rebuilt the projections of {projection.rebuild(session)} records.")
    print(f"Placed {intake.mend_places(database, datetime.now(UTC))} records anew.")


def migration(words: argparse.Namespace) -> int:
    """Write a migration for what the declarations have and the migrations lack."""
    with tempfile.TemporaryDirectory() as folder:
        settings = read_settings(
            {
                "OPPGANG_MODE": "test",
                "OPPGANG_DATA": folder,
                "OPPGANG_DATABASE_URL": "sqlite://",
            }
        )
        for path in write_migration(Database(settings), words.name):
            print(f"Wrote {path}. Read it before you commit it.")
    return 0


def print_bill(_: argparse.Namespace) -> int:
    """Print what the app is built of, out of the lock files, as CycloneDX."""
    print(json.dumps(sbom.bill(), indent=1, ensure_ascii=False))
    return 0


def documents(_: argparse.Namespace) -> int:
    """Write the documents that follow from the declarations."""
    processing.FILE.write_text(processing.written(), "utf-8")
    print(f"Wrote {processing.FILE.name}.")
    return 0


def contract(words: argparse.Namespace) -> int:
    """Write the phone's contract from the declarations, or with --check only compare."""
    from server import contract as declared

    path = Path(__file__).parent.parent / "pwa" / "src" / "contract.ts"
    text = declared.typescript(REGISTRY.values())
    if words.check:
        same = path.exists() and path.read_text() == text
        print("contract.ts is current." if same else "contract.ts is old: ./run contract")
        return 0 if same else 1
    path.write_text(text)
    print(f"Wrote {path.relative_to(Path.cwd())}.")
    return 0


def _ready(settings: Settings) -> Database:
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    database = Database(settings)
    if settings.production:
        upkeep.refuse_to_alter(database)
    if upgrade(database):
        with database.writing() as session:
            projection.rebuild(session)
    erasure.replay(database, settings, datetime.now(UTC))
    seeds.lay_in(database, datetime.now(UTC))
    if settings.demo:
        from server import demo

        demo.lay_in(database, datetime.now(UTC))
        demo.hang(database, settings, datetime.now(UTC))
    return database


def _greeting(place: serve.Place, settings: Settings, database: Database) -> str:
    lines = [
        "",
        f"Oppgang is up: {place.url}",
        f"  phone app   {place.url}/",
        f"  office      {place.url}/office",
        f"  API         {place.url}/api/v1   (described in {place.url}/api/v1/openapi.json)",
    ]
    if settings.demo:
        from server import demo

        lines += ["", "Demo logins:", *(f"  {line}" for line in demo.logins())]
    return "\n".join([*lines, "", "Ctrl-C stops it."])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, work: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=work.__doc__, description=work.__doc__)
        command.set_defaults(work=work)
        return command

    for command in (add("start", start), add("web", web)):
        command.add_argument("--host", default="127.0.0.1")
        command.add_argument("--port", type=int, default=8000)
    add("backup", write_backup).add_argument("file", nargs="?", type=Path)
    back = add("restore", restore)
    back.add_argument("file", type=Path)
    back.add_argument("--without-erasures", action="store_true")
    add("migration", migration).add_argument("name")
    add("sbom", print_bill)
    add("documents", documents)
    add("contract", contract).add_argument("--check", action="store_true")
    add("check", check).add_argument("--mend", action="store_true")
    admin = add("first-admin", upkeep.first_admin)
    admin.add_argument("--name", required=True)
    admin.add_argument("--login", required=True)
    admin.add_argument("--team", default="")
    admin.add_argument("--another", action="store_true")
    admin.add_argument("--password-stdin", action="store_true")
    add("emergency-account", upkeep.emergency_account)
    add("upgrade", upkeep.upgrade_all)
    keeping = add("retention", upkeep.retain).add_mutually_exclusive_group(required=True)
    keeping.add_argument("--dry-run", action="store_true")
    keeping.add_argument("--run", action="store_true")
    out = add("export", upkeep.export_all)
    what = out.add_mutually_exclusive_group()
    what.add_argument("--all", type=Path, metavar="FOLDER")
    what.add_argument("--archive", type=Path, metavar="FOLDER", help="what is due for the archive")
    what.add_argument("--verify", type=Path, metavar="FOLDER")
    out.add_argument("--with-barred", action="store_true", help="kode 6 too; it is logged")
    add("audit", upkeep.audit_logs).add_argument("what", choices=("verify", "checkpoint"))
    bring = add("import", import_file)
    bring.add_argument("file", nargs="?", type=Path)
    sort = bring.add_mutually_exclusive_group()
    sort.add_argument("--dwellings", dest="what", action="store_const", const="dwellings")
    sort.add_argument("--tenancies", dest="what", action="store_const", const="tenancies")
    bring.add_argument("--area", help="the name of the area of what is new")
    bring.add_argument("--whole-list", action="store_true", help="what is missing has ended")
    bring.add_argument("--write", action="store_true", help="without it nothing is written")
    bring.add_argument("--yes-to", type=int, metavar="N", help="yes, end N tenancies")
    bring.add_argument("--undo", metavar="ID", help="take an import back as a whole")
    add("scheduler", scheduler)
    add("migrate", migrate)
    new_key = add("keys", keys).add_mutually_exclusive_group()
    new_key.add_argument("--rotate-sealing", action="store_true")
    new_key.add_argument("--rotate-backup", action="store_true")
    new_key.add_argument("--seal-anew", action="store_true", help="go on with what was cut short")
    return parser


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; trouble that has a remedy is said in a sentence, without a trace."""
    asked = _parser().parse_args(words)
    try:
        code: int = asked.work(asked)
    except KNOWN_TROUBLE as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return code
