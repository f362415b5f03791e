"""A few kills and full disks in every run; `./run prove` does the many."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fresh import on_postgresql
from tests.proof.crash import House, house, kills, lost, no_file_beyond, settle

KILLS = 5
SEED = 5
POINTS = 10
WRITE_SIZE = 4096 + 24
"""What a page takes in SQLite's log of writes."""
SENDS_MAX = 400


@pytest.fixture(scope="module")
def home(cluster: object) -> Iterator[House]:
    with house(on_postgresql(), SEED) as made:
        yield made


def test_no_answer_is_lost_by_a_kill_under_load(home: House) -> None:
    for number, amiss in enumerate(kills(home, 0, KILLS, SEED)):
        assert not amiss, (number, amiss)
    assert sum(len(phone.told) for phone in home.phones) > KILLS


def test_a_disk_that_takes_no_more_gives_no_answer_at_whatever_write_it_fails(home: House) -> None:
    """Each point lets one more write through before the disk refuses the next in its middle."""
    log = home.settings.data / "oppgang.db-wal"
    for point in range(POINTS if home.cluster is None else POINTS // 2):
        phone = home.phones[point % len(home.phones)]
        reaches = log.stat().st_size if home.cluster is None and log.exists() else 0
        before = phone.refused
        with no_file_beyond(home.writers(), reaches + point * WRITE_SIZE + WRITE_SIZE // 2):
            for _ in range(SENDS_MAX):
                phone.send(home.server.port)
                if phone.refused > before:
                    break
        assert phone.waiting, f"the disk refused nothing at point {point}"
        assert phone.refused > before, f"the server said nothing at point {point}"
        revive(home)
        assert not lost(home), point


def revive(home: House) -> None:
    """Start a cluster again: it ends itself when it cannot write its log."""
    if home.cluster is not None:
        home.cluster.crash()
        home.cluster.start()


def test_what_was_not_answered_is_taken_once_when_it_comes_again(home: House) -> None:
    assert not settle(home)
