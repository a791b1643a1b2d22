from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from corpus.laws import known_laws
from corpus.models import LawText, Norm
from ingest.errors import SourceError, SourceProblem
from ingest.gii import norm_number, parse_law
from tests.official import law_xml, norm_xml

LAWS = known_laws()


def parsed(*norms: str, abbreviation: str = "AufenthG", slug: str = "aufenthg_2004") -> LawText:
    law = LAWS.with_slug(slug)
    assert law is not None
    return parse_law(law_xml(abbreviation, *norms), law)


def only(*paragraphs: str, designation: str = "§ 1", title: str = "Titel") -> Norm:
    (norm,) = parsed(norm_xml(designation, title, *paragraphs)).norms
    return norm


def test_text_after_a_list_belongs_to_the_absatz_and_may_begin_a_satz() -> None:
    norm = only(
        "(1) Es gilt, wenn <DL><DT>1.</DT><DD><LA>dies</LA></DD><DT>2.</DT><DD><LA>jenes ist."
        "</LA></DD></DL>Danach gilt mehr.",
        "(2) Ende.",
    )
    first, second = norm.absaetze
    assert (
        first.span.of(norm.text) == "(1) Es gilt, wenn\n1. dies\n2. jenes ist.\nDanach gilt mehr."
    )
    assert [satz.span.of(norm.text) for satz in first.saetze][1] == "Danach gilt mehr."
    assert [(item.labels, item.satz) for item in first.items] == [(("1",), 1), (("2",), 1)]
    assert second.label == "2"


def test_text_after_a_list_may_go_on_with_the_same_satz() -> None:
    norm = only("Fachkräften, die <DL><DT>1.</DT><DD><LA>arbeiten,</LA></DD></DL>wird sie erteilt.")
    (absatz,) = norm.absaetze
    assert absatz.label is None
    assert len(absatz.saetze) == 1


def test_nested_lists_keep_their_labels() -> None:
    norm = only(
        "(1) Wenn <DL><DT>2.</DT><DD><LA>er <DL><DT>a)</DT><DD><LA>lebt,</LA></DD><DT>b)</DT><DD>"
        "<LA>lernt,</LA></DD></DL>und bleibt.</LA></DD></DL>"
    )
    (absatz,) = norm.absaetze
    assert [item.labels for item in absatz.items] == [("2",), ("2", "a"), ("2", "b")]
    assert absatz.items[0].span.of(norm.text).endswith("und bleibt.")


@pytest.mark.parametrize("label", ["1", "2d", "10a"])
def test_labels_of_absaetze(label: str) -> None:
    assert only(f"({label}) Text.").absaetze[0].label == label


def test_a_table_keeps_its_rows_and_belongs_to_the_absatz() -> None:
    table = (
        "<table><tgroup><tbody><row><entry>Stufe</entry><entry>Euro</entry></row><row>"
        "<entry>1</entry><entry>563</entry></row></tbody></tgroup></table>"
    )
    norm = only(f"(1) Es gilt: {table}Dazu mehr.")
    assert "Stufe\tEuro\n1\t563\nDazu mehr." in norm.text
    assert len(norm.absaetze) == 1


def rows(*cells: tuple[str, ...]) -> str:
    return "".join(
        f"<row>{''.join(f'<entry>{cell}</entry>' for cell in row)}</row>" for row in cells
    )


def test_a_table_of_fees_has_nummern_and_letters_with_their_amounts() -> None:
    letter = "<DL><DT>{0})</DT><DD><LA>{1}</LA></DD></DL>"
    body = rows(
        ("1.", "für die Karte", " "),
        (" ", "a)", "bis zu einem Jahr", "10 Euro,"),
        ("", "b)", "länger", "20 Euro,"),
        ("2a.", "für den Ausweis", " "),
        (letter.format("a", "als Papier"), "30 Euro,"),
        (letter.format("b", "als Karte"), "40 Euro,"),
        ("3.", "für den Rest", "50 Euro."),
    )
    table = f"<table><tgroup><tbody>{body}</tbody></tgroup></table>"
    norm = only(f"(1) Zu erheben sind {table}", "(2) Mehr.")
    first, second = norm.absaetze
    found = [(item.labels, item.satz, item.span.of(norm.text)) for item in first.items]
    assert found == [
        (("1",), 1, found[0][2]),
        (("1", "a"), 1, "a)\tbis zu einem Jahr\t10 Euro,"),
        (("1", "b"), 1, "b)\tlänger\t20 Euro,"),
        (("2a",), 1, found[3][2]),
        (("2a", "a"), 1, "a) als Papier\n30 Euro,"),
        (("2a", "b"), 1, "b) als Karte\n40 Euro,"),
        (("3",), 1, "3.\tfür den Rest\t50 Euro."),
    ]
    assert found[0][2].startswith("1.\tfür die Karte")
    assert found[0][2].endswith("20 Euro,")
    assert found[3][2].endswith("40 Euro,")
    assert second.items == ()


@pytest.mark.parametrize(
    "body",
    [
        # A Nummer that runs over the end of a Satz cannot be cited as a part of it.
        rows(("1.", "Erster Satz. Zweiter Satz", "5 Euro"), ("2.", "Dritter", "6 Euro")),
        # Letters without a Nummer above them, and figures that are no labels.
        rows(("a)", "Eins", "5 Euro")),
        rows(("1", "563")),
    ],
)
def test_rows_that_are_no_entries(body: str) -> None:
    norm = only(f"(1) Es gilt: <table><tgroup><tbody>{body}</tbody></tgroup></table>")
    items = norm.absaetze[0].items
    assert [item.labels for item in items if item.labels[0] in ("1", "a")] == []


@pytest.mark.parametrize(
    ("paragraphs", "title", "repealed"),
    [
        (("(weggefallen)",), "", True),
        ((), "(weggefallen)", True),
        (("(1) (weggefallen)", "(2) Gilt."), "Rest", False),
        (("Gilt.",), "Titel", False),
    ],
)
def test_repealed_norms_are_known(paragraphs: tuple[str, ...], title: str, repealed: bool) -> None:
    assert only(*paragraphs, title=title).repealed is repealed


def test_section_path_follows_the_outline() -> None:
    text = parsed(
        norm_xml("§ 1", "A", "Text.", section="010|Kapitel 1|Eins"),
        norm_xml("§ 2", "B", "Text.", section="010020|Abschnitt 2|Zwei"),
        norm_xml("§ 3", "C", "Text."),
        norm_xml("§ 4", "D", "Text.", section="020|Kapitel 2|Drei"),
    )
    assert [norm.path for norm in text.norms] == [
        ("Kapitel 1 Eins",),
        ("Kapitel 1 Eins", "Abschnitt 2 Zwei"),
        ("Kapitel 1 Eins", "Abschnitt 2 Zwei"),
        ("Kapitel 2 Drei",),
    ]


def test_annexes_of_one_name_are_told_apart_and_a_repealed_one_gives_way() -> None:
    two = parsed(
        norm_xml("Anlage", "(zu § 28)Stufen", "Eins."), norm_xml("Anlage", "(zu § 34)", "Zwei.")
    )
    assert [norm.number for norm in two.norms] == ["Anlage (zu § 28)", "Anlage (zu § 34)"]
    one = parsed(
        norm_xml("Anlage", "(zu § 32) (weggefallen)"), norm_xml("Anlage", "(zu § 38)", "Gilt.")
    )
    assert [norm.number for norm in one.norms] == ["Anlage (zu § 32)", "Anlage"]


def test_stand_and_day_come_from_the_source() -> None:
    text = parsed(norm_xml("§ 1", "A", "Text."))
    assert (text.stand, text.built_on) == ("zuletzt geändert", date(2025, 3, 1))
    assert text.law.abbreviation == "AufenthG"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<dokumente", SourceProblem.XML_BROKEN),
        (b"", SourceProblem.XML_BROKEN),
        (law_xml("AufenthG", norm_xml("§ 1", "A", "B"))[:-40], SourceProblem.XML_BROKEN),
        (b"<html><body>Wartung</body></html>", SourceProblem.FORM_CHANGED),
        (
            b'<dokumente builddate="x"><norm><metadaten/></norm></dokumente>',
            SourceProblem.FORM_CHANGED,
        ),
        (law_xml("AufenthV", norm_xml("§ 1", "A", "B")), SourceProblem.WRONG_LAW),
        (
            b'<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><dokumente>&b;</dokumente>',
            SourceProblem.XML_HOSTILE,
        ),
        (
            b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><dokumente>&x;</dokumente>',
            SourceProblem.XML_HOSTILE,
        ),
        (
            b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd"><dokumente>&undeclared;</dokumente>',
            SourceProblem.XML_HOSTILE,
        ),
    ],
)
def test_broken_and_hostile_files_are_refused(data: bytes, code: SourceProblem) -> None:
    law = LAWS.with_slug("aufenthg_2004")
    assert law is not None
    with pytest.raises(SourceError) as caught:
        parse_law(data, law)
    assert caught.value.code is code
    assert "aufenthg_2004" in caught.value.message


def official_files(mirror: Path) -> Iterator[tuple[str, bytes, LawText]]:
    for day in ("2023-10-18", "2024-06-12", "2025-03-05"):
        for law in LAWS.items:
            path = mirror / day / law.slug / "xml.zip"
            if path.exists():
                with zipfile.ZipFile(path) as archive:
                    (name,) = [n for n in archive.namelist() if n.endswith(".xml")]
                    data = archive.read(name)
                yield f"{day}/{law.slug}", data, parse_law(data, law)


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.mirror
def test_nothing_is_lost_or_reordered_over_the_whole_mirror(mirror: Path) -> None:
    files = norms = 0
    for name, data, text in official_files(mirror):
        files += 1
        elements = [
            element
            for element in etree.fromstring(data).iter("norm")
            if (designation := element.findtext("metadaten/enbez"))
            and not re.match("Inhalts|Eingangs|Schluss", designation)
        ]
        assert len(elements) == len(text.norms), name
        assert len({norm.number for norm in text.norms}) == len(text.norms), name
        for element, norm in zip(elements, text.norms, strict=True):
            norms += 1
            content = element.find("textdaten/text/Content")
            source = "" if content is None else "".join(content.itertext())
            where = f"{name} {norm.number}"
            assert bare(norm.text) == bare(source), where
            assert norm.number.startswith(norm_number(element.findtext("metadaten/enbez") or ""))
            check_spans(norm, where)
    assert (files, norms) == (74, 5_269)


def check_spans(norm: Norm, where: str) -> None:
    """Absätze cover the norm, Sätze their Absatz, entries begin with their label."""
    covered = "".join(absatz.span.of(norm.text) for absatz in norm.absaetze)
    assert bare(covered) == bare(norm.text), where
    for absatz in norm.absaetze:
        saetze = "".join(satz.span.of(norm.text) for satz in absatz.saetze)
        assert bare(saetze) == bare(absatz.span.of(norm.text)), where
        assert [satz.number for satz in absatz.saetze] == list(range(1, len(absatz.saetze) + 1))
        for item in absatz.items:
            assert item.span.within(absatz.span), where
            assert item.span.of(norm.text).startswith(item.labels[-1]), where
