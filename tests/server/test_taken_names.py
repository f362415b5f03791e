"""Nobody can stand where somebody's answer will: its name is one that no create may bear."""

from __future__ import annotations

from typing import Any

import pytest

from server import intake
from server.database import Database
from server.shapes import Json
from sync.mutation import receipt_id, review_id, server_named
from tests.makers import NOW, World, new_id, visit
from tests.server.phone import Phone


def asked(kari: Phone, amir: Phone, world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """Let two answer differently, with something else in the later push; give it, and its fate."""
    hers, his = (phone.edit(world.dwelling, access=phone.user) for phone in (kari, amir))
    kari.sync(hers)
    told, beside = amir.sync(his, amir.write("visit", *visit()))
    assert beside["state"] == "applied"
    return his, told


@pytest.mark.parametrize("before", [True, False], ids=["before", "in the same push"])
def test_who_knows_a_mid_cannot_keep_its_author_from_being_told(
    kari: Phone, amir: Phone, world: World, before: bool
) -> None:
    """A carrier reads the mid of a parcel, and may know the phone and what it will answer."""
    his = amir.edit(world.dwelling, access="Heis")
    names = receipt_id(his["mid"]), review_id(world.dwelling, "access", amir.replica)
    standing = [kari.write("visit", name, visit()[1]) for name in names]
    hers = kari.edit(world.dwelling, access="Trapp")
    pushed = [*standing, hers] if before else [hers, *standing]
    fates = {one["mid"]: one for one in kari.sync(*pushed)}
    for one in standing:
        told = fates[one["mid"]]
        assert (told["state"], told["reason"]) == ("held", "invalid")
        assert kari.body(receipt_id(one["mid"]))["reason"] == "invalid"
    assert [one["state"] for one in amir.sync(his)] == ["review"]
    receipt = amir.body(names[0])
    assert (receipt["mid"], receipt["state"], receipt["reviews"]) == (
        his["mid"],
        "review",
        [names[1]],
    )
    assert amir.body(names[1])["value"] == "Heis"
    assert names[0] not in kari.base


def test_what_was_erased_with_its_words_is_not_asked_again_under_its_old_name(
    kari: Phone, amir: Phone, world: World, database: Database
) -> None:
    """A record that stays is cleared, and its questions are erased: their ids are gone for ever."""
    [name] = asked(kari, amir, world)[1]["reviews"]
    cleared(database, world.dwelling)
    kari.sync(), amir.sync()
    assert name not in amir.base
    push, told = asked(kari, amir, world)
    review = server_named("beside", name)
    assert (told["state"], told["reason"], told["reviews"]) == ("review", "ask", [review])
    assert amir.sync(push)[0]["reviews"] == [review]
    assert amir.body(receipt_id(push["mid"]))["reviews"] == [review]


def test_a_later_answer_finds_the_same_question_again_and_a_seen_one_closes_it(
    kari: Phone, amir: Phone, world: World, database: Database
) -> None:
    """Also where it stands under its next name."""
    [name] = asked(kari, amir, world)[1]["reviews"]
    cleared(database, world.dwelling)
    kari.sync(), amir.sync()
    first, second = (amir.edit(world.dwelling, access=words) for words in ("Heis", "Trapp"))
    kari.sync(kari.edit(world.dwelling, access="Port 4"))
    amir.sync(first)
    [told] = amir.sync(second)
    review = amir.body(server_named("beside", name))
    assert told["reviews"] == [server_named("beside", name)]
    history: dict[str, Json] = review[f"history/{first['mid']}"]
    assert (review["value"], history["value"]) == ("Trapp", "Heis")
    amir.sync(amir.edit(world.dwelling, access="Port 4, trapp"))
    assert amir.body(server_named("beside", name))["decision"]["choice"] == "withdrawn"
    assert amir.body(receipt_id(second["mid"]))["state"] == "applied"


def cleared(database: Database, record: str) -> None:
    """Take what is personal out of a record that stays."""
    with database.writing() as session:
        intake.clear(session, [record], NOW, "test", new_id())
