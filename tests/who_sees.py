"""Writes docs/personvern/hvem-ser-hva.md out of tests/visibility.csv; it judges nothing.

`.venv/bin/python -m tests.who_sees` writes it anew; the pictures in it are taken by
`tests.journeys.portraits`.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from server.records import REGISTRY
from server.roles import ROLE_LABELS, Role
from tests.matrix.test_matrix import cells

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs" / "personvern" / "hvem-ser-hva.md"
TABLE = ROOT / "tests" / "visibility.csv"
SHOWN: Mapping[Role, tuple[str, Mapping[str, str]]] = {
    Role.LANDLORD: (
        "eva",
        {
            "telefon": "Telefonen åpner på Avvik",
            "telefon-2": "Et avvik på telefonen",
            "kontor-oversikt": "Oversikt",
            "kontor-deviations": "Avvik",
            "kontor-dwellings": "En bolig",
        },
    ),
    Role.CARETAKER: (
        "ola",
        {
            "telefon": "Telefonen åpner på I dag",
            "telefon-2": "Boliger på telefonen",
            "kontor-deviations": "Avvik",
            "kontor-dwellings": "En bolig",
        },
    ),
    Role.LEADER: (
        "lise",
        {
            "telefon": "Telefonen åpner på I dag",
            "telefon-2": "Boliger på telefonen",
            "kontor-oversikt": "Oversikt",
            "kontor-cases": "Saker",
            "kontor-dwellings": "En bolig",
            "kontor-subjects": "Alt om en husstand",
        },
    ),
}
"""Whose pictures stand beside which table, and what is on each."""
HEAD = """# Hvem ser hva

Skrevet av `python -m tests.who_sees` ut fra `tests/visibility.csv`, som er skrevet for hånd; en
prøve holder de to mot hverandre. Et tilfelle er en linje der: en registrering i en bestemt
situasjon, som et utkast eller noe som er sendt inn. «2 av 3» er at rollen leser eller skriver
to av slagets tre tilfeller. Rollen har området som registreringen ligger i.

Hva telefonen får, prøves av `tests/server/test_visibility.py`. Hver side, hver vei inn og hver
metode, for alle roller og for innlogginger som er over, prøves av
`tests/matrix/test_matrix.py`: {cells} svar, 0 feil. At liste, søk, telefon, bilde, uttrekk og
telling ser det samme, prøves av `tests/matrix/test_one_view.py`, kode 6 av
`tests/matrix/test_kode_6.py`, og hva grensesnittet sier om seg selv av
`tests/matrix/test_described.py`.

Bildene er fra eksempelkommunen; alle i den er oppdiktet. De er tatt av
`python -m tests.journeys.portraits` og sett over for hånd, og de viser noen skjermer, ikke alle.
"""


def written() -> str:
    """Give the whole document."""
    parts = [HEAD.format(cells=f"{cells():,}".replace(",", " "))]
    for role, (login, pictures) in SHOWN.items():
        shown = "\n".join(
            f'<img src="bilder/{login}-{name}.png" width="{200 if "telefon" in name else 400}" '
            f'alt="{ROLE_LABELS[role]}: {what}">'
            for name, what in pictures.items()
        )
        parts.append(f"## {ROLE_LABELS[role]}\n\n{shown}\n\n{_table(role)}")
    return "\n".join(parts)


def _table(role: Role) -> str:
    """Give what a role reads and writes, by the word for it, and what it never reads."""
    cases: dict[str, list[str]] = defaultdict(list)
    for row in csv.DictReader(TABLE.open(encoding="utf-8")):
        cases[REGISTRY[row["kind"]].words[1]].append(row[role.value])
    lines = ["| Slag | Leser | Skriver |", "|---|---|---|"]
    never = []
    for name, known in cases.items():
        of = len(known)
        read, write = (sum(sign in each for each in known) for sign in "rw")
        if read:
            lines.append(f"| {name} | {read} av {of} | {f'{write} av {of}' if write else '–'} |")
        else:
            never.append(name)
    unseen = ", ".join(sorted(never, key=str.casefold))
    return "\n".join([*lines, "", f"Leser aldri: {unseen or 'ingenting er skjult'}.", ""])


if __name__ == "__main__":
    FILE.write_text(written(), "utf-8")
