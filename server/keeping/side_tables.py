"""What becomes of the tables that are no kind of record: which file has them, and when they end.

Every table of the schema stands here or is a kind's own. The words are for the municipality: they
stand in its record of processing too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, select
from sqlalchemy.orm import Session

from server.database import Base

DERIVED = "Avledet av registreringene, og bygges opp igjen av dem"
SECRET = "Hemmelig: virker som en nøkkel"
PASSING = "Kortvarig driftsopplysning"
WITH_RECORD = "Følger registreringen den hører til"
WITH_USER = "Følger brukeren"
EACH_NIGHT = "Ryddes hver natt når tiden er ute"
CHAINED = (
    "Kjedet logg som databasen nekter å korte ned. Den navngir registreringer ved nummer alene"
)


@dataclass(frozen=True)
class Kept:
    """What becomes of one table's rows."""

    what: str
    file: str | None = None
    """The file of an export that has it."""
    left_out: str = ""
    """Why no file has it."""
    days: int | None = None
    since: str = ""
    """The column that the days are counted from."""
    stays: str = ""
    """Why it has no period of its own."""
    secret: frozenset[str] = frozenset()
    """The columns that leave in no file."""
    whole: bool = False
    """Written as it stands, by the names of its columns."""


TABLES: Mapping[str, Kept] = {
    "access_grant": Kept("Roller", "tilganger.csv", stays="Slettes når rollen tas bort"),
    "access_head": Kept("Hvor tilgangsloggen slutter", left_out=DERIVED, stays=CHAINED),
    "access_list": Kept("Tilganger som telefoner viser til", left_out=DERIVED, stays=EACH_NIGHT),
    "access_log": Kept("Hvem som har lest hva", "tilgangslogg.csv", stays=CHAINED),
    "access_seen": Kept("Hvor i tilgangsloggen noe står", left_out=DERIVED, stays=CHAINED),
    "act": Kept("Uttrekk, roller, slettinger og innsyn", "logg.csv", stays=CHAINED),
    "api_token": Kept(
        "Integrasjoner",
        "integrasjoner.csv",
        stays="Loggen viser til dem",
        secret=frozenset({"digest"}),
        whole=True,
    ),
    "archive_line": Kept(
        "Hva som er pakket til arkivet",
        "arkivlinjer.csv",
        stays="Slettes med registreringen",
        whole=True,
    ),
    "archive_order": Kept(
        "Bestilte pakker til arkivet",
        "arkivbestillinger.csv",
        days=1825,
        since="ended_at",
        whole=True,
    ),
    "archive_package": Kept(
        "Pakker til arkivet, og arkivets kvitteringer",
        "arkivpakker.csv",
        stays="Viser hva arkivet har mottatt",
        whole=True,
    ),
    "clock": Kept("Rekkefølgen", left_out="Står i manifest.json", stays="Én rad, uten personer"),
    "digest_check": Kept("Om telefonene har det de skal ha", left_out=DERIVED, stays=EACH_NIGHT),
    "directory_seat": Kept(
        "Hvem katalogen har sluppet inn",
        "katalog.csv",
        days=365,
        since="left_at",
        secret=frozenset({"token"}),
        whole=True,
    ),
    "duty": Kept("Hvem som har hatt vakt", "vakt.csv", days=365, since="at", whole=True),
    "entry": Kept("Felt med flere svar", left_out=DERIVED, stays=WITH_RECORD),
    "erasure_receipt": Kept(
        "Kvitteringer for sletting",
        "slettekvitteringer.csv",
        days=1825,
        since="begun_at",
        whole=True,
    ),
    "gone": Kept(
        "Numre på det som er slettet", "slettet.csv", stays="Uten det kunne det komme igjen"
    ),
    "look_sheet": Kept(
        "Hva telefoner har meldt at ble åpnet på dem",
        left_out="Det som ble åpnet, står i tilgangslogg.csv",
        days=400,
        since="at",
    ),
    "hold": Kept("Stans av sletting", "stans_av_sletting.csv", days=1825, since="lifted_at"),
    "identity": Kept("Brukernavn og passord", "brukere.csv", stays=WITH_USER),
    "import_line": Kept(
        "Hva en import skrev", "importlinjer.csv", stays="Slettes med importen", whole=True
    ),
    "import_run": Kept("Importer", "importer.csv", days=730, since="at", whole=True),
    "insight": Kept("Krav om innsyn", "innsyn.csv", days=1825, since="opened_at", whole=True),
    "insight_record": Kept(
        "Hva den andre leseren av et innsyn så", left_out=DERIVED, stays="Slettes med kravet"
    ),
    "job_run": Kept("Når jobber gikk", left_out=PASSING, stays=EACH_NIGHT),
    "login_attempt": Kept("Innlogginger som er i gang", left_out=SECRET, stays=EACH_NIGHT),
    "login_session": Kept(
        "Innlogginger, og hvor nettleseren deres varsles",
        left_out=SECRET,
        days=30,
        since="created_at",
    ),
    "lookout": Kept("Siste tegn fra den som passer på", left_out=PASSING, stays="Én rad"),
    "mutation": Kept(
        "Alt som er sendt inn",
        "historikk.jsonl",
        stays=f"{CHAINED}; innholdet slettes med registreringen",
    ),
    "network_only": Kept(
        "Hvem som bare leser på telefonen når den har nett",
        "bare_paa_nett.csv",
        days=1825,
        since="at",
        whole=True,
    ),
    "notice": Kept(
        "Merknader til kontoret", "merknader.csv", days=365, since="settled_at", whole=True
    ),
    "opened_record": Kept(
        "Hva nødtilgang åpnet", "aapnet.csv", stays="Slettes med nødtilgangen", whole=True
    ),
    "opening": Kept("Nødtilgang", "nodtilgang.csv", days=1825, since="until", whole=True),
    "passkey": Kept("Passnøkler (den offentlige halvdelen)", left_out=SECRET, stays=WITH_USER),
    "passkey_challenge": Kept(
        "Innlogginger med passnøkkel som er i gang", left_out=SECRET, stays=EACH_NIGHT
    ),
    "record": Kept("Registreringene", "<slag>.jsonl", stays="Hvert slag har sin egen regel"),
    "recovery_code": Kept("Reservekoder", left_out=SECRET, stays=WITH_USER),
    "redaction": Kept(
        "Det som er tatt ut av et innsyn, og hvorfor",
        "sladdinger.csv",
        stays="Slettes med kravet",
        secret=frozenset({"digest"}),
        whole=True,
    ),
    "replica": Kept(
        "Telefoner", "telefoner.csv", stays="En stengt telefon må kjennes igjen når den kommer"
    ),
    "rule_change": Kept(
        "Endringer av regler",
        "regelendringer.csv",
        stays="Forklarer frister som er satt",
        whole=True,
    ),
    "safety_letter": Kept(
        "Brev og varsler i nettleseren om Trygt besøk",
        "varselbrev.csv",
        days=365,
        since="ended_at",
        whole=True,
    ),
    "safety_said": Kept(
        "Varsler om Trygt besøk", "trygt_besok.csv", days=400, since="at", whole=True
    ),
    "scope_member": Kept("Hvem som kan se hva", left_out=DERIVED, stays=WITH_RECORD),
    "second_factor": Kept("Hemmeligheten for engangskoder", left_out=SECRET, stays=WITH_USER),
    "term_proposal": Kept(
        "Forslag til frister",
        "fristforslag.csv",
        stays="Forklarer frister som er satt",
        whole=True,
    ),
    "throttle": Kept("Antall forsøk på å logge inn", left_out=PASSING, stays=EACH_NIGHT),
    "upload": Kept("Bilder på vei inn", "opplastinger.csv", stays=WITH_RECORD, whole=True),
    "user_account": Kept(
        "Brukere", "brukere.csv", stays="Navnet på den som skrev, så lenge det står"
    ),
    "warning_address": Kept(
        "Hvor den som har vakt, leser e-post",
        "varseladresser.csv",
        days=30,
        since="closed_at",
        whole=True,
    ),
}
"""Every table that is not a kind's, by its name."""
LINES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "import_run": (("import_line", "run"),),
    "insight": (("insight_record", "insight"), ("redaction", "insight")),
    "opening": (("opened_record", "opening"),),
}
"""The tables whose rows have lines of their own, that go with them."""
LAST_COUNTS: Mapping[str, str] = {"duty": "area", "network_only": "user"}
"""The tables whose last row about something still counts, by what it is about."""


@dataclass(frozen=True)
class Over:
    """How many rows of a table are over."""

    kept: Kept
    rows: int


def rules() -> list[list[object]]:
    """Give the periods, for the fingerprint of all rules of retention."""
    return [[name, kept.days, kept.since] for name, kept in sorted(TABLES.items()) if kept.days]


def due(session: Session, now: datetime) -> list[Over]:
    """Count what is over, table by table; nothing is changed."""
    counted = [
        Over(TABLES[name], session.scalar(select(func.count()).select_from(table).where(rule)) or 0)
        for name, table, rule in _over(now)
    ]
    return [one for one in counted if one.rows]


def end(session: Session, now: datetime) -> dict[str, int]:
    """Delete what is over; give how many rows each table lost."""
    lost: dict[str, int] = {}
    for name, table, rule in _over(now):
        for line, to in LINES.get(name, ()):
            lines = Base.metadata.tables[line]
            session.execute(delete(lines).where(lines.c[to].in_(select(table.c.id).where(rule))))
        gone = session.execute(delete(table).where(rule))
        if count := int(getattr(gone, "rowcount", 0)):
            lost[name] = count
    return lost


def _over(now: datetime) -> Iterator[tuple[str, Table, ColumnElement[bool]]]:
    for name, kept in TABLES.items():
        if kept.days is not None:
            table = Base.metadata.tables[name]
            limit = now - timedelta(days=kept.days)
            yield name, table, _rule(name, table, kept.since, limit)


def _rule(name: str, table: Table, since: str, limit: datetime) -> ColumnElement[bool]:
    """Say of a row that it is over; what still counts is never over, however old."""
    if name == "warning_address":
        users = Base.metadata.tables["user_account"]
        closed: ColumnElement[bool] = table.c.user.in_(
            select(users.c.id).where(users.c[since] < limit)
        )
        return closed
    over: ColumnElement[bool] = table.c[since] < limit
    if about := LAST_COUNTS.get(name):
        later = table.alias()
        same = later.c[about] == table.c[about]
        return over & select(later.c.id).where(same, later.c.at > table.c.at).exists()
    return over


def columns_of(name: str) -> list[Any]:
    """Give the columns of a table that may leave in a file."""
    return [c for c in Base.metadata.tables[name].c if c.name not in TABLES[name].secret]
