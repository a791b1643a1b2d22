"""The past is the same in whatever order its files come, and going back leaves no trace."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from corpus.generation.files import DataFolder
from corpus.models import Kind
from corpus.store.database import open_database
from corpus.store.reading import CorpusReader, published
from corpus.store.tables import PassageRow, ReferenceRow
from corpus.store.writing import Publication, go_back, record_checks, stage, switch
from ingest import pipeline
from ingest.fetch import MirrorFolder
from ingest.pipeline import IngestConfig, run_ingest
from ingest.progress import Silent, Stopwatch
from tests.conftest import SmallWorld, copy_world
from tests.official import SMALL_LAWS, law_xml, norm_xml, packed, reworded

LAWS = {"aufenthg_2004": "AufenthG", "aufenthv": "AufenthV"}
START = date(2024, 1, 1)
# Norms that always stand, so that no file looks cut off.
STEADY = tuple(norm_xml(f"§ {n}", "Dauer", f"(1) Satz {n} gilt.") for n in (1, 2, 3))
CHANGING = ("10", "11", "12")

State = tuple[int | None, ...]
"""Per changing norm its wording; None: it is not there."""


def law_file(slug: str, state: State) -> bytes:
    changing = (
        norm_xml(
            f"§ {number}",
            f"Titel {wording % 2}",
            f"(1) Wortlaut {10 ** (wording // 2)} nach § 2.",
            "(2) Bleibt.",
        )
        for number, wording in zip(CHANGING, state, strict=True)
        if wording is not None
    )
    return packed(law_xml(LAWS[slug], *STEADY, *changing, stand=f"Stand {state}"))


Files = Mapping[tuple[str, int], State]
"""(slug, day of the year) -> what the law looked like."""

states = st.tuples(*(st.none() | st.integers(0, 3) for _ in CHANGING))
histories = st.dictionaries(
    st.tuples(st.sampled_from(sorted(LAWS)), st.integers(0, 5)), states, min_size=2, max_size=8
)


@contextmanager
def store() -> Iterator[tuple[Engine, Path]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        engine = open_database("sqlite://")
        try:
            yield engine, folder
        finally:
            engine.dispose()


def write(folder: Path, files: Files) -> Path:
    for (slug, day), state in files.items():
        path = folder / slug / str(START + timedelta(day)) / "xml.zip"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(law_file(slug, state))
    return folder


def take_in(engine: Engine, config: IngestConfig) -> int:
    """An ingest without an index: collect, stage, switch. The number that answers then."""
    current = published(engine)
    held = pipeline._held(engine, current, None)
    held = replace(held, fresh=current is None)
    collected = pipeline._collect(config, held, Stopwatch(Silent()))
    collected.changes = [c for c in collected.changes if c.state.kind is Kind.LAW]
    if collected.changes or collected.past:
        publication = Publication(
            changes=tuple(collected.changes),
            removed=(),
            past=tuple(collected.past),
            base=current.number if current else None,
        )
        switch(engine, stage(engine, publication))
    record_checks(engine, collected.checks)
    current = published(engine)
    assert current is not None
    return current.number


def by_history(engine: Engine, folder: Path, files: Files) -> int:
    config = IngestConfig(
        data=DataFolder(folder),
        database="",
        origin=MirrorFolder(folder, START),
        folders=(),
        today=START,
        history=write(folder, files),
    )
    return take_in(engine, config)


def by_day(engine: Engine, folder: Path, files: Files) -> int:
    """As an office does that reads the official texts day after day."""
    number = 0
    for day in sorted({day for _, day in files}):
        for (slug, seen), state in files.items():
            if seen == day:
                (folder / slug).mkdir(parents=True, exist_ok=True)
                (folder / slug / "xml.zip").write_bytes(law_file(slug, state))
        today = START + timedelta(day)
        origin = MirrorFolder(folder, today)
        config = IngestConfig(DataFolder(folder), "", origin, folders=(), today=today)
        number = take_in(engine, config)
    return number


def shown(engine: Engine, number: int) -> dict[str, object]:
    """Everything that a generation shows of the law, now and in the past."""
    reader = CorpusReader(engine, number)
    places = [(law, n) for law in reader.laws() for n in reader.numbers_ever(law)]
    versions = {
        place: [
            (v.digest, v.first_seen, v.until, v.oldest, v.norm) for v in reader.versions(*place)
        ]
        for place in places
    }
    cut = {
        (place, v.first_seen): [(p.id, p.heading, p.span, p.text) for p in reader.passages_in(v)]
        for place in places
        for v in reader.versions(*place)
    }
    with Session(engine) as session:
        references = session.execute(
            select(PassageRow.passage_id, ReferenceRow.law, ReferenceRow.number)
            .join(ReferenceRow, ReferenceRow.passage_pk == PassageRow.pk)
            .where(PassageRow.visible(number))
        ).all()
    return {
        "versions": versions,
        "passages of versions": cut,
        "passages": [(p.id, p.valid_from, p.stand, p.heading, p.span) for p in reader.passages()],
        "past": [
            (p.id, p.valid_from, p.valid_to, p.heading, p.span) for p in reader.past_passages()
        ],
        "references": sorted(tuple(row) for row in references),
        "snapshots": {source: _changes(days) for source, days in reader.snapshots.items()},
    }


def _changes(days: Iterable[object]) -> list[tuple[date, str]]:
    """Days on which a law looked different from before: days of looking in between say nothing new."""
    seen = [(day.day, day.digest) for day in days]  # type: ignore[attr-defined]
    return [next(group) for _, group in groupby(seen, key=lambda pair: pair[1])]


@pytest.fixture(autouse=True, scope="module")
def without_summaries() -> Iterator[None]:
    """They are no part of the question and most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "collect_summaries", lambda *_: None)
        yield


quick = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


@quick
@given(histories, st.randoms(use_true_random=False))
def test_any_order_gives_the_same_past(files: Files, random: object) -> None:
    order = list(files)
    random.shuffle(order)  # type: ignore[attr-defined]
    middle = len(order) // 2
    with store() as (engine, folder):
        expected = shown(engine, by_history(engine, folder, files))
        by_history(engine, folder, files)
        assert published(engine).number == 1  # type: ignore[union-attr]
    with store() as (engine, folder):
        assert shown(engine, by_day(engine, folder, files)) == expected
    with store() as (engine, folder):
        for portion in (order[:middle], order[middle:], order[:middle]):
            number = by_history(engine, folder / f"{portion}", {k: files[k] for k in portion})
        assert shown(engine, number) == expected


@quick
@given(st.lists(states, min_size=3, max_size=4), st.integers(0, 2))
def test_going_back_leaves_no_trace(states: Sequence[State], extra: int) -> None:
    def days(chosen: Sequence[State], first: int) -> Files:
        return {("aufenthg_2004", first + i): state for i, state in enumerate(chosen)}

    steady: Files = {("aufenthv", 0): (0, 1, 2)}
    kept, dropped, later = states[:1], states[1:-1], states[-1:]
    with store() as (engine, folder):
        by_day(engine, folder, {**steady, **days(kept, 0)})
        number = by_day(engine, folder, days(later, 9))
        expected = shown(engine, number)
    with store() as (engine, folder):
        first = by_day(engine, folder, {**steady, **days(kept, 0)})
        before = shown(engine, first)
        for _ in range(extra + 1):
            away = by_day(engine, folder, days(dropped, 3))
            there = shown(engine, away)
            if away != first:
                go_back(engine, first)
            assert shown(engine, first) == before
        number = by_day(engine, folder, days(later, 9))
        assert shown(engine, number) == expected
        assert shown(engine, first) == before
        assert shown(engine, away) == there


def test_a_norm_that_moved_ends_at_one_place_and_begins_at_the_other() -> None:
    files: Files = {("aufenthv", 0): (0, None, 0), ("aufenthv", 2): (None, 0, 0)}
    with store() as (engine, folder):
        reader = CorpusReader(engine, by_day(engine, folder, files))
        (old,) = reader.versions("AufenthV", "10")
        (new,) = reader.versions("AufenthV", "11")
        past = [passage.number for passage in reader.past_passages()]
    moved = START + timedelta(2)
    assert (old.until, new.first_seen, new.until) == (moved, moved, None)
    assert past == ["10", "10"]


def test_a_day_of_looking_between_counts_when_something_turns_up_before_it() -> None:
    a, b = (0, 0, 0), (2, 0, 0)
    with store() as (engine, folder):
        by_day(engine, folder, {("aufenthv", 0): a})
        by_day(engine, folder, {("aufenthv", 4): a})
        reader = CorpusReader(engine, by_history(engine, folder, {("aufenthv", 2): b}))
        stood = [(v.first_seen, v.until) for v in reader.versions("AufenthV", "10")]
    days = [START + timedelta(n) for n in (0, 2, 4)]
    assert stood == [(days[0], days[1]), (days[1], days[2]), (days[2], None)]


def test_taking_in_the_past_again_is_cheap(ingested: SmallWorld, tmp_path: Path) -> None:
    world = copy_world(ingested, tmp_path)
    files = tmp_path / "dated"
    for day, wording in (("2023-01-01", "120 Tagen"), ("2024-01-01", "130 Tagen")):
        for slug, xml in reworded("aufenthg_2004", "140 Tagen", wording).items():
            path = files / day / slug / "xml.zip"
            path.parent.mkdir(parents=True)
            path.write_bytes(packed(xml))
    config = replace(world.config(), history=files)
    first = run_ingest(config)
    assert first.published is not None
    assert first.embedded == 2
    again = run_ingest(config)
    assert (again.published, again.embedded) == (None, 0)
    read = {"Gesetze lesen", "Frühere Fassungen lesen", "Arbeitshilfen lesen"}
    assert set(again.seconds) == read
    assert SMALL_LAWS.keys() == {s.source for s in again.sources if s.kind == "law"}
