"""What `./run bench peers` says about a run, and how it reads answers; nothing is started."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bench.line import Line
from bench.load import Figures
from bench.peers import install
from bench.peers.kinto import PER_BATCH, KintoPhone
from bench.peers.peer import Known, dumped, visit
from bench.peers.pouchdb import PouchPhone
from bench.peers.report import Row, plain, tables
from bench.peers.rxdb import RxdbPhone
from bench.peers.workloads import BATCH, Fate, Outcome, batches

EDITS = Fate(edits=100, in_effect=5, told=60, kept=20)


def row(peer: str, cpu_s: float, workload: str = "W1 push", fate: Fate | None = None) -> Row:
    figures = Figures(
        workload, 1000, cpu_s, 2.0, [0.001 * n for n in range(1, 101)], 5000, 9000, 10
    )
    return Row(workload, "record", peer, Outcome(figures, fate))


def test_a_peers_cost_is_told_beside_ours() -> None:
    said = list(tables([row("Ours", 0.08), row("Theirs", 0.4)], "Ours"))
    assert said[1] == "W1 push, CPU in µs per record"
    [ours] = [line.split() for line in said if line.startswith("Ours")]
    [theirs] = [line.split() for line in said if line.startswith("Theirs")]
    assert ours == ["Ours", "80.00", "1.0", "500", "51.0", "96.0", "100.0", "5", "9", "0.01"]
    assert theirs[1:3] == ["400.00", "5.0"]


def test_a_sync_is_told_in_milliseconds() -> None:
    slow = Row("W3 steady", "sync", "Ours", row("Ours", 2.0).outcome)
    said = list(tables([slow], "Ours"))
    assert said[1] == "W3 steady, CPU in ms per sync" and said[3].split()[1] == "2.00"


def test_what_could_not_be_measured_is_said_and_why() -> None:
    missing = Row("W1 push", "record", "Theirs", None, "it did not start")
    said = list(tables([row("Ours", 0.08), missing], "Ours"))
    assert said[-1].split(maxsplit=1)[1] == "not measured: it did not start"
    assert plain(missing)["why"] == "it did not start"


def test_without_ours_in_the_run_there_is_no_ratio() -> None:
    [line] = [line for line in tables([row("Theirs", 0.4)], "Ours") if line.startswith("Theirs")]
    assert line.split()[2] == "–"


def test_an_edit_is_lost_in_silence_when_it_has_no_effect_and_nobody_was_told() -> None:
    assert EDITS.silent == 35
    said = list(tables([row("Theirs", 0.4, "W5 A", EDITS)], "Ours"))
    assert said[-1].split() == ["Theirs", "100", "5", "60", "35", "20"]
    assert plain(row("Theirs", 0.4, "W5 A", EDITS))["fate"]["silent"] == 35


def test_the_file_has_the_same_figures_as_the_table() -> None:
    written = plain(row("Ours", 0.08))
    assert (written["p50_ms"], written["p95_ms"], written["p99_ms"]) == (51.0, 96.0, 100.0)
    assert (written["units"], written["cpu_s"], written["requests"]) == (1000, 0.08, 10)


def test_changes_go_a_hundred_at_a_time_and_none_is_left() -> None:
    changes = {str(number): {"name": number} for number in range(2 * BATCH + 1)}
    parts = list(batches(changes))
    assert [len(part) for part in parts] == [BATCH, BATCH, 1]
    assert {id: part[id] for part in parts for id in part} == changes


def test_a_visit_is_twenty_fields_of_some_thousand_bytes() -> None:
    made = visit(RxdbPhone(Line(0), "team", "user"))
    assert len(made) == 20 and 950 < len(dumped(made)) < 1200


class Deaf(KintoPhone):
    """A phone that has its answers beforehand."""

    def hear(self, *answers: Any) -> None:
        self.answers, self.sent = list(answers), [0][:0]

    def ask(
        self, method: str, path: str, value: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Mapping[str, str], Any]:
        self.sent.append(len(value["requests"]))
        return 200, {}, {"responses": self.answers.pop(0)}


def taken(**record: Any) -> dict[str, Any]:
    return {"status": 200, "body": {"data": {"id": "a", "last_modified": 7, **record}}}


def refused(**record: Any) -> dict[str, Any]:
    existing = {"id": "a", "last_modified": 9, **record}
    return {"status": 412, "body": {"details": {"existing": existing}}}


def test_a_batch_that_collided_is_sent_again() -> None:
    phone = Deaf(Line(0), "team", "user")
    phone.hear([{"status": 409, "body": {}}], [taken(x=1)])
    assert phone.push({"a": {"x": 1}}) == 0
    assert phone.sent == [1, 1] and phone.known["a"] == Known({"x": 1}, 7)


def test_what_another_holds_is_told_and_what_is_ones_own_from_the_first_try_is_not() -> None:
    phone = Deaf(Line(0), "team", "user")
    phone.hear([refused(x=2)], [refused(x=1)])
    assert phone.push({"a": {"x": 1}}) == 1
    assert phone.push({"a": {"x": 1}}) == 0


def test_kinto_gets_no_more_at_once_than_it_takes() -> None:
    phone = Deaf(Line(0), "team", "user")
    phone.hear([taken()] * PER_BATCH, [taken()])
    phone.push({str(number): {} for number in range(PER_BATCH + 1)})
    assert phone.sent == [PER_BATCH, 1]


def test_a_revision_names_the_one_that_its_author_had_seen() -> None:
    phone = PouchPhone(Line(0), "team", "user")
    phone.known["a"] = Known({"x": 1, "y": 1}, ["aa"])
    made = phone._document("a", {"x": 2})
    assert made["x"] == 2 and made["y"] == 1
    assert made["_revisions"]["ids"][1:] == ["aa"] and made["_rev"].startswith("2-")


def test_a_registry_that_does_not_answer_is_told_in_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no route to it')"]
    with pytest.raises(install.CannotFetch) as raised:
        install.fetch("npm", command, tmp_path)
    assert "npm" in str(raised.value) and "no route to it" in str(raised.value)
    assert "--peer" in str(raised.value)


def test_of_long_words_both_ends_are_told() -> None:
    said = install.shortened("first" + 2000 * "." + "last")
    assert said.startswith("first") and said.endswith("last") and len(said) < 700
    assert install.shortened("short") == "short"


def test_what_was_made_from_another_lock_is_made_anew(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    lock.write_text("one")
    assert not install.fresh(tmp_path, [lock])
    install.stamp(tmp_path, [lock])
    assert install.fresh(tmp_path, [lock])
    lock.write_text("two")
    assert not install.fresh(tmp_path, [lock])
