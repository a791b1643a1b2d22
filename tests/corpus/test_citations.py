from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.citations import (
    Ambiguous,
    Mention,
    Resolved,
    Unknown,
    find,
    parse,
    render,
    resolve,
)
from corpus.laws import known_laws
from corpus.models import NormRef
from ingest.gii import parse_law
from tests.corpus.test_models import REFS

HOME = NormRef("AufenthG", "26", "3")


def shown(mention: Mention) -> str:
    """A mention in one line: law/number/absatz/satz/nummer/buchstabe, ranges with "..", "ff"."""
    parts = [
        mention.law or (f"?{mention.law_written}" if mention.law_written else "-"),
        (mention.number or "") + (f"..{mention.number_to}" if mention.number_to else ""),
        (mention.absatz or "") + (f"..{mention.absatz_to}" if mention.absatz_to else ""),
        (mention.satz or "") + (f"..{mention.satz_to}" if mention.satz_to else ""),
        (mention.nummer or "") + (f"..{mention.nummer_to}" if mention.nummer_to else ""),
        mention.buchstabe or "",
    ]
    return "/".join(parts).rstrip("/") + (" ff" if mention.open_ended else "")


ROWS: list[tuple[str, list[str]]] = [
    ("§ 26 Abs. 3 Satz 1 AufenthG", ["AufenthG/26/3/1"]),
    ("§26 III 1 AufenthG", ["AufenthG/26/3/1"]),
    ("§ 25 V 3", ["-/25/5/3"]),
    ("§ 18g I S. 2 Nr. 1 AufenthG", ["AufenthG/18g/1/2/1"]),
    ("25b Abs 1 S 2 Nr 3 AufenthG", ["AufenthG/25b/1/2/3"]),
    ("16b AufenthG", ["AufenthG/16b"]),
    ("AufenthG 16b", ["AufenthG/16b"]),
    ("AufenthG § 16b Abs. 3", ["AufenthG/16b/3"]),
    ("§§ 27 ff. AufenthG", ["AufenthG/27 ff"]),
    ("§ 39 Satz 1 Nr. 5 AufenthV", ["AufenthV/39//1/5"]),
    ("§ 5 Abs. 3 S. 2 i. V. m. § 10 AufenthG", ["AufenthG/5/3/2", "AufenthG/10"]),
    ("§ 5 Abs. 3 iVm § 10 Abs. 1 AufenthG", ["AufenthG/5/3", "AufenthG/10/1"]),
    ("§ 5 in Verbindung mit § 10 AufenthG", ["AufenthG/5", "AufenthG/10"]),
    ("Paragraf 81 Absatz vier Aufenthaltsgesetz", ["AufenthG/81/4"]),
    ("Paragraph 11 Absatz neun", ["-/11/9"]),
    ("Paragraf fünf", ["-/5"]),
    ("par. 16b", ["-/16b"]),
    ("Art. 20 AEUV", ["?AEUV/Art 20"]),
    ("Anlage D14a AufenthV", ["AufenthV/Anlage D14a"]),
    ("Anlage zur AufenthV", ["AufenthV/Anlage"]),
    ("Anlage I AsylG", ["AsylG/Anlage I"]),
    ("SGB II § 7 Abs. 1 Satz 2", ["SGB II/7/1/2"]),
    ("§ 7 SGB 2", ["SGB II/7"]),
    ("§ 23 Abs 3 Satz 3 SGB XII", ["SGB XII/23/3/3"]),
    ("§ 2 Abs. 4 FreizügG/EU", ["FreizügG/EU/2/4"]),
    ("§§ 60c, 60d AufenthG", ["AufenthG/60c", "AufenthG/60d"]),
    ("§ 60a Abs. 2c Satz 2 AufenthG", ["AufenthG/60a/2c/2"]),
    ("§ 2 Abs. 3 S. 2 Nr. 1 a) AufenthG", ["AufenthG/2/3/2/1/a"]),
    ("§ 2 Nr. 3 lit. a BeschV", ["BeschV/2///3/a"]),
    ("§ 12a Abs. 1 Satz 1 Hs. 2 StAG", ["StAG/12a/1/1"]),
    ("§25bAufenthG", ["AufenthG/25b"]),
    ("§ 25 b AufenthG", ["AufenthG/25b"]),
    ("§ 16b aufenthg", ["AufenthG/16b"]),
    ("§ 104c Abs.1", ["-/104c/1"]),
    ("§ 4 des Aufenthaltsgesetzes", ["AufenthG/4"]),
    ("§ 7 Abs. 1 des Zweiten Buches Sozialgesetzbuch", ["SGB II/7/1"]),
    ("§ 25 Abs. 1, 2 und 5 AufenthG", ["AufenthG/25/1", "AufenthG/25/2", "AufenthG/25/5"]),
    ("§ 25 Abs. 4a oder 4b AufenthG", ["AufenthG/25/4a", "AufenthG/25/4b"]),
    ("§§ 16b, 16c und 18d AufenthG", ["AufenthG/16b", "AufenthG/16c", "AufenthG/18d"]),
    ("§ 18a oder § 18b Absatz 1 AufenthG", ["AufenthG/18a", "AufenthG/18b/1"]),
    ("§§ 27 bis 36 AufenthG", ["AufenthG/27..36"]),
    ("§ 5 Abs. 1-3 AufenthG", ["AufenthG/5/1..3"]),
    ("§ 26 Abs 1 BeschV/§ 19c I AufenthG", ["BeschV/26/1", "AufenthG/19c/1"]),
    ("nach § 3 Absatz 1 oder § 4 des Asylgesetzes", ["AsylG/3/1", "AsylG/4"]),
    ("§ 1353 BGB", ["?BGB/1353"]),
    ("§ 86 StGB", ["?StGB/86"]),
    ("§ 1353 des Bürgerlichen Gesetzbuchs", ["?Bürgerlichen Gesetzbuchs/1353"]),
    ("§ 5 Abs. 3, 2024 geändert", ["-/5/3"]),
    ("5 Jahre, 25 Euro, 2025, 3 Monate AufenthG", []),
    ("2024 AufenthG", []),
    ("AufenthG 2004", []),
    ("Nummer 2.1.4", []),
    ("Absatz 2 gilt", []),
]


@pytest.mark.parametrize(("text", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_spellings(text: str, expected: list[str]) -> None:
    assert [shown(mention) for mention in find(text)] == expected


HOME_ROWS: list[tuple[str, list[str]]] = [
    ("nach Absatz 1 Satz 1", ["AufenthG/26/1/1"]),
    ("in den Sätzen 1 bis 3", ["AufenthG/26/3/1..3"]),
    ("Absätze 1 und 2", ["AufenthG/26/1", "AufenthG/26/2"]),
    (
        "Absatz 1 Nummer 1, 1a und 4 sowie § 5 Absatz 2",
        ["AufenthG/26/1//1", "AufenthG/26/1//1a", "AufenthG/26/1//4", "AufenthG/5/2"],
    ),
    ("§ 3 des Asylgesetzes", ["AsylG/3"]),
    ("in der Anlage zum Gesetz", ["AufenthG/Anlage"]),
    ("§ 6 der Verordnung (EU) 2018/1860", ["?Verordnung (EU) 2018/1860/6"]),
    ("die §§ 53 bis 55 gelten", ["AufenthG/53..55"]),
    (
        "§ 16b Absatz 5 Satz 1 Nummer 1 Buchstabe a, Nummer 2 und Absatz 7",
        ["AufenthG/16b/5/1/1/a", "AufenthG/16b/5/1/2", "AufenthG/16b/7"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), HOME_ROWS, ids=[row[0] for row in HOME_ROWS])
def test_internal_references_mean_the_norm_they_stand_in(text: str, expected: list[str]) -> None:
    assert [shown(mention) for mention in find(text, home=HOME)] == expected


@given(REFS)
def test_printing_and_reading_round_trip(ref: NormRef) -> None:
    assert parse(render(ref)) == ref


WORDS = (
    "§ §§ Abs. Absatz Satz S. Nr. 1 2a 16b III und , oder i.V.m. AufenthG SGB bis - ff. Anlage a)"
)


@given(st.lists(st.sampled_from([*WORDS.split(), "des", "Gesetzes", "lit.", "b", "\n", "x"])))
def test_spans_always_cover_their_text(words: Sequence[str]) -> None:
    text = " ".join(words)
    for home in (None, HOME):
        assert all(mention.span.of(text) == mention.text for mention in find(text, home=home))


@given(st.text(max_size=300))
def test_no_text_breaks_the_grammar(text: str) -> None:
    find(text)
    parse(text)


class Held:
    """An inventory of four norms."""

    norms: ClassVar[dict[str, dict[str, list[str | None]]]] = {
        "AufenthG": {"25": ["1", "2"], "25a": ["1"], "25b": ["1"], "26": [None]},
        "StAG": {"25": ["1"]},
        "AsylG": {"34": ["1"]},
    }

    def laws(self) -> Sequence[str]:
        return list(self.norms)

    def numbers(self, law: str) -> Sequence[str]:
        return list(self.norms.get(law, {}))

    def absaetze(self, law: str, number: str) -> Sequence[str | None]:
        return self.norms.get(law, {}).get(number, [])

    def saetze(self, law: str, number: str, absatz: str | None) -> int:
        return 2


def only(text: str, default_laws: Sequence[str] = ()) -> object:
    (mention,) = find(text)
    return resolve(mention, Held(), default_laws)


def test_an_existing_place_resolves() -> None:
    assert only("§ 25 Abs. 2 Satz 1 AufenthG") == Resolved((NormRef("AufenthG", "25", "2", "1"),))


def test_a_range_is_expanded_in_the_order_of_the_law() -> None:
    found = only("§§ 25 bis 25b AufenthG")
    assert isinstance(found, Resolved)
    assert [ref.number for ref in found.refs] == ["25", "25a", "25b"]


def test_two_candidates_are_ambiguous_never_the_first_guess() -> None:
    found = only("§ 25 Abs. 1")
    assert isinstance(found, Ambiguous)
    assert [ref.law for ref in found.candidates] == ["AufenthG", "StAG"]


def test_one_preferred_law_decides() -> None:
    assert only("§ 25 Abs. 1", ["StAG"]) == Resolved((NormRef("StAG", "25", "1"),))


def test_the_only_law_with_that_number_decides() -> None:
    assert only("§ 34") == Resolved((NormRef("AsylG", "34"),))


@pytest.mark.parametrize(
    ("text", "reason", "wanted"),
    [
        ("§ 25c AufenthG", "norm", "§ 25c AufenthG"),
        ("§ 25 Abs. 9 AufenthG", "absatz", "§ 25 Abs. 9 AufenthG"),
        ("§ 25 Abs. 1 Satz 7 AufenthG", "satz", "§ 25 Abs. 1 Satz 7 AufenthG"),
        ("§ 25 Abs. 1 Satz 1 bis 7 AufenthG", "satz", "§ 25 Abs. 1 Satz 7 AufenthG"),
        ("§ 5 BGB", "law", "BGB"),
        ("§ 5 BeschV", "law", "BeschV"),
    ],
)
def test_what_is_missing_is_named(text: str, reason: str, wanted: str) -> None:
    found = only(text)
    assert isinstance(found, Unknown)
    assert (found.reason, found.wanted) == (reason, wanted)


def test_an_unknown_norm_names_its_neighbours() -> None:
    found = only("§ 25c AufenthG")
    assert isinstance(found, Unknown)
    assert [ref.number for ref in found.nearest] == ["25", "25a", "25b"]


@pytest.mark.mirror
def test_every_norm_of_the_mirror_round_trips(mirror: Path) -> None:
    count = 0
    for law in known_laws().items:
        path = mirror / "2025-03-05" / law.slug / "xml.zip"
        with zipfile.ZipFile(path) as archive:
            (name,) = [n for n in archive.namelist() if n.endswith(".xml")]
            text = parse_law(archive.read(name), law)
        for norm in text.norms:
            if " bis " in norm.number or " und " in norm.number:
                continue
            for absatz in norm.absaetze or ():
                ref = NormRef(norm.law, norm.number, absatz.label)
                assert parse(render(ref)) == ref
                count += 1
    assert count > 4_900
