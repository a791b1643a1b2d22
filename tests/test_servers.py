"""The whole way on real servers: Chroma embedded and as a server, the corpus in PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import chromadb
import pytest
from chromadb.config import Settings as ChromaSettings
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from corpus.generation import vectors
from corpus.generation.files import VectorPlace
from corpus.generation.vectors import Space, VectorIndex, VectorsBroken, VectorsUnreachable
from ingest import pipeline
from ingest.check import GenerationBroken
from ingest.pipeline import run_ingest
from rag.engine import Fundstelle
from rag.errors import ChromaUnreachable, NotReady
from service.app import create_app
from service.cli import app
from service.settings import Settings
from tests.conftest import CHECKOUT, SmallWorld, lend_encoder, make_world
from tests.official import reworded, write_mirror
from tests.servers import ChromaServer, PostgresServer, postgres_binaries, running_postgres

LATER = date(2025, 4, 1)
QUESTION = "An wie vielen Tagen darf ein Gast arbeiten?"


@pytest.fixture(scope="module")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path_factory.mktemp("chroma"))
    yield server
    server.kill()


@pytest.fixture
def served(tmp_path: Path, ingested: SmallWorld, chroma: ChromaServer) -> SmallWorld:
    """A small world with its vectors on the server, not ingested."""
    small = make_world(tmp_path / "welt", chroma=chroma.url)
    lend_encoder(ingested, small)
    return small


@pytest.fixture(params=["embedded", "server"])
def placed(request: pytest.FixtureRequest, tmp_path: Path, ingested: SmallWorld) -> SmallWorld:
    """A small world with its vectors in either place, not ingested."""
    if request.param == "server":
        found: SmallWorld = request.getfixturevalue("served")
        return found
    small = make_world(tmp_path / "welt")
    lend_encoder(ingested, small)
    return small


@pytest.fixture
def engine(served: SmallWorld) -> Iterator[Fundstelle]:
    """An engine on an ingested world with its vectors on the server."""
    served.ingest()
    opened = served.engine()
    opened.index()
    yield opened
    opened.close()


def reword(world: SmallWorld, days: int) -> None:
    write_mirror(world.laws, reworded("aufenthg_2004", "140 Tagen", f"{days} Tagen"))


def best(engine: Fundstelle) -> str:
    return engine.search(QUESTION).hits[0].passage.text


def collections(chroma: ChromaServer) -> set[str]:
    """Names of the generations that the server holds."""
    settings = ChromaSettings(anonymized_telemetry=False)
    client = chromadb.HttpClient(host=chroma.url, settings=settings)
    names = {found.name.rpartition(".")[0] for found in client.list_collections()}
    assert isinstance(client, chromadb.api.client.Client)
    vectors._close(client)
    return names


def test_ingest_search_update_and_tidy(placed: SmallWorld) -> None:
    stranger = VectorPlace(placed.root / "fremd", f"fremd-{placed.root.parent.name}", placed.chroma)
    VectorIndex(stranger, new=True).close()
    first = placed.ingest()
    engine = placed.engine()
    assert "140 Tagen" in best(engine)
    names = [first.published]
    for step in range(1, 4):
        reword(placed, 140 + step)
        report = placed.ingest(LATER + timedelta(days=step))
        assert report.embedded == 1
        names.append(report.published)
    engine.follow()
    assert "143 Tagen" in best(engine)
    engine.close()
    assert {p.name for p in placed.data.generations.iterdir()} == set(names[-3:])
    for name in names:
        assert name is not None
        place = placed.data.generation(name).vectors
        if name in names[-3:]:
            VectorIndex(place).close()
        else:
            with pytest.raises(VectorsBroken):
                VectorIndex(place)
    VectorIndex(stranger).close()


def test_both_places_find_the_same(ingested: SmallWorld, engine: Fundstelle) -> None:
    embedded = ingested.engine()
    for question in (QUESTION, "Was kostet die Erlaubnis?", "Pass"):
        here, there = (
            [(hit.passage.id, round(hit.score, 4)) for hit in e.search(question).hits]
            for e in (embedded, engine)
        )
        assert here == there
    embedded.close()


def test_vectors_that_are_missing_are_never_made_by_a_reader(placed: SmallWorld) -> None:
    name = placed.ingest().published
    assert name is not None
    VectorIndex.drop(placed.data.generation(name).vectors)
    for _ in range(2):
        engine = placed.engine()
        with pytest.raises(NotReady, match="make ingest"):
            engine.search(QUESTION)
        engine.close()
    assert placed.ingest(LATER).published not in (None, name)


def test_a_generation_is_filled_once(placed: SmallWorld) -> None:
    name = placed.ingest().published
    assert name is not None
    with pytest.raises(VectorsBroken, match="exists"):
        VectorIndex(placed.data.generation(name).vectors, new=True)


def test_a_build_that_fails_leaves_nothing_on_the_server(
    served: SmallWorld, chroma: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.ingest()
    before = collections(chroma)
    reword(served, 150)

    def broken(*args: object) -> None:
        raise GenerationBroken("test")

    monkeypatch.setattr(pipeline, "check_generation", broken)
    with pytest.raises(GenerationBroken):
        served.ingest(LATER)
    assert collections(chroma) == before


INGEST = """
import sys
from datetime import date
from pathlib import Path
from tests.conftest import SmallWorld
SmallWorld(Path(sys.argv[1]), sys.argv[2]).ingest(date(2025, 4, 1))
"""


def test_what_another_process_publishes_is_seen(served: SmallWorld, engine: Fundstelle) -> None:
    assert "140 Tagen" in best(engine)
    reword(served, 150)
    arguments = [sys.executable, "-c", INGEST, str(served.root), served.chroma]
    subprocess.run(arguments, cwd=CHECKOUT, check=True, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while "140 Tagen" in best(engine) and time.monotonic() < end:
        time.sleep(0.2)
    assert "150 Tagen" in best(engine)


def test_a_killed_server_is_named_and_nothing_is_lost(
    served: SmallWorld, engine: Fundstelle, chroma: ChromaServer
) -> None:
    chroma.kill()
    try:
        with pytest.raises(ChromaUnreachable, match="antwortet nicht"):
            engine.search(QUESTION)
        fresh = served.engine()
        with pytest.raises(ChromaUnreachable):
            fresh.index()
        reword(served, 150)
        with pytest.raises(VectorsUnreachable):
            served.ingest(LATER)
    finally:
        chroma.start()
    assert "140 Tagen" in best(engine)
    assert "140 Tagen" in best(fresh)
    fresh.close()
    assert served.ingest(LATER).embedded == 1


def test_a_server_killed_during_a_build_is_named_and_tidied_later(
    served: SmallWorld, chroma: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = served.ingest().published
    reword(served, 150)
    add = VectorIndex.add

    def kill(self: VectorIndex, space: Space, *rest: object) -> None:
        if space is Space.QUESTIONS:
            chroma.kill()
        add(self, space, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(VectorIndex, "add", kill)
    try:
        with pytest.raises(VectorsUnreachable):
            served.ingest(LATER)
    finally:
        monkeypatch.undo()
        chroma.start()
    (leftover,) = {p.name for p in served.data.generations.iterdir()} - {first}
    assert leftover in collections(chroma)
    second = served.ingest(LATER).published
    assert {first, second} <= collections(chroma)
    assert leftover not in collections(chroma)


def test_a_server_that_says_nothing_is_not_waited_for(
    engine: Fundstelle, chroma: ChromaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_PATIENCE", 0.5)
    impatient = Fundstelle(engine._data)
    impatient.index()
    with chroma.silent():
        with pytest.raises(ChromaUnreachable):
            impatient.search(QUESTION)
        with pytest.raises(ChromaUnreachable):
            impatient.ready()
    impatient.close()


def test_an_address_of_something_else_is_no_chroma_server(served: SmallWorld) -> None:
    wrong = "http://name:geheim@127.0.0.1:1"
    with pytest.raises(VectorsUnreachable, match=r"http://127\.0\.0\.1:1 ") as caught:
        run_ingest(replace(served.config(), data=replace(served.data, chroma=wrong)))
    assert "geheim" not in str(caught.value)


def test_service_and_commands_say_that_the_server_is_away(
    served: SmallWorld, chroma: ChromaServer
) -> None:
    environment = {"FUNDSTELLE_DATA": str(served.data.root), "FUNDSTELLE_CHROMA": chroma.url}

    def run(*arguments: str) -> str:
        return CliRunner().invoke(app, list(arguments), env=environment).output

    served.ingest()
    assert "in Ordnung" in run("index", "verify")
    with TestClient(create_app(Settings(data=served.data.root, chroma=chroma.url))) as client:
        assert client.get("/readyz").status_code == 200
        chroma.kill()
        try:
            for path in ("/readyz", "/api/search?q=Pass"):
                answer = client.get(path)
                assert (answer.status_code, answer.json()["code"]) == (503, "chroma_unreachable")
            page = client.get("/?frage=Pass")
            assert page.status_code == 503
            assert "Chroma-Server" in page.text
            for command in (("ask", "Pass"), ("ingest",), ("index", "verify")):
                assert "(chroma_unreachable)" in run(*command)
        finally:
            chroma.start()
        assert client.get("/api/search?q=Pass").status_code == 200


def test_the_setting_must_be_a_url() -> None:
    environment = {"FUNDSTELLE_CHROMA": "irgendwo:8001"}
    assert "FUNDSTELLE_CHROMA" in CliRunner().invoke(app, ["ask", "Pass"], env=environment).output


def test_the_whole_way_on_postgres_and_a_chroma_server(
    tmp_path: Path, ingested: SmallWorld, chroma: ChromaServer, postgres: PostgresServer
) -> None:
    world = make_world(tmp_path / "welt", chroma.url, postgres.database())
    lend_encoder(ingested, world)
    world.ingest()
    assert world.ingest().published is None
    engine = world.engine()
    answer = engine.ask("§ 16b Abs. 3 AufenthG Tage")
    assert any("140 Tagen" in statement.text for statement in answer.statements)
    reword(world, 150)
    assert world.ingest(LATER).embedded == 1
    engine.follow()
    assert "150 Tagen" in best(engine)
    versions = engine.index().reader.versions("AufenthG", "16b")
    assert [version.current for version in versions] == [False, True]
    engine.close()
    assert not list(world.data.root.glob("*.sqlite"))


def test_a_database_that_is_away_is_named(tmp_path: Path) -> None:
    away = "postgresql+psycopg://niemand@127.0.0.1:1/fundstelle"
    environment = {**os.environ, "FUNDSTELLE_DATA": str(tmp_path), "FUNDSTELLE_DATABASE": away}
    for command in (("ask", "Pass"), ("serve",), ("ingest",), ("index", "list")):
        output = CliRunner().invoke(app, list(command), env=environment).output
        assert "(database_unreachable)" in output


def test_a_database_that_goes_away_is_named_and_comes_back_unnoticed(
    tmp_path: Path, ingested: SmallWorld
) -> None:
    if postgres_binaries() is None:
        pytest.skip("no PostgreSQL server is installed (Debian package postgresql)")
    with running_postgres() as server:
        world = make_world(tmp_path / "welt", postgres=server.database())
        lend_encoder(ingested, world)
        world.ingest()
        settings = Settings(data=world.data.root, database=world.postgres)
        with TestClient(create_app(settings)) as client:
            assert client.get("/api/norms/AufenthG/16b").status_code == 200
            with server.stopped():
                answer = client.get("/api/norms/AufenthG/16b")
                assert (answer.status_code, answer.json()["code"]) == (503, "database_unreachable")
            assert client.get("/api/norms/AufenthG/16b").status_code == 200
