"""The rules on the phones: the municipality's own table, told anew when a row of it is changed."""

from __future__ import annotations

from typing import Any

from flask import Flask

from server.planning.rule_book import change_rule
from tests.makers import NOW, USERS, World, new_id
from tests.server.phone import Phone


def told(phone: Phone) -> dict[str, Any]:
    """Let a phone sync, and give the rules it was told."""
    phone.sync()
    rules: dict[str, Any] = phone.reply["policy"]["rules"]
    return rules


def test_a_phone_is_told_what_it_must_reckon_by_and_what_is_changed_since(
    app: Flask, world: World
) -> None:
    phone = Phone(app, "kari")
    week = {"count": 7, "unit": "days"}
    assert told(phone) == {
        "tell_before": {
            "inspection_notice": week,
            "maintenance_notice": week,
            "change_notice": {"count": 3, "unit": "months"},
        },
        "note_hours": 24,
        "tries_max": 3,
        "try_again_after": 3,
    }
    with world.database.writing() as session:
        change_rule(session, "ACCESS_NOTICE", {"count": "10"}, USERS["lise"], NOW)
        change_rule(session, "VISIT_NOTE", {"in_use": "nei"}, USERS["lise"], NOW)
        change_rule(session, "VISIT_AGAIN", {"count": "9"}, USERS["lise"], NOW)
    rules = told(phone)
    assert rules["tell_before"]["inspection_notice"] == {"count": 10, "unit": "days"}
    assert rules["tell_before"]["change_notice"] == {"count": 3, "unit": "months"}
    assert "note_hours" not in rules
    assert rules["try_again_after"] == 5


def test_a_phone_that_says_which_policy_it_holds_is_told_it_again_only_when_it_is_another(
    app: Flask, world: World
) -> None:
    """A phone that was wiped says none, and one that is older than this never does."""
    phone = Phone(app, "kari")
    first = phone.ask()["policy"]
    assert first.keys() == {"version", "lease", "sealing_key", "telephone", "conceals", "rules"}
    assert "policy" not in phone.ask(policy=first["version"])
    assert phone.ask()["policy"] == first
    with world.database.writing() as session:
        change_rule(session, "ACCESS_NOTICE", {"count": "10"}, USERS["lise"], NOW)
    second = phone.ask(policy=first["version"])["policy"]
    assert second["version"] != first["version"]
    assert second["rules"]["tell_before"]["inspection_notice"]["count"] == 10
    assert "policy" not in phone.ask(policy=second["version"])
    assert phone.ask(policy="none of ours")["policy"] == second
    pushed = phone.write("area", new_id(), {"name": "Ny"})
    assert "policy" not in phone.ask([pushed], policy=second["version"])
    assert phone.post(policy=7).status_code == 400
