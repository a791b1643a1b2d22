"""The grammar of German legal citations: find, parse, print, resolve."""

from corpus.citations.find import find
from corpus.citations.render import parse, render
from corpus.citations.resolve import nearest_norms, number_distance, resolve
from corpus.citations.values import (
    Ambiguous,
    Inventory,
    Mention,
    Resolution,
    Resolved,
    Unknown,
)

__all__ = [
    "Ambiguous",
    "Inventory",
    "Mention",
    "Resolution",
    "Resolved",
    "Unknown",
    "find",
    "nearest_norms",
    "number_distance",
    "parse",
    "render",
    "resolve",
]
