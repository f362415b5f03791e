"""The scheduler: its jobs are functions here, and any number of schedulers does no harm.

One process leads, and a job claims its period by a unique row before it works; none may judge.
"""

from __future__ import annotations

import fcntl
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import String, create_engine, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.pool import NullPool

from server import access_seen, feed, imports, intake, notices, oidc, parity, safety
from server.config import Settings
from server.database import Base, Database, Instant
from server.keeping import audit, backup, mirror, nightly, rehearsal
from server.keeping.archive import orders
from server.people import Replica, forget_challenges, forget_old_tries
from server.photos import attachments, darkroom
from server.planning import generation
from server.planning.calendar import OSLO
from server.planning.rule_book import rules_watching

log = structlog.get_logger("oppgang.jobs")

LEADER_LOCK, SILENT = 0x0FF6A47, "silent_replica"
LOOKS_EVERY_SECONDS, LEADS_AGAIN_SECONDS = 60, 2.0
CLAIM_LASTS, RUNS_KEPT = timedelta(hours=2), timedelta(days=90)
"""After the first an unfinished run counts as dead, and the job may be tried again."""
MAY_MEND = ("schema", "fault", "access", "ref")
"""The reasons for holding a mutation that can go away without its author doing anything."""

Work = Callable[[Database, Settings, datetime], None]


class JobRun(Base):
    """One run of one job for one period; its key lets only one process have it."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    period: Mapped[str] = mapped_column(String(20), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True)
class Job:
    """What to do once each day, not before the hour, in Norwegian time."""

    name: str
    not_before: time
    work: Work

    def period(self, now: datetime) -> str | None:
        """The day this run would be for, None while it is too early."""
        there = now.astimezone(OSLO)
        return f"{there:%Y-%m-%d}" if there.time() >= self.not_before else None


@dataclass(frozen=True)
class Watch:
    """What to do as soon as there is something to do; many may at once, so it claims no period."""

    name: str
    every_s: float
    work: Work


def back_up(database: Database, settings: Settings, now: datetime) -> None:
    """Write tonight's encrypted backup, then let the ones past their time go."""
    folder = settings.data / "backups"
    manifest = backup.write_backup(database, settings, folder / backup.backup_name(now), now)
    dropped = len(backup.drop_old_backups(folder, now))
    done = mirror.copy_out(settings.attachments, folder, now, backup.KEPT)
    log.info("backup_written", seq=manifest.seq, dropped=dropped, pictures=done.copied)


def notice_silent_replicas(database: Database, settings: Settings, now: datetime) -> None:
    """Tell the office of phones that went silent with work on them, once for each silence."""
    with database.writing() as session:
        rules = rules_watching(session, Replica.__tablename__)
        for replica in session.scalars(select(Replica).where(Replica.revoked_at.is_(None))):
            heard = replica.last_seen_at or replica.registered_at
            held_back = replica.unsent > 0 or replica.announced_n > replica.highest_n
            if held_back and any(rule.due_at(heard) <= now for rule in rules):
                key = f"{SILENT}|{replica.id}|{heard:%Y-%m-%dT%H:%M:%S}"
                notices.give(session, key, SILENT, replica.id, now)
            else:
                notices.settle(session, SILENT, replica.id, now)


def judge_what_was_held(database: Database, settings: Settings, now: datetime) -> None:
    """Judge again what may be possible now: after an upgrade, a mended fault, a new grant."""
    log.info("judged_again", mutations=intake.judge_again(database, now, *MAY_MEND))


def place_what_was_withheld(database: Database, settings: Settings, now: datetime) -> None:
    """Place anew what hangs on records that moved, where the process that began did not end it."""
    if placed := intake.place_withheld(database, now):
        log.info("placed_anew", records=placed)


def forget_the_passing(database: Database, settings: Settings, now: datetime) -> None:
    """Let go of old tries, of logins never ended, of runs, and of lists no phone can mean now."""
    passing = (forget_old_tries, forget_challenges, oidc.forget_attempts, parity.forget)
    with database.writing() as session:
        for forget in (*passing, feed.forget_access_lists):
            forget(session, now)
        session.execute(delete(JobRun).where(JobRun.started_at < now - RUNS_KEPT))


def let_go_of_pictures(database: Database, settings: Settings, now: datetime) -> None:
    """Drop the bytes of pictures whose record never came, and those sent of what is stored."""
    expired = attachments.drop_expired(database, settings, now)
    sent = attachments.drop_stored(database, settings)
    log.info("pictures_dropped", uploads=expired, sent=sent)


def plan_work(database: Database, settings: Settings, now: datetime) -> None:
    """Make the visits and rounds of the coming weeks, and end what has ended."""
    log.info("planned", records=generation.generate(database, now))


def set_deadlines(database: Database, settings: Settings, now: datetime) -> None:
    """Fill in the deadlines of what has come in."""
    if filled := generation.set_deadlines(database, now):
        log.info("deadlines_set", records=filled)


def bring_in_files(database: Database, settings: Settings, now: datetime) -> None:
    """Bring in what lies in the drop folder, and let go of files that nobody said yes to."""
    imports.waiting.sweep(database, settings, now)
    if settings.imports is not None:
        log.info("files_brought_in", files=imports.take_dropped(database, settings.imports, now))


JOBS = (
    Job("backup", time(2, 15), back_up),
    Job("rehearsal", time(2, 30), rehearsal.rehearse_weekly),
    Job("judge_again", time(3, 0), judge_what_was_held),
    Job("leavers", time(3, 15), oidc.close_leavers),
    Job("retention", time(4, 0), nightly.end_what_is_over),
    Job("received", time(4, 10), nightly.end_what_the_archive_has),
    Job("verify_logs", time(5, 0), audit.verify_the_logs),
    Job("silent_replicas", time(6, 0), notice_silent_replicas),
    Job("pictures", time(3, 30), let_go_of_pictures),
    Job("passing", time(3, 40), forget_the_passing),
    Job("imports", time(3, 45), bring_in_files),
    Job("plan", time(4, 0), plan_work),
)
WATCHES = (
    Watch("place", 5.0, place_what_was_withheld),
    Watch("left_over_pictures", 60.0, darkroom.settle_left_over),
    Watch("seen", 60.0, access_seen.follow),
    Watch("checkpoints", 3600.0, audit.sign_the_logs),
    Watch("deadlines", 60.0, set_deadlines),
    Watch("alone", 3.0, safety.watch),
    Watch("letters", 3.0, safety.send_letters),
    Watch("pushes", 3.0, safety.send_pushes),
    Watch("archive", 5.0, orders.make_ordered),
)


def attempt(job: Job, database: Database, settings: Settings, now: datetime) -> bool:
    """Run a job when its period has come and nobody else has it; True when it was done here.

    A failed run gives its claim back, so that the next look tries again.
    """
    period = job.period(now)
    if period is None or not _claim(database, job.name, period, now):
        return False
    mine = (JobRun.name == job.name, JobRun.period == period)
    try:
        job.work(database, settings, now)
    except Exception:
        log.exception("job_failed", job=job.name, period=period)
        with database.writing() as session:
            session.execute(delete(JobRun).where(*mine))
        return False
    with database.writing() as session:
        session.execute(update(JobRun).where(*mine).values(ended_at=datetime.now(UTC)))
    return True


def look_after(watch: Watch, database: Database, settings: Settings, now: datetime) -> None:
    """Do what there is to do; what fails is tried again at the next look."""
    try:
        watch.work(database, settings, now)
    except Exception:
        log.exception("job_failed", job=watch.name)


def _claim(database: Database, name: str, period: str, now: datetime) -> bool:
    with database.reading() as session:
        known = session.get(JobRun, (name, period))
        if known and (known.ended_at or known.started_at > now - CLAIM_LASTS):
            return False
    dead = (JobRun.ended_at.is_(None), JobRun.started_at <= now - CLAIM_LASTS)
    over = delete(JobRun).where(JobRun.name == name, JobRun.period == period, *dead)
    try:
        with database.writing() as session:
            session.execute(over)
            session.execute(insert(JobRun).values(name=name, period=period, started_at=now))
    except IntegrityError:
        return False
    return True


@contextmanager
def leading(database: Database, settings: Settings) -> Iterator[Callable[[], bool] | None]:
    """Try to become the one that leads: gives a check that it still is, or None when another is."""
    with ExitStack() as stack:
        yield (
            _lead_by_file(settings, stack)
            if database.url.get_backend_name() == "sqlite"
            else _lead_by_lock(database, stack)
        )


def _lead_by_file(settings: Settings, stack: ExitStack) -> Callable[[], bool] | None:
    handle = os.open(settings.data / "scheduler.lock", os.O_RDWR | os.O_CREAT, 0o600)
    stack.callback(os.close, handle)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return None
    return lambda: True


def _lead_by_lock(database: Database, stack: ExitStack) -> Callable[[], bool] | None:
    """A lock that lives as long as one connection; a lost connection is a lost lead."""
    engine = create_engine(database.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    connection = stack.enter_context(engine.connect())
    question = text("SELECT pg_try_advisory_lock(:key)")
    if not connection.execute(question, {"key": LEADER_LOCK}).scalar_one():
        return None

    def still() -> bool:
        try:
            return bool(connection.execute(text("SELECT true")).scalar_one())
        except DBAPIError:
            return False

    return still


def run_scheduler(database: Database, settings: Settings) -> None:
    """Lead whenever nobody else does, until SIGTERM or SIGINT; then finish the running job."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        try:
            with leading(database, settings) as still:
                if still:
                    _lead(database, settings, still, stop)
        except DBAPIError as error:
            log.warning("database_away", error=str(error))
        stop.wait(LEADS_AGAIN_SECONDS)


def _lead(
    database: Database, settings: Settings, still: Callable[[], bool], stop: threading.Event
) -> None:
    def look(job: Job) -> None:
        attempt(job, database, settings, datetime.now(UTC))

    def keep(watch: Watch) -> None:
        look_after(watch, database, settings, datetime.now(UTC))

    rules: dict[str, Any] = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler = BackgroundScheduler(timezone=OSLO, job_defaults=rules)
    soon = datetime.now(OSLO)
    for job in JOBS:
        scheduler.add_job(look, "interval", [job], seconds=LOOKS_EVERY_SECONDS, next_run_time=soon)
    for watch in WATCHES:
        scheduler.add_job(keep, "interval", [watch], seconds=watch.every_s, next_run_time=soon)
    scheduler.start()
    log.info("leads", jobs=[work.name for work in (*JOBS, *WATCHES)])
    try:
        while still() and not stop.wait(LEADS_AGAIN_SECONDS):
            pass
    finally:
        scheduler.shutdown(wait=True)
        log.info("leads_no_more")
