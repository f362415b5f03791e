"""The phones that most tests of the server begin with, each with everything it may know."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests import identity
from tests.makers import World
from tests.server.entering import BACK, KARI, Browser
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


@pytest.fixture(scope="session")
def provider() -> Iterator[identity.Idp]:
    """One provider for the whole run."""
    with identity.provider(f"http://localhost:8000{BACK}") as idp:
        yield idp


@pytest.fixture
def idp(provider: identity.Idp) -> identity.Idp:
    """The provider, honest, and Kari known to it."""
    provider.straight()
    provider.knows("kari-1", **KARI)
    return provider


@pytest.fixture
def browser(app: Flask, idp: identity.Idp, world: World) -> Browser:
    """A browser that nobody has used yet."""
    return Browser(app, idp)
