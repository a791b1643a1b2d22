"""What the change report says, over small laws and over the official texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from corpus.cases import watching_cases
from corpus.changes import ChangedNorm, ChangeKind, changes_of_days
from corpus.diff import AbsatzDiff, WordChange
from corpus.models import NormRef
from corpus.store.database import open_database
from corpus.store.reading import CorpusReader
from corpus.store.use import norm_use, record_use
from rag.changes import ChangeReport, report_of_days, report_of_generations, updates
from rag.errors import BadQuestion
from tests.conftest import TODAY, SmallWorld, write_memo
from tests.official import SMALL_LAWS, law_xml, norm_xml, packed, reworded, write_mirror
from tests.taken_in import take_in, take_in_history

LATER = date(2025, 4, 1)
STAND = "zuletzt geändert durch Art. 7 G v. 28.3.2025"
CASES = (
    ("K-1", (NormRef("AufenthG", "16b", "3", "1"),)),
    ("K-2", (NormRef("AufenthG", "16b", "1"),)),
)


@pytest.fixture
def engine(world: SmallWorld) -> Iterator[Engine]:
    database = open_database(world.data.database)
    yield database
    database.dispose()


def law(*norms: str, stand: str = STAND) -> dict[str, bytes]:
    return {"aufenthg_2004": law_xml("AufenthG", *norms, stand=stand)}


def report(engine: Engine, world: SmallWorld, new: dict[str, bytes]) -> ChangeReport:
    take_in(engine, world, TODAY)
    write_mirror(world.laws, new)
    take_in(engine, world, LATER)
    return report_of_generations(engine, CASES)


def changed(report: ChangeReport) -> dict[str, ChangedNorm]:
    return {norm.ref.number: norm for law in report.laws for norm in law.norms}


def test_a_new_wording_is_shown_word_by_word(engine: Engine, world: SmallWorld) -> None:
    found = report(engine, world, reworded("aufenthg_2004", "140 Tagen", "150 Tagen"))
    (norm,) = changed(found).values()
    assert (norm.kind, norm.old_heading) == (ChangeKind.REWORDED, None)
    (absatz,) = norm.absaetze
    assert (absatz.absatz, absatz.change) == ("3", "changed")
    assert [word for word in absatz.words if word[0] != "same"] == [
        ("removed", "140"),
        ("added", "150"),
    ]


PASS = norm_xml("§ 3", "Passpflicht", "(1) Gäste brauchen einen Pass.", "(2) Kinder nicht.")
TEXT = ("(1) Wer etwas will, stellt einen Antrag bei der Behörde.",)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ((PASS,), (PASS, norm_xml("§ 4", "Neu", *TEXT)), {"4": ("added", None, ["1"])}),
        ((PASS, norm_xml("§ 4", "Alt", *TEXT)), (PASS,), {"4": ("repealed", None, ["1"])}),
        (
            (PASS, norm_xml("§ 4", "Alt", *TEXT)),
            (PASS, norm_xml("§ 4", "", "(weggefallen)")),
            {"4": ("repealed", None, ["1"])},
        ),
        (
            (PASS, norm_xml("§ 4", "", "(weggefallen)")),
            (PASS, norm_xml("§ 4", "Neu", *TEXT)),
            {"4": ("added", None, ["1"])},
        ),
        (
            (PASS, norm_xml("§ 4", "Antrag", *TEXT)),
            (PASS, norm_xml("§ 9", "Anträge", *TEXT)),
            {"9": ("moved", "4", [])},
        ),
        (
            (PASS, norm_xml("§ 4", "Antrag", *TEXT)),
            (
                PASS,
                norm_xml("§ 4", "Anderes", "(1) Anderes gilt."),
                norm_xml("§ 5", "Antrag", *TEXT),
            ),
            {"4": ("reworded", None, ["1"]), "5": ("moved", "4", [])},
        ),
        (
            (norm_xml("§ 3", "Passpflicht", "(1) A gilt.", "(2) B gilt."),),
            (norm_xml("§ 3", "Ausweispflicht", "(1) A gilt.", "(3) C gilt."),),
            {"3": ("reworded", None, ["3", "2"])},
        ),
    ],
)
def test_added_repealed_moved_reworded(
    engine: Engine,
    world: SmallWorld,
    old: tuple[str, ...],
    new: tuple[str, ...],
    expected: dict[str, tuple[str, str | None, list[str]]],
) -> None:
    write_mirror(world.laws, law(*old))
    found = changed(report(engine, world, law(*new)))
    assert {
        number: (
            norm.kind.value,
            norm.moved_from.number if norm.moved_from else None,
            [absatz.absatz for absatz in norm.absaetze],
        )
        for number, norm in found.items()
    } == expected


def test_a_heading_alone_is_a_change_that_touches_no_absatz(
    engine: Engine, world: SmallWorld
) -> None:
    found = report(engine, world, reworded("aufenthg_2004", "Passpflicht", "Ausweispflicht"))
    (norm,) = changed(found).values()
    assert (norm.heading, norm.old_heading) == ("Ausweispflicht", "Passpflicht")
    assert norm.places == ()


def test_both_stand_lines_name_the_amending_acts(engine: Engine, world: SmallWorld) -> None:
    xml = SMALL_LAWS["aufenthg_2004"].replace("zuletzt geändert".encode(), STAND.encode(), 1)
    (law_change,) = report(engine, world, {"aufenthg_2004": xml}).laws
    assert "zuletzt geändert" in law_change.old_stand
    assert "Art. 7" not in law_change.old_stand
    assert law_change.amended_by == STAND
    assert (law_change.old_day, law_change.new_day) == (TODAY, LATER)
    assert law_change.norms == ()


@pytest.mark.parametrize(
    ("cited", "changed_absatz", "hit"),
    [
        ("16b/3/1", "3", True),
        ("16b/3", "3", True),
        ("16b", "3", True),
        ("16b/1", "3", False),
        ("16b/3", None, True),
        ("5/3", "3", False),
    ],
)
def test_which_references_mean_a_changed_absatz(
    cited: str, changed_absatz: str | None, hit: bool
) -> None:
    norm = ChangedNorm(
        NormRef("AufenthG", "16b"),
        ChangeKind.REWORDED,
        "",
        None,
        (AbsatzDiff(changed_absatz, "changed", ()),),
    )
    assert bool(norm.concerns(NormRef.from_key(f"AufenthG/{cited}"))) is hit


def test_who_cites_what_changed_is_affected(engine: Engine, world: SmallWorld) -> None:
    write_memo(world.memos, "ganz", "Ganzes", "## A\n\nSiehe § 16b AufenthG.")
    write_memo(world.memos, "bereich", "Bereich", "## A\n\nSiehe § 16b Abs. 1 bis 3 AufenthG.")
    write_memo(world.memos, "anderer", "Anderer", "## A\n\nSiehe § 16b Abs. 1 AufenthG.")
    found = report(engine, world, reworded("aufenthg_2004", "140 Tagen", "150 Tagen"))
    (one,) = found.affected
    documents = {d.passage.document: d.places for d in one.documents}
    assert {k for k in documents if not k.startswith("summary:")} == {
        "vh-studium",
        "ganz",
        "bereich",
    }
    assert documents["vh-studium"] == (NormRef("AufenthG", "16b", "3"),)
    assert "summary:aufenthg_2004/16b" in documents
    assert one.cases == ("K-1",)
    assert one.questions > 0


def test_the_most_used_norms_come_first(engine: Engine, world: SmallWorld) -> None:
    new = {
        **reworded("aufenthg_2004", "140 Tagen", "150 Tagen"),
        "aufenthv": reworded("aufenthv", "100 Euro", "120 Euro")["aufenthv"],
    }
    assert [a.ref.number for a in report(engine, world, new).affected] == ["16b", "45"]
    for day in (TODAY, LATER):
        record_use(engine, {NormRef("AufenthV", "45"): 2, NormRef("AufenthG", "16b"): 1}, day)
    assert [a.ref.number for a in report_of_generations(engine, CASES).affected] == ["45", "16b"]
    assert norm_use(engine)[NormRef("AufenthV", "45")] == 4


def test_a_first_ingest_and_history_have_nothing_to_compare(
    engine: Engine, world: SmallWorld
) -> None:
    take_in(engine, world, TODAY)
    assert report_of_generations(engine, CASES).laws == ()
    past = world.root / "history" / "aufenthg_2004" / "2020-01-01"
    past.mkdir(parents=True)
    (past / "xml.zip").write_bytes(packed(SMALL_LAWS["aufenthg_2004"].replace(b"140", b"90")))
    number = take_in_history(engine, world.root / "history")
    assert number == 2
    assert report_of_generations(engine, CASES).laws == ()
    assert updates(engine) == ()
    days = changes_of_days(CorpusReader(engine, number), date(2021, 1, 1), LATER)
    assert [norm.ref.number for change in days for norm in change.norms] == ["16b"]


def test_updates_are_listed_newest_first_and_any_two_can_be_compared(
    engine: Engine, world: SmallWorld
) -> None:
    report(engine, world, reworded("aufenthg_2004", "140 Tagen", "150 Tagen"))
    write_mirror(world.laws, reworded("aufenthv", "100 Euro", "120 Euro"))
    take_in(engine, world, date(2025, 5, 1))
    assert [(u.number, u.laws) for u in updates(engine)] == [
        (3, (("AufenthG", 1), ("AufenthV", 1))),
        (2, (("AufenthG", 1),)),
    ]
    assert set(changed(report_of_generations(engine, CASES, 1, 3))) == {"45"}
    assert set(changed(report_of_generations(engine, CASES, 3, 1))) == {"45"}
    with pytest.raises(BadQuestion, match="Bestand 9"):
        report_of_generations(engine, CASES, 1, 9)


def test_days_must_be_in_order(engine: Engine, world: SmallWorld) -> None:
    reader = CorpusReader(engine, take_in(engine, world, TODAY))
    with pytest.raises(BadQuestion, match="Enddatum"):
        report_of_days(reader, CASES, LATER, TODAY)


def test_the_cases_of_the_project_watch_their_places() -> None:
    folder = Path(__file__).resolve().parents[2] / "eval" / "cases"
    watched = watching_cases(folder)
    assert len(watched) > 100
    assert any(gold for _, gold in watched)


REAL = Path(__file__).with_name("changes.jsonl")


@pytest.mark.mirror
def test_real_changes_of_the_official_texts_are_reported(mirror: Path, tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'store.sqlite'}")
    reader = CorpusReader(engine, take_in_history(engine, mirror))
    rows = [json.loads(line) for line in REAL.read_text(encoding="utf-8").splitlines()]
    found = {
        pair: {
            (norm.ref.law, norm.ref.number): norm
            for change in changes_of_days(reader, *map(date.fromisoformat, pair))
            for norm in change.norms
        }
        for pair in {(row["from"], row["to"]) for row in rows}
    }
    engine.dispose()
    assert [row for row in rows if not is_shown(row, found[row["from"], row["to"]])] == []


def is_shown(row: dict[str, str | None], found: dict[tuple[str, str], ChangedNorm]) -> bool:
    """Whether the report shows a change that a person found in the official texts."""
    norm = found.get((row["law"] or "", row["number"] or ""))
    if norm is None:
        return False
    stretches = [a.words for a in norm.absaetze if row["absatz"] in (None, a.absatz)]
    if row["absatz"] is None and norm.old_heading is not None:
        stretches.append((("removed", norm.old_heading), ("added", norm.heading)))
    return (
        bool(stretches)
        and _is_among(row["added_word"], stretches, "added", norm.kind is ChangeKind.REPEALED)
        and _is_among(row["removed_word"], stretches, "removed", norm.kind is ChangeKind.ADDED)
    )


def _is_among(
    wanted: str | None, stretches: list[tuple[WordChange, ...]], side: str, nothing_there: bool
) -> bool:
    """Whether one of the wordings of a side has the words, at least one of them marked as changed."""
    if wanted is None or (wanted == "weggefallen" and nothing_there):
        return True
    for words in stretches:
        text, marked = "", list[bool]()
        for kind, part in words:
            if kind in ("same", side):
                text += part
                marked += [kind == side] * len(part)
        places = (m.start() for m in re.finditer(re.escape(wanted), text))
        if any(any(marked[start : start + len(wanted)]) for start in places):
            return True
    return False
