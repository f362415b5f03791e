"""The columns that an import knows, by every name that they go under: ours, Kartverket's, KOBO's.

It reads a heading and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from server.imports.tables import BadFile
from server.records import REGISTRY
from server.shapes import Field, values

_SIGNS = re.compile(r"[^a-z0-9æøå]+")
OTHERS: Mapping[str, frozenset[str]] = {
    "organisasjonsnummer": frozenset({"soknenummer", "soknenavn"}),
}
"""Names that are another's beside these: in Kartverket's files the number is the parish's."""


@dataclass(frozen=True)
class Column:
    """One column: its key among the read values, its words, its names and how a cell is read."""

    key: str
    label: str
    names: frozenset[str]
    field: Field | None
    """The field whose shape a value must have; None for parts that make another value."""
    decimals: bool = False
    """A number that may come with decimals is rounded to the nearest whole."""


@dataclass(frozen=True)
class Found:
    """What a heading was recognised as."""

    at: Mapping[str, int]
    """Key → where in a row."""
    headings: Mapping[str, str]
    """Key → the word in the file."""
    unknown: tuple[str, ...]


def plain(word: str) -> str:
    """Give a heading without what people and programs write differently."""
    return _SIGNS.sub("", word.casefold())


def of_field(kind: str, name: str, *names: str, decimals: bool = False) -> Column:
    """Give the column of a declared field; its own name and its label are among its names."""
    declared = REGISTRY[kind].fields[name]
    known = frozenset(map(plain, (name, declared.label, *names)))
    return Column(name, declared.label, known, declared, decimals)


def under(key: str, label: str, kind: str, name: str, *names: str) -> Column:
    """Give the column of a declared field whose own name says too little among the others."""
    known = frozenset(map(plain, (key, label, *names)))
    return Column(key, label, known, REGISTRY[kind].fields[name])


def part(key: str, label: str, *names: str, pattern: str | None = None) -> Column:
    """Give the column of something that is no field of its own: words, or what fits a pattern."""
    known = frozenset({plain(word) for word in (label, *names)})
    if pattern is None:
        return Column(key, label, known, None)
    like = replace(REGISTRY["dwelling"].fields["address"], name=key, label=label)
    digits = values.Words(20, pattern, "Skriv et tall.")
    return Column(key, label, known, replace(like, shape=digits))


def recognise(heading: Sequence[str], columns: Iterable[Column]) -> Found:
    """Find the columns of a heading, in any order; raises BadFile when two are the same."""
    by_name = {name: column.key for column in columns for name in column.names}
    beside = frozenset(map(plain, heading))
    at: dict[str, int] = {}
    unknown: list[str] = []
    for index, word in enumerate(heading):
        name = plain(word)
        key = None if OTHERS.get(name, frozenset()) & beside else by_name.get(name)
        if key is None:
            if word.strip():
                unknown.append(word.strip())
        elif key in at:
            raise BadFile(
                f"Kolonnene «{heading[at[key]].strip()}» og «{word.strip()}» betyr det samme.",
                "Ta bort den ene, og last opp på nytt.",
            )
        else:
            at[key] = index
    return Found(at, {key: heading[where].strip() for key, where in at.items()}, tuple(unknown))


def is_known(columns: Iterable[Column]) -> frozenset[str]:
    """Give every name that some column goes under."""
    return frozenset(name for column in columns for name in column.names)


WHICH_DWELLING = (
    of_field("dwelling", "kobo_id", "koboId", "kobo boligId", "bolig.koboId"),
    of_field(
        "dwelling", "fdv_id", "fdvuBoligId", "leverandorBoligId", "fdvu", "fdv nummer", "FDV-nr"
    ),
    of_field(
        "dwelling", "own_number", "eget nummer", "boligId", "bolignr i kommunen", "objektnummer"
    ),
    of_field(
        "dwelling",
        "address",
        "gateadresse",
        "vegadresse",
        "veiadresse",
        "besøksadresse",
        "adresselinje1",
        "bolig.adresse",
    ),
    part("address_text", "Adressetekst", "adresse.adressetekst"),
    part("street", "Adressenavn", "gate", "gatenavn", "vegnavn", "veinavn", "adresse.adressenavn"),
    part("house_number", "Nummer", "husnummer", "husnr", "adresse.nummer", pattern="[0-9]{1,5}"),
    part("letter", "Bokstav", "husbokstav", "adresse.bokstav"),
    of_field(
        "dwelling",
        "unit_number",
        "bruksenhetsnummer",
        "bruksenhetsnummerTekst",
        "bruksenhet",
        "bolignr",
        "bruksenhetsnr",
    ),
    of_field("dwelling", "local_label", "ekstraReferanse", "leilighetsnummer", "leilighetsnr"),
)
"""What says which dwelling a row is about."""

DWELLINGS = (
    *WHICH_DWELLING,
    part("area", "Område", "area", "bydel", "distrikt", "sone"),
    of_field("dwelling", "postal_code", "postnr"),
    of_field("dwelling", "postal_place"),
    of_field("dwelling", "type", "type bolig", "bolig.boligtype"),
    # A yes or no as KOBO asks it; «ja» makes the type of home, and so it has the shape of a flag.
    under("shared", "Bofellesskap", "dwelling", "wheelchair", "erBofellesskap"),
    of_field("dwelling", "floor", "etasjenummer", "etg"),
    of_field("dwelling", "rooms", "antallSoverom", "bedrooms"),
    of_field("dwelling", "floor_space", "bruksareal", "BRA", "areal", "kvm", "m2", decimals=True),
    of_field(
        "dwelling",
        "wheelchair",
        "erTilgjengeligForRullestolbruker",
        "erRullestolTilpasset",
        "rullestol",
        "tilgjengelig",
    ),
    of_field("dwelling", "access", "adkomst"),
    of_field("building", "building_number", "bygningsnr", "byggnr", "bygning.bygningsnummer"),
    under("building_name", "Bygning", "building", "name", "bygningsnavn", "byggnavn", "building"),
    of_field("building", "ownership", "eieform"),
    of_field("building", "cadastral_number", "matrikkelnr"),
    part(
        "municipality",
        "Kommunenummer",
        "kommunenr",
        "knr",
        "eiendom.kommunenummer",
        pattern="[0-9]{3,4}",
    ),
    part("farm", "Gardsnummer", "gårdsnummer", "gnr", "eiendom.gardsnummer", pattern="[0-9]{1,6}"),
    part("holding", "Bruksnummer", "bnr", "eiendom.bruksnummer", pattern="[0-9]{1,6}"),
    part("lease", "Festenummer", "fnr", "eiendom.festenummer", pattern="[0-9]{1,6}"),
    part("section", "Seksjonsnummer", "snr", pattern="[0-9]{1,6}"),
    under(
        "company",
        "Boligselskap",
        "housing_company",
        "name",
        "borettslag",
        "sameie",
        "housing company",
        "boligselskap.navn",
    ),
    of_field("housing_company", "organisation_number", "orgnr", "orgnummer", "org.nr."),
    of_field("housing_company", "form", "selskapsform"),
    of_field("housing_company", "property_manager"),
    of_field("housing_company", "shares", "andeler"),
    of_field("housing_company", "shares_total"),
)

TENANCIES = (
    *WHICH_DWELLING,
    of_field(
        "tenancy",
        "contract_number",
        "kontraktsnr",
        "kontraktnr",
        "kontraktnummer",
        "leiekontrakt",
        "leieforholdId",
        "leieforhold.id",
        "avtalenummer",
    ),
    of_field(
        "tenancy",
        "started_on",
        "start",
        "startdato",
        "fra dato",
        "leiestart",
        "innflyttet",
        "innflyttingsdato",
        "leieforhold start",
        "leieforhold.startdato",
        "leieforhold fra",
    ),
    of_field(
        "tenancy",
        "ended_on",
        "slutt",
        "sluttdato",
        "til dato",
        "leieslutt",
        "utflyttet",
        "utflyttingsdato",
        "leieforhold slutt",
        "leieforhold.sluttdato",
        "leieforhold til",
    ),
    of_field(
        "tenancy", "household_size", "antall personer", "husstandsstørrelse", "husstand.antall"
    ),
    of_field("tenancy", "children", "barn"),
    under(
        "tenant",
        "Leietaker",
        "contact",
        "name",
        "leietakers navn",
        "leietaker.navn",
        "navn",
        "name",
    ),
    of_field("contact", "phone", "tlf", "mobil", "telefonnummer", "leietaker.telefon"),
    of_field("contact", "language", "morsmål", "leietaker.språk"),
    of_field("contact", "interpreter", "tolk", "leietaker.tolk"),
)
