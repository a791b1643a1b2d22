"""Prompts: files with a version, filled with the question and passages as data."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

from corpus.models import Kind, Passage

UNABLE = "KEINE ANTWORT"
"""What the prompt lets a model write if the passages do not answer."""

_PARTS = re.compile(r"^# (?:Auftrag|Anfrage)\n", re.MULTILINE)
# Our own marks inside foreign text: "[Q3]" would be taken for a token.
_TOKEN_LIKE = re.compile(r"\[(\s*Q\s*\d+)", re.IGNORECASE)
_KINDS = {
    Kind.LAW: "Gesetz",
    Kind.DECREE: "Erlass",
    Kind.MEMO: "Arbeitshilfe",
    Kind.SUMMARY: "Kurzfassung",
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is sent."""

    system: str
    request: str
    version: str
    """Name, version and digest of the prompt file: "antwort 1 (3f9a0c21)"."""

    @property
    def length(self) -> int:
        """Characters of both parts."""
        return len(self.system) + len(self.request)


@dataclass(frozen=True, slots=True)
class PromptFile:
    """One file of ``prompts/``."""

    system: str
    request: Template
    version: str

    def fill(self, **values: str) -> Prompt:
        """The prompt with its values; they are filled in once, whatever they hold."""
        return Prompt(self.system, self.request.substitute(values), self.version)


@cache
def prompt_file(name: str) -> PromptFile:
    """Read ``prompts/<name>.md``: a version, the part "Auftrag", the part "Anfrage"."""
    path = files("rag.generated").joinpath("prompts", f"{name}.md")
    text = path.read_text(encoding="utf-8")
    head, system, request = _PARTS.split(text)
    number = head.removeprefix("Fassung:").strip()
    digest = hashlib.sha256(text.encode()).hexdigest()
    version = f"{name} {number} ({digest[:8]})"
    return PromptFile(system.strip(), Template(request.strip()), version)


def as_data(text: str) -> str:
    """Foreign text so that it can neither end its element nor look like a token of ours."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _TOKEN_LIKE.sub(r"(\1", escaped)


def _attribute(text: str) -> str:
    return as_data(text).replace('"', "&quot;").replace("\n", " ")


def passage_block(token: str, passage: Passage) -> str:
    """One passage under its token."""
    head = f'kennung="{token}" art="{_KINDS[passage.kind]}" stelle="{_attribute(passage.citation)}"'
    return f"<fundstelle {head}>\n{as_data(passage.text)}\n</fundstelle>"


def answer_prompt(question: str, passages: Mapping[str, Passage]) -> Prompt:
    """Ask for the answer to ``question`` from ``passages`` (token -> passage)."""
    blocks = "\n\n".join(passage_block(token, passage) for token, passage in passages.items())
    return prompt_file("antwort").fill(fundstellen=blocks, frage=as_data(question))


def follow_up_prompt(before: str, question: str) -> Prompt:
    """Ask for ``question`` as one that needs no conversation."""
    return prompt_file("anschlussfrage").fill(davor=as_data(before), frage=as_data(question))


def under_tokens(passages: Iterable[Passage], room: int, most: int) -> dict[str, Passage]:
    """The first passages under tokens "Q1" ..., as many as fit into ``room`` characters.

    A passage that does not fit is left out; a shorter one after it may still fit.
    """
    chosen: dict[str, Passage] = {}
    for passage in passages:
        token = f"Q{len(chosen) + 1}"
        length = len(passage_block(token, passage)) + 2
        if length <= room and len(chosen) < most:
            chosen[token] = passage
            room -= length
    return chosen
