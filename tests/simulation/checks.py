"""What must hold when the dust has settled: each check names its invariant and reads only facts.

The facts come from outside the rules under test: what eyes saw, what thumbs wrote, what the
ledger holds and what the server shows. None of them asks a phone what it thinks it saw.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.records import REGISTRY
from sync.mutation import digest
from sync.rules import Rule
from tests.simulation.books import Custody, Standing
from tests.simulation.checks_of_phones import every_phone
from tests.simulation.layout import laid_out
from tests.simulation.memory import Typed, Violation, text_of
from tests.simulation.run import Run

SERVER_MADE = ("review", "receipt")


def check(run: Run) -> None:
    """Raise Violation with everything that is wrong."""
    ledger, standing = run.town.ledger(), run.town.records()
    kinds = {one.id: one.kind for one in standing}
    found = [
        *custody(run, ledger),
        *effects(ledger),
        *faults(ledger),
        *membership(run),
        *silent_overwrites(run, ledger, kinds),
        *silent_deletes(run, ledger),
        *lonely_reviews(run, ledger, standing),
        *one_question(standing),
        *creation(ledger, kinds),
        *erasure(run, ledger, kinds),
        *contracts(ledger),
        *waiting(run, ledger, standing),
        *every_phone(run, ledger, standing),
    ]
    if found:
        raise Violation("\n".join(found))


def custody(run: Run, ledger: list[Custody]) -> Iterator[str]:
    """I-1: all that was ever typed is at the server, but for what a disk itself lost."""
    held = {row.clash_of or row.mid for row in ledger}
    for mid, typed in run.typed.items():
        if mid not in held and mid not in run.lost_by_disk and not forgotten(run, mid):
            yield f"I-1: {mid} of {typed[0].vault} ({typed[0].path}) is nowhere"
    for row in ledger:
        erased = row.state == "erased" or row.record in run.erased
        if row.raw and row.reason != "unreadable" and row.sha256 != digest(bytes(row.raw)):
            yield f"I-1: the bytes of {row.mid} are not those that were sent"
        if not row.raw and not erased:
            yield f"I-1: the bytes of {row.mid} are gone, and nobody erased them"


def forgotten(run: Run, mid: str) -> bool:
    """Say whether a restore may have lost it: the office writes to the server alone, a phone whose
    own disk fell back may have lost what it would have sent again, one that was closed is never
    told that the server was restored, and of what was erased no phone keeps a word."""
    first = run.typed[mid][0]
    vault = run.vaults.get(first.vault)
    lost = vault is None or vault.revoked or vault.name in run.rolled_back
    return run.lives > 0 and (lost or first.record in run.erased)


def effects(ledger: list[Custody]) -> Iterator[str]:
    """I-2: a mid has one row; that it took effect once was watched at every repeat."""
    mids = [row.mid for row in ledger]
    if len(set(mids)) < len(mids):
        yield "I-2: a mid is twice in the ledger"


def faults(ledger: list[Custody]) -> Iterator[str]:
    """Nothing that a phone or an office page can send may break the judge itself."""
    for row in ledger:
        if row.reason == "fault" or row.state == "custody":
            yield f"L-1: {row.mid} could not be judged"


def membership(run: Run) -> Iterator[str]:
    """I-23: at rest every record is in just the scopes that it and its parents put it in."""
    for id, is_in, should_be in run.town.memberships():
        if is_in != should_be:
            yield f"I-23: {id} is in {sorted(is_in)}, and belongs in {sorted(should_be)}"


def silent_overwrites(run: Run, ledger: list[Custody], kinds: dict[str, str]) -> Iterator[str]:
    """I-4: under `ask` nobody's value goes under unless its writer had seen it; I-22 where a
    decision wrote it."""
    for row in ledger:
        decided = run.decided.get(row.mid)
        typed = [decided] if decided else run.typed.get(row.mid)
        if not typed or row.record not in kinds:
            continue
        for path, was in overwritten(row, kinds[row.record]):
            if not had_seen(run, typed, row.record, path, was):
                number = "I-22" if decided else "I-4"
                who = typed[0].vault
                yield f"{number}: {row.mid} of {who} wrote {path} over {was!r}, unseen"


def overwritten(row: Custody, kind: str) -> Iterator[tuple[str, Any]]:
    """Give the paths under `ask` that a mutation wrote, and what stood there before."""
    for line in row.effects:
        rule = REGISTRY[kind].rule(line["path"])
        if line["outcome"] == "written" and rule is not None and rule.rule is Rule.ASK:
            yield line["path"], line["was"]


def had_seen(run: Run, typed: list[Typed], record: str, path: str, was: Any) -> bool:
    """Say whether whoever wrote had seen what stood there, or it was theirs or nobody's."""
    until = max(one.at for one in typed if one.path == path)
    return knew(run, typed[0].vault, (record, path), text_of(was), until)


def knew(run: Run, who: str, where: tuple[str, str], was: str, until: int) -> bool:
    """Say whether somebody knew a value then: it was nobody's or theirs, or before their eyes.

    After a restore an earlier value may stand again. Then it is enough to have seen what somebody
    wrote in its place who knew it: what they wrote over it may be known to all, and it to few.
    """
    if run.owner.get(was) in (None, who):
        return True
    saw = run.shown.get((who, *where, was))
    if saw is not None and saw <= until:
        return True
    later = [
        (run.owner[value], at)
        for (eyes, *place, value), at in run.shown.items()
        if (eyes, *place) == (who, *where) and at <= until and value in run.owner
    ]
    others = [(writer, at) for writer, at in later if run.lives > 0 and writer != who]
    return any(knew(run, writer, where, was, at - 1) for writer, at in others)


def silent_deletes(run: Run, ledger: list[Custody]) -> Iterator[str]:
    """I-22: nothing that somebody else wrote goes with its record unless it was seen."""
    for row in ledger:
        body = run.deletes.get(row.mid)
        gone = any((at["path"], at["outcome"]) == ("*", "written") for at in row.effects)
        if body is None or not gone or not row.record:
            continue
        who = run.typed[row.mid][0].vault
        for path, value in body.items():
            owner = run.owner.get(text_of(value))
            if (
                owner not in (None, who)
                and (who, row.record, path, text_of(value)) not in run.shown
            ):
                yield f"I-22: {row.mid} of {who} deleted {path} {value!r}, unseen"


def lonely_reviews(run: Run, ledger: list[Custody], standing: list[Standing]) -> Iterator[str]:
    """I-6: nobody is asked about a path that only one phone ever wrote, in whatever order.

    What breaks an invariant is put to a person whoever wrote it; that is no question of order.
    Office pages have no numbers: a page that has lain open may ask about its own user's value.
    Nor has a number meaning once a disk fell back: the phone may have given it out before.
    """
    writers: dict[tuple[str | None, str], set[str]] = {}
    for row in ledger:
        for path in row.said.get("set") or ():
            writers.setdefault((row.record, path), set()).add(row.replica)
    for one in standing:
        if one.kind != "review" or one.body["reason"] != "ask":
            continue
        about = one.body["about"], one.body["path"]
        phone = run.vault_of.get(one.body["replica"])
        whole = phone is not None and phone not in run.rolled_back
        if whole and writers.get(about) == {one.body["replica"]}:
            yield f"I-6: a review of {about[1]}, which one phone alone wrote"


def one_question(standing: list[Standing]) -> Iterator[str]:
    """L-2: a person is asked once about one path of one record from one replica."""
    seen: set[tuple[str, str, str]] = set()
    for one in standing:
        if one.kind == "review":
            asked = one.body["about"], one.body["path"], one.body["replica"]
            if asked in seen:
                yield f"L-2: two questions about {asked}"
            seen.add(asked)


def creation(ledger: list[Custody], kinds: dict[str, str]) -> Iterator[str]:
    """I-10: what is here was made, by the create of somebody who might."""
    made = {id for _, id, _ in laid_out()}
    made |= {
        str(row.record)
        for row in ledger
        if row.state in ("applied", "review") and row.said.get("op") == "create"
    }
    for id, kind in kinds.items():
        if id not in made and kind not in SERVER_MADE:
            yield f"I-10: nobody made the {kind} {id}"


def erasure(run: Run, ledger: list[Custody], kinds: dict[str, str]) -> Iterator[str]:
    """I-10, I-18: what was erased stays erased, whatever was restored or sent again since."""
    number = "I-18" if run.lives else "I-10"
    for id in sorted(run.erased & kinds.keys()):
        yield f"{number}: the {kinds[id]} {id} was erased, and is here again"
    for row in ledger:
        if row.record in run.erased and row.raw:
            yield f"{number}: the words of {row.mid} are kept, and their record was erased"


def contracts(ledger: list[Custody]) -> Iterator[str]:
    """I-15: what an older phone sent is judged as everything else is."""
    for row in ledger:
        if row.reason == "schema":
            yield f"I-15: {row.mid} of contract {row.said['contract']} still waits for an upgrade"


def waiting(run: Run, ledger: list[Custody], standing: list[Standing]) -> Iterator[str]:
    """L-1: nothing waits for what has come and its author may read."""
    seen: dict[str, set[str]] = {}
    arrived = {f"{row.replica}/{row.n}" for row in ledger}
    for row in ledger:
        if row.state != "held" or row.waits_for is None:
            continue
        if row.author not in seen:
            visible = run.town.scoped(row.author, run.synced_at)
            seen[row.author] = {one.id for one in standing if not one.deleted} & visible.keys()
        if row.waits_for in seen[row.author] | arrived:
            yield f"L-1: {row.mid} waits for {row.waits_for}, which is here"
