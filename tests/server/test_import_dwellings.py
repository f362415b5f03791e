"""Boliger from a file: what it makes, what it leaves alone, and that it can be taken back."""

from __future__ import annotations

from typing import Any

import pytest

from server import people
from server.access import actor_of
from server.imports import (
    DWELLINGS,
    NoSuchArea,
    Options,
    Outcome,
    Plan,
    Writer,
    apply,
    make_plan,
    undo,
)
from server.keeping.soundness import amiss
from server.roles import Role
from server.shapes import Json
from tests.makers import NOW, USERS, World, new_id
from tests.server.planned import all_of, take_away, tenancy, write
from tests.stock_files import DWELLINGS_HEADING, dwelling_rows, dwellings_file, kobo_id, written

AREAS = ("Øst", "Vest")
NO_OPTIONS = Options()


def planned(
    world: World, raw: bytes | str, author: str = "lise", options: Options = NO_OPTIONS
) -> Plan:
    data = raw.encode() if isinstance(raw, str) else raw
    with world.database.reading() as session:
        actor = actor_of(session, USERS[author])
        return make_plan(session, actor, DWELLINGS, data, options, NOW)


def brought_in(
    world: World, raw: bytes | str, author: str = "lise", options: Options = NO_OPTIONS
) -> Outcome:
    data = raw.encode() if isinstance(raw, str) else raw
    plan = planned(world, data, author, options)
    assert not plan.faults, plan.faults.first
    with world.database.reading() as session:
        writer = Writer.person(actor_of(session, USERS[author]))
    return apply(world.database, writer, plan, NOW, raw=data, options=options)


def taken_back(world: World, run: str, author: str = "lise") -> tuple[str, ...]:
    with world.database.reading() as session:
        writer = Writer.person(actor_of(session, USERS[author]))
    return undo(world.database, writer, run, NOW).left


def one(world: World, **values: Json) -> tuple[str, dict[str, Any]]:
    """Find the one dwelling with these values."""
    homes = all_of(world, "dwelling").items()
    [found] = [h for h in homes if all(h[1].get(p) == v for p, v in values.items())]
    return found


def counted(plan: Plan) -> dict[str, tuple[int, int, int]]:
    return {kind: (c.new, c.changed, c.equal) for kind, c in plan.counts.items()}


def test_a_file_makes_dwellings_with_their_buildings_in_their_areas(world: World) -> None:
    brought_in(world, dwellings_file(30, AREAS))
    id, home = one(world, kobo_id=kobo_id(13))
    building = all_of(world, "building")[home["building"]]
    assert home["address"] == building["address"] == "Bjerkebakken 1"
    assert (home["unit_number"], home["floor"], home["area"]) == ("H0102", 1, world.west)
    assert building["building_number"] == "10000001"
    assert building["cadastral_number"] == "5001-2/1"
    assert len(all_of(world, "dwelling")) == 2 + 30
    assert len(all_of(world, "building")) == 3
    with world.database.reading() as session:
        assert amiss(session) == []


def test_the_same_file_twice_changes_nothing(world: World) -> None:
    raw = dwellings_file(30, AREAS)
    brought_in(world, raw)
    assert counted(planned(world, raw)) == {"building": (0, 0, 3), "dwelling": (0, 0, 30)}
    assert planned(world, raw).steps == []


def test_the_order_of_rows_and_the_form_of_the_file_change_nothing(world: World) -> None:
    rows = dwelling_rows(30, AREAS)
    brought_in(world, dwellings_file(30, AREAS))
    turned = [list(reversed(row)) for row in reversed(rows)]
    for delimiter, encoding in ((",", "utf-8"), ("\t", "cp1252"), (";", "cp1252")):
        raw = written(reversed(DWELLINGS_HEADING), turned, delimiter=delimiter, encoding=encoding)
        assert planned(world, raw).steps == [], (delimiter, encoding)


def test_only_what_differs_is_written(world: World) -> None:
    brought_in(world, "koboId;Adresse;Område;Soverom;Etasje\nA1;Eikelia 1;Øst;2;1\n")
    plan = planned(world, "koboId;Adresse;Område;Soverom;Etasje\nA1;Eikelia 1;Øst;3;1\n")
    [step] = plan.steps
    assert (step.op, step.set, step.seen) == ("patch", {"rooms": 3}, {"rooms": 2})


def test_what_a_person_changed_since_is_kept_and_listed(world: World) -> None:
    raw = "koboId;Adresse;Område;Soverom;Etasje\nA1;Eikelia 1;Øst;2;1\n"
    brought_in(world, raw)
    id, _ = one(world, kobo_id="A1")
    write(world, "dwelling", id, {"rooms": 4, "access": "Kode ved porten."})
    plan = planned(world, raw.replace(";2;1", ";3;2"))
    assert [(d.path, d.here, d.in_file, d.line) for d in plan.different] == [("rooms", 4, 3, 2)]
    brought_in(world, raw.replace(";2;1", ";3;2"))
    home = all_of(world, "dwelling")[id]
    assert (home["rooms"], home["floor"], home["access"]) == (4, 2, "Kode ved porten.")


def test_an_empty_cell_says_nothing(world: World) -> None:
    brought_in(world, "koboId;Adresse;Område;Soverom\nA1;Eikelia 1;Øst;2\n")
    assert planned(world, "koboId;Adresse;Soverom\nA1;;\n").steps == []


def test_a_dwelling_that_was_made_by_hand_is_found_by_its_door(world: World) -> None:
    write(world, "dwelling", world.dwelling, {"unit_number": "H0203"})
    brought_in(world, "koboId;Adresse;Bruksenhetsnummer\nA1;storgata  12;h 0203\n")
    assert all_of(world, "dwelling")[world.dwelling]["kobo_id"] == "A1"
    assert len(all_of(world, "dwelling")) == 2


def test_a_number_counts_for_more_than_an_address(world: World) -> None:
    brought_in(world, "koboId;Adresse;Bruksenhetsnummer;Område\nA1;Eikelia 1;H0101;Øst\n")
    id, _ = one(world, kobo_id="A1")
    brought_in(world, "koboId;Adresse;Bruksenhetsnummer\nA1;Ny veg 7;H0101\n")
    assert all_of(world, "dwelling")[id]["address"] == "Ny veg 7"


def test_a_dwelling_that_somebody_deleted_is_not_made_again(world: World) -> None:
    raw = "koboId;Adresse;Område\nA1;Eikelia 1;Øst\n"
    brought_in(world, raw)
    id, _ = one(world, kobo_id="A1")
    take_away(world, "dwelling", id)
    plan = planned(world, raw)
    assert plan.steps == [] and [d.path for d in plan.different] == ["*"]


def test_a_housing_company_comes_with_its_building(world: World) -> None:
    brought_in(
        world,
        "Adresse;Bolignummer;Område;Borettslag;Orgnr\n"
        "Eikelia 1;H0101;Øst;Eikelia borettslag;923 609 016\n"
        "Eikelia 1;H0102;Øst;Eikelia borettslag;923609016\n",
    )
    [(id, company)] = all_of(world, "housing_company").items()
    assert (company["organisation_number"], company["area"]) == ("923609016", world.east)
    [building] = all_of(world, "building").values()
    assert (building["housing_company"], building["ownership"]) == (id, "company")


@pytest.mark.parametrize(
    ("cells", "column", "value", "expected"),
    [
        ("A1;Eikelia 1;H12;Øst;2", "Bolignr", "H12", "H, U, K eller L og fire sifre"),
        ("A1;Eikelia 1;H0101;Nord;2", "Område", "Nord", "et område: Vest, Øst"),
        ("A1;Eikelia 1;H0101;;2", "Område", "", "navnet på området"),
        ("A1;Eikelia 1;H0101;Øst;mange", "Soverom", "mange", "et helt tall"),
        ("A1;Eikelia 1;H0101;Øst;99", "Soverom", "99", "et tall fra 0 til 20"),
        ("A1;;H0101;Øst;2", "Adresse", "", "adressen"),
        ("A 1;Eikelia 1;H0101;Øst;2", "koboId", "A 1", "nummeret uten mellomrom"),
    ],
)
def test_a_fault_names_line_column_value_and_what_to_write(
    world: World, cells: str, column: str, value: str, expected: str
) -> None:
    plan = planned(world, f"koboId;Adresse;Bolignr;Område;Soverom\nA0;Eikelia 2;;Øst;1\n{cells}\n")
    [fault] = plan.faults.first
    assert plan.steps == []
    wrong = f"«{value}» kan ikke brukes" if value else "Her står det ingenting"
    beginning = f"Linje 3, kolonne {column}: {wrong}. Ingenting er endret. Skriv "
    assert fault.sentence.startswith(beginning + expected)
    assert fault.sentence.endswith(", og last opp på nytt.")


def test_a_column_that_the_file_lacks_is_named_as_it_would_be_called(world: World) -> None:
    [fault] = planned(world, "Adresse;Bolignr\nEikelia 2;H0101\n").faults.first
    assert fault.sentence.startswith("Linje 2, kolonne Område: Her står det ingenting.")


def test_a_chosen_area_is_for_what_is_new_and_moves_nothing(world: World) -> None:
    brought_in(world, "koboId;Adresse;Område\nA1;Eikelia 1;Øst\n")
    brought_in(world, "koboId;Adresse\nA1;Eikelia 1\nA2;Furulia 1\n", options=Options(world.west))
    assert one(world, kobo_id="A1")[1]["area"] == world.east
    assert one(world, kobo_id="A2")[1]["area"] == world.west


def test_nobody_imports_into_an_area_where_they_may_not_write(world: World) -> None:
    row = "Adresse;Område\nVestlia 1;Vest\n"
    for author in ("kari", "ola", "eva", "admin"):
        with pytest.raises(NoSuchArea):
            planned(world, row, author=author)
    with world.database.writing() as session:
        people.grant(session, new_id(), USERS["kari"], Role.OFFICE, world.east)
    assert "«Vest» kan ikke brukes" in planned(world, row, author="kari").faults.first[0].sentence
    with pytest.raises(NoSuchArea):
        planned(world, row, author="kari", options=Options(world.west))


def test_formulas_are_kept_as_text(world: World) -> None:
    brought_in(world, 'Adresse;Område;Adkomst\nEikelia 1;Øst;"=HYPERLINK(""x"")"\n')
    assert one(world, address="Eikelia 1")[1]["access"] == '=HYPERLINK("x")'


def test_unknown_columns_are_listed_and_never_a_fault(world: World) -> None:
    plan = planned(world, "Adresse;Område;Fødselsnummer;Yrke\nEikelia 1;Øst;1;Lærer\n")
    assert plan.unknown == ("Fødselsnummer", "Yrke") and not plan.faults


def test_an_import_is_taken_back_as_a_whole(world: World) -> None:
    before = {kind: all_of(world, kind) for kind in ("dwelling", "building")}
    write(world, "dwelling", world.dwelling, {"kobo_id": "A1"})
    was = all_of(world, "dwelling")[world.dwelling]
    raw = "koboId;Adresse;Område;Soverom\nA1;Storgata 12;;3\nA2;Eikelia 1;Øst;2\n"
    run = brought_in(world, raw).run
    assert all_of(world, "dwelling")[world.dwelling]["rooms"] == 3
    assert taken_back(world, run) == ()
    assert all_of(world, "dwelling") == before["dwelling"] | {world.dwelling: was}
    assert all_of(world, "building") == before["building"]
    assert taken_back(world, run) == ()
    with world.database.reading() as session:
        assert amiss(session) == []


def test_after_an_undo_the_same_file_brings_the_same_records_back(world: World) -> None:
    raw = dwellings_file(14, AREAS)
    run = brought_in(world, raw).run
    before = all_of(world, "dwelling")
    taken_back(world, run)
    again = brought_in(world, raw).run
    assert all_of(world, "dwelling") == before
    assert taken_back(world, again) == ()
    assert len(all_of(world, "dwelling")) == 2


def test_what_somebody_has_built_on_is_left_and_named(world: World) -> None:
    run = brought_in(world, dwellings_file(24, AREAS)).run
    id, home = one(world, kobo_id=kobo_id(0))
    let = tenancy(world, "2026-11-01")
    write(world, "tenancy", let, {"dwelling": id})
    changed, other = one(world, kobo_id=kobo_id(14))
    write(world, "dwelling", changed, {"access": "Bakdøra."})
    assert set(taken_back(world, run)) == {id, home["building"], changed, other["building"]}
    assert set(all_of(world, "dwelling")) == {world.dwelling, world.dwelling_west, id, changed}


def test_the_last_word_of_a_person_survives_an_undo(world: World) -> None:
    write(world, "dwelling", world.dwelling, {"kobo_id": "A1"})
    run = brought_in(world, "koboId;Soverom;Etasje\nA1;3;1\n").run
    write(world, "dwelling", world.dwelling, {"rooms": 5})
    assert taken_back(world, run) == (world.dwelling,)
    home = all_of(world, "dwelling")[world.dwelling]
    assert home["rooms"] == 5 and "floor" not in home
