"""The terms of an answer, in the words of the law that defines them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient

from rag.engine import Fundstelle
from service.app import create_app
from service.settings import Settings
from tests.conftest import LATER, TODAY, SmallWorld, copy_world
from tests.official import SMALL_LAWS, norm_xml, write_mirror

GENERAL = "Was setzt die Erteilung nach § 5 Abs. 1 AufenthG voraus?"
DEFINES = norm_xml(
    "§ 2",
    "Begriffsbestimmungen",
    "(2) Erwerbstätigkeit ist jede bezahlte Arbeit.",
    "(3) Der Lebensunterhalt eines Gastes ist gesichert, wenn er genug hat. Wasser zählt nicht.",
    "(12) Sprachkenntnisse sind geregelt.",
)


@pytest.fixture(scope="module")
def defining(ingested: SmallWorld, tmp_path_factory: pytest.TempPathFactory) -> SmallWorld:
    """The small world, in which § 2 comes later and defines a term of § 5."""
    world: SmallWorld = copy_world(ingested, tmp_path_factory.mktemp("defining"))
    xml = SMALL_LAWS["aufenthg_2004"].decode()
    xml = xml.replace("</norm>", f"</norm>{DEFINES}", 1)
    xml = xml.replace("der Unterhalt gesichert ist", "sein Lebensunterhalt gesichert ist")
    write_mirror(world.laws, {"aufenthg_2004": xml.encode()})
    world.ingest(LATER)
    return world


@pytest.fixture(scope="module")
def engine(defining: SmallWorld) -> Iterator[Fundstelle]:
    running = Fundstelle(defining.data)
    yield running
    running.close()


@pytest.fixture(scope="module")
def client(defining: SmallWorld) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(data=defining.data.root))) as running:
        yield running


@pytest.mark.parametrize(
    ("question", "day", "shown"),
    [
        (GENERAL, None, [("Lebensunterhalt", "§ 2 Abs. 3 Satz 1 AufenthG")]),
        (
            GENERAL,
            LATER,
            [("Lebensunterhalt", "§ 2 Abs. 3 Satz 1 AufenthG (Fassung am 01.04.2025)")],
        ),
        # Nothing defined it then; a definition that is quoted needs no second showing; another law's term.
        (GENERAL, TODAY, []),
        ("Was regelt § 2 Abs. 3 AufenthG?", None, []),
        ("Was kostet die Erteilung nach § 45 AufenthV?", None, []),
    ],
)
def test_terms_of_the_quoted_law_are_defined_where_it_defines_them(
    engine: Fundstelle, question: str, day: date | None, shown: list[tuple[str, str]]
) -> None:
    answer = engine.ask(question, as_of=day)
    assert answer.statements
    assert [(defined.term, defined.pinpoint) for defined in answer.definitions] == shown


def test_the_defining_words_stand_at_their_span_in_the_norm(client: TestClient) -> None:
    (defined,) = client.post("/api/ask", json={"question": GENERAL}).json()["definitions"]
    start, end = defined["span"]
    norm = client.get(f"/api/norms/{defined['law']}/{defined['number']}").json()
    assert norm["text"][start:end] == defined["text"]
    assert defined["text"] == "Der Lebensunterhalt eines Gastes ist gesichert, wenn er genug hat."


def test_the_page_folds_the_terms_below_the_quotes(client: TestClient) -> None:
    html = client.get("/", params={"frage": GENERAL}).text
    details = html.split('<details class="source terms">')[1].split("</details>")[0]
    assert "Begriffe in dieser Antwort" in details
    assert "<dt>Lebensunterhalt</dt>" in details
    assert 'href="/norm/AufenthG/2?absatz=3&amp;satz=1' in details
    assert "Begriffe in dieser Antwort" not in client.get("/?frage=§+2+Abs.+3+AufenthG").text
