from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from corpus.laws import known_laws
from corpus.models import Kind, NormRef, Passage, Reference
from ingest.gii import parse_law
from ingest.passages import LONGEST, norm_passages, norm_url
from tests.official import law_xml, norm_xml

LAW = known_laws().items[0]


def no_references(text: str, home: NormRef | None) -> tuple[Reference, ...]:
    return ()


def passages(*paragraphs: str) -> tuple[str, list[Passage]]:
    (norm,) = parse_law(law_xml("AufenthG", norm_xml("§ 7", "Titel", *paragraphs)), LAW).norms
    return norm.text, norm_passages(norm, LAW, no_references)


def test_one_passage_per_absatz_with_its_exact_place() -> None:
    text, found = passages("(1) Eins. Zwei.", "(2) (weggefallen)", "(3) Drei.")
    assert [p.citation for p in found] == ["§ 7 Abs. 1 AufenthG", "§ 7 Abs. 3 AufenthG"]
    assert all(p.span.of(text) == p.text for p in found)
    assert found[0].title == "§ 7 AufenthG Titel"
    assert found[0].kind is Kind.LAW


def test_a_long_absatz_is_split_between_its_nummern() -> None:
    entries = "".join(
        f"<DT>{n}.</DT><DD><LA>{'Wort ' * 60}Ende {n},</LA></DD>" for n in range(1, 15)
    )
    text, found = passages(f"(1) Es gilt: <DL>{entries}</DL>", "(2) Kurz.")
    assert len(found) > 2
    assert all(len(p.text) <= LONGEST for p in found)
    assert "".join(p.text for p in found) == text.replace("\n(2)", "(2)")
    assert len({p.id for p in found}) == len(found)
    assert found[1].text.lstrip().split(".")[0].isdigit()
    assert [p.absatz for p in found[:-1]] == ["1"] * (len(found) - 1)


def test_the_id_follows_the_wording() -> None:
    one, two = passages("(1) Eins.")[1][0], passages("(1) Zwei.")[1][0]
    assert one.id != two.id
    assert one.id == passages("(1) Eins.")[1][0].id


@pytest.mark.parametrize(
    ("number", "page"),
    [
        ("16b", "__16b.html"),
        ("Anlage D14a", "anlage_d14a.html"),
        ("7 bis 8", ""),
        ("Anlage (zu § 28)", ""),
    ],
)
def test_the_official_page_of_a_norm(number: str, page: str) -> None:
    assert norm_url(LAW, number) == LAW.url + page


@pytest.mark.mirror
def test_spans_hold_over_the_whole_mirror(mirror: Path) -> None:
    count = 0
    for law in known_laws().items:
        with zipfile.ZipFile(mirror / "2025-03-05" / law.slug / "xml.zip") as archive:
            (name,) = [n for n in archive.namelist() if n.endswith(".xml")]
            text = parse_law(archive.read(name), law)
        for norm in text.norms:
            found = norm_passages(norm, law, no_references)
            assert (
                bool(found)
                or norm.repealed
                or all(
                    "weggefallen" in a.span.of(norm.text) or not norm.text for a in norm.absaetze
                )
            ), f"{law.slug} {norm.number}"
            for passage in found:
                count += 1
                assert passage.span.of(norm.text) == passage.text
                spans = [s.span for s in passage.saetze] + [i.span for i in passage.items]
                assert all(0 <= s.start < s.end <= len(passage.text) for s in spans)
    assert count > 5_000
