"""The handbook as pages, and that every page links a part that exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.handbook_pages import HANDBOOK, parts
from tests.conftest import CHECKOUT

TEMPLATES = sorted(
    template
    for package in ("service", "eval")
    for template in (CHECKOUT / package / "templates").glob("*.html")
)


@pytest.mark.parametrize("name", parts())
def test_a_part_is_a_page_whose_links_and_pictures_exist(client: TestClient, name: str) -> None:
    html = client.get(f"/hilfe/{name}").text
    article = html.split("<article")[1].split("</article>")[0]
    assert "<h1>" in article
    for address in re.findall(r'(?:href|src)="(/[^"#]*)"', article):
        assert client.get(address).status_code == 200, address


def test_the_first_part_leads_to_all_others(client: TestClient) -> None:
    article = client.get("/hilfe").text.split("<article")[1]
    assert {f"/hilfe/{name}" for name in parts()} - {"/hilfe/index"} <= set(
        re.findall(r'href="([^"]+)"', article)
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_a_page_links_a_part_of_the_handbook(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    for name in re.findall(r'{% set help = "([^"]*)" %}', text):
        assert (HANDBOOK / f"{name}.md").is_file(), name


def test_a_part_that_does_not_exist_is_a_page_that_says_so(client: TestClient) -> None:
    for address in (
        "/hilfe/unbekannt",
        "/hilfe/bilder/unbekannt.png",
        "/hilfe/bilder/..%2Findex.md",
    ):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "gibt es nicht" in answer.text
