"""Leieforhold from a file: each row a contract in a home that is here, with whom it is with.

It makes what a file describes; what that takes of writing is worked out in `plans`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from server.imports.cells import Cells, Values
from server.imports.faults import Faults
from server.imports.plans import Plan, Wanted
from server.imports.stock import Standing, Stock
from server.imports.where import Doubtful, address_of, doubt_at, standing_dwelling
from server.records.folding import fold
from sync.mutation import Json

KINDS = ("dwelling", "tenancy", "contact")
WRITTEN = ("tenancy", "contact")
OWN = ("contract_number", "started_on", "ended_on", "household_size", "children")
OF_TENANT = ("phone", "language", "interpreter")
TENANT = "tenant"


@dataclass
class Rows:
    """What the rows so far describe, by what each record is known by."""

    stock: Stock
    cells: Cells
    faults: Faults
    whole: bool = False
    """The file is the whole list: what ended here because it was missing opens again."""
    tenancies: dict[str, Wanted] = field(default_factory=dict)
    tenants: dict[str, list[Wanted]] = field(default_factory=dict)
    """Tenancy → its tenants, as the file names them."""

    def take(self, line: int, values: Values) -> bool:
        """Take one row; False when it says nothing of a tenancy."""
        if not any(values.get(name) for name in (*OWN, TENANT)):
            return False
        try:
            self._take(line, values)
        except Doubtful as bad:
            self.faults.add(line, *doubt_at(self.cells, bad))
        return True

    def wanted(self) -> list[Wanted]:
        """Give every record, each tenancy with its tenants behind it: what one turn reads of the
        one it has at hand for the others."""
        return [
            one
            for id, tenancy in self.tenancies.items()
            for one in (tenancy, *self._contacts(id, self.tenants.get(id, [])))
        ]

    def _take(self, line: int, values: Values) -> None:
        contract = values.get("contract_number")
        same = self.stock.by("tenancy", "contract_number", fold(str(contract))) if contract else []
        if len(same) > 1:
            raise Doubtful("contract_number", contract, "et kontraktsnummer som er brukt én gang")
        dwelling = self._dwelling(values, same[0] if same else None)
        started_on = values.get("started_on")
        if not same:
            since = f"{dwelling}|{started_on}"
            at = self.stock.by("tenancy", "since", since, _since)
            same = [t for t in at if not contract or t.text("contract_number") in ("", contract)]
        if not started_on and not same:
            raise Doubtful("started_on", "", "datoen leieforholdet begynte, for eksempel 12.3.2026")
        key = ("contract", str(contract)) if contract else ("since", dwelling, str(started_on))
        id = same[0].id if same else self.stock.names.made("tenancy", *key)
        if same and same[0].hidden:
            self._put(Wanted("tenancy", id, line, {}), _home(values))
            self._name(id, line, values)
            return
        own = {name: values[name] for name in OWN if name in values} | {"dwelling": dwelling}
        first = str(started_on or (same[0].text("started_on") if same else ""))
        if "ended_on" in own and str(own["ended_on"]) < first:
            raise Doubtful("ended_on", own["ended_on"], f"en dato som ikke er før {first}")
        opens = self.whole and "ended_on" not in own
        wanted = Wanted("tenancy", id, line, own, frozenset({"ended_on"} if opens else ()))
        self._put(wanted, _home(values))
        self._name(id, line, values)

    def _dwelling(self, values: Values, tenancy: Standing | None) -> str:
        found = standing_dwelling(self.stock, values)
        if found is not None:
            return found.id
        named = next((n for n in ("kobo_id", "fdv_id", "own_number") if n in values), None)
        if tenancy is not None and named is None and address_of(values) is None:
            return tenancy.text("dwelling")
        column = named or ("address" if self.cells.knows("address") else "street")
        said = values.get(named or "") or _home(values)
        raise Doubtful(column, said, "en bolig som er lagt inn fra før")

    def _put(self, one: Wanted, home: str) -> None:
        before = self.tenancies.setdefault(one.id, one)
        for name, value in one.values.items():
            if before.values.setdefault(name, value) != value:
                column = name if name in OWN else "address"
                same = f"det samme som på linje {before.line}: det er ett leieforhold"
                raise Doubtful(column, value if name in OWN else home, same)

    def _name(self, tenancy: str, line: int, values: Values) -> None:
        if TENANT not in values:
            return
        said = {name: values[name] for name in OF_TENANT if name in values}
        body: dict[str, Json] = {"tenancy": tenancy, "role": TENANT, "name": values[TENANT], **said}
        named = self.tenants.setdefault(tenancy, [])
        same = fold(str(values[TENANT]))
        if not any(fold(str(other.values["name"])) == same for other in named):
            named.append(Wanted("contact", "", line, body))

    def _contacts(self, tenancy: str, named: list[Wanted]) -> Iterator[Wanted]:
        """Tie tenants to those who are here: by name, and where there is one of each, that one."""
        here = [c for c in self.stock.by("contact", "tenancy", tenancy) if c.text("role") == TENANT]
        by_name = {fold(contact.text("name")): contact.id for contact in here}
        for one in named:
            name = fold(str(one.values["name"]))
            only = here[0].id if len(here) == len(named) == 1 else None
            one.id = by_name.get(name) or only or self.stock.names.made("contact", tenancy, name)
            yield one


def _since(tenancy: Standing) -> str:
    return f"{tenancy.text('dwelling')}|{tenancy.text('started_on')}"


def end_the_missing(rows: Rows, today: date, area: str | None) -> None:
    """Where the file is the whole list: let what is open here and missing from it end today."""
    dwellings = rows.stock.kinds["dwelling"]
    for tenancy in rows.stock.kinds["tenancy"].values():
        home = dwellings.get(tenancy.text("dwelling"))
        elsewhere = area is not None and (home is None or home.text("area") != area)
        if tenancy.id not in rows.tenancies and is_open(tenancy, today) and not elsewhere:
            values: dict[str, Json] = {"ended_on": today.isoformat()}
            rows.tenancies[tenancy.id] = Wanted("tenancy", tenancy.id, 0, values)


def is_open(tenancy: Standing, today: date) -> bool:
    """Say whether a tenancy has begun or will, and has not ended."""
    ended_on = tenancy.text("ended_on")
    return not tenancy.body.get("ended") and (not ended_on or ended_on > today.isoformat())


def count_endings(stock: Stock, plan: Plan, today: date) -> None:
    """Count the tenancies that are open, and those of them that the plan would end by today."""
    tenancies = stock.kinds["tenancy"]
    plan.open = sum(is_open(one, today) for one in tenancies.values())
    for step in plan.steps:
        standing, ends = tenancies.get(step.record), step.set.get("ended_on")
        if standing and is_open(standing, today) and ends and str(ends) <= today.isoformat():
            plan.ends += 1


def _home(values: Values) -> str:
    """Give the words that a row says which dwelling it is about by."""
    return f"{address_of(values) or ''} {values.get('unit_number', '')}".strip()
