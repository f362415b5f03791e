"""How openly somebody speaks: what tells who they are is closed to the eye, or not kept at all.

A field says by which choice beside it that is settled. It knows no kind and writes nothing.
"""

from collections.abc import Mapping

from server.records.consequences import Around, Body, Consequence, Deciding, FollowUp
from server.shapes import Field

NAMED, ANONYMOUS = "named", "anonymous"
DISCLOSURES = {
    NAMED: "Kan nevnes med navn",
    "confidential": "Vi vet hvem, andre skal ikke vite",
    ANONYMOUS: "Anonym",
}
"""How openly somebody speaks."""


def forgetting(*names: str, by: str) -> Consequence:
    """Take away who an anonymous person is, whoever wrote it, and in the same turn."""

    def consequence(_: Body, after: Body, deciding: Deciding, __: Around) -> list[FollowUp]:
        told = [name for name in names if after.get(name) is not None]
        anonymous = after.get(by) == ANONYMOUS
        return [
            FollowUp(deciding.id, name, None, None, deciding.author)
            for name in (told if anonymous else ())
        ]

    return consequence


def barred(fields: Mapping[str, Field], body: Body) -> frozenset[str]:
    """Give the fields that nobody reads or writes, since they would tell who is anonymous."""
    return frozenset(
        name
        for name, field in fields.items()
        if field.disclosed_by and body.get(field.disclosed_by) == ANONYMOUS
    )


def told_as(field: Field, body: Body) -> str:
    """Give the word that stands for a value; "" where it is told openly.

    As long as nobody has said how openly, it is confidential.
    """
    openly = body.get(field.disclosed_by) if field.disclosed_by else NAMED
    return {NAMED: "", ANONYMOUS: "Anonym"}.get(str(openly), "Fortrolig")
