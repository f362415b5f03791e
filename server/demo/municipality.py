"""Who works in the demo municipality, its areas and its homes; every name is made up."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid5

from server.roles import Role
from server.shapes import Json
from sync.mutation import NS


def made_up_id(*parts: str) -> str:
    """Give the id that these parts always have in the demo municipality."""
    return str(uuid5(NS, "|".join(("demo", *parts))))


@dataclass(frozen=True)
class Person:
    """A member of staff with a login."""

    login: str
    name: str
    team: str
    role: Role
    areas: tuple[str | None, ...]
    passphrase: str

    @property
    def id(self) -> str:
        """Give the user's id."""
        return made_up_id("user", self.login)


@dataclass(frozen=True)
class Home:
    """A rented unit."""

    area: str
    address: str
    unit_number: str
    floor: int
    access: str | None
    earlier: bool = False
    """As it was let to those who lived there before."""

    @property
    def id(self) -> str:
        """Give the record's id."""
        return made_up_id("dwelling", self.address, self.unit_number)

    @property
    def building(self) -> str:
        """Give the id of the building that it lies in."""
        return made_up_id("building", self.address)

    @property
    def tenancy(self) -> str:
        """Give the id of the tenancy there."""
        before = ("earlier",) if self.earlier else ()
        return made_up_id("tenancy", self.address, self.unit_number, *before)

    @property
    def company(self) -> str | None:
        """Give the name of the company that owns the building, where the municipality does not."""
        return COMPANIES.get(self.address)

    def values(self) -> dict[str, Json]:
        """Give the record's values."""
        values: dict[str, Json] = {
            "area": self.area,
            "building": self.building,
            "address": self.address,
            "unit_number": self.unit_number,
            "floor": self.floor,
        }
        return {**values, "access": self.access} if self.access else values


AREAS = {made_up_id("area", name): name for name in ("Rognelia", "Vassvika")}
NORTH, SOUTH = AREAS

PEOPLE = (
    Person("kari", "Kari Nordvik", "Bomiljø", Role.BOMILJO, (NORTH,), "lykt trapp kaffe regnbue"),
    Person(
        "amir", "Amir Haddad", "Bomiljø", Role.BOMILJO, (NORTH, SOUTH), "sykkel havre vindu lerke"
    ),
    Person(
        "ola", "Ola Brekke", "Miljøvaktmester", Role.CARETAKER, (None,), "spade sluk lampe furu"
    ),
    Person("hege", "Hege Sund", "Oppfølging", Role.FOLLOW_UP, (None,), "vott lyng brygge måne"),
    Person(
        "ingrid", "Ingrid Moe", "Boligsosialt team", Role.OFFICE, (None,), "arkiv bris plomme stol"
    ),
    Person("lise", "Lise Strand", "Leder", Role.LEADER, (None,), "kompass eik tavle morgen"),
    Person("eva", "Eva Lund", "Eiendom", Role.LANDLORD, (NORTH,), "mur takstein port solside"),
    Person("tor", "Tor Vik", "Eiendom", Role.LANDLORD, (SOUTH,), "hengsel kalk trapp februar"),
    Person("admin", "Drift og brukere", "Drift", Role.ADMIN, (None,), "kabel anker grind vinter"),
    Person("vera", "Vera Holt", "Personvern", Role.PRIVACY, (None,), "segl brønn perm varde"),
)
STAFF = {person.login: person for person in PEOPLE}

STREETS = {
    NORTH: (
        ("Seljesvingen 3", 5),
        ("Seljesvingen 5", 5),
        ("Rognebærtunet 1", 6),
        ("Lyngstien 8", 4),
    ),
    SOUTH: (
        ("Brygghustrappa 2", 6),
        ("Brygghustrappa 4", 6),
        ("Strandgløttet 11", 5),
        ("Måkeveien 7", 4),
    ),
}
ACCESS = {
    "Seljesvingen 5": "Inngang fra gårdsplassen. Ringeklokka virker ikke, bank på.",
    "Brygghustrappa 2": "Port på venstre side. Heis til fjerde etasje.",
}
DOORS = {
    "Seljesvingen 3": "Hovedinngang mot gata. Barnevogner og sykler settes i boden ved døra.",
    "Seljesvingen 5": "Inngang fra gårdsplassen. Fjern isen på trappa om vinteren.",
    "Rognebærtunet 1": "Ring på porttelefonen. Sikringsskapet står i kjelleren, til høyre.",
    "Lyngstien 8": "Parker ved bommen og gå ned stien. Stoppekranen er i boden.",
    "Brygghustrappa 2": "Port på venstre side. Tavlerommet er i første etasje.",
    "Brygghustrappa 4": "Port på høyre side. Vaskeriet er i kjelleren.",
    "Strandgløttet 11": "To oppganger. Nøkkel til bodene henger hos miljøvaktmesteren.",
    "Måkeveien 7": "Borettslag. Ring styret før arbeid i fellesarealet.",
}
"""What to know of each building's own door and common parts."""
COMPANIES = {"Måkeveien 7": "Måkesvingen borettslag"}
"""Where the municipality owns only some of the homes."""


def company_id(name: str) -> str:
    """Give the id that a housing company has."""
    return made_up_id("housing_company", name)


def landlord_of(area: str | None) -> Person:
    """Give who answers for the homes of an area on the landlord's side."""
    return next(one for one in PEOPLE if one.role is Role.LANDLORD and area in one.areas)


def homes() -> list[Home]:
    """Give every home, street by street."""
    return [
        Home(
            area=area,
            address=address,
            unit_number=f"H{number // 2 + 1:02d}{number % 2 + 1:02d}",
            floor=number // 2 + 1,
            access=ACCESS.get(address),
        )
        for area, streets in STREETS.items()
        for address, count in streets
        for number in range(count)
    ]


FIRST_NAMES = (
    "Maja Samuel Leyla Jonas Aster Petra Yusuf Runa Amina Birk Danuta Elias Fatima Gaute "
    "Hodan Ivar Jasmin Knut Luwam Marek Nora Omar Pia Rashid Siv Tesfay Unni Viktor "
    "Wanda Zahra Åse Bjarne Camilla Dagny Emil Frida Goran Hilde Idris Josef Karin"
)
TENANTS = tuple(f"{name} Eksempel" for name in FIRST_NAMES.split())
"""One in each home, all of them made up."""
