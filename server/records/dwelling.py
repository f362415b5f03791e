"""Bolig: one rented unit, enough to hang a visit on; it may hold nothing about who lives there."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    READER_SETS,
    Place,
    PlaceFacts,
    Record,
    Retention,
    area_by,
    area_scope,
    me_scope,
)
from server.shapes import (
    PERSONAL,
    PUBLIC,
    USERS,
    choice,
    code,
    day,
    flag,
    keyed_flag,
    number,
    ref,
    text,
)
from sync.rules import Rule

EXTERNAL = "[A-Za-z0-9_.-]{1,40}"
NO_SPACES = "Skriv nummeret uten mellomrom."
TYPES = {
    "apartment": "Leilighet",
    "room": "Hybel",
    "shared": "Bofellesskap",
    "terraced": "Rekkehus",
    "semi_detached": "Tomannsbolig",
    "house": "Enebolig",
    "other": "Annet",
}


def place(facts: PlaceFacts) -> Place:
    """All who work in its area see a dwelling; in a building it lies where the building lies."""
    area = area_by(facts, "building") or facts.text("area")
    if area is None:
        return Place(None, frozenset(map(me_scope, facts.authors)))
    return Place(area, frozenset({area_scope(area, "home")}))


class Dwelling(
    Record,
    kind="dwelling",
    order=60,
    words=("Bolig", "boliger"),
    writers=READER_SETS["home"],
    readers=("home",),
    retention=Retention(50, "changed_at", "Så lenge boligen disponeres av kommunen", "archive"),
    parents=("area", "building"),
    place=place,
):
    """The rented unit; its address is no key, for addresses change."""

    area: Mapped[str | None] = ref("Område", to="area", required=True, section="Bolig")
    building: Mapped[str | None] = ref("Bygning", to="building", section="Bolig")
    address: Mapped[str | None] = text(
        "Adresse", max=120, required=True, sensitive=PERSONAL, section="Bolig"
    )
    unit_number: Mapped[str | None] = code(
        "Bolignummer",
        max=5,
        pattern="[HUKL][0-9]{4}",
        sentence="Skriv H, U, K eller L og fire sifre, for eksempel H0203.",
        hint="Står ved inngangsdøra, for eksempel H0203",
        section="Bolig",
    )
    local_label: Mapped[str | None] = text("Lokalt navn", max=40, sensitive=PUBLIC, section="Bolig")
    postal_code: Mapped[str | None] = code(
        "Postnummer", max=4, pattern="[0-9]{4}", sentence="Skriv fire sifre.", section="Bolig"
    )
    postal_place: Mapped[str | None] = text("Poststed", max=40, sensitive=PUBLIC, section="Bolig")
    type: Mapped[str | None] = choice("Boligtype", TYPES, section="Bolig")
    floor: Mapped[int | None] = number("Etasje", min=-5, max=60, section="Bolig")
    rooms: Mapped[int | None] = number("Soverom", min=0, max=20, section="Bolig")
    floor_space: Mapped[int | None] = number("Bruksareal i m²", min=1, max=2000, section="Bolig")
    wheelchair: Mapped[bool | None] = flag("Tilgjengelig med rullestol", section="Bolig")
    own_number: Mapped[str | None] = code(
        "Kommunens eget nummer",
        max=40,
        pattern=EXTERNAL,
        sentence=NO_SPACES,
        indexed=True,
        section="Bolig",
    )
    kobo_id: Mapped[str | None] = code(
        "Nummer i KOBO", max=40, pattern=EXTERNAL, sentence=NO_SPACES, indexed=True
    )
    fdv_id: Mapped[str | None] = code(
        "Nummer i FDV", max=40, pattern=EXTERNAL, sentence=NO_SPACES, indexed=True
    )
    fire_checked_on: Mapped[date | None] = day(
        "Brannkontroll ført", server=True, indexed=True, section="Bolig"
    )
    access: Mapped[str | None] = text(
        "Adkomst", max=1000, sensitive=PERSONAL, section="Adkomst", hint="Port, kode, heis"
    )

    sealed_for = keyed_flag(
        "Sperret for alle andre enn", holds=USERS, rule=Rule.LATEST, server=True
    )

    example = {
        "area": "018f2c5e-0000-7000-8000-000000000001",
        "address": "Storgata 12",
        "unit_number": "H0203",
        "floor": 2,
        "access": "Porten står åpen til kl. 17.",
    }
