"""The record of processing (article 30), written out of the declarations themselves.

What a kind declares of its readers, sensitivity, period and ground is what stands there; nothing is
said twice, so nothing can be said otherwise. It reads no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from server.keeping.side_tables import TABLES
from server.records import REGISTRY
from server.records.places import READER_SETS
from server.records.record import KindSpec
from server.roles import ROLE_LABELS, Role
from server.shapes import PERSONAL, SPECIAL

FILE = Path(__file__).resolve().parents[2] / "docs" / "personvern" / "behandlingsprotokoll.md"
ACTIONS: Mapping[str, str] = {
    "delete": "slettes",
    "anonymise": "mister personopplysningene",
    "archive": "pakkes til arkivet, og slettes her når arkivet har tatt imot",
}
HEAD = """\
# Behandlingsprotokoll (personvernforordningen artikkel 30)

Skrevet av `./run documents` ut fra det hvert slag av registreringer selv erklærer. Endres ikke for
hånd: en test sammenligner. Det kommunen må fylle ut, står i klammer.

- **Behandlingsansvarlig**: [kommunen, organisasjonsnummer, kontaktpunkt]
- **Personvernombud**: [navn, e-post, telefon]
- **Databehandler**: [driftsleverandøren], etter databehandleravtalen i samme mappe
- **Formål**: boligsosialt arbeid i kommunale boliger: hjemmebesøk, oppfølging, vedlikehold, bomiljø
  og sikkerhet for dem som arbeider
- **Registrerte**: leietakere og husstanden, naboer i en sak, ansatte, og kontaktpersoner i
  borettslag, sameier og hos andre samarbeidsparter
- **Overføring ut av EØS**: ingen. Appen henter ingenting fra andre mens den kjører. Er varsling i
  nettleseren satt opp (`OPPGANG_PUSH_SUBJECT`), får de som lager nettleserne til dem som har slått
  den på (Google, Mozilla, Apple, Microsoft, også utenfor EØS), vite at en nettleser vekkes, og når:
  ikke noe innhold, og ingenting om beboere
- **Mottakere utenfor kommunen**: ingen, ut over den registrerte selv (innsyn) og arkivet, og de som
  er nevnt over der varsling i nettleseren er satt opp
- **Sikkerhet**: `dpia.md`, `ros.md`, `../asvs.csv` og `../operations.md`
- **Sikkerhetskopier**: krypterte, 90 dager. **Telefoner**: kryptert, åpnes med passordfrase

## Registreringer

«Hvem leser» er de rollene som kan se registreringen der de arbeider, når den er sendt inn. Den som
skrev, og de som er nevnt i den, ser den også. Kladder ser bare den som skrev. En sperret adresse
(kode 6) ser bare de som er valgt.

Fristen er den appen leveres med. Det kommunen har endret, står i appen under Frister for sletting,
med hvem, når og hvorfor, og det er det som gjelder.

| Hva | Grunnlag | Frist | Hva som skjer da | Særlige kategorier | Hvem skriver | Hvem leser |
|---|---|---|---|---|---|---|
"""
BESIDE = """
## Ved siden av registreringene

| Hva | I uttrekk | Frist | Hvorfor ikke frist, eller ikke i uttrekk |
|---|---|---|---|
"""


def written(specs: Iterable[KindSpec] = tuple(REGISTRY.values())) -> str:
    """Give the whole document."""
    kinds = (_kind(spec) for spec in specs if spec.about_people)
    return HEAD + "".join(kinds) + BESIDE + "".join(_beside())


def _kind(spec: KindSpec) -> str:
    rule = spec.retention
    period = f"{rule.years} år etter {_after(spec)}"
    special = ", ".join(_labels(spec)) or "Nei"
    writers = _roles(spec.writers | spec.named_writers) if not spec.server_only else "Appen selv"
    among = frozenset[Role]().union(*(READER_SETS[each] for each in spec.readers))
    readers = "Alle roller" if among == frozenset(Role) else _roles(among)
    cells = (spec.words[1], rule.basis, period, ACTIONS[rule.action], special, writers, readers)
    return _row(cells)


def _after(spec: KindSpec) -> str:
    name, dot, field = spec.retention.after.partition(".")
    if name == "changed_at":
        return "siste endring"
    label = spec.fields[name].label
    if dot:
        label = REGISTRY[str(spec.fields[name].to)].fields[field].label
    return f"«{label}»"


def _labels(spec: KindSpec) -> Iterator[str]:
    for sensitive, words in ((SPECIAL, "Ja"), (PERSONAL, "Nei, men personopplysninger")):
        if fields := [f.label for f in spec.fields.values() if f.sensitive is sensitive]:
            yield f"{words}: " + ", ".join(dict.fromkeys(fields))
            return


def _roles(roles: Iterable[Role]) -> str:
    return ", ".join(sorted(ROLE_LABELS[role] for role in roles)) or "De som er nevnt"


def _beside() -> Iterator[str]:
    for _, kept in sorted(TABLES.items(), key=lambda one: one[1].what):
        period = f"{kept.days} dager" if kept.days else "Ingen egen"
        why = ". ".join(filter(None, (kept.stays, kept.left_out)))
        yield _row((kept.what, kept.file or "Nei", period, why or "–"))


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |\n"
