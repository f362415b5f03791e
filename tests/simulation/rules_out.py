"""Every rule that an invariant rests on, and how to take it out; used by tests alone."""

from __future__ import annotations

from server import feed
from server.intake import answers, judging, placing, turn
from server.keeping import erasure
from sync import judge, mutation, rules
from tests.simulation import town
from tests.simulation.mutants import Mutant, ServerCut

MUTANTS = (
    Mutant(
        "I-1",
        "Nothing leaves the outbox before the server has answered for it",
        ("I-1",),
        (
            (
                "  for (const result of reply.results) takeResult(",
                "  for (const { mid, state: at } of state.rows) {"
                "    if (at === 'frozen') dropRow(edit, mid)\n  }\n"
                "  for (const result of reply.results) takeResult(",
            ),
        ),
    ),
    Mutant(
        "I-2",
        "A known mid is answered for, and not judged a second time",
        ("I-2",),
        server=(
            ServerCut(
                turn,
                "_met",
                "entry.state == CUSTODY or (",
                "True or (",
            ),
        ),
    ),
    Mutant(
        "I-3",
        "A page that is full goes on where it ended",
        ("I-3", "I-7", "I-9", "I-11"),
        server=(
            ServerCut(
                feed._Reader,
                "_read_loading",
                "found[-1][1] if full and found else self.head",
                "self.head",
            ),
        ),
    ),
    Mutant(
        "I-4",
        "What two wrote apart is put to a person",
        ("I-4",),
        server=(ServerCut(rules, "ask", "or Outcome.REVIEW", "or Outcome.WRITTEN"),),
    ),
    Mutant(
        "I-5",
        "What a form has seen is frozen when it is opened",
        ("I-5", "I-4"),
        (
            (
                "const mine = seenAt(snapshot, path)",
                "const mine = seenAt(open(state, snapshot.id, snapshot.kind), path)",
            ),
        ),
    ),
    Mutant(
        "I-5",
        "What was seen is inherited from the earliest row that is on its way",
        ("I-5", "I-4"),
        (("return snapshot.inherited[path] ?? {", "return {"),),
    ),
    Mutant(
        "I-6",
        "My own edits out of order are put back in order",
        ("I-6",),
        server=(ServerCut(rules, "is_later", "n > mine.n", "False"),),
    ),
    Mutant(
        "I-7",
        "A late answer moves nothing, and no record steps back",
        ("I-7",),
        (
            ("old !== undefined && old.gen >= meta.restored && old.seq > seq", "false"),
            (
                "unchanged && !restored && sent.replica === state.replica && "
                "sent.cursor === state.cursor",
                "!restored",
            ),
        ),
    ),
    Mutant(
        "I-8",
        "A step is one local transaction: all of it is on the disk, or none",
        ("I-1", "I-3", "I-7", "I-8", "I-9", "I-11", "I-16", "I-24", "L-1"),
        disk="torn",
    ),
    Mutant(
        "I-8",
        "What leaves the outbox leaves the disk",
        ("I-8",),
        (("if (edit.rows.delete(mid)) note(edit, {", "if (edit.rows.delete(mid)) void ({"),),
    ),
    Mutant(
        "I-9",
        "A row stays until the feed has reached its seq",
        ("I-9",),
        (("seq: written ? (result.seq ?? null) : null", "seq: null"),),
    ),
    Mutant(
        "I-10",
        "An update never creates",
        ("I-10",),
        server=(
            ServerCut(
                judge,
                "_held",
                'return None if mutation.op == "create" else _not_here(mutation)',
                "return None",
            ),
        ),
    ),
    Mutant(
        "I-10",
        "What was erased is gone for ever",
        ("I-10", "I-18"),
        server=(
            ServerCut(judging.Bench, "_facts", "gone=mutation.id in self.desk.gone", "gone=False"),
        ),
    ),
    Mutant(
        "I-11",
        "An access list counts only if it names this vault's user",
        ("I-11",),
        (
            (
                "return access.user === state.user && Array.isArray(access.scopes) && "
                "access.scopes.includes(`me:${state.user}`)",
                "return true",
            ),
        ),
    ),
    Mutant(
        "I-11",
        "What is in none of my scopes any more leaves the phone",
        ("I-11", "I-16"),
        (("narrow(edit, (scope) => mine.has(scope))", "mine.clear()"),),
    ),
    Mutant(
        "I-12",
        "At the end of a reset, what was not heard of again is swept",
        ("I-11", "I-12", "I-16"),
        (
            (
                "narrow(edit, (scope, record) => record.gen >=",
                "void ((record: BaseRecord, scope: string) => record.gen >=",
            ),
        ),
    ),
    Mutant(
        "I-13",
        "Rows are ordered by number, and not by any clock",
        ("I-13", "I-6", "I-8"),
        (
            (
                "return a.era - b.era || a.n - b.n",
                "return Date.parse(a.captured_at) - Date.parse(b.captured_at) || a.n - b.n",
            ),
        ),
    ),
    Mutant(
        "I-15",
        "An older contract is heard, and only a newer one waits",
        ("I-15",),
        server=(
            ServerCut(
                judging.Bench,
                "_facts",
                "mutation.contract > CONTRACT",
                "mutation.contract != CONTRACT",
            ),
        ),
    ),
    Mutant(
        "I-16",
        "A put says in which of my scopes the record is now",
        ("I-16", "I-11"),
        (("{ kind, seq, in: scopes, body, gen", "{ kind, seq, in: old?.in ?? scopes, body, gen"),),
    ),
    Mutant(
        "I-16",
        "What a phone says that it holds is compared with what it should hold",
        ("I-16",),
        server=(ServerCut(feed, "pull", "parity.differing(session, mine, held)", "[]"),),
    ),
    Mutant(
        "I-17",
        "Nothing is shown as saved before it is on the disk",
        ("I-17",),
        disk="early",
    ),
    Mutant(
        "I-18",
        "After a restore, the last days are sent again",
        ("I-1",),
        (("if (row.state === 'covered') putRow(edit, { ...row, again: true })", "if (false) 0"),),
    ),
    Mutant(
        "I-18",
        "A restored server erases again what had been erased",
        ("I-18",),
        server=(ServerCut(erasure, "replay", "if here:", "if False:"),),
    ),
    Mutant(
        "I-20",
        "Other bytes under a known mid are told nothing of what became of the first",
        ("I-20", "I-2"),
        server=(
            ServerCut(
                turn.Turn,
                "_is_same",
                "first.sha256 == entry.sha256 and first.author == entry.author",
                "True",
            ),
        ),
    ),
    Mutant(
        "I-21",
        "Only what is present in a scope of mine is put",
        ("I-21", "I-16"),
        server=(ServerCut(feed._Reader, "_present", "if scope in mine:", "if True:"),),
    ),
    Mutant(
        "I-21",
        "What had left before a load began is not named in it",
        ("I-21",),
        server=(
            ServerCut(feed.Cursor, "left_after", "self.began.get(scope, self.start or 0)", "0"),
        ),
    ),
    Mutant(
        "I-22",
        "A deletion is judged against all that its author had not seen",
        ("I-22",),
        server=(
            ServerCut(judge, "_flag", "if flag and _has_unseen(", "if False and _has_unseen("),
        ),
    ),
    Mutant(
        "I-22",
        "A decision is judged against the record that was shown with it",
        ("I-22",),
        server=(
            ServerCut(
                answers.Answers,
                "_elsewhere",
                "shown = target.seq if step.shown_seq is None else step.shown_seq",
                "shown = target.seq",
            ),
        ),
    ),
    Mutant(
        "I-23",
        "What hangs on a record that moves is placed anew with it",
        ("I-23",),
        server=(ServerCut(turn, "replace_children", "elif hanging:", "elif False:"),),
    ),
    Mutant(
        "I-23",
        "What is too much for one turn is placed anew in pieces",
        ("I-23", "I-11"),
        server=(ServerCut(placing, "_place", "write(desk, [], [], now)", "pass"),),
    ),
    Mutant(
        "I-24",
        "What is not applied has a receipt",
        ("I-24",),
        server=(ServerCut(answers.Answers, "finish", "self._write_receipts()", "pass"),),
    ),
    Mutant(
        "I-24",
        "A vault that never held it shows what a receipt tells",
        ("I-24",),
        (("items.push({ ...told,", "void ({ ...told,"),),
    ),
    Mutant(
        "I-25",
        "A restored server raises its sequence beyond all that it gave out before",
        ("I-25", "I-7", "I-9", "I-3", "I-4"),
        server=(ServerCut(town, "renew_incarnation", "+ INCARNATION_STEP", "+ 0"),),
    ),
    Mutant(
        "L-1",
        "What waits is judged again when that has come for which it waits",
        ("L-1",),
        server=(
            ServerCut(turn.Turn, "_judge", "ledger.waiting_for(self.session, landed)", "()"),
            ServerCut(town.Town, "judge_held", "judge_again(", "(lambda *_: None)("),
        ),
    ),
    Mutant(
        "L-1",
        "What a decision brings takes a free name, whoever sent something under its own",
        ("L-1",),
        server=(ServerCut(turn, "followed", "while free in taken:", "while False:"),),
    ),
    Mutant(
        "L-1",
        "Nobody but the server makes a record under the name of an answer to come",
        ("L-1",),
        server=(
            ServerCut(
                mutation,
                "_mutation",
                'if op == "create" and id[_VERSION_AT] == _SERVERS:',
                "if False:",
            ),
        ),
    ),
    Mutant(
        "L-2",
        "A load ends: what was read is not read again",
        ("L-2", "L-1"),
        server=(
            ServerCut(
                feed._Reader,
                "_read_loading",
                "found[-1][1] if full and found else self.head",
                "positions[scope] if full and found else self.head",
            ),
        ),
    ),
    Mutant(
        "L-2",
        "One path of one record is asked about once for each phone",
        ("L-2",),
        server=(
            ServerCut(
                answers.Answers,
                "note",
                "review = review_id(mutation.id, ask.path, mutation.replica)",
                "review = review_id(mutation.mid, ask.path, mutation.replica)",
            ),
        ),
    ),
)
