"""The API is played as it describes itself, by everybody: each answer is as described, and none is
our fault.

Schemathesis draws the requests out of the description: what fits it, its bounds, and what does not.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi import checks as of_openapi

from server.api.description import description
from sync.mutation import is_id
from tests.matrix.town import PEOPLE, Town
from tests.server.phone import PUBLIC

SYSTEM = "another system"
"""It has a token, and no cookie."""
CALLERS = (*PEOPLE, "anonymous", "revoked", SYSTEM)
CHECKS = [
    checks.not_a_server_error,
    of_openapi.status_code_conformance,
    of_openapi.content_type_conformance,
    of_openapi.response_headers_conformance,
    of_openapi.response_schema_conformance,
]
FEW = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[*HealthCheck],
)
API = schemathesis.openapi.from_dict(copy.deepcopy(description()), config=SchemathesisConfig())
API.config.generation.update(deterministic=True)
API.config.phases.coverage.unexpected_methods = set()
"""The matrix asks by every method."""


def asked_by(who: str, town: Town, drawn: schemathesis.Case[Any]) -> schemathesis.Case[Any]:
    """Give a request of its own, for what was drawn is shared by all who ask it: the caller's user
    and phone, and a record of the town, stand where any could.
    """
    case, phone = drawn.derive(), town.phones.get(who, town.phones["author"])
    known = {"user": phone.user, "replica": phone.replica, "X-Oppgang-Replica": phone.replica}
    there = [town.ids["id", "own"], town.ids["id", "team"], town.ids["deviation", "in the area"]]

    def filled(said: Mapping[str, Any]) -> dict[str, Any]:
        mine = {"id": there[sum(map(ord, str(said.get("id")))) % len(there)], **known}
        whole = {name: mine.get(name, each) if is_id(each) else each for name, each in said.items()}
        return whole | ({"public_key": PUBLIC} if isinstance(said.get("public_key"), str) else {})

    case.body = filled(case.body) if isinstance(case.body, dict) else case.body
    case.path_parameters = filled(case.path_parameters)
    case.headers.update(filled(case.headers))
    return case


@pytest.mark.parametrize("who", CALLERS)
@API.parametrize()
@FEW
def test_each_answer_is_as_the_api_says(who: str, town: Town, case: schemathesis.Case[Any]) -> None:
    asked = asked_by(who, town, case)
    cookies = {"oppgang": town.tokens[who]} if who in town.tokens else {}
    headers = {"Accept-Encoding": "identity"}
    if who == SYSTEM:
        headers["Authorization"] = f"Bearer {town.ids['secret', 'known']}"
    answer = asked.call(app=town.app, cookies=cookies, headers=headers)
    asked.validate_response(answer, checks=CHECKS)
    assert not any(name.startswith("access-control-") for name in answer.headers)
    door = case.operation.definition.raw["security"]
    if door == [{"session": []}] and who not in PEOPLE or door == [{"token": []}] and who != SYSTEM:
        assert answer.status_code >= 400, "whoever is not let in is answered nothing"
