"""The pages of runs on runs made by hand: figures, plots, exports, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from eval.pages.host import Host as WantedHost
from eval.results import Run
from eval.stats import estimate, paired_difference
from eval.summary import case_changes, compare
from service import plugins
from service.app import create_app
from service.host import Host
from service.settings import Settings
from tests.conftest import SmallWorld
from tests.eval.made_runs import RUN_A, RUN_B, write_runs


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_runs(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def client(ingested: SmallWorld, runs: Path) -> Iterator[TestClient]:
    settings = Settings(data=ingested.data.root, runs=runs, admin_token=SecretStr("geheim"))
    app = create_app(settings)
    with TestClient(app, client=("127.0.0.1", 5000), follow_redirects=False) as running:
        yield running


def rows_of(html: str) -> list[str]:
    """The rows of all tables as plain text."""
    rows = re.findall(r"<tr.*?</tr>", html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_the_list_shows_runs_with_figures_and_their_course(client: TestClient) -> None:
    html = client.get("/qualitaet").text
    assert 'aria-current="page">Qualität' in html
    newest, oldest = (row for row in rows_of(html) if "20250306-eins" in row)
    assert "0,83" in newest
    assert "0,67" in oldest
    assert html.count('class="dot"') == 2
    assert "Auswertung starten" not in html
    assert (
        "Auswertung starten" in client.get("/qualitaet", headers={"X-Admin-Token": "geheim"}).text
    )


def test_a_run_has_metrics_with_n_and_interval_and_plots_that_say_the_same(
    client: TestClient,
) -> None:
    html = client.get("/qualitaet/lauf/lauf-2").text
    wanted = estimate([1.0, 1.0, 0.5])
    low = f"{wanted.low:.2f}".replace(".", ",")
    assert f"R@5 0,833 {low} bis 1,00 3" in rows_of(html)
    assert "Sachbearbeitung 1,00 1,00 bis 1,00 2" in rows_of(html)
    assert "Kundschaft 0,50 – 1" in rows_of(html)
    pictures = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    # By type, by register, risk against coverage, and two distributions of time.
    assert len(pictures) == 5
    for picture in pictures:
        names = re.search(r'role="img" aria-labelledby="(\S+) (\S+)"', picture)
        assert names is not None
        for name in names.groups():
            assert f'id="{name}"' in picture
    assert html.count("<table") >= len(pictures)
    assert "die Hälfte bis 20" in rows_of(html)
    assert not re.search(r"\sstyle=|\son\w+=", html)
    assert "eigenes (default)" in html
    assert "keines, nur Zitate" in html


def test_the_cases_of_a_run_those_that_went_wrong_first(client: TestClient) -> None:
    wrong = client.get("/qualitaet/lauf/lauf-2").text
    assert "1 von 4 Fällen" in wrong
    assert "T-3 Wann gilt der Pass?" in " ".join(rows_of(wrong))
    every = client.get("/qualitaet/lauf/lauf-2", params={"zeige": "alle"}).text
    assert "4 von 4 Fällen" in every
    found = client.get("/qualitaet/lauf/lauf-2", params={"zeige": "alle", "suche": "schwimm"}).text
    assert "1 von 4 Fällen" in found
    assert client.get("/qualitaet/lauf/lauf-2", params={"seite": "-7"}).status_code == 200


def test_a_case_in_full(client: TestClient) -> None:
    html = client.get("/qualitaet/lauf/lauf-2/fall/T-1").text
    assert "genannt: 10,00" in html
    assert "Wörter im Text: 1,50" in html
    assert html.index("genannt: ") < html.index("Wörter im Text"), "what counted most comes first"
    assert "Antwort von B" in html
    assert "§ 16b Abs. 3 Satz 1 AufenthG ja ja wörtlich: bestanden" in rows_of(html)
    assert "140 Tage" in html
    assert "R@5 1,00" in rows_of(html)
    assert "/fall/T-2" in html


def test_what_people_and_models_wrote_is_text(client: TestClient, runs: Path) -> None:
    case = RUN_A.systems[0].cases[0].model_copy(update={"question": "<script>x</script>"})
    system = RUN_A.systems[0].model_copy(update={"cases": (case,)})
    run = RUN_A.model_copy(update={"name": "böse", "systems": (system,)})
    path = run.save(runs)
    try:
        for address in ("/qualitaet/lauf/böse?zeige=alle", "/qualitaet/lauf/böse/fall/T-1"):
            html = client.get(address).text
            assert "&lt;script&gt;" in html
            assert "<script>x" not in html
        assert client.get("/qualitaet/lauf/böse.csv").status_code == 200
    finally:
        path.unlink()


def test_an_older_run_says_what_it_lacks(client: TestClient, runs: Path) -> None:
    body = json.loads(RUN_A.model_dump_json())
    body["name"] = "alt"
    del body["systems"][0]["settings"]
    for case in body["systems"][0]["cases"]:
        for name in ("hits", "answer", "history", "accepted", "facts", "wrong", "note"):
            del case[name]
    path = runs / "alt.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    try:
        assert not Run.load(path).systems[0].has_details
        html = client.get("/qualitaet/lauf/alt").text
        assert "Einstellungen und die Texte der Antworten wurden nicht aufbewahrt" in html
        html = client.get("/qualitaet/lauf/alt/fall/T-1").text
        assert "bewahrte die Texte der Antworten nicht auf" in html
        assert "§ 16b Abs. 3 Satz 1 AufenthG" in html
        assert (
            "nicht vermerkt in A, default in B"
            in client.get("/qualitaet/vergleich", params={"a": "alt", "b": "lauf-2"}).text
        )
    finally:
        path.unlink()


def test_two_runs_are_compared_question_by_question(client: TestClient) -> None:
    (change,) = (c for c in compare(RUN_A, RUN_B) if c.metric == "recall@5")
    assert (change.won, change.lost) == (("T-2",), ("T-3",))
    assert change.difference == paired_difference([1.0, 0.0, 1.0], [1.0, 1.0, 0.5])
    assert change.difference.mean == pytest.approx((0 + 1 - 0.5) / 3)
    html = client.get("/qualitaet/vergleich", params={"a": "lauf-1", "b": "lauf-2"}).text
    row = next(row for row in rows_of(html) if row.startswith("R@5"))
    assert row.startswith("R@5 3 0,667 0,833 +0,167 −0,500 bis +1,000")
    assert row.endswith("1 1")
    assert "B gewinnt 1 und verliert 1" in html
    duels = re.findall(r'<article class="duel".*?</article>', html, re.DOTALL)
    assert ["verloren" in duels[0], "gewonnen" in duels[1]] == [True, True]
    assert all("Antwort von A" in duel and "Antwort von B" in duel for duel in duels)
    assert "Fälle, Bestand und Einstellungen sind in beiden gleich" in html
    assert 'class="zero"' in html


def test_a_comparison_of_less_is_better_counts_the_other_way_round() -> None:
    changes = case_changes(RUN_A, RUN_B, metrics=("wrongly_answered",))
    (change,) = changes
    assert change.result == "same"
    case = RUN_B.systems[0].cases[3]
    worse = case.model_copy(update={"metrics": {**case.metrics, "wrongly_answered": 1.0}})
    system = RUN_B.systems[0].model_copy(update={"cases": (worse,)})
    (change,) = case_changes(
        RUN_A, RUN_B.model_copy(update={"systems": (system,)}), metrics=("wrongly_answered",)
    )
    assert change.result == "lost"


def read_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_runs_and_comparisons_can_be_taken_along(client: TestClient) -> None:
    answer = client.get("/qualitaet/lauf/lauf-2.csv")
    assert answer.headers["content-disposition"].endswith("lauf-2.csv")
    rows = read_csv(answer.text)
    assert [row["id"] for row in rows] == ["T-1", "T-2", "T-3", "T-4"]
    assert [row["recall@5"] for row in rows] == ["1.0", "1.0", "0.5", ""]
    assert rows[1]["question"] == "'=Was kostet die Erteilung?", "no formula for a spreadsheet"
    assert Run.model_validate_json(client.get("/qualitaet/lauf/lauf-2.json").text) == RUN_B
    pair = {"a": "lauf-1", "b": "lauf-2"}
    rows = read_csv(client.get("/qualitaet/vergleich.csv", params=pair).text)
    results = {(row["metric"], row["id"]): row["result"] for row in rows}
    assert results["recall@5", "T-2"] == "won"
    assert results["recall@5", "T-3"] == "lost"
    assert ("recall@5", "T-4") not in results
    found = client.get("/qualitaet/vergleich.json", params=pair).json()["changes"]
    (change,) = (one for one in found if one["metric"] == "recall@5")
    assert (change["n"], change["won"], change["lost"]) == (3, ["T-2"], ["T-3"])


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/qualitaet/lauf/gibtsnicht", 404, "gibt es nicht"),
        ("/qualitaet/lauf/gibtsnicht.csv", 404, "gibt es nicht"),
        ("/qualitaet/lauf/..%2Flauf-1", 404, "Diese Adresse gibt es nicht"),
        ("/qualitaet/lauf/lauf-1?system=x", 404, "gibt es kein System „x“"),
        ("/qualitaet/lauf/lauf-1/fall/x", 404, "in diesem Lauf nicht"),
        ("/qualitaet/vergleich?a=lauf-1&b=x", 404, "gibt es nicht"),
        ("/qualitaet/vergleich.csv?a=lauf-1&b=lauf-2&system=x", 404, "gibt es kein System „x“"),
        ("/qualitaet/faelle/gibtsnicht/x", 404, "Datei „gibtsnicht“"),
        ("/qualitaet/faelle/dev/x", 404, "Einen Fall „x“"),
    ],
)
def test_what_there_is_not_is_said_in_a_sentence(
    client: TestClient, address: str, status: int, said: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert said in answer.text
    assert answer.headers["content-type"].startswith("text/html")


def test_a_file_that_holds_no_run_is_named_and_the_others_stay(
    client: TestClient, runs: Path
) -> None:
    broken = runs / "kaputt.json"
    broken.write_text('{"name": ', encoding="utf-8")
    try:
        html = client.get("/qualitaet").text
        assert "„kaputt.json“" in html
        assert "lauf-2" in html
        answer = client.get("/qualitaet/lauf/kaputt")
        assert (answer.status_code, "kein lesbarer Lauf" in answer.text) == (422, True)
    finally:
        broken.unlink()


ADMIN_ONLY = [
    ("POST", "/qualitaet/start"),
    ("GET", "/qualitaet/vorgang/1"),
    ("POST", "/qualitaet/vorgang/1/abbrechen"),
    ("GET", "/qualitaet/faelle/neu"),
    ("POST", "/qualitaet/faelle/neu"),
    ("POST", "/qualitaet/faelle/eigene/eigen-1"),
    ("POST", "/qualitaet/faelle/eigene/eigen-1/geprueft"),
    ("POST", "/qualitaet/faelle/eigene/eigen-1/loeschen"),
    ("POST", "/qualitaet/faelle/dev/K-002/kopieren"),
]


@pytest.mark.parametrize(("method", "path"), ADMIN_ONLY)
def test_only_the_administration_changes_anything(
    client: TestClient, method: str, path: str
) -> None:
    assert client.request(method, path).status_code == 401
    if method == "POST":
        origin = {"Origin": "https://boese.example"}
        client.cookies.set("fundstelle_admin", "geheim")
        try:
            answer = client.post(path, headers=origin)
        finally:
            client.cookies.clear()
        assert (answer.status_code, "kam nicht von einer Seite" in answer.text) == (403, True)


def test_the_service_offers_what_the_pages_need() -> None:
    host: WantedHost = Host([])
    assert host.render


@pytest.mark.parametrize("value", ["gibt.es.nicht:pages", "json:dumps", "eval.pages:gibt_es_nicht"])
def test_pages_that_cannot_be_loaded_leave_the_service_running(
    monkeypatch: pytest.MonkeyPatch, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    broken = EntryPoint("kaputt", value, plugins.GROUP)
    monkeypatch.setattr(plugins, "entry_points", lambda group: (broken,))
    app = FastAPI()
    with caplog.at_level("INFO", logger="fundstelle"):
        plugins.install(app)
    assert "pages_not_loaded" in caplog.text
    assert all(address != "/kaputt" for _, address, _ in app.state.sections)


def test_pages_beside_the_service_need_their_jobs_to_exist(client: TestClient) -> None:
    admin = {"X-Admin-Token": "geheim"}
    missing = client.get("/qualitaet/vorgang/99", headers=admin)
    assert (missing.status_code, "gibt es nicht" in missing.text) == (404, True)
    empty = client.post("/qualitaet/start", data={"faelle": "eigene"}, headers=admin)
    assert (empty.status_code, "kein lesbarer Fall" in empty.text) == (422, True)
