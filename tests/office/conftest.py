"""The demo municipality, laid in once for the run and copied for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from server import create_app, demo
from server.config import Settings
from server.database import Database
from tests.authenticator import Authenticator
from tests.molds import Mold, Workshop
from tests.office.passkeys import make
from tests.office.reader import Reader

Enter = Callable[[str], Reader]


@pytest.fixture(scope="session")
def municipality(workshop: Workshop, template: Mold, now: datetime) -> Mold:
    """The demo municipality to copy, with its last ten days alone."""
    return workshop.mold(
        "municipality", lambda empty: demo.lay_in(empty, now, whole=False), of=template
    )


@pytest.fixture
def settings(tmp_path: Path, municipality: Mold) -> Iterator[Settings]:
    """Settings whose database holds the demo municipality."""
    with municipality.copy(tmp_path) as made:
        yield made


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole app on the demo municipality."""
    made = create_app(settings)
    yield made
    made.extensions["oppgang"].close()


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory, municipality: Mold) -> Iterator[Flask]:
    """One app on one demo municipality, for those tests of a module that only look."""
    with municipality.copy(tmp_path_factory.mktemp("standing")) as settings:
        made = create_app(settings)
        yield made
        made.extensions["oppgang"].close()


@pytest.fixture
def database(app: Flask) -> Database:
    """The app's own database."""
    found: Database = app.extensions["oppgang"]
    return found


@pytest.fixture
def enter(app: Flask) -> Enter:
    """Log somebody in: `enter("ingrid")`."""
    return lambda login: Reader(app, login)


@pytest.fixture
def device(enter: Enter) -> Authenticator:
    """Ingrid's device, with a passkey that is hers."""
    made = Authenticator(count=1)
    assert make(enter("ingrid"), made).status == 200
    return made


@pytest.fixture(params=["22:30", "23:30"])
def late(request: pytest.FixtureRequest) -> Iterator[datetime]:
    """It is late on a winter's evening by UTC: the last hour of Norway's day, or the next day.

    What lies before summer time ended has another hour, so days are not 24 hours each.
    """
    moment = datetime.fromisoformat(f"2032-11-29T{request.param}:00+00:00")
    with time_machine.travel(moment, tick=True):
        yield moment
