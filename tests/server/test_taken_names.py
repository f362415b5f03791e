"""A question under whose name somebody's record stands is asked all the same, under the next."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from server import intake
from server.database import Database
from server.intake.arrivals import next_name
from server.records import REGISTRY
from sync.mutation import receipt_id, review_id
from tests.makers import NOW, USERS, World, new_id, visit
from tests.server.phone import Phone

ANSWER = {"by": USERS["ingrid"], "at": "2026-11-23T08:00:00.000Z"}


@pytest.fixture
def taken(kari: Phone, amir: Phone, world: World) -> list[str]:
    """The first two names of a question that Amir's phone may come to ask; Kari was there first."""
    first = review_id(world.dwelling, "access", amir.replica)
    names = [first, next_name(first)]
    for name in names:
        kari.sync(kari.write("visit", name, visit()[1]))
    return names


def asked(kari: Phone, amir: Phone, world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """Let two answer differently, with something else in the later push; give it, and its fate."""
    hers, his = (phone.edit(world.dwelling, access=phone.user) for phone in (kari, amir))
    kari.sync(hers)
    told, beside = amir.sync(his, amir.write("visit", *visit()))
    assert beside["state"] == "applied"
    return his, told


def test_it_stands_under_the_next_free_name_and_is_decided_there(
    app: Flask, kari: Phone, amir: Phone, world: World, taken: list[str]
) -> None:
    push, told = asked(kari, amir, world)
    review = next_name(taken[-1])
    assert (told["state"], told["reason"], told["reviews"]) == ("review", "ask", [review])
    assert amir.sync(push)[0]["reviews"] == [review]
    assert amir.body(receipt_id(push["mid"]))["reviews"] == [review]
    for name in taken:
        assert kari.body(name).keys() <= REGISTRY["visit"].example.keys()
    office = Phone(app, "ingrid")
    office.sync()
    seq = office.base[world.dwelling]["seq"]
    decision = {"choice": "author", "record_seq": seq, **ANSWER}
    assert office.sync(office.edit(review, decision=decision))[0]["state"] == "applied"
    amir.sync()
    assert amir.body(world.dwelling)["access"] == amir.user
    assert amir.body(receipt_id(push["mid"]))["state"] == "applied"


def test_a_later_answer_finds_the_same_question_again_and_a_seen_one_closes_it(
    kari: Phone, amir: Phone, world: World, taken: list[str]
) -> None:
    first, second = (amir.edit(world.dwelling, access=words) for words in ("Heis", "Trapp"))
    kari.sync(kari.edit(world.dwelling, access="Port 4"))
    amir.sync(first)
    [told] = amir.sync(second)
    review = amir.body(next_name(taken[-1]))
    assert told["reviews"] == [next_name(taken[-1])]
    assert (review["value"], review[f"history/{first['mid']}"]["value"]) == ("Trapp", "Heis")
    amir.sync(amir.edit(world.dwelling, access="Port 4, trapp"))
    assert amir.body(next_name(taken[-1]))["decision"]["choice"] == "withdrawn"
    assert amir.body(receipt_id(second["mid"]))["state"] == "applied"


def test_what_was_erased_with_its_words_is_not_asked_again_under_its_old_name(
    kari: Phone, amir: Phone, world: World, database: Database
) -> None:
    """A record that stays is cleared, and its questions are erased: their ids are gone for ever."""
    [name] = asked(kari, amir, world)[1]["reviews"]
    with database.writing() as session:
        intake.clear(session, [world.dwelling], NOW, "test", new_id())
    kari.sync(), amir.sync()
    assert name not in amir.base
    _, told = asked(kari, amir, world)
    assert (told["state"], told["reviews"]) == ("review", [next_name(name)])
