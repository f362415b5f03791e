"""Makes files of a municipality's stock: streets that do not exist, seeded, of any size."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Sequence

FIRST = [
    "Eike",
    "Bjerke",
    "Furu",
    "Gran",
    "Lønne",
    "Hassel",
    "Selje",
    "Hegge",
    "Rogne",
    "Oske",
    "Lind",
    "Alme",
    "Ore",
    "Pil",
    "Barlind",
]
LAST = [
    "bakken",
    "lia",
    "faret",
    "stubben",
    "svingen",
    "tunet",
    "haugen",
    "kroken",
    "sletta",
    "vegen",
    "alléen",
    "kleiva",
]
NAMES = [
    "Ada",
    "Bo",
    "Cecilie",
    "Dag",
    "Eva",
    "Finn",
    "Gro",
    "Hans",
    "Ida",
    "Jon",
    "Kåre",
    "Liv",
    "Mona",
    "Nils",
    "Oda",
    "Per",
    "Rut",
    "Siv",
]
SURNAMES = ["Eksempel", "Oppdiktet", "Prøve", "Tenkt", "Liksom", "Påfunn", "Fantasi"]
DWELLINGS_HEADING = (
    "koboId",
    "adressenavn",
    "nummer",
    "bokstav",
    "bruksenhetsnummer",
    "kommunenummer",
    "gardsnummer",
    "bruksnummer",
    "bygningsnummer",
    "antallSoverom",
    "bruksareal",
    "etasjenummer",
    "erTilgjengeligForRullestolbruker",
    "Område",
)
TENANCIES_HEADING = (
    "koboId",
    "Kontraktsnummer",
    "Leieforhold start",
    "Leieforhold slutt",
    "Leietaker",
    "Telefon",
    "Språk",
    "Personer i husstanden",
)
UNITS_PER_HOUSE = 12


def kobo_id(number: int) -> str:
    """Give the KOBO number of the nth dwelling."""
    return f"00000000-0000-4000-8000-{number:012d}"


def dwelling_rows(count: int, areas: Sequence[str], seed: int = 1) -> list[list[str]]:
    """Give dwellings in houses of twelve, each street in one area."""
    dice = random.Random(seed)
    rows = []
    for number in range(count):
        house, unit = divmod(number, UNITS_PER_HOUSE)
        street = f"{FIRST[house % len(FIRST)]}{LAST[house // len(FIRST) % len(LAST)]}"
        floor, door = divmod(unit, 3)
        rows.append(
            [
                kobo_id(number),
                street,
                str(1 + house // (len(FIRST) * len(LAST))),
                "",
                f"H{floor + 1:02d}{door + 1:02d}",
                "5001",
                str(1 + house % 400),
                str(1 + house // 400),
                str(10_000_000 + house),
                str(dice.randint(1, 4)),
                str(dice.randint(24, 110)),
                str(floor + 1),
                dice.choice(("ja", "nei")),
                areas[house % len(FIRST) % len(areas)],
            ]
        )
    return rows


def tenancy_rows(count: int, seed: int = 2) -> list[list[str]]:
    """Give a tenancy for each of the first dwellings."""
    dice = random.Random(seed)
    return [
        [
            kobo_id(number),
            f"2020-{number:05d}",
            f"{dice.randint(1, 28)}.{dice.randint(1, 12)}.{dice.randint(2008, 2025)}",
            "",
            f"{dice.choice(NAMES)} {dice.choice(SURNAMES)} {number}",
            f"900 {number // 100 % 100:02d} {number % 100:03d}",
            dice.choice(("Norsk", "Arabisk", "Tigrinja")),
            str(dice.randint(1, 6)),
        ]
        for number in range(count)
    ]


def written(
    heading: Iterable[str],
    rows: Iterable[Sequence[str]],
    *,
    delimiter: str = ";",
    encoding: str = "utf-8-sig",
) -> bytes:
    """Write a file as a spreadsheet would."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(list(heading))
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def dwellings_file(count: int, areas: Sequence[str]) -> bytes:
    """Give a file of dwellings."""
    return written(DWELLINGS_HEADING, dwelling_rows(count, areas))


def tenancies_file(count: int) -> bytes:
    """Give a file of tenancies in the dwellings of `dwellings_file`."""
    return written(TENANCIES_HEADING, tenancy_rows(count))
