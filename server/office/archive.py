"""Arkiv: the packages that were made for the archive, and the word that it has received one.

It shows counts and dates, and no record. Only that word ends what lies in a package.
"""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from server.keeping import holds
from server.keeping.archive import handover, orders, packages
from server.keeping.archive.orders import ArchiveOrder
from server.keeping.archive.packages import ArchivePackage
from server.office.blueprint import office
from server.office.dates import counted, moment_words
from server.office.desk import Desk
from server.office.gate import asks_anew, at_desk, database, moment, seated, settings, typed
from server.office.privacy import KEEPERS, keeper, sees_privacy
from server.office.spot import Spot
from server.problems import Problem, ProblemText
from sync.mutation import is_id

LEFT = {
    "changed": (
        "{antall} registrering er endret siden, eller har fått noe nytt som hører til. "
        "Den blir stående og kommer med i neste pakke",
        "{antall} registreringer er endret siden, eller har fått noe nytt som hører til. "
        "De blir stående og kommer med i neste pakke",
    ),
    "waiting": (
        "{antall} registrering er slik arkivet har den, men noe som hører til, er stanset eller "
        "venter på svar. Den blir stående og slettes natta etter at det er ordnet",
        "{antall} registreringer er slik arkivet har dem, men noe som hører til, er stanset eller "
        "venter på svar. De blir stående og slettes natta etter at det er ordnet",
    ),
    "held": (
        "{antall} registrering er stanset og blir stående",
        "{antall} registreringer er stanset og blir stående",
    ),
    "kept": (
        "{antall} registrering blir stående uten personopplysninger fordi andre hører til den, "
        "eller fordi fristen er forlenget",
        "{antall} registreringer blir stående uten personopplysninger fordi andre hører til dem, "
        "eller fordi fristen er forlenget",
    ),
}
FAULTS = {
    orders.NOTHING: "Ingenting er klart for arkivet som kan pakkes nå.",
    orders.NO_ROOM: "Pakken ble ikke laget: det gikk ikke å skrive i mappa. Ingenting er slettet. "
    "Si fra til dem som drifter tjenesten, og bestill på nytt når det er ordnet.",
    orders.BROKEN: "Pakken ble ikke laget. Ingenting er slettet, og feilen er hos oss. "
    "Si fra til dem som drifter tjenesten.",
}
BESIDE = {
    "waiting": (
        "{antall} registrering er ikke med: noe som hører til, er stanset eller venter på svar",
        "{antall} registreringer er ikke med: noe som hører til, er stanset eller venter på svar",
    ),
    "missing": (
        "{antall} registrering er ikke med: et bilde kan ikke hentes. Si fra til dem som drifter "
        "tjenesten",
        "{antall} registreringer er ikke med: bilder kan ikke hentes. Si fra til dem som drifter "
        "tjenesten",
    ),
}
UNNAMED = ProblemText(
    422,
    "Arkivets kvittering mangler.",
    "Ingenting er slettet.",
    "Skriv nummeret eller navnet arkivet har gitt mottaket.",
)
UNMARKED = ProblemText(
    422,
    "Fingeravtrykket mangler.",
    "Ingenting er slettet. Kvitteringen du skrev, står i skjemaet.",
    "Skriv de 8 første tegnene av fingeravtrykket til pakken arkivet har.",
)
OTHER = ProblemText(
    422,
    "Fingeravtrykket hører ikke til denne pakken.",
    "Ingenting er slettet. Kvitteringen du skrev, står i skjemaet.",
    "Se hvilken pakke arkivet har mottatt, og skriv de 8 første tegnene av fingeravtrykket dens.",
)
MARK_MAX = 100


@office.get("/privacy/archive")
@seated
def archive_packages(desk: Desk) -> ResponseReturnValue:
    """Show the packages, and offer to say that the archive has one."""
    return _page(desk)


@office.post("/privacy/archive/order")
@asks_anew
def order_package() -> ResponseReturnValue:
    """Order a package of what is due; the scheduler makes it, and nothing ends."""
    user = keeper().user
    if settings().archive is not None:
        orders.order(database(), user, moment())
    return redirect(url_for("office.archive_packages"))


@office.post("/privacy/archive/<package>/receive")
@asks_anew
def receive_package(package: str) -> ResponseReturnValue:
    """Say that the archive has received a package: what lies in it, as it was packed, ends here."""
    user = keeper().user
    reference = typed(request.form.get("reference", ""), packages.REFERENCE_MAX)
    with database().reading() as session:
        if not is_id(package) or session.get(ArchivePackage, package) is None:
            raise Problem("no_access")
    mark = typed(request.form.get("mark", ""), MARK_MAX)
    if not reference or not mark:
        problem = UNMARKED if reference else UNNAMED
        with at_desk() as desk:
            page = _page(desk, package, problem, reference, mark)
        return make_response(page, problem.status)
    try:
        handover.receive(database(), settings(), package, mark, reference, user, moment())
    except handover.OtherPackage:
        with at_desk() as desk:
            page = _page(desk, package, OTHER, reference, mark)
        return make_response(page, OTHER.status)
    return redirect(url_for("office.archive_packages"))


def _page(
    desk: Desk,
    asked: str = "",
    problem: ProblemText | None = None,
    reference: str = "",
    mark: str = "",
) -> str:
    if not sees_privacy(desk):
        raise Problem("no_access")
    found, ordered = packages.every(desk.session), orders.latest(desk.session)
    desk.know({user for one in found for user in (one.by, one.received_by) if user})
    return render_template(
        "office/archive.html",
        packages=[_line(desk, one) for one in found],
        all_held=holds.everything_is_held(desk.session),
        ordered=ordered and _ordered(desk, ordered),
        takes_orders=settings().archive is not None,
        may_decide=bool(desk.actor.roles_in(None) & KEEPERS),
        asked=asked,
        problem=problem,
        spot=_spot(asked, problem),
        reference=reference,
        mark=mark,
    )


def _spot(package: str, problem: ProblemText | None) -> Spot | None:
    if problem is None:
        return None
    if problem is UNNAMED:
        return Spot(f"reference-{package}", "Arkivets kvittering")
    return Spot(f"mark-{package}", "De 8 første tegnene av pakkens fingeravtrykk")


def _line(desk: Desk, one: ArchivePackage) -> dict[str, object]:
    lines = _left(desk.session, one, desk) if one.received_at else []
    here = packages.here(desk.session, one.id)
    return {
        "id": one.id,
        "made": moment_words(one.made_at, desk.now),
        "manifest": one.manifest,
        "here": counted(here, "{antall} registrering", "{antall} registreringer"),
        "received": one.received_at and moment_words(one.received_at, desk.now),
        "who": one.received_by and desk.person(one.received_by),
        "reference": one.reference,
        "left": lines,
    }


def _ordered(desk: Desk, one: ArchiveOrder) -> dict[str, object]:
    """Say what became of the last order."""
    beside = [(getattr(one, name), words) for name, words in BESIDE.items()]
    return {
        "when": moment_words(one.ordered_at, desk.now),
        "who": desk.person(one.by),
        "waits": bool(one.waits),
        "fault": FAULTS.get(one.fault or "", ""),
        "folder": one.folder,
        "beside": [counted(count, *words) for count, words in beside if count],
    }


def _left(session: Session, one: ArchivePackage, desk: Desk) -> list[str]:
    left = handover.left_of(session, one.id, desk.now)
    counts = [(getattr(left, name), words) for name, words in LEFT.items()]
    return [counted(count, *words) for count, words in counts if count]
