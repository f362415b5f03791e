"""The phones that most tests of the server begin with, each with everything it may know."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.makers import World
from tests.server.phone import Phone


@pytest.fixture
def kari(app: Flask, world: World) -> Phone:
    """Kari's phone, with everything it may know."""
    phone = Phone(app, "kari")
    phone.sync()
    return phone


@pytest.fixture
def amir(app: Flask, world: World) -> Phone:
    """Amir's phone, with everything it may know."""
    phone = Phone(app, "amir")
    phone.sync()
    return phone


@pytest.fixture
def office(app: Flask, world: World) -> Phone:
    """Ingrid's phone, with everything it may know."""
    phone = Phone(app, "ingrid")
    phone.sync()
    return phone
