"""Kode 6 and imports: no list brings a barred household into the open, no count finds its door."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from server import acts
from server.access import actor_of
from server.imports import DWELLINGS, TENANCIES, Options, Plan, Writer, make_plan, undo
from server.imports.by_operator import Told, Wish, bring_in_bytes
from server.imports.runs import ImportRun
from server.intake import erase
from tests.makers import NOW, USERS, World, new_id
from tests.server.planned import all_of, take_away, write
from tests.server.test_barrier import bar
from tests.server.test_barrier_ways_out import _is_barred, bring, plan, the

HOMES = (
    "koboId;Adresse;Bolignr;Område\n"
    "K-6;Solgløttveien 6;H0101;Øst\nK-7;Solgløttveien 7;H0101;Øst\nK-8;Solgløttveien 8;H0101;Øst\n"
)
HEADING = "koboId;Kontraktsnummer;Fra;Leietaker;Telefon"
LETS = f"{HEADING}\nK-6;KODE6-1;1.3.2026;Fjellrev;90060606\n"


@pytest.fixture
def listed(world: World) -> World:
    """Three homes of the landlord's register, and a tenancy in the first of them."""
    bring(world, DWELLINGS, HOMES)
    bring(world, TENANCIES, LETS)
    return world


@pytest.fixture
def hidden(listed: World) -> World:
    """The first home is barred."""
    bar(listed.database, "dwelling", home(listed, "K-6"), "lise")
    return listed


def home(world: World, number: str) -> str:
    return the(world, "dwelling", kobo_id=number)


def make(world: World, kind: str, **values: Any) -> str:
    """Let the office write a record by hand."""
    id = new_id()
    assert write(world, kind, id, values, "ingrid").state == "applied"
    return id


def nightly(world: World, what: str, raw: str, *, whole: bool = False) -> Told:
    """Bring a file in as the drop folder does."""
    wish = Wish(what, None, whole, write=True, yes_to=None)
    told = bring_in_bytes(
        world.database, Writer.operator("folder"), raw.encode(), "x.csv", wish, NOW
    )
    assert told.fit, told.sentences
    return told


def in_the_open(world: World, word: str) -> list[str]:
    """Give what tells a word outside every barrier."""
    kinds = ("dwelling", "tenancy", "contact")
    every = [each for kind in kinds for each in all_of(world, kind).items()]
    return [id for id, body in every if word in str(body) and not _is_barred(world, id)]


def counted(planned: Plan) -> tuple[Any, ...]:
    """Give all that a preview tells of what is left alone."""
    counts = {kind: (c.new, c.changed, c.equal) for kind, c in planned.counts.items()}
    return counts, planned.faults.count, len(planned.steps), len(planned.different)


# What the nightly list would bring into the open


def test_a_barred_homes_number_on_another_home_draws_nobody_into_the_open(hidden: World) -> None:
    other = home(hidden, "K-7")
    assert write(hidden, "dwelling", other, {"kobo_id": "K-6"}, "ingrid").state == "applied"
    nightly(hidden, TENANCIES, LETS.replace("KODE6-1", "NY-1"))
    assert in_the_open(hidden, "Fjellrev") == []


def test_a_barred_contracts_number_on_another_tenancy_draws_nobody_into_the_open(
    hidden: World,
) -> None:
    other = home(hidden, "K-7")
    make(hidden, "tenancy", dwelling=other, started_on="2026-01-01", contract_number="KODE6-1")
    nightly(hidden, TENANCIES, f"{HEADING}\n;KODE6-1;1.3.2026;Fjellrev;90060606\n")
    assert in_the_open(hidden, "Fjellrev") == []


def test_a_barred_home_that_got_a_new_number_is_not_made_anew_behind_the_same_door(
    hidden: World,
) -> None:
    nightly(hidden, DWELLINGS, HOMES.replace("K-6", "K-66"))
    assert in_the_open(hidden, "K-66") == []
    nightly(hidden, DWELLINGS, HOMES.replace("K-8", "K-88"))
    assert len(in_the_open(hidden, "K-88")) == 1, "another number is another home elsewhere"


def test_homes_at_one_address_without_flat_numbers_are_not_taken_for_the_barred_one(
    hidden: World,
) -> None:
    house = "koboId;Adresse;Område\nR-1;Rekka 1;Øst\n"
    nightly(hidden, DWELLINGS, house)
    bar(hidden.database, "dwelling", home(hidden, "R-1"), "lise")
    nightly(hidden, DWELLINGS, house.replace("R-1", "R-2"))
    assert len(in_the_open(hidden, "R-2")) == 1


@pytest.fixture
def shared(listed: World) -> tuple[World, str]:
    """Two households that came into one home on one day; the first of them is barred."""
    body = {"dwelling": home(listed, "K-7"), "started_on": "2026-01-01"}
    lets = [make(listed, "tenancy", **body) for _ in range(2)]
    for let, name in zip(lets, ("Kodenavn", "Åpen"), strict=True):
        make(listed, "contact", tenancy=let, role="tenant", name=name)
    bar(listed.database, "tenancy", lets[0], "lise")
    return listed, lets[1]


@pytest.mark.parametrize("whole", [False, True])
def test_a_row_that_may_be_of_the_barred_household_is_written_at_no_other(
    shared: tuple[World, str], whole: bool
) -> None:
    world, other = shared
    rows = "".join(f"K-7;;1.1.2026;{name};9001{n}\n" for n, name in ((1, "Åpen"), (2, "Kodenavn")))
    nightly(world, TENANCIES, LETS + rows, whole=whole)
    assert in_the_open(world, "Kodenavn") == []
    assert "ended_on" not in all_of(world, "tenancy")[other], "it is in the list as far as we know"


@pytest.mark.parametrize(("type", "comes"), [("apartment", 0), ("shared", 1)])
def test_a_new_contract_where_a_barred_household_lives_is_left_alone(
    shared: tuple[World, str], type: str, comes: int
) -> None:
    world, _other = shared
    assert write(world, "dwelling", home(world, "K-7"), {"type": type}, "ingrid").state == "applied"
    nightly(world, TENANCIES, f"{HEADING}\nK-7;NY-2;1.9.2026;Nyttnavn;90010001\n")
    assert len(in_the_open(world, "NY-2")) == comes


def test_a_new_contract_comes_where_the_barred_household_has_moved_out(
    shared: tuple[World, str],
) -> None:
    world, _other = shared
    for id, let in all_of(world, "tenancy").items():
        if let["dwelling"] == home(world, "K-7") and _is_barred(world, id):
            assert write(world, "tenancy", id, {"ended_on": "2026-08-31"}).state == "applied"
    nightly(world, TENANCIES, f"{HEADING}\nK-7;NY-2;1.9.2026;Nyttnavn;90010001\n")
    assert len(in_the_open(world, "NY-2")) == 1


@pytest.mark.parametrize("named", ["Kodenavn", "Kode Navn"])
def test_a_barred_tenant_comes_back_under_no_name(listed: World, named: str) -> None:
    bring(listed, TENANCIES, f"{HEADING}\nK-7;K7;1.1.2026;Åpen;\n")
    let = the(listed, "tenancy", contract_number="K7")
    one = make(listed, "contact", tenancy=let, role="tenant", name="Kodenavn")
    bar(listed.database, "contact", one, "lise")
    for rows in ([named, "Åpen"], [named]):
        raw = "\n".join([HEADING, *(f"K-7;;1.1.2026;{name};9001000" for name in rows), ""])
        nightly(listed, TENANCIES, raw)
        assert in_the_open(listed, named) == []
    assert len(in_the_open(listed, "9001000")) == 1, "the other one's telephone is written"


# What counts and faults would tell


def test_no_count_tells_which_door_a_barred_number_belongs_to(hidden: World) -> None:
    for other in ("K-7", "K-8"):
        bar(hidden.database, "dwelling", home(hidden, other), "lise")
    told = [
        counted(
            plan(
                hidden,
                DWELLINGS,
                "koboId;Adresse;Bolignr;Område\n"
                f"K-6;Et annet sted 1;;Øst\n;Solgløttveien {number};H0101;Øst\n",
            )
        )
        for number in (6, 7, 8)
    ]
    assert told[0] == told[1] == told[2] == ({"dwelling": (0, 0, 2)}, 0, 0, 0)


def test_no_count_tells_which_home_a_barred_contract_is_for_or_since_when(hidden: World) -> None:
    bar(hidden.database, "dwelling", home(hidden, "K-8"), "lise")
    told = [
        counted(plan(hidden, TENANCIES, f"{HEADING}\n;KODE6-1;;;\n{number};;{day};;\n"))
        for number, day in (("K-6", "1.3.2026"), ("K-6", "2.3.2026"), ("K-8", "1.3.2026"))
    ]
    assert told[0] == told[1] == told[2] == ({"tenancy": (0, 0, 2)}, 0, 0, 0)


@pytest.mark.parametrize("barred", ["dwelling", "tenancy"])
def test_no_fault_tells_on_which_day_a_barred_tenancy_began(listed: World, barred: str) -> None:
    of = {
        "dwelling": home(listed, "K-6"),
        "tenancy": the(listed, "tenancy", contract_number="KODE6-1"),
    }
    bar(listed.database, barred, of[barred], "lise")
    days = ("28.2.2026", "1.3.2026", "2.3.2026", "")
    raw = "koboId;Fra;Til;Leietaker\n" + "".join(f"K-6;{day};1.1.2020;Noen\n" for day in days)
    assert plan(listed, TENANCIES, raw).faults.count == 0


def test_what_is_barred_erased_and_elsewhere_is_told_as_one(listed: World) -> None:
    """To somebody who imports for one area, and to whom none of them is there."""
    row = "koboId;Adresse;Bolignr;Område\n{0};Solgløttveien {1};H0101;Øst\n"
    house = make(listed, "building", area=listed.west, address="Vestlia 1")
    moved = {"area": listed.west, "building": house, "address": "Vestlia 1"}
    assert write(listed, "dwelling", home(listed, "K-7"), moved).state == "applied"
    bar(listed.database, "dwelling", home(listed, "K-6"), "lise")
    with listed.database.writing() as session:
        erase(session, [home(listed, "K-8")], NOW, "erased by the test", new_id())
    with listed.database.reading() as session:
        east = [
            each for each in actor_of(session, USERS["ingrid"]).grants if each[1] == listed.east
        ]
        actor = type(actor_of(session, USERS["ingrid"]))(USERS["ingrid"], tuple(east))
        for number in (6, 7, 8):
            raw = row.format(f"K-{number}", number).encode()
            planned = make_plan(session, actor, DWELLINGS, raw, Options(), NOW)
            told, faults, _steps, different = counted(planned)
            assert (told["dwelling"], faults, different) == ((0, 0, 1), 0, 0)
            assert [step for step in planned.steps if step.kind == "dwelling"] == []


def test_what_was_deleted_of_a_household_that_was_barred_since_is_told_by_no_other_home(
    listed: World,
) -> None:
    let = the(listed, "tenancy", contract_number="KODE6-1")
    assert take_away(listed, "tenancy", let).state == "applied"
    elsewhere = LETS.replace("K-6;", "K-7;")
    assert plan(listed, TENANCIES, elsewhere).different != []
    bar(listed.database, "dwelling", home(listed, "K-6"), "lise")
    assert counted(plan(listed, TENANCIES, elsewhere))[2:] == (0, 0)


# Taking back, and the log


@pytest.mark.parametrize("by", ["ingrid", "cli:prøve"])
def test_who_takes_an_import_back_touches_and_counts_nothing_that_is_barred(
    hidden: World, by: str
) -> None:
    let = the(hidden, "tenancy", contract_number="KODE6-1")
    with hidden.database.reading() as session:
        runs = session.scalars(select(ImportRun).order_by(ImportRun.id.desc())).all()
        person = Writer.person(actor_of(session, USERS["ingrid"]))
    writer = person if by == "ingrid" else Writer.operator(by)
    lets, homes = [undo(hidden.database, writer, run.id, NOW) for run in runs]
    assert (lets.outcome.applied, lets.outcome.held, lets.left) == (0, 0, ())
    house = all_of(hidden, "dwelling")[home(hidden, "K-6")]["building"]
    assert homes.outcome.applied == 4 and homes.left == (house,)
    assert let in all_of(hidden, "tenancy")


def test_who_only_looks_a_file_through_is_in_the_log(hidden: World) -> None:
    wish = Wish(DWELLINGS, None, whole=False, write=False, yes_to=None)
    writer = Writer.operator("token:prøve")
    for raw in (HOMES, HOMES.replace("Øst", "Finnes ikke")):
        bring_in_bytes(hidden.database, writer, raw.encode(), "x.csv", wish, NOW)
    with hidden.database.reading() as session:
        noted = session.scalars(select(acts.Act).where(acts.Act.what == "import_dwellings_shown"))
        assert [act.by for act in noted] == ["token:prøve"] * 2
