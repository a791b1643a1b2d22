"""Cases on the pages and from the command line: browse, write, copy, remove, and which are due."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from typer.testing import CliRunner

from corpus.case_file import CaseFile, CaseGone
from corpus.cases import Case, Gold
from eval.casebook import OWN, Casebook
from eval.cases import load_cases
from service.app import create_app
from service.cli import app
from service.settings import Settings
from tests.conftest import TODAY, SmallWorld, copy_world

FORM = {
    "question": "Wie viele Tage dürfen Studierende arbeiten?",
    "history": "",
    "register": "lay",
    "type": "direct",
    "answerable": "ja",
    "required": "§ 16b Abs. 3 Satz 1 AufenthG",
    "accepted": "§ 45 Nr. 2 AufenthV",
    "facts": "140 Tage\n\nauch halbe",
    "wrong": "",
    "note": "vom Schalter",
}
NEW = "/qualitaet/faelle/neu"
STUDY = Gold(law="AufenthG", par="16b", abs="3")


def case(id_: str, **change: object) -> Case:
    base = Case(
        id=id_, question="Wie viele Tage?", register="lay", type="direct", answerable=True,
        gold=(STUDY,), checked=TODAY,
    )  # fmt: skip
    return base.model_copy(update=change)


@pytest.fixture
def own(ingested: SmallWorld, tmp_path: Path) -> SmallWorld:
    return copy_world(ingested, tmp_path)


def serving(world: SmallWorld) -> TestClient:
    settings = Settings(
        data=world.data.root, runs=world.root / "runs", admin_token=SecretStr("geheim")
    )
    client = TestClient(create_app(settings), client=("127.0.0.1", 5000), follow_redirects=False)
    client.headers["X-Admin-Token"] = "geheim"
    return client


@pytest.fixture
def client(own: SmallWorld) -> Iterator[TestClient]:
    with serving(own) as running:
        yield running


def kept(world: SmallWorld, name: str = OWN) -> tuple[Case, ...]:
    return CaseFile(world.data.cases / f"{name}.jsonl").cases()


def version(html: str) -> str:
    found = re.search(r'name="fassung" value="(\w+)"', html)
    assert found is not None
    return found[1]


def test_an_own_case_from_its_first_day_to_its_last(client: TestClient, own: SmallWorld) -> None:
    answer = client.post(NEW, data=FORM)
    assert answer.status_code == 303, answer.text
    address = "/qualitaet/faelle/eigene/eigen-1"
    assert answer.headers["location"] == f"{address}?getan=angelegt"
    (new,) = load_cases(own.data.cases / "eigene.jsonl")
    assert [(gold.ref.key, gold.required) for gold in new.gold] == [
        ("AufenthG/16b/3/1", True),
        ("AufenthV/45///2", False),
    ]
    assert (new.facts, new.checked) == (("140 Tage", "auch halbe"), date.today())

    html = client.get(address).text
    assert "§ 16b Abs. 3 Satz 1 AufenthG</textarea>" in html
    changed = {**FORM, "question": "Wie viele halbe Tage?", "fassung": version(html)}
    assert client.post(address, data=changed).status_code == 303
    assert kept(own)[0].question == "Wie viele halbe Tage?"
    late = client.post(address, data=changed)
    assert (late.status_code, "inzwischen geändert" in late.text) == (409, True)

    assert "Soll der Fall" in client.get(f"{address}?loeschen=1").text
    fassung = {"fassung": version(client.get(address).text)}
    gone = client.post(f"{address}/loeschen", data=fassung)
    assert gone.status_code == 303
    assert kept(own) == ()
    assert "gelöscht" in client.get(gone.headers["location"]).text
    assert client.post(f"{address}/loeschen", data=fassung).status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"question": ""}, "Bitte geben Sie die Frage ein."),
        ({"question": "Darf max.mustermann@example.org arbeiten?"}, "Personenbezogenes"),
        ({"question": "x" * 2001}, "höchstens 2000 Zeichen"),
        ({"required": ""}, "mindestens eine nötige Stelle"),
        ({"required": "irgendwas"}, "nicht genau eine Stelle"),
        ({"required": "§ 16c AufenthG"}, "gibt es im Bestand nicht"),
        ({"required": "§ 16b Abs. 9 AufenthG"}, "gibt es im Bestand nicht"),
        ({"required": "§ 45 Nr. 99 AufenthV"}, "Diese Nummer gibt es dort nicht."),
        ({"answerable": ""}, "hat keine Stelle"),
        ({"type": "erfunden"}, "Eintrag der Liste"),
    ],
)
def test_a_form_with_a_mistake_keeps_what_was_typed_and_says_what_is_wrong(
    client: TestClient, own: SmallWorld, change: dict[str, str], said: str
) -> None:
    answer = client.post(NEW, data={**FORM, **change})
    assert answer.status_code == 422
    assert said in answer.text
    assert "vom Schalter" in answer.text
    assert 'role="alert"' in answer.text
    assert kept(own) == ()


def test_shipped_cases_are_read_only_and_can_be_copied(client: TestClient, own: SmallWorld) -> None:
    book = Casebook(own.data.cases)
    first = book.file("dev").cases()[0]
    before = book.file("dev").path.read_bytes()
    address = f"/qualitaet/faelle/dev/{first.id}"
    assert "<textarea" not in client.get(address).text
    for action in ("/loeschen", "/geprueft"):
        refused = client.post(f"{address}{action}")
        assert (refused.status_code, "hier nicht geändert" in refused.text) == (403, True)
    assert client.post(f"{address}/kopieren").status_code == 303
    (copy,) = kept(own)
    assert (copy.id, copy.question, copy.gold) == ("eigen-1", first.question, first.gold)
    assert f"Kopie von dev/{first.id}" in copy.note
    assert copy.checked == date(2025, 3, 5), "a copy is as old as its original"
    assert book.file("dev").path.read_bytes() == before


def test_cases_are_found_by_file_kind_register_and_words(
    client: TestClient, own: SmallWorld
) -> None:
    client.post(NEW, data=FORM)
    listed = client.get("/qualitaet/faelle", params={"datei": "eigene"}).text
    assert ">1 Fall</h2>" in listed
    for query in (
        {"art": "definition"}, {"register": "terse"}, {"suche": "halbe"}, {"stand": "pruefen"},
    ):  # fmt: skip
        none = client.get("/qualitaet/faelle", params={"datei": "eigene", **query}).text
        assert ">0 Fälle</h2>" in none, query
    both = {"datei": "eigene", "art": "direct", "register": "lay", "suche": "STUDIERENDE"}
    assert ">1 Fall</h2>" in client.get("/qualitaet/faelle", params=both).text
    lines = client.get("/qualitaet/faelle/eigene.jsonl").text
    assert Case.model_validate_json(lines) == kept(own)[0]


def test_a_broken_own_file_is_named_and_left_as_it_is(client: TestClient, own: SmallWorld) -> None:
    path = own.data.cases / "eigene.jsonl"
    path.parent.mkdir()
    path.write_text("kein json\n", encoding="utf-8")
    html = client.get("/qualitaet/faelle").text
    assert "eigene.jsonl, Zeile 1" in html
    answer = client.post(NEW, data=FORM)
    assert (answer.status_code, "eigene.jsonl, Zeile 1" in answer.text) == (422, True)
    assert path.read_text(encoding="utf-8") == "kein json\n"


def cli(world: SmallWorld, *arguments: str) -> str:
    result = CliRunner().invoke(
        app, ["eval", *arguments], env={"FUNDSTELLE_DATA": str(world.data.root)}
    )
    assert result.exit_code == 0, result.output
    return result.output


def test_a_case_is_due_after_its_gold_changed(updated: SmallWorld, tmp_path: Path) -> None:
    world = copy_world(updated, tmp_path)
    other = Gold(law="AufenthG", par="16b", abs="1")
    CaseFile(world.data.cases / "eigene.jsonl").add(
        lambda _: [
            case("alt"),
            case("anderer-absatz", gold=(other,)),
            case("neu", checked=date.today()),
            case("ohne-tag", checked=None),
        ]
    )
    due = json.loads(cli(world, "cases", "--file", "eigene", "--due", "--json"))
    assert [one["id"] for one in due] == ["alt", "ohne-tag"]
    assert "§ 16b Abs. 3 AufenthG lautet anders als am 06.03.2025" in due[0]["due"][0]
    assert "2 Fälle sind zu prüfen" in cli(world, "cases", "--file", "eigene", "--due")
    with serving(world) as client:
        query = {"datei": "eigene", "stand": "pruefen"}
        assert ">2 Fälle</h2>" in client.get("/qualitaet/faelle", params=query).text
        for id_ in ("alt", "ohne-tag"):
            address = f"/qualitaet/faelle/eigene/{id_}"
            html = client.get(address).text
            assert "zu prüfen" in html
            form = {"fassung": version(html)}
            assert client.post(f"{address}/geprueft", data=form).status_code == 303
            assert "zu prüfen" not in client.get(address).text
        assert ">0 Fälle</h2>" in client.get("/qualitaet/faelle", params=query).text


def test_nothing_is_lost_when_many_write_at_once(tmp_path: Path) -> None:
    path = tmp_path / "cases" / "eigene.jsonl"

    def add(number: int) -> None:
        Casebook(path.parent).add(case(f"egal-{number}"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(24)))
    assert [c.id for c in CaseFile(path).cases()] == [f"eigen-{n}" for n in range(1, 25)]


def test_a_case_that_is_no_longer_there_is_not_replaced(tmp_path: Path) -> None:
    file = CaseFile(tmp_path / "eigene.jsonl")
    (first,) = file.add(lambda _: [case("eins")])
    file.replace(first, case("eins", note="neu"))
    with pytest.raises(CaseGone):
        file.replace(first, None)
    assert [c.note for c in file.cases()] == ["neu"]


def test_a_write_that_fails_leaves_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = CaseFile(tmp_path / "eigene.jsonl")
    file.add(lambda _: [case("eins")])

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("corpus.case_file.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        file.add(lambda _: [case("zwei")])
    assert [c.id for c in file.cases()] == ["eins"]
    assert list(tmp_path.glob("*.part")) == []
