from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings
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
