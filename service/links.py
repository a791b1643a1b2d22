"""Addresses of places inside the service."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote, urlencode

from corpus.models import NormRef, Passage


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
    address = f"/norm/{quote(ref.law)}/{quote(ref.number)}"
    if not wanted:
        return address
    return f"{address}?{urlencode(wanted)}#{absatz_anchor(ref.absatz)}"


def diff_href(ref: NormRef, old: date, new: date) -> str:
    """Address of the comparison of two days."""
    days = urlencode({"von": old.isoformat(), "bis": new.isoformat()})
    return f"/norm/{quote(ref.law)}/{quote(ref.number)}/vergleich?{days}"


def absatz_anchor(absatz: str | None) -> str:
    """Id of an Absatz on its norm's page."""
    return f"abs-{absatz}" if absatz else "wortlaut"


def passage_href(passage: Passage, day: date | None = None) -> str:
    """Address of a passage inside the service."""
    return norm_href(passage.ref, day) if passage.ref else passage.url
