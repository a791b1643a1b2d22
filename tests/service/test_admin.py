"""Who is let in to what changes something, and who is not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import Depends
from fastapi.testclient import TestClient
from pydantic import SecretStr

from service.admin import COOKIE, LOGIN, require_admin
from service.app import create_app
from service.forms import own_path
from service.settings import Settings
from tests.conftest import SmallWorld

TOKEN = "geheim"
HERE = "http://127.0.0.1:8000"
PROBE = "/api/admin/probe"


def application(world: SmallWorld, host: str, token: str = TOKEN) -> TestClient:
    app = create_app(Settings(data=world.data.root, admin_token=SecretStr(token)))

    @app.api_route(PROBE, methods=["GET", "POST"], dependencies=[Depends(require_admin)])
    def probe() -> str:
        return "drin"

    return TestClient(app, base_url=HERE, client=(host, 5000), follow_redirects=False)


@pytest.fixture
def near(world: SmallWorld) -> Iterator[TestClient]:
    with application(world, "127.0.0.1") as client:
        yield client


@pytest.mark.parametrize(
    ("token", "status"), [(TOKEN, 200), (TOKEN[:-1], 401), (TOKEN + "x", 401), ("", 401)]
)
def test_header_and_cookie_must_hold_the_token(near: TestClient, token: str, status: int) -> None:
    assert near.get(PROBE, headers={"X-Admin-Token": token}).status_code == status
    near.cookies.set(COOKIE, token)
    assert near.get(PROBE).status_code == status


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1", 200), ("::1", 200), ("::ffff:127.0.0.1", 200), ("10.0.0.7", 403), ("x", 403)],
)
def test_only_this_machine_is_let_in(world: SmallWorld, host: str, status: int) -> None:
    with application(world, host) as client:
        answer = client.get(PROBE, headers={"X-Admin-Token": TOKEN})
        assert answer.status_code == status
        assert status == 200 or answer.json()["code"] == "admin_required"
        assert client.get(LOGIN).status_code == status


@pytest.mark.parametrize(
    ("origin", "status"),
    [(HERE, 200), (None, 403), ("null", 403), ("https://127.0.0.1:8000", 403), ("http://x", 403)],
)
def test_a_cookie_counts_only_for_forms_of_ours(
    near: TestClient, origin: str | None, status: int
) -> None:
    headers = {"Origin": origin} if origin else {}
    near.cookies.set(COOKIE, TOKEN)
    assert near.post(PROBE, headers=headers).status_code == status
    near.cookies.clear()
    assert near.post(LOGIN, data={"token": TOKEN}, headers=headers).status_code == (
        303 if status == 200 else 403
    )


def test_signing_in_sets_a_cookie_that_lets_in(near: TestClient) -> None:
    wrong = near.post(LOGIN, data={"token": "falsch"}, headers={"Origin": HERE})
    assert (wrong.status_code, "nicht richtig" in wrong.text) == (401, True)
    assert COOKIE not in near.cookies
    right = near.post(
        LOGIN, data={"token": TOKEN, "weiter": "/abdeckung"}, headers={"Origin": HERE}
    )
    assert right.headers["location"] == "/abdeckung"
    cookie = right.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=strict"} <= set(cookie.split("; "))
    assert near.get(PROBE).status_code == 200


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/pruefliste?x=1", "/pruefliste?x=1"),
        ("//anderswo", "/"),
        ("/\\anderswo", "/"),
        ("http://anderswo/", "/"),
        ("", "/"),
        ("/a\r\nb", "/"),
    ],
)
def test_after_signing_in_one_stays_here(address: str, path: str) -> None:
    assert own_path(address) == path


def test_without_a_setting_every_start_has_its_own_token(world: SmallWorld) -> None:
    tokens = {application(world, "127.0.0.1", "").app.state.admin_token for _ in "ab"}  # type: ignore[attr-defined]
    assert len(tokens) == 2
    assert all(len(token) >= 32 for token in tokens)


def test_a_form_has_its_limits(near: TestClient) -> None:
    answer = near.post(LOGIN, data={"token": "x" * 100_000}, headers={"Origin": HERE})
    assert answer.status_code == 413
