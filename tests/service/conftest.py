from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser

from eval.local import running_service
from service.app import create_app
from service.settings import Settings
from tests.browser import chromium, running_browser
from tests.conftest import SmallWorld


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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    if chromium() is None:
        pytest.skip("Chromium is not installed (Debian package chromium)")
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def address(ingested: SmallWorld) -> Iterator[str]:
    """The address of a service of its own on the small world."""
    with running_service(ingested.data.root) as (url, _, _):
        yield url
