"""Boliger from a file: each row a dwelling, with its building and its housing company.

It makes what a file describes; what that takes of writing is worked out in `plans`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from server.imports.cells import Cells, Unusable, Values
from server.imports.faults import Faults
from server.imports.plans import Wanted
from server.imports.stock import Standing, Stock
from server.imports.where import (
    Doubtful,
    address_of,
    cadastral_number,
    doubt_at,
    house,
    key_of,
    keys_of,
    standing_dwelling,
)
from server.records.folding import fold
from sync.mutation import Json

KINDS = ("housing_company", "building", "dwelling")
OWN = (
    "address",
    "postal_code",
    "postal_place",
    "unit_number",
    "local_label",
    "type",
    "floor",
    "rooms",
    "floor_space",
    "wheelchair",
    "own_number",
    "kobo_id",
    "fdv_id",
    "access",
)
"""The fields of a dwelling that a row gives as they stand."""
OF_COMPANY = ("organisation_number", "form", "property_manager", "shares", "shares_total")


@dataclass
class Rows:
    """What the rows so far describe, by what each record is known by."""

    stock: Stock
    areas: Mapping[str, str]
    """The areas that may be written in: name → id."""
    chosen: str | None
    """The area of what is new, where a row names none."""
    cells: Cells
    faults: Faults
    companies: dict[str, Wanted] = field(default_factory=dict)
    buildings: dict[str, Wanted] = field(default_factory=dict)
    dwellings: dict[str, Wanted] = field(default_factory=dict)
    _lines: dict[tuple[str, str], int] = field(default_factory=dict)
    """What a dwelling is known by → the line that it stands on."""
    _numbered: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Building number → the building's id, and the area that it stands in."""

    def take(self, line: int, values: Values) -> bool:
        """Take one row; what is wrong with it is noted, and the row left out."""
        try:
            self._take(line, values)
        except Doubtful as bad:
            self.faults.add(line, *doubt_at(self.cells, bad))
        return True

    def wanted(self) -> list[Wanted]:
        """Give every record, what others refer to first."""
        found = (self.companies, self.buildings, self.dwellings)
        return [one for kind in found for one in kind.values()]

    def _take(self, line: int, values: Values) -> None:
        standing = standing_dwelling(self.stock, values)
        self._once(line, values, standing)
        if standing is not None and standing.hidden:
            # By its line: a count by the home itself would tell whose door a number belongs to.
            self.dwellings[f"barred|{line}"] = Wanted("dwelling", "", line, {}, barred=True)
            return
        address = address_of(values) or (standing.text("address") if standing else "")
        if not address:
            raise Doubtful("address", "", "adressen, for eksempel Storgata 12")
        if len(address) > 120:
            raise Doubtful("address", address, "høyst 120 tegn")
        area = self._area(values, standing)
        company = self._company(line, values, area)
        building = self._building(line, values, address, area, company)
        own = {name: values[name] for name in OWN if name in values} | {"address": address}
        if values.get("shared"):
            own["type"] = "shared"
        own |= {"building": building.id, "area": building.values["area"]}
        id = standing.id if standing else self.stock.names.made("dwelling", *key_of(values))
        self.dwellings[id] = Wanted("dwelling", id, line, own)

    def _once(self, line: int, values: Values, standing: Standing | None) -> None:
        """Hold a dwelling to one row: flats that lack their numbers would become one unseen.

        What is barred counts by the row's own words alone, for a fault would tell whose door it is.
        """
        keys = keys_of(values)
        seen = [*keys, ("", standing.id)] if standing and not standing.hidden else keys
        for name, key in seen:
            first = self._lines.setdefault((name, key), line)
            if first != line:
                column = name or keys[0][0]
                value = values.get(column)
                what = "bolignummeret" if value is None else "et annet nummer"
                same = f"linje {first} og {line} er den samme boligen"
                raise Doubtful(column, value, f"{what}, eller ta bort den ene raden ({same})")

    def _area(self, values: Values, standing: Standing | None) -> str | None:
        """Give the area that a row says, else the dwelling's; None leaves it to the house."""
        if name := values.get("area"):
            found = {fold(label): id for label, id in self.areas.items()}.get(fold(str(name)))
            if found is None:
                raise Doubtful("area", name, f"et område: {', '.join(sorted(self.areas)[:10])}")
            return found
        if standing is None:
            return None
        building = self.stock.find("building", standing.text("building"))
        return (building or standing).text("area") or None

    def _company(self, line: int, values: Values, area: str | None) -> Wanted | None:
        name, number = values.get("company"), values.get("organisation_number")
        if not name and not number:
            return None
        key = str(number) if number else fold(str(name))
        same = self.stock.by("housing_company", "organisation_number", key) if number else []
        if not same and name:
            same = self.stock.by("housing_company", "name", fold(str(name)))
        if not same and not name:
            raise Doubtful("company", "", "navnet på boligselskapet")
        id = same[0].id if same else self.stock.names.made("housing_company", key)
        said = {n: values[n] for n in OF_COMPANY if n in values} | ({"name": name} if name else {})
        one = self.companies.setdefault(id, Wanted("housing_company", id, line, {}))
        for path, value in said.items():
            if one.values.setdefault(path, value) != value:
                column = "company" if path == "name" else path
                raise Doubtful(
                    column, value, f"det samme som på linje {one.line}: det er ett selskap"
                )
        where = same[0].text("area") if same else area or self.chosen
        one.values["area"] = _least(one.values.get("area"), where) if where else None
        return one

    def _building(
        self,
        line: int,
        values: Values,
        address: str,
        area: str | None,
        company: Wanted | None,
    ) -> Wanted:
        id, stands_in = self._which_building(values, address)
        known = self.buildings.get(id)
        where = area or (str(known.values["area"]) if known else None) or stands_in or self.chosen
        if not where:
            raise Doubtful("area", "", "navnet på området, eller velg ett for hele fila")
        if known is None:
            known = self.buildings[id] = Wanted("building", id, line, {"area": where})
        elif known.values["area"] != where:
            raise Doubtful("area", values.get("area"), f"samme område som på linje {known.line}")
        self._describe(known, values, address, company)
        if company is not None and not company.values.get("area"):
            company.values["area"] = where
        return known

    def _which_building(self, values: Values, address: str) -> tuple[str, str]:
        """Find a row's building by its number, else by its address; give where it stands too."""
        number, at = values.get("building_number"), house(address)
        if not number:
            return self._standing_or_made(self.stock.every("building", "house", at, _house_of), at)
        if known := self._numbered.get(str(number)):
            return known
        same = self.stock.by("building", "building_number", str(number))
        same = same or [
            one
            for one in self.stock.every("building", "house", at, _house_of)
            if not one.text("building_number")
        ]
        found = self._standing_or_made(same, "number", str(number))
        self._numbered[str(number)] = found
        return found

    def _standing_or_made(self, same: list[Standing], *key: str) -> tuple[str, str]:
        if same:
            return same[0].id, same[0].text("area")
        return self.stock.names.made("building", *key), ""

    def _describe(self, one: Wanted, values: Values, address: str, company: Wanted | None) -> None:
        """Add what a row says of its building; of several addresses the first by name counts."""
        one.values["address"] = _least(one.values.get("address"), address)
        try:
            cadastral = cadastral_number(values)
        except Unusable as bad:
            raise Doubtful("farm", values.get("farm"), str(bad)) from bad
        said: dict[str, Json] = {
            "cadastral_number": cadastral,
            "building_number": values.get("building_number"),
            "name": values.get("building_name"),
            "ownership": values.get("ownership") or ("company" if company else None),
            "housing_company": company.id if company else None,
        }
        for path, value in said.items():
            if value is not None:
                one.values[path] = _least(one.values.get(path), value)


def _house_of(building: Standing) -> str:
    return house(building.text("address"))


def _least(one: Json, other: Json) -> Json:
    """Give the first of two by name, so that it is the same in whatever order rows come."""
    return other if one is None else min(str(one), str(other))
