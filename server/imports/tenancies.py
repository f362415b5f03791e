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
from server.imports.stock import Standing, Stock, barred_first
from server.imports.where import Doubtful, address_of, doubt_at, keys_of, standing_dwelling
from server.records.folding import fold
from sync.mutation import Json

KINDS = ("dwelling", "tenancy", "contact")
WRITTEN = ("tenancy", "contact")
OWN = ("contract_number", "started_on", "ended_on", "household_size", "children")
OF_TENANT = ("phone", "language", "interpreter")
TENANT = "tenant"
SHARED = "shared"
"""The type of a home where several households have a contract each."""


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
    spared: set[str] = field(default_factory=set)
    """Tenancies that a row could have been about, had nothing barred been: none is missing."""
    _let_behind: set[str] = field(default_factory=set)
    """The homes of one household where a tenancy that is barred has not ended."""

    def __post_init__(self) -> None:
        """See in which homes a new contract would be that of a household behind a barrier."""
        self._let_behind = {
            one.text("dwelling")
            for one in self.stock.hidden["tenancy"].values()
            if not (one.deleted or one.text("ended_on") or one.body.get("ended"))
        } - {id for id, home in self.stock.kinds["dwelling"].items() if home.text("type") == SHARED}

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
            for one in (tenancy, *self._contacts(tenancy, self.tenants.get(id, [])))
        ]

    def _take(self, line: int, values: Values) -> None:
        contract = values.get("contract_number")
        key = fold(str(contract or ""))
        found = self.stock.every("tenancy", "contract_number", key) if contract else []
        same = barred_first(found)
        if len(same) > 1:
            raise Doubtful("contract_number", contract, "et kontraktsnummer som er brukt én gang")
        dwelling = self._dwelling(values, same[0] if same else None)
        started_on = values.get("started_on")
        if not same:
            since = f"{dwelling}|{started_on}"
            at = self.stock.every("tenancy", "since", since, _since)
            found = [t for t in at if not contract or t.text("contract_number") in ("", contract)]
            same = barred_first(found)
        if self._is_barred(same, dwelling):
            self.spared |= {one.id for one in found}
            self._leave(line, values)
            return
        if not started_on and not same:
            raise Doubtful("started_on", "", "datoen leieforholdet begynte, for eksempel 12.3.2026")
        known = ("contract", str(contract)) if contract else ("since", dwelling, str(started_on))
        id = same[0].id if same else self.stock.names.made("tenancy", *known)
        own = {name: values[name] for name in OWN if name in values} | {"dwelling": dwelling}
        first = str(started_on or (same[0].text("started_on") if same else ""))
        if "ended_on" in own and str(own["ended_on"]) < first:
            raise Doubtful("ended_on", own["ended_on"], f"en dato som ikke er før {first}")
        opens = self.whole and "ended_on" not in own
        wanted = Wanted("tenancy", id, line, own, frozenset({"ended_on"} if opens else ()))
        self._put(wanted, _home(values))
        self._name(id, line, values)

    def _is_barred(self, same: list[Standing], dwelling: str) -> bool:
        """Say whether a row is left alone, whatever else it says: no fault tells what it says."""
        if same:
            return same[0].hidden or dwelling in self.stock.hidden["dwelling"]
        return dwelling in self._let_behind or dwelling in self.stock.hidden["dwelling"]

    def _leave(self, line: int, values: Values) -> None:
        """Leave a row alone. It is counted by its own words: to count by what stands behind the
        barrier would tell whose home a contract is for."""
        contract = values.get("contract_number")
        said = [contract] if contract else [*keys_of(values)[:1], values.get("started_on")]
        id = f"barred|{said}"
        self._put(Wanted("tenancy", id, line, {}, barred=True), "")
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

    def _contacts(self, tenancy: Wanted, named: list[Wanted]) -> Iterator[Wanted]:
        """Tie tenants to those who are here: by name, and where there is one of each, that one.

        Where somebody is barred, whoever else is named could be they, and is left alone.
        """
        every = self.stock.every("contact", "tenancy", tenancy.id) if not tenancy.barred else []
        here = [one for one in every if one.text("role") == TENANT and not one.hidden]
        barred = tenancy.barred or any(one.hidden for one in every)
        by_name = {fold(contact.text("name")): contact.id for contact in here}
        only = here[0].id if len(here) == len(named) == 1 else None
        for one in named:
            name = fold(str(one.values["name"]))
            one.id = by_name.get(name) or ("" if barred else only or "")
            one.barred = barred and not one.id
            if not (one.id or one.barred):
                one.id = self.stock.names.made("contact", tenancy.id, name)
            yield one


def _since(tenancy: Standing) -> str:
    return f"{tenancy.text('dwelling')}|{tenancy.text('started_on')}"


def end_the_missing(rows: Rows, today: date, area: str | None) -> None:
    """Where the file is the whole list: let what is open here and missing from it end today."""
    dwellings = rows.stock.kinds["dwelling"]
    for tenancy in rows.stock.kinds["tenancy"].values():
        home = dwellings.get(tenancy.text("dwelling"))
        elsewhere = area is not None and (home is None or home.text("area") != area)
        named = tenancy.id in rows.tenancies or tenancy.id in rows.spared
        if not named and is_open(tenancy, today) and not elsewhere:
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
