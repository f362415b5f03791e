"""Every page and form of the office is sent what nobody thought of: no answer is ever our fault.

The names of the fields are read out of the office's own source, so that a new form is tried too.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from server.office.decisions import new_form
from tests.makers import USERS
from tests.matrix.test_matrix import ROWS, address
from tests.matrix.town import NEVER, Town
from tests.office.reader import read
from tests.server.test_fuzz import SIGNS

OFFICE = Path(__file__).parents[2] / "server" / "office"
SOURCE = "\n".join(path.read_text() for path in sorted(OFFICE.glob("*.py")))
PAGES = "\n".join(path.read_text() for path in sorted(OFFICE.glob("templates/office/*.html")))
SENT = sorted(
    {*re.findall(r"form\.get(?:list)?\(\s*\"(\w+)\"", SOURCE), *re.findall(r'name="(\w+)"', PAGES)}
)
ASKED = sorted({*re.findall(r"args\.get(?:list)?\(\s*\"(\w+)\"", SOURCE), "q", "page", "next"})
WAYS = {
    method: sorted(
        {row["endpoint"] for row in ROWS if row["method"] == method and "office" in row["endpoint"]}
    )
    for method in ("GET", "POST")
}
PEOPLE = ("leader", "office", "author", "landlord", "admin")
FEW = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
VALUES = SIGNS | st.sampled_from(
    [
        *("on", "0", "-1", "1e9", "9" * 40, "١٢", "2026-02-30", "2026-11-23", "25:00", "09:30"),
        *("9999-12-31", "0001-01-01", "2026-11-23T08:00", "24", "½", "true", "submitted", NEVER),
        *(
            *USERS.values(),
            "a" * 9_000,
            "\r\n",
            "\ud800",
            "<script>",
            "'\"`",
            "=1+1",
            "area",
            "org",
        ),
        *("dwellings", "tenancies", "approved", "returned", "Adresse;Bolignr\nEik 1;H0101"),
    ]
)
FIELDS = st.dictionaries(
    st.sampled_from(SENT) | SIGNS, VALUES | st.lists(VALUES, max_size=3), max_size=9
)


def sent(value: Any) -> Any:
    """Give a value as a form can carry it: a lone surrogate goes as bytes that are no UTF-8."""
    if isinstance(value, list):
        return [sent(each) for each in value]
    return str(value).encode("utf-8", "surrogatepass")


def body_of(fields: dict[str, Any], how: str, mark: str) -> dict[str, Any]:
    """Give what the client is told to send: a form of either sort, or what is none."""
    whole = {"csrf": mark, "form": new_form(), "seal": "", **fields}
    if how == "files":
        rows = "\n".join(str(value) for value in fields.values())
        file = (BytesIO(rows.encode(errors="replace")), "fil.csv")
        named = {sent_name(n): sent_name(v) for n, v in whole.items() if isinstance(v, str)}
        return {"data": {**named, "file": file}, "content_type": "multipart/form-data"}
    if how == "broken":
        return {"data": b"--x\r\nContent-Disposition: form-data; name=", "content_type": BROKEN}
    return {"data": {sent_name(name): sent(value) for name, value in whole.items()}}


BROKEN = "multipart/form-data; boundary=x"


def sent_name(name: str) -> str:
    """Give a text without what no client can write."""
    return name.encode("utf-8", "replace").decode()


def test_the_names_of_the_fields_are_known() -> None:
    assert len(SENT) > 60 and {"decision", "reason", "password", "why"} <= {*SENT}
    assert len(WAYS["POST"]) > 50 and len(WAYS["GET"]) > 40


def test_the_forms_of_the_pages_are_found(forms: dict[str, list[Any]]) -> None:
    assert len(forms) > 25


@pytest.fixture(scope="module")
def forms(town: Town) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """Every form that a page offers to somebody, as it stands there, by where it is sent."""
    found: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    routes = town.app.url_map.bind("localhost")
    for who in ("leader", "office", "admin"):
        for row in ROWS:
            if row["method"] != "GET" or row[who] != "y" or "office" not in row["endpoint"]:
                continue
            answer = town.ask(who, "GET", address(town, row)[0])
            for form in read(answer).forms if answer.mimetype == "text/html" else []:
                if form.method == "post" and form.action and "logout" not in form.action:
                    path = form.action.partition("?")[0]
                    endpoint = str(routes.match(path, method="POST")[0])
                    found.setdefault(endpoint, []).append((who, form.action, {**form.fields}))
    return found


@pytest.mark.parametrize("endpoint", WAYS["POST"])
@FEW
@given(
    fields=FIELDS,
    how=st.sampled_from(["form", "form", "form", "files", "broken"]),
    who=st.sampled_from(PEOPLE),
    row=st.integers(0, 30),
    from_page=st.booleans(),
)
def test_no_form_is_our_fault(
    endpoint: str,
    town: Town,
    forms: dict[str, list[tuple[str, str, dict[str, Any]]]],
    fields: dict[str, Any],
    how: str,
    who: str,
    row: int,
    from_page: bool,
) -> None:
    """A form as a page gives it, with some fields changed; or as nobody ever gave it."""
    rows = [each for each in ROWS if (each["endpoint"], each["method"]) == (endpoint, "POST")]
    let_in = [each for each in rows if each[who] in "yf"] or rows
    path, _ = address(town, let_in[row % len(let_in)])
    if from_page and (offered := forms.get(endpoint)):
        who, path, standing = offered[row % len(offered)]
        kept = {name: value for name, value in fields.items() if name in standing or row % 3 == 0}
        fields = {**standing, **kept}
    client = town.clients[who]
    client.set_cookie("oppgang", town.tokens[who])
    answer = client.post(path, **body_of(fields, how, town.mark(who)))
    assert answer.status_code < 500, (path, fields)


@pytest.mark.parametrize("endpoint", WAYS["GET"])
@FEW
@given(
    asked=st.dictionaries(st.sampled_from(ASKED), VALUES, max_size=6),
    who=st.sampled_from(PEOPLE),
    row=st.integers(0, 30),
)
def test_no_address_is_our_fault(
    endpoint: str, town: Town, asked: dict[str, Any], who: str, row: int
) -> None:
    rows = [each for each in ROWS if (each["endpoint"], each["method"]) == (endpoint, "GET")]
    let_in = [each for each in rows if each[who] == "y"] or rows
    path, _ = address(town, let_in[row % len(let_in)])
    client = town.clients[who]
    client.set_cookie("oppgang", town.tokens[who])
    query = {name: sent(value) for name, value in asked.items()}
    assert client.get(path, query_string=query).status_code < 500, (path, asked)


def test_an_address_with_a_nul_in_it_is_not_there(town: Town) -> None:
    """What no database can hold is asked for nowhere, by any door and method."""
    found = {}
    for rule in town.app.url_map.iter_rules():
        for method in sorted(rule.methods or set()) if "<" in rule.rule else ():
            path = re.sub(r"<[^>]+>", "a%00b", rule.rule)
            if method != "OPTIONS":
                found[method, path] = town.ask("leader", method, path).status_code
    assert {asked: status for asked, status in found.items() if status != 404} == {}
