"""What holds for every run and not only for the cases: I-4, I-6, I-13, I-22 and I-24."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.judge import STATUS, Facts, Stored, Verdict, applied, judge
from sync.mutation import WHOLE, Json, Mutation, Seen
from sync.rules import Version, state_of
from tests.sync.cases import FIELDS, mutation_of

QUICK = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def required_phone(body: Mapping[str, Json]) -> tuple[str, ...]:
    return () if "phone" in body else ("phone",)


@dataclass
class Server:
    """The least that can be called a server: one record, what is held, and the judge."""

    stored: Stored | None = None
    seq: int = 0
    judged: dict[str, set[int]] = field(default_factory=dict)
    held: list[Mutation] = field(default_factory=list)
    verdicts: list[tuple[Mutation, Stored | None, Verdict]] = field(default_factory=list)

    def receive(self, mutation: Mutation) -> None:
        self.held.append(mutation)
        while any(self._try(waiting) for waiting in list(self.held)):
            pass

    def _try(self, mutation: Mutation) -> bool:
        judged, n = self.judged.setdefault(mutation.replica, set()), mutation.n or 1
        missing = next((earlier for earlier in range(1, n) if earlier not in judged), None)
        facts = Facts(FIELDS, invariants=required_phone, missing_n=missing)
        verdict = judge(mutation, self.stored, facts)
        assert verdict == judge(mutation, self.stored, facts), (
            "the same arguments, the same verdict"
        )
        if verdict.state == "held" and verdict.reason in ("ref", "gone"):
            return False
        self.held.remove(mutation)
        judged.add(n)
        self.seq += 1
        self.verdicts.append((mutation, self.stored, verdict))
        self.stored = applied(mutation, self.stored, verdict, facts, self.seq)
        return True


def edit(n: int, op: str, **parts: Any) -> Mutation:
    seen = {WHOLE: {"seq": 0}} if op in ("delete", "restore") else {}
    return mutation_of({"n": n, "op": op, "seen": seen, **parts})


# One replica alone


@st.composite
def a_day_alone(draw: st.DrawFn) -> list[Mutation]:
    """What one phone can do to a record of its own, in the order it did it.

    Its form closes what the rules close: words from submission, everything while deleted.
    """
    day = [edit(1, "create", set={"phone": "0"})]
    state, deleted = "draft", False
    for n in range(2, draw(st.integers(2, 8)) + 1):
        step = "restore" if deleted else draw(st.sampled_from(["set"] * 5 + ["status", "delete"]))
        if step != "set" and step != "status":
            deleted = step == "delete"
            day.append(edit(n, step))
            continue
        touched: dict[str, Json] = {}
        if step == "status":
            steps = FIELDS[STATUS].transitions or {}
            state = draw(st.sampled_from(sorted(steps[state])))
            touched[STATUS] = {"state": state, "by": "me", "at": n}
        else:
            touched["phone"] = draw(st.sampled_from(["1", "2", "3"]))
            touched["colour"] = draw(st.sampled_from([None, "red", "blue"]))
            touched["access"] = draw(st.sampled_from(["open", "call_first", "two_people", None]))
            touched["answers/a1"] = draw(st.sampled_from([None, "ok", "deviation"]))
            touched[f"notes/n{n}"] = "a new line"
            if state == "draft":
                touched["notes/n0"] = draw(st.sampled_from(["one", "two"]))
            kept = draw(st.sets(st.sampled_from(sorted(touched)), min_size=1))
            touched = {path: touched[path] for path in sorted(kept)}
        day.append(edit(n, "patch", set=touched))
    return day


def outcome(mutations: list[Mutation]) -> Server:
    server = Server()
    for mutation in mutations:
        server.receive(mutation)
    return server


@given(day=a_day_alone(), data=st.data())
@QUICK
def test_one_replica_alone_is_never_asked_and_ends_alike_in_every_order(
    day: list[Mutation], data: st.DataObject
) -> None:
    straight, shuffled = outcome(day), outcome(data.draw(st.permutations(day)))
    for server in (straight, shuffled):
        for _, _, verdict in server.verdicts:
            assert verdict.state == "applied", verdict
    assert straight.stored is not None
    assert shuffled.stored is not None
    assert shuffled.stored.deleted == straight.stored.deleted
    assert straight.held == []
    if not straight.stored.deleted:
        assert shuffled.held == []
        assert shuffled.stored.body == straight.stored.body


@given(
    values=st.lists(
        st.dictionaries(
            st.sampled_from(["phone", "answers/a1", "colour", "access", "notes/n0", STATUS]),
            st.sampled_from(["open", "two_people", None]),
            min_size=1,
        ),
        min_size=1,
        max_size=6,
    ),
    data=st.data(),
)
@QUICK
def test_one_replica_alone_is_never_asked_even_for_what_no_phone_would_send(
    values: list[dict[str, Any]], data: st.DataObject
) -> None:
    """Unlawful steps and closed words of one's own are held; only completeness is a question."""
    days = [edit(1, "create", set={"phone": "0"})]
    for n, touched in enumerate(values, 2):
        if STATUS in touched:
            state = data.draw(st.sampled_from(["draft", "submitted", "returned", "approved"]))
            touched = {**touched, STATUS: {"state": state}}
        days.append(edit(n, "patch", set=touched))
    for mutation, _, verdict in outcome(data.draw(st.permutations(days))).verdicts:
        assert {ask.reason for ask in verdict.reviews} <= {"invariant"}, mutation


# Two replicas


@st.composite
def two_days(draw: st.DrawFn) -> list[tuple[str, dict[str, Any], int]]:
    """Edits of two replicas in the order of arrival, each with how far back its form was opened."""
    value = st.sampled_from([None, "a", "b", "open", "two_people"])
    path = st.sampled_from(["phone", "answers/a1", "answers/a2", "colour", "access", "notes/n0"])
    status = st.sampled_from(["submitted", "returned", "approved"])
    a_patch = st.dictionaries(path, value, min_size=1, max_size=3)
    a_step = st.builds(lambda state: {STATUS: {"state": state}}, status)
    one = st.one_of(
        a_patch, a_patch, a_step, st.sampled_from([{"op": "delete"}, {"op": "restore"}])
    )
    return draw(
        st.lists(
            st.tuples(st.sampled_from(["mine", "other"]), one, st.integers(0, 12)), max_size=12
        )
    )


def play(events: list[tuple[str, dict[str, Any], int]]) -> Server:
    server = Server()
    server.receive(edit(1, "create", set={"phone": "0"}))
    counts = {"mine": 1, "other": 0}
    for replica, touched, seq in events:
        counts[replica] += 1
        parts: dict[str, Any] = {"op": touched.get("op", "patch"), "seen": {WHOLE: {"seq": seq}}}
        if "op" not in touched:
            seen = {path: {"value": None, "seq": seq} for path in touched}
            parts = {"op": "patch", "set": touched, "seen": seen}
        server.receive(mutation_of({"replica": replica, "n": counts[replica], **parts}))
    return server


def foreign_and_unseen(stored: Stored, mutation: Mutation, path: str, seen: Seen) -> bool:
    version: Version | None = stored.versions.get(path)
    return version is not None and version[1] != mutation.replica and version[0] > seen.seq


@given(events=two_days())
@QUICK
def test_nobody_writes_over_what_another_wrote_and_they_had_not_seen(
    events: list[tuple[str, dict[str, Any], int]],
) -> None:
    for mutation, before, verdict in play(events).verdicts:
        if before is None:
            continue
        for path in verdict.writes:
            if path.partition("/")[0] in ("phone", "answers", "notes", STATUS):
                assert not foreign_and_unseen(before, mutation, path, mutation.saw(path))
        if verdict.deleted and not before.deleted:
            for path in before.versions:
                assert not foreign_and_unseen(before, mutation, path, mutation.saw(WHOLE))


@given(events=two_days(), year=st.sampled_from(["2019", "2040"]))
@QUICK
def test_no_clock_changes_a_verdict(
    events: list[tuple[str, dict[str, Any], int]], year: str
) -> None:
    for mutation, before, _ in play(events).verdicts:
        then = f"{year}-01-01T00:00:00.000Z"
        skewed = replace(mutation, happened_at=then, captured_at=then, offset_ms=-1)
        facts = Facts(FIELDS, invariants=required_phone)
        assert judge(skewed, before, facts) == judge(mutation, before, facts)


@given(events=two_days())
@QUICK
def test_every_value_stands_or_is_asked_about_or_is_in_the_history(
    events: list[tuple[str, dict[str, Any], int]],
) -> None:
    server = play(events)
    for mutation, before, verdict in server.verdicts:
        paths = set(mutation.set) or {WHOLE}
        if verdict.state == "held":
            assert verdict.writes == {}
            assert verdict.reviews == []
            continue
        assert {effect.path for effect in verdict.effect} >= paths
        asked = {ask.path: ask.value for ask in verdict.reviews}
        for effect in verdict.effect:
            assert (effect.outcome == "review") == (effect.path in asked)
            if effect.path != WHOLE:
                assert (effect.outcome == "written") == (effect.path in verdict.writes)
        assert (verdict.state == "review") == bool(asked)
        if before is not None and state_of(before.body.get(STATUS)) != "draft":
            assert asked.get("phone", 1) is not None or "phone" in before.body
    if server.stored is not None and state_of(server.stored.body.get(STATUS)) != "draft":
        assert "phone" in server.stored.body, "a submitted record stays whole"
