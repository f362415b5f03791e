"""What must hold when the dust has settled: each check names its invariant and reads only facts.

The facts come from outside the rules under test: what eyes saw, what thumbs wrote, what the
ledger holds and what the server shows. None of them asks a phone what it thinks it saw.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from server.records import REGISTRY
from sync.mutation import digest
from sync.rules import Rule
from tests.simulation.memory import Violation, text_of
from tests.simulation.run import Run

UNAPPLIED = ("held", "review")


def check(run: Run) -> None:
    """Raise Violation with everything that is wrong."""
    ledger = run.town.ledger()
    views = {name: run.phones.ask(name, "view") for name in run.vaults}
    found = [
        *custody(run, ledger, views),
        *effects(ledger),
        *faults(ledger),
        *membership(run),
        *silent_overwrites(run, ledger),
        *silent_deletes(run, ledger),
        *lonely_reviews(run, ledger),
        *what_phones_hold(run, views),
        *unapplied_work(run, ledger, views),
        *nothing_waits(views),
    ]
    if found:
        raise Violation("\n".join(found))


def custody(run: Run, ledger: list[Any], views: dict[str, Any]) -> Iterator[str]:
    """I-1: all that was ever typed is at the server, but for what a disk itself lost."""
    held = {row.clash_of or row.mid: row for row in ledger}
    for mid, typed in run.typed.items():
        if mid not in held and mid not in run.lost_by_disk and not forgotten(run, mid):
            yield f"I-1: {mid} of {typed[0].vault} ({typed[0].path}) is nowhere"
    for row in ledger:
        if row.sha256 != digest(bytes(row.raw)):
            yield f"I-1: the bytes of {row.mid} are not those that were sent"
    for name, view in views.items():
        if not view["same"]:
            yield f"I-8: {name} holds in memory what is not on its disk"


def forgotten(run: Run, mid: str) -> bool:
    """Say whether a restore may have lost it: the office writes to the server alone, and a phone
    whose own disk fell back may have lost what it would have sent again."""
    who = run.typed[mid][0].vault
    return run.lives > 0 and (who not in run.vaults or who in run.rolled_back)


def effects(ledger: list[Any]) -> Iterator[str]:
    """I-2: a mid has one row; that it took effect once was watched at every repeat."""
    mids = [row.mid for row in ledger]
    if len(set(mids)) < len(mids):
        yield "I-2: a mid is twice in the ledger"


def faults(ledger: list[Any]) -> Iterator[str]:
    """Nothing that a phone or an office page can send may break the judge itself."""
    for row in ledger:
        if row.reason == "fault" or row.state == "custody":
            yield f"fault: {row.mid} could not be judged"


def membership(run: Run) -> Iterator[str]:
    """I-23: at rest every record is in just the scopes that it and its parents put it in."""
    for id, is_in, should_be in run.town.memberships():
        if is_in != should_be:
            yield f"I-23: {id} is in {sorted(is_in)}, and belongs in {sorted(should_be)}"


def silent_overwrites(run: Run, ledger: list[Any]) -> Iterator[str]:
    """I-4: under `ask` nobody's value goes under unless its writer had seen it."""
    kinds = kinds_of(run)
    for row in ledger:
        if row.effect is None or row.mid not in run.typed:
            continue
        who = run.typed[row.mid][0].vault
        last = {typed.path: typed.at for typed in run.typed[row.mid]}
        for line in orjson.loads(row.effect):
            owner = run.owner.get(text_of(line["was"]))
            if line["outcome"] != "written" or owner in (None, who):
                continue
            spec = REGISTRY[kinds[row.record]]
            rule = spec.rule(line["path"])
            if rule is None or rule.rule is not Rule.ASK:
                continue
            saw = run.shown.get((who, row.record, line["path"], text_of(line["was"])))
            if saw is None or saw > last[line["path"]]:
                yield f"I-4: {row.mid} of {who} wrote {line['path']} over {line['was']!r}, unseen"


def silent_deletes(run: Run, ledger: list[Any]) -> Iterator[str]:
    """I-4 for deletes: nothing that somebody else wrote goes with the record unless it was seen."""
    for row in ledger:
        body = run.deletes.get(row.mid)
        if body is None or row.state != "applied" or row.reason == "equal":
            continue
        who = run.typed[row.mid][0].vault
        for path, value in body.items():
            owner = run.owner.get(text_of(value))
            if (
                owner not in (None, who)
                and (who, row.record, path, text_of(value)) not in run.shown
            ):
                yield f"I-4: {row.mid} of {who} deleted {path} {value!r}, unseen"


def lonely_reviews(run: Run, ledger: list[Any]) -> Iterator[str]:
    """I-6: nobody is asked about a path that only one phone ever wrote, in whatever order.

    What breaks an invariant is put to a person whoever wrote it; that is no question of order.
    Office pages have no numbers: a page that has lain open may ask about its own user's value.
    Nor has a number meaning once a disk fell back: the phone may have given it out before.
    """
    writers: dict[tuple[str, str], set[str]] = {}
    for row in ledger:
        for path in orjson.loads(row.raw).get("set", ()):
            writers.setdefault((row.record, path), set()).add(row.replica)
    for one in run.town.records():
        if one.kind != "review" or one.body["reason"] != "ask":
            continue
        about = one.body["about"], one.body["path"]
        phone = run.vault_of.get(one.body["replica"])
        whole = phone is not None and phone not in run.rolled_back
        if whole and writers[about] == {one.body["replica"]}:
            yield f"I-6: a review of {about[1]}, which one phone alone wrote"


def what_phones_hold(run: Run, views: dict[str, Any]) -> Iterator[str]:
    """All phones end equal to the server: each holds just what its user may see, as it stands."""
    for name, vault in run.vaults.items():
        here, there = views[name]["base"], run.town.visible(vault.user, run.synced_at)
        if extra := sorted(here.keys() - there.keys()):
            yield f"I-11: {name} still holds {extra}, which its user may not see"
        if lacking := sorted(there.keys() - here.keys()):
            yield f"I-3: {name} lacks {lacking}"
        for id in here.keys() & there.keys():
            mine, theirs = here[id], there[id]
            if (mine["seq"], mine["body"]) != (theirs.seq, theirs.body):
                yield f"I-7: {name} holds {theirs.kind} {id} at {mine['seq']}, not {theirs.seq}"


def unapplied_work(run: Run, ledger: list[Any], views: dict[str, Any]) -> Iterator[str]:
    """I-24: what stands unapplied is in sight of its author, and nothing else is."""
    states = {row.mid: row.state for row in ledger}
    clashes = {row.clash_of for row in ledger if row.clash_of}
    for row in ledger:
        mid = row.clash_of or row.mid
        for name, vault in run.vaults.items():
            waits = row.state in UNAPPLIED and vault.user == row.author
            if waits and not {mid, row.mid} & set(views[name]["unapplied"]):
                yield f"I-24: {name} shows nothing of {row.mid}, which is {row.state}"
    for name, view in views.items():
        for mid in view["unapplied"]:
            if states.get(mid) not in UNAPPLIED and mid not in clashes:
                yield f"I-24: {name} still shows {mid}, which is {states.get(mid)}"


def nothing_waits(views: dict[str, Any]) -> Iterator[str]:
    """L-1 and I-9: every row reached a state, and was let go once the feed had covered it."""
    for name, view in views.items():
        waiting = [row["mid"] for row in view["rows"] if row["state"] != "covered"]
        if waiting:
            yield f"L-1: {name} still waits for {waiting}"


def kinds_of(run: Run) -> dict[str, str]:
    """Give the kind of every record."""
    return {one.id: one.kind for one in run.town.records()}
