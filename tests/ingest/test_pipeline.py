from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import Engine

from corpus.catalogue import catalogue
from corpus.elsewhere import elsewhere_topics
from corpus.generation.manifest import Manifest
from corpus.generation.vectors import Space, VectorIndex
from corpus.models import Audience, Kind
from corpus.store.database import open_database
from corpus.store.reading import CorpusReader, Published, published
from ingest import pipeline
from ingest.check import GenerationBroken, check_generation
from ingest.collect import Folder
from ingest.lock import Locked
from ingest.pipeline import IngestFailed, run_ingest
from ingest.report import IngestReport
from rag.engine import Fundstelle
from tests.conftest import LATER, TODAY, SmallWorld, copy_world, make_world, write_memo
from tests.official import SMALL_LAWS, reworded, write_mirror


def answering(world: SmallWorld) -> str:
    """The best hit for a question about work: its text."""
    engine = Fundstelle(world.data)
    try:
        return engine.search("An wie vielen Tagen darf ein Gast arbeiten?").hits[0].passage.text
    finally:
        engine.close()


def state(report: IngestReport, source: str) -> tuple[int, int, int, bool]:
    (found,) = [s for s in report.sources if s.source == source]
    return len(found.added), len(found.changed), len(found.repealed), found.unchanged


def passages(world: SmallWorld) -> dict[str, str]:
    engine = open_database(world.data.database)
    current = published(engine)
    assert current is not None
    found = {p.id: p.text for p in CorpusReader(engine, current.number).passages()}
    engine.dispose()
    return found


def test_a_first_ingest_publishes_everything(world: SmallWorld) -> None:
    report = world.ingest()
    assert report.published is not None
    assert report.official
    assert state(report, "aufenthg_2004") == (3, 0, 0, False)
    missing = [p for p in report.problems if p.code == "not_found"]
    assert len(missing) == 23
    assert "140 Tagen" in answering(world)


def test_nothing_changed_means_nothing_is_done(world: SmallWorld) -> None:
    world.ingest()
    again = world.ingest()
    assert again.published is None
    assert again.embedded == 0
    assert all(source.unchanged for source in again.sources)


def test_only_what_changed_is_written_and_embedded(world: SmallWorld) -> None:
    first = world.ingest()
    before = passages(world)
    write_mirror(world.laws, reworded("aufenthg_2004", "140 Tagen", "150 Tagen"))
    report = world.ingest(LATER)
    assert state(report, "aufenthg_2004") == (0, 1, 0, False)
    assert state(report, "aufenthv") == (0, 0, 0, True)
    assert (first.trained, report.trained) == (True, False)
    assert report.embedded == 1
    after = passages(world)
    assert len(before.keys() - after.keys()) == 1
    assert "150 Tagen" in answering(world)


def test_a_repealed_norm_never_answers_again(world: SmallWorld) -> None:
    world.ingest()
    xml = SMALL_LAWS["aufenthg_2004"].replace(
        "(1) Gäste brauchen einen gültigen Pass, soweit sie nicht befreit sind.".encode(),
        b"(weggefallen)",
    )
    write_mirror(world.laws, {"aufenthg_2004": xml})
    report = world.ingest(LATER)
    assert state(report, "aufenthg_2004") == (0, 0, 1, False)
    assert not any("Pass" in text and "Gäste" in text for text in passages(world).values())


def test_changes_then_back_equal_a_fresh_build(world: SmallWorld) -> None:
    world.ingest()
    fresh = passages(world)
    write_mirror(world.laws, reworded("aufenthv", "100 Euro", "120 Euro"))
    (world.memos / "vh-studium.md").unlink()
    world.ingest(LATER)
    assert passages(world) != fresh
    write_mirror(world.laws, SMALL_LAWS)
    write_memo(world.memos)
    world.ingest(LATER)
    assert passages(world) == fresh


def test_a_withdrawn_or_removed_memo_is_gone(world: SmallWorld) -> None:
    world.ingest()
    write_memo(world.memos, status="withdrawn")
    assert world.ingest(LATER).removed == ("vh-studium",)
    assert not any("Studierende dürfen an 140 Tagen" in text for text in passages(world).values())


def test_a_memo_that_became_unreadable_keeps_its_last_state(world: SmallWorld) -> None:
    world.ingest()
    (world.memos / "vh-studium.md").write_bytes(b"---\nid: \xff\n---\n")
    report = world.ingest(LATER)
    assert [p.code for p in report.problems if p.code.startswith("memo")] == ["memo_encoding"]
    assert report.removed == ()
    assert any("Studierende dürfen an 140 Tagen" in text for text in passages(world).values())


def test_problems_of_memos_are_reported_by_name(world: SmallWorld) -> None:
    write_memo(world.memos, "vh-doppelt", body="## A\n\nText (§ 99z AufenthG).")
    (world.memos / "zweite.md").write_text(
        (world.memos / "vh-doppelt.md").read_text(encoding="utf-8"), encoding="utf-8"
    )
    codes = {(p.source, p.code) for p in world.ingest().problems if p.code.startswith("memo")}
    assert codes == {
        ("vh-doppelt.md", "memo_unknown_reference"),
        ("zweite.md", "memo_duplicate_id"),
    }


def test_an_office_own_decrees_are_a_kind_of_their_own(world: SmallWorld) -> None:
    own = world.root / "erlasse"
    own.mkdir()
    (own / "Erlass 7.md").write_text("# Gastrecht\n\nGäste sind zu befragen.", encoding="utf-8")
    config = world.config()
    folders = (*config.folders, Folder(own, Kind.DECREE))
    run_ingest(replace(config, folders=folders))
    engine = Fundstelle(world.data)
    hits = [hit.passage for hit in engine.search("Gäste sind zu befragen").hits]
    engine.close()
    (decree,) = [passage for passage in hits if passage.kind is Kind.DECREE]
    assert (decree.citation, decree.source) == ("Erlass „Gastrecht“", "erlass-7")


def test_without_any_law_the_summaries_stand_in_and_it_is_said(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slug in SMALL_LAWS:
        (world.laws / slug / "xml.zip").unlink()
    # The questions of three norms: those of all would be trained for minutes.
    few = tuple(e for e in catalogue() if e.law == "AufenthG" and e.number in ("3", "5", "9"))
    monkeypatch.setattr(pipeline, "catalogue", lambda: few)
    report = world.ingest()
    assert not report.official
    engine = Fundstelle(world.data)
    answer = engine.ask("Was setzt die Niederlassungserlaubnis voraus?")
    engine.close()
    assert any("amtlichen Gesetzestexte fehlen" in notice for notice in answer.notices)
    assert any(shown.passage.kind is Kind.SUMMARY for shown in answer.passages)


def test_a_failed_build_leaves_the_published_index_as_it_was(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.ingest()
    write_mirror(world.laws, reworded("aufenthg_2004", "140 Tagen", "150 Tagen"))

    def full_disk(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(VectorIndex, "add", full_disk)
    with pytest.raises(IngestFailed, match="No space"):
        world.ingest(LATER)
    monkeypatch.undo()
    assert "140 Tagen" in answering(world)
    assert len(list(world.data.generations.iterdir())) == 1
    assert world.ingest(LATER).published is not None
    assert "150 Tagen" in answering(world)


def test_a_generation_that_does_not_find_itself_is_thrown_away(
    world: SmallWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.ingest()
    write_mirror(world.laws, reworded("aufenthg_2004", "140 Tagen", "150 Tagen"))

    def broken(*args: object) -> None:
        raise GenerationBroken("test")

    monkeypatch.setattr(pipeline, "check_generation", broken)
    with pytest.raises(GenerationBroken):
        world.ingest(LATER)
    assert "140 Tagen" in answering(world)


def test_what_the_inspection_refuses_is_built_once_and_thrown_away(
    ingested: SmallWorld, tmp_path: Path
) -> None:
    world = copy_world(ingested, tmp_path)
    before = sorted(world.data.generations.iterdir())
    write_mirror(world.laws, reworded("aufenthg_2004", "140 Tagen", "150 Tagen"))
    inspected: list[str] = []

    def refuse(engine: Engine, candidate: Published) -> None:
        inspected.append(candidate.name)
        raise GenerationBroken("answers worse")

    with pytest.raises(GenerationBroken, match="answers worse"):
        run_ingest(replace(world.config(LATER), inspect=refuse))
    assert len(inspected) == 1
    assert sorted(world.data.generations.iterdir()) == before
    assert "140 Tagen" in answering(world)


def test_the_check_notices_a_missing_vector(ingested: SmallWorld) -> None:
    engine = Fundstelle(ingested.data)
    index = engine.index()
    folder = ingested.data.generation(index.manifest.name)
    check_generation(folder, index.manifest, index.passages, (), index.encoder)
    wrong = index.manifest.model_copy(update={"questions": index.manifest.questions + 1})
    with pytest.raises(GenerationBroken, match="questions"):
        check_generation(folder, wrong, index.passages, (), index.encoder)
    engine.close()


@pytest.mark.parametrize("damage", ["analysis.json", "topics.json", "manifest.json", "pieces.npz"])
def test_a_damaged_generation_is_built_again(world: SmallWorld, damage: str) -> None:
    name = world.ingest().published
    assert name is not None
    (world.data.generation(name).path / damage).unlink()
    assert world.ingest(LATER).published not in (None, name)
    assert "140 Tagen" in answering(world)


def test_cut_off_vectors_are_not_taken_over(world: SmallWorld) -> None:
    name = world.ingest().published
    assert name is not None
    database = world.data.generation(name).vectors.folder / "chroma.sqlite3"
    database.write_bytes(database.read_bytes()[:5000])
    write_mirror(world.laws, reworded("aufenthg_2004", "140 Tagen", "150 Tagen"))
    report = world.ingest(LATER)
    topics = sum(len(topic.questions) for topic in elsewhere_topics())
    past = 1
    assert report.embedded == report.passages + past + report.questions + topics
    assert "150 Tagen" in answering(world)


def test_a_heading_that_changed_keeps_the_wording_and_renews_the_vector(world: SmallWorld) -> None:
    world.ingest()
    write_mirror(world.laws, reworded("aufenthg_2004", "Passpflicht", "Ausweispflicht"))
    report = world.ingest(LATER)
    assert state(report, "aufenthg_2004") == (0, 1, 0, False)
    assert report.embedded == 1


def test_a_folder_that_is_not_there_keeps_its_documents(world: SmallWorld) -> None:
    world.ingest()
    world.memos.rename(world.root / "anderswo")
    report = world.ingest(LATER)
    assert [p.code for p in report.problems if p.source == "memos"] == ["folder_missing"]
    assert report.removed == ()
    assert any("Studierende dürfen an 140 Tagen" in text for text in passages(world).values())


def test_a_memo_that_changed_is_reported_as_changed(world: SmallWorld) -> None:
    world.ingest()
    write_memo(world.memos, body="## Arbeitstage\n\nEs gelten 140 Tage (§ 16b Abs. 3 AufenthG).")
    assert state(world.ingest(LATER), "vh-studium") == (0, 1, 0, False)


def test_a_memo_for_another_audience_gets_the_rights_and_keeps_its_vector(
    ingested: SmallWorld, tmp_path: Path
) -> None:
    world = copy_world(ingested, tmp_path)
    write_memo(world.memos, audience="public")
    report = world.ingest(LATER)
    assert report.published is not None
    folder = world.data.generation(report.published)
    vectors = VectorIndex(folder.vectors)
    held = [*vectors.held(Space.PASSAGES).items(), *vectors.held(Space.QUESTIONS).items()]
    vectors.close()
    memo = [keys["audience"] for id_, keys in held if id_.startswith("vh-studium")]
    assert set(memo) == {"public"}
    # The collections were copied, and what differs was put in anew without computing it.
    assert Manifest.load(folder.path).removed == len(memo)
    assert report.embedded == 0
    engine = Fundstelle(world.data)
    hits = engine.search(
        "An wie vielen Tagen dürfen Studierende arbeiten?", audience=Audience.PUBLIC
    )
    engine.close()
    assert "vh-studium" in [hit.passage.source for hit in hits.documents]


def references(world: SmallWorld) -> dict[str, tuple[str, ...]]:
    engine = open_database(world.data.database)
    current = published(engine)
    assert current is not None
    reader = CorpusReader(engine, current.number)
    found = {p.id: tuple(r.target.key for r in p.references) for p in reader.passages()}
    engine.dispose()
    return found


def test_an_update_reads_like_a_fresh_ingest(world: SmallWorld, tmp_path: Path) -> None:
    other = reworded("aufenthg_2004", "<enbez>§ 5</enbez>", "<enbez>§ 4</enbez>")
    write_mirror(world.laws, other)
    world.ingest()
    before = references(world)
    write_mirror(world.laws, SMALL_LAWS)
    world.ingest(LATER)
    fresh = make_world(tmp_path / "frisch")
    fresh.ingest(LATER)
    assert references(world) == references(fresh)
    # § 16b itself is untouched; only what it refers to has come.
    (work,) = [id_ for id_ in before if id_.startswith("AufenthG/16b/3")]
    assert "AufenthG/5/1" not in before[work]
    assert "AufenthG/5/1" in references(world)[work]


def test_one_writer_at_a_time(world: SmallWorld) -> None:
    world.data.root.mkdir(parents=True)
    with FileLock(world.data.lock), pytest.raises(Locked):
        world.ingest()


def test_the_report_is_json(world: SmallWorld) -> None:
    body = json.loads(world.ingest().model_dump_json())
    assert body["passages"] > 0
    assert {"Gesetze lesen", "Index bauen", "Veröffentlichen"} <= body["seconds"].keys()
    assert (Path(world.root) / "var" / "fundstelle.sqlite").exists()
    assert body["seen_on"] == TODAY.isoformat()
