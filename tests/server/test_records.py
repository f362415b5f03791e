"""Every kind is held to its promises, whatever its name: words, readers, rules, example, places."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from marshmallow import ValidationError
from sqlalchemy import delete, insert, update

from server import values
from server.base import Base
from server.checklists import CHECKLISTS
from server.composites import Status
from server.contract import field_contract
from server.database import Database
from server.field import CHECKLIST_CODES, RULE_CODES, USERS
from server.records import REGISTRY, projection
from server.records.record import (
    ORGANISATION,
    READER_SETS,
    Body,
    Entry,
    Envelope,
    KindSpec,
    Place,
    PlaceFacts,
)
from server.shapes import PUBLIC, REVIEWERS, SPECIAL, Field
from sync.judge import Facts, judge
from sync.mutation import canonical, mutation_from
from sync.rules import Rule
from tests.makers import mutation, new_id

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
AREA, AUTHOR = new_id(), new_id()
KINDS = list(REGISTRY.values())
FIELDS = [(spec, field) for spec in KINDS for field in spec.fields.values()]
SCREENS = Path(__file__).resolve().parents[2]

each_kind = pytest.mark.parametrize("spec", KINDS, ids=lambda spec: spec.name)
each_field = pytest.mark.parametrize(
    ("spec", "field"), FIELDS, ids=lambda part: getattr(part, "name", "")
)


def facts_of(spec: KindSpec, body: Body) -> PlaceFacts:
    """A record whose every reference is here and in one area."""

    def nothing(field: str) -> PlaceFacts | None:
        return None

    def home(field: str) -> PlaceFacts | None:
        return PlaceFacts("dwelling", new_id(), {"area": AREA}, (), nothing)

    def parent(field: str) -> PlaceFacts | None:
        if field not in body or spec.fields[field].to == "area":
            return None
        to = spec.fields[field].to
        there = {"area": AREA, "dwelling": new_id()}
        above = nothing if to in ("dwelling", "building") else home
        return PlaceFacts("dwelling" if to in (None, "any") else to, new_id(), there, (), above)

    return PlaceFacts(spec.name, new_id(), body, (AUTHOR,), parent)


@each_kind
def test_a_kind_says_what_it_is_in_both_languages(spec: KindSpec) -> None:
    assert len(spec.doc) > 20
    one, many = spec.words
    assert one[0].isupper() and one.strip() and many.strip()
    assert re.fullmatch(r"[a-z][a-z_]{1,39}", spec.name)
    assert re.search(r"^[A-ZÆØÅ]", module_words(spec)), "the file opens with one sentence"


def module_words(spec: KindSpec) -> str:
    """The first line of the file that declares a kind."""
    return (sys.modules[spec.model.__module__].__doc__ or "").strip()


@each_kind
def test_a_kind_says_who_writes_and_who_reads_it(spec: KindSpec) -> None:
    assert spec.writers and spec.writers <= READER_SETS["everyone"]
    assert spec.named_writers >= spec.writers or spec.writers <= REVIEWERS or spec.server_only
    assert spec.readers and set(spec.readers) <= set(READER_SETS)


@each_kind
def test_a_kind_says_how_long_it_is_kept_and_why(spec: KindSpec) -> None:
    kept = spec.retention
    assert 1 <= kept.years <= 100
    own, _, others = kept.after.partition(".")
    assert kept.after == "changed_at" or own in spec.fields
    if others:
        assert others in REGISTRY[spec.fields[own].to or ""].fields
    assert len(kept.basis) > 10
    assert kept.action in {"archive", "delete", "anonymise"}


@each_kind
def test_what_a_kind_names_is_there(spec: KindSpec) -> None:
    assert all(set(names) <= set(spec.fields) for names in spec.one_per)
    for field in spec.parents:
        assert spec.fields[field].to in {"any", *REGISTRY}
    assert spec.name == spec.model.__tablename__
    columns = {column.name for column in Base.metadata.tables[spec.name].columns}
    assert columns == {"id", *(f.name for f in spec.fields.values() if not f.keyed)}


@each_field
def test_a_field_has_words_and_says_whom_it_could_hurt(spec: KindSpec, field: Field) -> None:
    assert field.label[0].isupper()
    assert re.fullmatch(r"[a-z][a-z_]{0,39}", field.name)
    if field.free_text and (field.max or 0) > 200:
        assert field.sensitive is not PUBLIC
        assert field.server or field.hint
    assert field.to is None or field.to in {"any", *REGISTRY}
    assert field.since >= 1 and (field.retired is None or field.retired > field.since)


@each_field
def test_a_keyed_set_says_what_its_keys_are(spec: KindSpec, field: Field) -> None:
    known = {USERS, CHECKLIST_CODES, RULE_CODES, *REGISTRY, *CHECKLISTS, *spec.keyed}
    assert field.holds is None or (field.keyed and field.holds in known - {field.name})
    nameless = field.keyed and field.shape.control == "flag" and not field.key_labels
    assert not nameless or field.holds


@each_field
def test_a_fields_rule_fits_its_shape(spec: KindSpec, field: Field) -> None:
    rule = field.rule.rule
    assert (rule is Rule.FORWARD) == isinstance(field.shape, Status)
    if rule is Rule.LATEST:
        assert not field.free_text, "the last of two texts would hide the other"
    if rule is Rule.STRICTEST:
        assert set(field.rule.order or ()) == set(field.choices)
    assert field.rule.keyed == field.keyed
    assert not (field.keyed and field.required)


@each_field
def test_a_field_refuses_what_is_not_its_own_with_a_sentence(spec: KindSpec, field: Field) -> None:
    key = None
    if field.keyed:
        labels = field.key_labels or {}
        known = (*labels, *(f"{new_id()}-{group}" for group in labels), "A-1", new_id())
        key = next(key for key in known if re.fullmatch(field.keys or "", key))
    assert field.deserialize(None, key) is None
    wrong: tuple[object, ...] = ({"no": "such part"}, ["a"], "\0", "x" * 70_000)
    for value in wrong:
        if isinstance(field.shape, values.Anything) and value != "x" * 70_000:
            continue
        with pytest.raises(ValidationError) as refused:
            field.deserialize(value, key)  # type: ignore[arg-type]
        sentences = refused.value.messages
        assert isinstance(sentences, list)
        assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in sentences)
        assert not any("ugyldig" in sentence for sentence in sentences)


@each_field
def test_both_forms_know_how_to_draw_a_field(spec: KindSpec, field: Field) -> None:
    phone = (SCREENS / "pwa/src/ui/Field.svelte").read_text("utf-8")
    office = (SCREENS / "server/office/templates/office/shapes.html").read_text("utf-8")
    shape = str(field_contract(field)["shape"])
    whole = shape.removeprefix("keyed_") in {"anything", "composite"}
    assert whole or re.search(rf"\b{shape}:", phone), shape
    assert f'"{field.shape.control}":' in office


@each_kind
def test_the_example_is_whole_and_already_canonical(spec: KindSpec) -> None:
    assert spec.missing(spec.example) == ()
    for path, value in spec.example.items():
        assert spec.deserialize(path, value) == value


@each_kind
def test_the_example_is_applied_whole_by_the_judge(spec: KindSpec) -> None:
    made = mutation_from(mutation(spec.name, new_id(), spec.example))
    rules = {name: field.rule for name, field in spec.fields.items()}
    verdict = judge(made, None, Facts(fields=rules))
    assert verdict.state == "applied"
    assert verdict.writes == dict(spec.example)


@each_kind
def test_a_record_is_placed_only_where_its_readers_are(spec: KindSpec) -> None:
    place = spec.place(facts_of(spec, spec.example))
    assert place.scopes, "a record without a scope is lost to everybody"
    for scope in place.scopes:
        sort, _, rest = scope.partition(":")
        if sort == "area":
            assert rest.rpartition(":")[2] in spec.readers
        elif scope.startswith("org:"):
            assert rest in spec.readers
        else:
            assert sort in {"me", "day"} or scope == ORGANISATION and "everyone" in spec.readers
    if spec.parents and spec.name != "receipt":
        assert place.area == AREA or "area" in spec.fields


@each_kind
def test_a_draft_is_its_authors_alone(spec: KindSpec) -> None:
    if "status" not in spec.fields:
        return
    draft = {path: value for path, value in spec.example.items() if path != "status"}
    if "area" in draft:
        draft["area"] = AREA
    assert spec.place(facts_of(spec, draft)).scopes == {f"me:{AUTHOR}:{AREA}"}
    sent = {
        **draft,
        "status": {"state": "submitted", "by": AUTHOR, "at": "2026-11-23T08:00:00.000Z"},
    }
    there = spec.place(facts_of(spec, sent)).scopes
    assert any(f"area:{AREA}:{readers}" in there for readers in spec.readers)


@each_kind
def test_a_place_is_a_pure_function_and_never_fails_on_a_half_made_record(spec: KindSpec) -> None:
    whole = facts_of(spec, spec.example)
    assert spec.place(whole) == spec.place(whole)
    lost = replace(whole, body={}, parent=lambda field: None)
    place = spec.place(lost)
    assert isinstance(place, Place)
    assert not any(scope.startswith("area:") for scope in place.scopes)


def put(database: Database, spec: KindSpec, id: str, body: Body) -> None:
    """Store an envelope and its projection."""
    row = {
        "id": id,
        "kind": spec.name,
        "seq": 1,
        "deleted": False,
        "body": canonical(body),
        "versions": b"{}",
        "authors": b"[]",
        "words": spec.search_words(body),
        "created_at": NOW,
        "changed_at": NOW,
    }
    with database.writing() as session:
        session.execute(insert(Envelope), [row])
        projection.project(session, spec, id, body)


@each_kind
def test_the_projection_says_what_the_body_says_and_can_be_made_anew(
    spec: KindSpec, database: Database
) -> None:
    id, body = new_id(), dict(spec.example)
    put(database, spec, id, body)
    with database.reading() as session:
        assert projection.differing(session) == []
        row = session.get_one(spec.model, id)
        filled = {name for name in spec.fields if getattr(row, name, None) is not None}
        assert {path for path in body if "/" not in path} <= filled
    with database.writing() as session:
        session.execute(delete(Entry))
        session.execute(delete(spec.model))
        session.execute(update(Envelope).values(words="wrong"))
        assert projection.differing(session) == [id]
        assert projection.rebuild(session) == 1
        assert projection.differing(session) == []
        assert session.get_one(Envelope, id).words == spec.search_words(body)


@each_kind
def test_a_path_that_is_removed_or_unknown_leaves_no_trace_in_the_projection(
    spec: KindSpec, database: Database
) -> None:
    id = new_id()
    put(database, spec, id, spec.example)
    bare: Mapping[str, object] = {"from_a_newer_contract": 1, "no/such": True}
    with database.writing() as session:
        session.execute(update(Envelope).values(body=canonical(bare)))  # type: ignore[arg-type]
        projection.project(session, spec, id, bare)  # type: ignore[arg-type]
        assert projection.differing(session) == []
        assert session.query(Entry).count() == 0


@each_kind
def test_no_word_of_special_sensitivity_is_searched(spec: KindSpec) -> None:
    secret = [name for name, field in spec.fields.items() if field.sensitive is SPECIAL]
    body = {path: value for path, value in spec.example.items() if path.split("/")[0] in secret}
    assert spec.search_words(body) == ""


def test_words_are_folded_alike_for_search() -> None:
    found = REGISTRY["dwelling"].search_words({"address": "Åsveien 3, GÁRDI  Ølst"})
    assert found == "asveien 3, gardi olst"
