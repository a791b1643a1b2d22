"""An office's own documents: added, replaced, their earlier files kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpus.generation.files import DataFolder
from corpus.models import Audience, Kind, MemoMeta
from ingest.documents import SIDECAR_SUFFIX
from ingest.errors import SourceError, SourceProblem
from ingest.fetch import Nowhere
from ingest.office import Wanted, add_document, earlier_files, own_file, replace_document
from ingest.pipeline import run_ingest
from rag.engine import Fundstelle
from tests.conftest import CHECKOUT, SmallWorld, write_memo

PDF = CHECKOUT / "corpus" / "memos" / "verfahren" / "vh-fiktionswirkung.pdf"
HEAD = "---\nid: eigene-hilfe\ntitle: Eigene Hilfe\naudience: public\n---\n"
BODY = "# Ablauf\n\nDer Antrag wird an Schalter 7 gestellt.\n"


def accept(document: str) -> None:
    """Nothing speaks against it."""


def written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "var")


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        (BODY, Wanted(), ("meine-hilfe", "Meine Hilfe", Audience.INTERNAL, Kind.MEMO)),
        (HEAD + BODY, Wanted(), ("eigene-hilfe", "Eigene Hilfe", Audience.PUBLIC, Kind.MEMO)),
        (
            HEAD + BODY,
            Wanted("neu", "Neu", Audience.INTERNAL, Kind.DECREE),
            ("neu", "Neu", Audience.INTERNAL, Kind.DECREE),
        ),
    ],
)
def test_front_matter_is_completed(
    data: DataFolder,
    tmp_path: Path,
    text: str,
    wanted: Wanted,
    expected: tuple[str, str, Audience, Kind],
) -> None:
    file = written(tmp_path, "Meine Hilfe.md", text)
    meta = add_document(data, file, wanted, accept).meta
    assert (meta.id, meta.title, meta.audience, meta.kind) == expected
    assert own_file(data, meta.id) == data.documents / f"{meta.id}.md"
    assert file.read_text(encoding="utf-8") == text


def test_a_pdf_gets_its_sidecar(data: DataFolder, tmp_path: Path) -> None:
    file = tmp_path / "erlass.pdf"
    file.write_bytes(PDF.read_bytes())
    add_document(data, file, Wanted(title="Erlass 1"), accept)
    names = {path.name for path in data.documents.iterdir()}
    assert names == {"erlass.pdf", f"erlass.pdf{SIDECAR_SUFFIX}"}


@pytest.mark.parametrize(
    ("name", "text", "wanted", "problem"),
    [
        ("a.md", HEAD, Wanted(), SourceProblem.MEMO_EMPTY),
        ("a.txt", BODY, Wanted(), SourceProblem.UNKNOWN_FORMAT),
        ("a.md", BODY, Wanted(id="../../x"), SourceProblem.MEMO_FRONT_MATTER),
        ("a.md", "---\n- x\n---\n" + BODY, Wanted(), SourceProblem.MEMO_FRONT_MATTER),
        ("a.md", "---\nfarbe: rot\n---\n" + BODY, Wanted(), SourceProblem.MEMO_FRONT_MATTER),
    ],
)
def test_what_cannot_be_read_leaves_nothing_behind(
    data: DataFolder, tmp_path: Path, name: str, text: str, wanted: Wanted, problem: SourceProblem
) -> None:
    with pytest.raises(SourceError) as raised:
        add_document(data, written(tmp_path, name, text), wanted, accept)
    assert raised.value.code is problem
    assert not data.documents.exists() or not list(data.documents.iterdir())


def test_an_id_is_given_once(data: DataFolder, tmp_path: Path) -> None:
    file = written(tmp_path, "a1.md", BODY)
    add_document(data, file, Wanted(), accept)
    with pytest.raises(SourceError) as raised:
        add_document(data, file, Wanted(), accept)
    assert raised.value.code is SourceProblem.MEMO_DUPLICATE_ID


def test_every_earlier_file_is_kept(data: DataFolder, tmp_path: Path) -> None:
    meta = add_document(data, written(tmp_path, "a1.md", BODY), Wanted(title="Alt"), accept).meta
    for text in ("zweite", "dritte"):
        file = written(tmp_path, "beliebig.md", f"# A\n\nDie {text} Fassung.")
        meta = replace_document(data, meta, None, file).meta
    assert (meta.id, meta.title) == ("a1", "Alt")
    names = earlier_files(data, "a1")
    assert [name.split("-", 1)[1] for name in names] == ["a1.md", "a1.md"]
    kept = [(data.earlier_documents("a1") / n).read_text(encoding="utf-8") for n in names]
    assert ("Schalter 7" in kept[0], "zweite" in kept[1]) == (True, True)


def test_another_format_takes_the_place_of_the_old_file(data: DataFolder, tmp_path: Path) -> None:
    file = tmp_path / "a1.pdf"
    file.write_bytes(PDF.read_bytes())
    meta = add_document(data, file, Wanted(title="Alt"), accept).meta
    replace_document(data, meta, None, written(tmp_path, "neu.md", BODY))
    assert [path.name for path in data.documents.iterdir()] == ["a1.md"]
    assert len(list(data.earlier_documents("a1").iterdir())) == 2


def test_own_documents_are_always_read_and_stand_in_for_others(
    world: SmallWorld, tmp_path: Path
) -> None:
    world.ingest()
    add_document(world.data, written(tmp_path / "x", "a1.md", BODY), Wanted(), accept)
    engine = Fundstelle(world.data)
    before = engine.index().reader.sources["vh-studium"].meta
    engine.close()
    assert isinstance(before, MemoMeta)
    new = written(tmp_path / "x", "neu.md", "# Tage\n\nNeu gefasst: § 16b Abs. 3 AufenthG.")
    origin = world.memos / "vh-studium.md"
    replace_document(world.data, before, origin, new)
    assert origin.is_file()
    assert len(earlier_files(world.data, "vh-studium")) == 1

    config = replace(world.config(date(2025, 4, 1)), origin=Nowhere())
    report = run_ingest(config)
    assert report.removed == ()
    assert {(s.source, s.added, s.changed) for s in report.sources if not s.unchanged} == {
        ("a1", ("a1",), ()),
        ("vh-studium", (), ("vh-studium",)),
    }
    assert [p for p in report.problems if p.code.startswith("memo")] == []
    assert [s.source for s in report.sources].count("vh-studium") == 1
    engine = Fundstelle(world.data)
    texts = {p.text for p in engine.index().passages}
    engine.close()
    assert "Der Antrag wird an Schalter 7 gestellt." in texts
    assert any("Neu gefasst" in text for text in texts)
    assert not any("Studierende dürfen an 140 Tagen" in text for text in texts)
    assert any("140 Tagen" in text for text in texts), "the laws stay as they are"
    assert run_ingest(config).published is None


def test_two_own_documents_with_one_id_are_a_problem(world: SmallWorld) -> None:
    write_memo(world.data.documents / "a", "doppelt", body="## A\n\nErster Text.")
    write_memo(world.data.documents / "b", "doppelt", body="## A\n\nZweiter Text.")
    problems = [p.code for p in world.ingest().problems if p.code.startswith("memo")]
    assert problems == ["memo_duplicate_id"]
