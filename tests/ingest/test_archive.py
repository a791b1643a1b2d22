from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.archive import Limits, read_single_xml
from ingest.errors import MESSAGES, SourceError, SourceProblem


def archive(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return buffer.getvalue()


def refused(data: bytes, limits: Limits | None = None) -> SourceProblem:
    with pytest.raises(SourceError) as caught:
        read_single_xml(data, "gesetz", limits or Limits())
    return caught.value.code


def test_pictures_beside_the_xml_are_ignored() -> None:
    assert read_single_xml(archive(a_xml=b"<a/>", bild=b"\xff\xd8"), "gesetz") == b"<a/>"


@pytest.mark.parametrize("name", ["../a.xml", "/etc/a.xml", "C:\\a.xml", "x\\..\\..\\a.xml"])
def test_names_that_lead_out_are_refused(name: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as target:
        target.writestr(zipfile.ZipInfo(name), b"<a/>")
    assert refused(buffer.getvalue()) is SourceProblem.ZIP_TRAVERSAL


def test_a_ratio_bomb_is_refused_while_it_unpacks() -> None:
    assert refused(archive(a_xml=b"0" * 30_000_000)) is SourceProblem.ZIP_RATIO


def test_the_size_limit_counts_what_comes_out() -> None:
    assert refused(archive(a_xml=b"abc" * 1000), Limits(unpacked=100)) is SourceProblem.TOO_LARGE


def test_two_xml_members_or_none_are_refused() -> None:
    assert refused(archive(a_xml=b"<a/>", b_xml=b"<b/>")) is SourceProblem.ZIP_MEMBERS
    assert refused(archive(bild=b"x")) is SourceProblem.ZIP_MEMBERS


def test_too_many_members_are_refused() -> None:
    assert refused(archive(a_xml=b"", b=b"", c=b""), Limits(members=2)) is SourceProblem.ZIP_MEMBERS


@pytest.mark.parametrize("cut", [0, 10, 60])
def test_a_truncated_archive_is_refused(cut: int) -> None:
    assert refused(archive(a_xml=b"<a/>")[:cut]) is SourceProblem.ZIP_BROKEN


@given(st.data())
def test_damaged_bytes_are_refused_or_read(data: st.DataObject) -> None:
    whole = bytearray(archive(a_xml=b"<a>" + b"x" * 50 + b"</a>"))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(SourceError):
        read_single_xml(bytes(whole), "gesetz")


@pytest.mark.parametrize("code", list(SourceProblem))
def test_every_code_has_a_german_sentence_naming_the_source(code: SourceProblem) -> None:
    message = SourceError(code, "quelle.pdf", detail="Einzelheit").message
    assert message.startswith("quelle.pdf: ")
    assert message.endswith("(Einzelheit)")
    assert set(MESSAGES) == set(SourceProblem)
