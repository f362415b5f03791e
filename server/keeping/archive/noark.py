"""`arkivstruktur.xml`: what is in a package, by the names and in the order that Noark 5 gives them.

It reads no database. What Noark wants and Oppgang does not have is left out, never made up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid5
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from server.keeping.open_table import OpenFile
from server.keeping.packing import digest_of
from server.records.kind import Retention
from server.shapes import write_instant
from sync.mutation import NS

NAME = "arkivstruktur.xml"
SPACE = "http://www.arkivverket.no/standarder/noark5/arkivstruktur"
ALGORITHM = "SHA-256"
PRESERVED = "Bevares"
BY_APP = "Oppgang"
ARCHIVED, PRODUCED = "Arkivformat", "Produksjonsformat"
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The signs that XML 1.0 cannot hold."""


@dataclass(frozen=True)
class Stored:
    """One file of a document: its name in the folder, and what it is."""

    name: str
    variant: str
    format: str
    mime: str


@dataclass(frozen=True)
class Document:
    """One record: its files, and what is said of it."""

    id: str
    kind_words: str
    title: str
    state: str
    created_at: datetime
    authors: Sequence[str]
    files: Sequence[Stored]


@dataclass(frozen=True)
class Registration:
    """What a record whose time is over is archived as: itself, and what belongs to it after it."""

    documents: Sequence[Document]
    term: Retention
    over_on: date


@dataclass(frozen=True)
class Folder:
    """A home's, a case's or a building's folder."""

    id: str
    title: str
    begun_at: datetime
    registrations: Sequence[Registration]


def write(folder: Path, package: str, folders: Sequence[Folder], now: datetime) -> None:
    """Write the structure of a package beside its documents, whose sums are taken here."""
    root = Element("arkiv", xmlns=SPACE)
    _head(root, package, "Oppgang: boligsosialt arbeid", {"arkivstatus": "Avsluttet"}, now)
    maker = SubElement(root, "arkivskaper")
    _say(maker, arkivskaperID=BY_APP, arkivskaperNavn="Kommunen, boligsosialt arbeid")
    part = SubElement(root, "arkivdel")
    period = {"arkivdelstatus": "Avsluttet periode"}
    _head(part, str(uuid5(NS, f"{package}|part")), "Registreringer", period, now)
    for one in folders:
        _folder(part, folder, one, now)
    ElementTree.indent(root)
    with OpenFile(folder / NAME) as file:
        file.write_bytes(ElementTree.tostring(root, "utf-8", xml_declaration=True))


def faults(folder: Path) -> list[str]:
    """Compare the structure with the documents beside it; a sentence for each that differs."""
    try:
        root = ElementTree.parse(folder / NAME).getroot()
    except (OSError, ElementTree.ParseError):
        return [f"{NAME} cannot be read."]
    found, named = [], set()
    for one in root.iter(f"{{{SPACE}}}dokumentobjekt"):
        name, said, size = (
            _said(one, f) for f in ("referanseDokumentfil", "sjekksum", "filstoerrelse")
        )
        path = folder / name
        named.add(name)
        if not name or not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            found.append(f"{NAME} names {name}, which is missing.")
        elif (digest_of(path), str(path.stat().st_size)) != (said, size):
            found.append(f"{name} is not as {NAME} says.")
    here = {str(p.relative_to(folder)) for p in (folder / "dokumenter").rglob("*") if p.is_file()}
    return found + [f"{NAME} does not name {name}." for name in sorted(here - named)]


def _folder(part: Element, base: Path, one: Folder, now: datetime) -> None:
    made = SubElement(part, "mappe")
    _say(made, systemID=one.id, mappeID=one.id, tittel=one.title)
    _say(made, opprettetDato=write_instant(one.begun_at), opprettetAv=BY_APP)
    _say(made, avsluttetDato=write_instant(now), avsluttetAv=BY_APP)
    for registration in one.registrations:
        _registration(made, base, registration, now)


def _registration(made: Element, base: Path, one: Registration, now: datetime) -> None:
    own, entry = one.documents[0], SubElement(made, "registrering")
    _say(entry, systemID=own.id, opprettetDato=write_instant(own.created_at))
    _say(entry, opprettetAv=_who(own), arkivertDato=write_instant(now), arkivertAv=BY_APP)
    rule = SubElement(entry, "kassasjon")
    _say(rule, kassasjonsvedtak=PRESERVED, kassasjonshjemmel=one.term.basis)
    _say(rule, bevaringstid=str(one.term.years), kassasjonsdato=one.over_on.isoformat())
    for number, document in enumerate(one.documents, 1):
        _document(entry, base, document, number, now)
    _say(entry, registreringsID=own.id, tittel=own.title)
    for author in own.authors:
        _say(entry, forfatter=author)
    sender = SubElement(entry, "korrespondansepart")
    _say(sender, korrespondanseparttype="Intern avsender", korrespondansepartNavn=_who(own))


def _document(entry: Element, base: Path, one: Document, number: int, now: datetime) -> None:
    said = SubElement(entry, "dokumentbeskrivelse")
    _say(said, systemID=str(uuid5(NS, f"{one.id}|document")), dokumenttype=one.kind_words)
    _say(said, dokumentstatus=one.state, tittel=one.title)
    for author in one.authors:
        _say(said, forfatter=author)
    _say(said, opprettetDato=write_instant(one.created_at), opprettetAv=_who(one))
    _say(said, tilknyttetRegistreringSom="Hoveddokument" if number == 1 else "Vedlegg")
    _say(said, dokumentnummer=str(number), tilknyttetDato=write_instant(one.created_at))
    _say(said, tilknyttetAv=_who(one))
    for file in one.files:
        path, stored = base / file.name, SubElement(said, "dokumentobjekt")
        _say(stored, systemID=str(uuid5(NS, file.name)), versjonsnummer="1")
        _say(stored, variantformat=file.variant, format=file.format, pronomMIME=file.mime)
        _say(stored, opprettetDato=write_instant(now), opprettetAv=BY_APP)
        _say(stored, referanseDokumentfil=file.name, sjekksum=digest_of(path))
        _say(stored, sjekksumAlgoritme=ALGORITHM, filstoerrelse=str(path.stat().st_size))


def _head(made: Element, id: str, title: str, state: Mapping[str, str], now: datetime) -> None:
    _say(made, systemID=id, tittel=title, **state)
    _say(made, opprettetDato=write_instant(now), opprettetAv=BY_APP)
    _say(made, avsluttetDato=write_instant(now), avsluttetAv=BY_APP)


def _who(one: Document) -> str:
    return ", ".join(one.authors) or BY_APP


def _say(made: Element, **said: str) -> None:
    for name, words in said.items():
        SubElement(made, name).text = NOT_XML.sub("\ufffd", words)


def _said(one: Any, name: str) -> str:
    return one.findtext(f"{{{SPACE}}}{name}") or ""
