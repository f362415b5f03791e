"""The town that the questions of this folder are asked in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from server import create_app
from server.database import Database
from server.push import HOSTS, Push
from tests.makers import World
from tests.matrix.town import Town, everybody, kept_as_it_is
from tests.molds import Mold


@pytest.fixture(scope="module")
def town(peopled: Mold, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The town, laid out once for a module: no question changes it, and what is written goes."""
    with peopled.copy(tmp_path_factory.mktemp("matrix")) as settings:
        push = Push("mailto:it@example.org", HOSTS, settings.sealing_key)
        app = create_app(replace(settings, push=push))
        database: Database = app.extensions["oppgang"]
        made = everybody(app, World(database))
        with kept_as_it_is(database):
            yield made
        database.close()
