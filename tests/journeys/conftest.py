"""What a journey can ask for: a server on its own database, a wire, phones and desks, a camera."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from server.access import today_of
from server.config import Settings
from server.database import Database
from server.planning.calendar import start_of
from tests import browser, shares
from tests.browser import Chromium
from tests.journeys import recording
from tests.journeys.looks import Looks
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.stage import PATIENCE_MS, ROOT, Server, told
from tests.journeys.town import lay_out
from tests.journeys.wire import Wire, running
from tests.molds import Mold, Workshop

expect.set_options(timeout=PATIENCE_MS)
Towns = Callable[[date], Mold]
LASTS_S = 240
"""So long a journey takes at most, where nothing is amiss."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not of the part that this build has time for."""
    share = os.environ.get(shares.SETTING, shares.ALL)
    left_out = [item for item in items if not shares.is_of(share, item.nodeid)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if shares.is_of(share, item.nodeid)]


@pytest.fixture(scope="session")
def browser_program() -> Chromium:
    """The Chromium of this machine."""
    return browser.chromium()


@pytest.fixture(scope="session")
def play() -> Iterator[Playwright]:
    """What drives the browsers."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def without_disk(play: Playwright, browser_program: Chromium) -> Iterator[Browser]:
    """The one browser of this process for all who keep nothing on a disk."""
    made = play.chromium.launch(
        executable_path=browser_program.program,
        args=browser_program.arguments,
        env=browser_program.environment,
    )
    yield made
    made.close()


@pytest.fixture
def chromium(without_disk: Browser) -> Iterator[Browser]:
    """A browser with no window open; those that a test opens are closed after it."""
    yield without_disk
    for context in without_disk.contexts:
        context.close()


@pytest.fixture(scope="session")
def towns(workshop: Workshop, template: Mold) -> Towns:
    """Gives the small municipality of a day to copy: its visits are agreed for that very day."""
    return lambda day: workshop.mold(f"town-{day}", lay_out, of=template)


@pytest.fixture
def one_day() -> None:
    """Let a journey walk through one day: what would begin just before midnight waits for it."""
    now = datetime.now(UTC)
    left = (start_of(today_of(now) + timedelta(days=1)) - now).total_seconds()
    if left < LASTS_S:
        time.sleep(left + 1)


@pytest.fixture
def settings(tmp_path: Path, towns: Towns, one_day: None) -> Iterator[Settings]:
    """Settings whose database holds the small municipality of today."""
    with towns(today_of(datetime.now(UTC))).copy(tmp_path) as made:
        yield made


@pytest.fixture
def server(settings: Settings, tmp_path: Path) -> Server:
    """The real server, not started yet, on a database with a small municipality."""
    return Server(told(settings), tmp_path / "server.log")


@pytest.fixture
def wire(server: Server, database: Database) -> Iterator[Wire]:
    """Server and wire up; what was pushed may be written down in the end."""
    line = Wire(server)
    with running(server, line):
        yield line
    if story := os.environ.get(recording.STORY):
        recording.record(database, story)


@pytest.fixture
def field_worker(
    play: Playwright, browser_program: Chromium, wire: Wire, tmp_path: Path
) -> Iterator[Callable[..., FieldWorker]]:
    """Gives people with a phone of their own: `field_worker("kari")`."""
    made: list[FieldWorker] = []

    def make(name: str, disk: str = "") -> FieldWorker:
        folder = tmp_path / f"phone-{disk or name}"
        made.append(FieldWorker(name, play, browser_program, folder, wire.address))
        return made[-1]

    yield make
    for one in made:
        one.phone.kill()


@pytest.fixture
def desk(
    play: Playwright, browser_program: Chromium, wire: Wire, tmp_path: Path
) -> Iterator[Callable[[str], Desk]]:
    """Gives people at a desk in the office: `desk("ingrid")`."""
    made: list[Desk] = []

    def make(name: str) -> Desk:
        made.append(Desk(name, play, browser_program, tmp_path / f"desk-{name}", wire.address))
        return made[-1]

    yield make
    for one in made:
        one.phone.kill()


@pytest.fixture
def shots() -> Path:
    """The folder for this run's pictures; git ignores it."""
    return ROOT / "screenshots"


@pytest.fixture
def looks(shots: Path) -> Looks:
    """The camera that looks at phone screens, and what it found amiss with them."""
    return Looks(shots)
