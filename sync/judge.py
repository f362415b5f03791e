"""Says what one mutation does to one record; reads and writes nothing, asks no clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sync import rules
from sync.mutation import WHOLE, Json, Mutation, Seen, field_of
from sync.rules import FieldRule, Mine, Outcome, Rule, Version
from sync.verdict import Ask, Effect, Facts, Reason, State, Stored, Verdict, applied, merged

__all__ = [
    "STATUS",
    "Ask",
    "Effect",
    "Facts",
    "Reason",
    "State",
    "Stored",
    "Verdict",
    "applied",
    "judge",
    "merged",
]

STATUS: Final = "status"
_WEIGHT: Final[tuple[Reason, ...]] = ("locked", "delete", "invariant", "status", "ask")


def judge(mutation: Mutation, stored: Stored | None, facts: Facts) -> Verdict:
    """Judge one mutation against the record as it stands; the same arguments, the same verdict."""
    held = _held(mutation, stored, facts)
    if held is not None:
        return held
    if stored is not None and mutation.op in ("delete", "restore"):
        return _flag(mutation, stored, facts)
    return _paths(mutation, stored, facts)


def _hold(reason: str, waits_for: str | None = None, paths: Iterable[str] = ()) -> Verdict:
    effect = [Effect(path, Outcome.NOT_WRITTEN, None) for path in paths]
    return Verdict("held", reason, effect=effect, waits_for=waits_for)


def _held(mutation: Mutation, stored: Stored | None, facts: Facts) -> Verdict | None:
    """Steps 2 to 5: what keeps a mutation from being judged at all, in this order."""
    if facts.replica_revoked:
        return _hold("replica_revoked")
    if facts.newer_contract:
        return _hold("schema")
    bad = [p for p in mutation.set if not _is_known(p, facts.fields) or p in facts.invalid]
    if not facts.kind_known or bad:
        return _hold("invalid", paths=bad)
    if not facts.may_write:
        return _hold("access")
    if facts.missing_ref is not None:
        return _hold("ref", facts.missing_ref)
    if facts.gone:
        return _hold("gone")
    if stored is None:
        return None if mutation.op == "create" else _not_here(mutation)
    return _held_by_target(mutation, stored, facts)


def _not_here(mutation: Mutation) -> Verdict:
    """What is not here, or hidden from its author, is waited for.

    The word follows from the mutation alone, or it would tell which of the two it is: whoever says
    that they saw the record, is told that they see it no longer.
    """
    saw = any(seen.seq for seen in mutation.seen.values())
    return _hold("access" if saw else "ref", mutation.id)


def _held_by_target(mutation: Mutation, stored: Stored, facts: Facts) -> Verdict | None:
    if mutation.op == "create" and (stored.kind != mutation.kind or not facts.one_per):
        return _hold("duplicate_id")
    if stored.kind != mutation.kind:
        return _hold("invalid")
    if stored.deleted and mutation.op in ("create", "patch"):
        return _hold("gone")
    return None


def _is_known(path: str, fields: Mapping[str, FieldRule]) -> bool:
    whole = fields.get(path)
    if whole is not None:
        return not whole.keyed
    name = field_of(path)
    return name != path and name in fields and fields[name].keyed


def _mine(mutation: Mutation, stored: Stored, facts: Facts) -> Mine:
    """Who writes. After a fork n says nothing, so there is no chain.

    A submission of my own, later than this mutation, did not close the record for it: I wrote
    first, and only the network changed the order.
    """
    n = None if facts.fork else mutation.n
    mine = Mine(mutation.replica, n)
    if rules.state_of(stored.body.get(STATUS)) == rules.INITIAL:
        return mine
    status = stored.versions.get(STATUS)
    overtaken = status is not None and rules.is_later(status, mine)
    return Mine(mutation.replica, n, closed=not overtaken)


# Delete and restore


def _flag(mutation: Mutation, stored: Stored, facts: Facts) -> Verdict:
    """Step 7: the flag is a path like others, except that a deletion touches every path.

    So a path that another changed unseen makes it a question, and the record stays.
    """
    mine, seen, flag = _mine(mutation, stored, facts), mutation.saw(WHOLE), mutation.op == "delete"
    outcome = rules.ask(stored.deleted, stored.versions.get(WHOLE), flag, seen, mine)
    reasons: dict[str, Reason] = {WHOLE: "delete"}
    if outcome is Outcome.WRITTEN and flag != stored.deleted:
        if flag and _has_unseen(stored, facts, seen, mine):
            outcome = Outcome.REVIEW
        if stored.locked:
            outcome, reasons[WHOLE] = Outcome.REVIEW, "locked"
    return _verdict(
        mutation, {WHOLE: flag}, {WHOLE: stored.deleted}, facts, {WHOLE: outcome}, reasons
    )


def _has_unseen(stored: Stored, facts: Facts, seen: Seen, mine: Mine) -> bool:
    """Whether somebody changed it unseen; beyond an author's reach is only what the server owns."""
    within = facts.fields.keys() | {WHOLE}
    found = (at for path, at in stored.versions.items() if field_of(path) in within)
    return any(_is_foreign(version, seen, mine) for version in found)


def _is_foreign(version: Version, seen: Seen, mine: Mine) -> bool:
    seq, replica, _ = version
    return seq > seen.seq and not (replica == mine.replica and mine.n is not None)


# Create and patch


def _paths(mutation: Mutation, stored: Stored | None, facts: Facts) -> Verdict:
    """Steps 6 and 8: each path by its rule, then the record as a whole."""
    old = stored or Stored(mutation.kind, 0, False, {}, {})
    mine = _mine(mutation, old, facts)
    outcomes: dict[str, Outcome] = {}
    reasons: dict[str, Reason] = {}
    for path in mutation.set:
        outcome = _by_rule(path, mutation, old, facts, mine)
        shut = old.locked and not facts.fields[field_of(path)].lasting
        if shut and outcome in (Outcome.WRITTEN, Outcome.REVIEW):
            outcome, reasons[path] = Outcome.REVIEW, "locked"
        elif outcome is Outcome.REVIEW:
            held = _nobody_to_ask(path, mutation, old, facts, mine)
            if held is not None:
                return held
            reasons[path] = _reason(path, old, facts, mine)
        outcomes[path] = outcome
    if WHOLE in mutation.seen:
        _ask_about_unseen(mutation, old, facts, mine, outcomes, reasons)
    withheld = _withheld(_written(mutation.set, outcomes), old, facts)
    if withheld and facts.missing_n is not None:
        return _wait(mutation, facts.missing_n)
    for path in withheld:
        outcomes[path], reasons[path] = Outcome.REVIEW, "invariant"
    return _verdict(
        mutation, mutation.set, old.body, facts, outcomes, reasons, creates=stored is None
    )


def _ask_about_unseen(
    mutation: Mutation,
    old: Stored,
    facts: Facts,
    mine: Mine,
    outcomes: dict[str, Outcome],
    reasons: dict[str, Reason],
) -> None:
    """Whoever decides on a record as a whole says how they saw it: more than that stands unread."""
    if not _has_unseen(old, facts, mutation.saw(WHOLE), mine):
        return
    for path, outcome in outcomes.items():
        if outcome is Outcome.WRITTEN:
            outcomes[path] = Outcome.REVIEW
            reasons[path] = "status" if field_of(path) == STATUS else "ask"


def _by_rule(path: str, mutation: Mutation, old: Stored, facts: Facts, mine: Mine) -> Outcome:
    return rules.decide(
        facts.fields[field_of(path)],
        standing=old.body.get(path),
        version=old.versions.get(path),
        value=mutation.set[path],
        seen=mutation.saw(path),
        mine=mine,
    )


def _reason(path: str, old: Stored, facts: Facts, mine: Mine) -> Reason:
    """Why a person is asked about this path: what the rule says, or that it was closed."""
    rule, version = facts.fields[field_of(path)].rule, old.versions.get(path)
    if rule is Rule.FORWARD:
        return "status"
    is_own = version is not None and version[1] == mine.replica
    return "locked" if rule is Rule.FIXED and is_own and mine.closed else "ask"


def _nobody_to_ask(
    path: str, mutation: Mutation, old: Stored, facts: Facts, mine: Mine
) -> Verdict | None:
    """I-6: a review is a question between two; a replica alone with its record has no other side.

    What it may not do there (an impossible step, a closed text) is held as invalid, unless an
    earlier mutation of its own is still on the way: the missing step may be in that one.
    """
    version, status = old.versions.get(path), old.versions.get(STATUS)
    is_step = facts.fields[field_of(path)].rule is Rule.FORWARD
    concurrent = rules.is_concurrent(version, mutation.saw(path), mine)
    if is_step and not concurrent and facts.missing_n is not None:
        return _wait(mutation, facts.missing_n)
    in_chain = (at is None or rules.is_in_chain(at, mine) for at in (version, status))
    if all(in_chain):
        return _hold("invalid", paths=[path])
    return None


def _wait(mutation: Mutation, missing_n: int) -> Verdict:
    return _hold("ref", f"{mutation.replica}/{missing_n}")


def _withheld(writes: Mapping[str, Json], old: Stored, facts: Facts) -> set[str]:
    """The written paths that would break the record, and the status with them.

    A draft may be incomplete. What is withheld can break what was left, so look again until the
    rest holds.
    """
    withheld: set[str] = set()
    while True:
        kept = {path: value for path, value in writes.items() if path not in withheld}
        body = merged(old.body, kept)
        if STATUS in facts.fields and rules.state_of(body.get(STATUS)) == rules.INITIAL:
            return withheld
        broken = set(facts.invariants(body))
        found = kept.keys() & (broken | {STATUS}) if broken else set()
        if not found:
            return withheld
        withheld |= found


# The answer


def _written(values: Mapping[str, Json], outcomes: Mapping[str, Outcome]) -> dict[str, Json]:
    return {path: values[path] for path, o in outcomes.items() if o is Outcome.WRITTEN}


def _verdict(
    mutation: Mutation,
    values: Mapping[str, Json],
    standing: Mapping[str, Json],
    facts: Facts,
    outcomes: Mapping[str, Outcome],
    reasons: Mapping[str, Reason],
    creates: bool = False,
) -> Verdict:
    """Put the parts together; a question that my own later n already asks is not asked again."""
    n = None if facts.fork else mutation.n
    stale = {path for path, asked in facts.asked.items() if n and asked and asked > n}
    asking = [path for path, o in outcomes.items() if o is Outcome.REVIEW]
    final = {**outcomes, **dict.fromkeys(stale.intersection(asking), Outcome.SUPERSEDED)}
    reviews = [
        Ask(path, values[path], mutation.saw(path), reasons[path])
        for path in asking
        if path not in stale
    ]
    settled = (Outcome.WRITTEN, Outcome.EQUAL)
    writes = _written(values, final)
    flag = writes.pop(WHOLE, None)
    return Verdict(
        "review" if reviews else "applied",
        _headline(set(final.values()), reviews),
        creates,
        writes=writes,
        effect=[Effect(path, o, standing.get(path)) for path, o in final.items()],
        reviews=reviews,
        closes=[path for path, o in final.items() if o in settled and path not in stale],
        deleted=None if flag is None else bool(flag),
    )


def _headline(outcomes: set[Outcome], reviews: list[Ask]) -> str | None:
    """The one reason that stands for the whole mutation; the effects have them all."""
    if reviews:
        return min((ask.reason for ask in reviews), key=_WEIGHT.index)
    if Outcome.SUPERSEDED in outcomes:
        return "superseded"
    return "equal" if outcomes == {Outcome.EQUAL} else None
