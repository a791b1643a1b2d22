"""After the answer: save it, take it along as Word, PDF or text."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest
from fastapi.testclient import TestClient
from pypdf import PdfReader
from pypdf.generic import BooleanObject, DictionaryObject

from corpus.models import Kind
from corpus.store.answers import saved_answer
from rag.engine import Fundstelle
from service.naming import marked_summary
from service.present import answer_out
from service.records import RecentAnswers, Records
from service.wire import AskResponse
from tests.conftest import SmallWorld

STUDY = "Dürfen Studierende an 140 Tagen arbeiten?"
ENDINGS = ("docx", "pdf", "txt")


def ask(client: TestClient, question: str = STUDY, **more: str) -> str:
    id_: str = client.post("/api/ask", json={"question": question, **more}).json()["id"]
    return id_


def pdf_text(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def docx_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for cell in table._cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def texts(client: TestClient, id_: str) -> dict[str, str]:
    files = {ending: client.get(f"/api/answers/{id_}.{ending}").content for ending in ENDINGS}
    return {
        "txt": files["txt"].decode(),
        "docx": docx_text(files["docx"]),
        "pdf": pdf_text(files["pdf"]),
    }


def test_what_is_saved_is_what_was_answered(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": STUDY}).json()
    saved = client.post("/api/answers", json={"id": answer["id"]})
    assert saved.status_code == 201
    record = saved.json()
    assert record["answer"] == answer
    assert (record["question"], record["asked_on"]) == (STUDY, date.today().isoformat())
    (norm,) = [w for w in record["wordings"] if w["citation"] == "§ 16b AufenthG"]
    assert all(s["text"] in norm["text"] for s in answer["statements"] if s["kind"] == "law")
    assert norm["stand"] and norm["url"]
    assert client.get(f"/api/answers/{answer['id']}").content == saved.content


def test_the_same_id_makes_the_same_bytes(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = ask(client)
    before = {e: client.get(f"/api/answers/{id_}.{e}").content for e in ENDINGS}
    client.post("/api/answers", json={"id": id_})
    records: Records = client.app.state.records  # type: ignore[attr-defined]
    monkeypatch.setattr(records, "recent", RecentAnswers())
    assert {e: client.get(f"/api/answers/{id_}.{e}").content for e in ENDINGS} == before


@pytest.mark.parametrize("path", ["", ".docx", ".pdf", ".txt"])
def test_an_answer_that_nobody_saved_is_unknown(client: TestClient, path: str) -> None:
    answer = client.get(f"/api/answers/0123456789abcdef{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_answer")
    page = client.get("/antwort/0123456789abcdef")
    assert page.status_code == 404
    assert "stellen Sie die Frage noch einmal" in page.text
    assert client.post("/api/answers", json={"id": "0123"}).json()["code"] == "unknown_answer"


def test_every_file_holds_the_whole_sheet(client: TestClient) -> None:
    id_ = ask(client, as_of="2025-03-06")
    record = client.get(f"/api/answers/{id_}").json()
    wanted = [
        STUDY,
        f"{date.today():%d.%m.%Y}",
        "06.03.2025",
        record["answer"]["corpus_version"],
        id_,
        "„",
        "“",
        "§ 16b Abs. 3",
        "wörtlich in der Fundstelle enthalten",
        "Wortlaut der zitierten Fundstellen",
        *(w["stand"] for w in record["wordings"]),
    ]
    for ending, text in texts(client, id_).items():
        flat = " ".join(text.split())
        missing = [words for words in wanted if " ".join(words.split()) not in flat]
        assert not missing, ending
    label = " ".join(record["answer"]["label"].split())
    content = client.get(f"/api/answers/{id_}.docx").content
    document = docx.Document(io.BytesIO(content))
    assert document.sections[0].footer.paragraphs[0].text == label
    assert {p.style.name for p in document.paragraphs if p.style} >= {"Title", "Heading 1"}
    languages = document.styles.element.xpath("//w:lang/@w:val")
    assert set(languages) == {"de-DE"}


def test_the_pdf_is_tagged_german_and_dated_by_the_answer(client: TestClient) -> None:
    reader = PdfReader(io.BytesIO(client.get(f"/api/answers/{ask(client)}.pdf").content))
    root = reader.root_object
    marks = root["/MarkInfo"].get_object()
    assert str(root["/Lang"]) == "de-DE"
    assert isinstance(marks, DictionaryObject)
    assert marks["/Marked"] == BooleanObject(True)
    assert reader.metadata is not None
    assert STUDY in (reader.metadata.title or "")
    created = reader.metadata.creation_date
    assert created is not None
    assert created.date() == date.today()


@pytest.mark.parametrize(
    "words",
    ['#read("/etc/passwd")', "*fett* _schräg_", "$x^2$", "= Titel", "<a@b> @ref", "\\ // /* */"],
)
def test_words_of_the_question_are_never_markup(client: TestClient, words: str) -> None:
    question = f"Arbeiten im Studium {words}"
    for ending, text in texts(client, ask(client, question)).items():
        assert words.replace(" ", "") in "".join(text.split()), ending
        assert "root:" not in text


def test_control_characters_do_not_break_a_file(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": f"Studium\x0b\x0c {STUDY}"}).json()
    for ending in ENDINGS:
        assert client.get(f"/api/answers/{answer['id']}.{ending}").status_code == 200


def test_personal_data_of_a_question_is_not_kept(client: TestClient) -> None:
    id_ = ask(client, f"{STUDY} Mail: max.mustermann@example.org")
    client.post("/api/answers", json={"id": id_})
    assert "mustermann" not in client.get(f"/api/answers/{id_}").text
    assert "mustermann" not in texts(client, id_)["pdf"]


def test_a_summary_is_never_taken_for_the_law() -> None:
    name = "Nichtamtliche Kurzfassung"
    rows = [
        ("§ 5 AufenthG", Kind.SUMMARY, f"{name}: § 5 AufenthG"),
        (f"{name} zu § 5 AufenthG", Kind.SUMMARY, f"{name} zu § 5 AufenthG"),
        ("§ 5 AufenthG", Kind.LAW, "§ 5 AufenthG"),
    ]
    for place, kind, shown in rows:
        assert marked_summary(place, kind) == shown


def test_without_an_answer_the_sheet_says_why(client: TestClient) -> None:
    question = "Wie backe ich einen Kuchen mit Hefe?"
    body = client.post("/api/ask", json={"question": question}).json()
    assert body["outcome"] != "answered"
    assert body["message"] in texts(client, body["id"])["txt"]


def test_the_button_of_the_page_works_without_scripts(client: TestClient) -> None:
    html = client.get("/", params={"frage": STUDY}).text
    action = html.split('<form action="/antwort/')[1].split('"')[0]
    assert all(f'href="/api/answers/{action}.{ending}"' in html for ending in ENDINGS)
    page = client.post(f"/antwort/{action}")
    assert page.url.path == f"/antwort/{action}"
    assert STUDY in page.text
    assert "Gespeichert" in page.text
    assert "<form action=" not in page.text


def test_recent_answers_are_bounded_and_end() -> None:
    def answer(number: int) -> AskResponse:
        empty = {"outcome": "no_source", "message": "", "corpus_version": "1", "label": ""}
        lists = {"statements": (), "passages": (), "related": (), "notices": ()}
        return AskResponse.model_validate(
            {"id": str(number), "as_of": None, "timings_ms": {}, **empty, **lists}
        )

    few = RecentAnswers(most=2)
    for number in range(3):
        few.keep("Frage", answer(number))
    assert [few.get(str(n)) is not None for n in range(3)] == [False, True, True]
    over = RecentAnswers(seconds=-1)
    over.keep("Frage", answer(0))
    assert over.get("0") is None


def test_postgresql_keeps_answers_too(ingested_postgres: SmallWorld) -> None:
    engine = Fundstelle(ingested_postgres.data, ingested_postgres.database)
    records = Records(engine)
    answer = engine.ask(STUDY)
    records.recent.keep(STUDY, answer_out(answer, {}))
    record = records.save(answer.id)
    records.save(answer.id)
    kept = saved_answer(engine.engine, answer.id)
    assert kept is not None
    assert kept.body == record.model_dump_json()
    engine.close()
