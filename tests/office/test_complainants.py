"""Who complained, in the office: called as they asked to be, and forgotten where anonymous."""

from __future__ import annotations

import pytest

from server.database import Database
from tests.office.conftest import Enter
from tests.office.folders import body_of, written
from tests.office.test_cases import NAME, a_case, a_complaint, a_party


@pytest.mark.parametrize(
    ("disclosure", "shown"),
    [("named", NAME), ("confidential", "Fortrolig"), ("anonymous", "Anonym")],
)
def test_a_complainant_is_called_as_they_asked_to_be(
    disclosure: str, shown: str, enter: Enter, database: Database
) -> None:
    """Also where we know the name, or where somebody wrote it by mistake."""
    a_complaint(database, disclosure=disclosure)
    ingrid = enter("ingrid")
    listed = ingrid.open("/office/cases?show=complaints")
    assert shown in listed.words
    assert (NAME in listed.words) == (disclosure == "named")
    case = a_case(database)
    a_complaint(database, disclosure=disclosure, case=case)
    for path in (f"/office/folders/{case}", "/office/cases"):
        lists = enter("kari").open(path).html
        summaries = "".join(part.partition("</summary>")[0] for part in lists.split("<summary>"))
        assert NAME not in summaries
    if disclosure == "anonymous":
        assert NAME not in enter("kari").open(f"/office/folders/{case}").words


@pytest.mark.parametrize(
    ("kind", "names"), [("complaint", ("complainant",)), ("case_party", ("name", "phone"))]
)
def test_who_is_anonymous_is_not_kept_and_who_is_confidential_is_asked_for(
    kind: str, names: tuple[str, ...], enter: Enter, database: Database
) -> None:
    """Whoever wrote it and on whatever: the record forgets, and its history does not tell."""
    given = {"name": NAME, "phone": "900 00 000", "complainant": NAME}
    told = {name: given[name] for name in names}
    if kind == "complaint":
        id = a_complaint(database, **told)
    else:
        id = a_party(database, a_case(database), "a", "kari")
        written(database, kind, {**told, "disclosure": "confidential"}, id=id, login="kari")
    for path in (f"/office/records/{id}", f"/office/folders/{id}"):
        page = enter("kari").open(path).html
        closed = [part.partition("</details>")[0] for part in page.split("<summary>Fortrolig.")]
        assert page.count(NAME) == sum(NAME in part for part in closed[1:]) == 1
    assert {*names} <= body_of(database, id).keys()
    written(database, kind, {"disclosure": "anonymous"}, id=id, login="kari")
    assert not {*names} & body_of(database, id).keys()
    assert NAME not in enter("kari").open(f"/office/records/{id}").html
    written(database, kind, told, id=id, login="kari")
    assert not {*names} & body_of(database, id).keys()
