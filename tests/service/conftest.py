from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser

from eval.local import running_service
from service.app import create_app
from service.settings import Settings
from tests.browser import chromium, running_browser
from tests.conftest import SmallWorld, copy_world
from tests.eval.made_runs import write_runs
from tests.pages import SMALL, TOKEN, furnish


@pytest.fixture(scope="session")
def client(ingested: SmallWorld) -> Iterator[TestClient]:
    """The application on the small world."""
    with TestClient(create_app(Settings(data=ingested.data.root))) as running:
        yield running


@pytest.fixture
def empty_client(world: SmallWorld) -> Iterator[TestClient]:
    """The application before the first ingest."""
    with TestClient(create_app(Settings(data=world.data.root))) as running:
        yield running


@dataclass(frozen=True)
class Furnished:
    """A running service with something on each of its pages."""

    url: str
    names: dict[str, str]
    """What the addresses of the examples need."""


@pytest.fixture(scope="module")
def furnished(updated: SmallWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    """A service on a copy of the world with two generations, with feedback, a saved answer and a job."""
    own = copy_world(updated, tmp_path_factory.mktemp("furnished"))
    settings = {
        "FUNDSTELLE_ADMIN_TOKEN": TOKEN,
        "FUNDSTELLE_USAGE": "true",
        "FUNDSTELLE_RUNS": str(write_runs(own.root / "runs")),
    }
    with running_service(own.data.root, **settings) as (url, _, _):
        yield Furnished(url, SMALL | furnish(url, own.database))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for all tests of a module."""
    if chromium() is None:
        pytest.skip("Chromium is not installed (Debian package chromium)")
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def address(ingested: SmallWorld) -> Iterator[str]:
    """The address of a service of its own on the small world."""
    with running_service(ingested.data.root) as (url, _, _):
        yield url
