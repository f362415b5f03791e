"""A package on the screen: every passage whole, with what is proposed and what is left out marked.

Who prepares and who reads second both see what stands beneath a blank; nobody else comes here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from server.keeping.insight import REASONS, WHOLE, Insight, Redaction, digest
from server.office.dates import day_words, moment_words
from server.office.desk import Desk
from server.office.insight_access import Known
from server.office.insight_words import finds
from server.office.subject_blanks import cut, spans
from server.office.subject_package import Package, Part, Passage
from server.photos.pictures import SMALL_SIDE_MAX_PIXELS

STANDING_MIN = 3
"""Shorter texts stand in too many other words to be looked for elsewhere."""
STANDING_SHOWN = 20
GONE_RECORD = "En registrering som er slettet"


def stamp(insight: str, package: Package, redactions: Sequence[Redaction]) -> str:
    """Give what a page shows as one digest, so that who signs has read this and nothing else."""
    texts = (text for pair in package.digests(insight).items() for text in pair)
    return digest(insight, *texts, *(each for one in redactions for each in (one.id, one.reason)))


def changed(package: Package, insight: str, before: Mapping[str, str]) -> list[str]:
    """Name the records that are not as they were read: new, changed, or deleted since."""
    now = package.digests(insight)
    apart = [id for id in now.keys() | before.keys() if now.get(id) != before.get(id)]
    return names(package, apart)


def names(package: Package, records: Collection[str]) -> list[str]:
    """Name some records by what they are and when they were written."""
    here = [part for id, part in package.parts.items() if id in records]
    gone = [GONE_RECORD for id in sorted(records) if id not in package.parts]
    return [f"{part.title}, {part.written}" for part in here] + gone


def parts(package: Package, redactions: Sequence[Redaction]) -> list[dict[str, Any]]:
    """Give every record with its passages in pieces."""
    return [shown(part, redactions) for part in package.parts.values()]


def shown(part: Part, redactions: Sequence[Redaction]) -> dict[str, Any]:
    """Give one record with its passages in pieces, and what is left out of it."""
    mine = [one for one in redactions if one.record == part.id]
    return {
        "id": part.id,
        "title": part.title,
        "written": part.written,
        "certain": part.certain,
        "whole": next((REASONS[one.reason].short for one in mine if one.path == WHOLE), ""),
        "whole_id": next((one.id for one in mine if one.path == WHOLE), ""),
        "passages": [_passage(part, each, mine) for each in part.passages],
    }


def still_standing(package: Package, redactions: Sequence[Redaction]) -> list[tuple[str, int]]:
    """Give the texts that were left out somewhere and stand elsewhere, with how often."""
    left: list[str] = []
    gone: set[str] = set()
    for part in package.parts.values():
        mine = [one for one in redactions if one.record == part.id]
        for each in part.passages:
            holes = spans(each, mine)
            left.append(cut(each.words, holes)[0])
            pieces = (each.words[start:end].strip() for start, end, _ in holes)
            most = len(each.words) if each.free else len(each.words) - 1
            gone |= {piece for piece in pieces if STANDING_MIN <= len(piece) <= most}
    text = unicodedata.normalize("NFC", "\n".join(left))
    found = [(words, len(list(finds(words, text)))) for words in sorted(gone)]
    return [each for each in found if each[1]][:STANDING_SHOWN]


def line(desk: Desk, one: Known) -> dict[str, Any]:
    """Give one request as a list shows it: to whoever cannot open it, not how far it has come."""
    row = one.row
    if one.opens:
        state = state_words(desk, row)
    else:
        state = "Under arbeid" if row.given_at is None else "Gitt ut"
    return {
        "id": row.id if one.opens else "",
        "state": state,
        "due": due_words(desk, row),
        "who": desk.person(row.prepared_by),
    }


def state_words(desk: Desk, row: Insight) -> str:
    """Say how far a request has come."""
    if row.given_at is not None and row.approved_at is not None:
        return f"Gitt ut {moment_words(row.given_at, desk.now)}"
    if row.approved_at is not None:
        return f"Godkjent av {desk.person(row.approved_by)}. Kan gis ut"
    if row.ready_at is not None:
        return "Venter på den andre leseren"
    return "Sendt tilbake" if row.returned else "Under arbeid"


def second_words(area: str | None) -> str:
    """Say who reads second, of a household in an area or behind a barrier."""
    return "En annen leder, eller kontoret," if area else "En annen av dem som er valgt i sperren,"


def due_words(desk: Desk, row: Insight) -> str:
    """Say until when it must be answered."""
    return f"Svar innen {day_words(row.due_on, desk.today)}"


def is_late(row: Insight, today: date) -> bool:
    """Say whether the answer should have been given."""
    return row.given_at is None and row.due_on < today


def _passage(part: Part, passage: Passage, redactions: Sequence[Redaction]) -> dict[str, Any]:
    mine = [one for one in redactions if one.path == passage.path]
    return {
        "path": passage.path,
        "label": passage.label,
        "free": passage.free,
        "picture": part.id if passage.picture else "",
        "size": _small(passage.picture) if passage.picture else None,
        "out": bool(spans(passage, redactions)),
        "pieces": list(_pieces(passage, redactions)),
        "others": _proposed(passage),
        "redactions": [
            {"id": one.id, "words": _said(passage, one), "why": REASONS[one.reason].short}
            for one in mine
        ],
    }


def _small(picture: tuple[int, int]) -> tuple[int, int]:
    """Give the width and height of a picture as its little one has them, so that it has its place
    before it has come.
    """
    most = max(*picture, SMALL_SIDE_MAX_PIXELS)
    width, height = (max(1, side * SMALL_SIDE_MAX_PIXELS // most) for side in picture)
    return width, height


def _said(passage: Passage, one: Redaction) -> str:
    if passage.picture:
        return "Bildet"
    return passage.words[one.start or 0 : one.end] if one.end is not None else "Hele feltet"


def _proposed(passage: Passage) -> list[tuple[str, str]]:
    """Give each place where a name of somebody else stands, with the name."""
    return [(f"{start}-{end}", passage.words[start:end]) for start, end in passage.others]


def _pieces(passage: Passage, redactions: Sequence[Redaction]) -> Iterator[dict[str, str]]:
    """Cut a text where something begins or ends: plain words, a name proposed, what goes."""
    gone = spans(passage, redactions)
    covered = {at for start, end, _ in gone for at in range(start, end)}
    apart = (each for each in passage.others if covered.isdisjoint(range(*each)))
    marks = [(start, end, "", "other") for start, end in apart]
    at = 0
    for start, end, why, sort in sorted([*marks, *((*each, "gone") for each in gone)]):
        yield {"words": passage.words[at:start], "sort": "", "why": ""}
        short = REASONS[why].short if why else ""
        yield {"words": passage.words[start:end], "sort": sort, "why": short}
        at = max(at, end)
    yield {"words": passage.words[at:], "sort": "", "why": ""}
