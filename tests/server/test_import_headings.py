"""Boliger from the files of Kartverket and KOBO, by their whole headings; and one row, one home."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from server.imports import Options, Plan
from server.records.building import OWNERSHIPS
from server.records.dwelling import TYPES
from tests.makers import World
from tests.server.planned import all_of, write
from tests.server.test_import_dwellings import brought_in, one, planned

ADDRESSES = (
    "lokalid;kommunenummer;kommunenavn;adressetype;adressetilleggsnavn;adressetilleggsnavnKilde;"
    "adressekode;adressenavn;nummer;bokstav;gardsnummer;bruksnummer;festenummer;undernummer;"
    "adresseTekst;adresseTekstUtenAdressetilleggsnavn;EPSG-kode;Nord;Øst;postnummer;poststed;"
    "grunnkretsnummer;grunnkretsnavn;soknenummer;soknenavn;organisasjonsnummer;tettstednummer;"
    "tettstednavn;valgkretsnummer;valgkretsnavn;oppdateringsdato;datauttaksdato;adresseId;"
    "uuidAdresse;atkomstId;uuidAtkomst;atkomstNord;atkomstØst;sommeratkomstId;uuidSommeratkomst;"
    "sommeratkomstNord;sommeratkomstØst;vinteratkomstId;uuidVinteratkomst;vinteratkomstNord;"
    "vinteratkomstØst"
)
"""Kartverket's file of addresses (matrikkelenAdresse.csv)."""
APARTMENTS = (
    "kommunenummer;kommunenavn;adressetype;adressetilleggsnavn;adressetilleggsnavnKilde;"
    "adressekode;adressenavn;nummer;bokstav;gardsnummer;bruksnummer;festenummer;seksjonsnummer;"
    "undernummer;bruksenhetId;bruksenhetsnummerTekst;adresseTekst;"
    "adresseTekstUtenAdressetilleggsnavn;EPSG-kode;Nord;Øst;postnummer;poststed;grunnkretsnummer;"
    "grunnkretsnavn;soknenummer;soknenavn;organisasjonsnummer;tettstednummer;tettstednavn;"
    "valgkretsnummer;valgkretsnavn;oppdateringsdato;datauttaksdato;adresseId;uuidAdresse"
)
"""Kartverket's file of apartments (matrikkelenAdresseLeilighetsniva.csv)."""
KOBO = (
    "koboId;fdvuBoligId;adresse.adressenavn;adresse.nummer;adresse.bokstav;bruksenhetsnummer;"
    "ekstraReferanse;boligtype;disposisjonsform;eieform;erBofellesskap;eiendom;"
    "eiendom.kommunenummer;eiendom.gardsnummer;eiendom.bruksnummer;eiendom.festenummer;eieseksjon;"
    "eier;egenskaper;antallSoverom;bruksareal;etasjenummer;erTilgjengeligForRullestolbruker;"
    "kvalifisererMvaKompensasjon;leieTilEiePotensial"
)
"""The fields of KOBO's Bolig API, as a program that writes them to a table names them."""
STREET: Mapping[str, str] = {
    "kommunenummer": "5001",
    "adressetype": "vegadresse",
    "adressenavn": "Eikelia",
    "nummer": "12",
    "bokstav": "b",
    "gardsnummer": "53",
    "bruksnummer": "101",
    "festenummer": "0",
    "EPSG-kode": "25833",
    "postnummer": "7000",
    "poststed": "BYEN",
    "soknenummer": "10020101",
    "soknenavn": "Prøve",
    "organisasjonsnummer": "976994051",
}
HOME: Mapping[str, str] = {
    "koboId": "A1",
    "adresse.adressenavn": "Eikelia",
    "adresse.nummer": "12",
    "bruksenhetsnummer": "H0101",
    "eiendom": "Eikelia 10-14",
}


def table(heading: str, *rows: Mapping[str, str]) -> str:
    names = heading.split(";")
    assert all(row.keys() <= set(names) for row in rows)
    return "\n".join([heading, *(";".join(row.get(n, "") for n in names) for row in rows)]) + "\n"


def sentences(plan: Plan) -> list[str]:
    return [fault.sentence for fault in plan.faults.first]


def kobo(world: World, **cells: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Bring in one home as KOBO tells it; give it with its building."""
    brought_in(world, table(KOBO, {**HOME, **cells}), options=Options(world.east))
    _, home = one(world, kobo_id="A1")
    return home, all_of(world, "building")[home["building"]]


def test_kartverkets_file_of_apartments_makes_a_home_of_each(world: World) -> None:
    text = "Eikelia 12B-H0101"
    first = {**STREET, "bruksenhetsnummerTekst": "H0101", "adresseTekst": text}
    other = {**STREET, "bruksenhetsnummerTekst": "H0203", "adresseTekst": "Eikelia 12B-H0203"}
    brought_in(world, table(APARTMENTS, first, other), options=Options(world.east))
    _, home = one(world, address="Eikelia 12B", unit_number="H0203")
    assert home["building"] == one(world, unit_number="H0101")[1]["building"]
    assert (home["postal_code"], home["postal_place"]) == ("7000", "BYEN")
    assert all_of(world, "building")[home["building"]]["cadastral_number"] == "5001-53/101"


def test_apartments_without_a_street_stand_in_one_house(world: World) -> None:
    ground = {"kommunenummer": "5001", "gardsnummer": "53", "bruksnummer": "101"}
    rows = [
        {**ground, "bruksenhetsnummerTekst": unit, "adresseTekst": f"53/101-{unit}"}
        for unit in ("H0101", "H0102")
    ]
    brought_in(world, table(APARTMENTS, *rows), options=Options(world.east))
    assert one(world, unit_number="H0101")[1]["address"] == "53/101"
    assert len(all_of(world, "building")) == 1


@pytest.mark.parametrize("heading", [ADDRESSES, APARTMENTS])
def test_the_number_of_the_parish_is_no_housing_company(world: World, heading: str) -> None:
    plan = planned(world, table(heading, STREET), options=Options(world.east))
    assert not plan.faults and "organisasjonsnummer" in plan.unknown
    brought_in(world, table(heading, STREET), options=Options(world.east))
    assert all_of(world, "housing_company") == {}
    assert "housing_company" not in next(iter(all_of(world, "building").values()))


def test_a_companys_number_of_its_own_is_taken_beside_the_parishs(world: World) -> None:
    row = {**STREET, "Boligselskap": "Eikelia borettslag", "Orgnr": "923609016"}
    raw = table(f"{ADDRESSES};Boligselskap;Orgnr", row)
    brought_in(world, raw, options=Options(world.east))
    [company] = all_of(world, "housing_company").values()
    assert company["organisation_number"] == "923609016"


def test_kobos_fields_are_recognised_and_what_has_no_place_is_listed(world: World) -> None:
    plan = planned(world, table(KOBO, HOME), options=Options(world.east))
    assert plan.unknown == (
        "disposisjonsform",
        "eiendom",
        "eieseksjon",
        "eier",
        "egenskaper",
        "kvalifisererMvaKompensasjon",
        "leieTilEiePotensial",
    )
    ground = {"kommunenummer": "5001", "gardsnummer": "53", "bruksnummer": "101"}
    _, building = kobo(
        world, **{f"eiendom.{n}": v for n, v in ground.items()}, **{"eiendom.festenummer": "7"}
    )
    assert building["cadastral_number"] == "5001-53/101/7"


@pytest.mark.parametrize(
    ("word", "type"),
    [
        ("LEILIGHET", "apartment"),
        ("Blokkleilighet", "apartment"),
        ("hybel", "room"),
        ("REKKEHUS", "terraced"),
        ("TOMANNSBOLIG", "semi_detached"),
        ("ENEBOLIG", "house"),
        ("BOFELLESSKAP", "shared"),
        ("ANNET", "other"),
        ("SEMI_DETACHED", "semi_detached"),
    ],
)
def test_types_of_homes_are_read_in_words_and_as_programs_write_them(
    world: World, word: str, type: str
) -> None:
    assert kobo(world, boligtype=word)[0]["type"] == type


@pytest.mark.parametrize(
    ("word", "ownership"),
    [
        ("KOMMUNALT_EID", "municipal"),
        ("Kommunalt eid", "municipal"),
        ("BORETTSLAG", "company"),
        ("Sameie", "company"),
        ("ANDELSEIER", "company"),
        ("SEKSJONSEIER", "company"),
        ("Eierseksjon", "company"),
        ("AKSJE", "company"),
        ("INNLEID", "leased"),
        ("KOMMUNALT_INNLEID", "leased"),
    ],
)
def test_eieform_says_who_owns_the_house(world: World, word: str, ownership: str) -> None:
    assert kobo(world, eieform=word)[1]["ownership"] == ownership


def test_a_word_that_nobody_knows_is_a_fault_with_those_that_can_be_used(world: World) -> None:
    plan = planned(world, table(KOBO, {**HOME, "eieform": "LEID_UT", "boligtype": "TELT"}))
    own, home = sorted(sentences(plan), key=lambda said: "boligtype" in said)
    assert "kolonne eieform: «LEID_UT» kan ikke brukes." in own and "Kommunen leier" in own
    assert "kolonne boligtype: «TELT» kan ikke brukes." in home and "Leilighet, Hybel" in home


@pytest.mark.parametrize("word", ["EID", "SELVEID", "SELVEIER", "LEID", "KOMMUNALT_DISPONERT"])
def test_a_word_that_does_not_say_who_owns_the_house_is_asked_about(
    world: World, word: str
) -> None:
    (said,) = sentences(planned(world, table(KOBO, {**HOME, "eieform": word})))
    assert said.startswith(f"Linje 2, kolonne eieform: «{word}» kan ikke brukes.")
    assert ", ".join(OWNERSHIPS.values()) in said


@pytest.mark.parametrize("word", ["SMÅHUS", "FIREMANNSBOLIG", "OMSORGSBOLIG"])
def test_a_word_that_does_not_say_which_type_a_home_is_is_asked_about(
    world: World, word: str
) -> None:
    (said,) = sentences(planned(world, table(KOBO, {**HOME, "boligtype": word})))
    assert said.startswith(f"Linje 2, kolonne boligtype: «{word}» kan ikke brukes.")
    assert ", ".join(TYPES.values()) in said


def test_a_home_in_a_bofellesskap_is_of_that_type_whatever_it_is_built_as(world: World) -> None:
    assert kobo(world, erBofellesskap="true", boligtype="LEILIGHET")[0]["type"] == "shared"


def test_a_home_that_is_in_no_bofellesskap_keeps_its_type(world: World) -> None:
    assert kobo(world, erBofellesskap="false", boligtype="LEILIGHET")[0]["type"] == "apartment"


def test_homes_of_a_bofellesskap_are_told_apart_by_their_extra_reference(world: World) -> None:
    rows = [{**HOME, "koboId": "", "ekstraReferanse": name} for name in ("Rom 1", "Rom 2")]
    brought_in(world, table(KOBO, *rows), options=Options(world.east))
    assert one(world, local_label="Rom 1")[0] != one(world, local_label="Rom 2")[0]


@pytest.mark.parametrize(
    ("first", "then", "column", "wrong", "write"),
    [
        (";Eik 1;;", ";eik  1;;", "Bolignr", "Her står det ingenting", "bolignummeret"),
        (";Eik 1;H0101;2", ";Eik 1;H0101;3", "Bolignr", "«H0101» kan", "et annet nummer"),
        ("A1;Eik 1;H0101;2", "A1;Eik 1;H0101;2", "koboId", "«A1» kan", "et annet nummer"),
        ("A1;Eik 1;H0101;2", "a1;Ask 7;H0102;3", "koboId", "«a1» kan", "et annet nummer"),
    ],
)
def test_two_rows_never_become_one_home_unseen(
    world: World, first: str, then: str, column: str, wrong: str, write: str
) -> None:
    raw = f"koboId;Adresse;Bolignr;Soverom\n{first}\n{then}\n"
    plan = planned(world, raw, options=Options(world.east))
    [said] = sentences(plan)
    assert plan.steps == [] and said.startswith(f"Linje 3, kolonne {column}: {wrong}")
    both = "eller ta bort den ene raden (linje 2 og 3 er den samme boligen), og last opp på nytt."
    assert f"Skriv {write}, {both}" in said


def test_kartverkets_apartments_that_lack_their_numbers_are_told(world: World) -> None:
    plan = planned(world, table(APARTMENTS, STREET, STREET), options=Options(world.east))
    [said] = sentences(plan)
    assert said.startswith("Linje 3, kolonne bruksenhetsnummerTekst: Her står det ingenting.")


def test_a_home_that_two_rows_name_in_different_ways_is_told(world: World) -> None:
    write(world, "dwelling", world.dwelling, {"kobo_id": "A1", "unit_number": "H0203"})
    raw = "koboId;Adresse;Bolignr\nA1;Storgata 12;H0203\n;Storgata 12;H0203\n"
    [said] = sentences(planned(world, raw))
    assert said.startswith("Linje 3, kolonne Bolignr: «H0203» kan ikke brukes.")
