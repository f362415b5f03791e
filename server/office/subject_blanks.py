"""The package as it is given out: a blank that says why stands for what is left out.

Pure: nothing of what was left out is in what it gives, however long it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from server.keeping.insight import REASONS, WHOLE, Redaction, digest
from server.office.dates import day_words
from server.office.desk import LONG_AGO
from server.office.subject_package import ABOUT, WHY, Package, Part, Passage
from server.planning.calendar import day_of
from server.shapes import write_instant

RIGHTS = "Du kan be om retting, sletting eller begrensning, og klage til Datatilsynet."
UNSENT = "Noe kan ligge på telefoner som ikke har sendt ennå. Da kommer det med neste gang."
Span = tuple[int, int, str]
"""The first code point that goes, the first that stays again, and the reason."""


def blank(reason: str) -> str:
    """Give what stands where something was left out."""
    return f"[Sladdet: {REASONS[reason].short}]"


def digest_of(request: str, part: Part, path: str) -> str | None:
    """Give the digest of what a redaction is made in; None when there is no such text."""
    if path == WHOLE:
        return part.digest(request)
    found = (each for each in part.passages if each.path == path)
    return next((digest(request, each.label, each.words) for each in found), None)


def loose(package: Package, redactions: Iterable[Redaction]) -> list[Redaction]:
    """Give the redactions whose text is no longer as it was when it was marked."""
    return [
        one
        for one in redactions
        if one.record not in package.parts
        or digest_of(one.insight, package.parts[one.record], one.path) != one.digest
    ]


def spans(passage: Passage, redactions: Iterable[Redaction]) -> list[Span]:
    """Give what goes of a text, in order and without overlap; the first reason stands."""
    size = len(passage.words)
    asked = sorted(
        (one.start or 0, size if one.end is None else min(one.end, size), one.reason)
        for one in redactions
        if one.path in (WHOLE, passage.path)
    )
    found: list[Span] = []
    for start, end, reason in asked:
        if found and start < found[-1][1]:
            first, last, stands = found[-1]
            found[-1] = (first, max(last, end), stands)
        elif start < end:
            found.append((start, end, reason))
    return found


def cut(words: str, gone: Sequence[Span]) -> tuple[str, list[list[int]]]:
    """Give a text with blanks for what goes, and where the blanks stand, in code points."""
    said, at = "", 0
    blanks: list[list[int]] = []
    for start, end, reason in gone:
        said += words[at:start]
        blanks.append([len(said), len(said) + len(blank(reason))])
        said, at = said + blank(reason), end
    return said + words[at:], blanks


def as_said(
    package: Package,
    redactions: Sequence[Redaction],
    household: str,
    readings: Iterable[Mapping[str, Any]],
    now: datetime,
) -> dict[str, Any]:
    """Give the whole package with its blanks, ready to be written as JSON or drawn on paper.

    A picture stands by the id of its record: those that `pictured` names.
    """
    by_record = _by_record(redactions)
    own = package.parts[household]
    mine = by_record.get(own.id, ())
    texts = {each.path: cut(each.words, spans(each, mine))[0] for each in own.passages}
    whys = {each.words: texts[each.path] for each in own.passages if each.path.startswith(WHY)}
    return {
        "title": "Innsyn i personopplysninger",
        "basis": "Personvernforordningen artikkel 15",
        "about": texts[ABOUT],
        "made_at": write_instant(now),
        "made_on": day_words(day_of(now), LONG_AGO.date()),
        "records": [_record(part, by_record.get(part.id, ())) for part in package.parts.values()],
        "readings": [{**one, "why": whys.get(one["why"], "")} for one in readings],
        "left_out": _left_out(redactions),
        "not_shown": package.not_shown,
        "unsent": UNSENT,
        "rights": RIGHTS,
    }


def pictured(package: Package, redactions: Iterable[Redaction]) -> list[str]:
    """Give the records whose picture is not left out."""
    by_record = _by_record(redactions)
    return [
        part.id
        for part in package.parts.values()
        for each in part.passages
        if each.picture and not spans(each, by_record.get(part.id, ()))
    ]


def _by_record(redactions: Iterable[Redaction]) -> dict[str, list[Redaction]]:
    found: dict[str, list[Redaction]] = {}
    for one in redactions:
        found.setdefault(one.record, []).append(one)
    return found


def _record(part: Part, redactions: Collection[Redaction]) -> dict[str, Any]:
    for one in redactions:
        if one.path == WHOLE:
            return {"left_out": blank(one.reason)}
    fields = []
    for each in part.passages:
        if each.path != ABOUT and not each.path.startswith(WHY):
            words, blanks = cut(each.words, spans(each, redactions))
            field: dict[str, Any] = {"label": each.label, "words": words, "blanks": blanks}
            if each.picture and not blanks:
                field["width"], field["height"] = each.picture
                field["picture"] = part.id
            fields.append(field)
    return {
        "id": part.id,
        "kind": part.kind,
        "title": part.title,
        "written_at": part.written_at,
        "written": part.written,
        "written_by": list(part.written_by),
        "certain": part.certain,
        "kept": part.kept,
        "fields": fields,
    }


def _left_out(redactions: Iterable[Redaction]) -> list[dict[str, Any]]:
    """Say why something was left out, with the law, and in how many places."""
    counted = Counter(one.reason for one in redactions)
    return [
        {"blank": blank(code), "words": why.words, "law": why.law, "places": counted[code]}
        for code, why in REASONS.items()
        if counted[code]
    ]
