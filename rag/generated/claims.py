"""Read what a model writes: whole lines, and in each a sentence with the tokens of its passages."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files

LONGEST_WRITTEN = 20_000
"""Characters of one answer; a model that writes more has lost its way."""
_LONGEST_CLAIM = 600

_TOKENS = re.compile(r"\[\s*Q\s*\d+(?:\s*[,;/+]\s*Q?\s*\d+|\s+Q\s*\d+)*\s*\]", re.IGNORECASE)
# Markdown that small models add against their orders; "1. Januar" is no list.
_BULLET = re.compile(
    r"^\s*(?:[-*•–+>]+\s+|#{1,6}\s+|\d{1,2}\)\s+|\d{1,2}\.\s+"
    r"(?!Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember))+"
)
# Links, pictures, elements, addresses: nothing of the kind stands in a sentence about the law.
_MARKUP = re.compile(
    r"<\s*[a-z/!?]|\]\s*\(|\]\s*\[|!\[|&(?:#\w+|[a-z]+);|\b[a-z][a-z0-9+.-]*:/|\b(?:javascript|data|mailto):"
    r"|\bwww\.|\S@\S|\b[\w-]+\.(?:de|com|net|org|eu|info|io|ru|cn|to|app|dev)\b|[{}|\\^~]|`",
    re.IGNORECASE,
)


class Flaw(StrEnum):
    """Why a line cannot be a statement, whatever it says."""

    UNKNOWN_TOKEN = "unknown_token"
    MARKUP = "markup"
    TOO_LONG = "too_long"
    NO_SENTENCE = "no_sentence"
    """Too few words of its passages to say anything: "Ja."."""
    CALCULATED = "calculated"
    """A number of its own: 20 weeks for 140 days may count right and still be another rule."""
    BENT = "bent"
    """Nearly a sentence of its passages, but turned around."""
    INSTRUCTION = "instruction"
    """It speaks to a model."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence and what it is said to rest on."""

    text: str
    tokens: tuple[str, ...]
    """In the order written, each once: "Q1"."""


@dataclass(slots=True)
class LineReader:
    """Collects pieces of a stream and gives whole lines, thoughts left out."""

    written: int = 0
    """Characters received."""
    _open: str = field(default="", repr=False)
    _thinking: bool = False

    def feed(self, piece: str) -> Iterator[str]:
        """The lines that ``piece`` completes."""
        self.written += len(piece)
        *lines, self._open = (self._open + piece).split("\n")
        yield from self._spoken(lines)

    def rest(self) -> Iterator[str]:
        """The last line; only for a stream that came to its end."""
        yield from self._spoken([self._open])
        self._open = ""

    def _spoken(self, lines: list[str]) -> Iterator[str]:
        for line in lines:
            while line:
                if self._thinking:
                    _, ended, line = line.partition("</think>")
                    self._thinking = not ended
                    continue
                spoken, begun, line = line.partition("<think>")
                self._thinking = bool(begun)
                if spoken.strip():
                    yield spoken


def read_claim(line: str) -> Claim | Flaw | None:
    """The sentence of a line; None if it names no passage and so claims nothing."""
    composed = unicodedata.normalize("NFKC", line)
    visible = "".join(char for char in composed if unicodedata.category(char)[0] != "C")
    numbers = [n for found in _TOKENS.finditer(visible) for n in re.findall(r"\d+", found.group())]
    if not numbers:
        return None
    text = plain(_TOKENS.sub(" ", visible))
    flaw = flaw_of(text)
    return flaw or Claim(text, tuple(dict.fromkeys(f"Q{int(number)}" for number in numbers)))


def plain(text: str) -> str:
    """Without the marks of emphasis and lists, white space single."""
    bare = _BULLET.sub("", text.replace("**", "").replace("__", ""))
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(bare.split()))


def flaw_of(text: str) -> Flaw | None:
    """What forbids to show a text at all."""
    if len(text) > _LONGEST_CLAIM:
        return Flaw.TOO_LONG
    if speaks_to_a_model(text):
        return Flaw.INSTRUCTION
    if _MARKUP.search(text):
        return Flaw.MARKUP
    return None


def speaks_to_a_model(text: str) -> bool:
    """Whether a text holds orders to a language model; see ``instructions.toml``."""
    return _instructions().search(unicodedata.normalize("NFKC", text)) is not None


@cache
def _instructions() -> re.Pattern[str]:
    data = tomllib.loads(
        files("rag.generated").joinpath("instructions.toml").read_text(encoding="utf-8")
    )
    patterns = "|".join(f"(?:{pattern})" for pattern in data["patterns"])
    return re.compile(patterns, re.IGNORECASE | re.MULTILINE)
