"""The table of deadlines: no dead row; each names a kind, fields and an end that there are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from server.people import Replica
from server.planning.conditions import STATUS, Condition, Newer, Refers
from server.planning.deadlines import (
    CREATED,
    FILLED,
    OWED,
    WITHOUT_TARGET,
    Deadline,
    Effect,
    read_deadlines,
    seed,
)
from server.planning.filling import FILLS
from server.records import REGISTRY
from server.records.record import KindSpec
from server.shapes import STATES

RULES = read_deadlines(seed("deadlines").values())
ABOUT_RECORDS = {code: rule for code, rule in RULES.items() if rule.kind != "replica"}
MADE_WORK = {Effect.VISIT, Effect.AGAIN, Effect.MARK}
DESKS = {"authors", "@office", "@leader", "@landlord"}

every = pytest.mark.parametrize("code", ABOUT_RECORDS)


def spec_of(rule: Deadline) -> KindSpec:
    return REGISTRY["planned_visit"] if rule.effect is Effect.VISIT else REGISTRY[rule.kind]


def holds_a_day(spec: KindSpec, name: str) -> bool:
    """Say whether a field tells a day: a day, a moment, or when a state was said."""
    return name in spec.fields and spec.fields[name].shape.control in (
        *("day", "instant"),
        *("status", "handling"),
    )


@every
def test_a_rule_is_about_a_kind_and_counts_from_a_day_that_it_has(code: str) -> None:
    rule = ABOUT_RECORDS[code]
    assert rule.kind in REGISTRY
    fields = [name for name in rule.starts if name != CREATED]
    assert fields and all(holds_a_day(REGISTRY[rule.kind], name) for name in fields)


@every
def test_a_rule_narrows_by_values_that_its_fields_can_have(code: str) -> None:
    rule = ABOUT_RECORDS[code]
    fields = REGISTRY[rule.kind].fields
    for each in rule.where:
        assert each.field in fields
        choices = STATES if each.field == STATUS else fields[each.field].choices
        if each.values != ("*",) and choices:
            assert set(each.values) <= set(choices)


@every
def test_a_rule_ends_by_what_can_be_written(code: str) -> None:
    rule = ABOUT_RECORDS[code]
    spec = REGISTRY[rule.kind]
    for met in rule.met:
        if isinstance(met, Refers):
            assert REGISTRY[met.kind].fields[met.field].to == rule.kind
        elif isinstance(met, Newer):
            assert set(met.fields) <= set(spec.fields)
        else:
            assert isinstance(met, Condition) and met.field in spec.fields
            choices: Any = spec.fields[met.field].shape.limits.get("choices", ())
            assert met.values == ("*",) or set(met.values) <= {each["value"] for each in choices}
    if rule.effect in OWED and rule.effect is not Effect.VISIT:
        ends_itself = any(each.field == STATUS for each in rule.where)
        moves = all(name == CREATED or spec.fields[name].server for name in rule.starts)
        assert rule.met or ends_itself or moves, "nothing can end it"


@every
def test_a_rule_has_an_effect_that_is_carried_out_on_a_field_that_there_is(code: str) -> None:
    rule = ABOUT_RECORDS[code]
    fields = REGISTRY[rule.kind].fields
    assert rule.effect in OWED | MADE_WORK | {Effect.DATE} | FILLS.keys()
    assert rule.target or rule.effect in WITHOUT_TARGET
    if rule.effect in FILLED | {Effect.LIMIT} and rule.target:
        assert fields[rule.target].shape.control == "day"
    elif rule.effect is Effect.TELL:
        reference, _, path = rule.target.partition(".")
        parent = REGISTRY[str(fields[reference].to)]
        assert parent.fields[path].shape.control == "day"
    elif rule.effect is Effect.VISIT:
        assert rule.target in REGISTRY["planned_visit"].fields["purpose"].choices
    elif rule.effect is Effect.AGAIN:
        assert int(rule.target) > 1
    elif rule.effect is Effect.MARK:
        assert fields[rule.target].shape.control == "flag"


@every
def test_a_rule_that_somebody_may_be_late_with_says_whose_it_is(code: str) -> None:
    rule = ABOUT_RECORDS[code]
    if rule.effect not in OWED | {Effect.DATE}:
        assert not rule.lies_with
        return
    reference, dot, name = rule.lies_with.rpartition(".")
    if rule.lies_with in DESKS:
        return
    spec = spec_of(rule)
    if dot:
        spec = REGISTRY[str(spec.fields[reference].to)]
    assert name in spec.fields


def test_rules_about_phones_count_from_what_is_known_of_phones() -> None:
    about = [rule for rule in RULES.values() if rule.kind == Replica.__tablename__]
    assert {rule.effect for rule in about} == {Effect.WATCH, Effect.DATE}
    assert all(rule.start in Replica.__table__.columns for rule in about)


@pytest.mark.parametrize("code", RULES)
def test_the_last_day_to_begin_is_the_last_that_is_due_in_time(code: str) -> None:
    rule = RULES[code]
    for ahead in range(0, 400, 7):
        day = date(2026, 3, 1) + timedelta(days=ahead)
        last = rule.latest_start(day)
        assert rule.due_on(last) <= day < rule.due_on(last + timedelta(days=1))
