"""Addresses of places inside the service."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote, urlencode

from corpus.models import NormRef, Passage

PLACE = "stelle"
"""Id of the first marked words on a norm's page."""


def norm_href(ref: NormRef, day: date | None = None) -> str:
    """Address of a place on the page of its norm, in the wording of ``day``."""
    wanted = {
        name: value
        for name, value in (
            ("absatz", ref.absatz),
            ("satz", ref.satz),
            ("nummer", ref.nummer),
            ("buchstabe", ref.buchstabe),
            ("stichtag", day.isoformat() if day else None),
        )
        if value
    }
    query = f"?{urlencode(wanted)}" if wanted else ""
    return f"{norm_path(ref)}{query}{_fragment(ref)}"


def norm_path(ref: NormRef) -> str:
    """Address of a norm without the place in it."""
    return f"/norm/{quote(ref.law)}/{quote(ref.number)}"


def _fragment(ref: NormRef) -> str:
    if ref.satz or ref.nummer or ref.buchstabe:
        return f"#{PLACE}"
    return f"#{absatz_anchor(ref.absatz)}" if ref.absatz else ""


def line_href(ref: NormRef, number: int, day: date | None = None) -> str:
    """Address of the words of a line of a norm's scheme, numbered from 1."""
    wanted = {"zeile": str(number)} | ({"stichtag": day.isoformat()} if day else {})
    return f"{norm_path(ref)}?{urlencode(wanted)}#{PLACE}"


def ask_href(question: str, day: date | None = None) -> str:
    """Address that asks a question, of the law of ``day``."""
    wanted = {"frage": question} | ({"stichtag": day.isoformat()} if day else {})
    return f"/?{urlencode(wanted)}"


def diff_href(ref: NormRef, old: date, new: date) -> str:
    """Address of the comparison of two days."""
    days = urlencode({"von": old.isoformat(), "bis": new.isoformat()})
    return f"{norm_path(ref)}/vergleich?{days}"


def absatz_anchor(absatz: str | None) -> str:
    """Id of an Absatz on its norm's page."""
    return f"abs-{absatz}" if absatz else "wortlaut"


def passage_href(passage: Passage, day: date | None = None) -> str:
    """Address of a passage inside the service."""
    return norm_href(passage.ref, day) if passage.ref else passage.url
