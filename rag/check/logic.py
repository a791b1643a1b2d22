"""Modality, negation, conditions and connectives: what a rule says beyond its nouns."""

from __future__ import annotations

import re
from enum import StrEnum

from corpus.generation.analysis import Analyzer, fold
from rag.check.segments import Lexicon


class Modality(StrEnum):
    """How a rule binds."""

    MUST = "must"
    SHOULD = "should"
    MAY = "may"


_SHOULD = re.compile(
    r"\b(?:soll(?:en|te)?|in der regel|regelmäßig|im regelfall|regelfall|normalerweise|üblicherweise)\b",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"\b(?:kann|können|könnte|darf|dürfen|ermessen\w*|möglich|möglichkeit|erlaubt|gestattet|zulässig|berechtigt"
    r"|befugt|ermächtigt|genügt|reicht|freigestellt|nicht zwingend|ist nicht verpflichtet)\b",
    re.IGNORECASE,
)
_MUST = re.compile(
    r"\b(?:muss|müssen|musste|zwingend|verpflichtet|verpflichtend|pflicht\w*|anspruch|unbedingt|stets|immer"
    r"|in jedem fall"
    r"|erforderlich|notwendig|nötig|bedarf|bedürfen|benötigt|braucht|unverzüglich|vorgeschrieben|voraus\w*)\b"
    r"|\b(?:ist|sind|hat|haben)\b(?:\s+[^\s,.;]+){0,14}?\s+(?:zu\s+\w+en|\w+zu\w+en)\b",
    re.IGNORECASE,
)
# The plain indicative binds as well: "wird erteilt", "erhält", "erlischt".
_INDICATIVE = re.compile(
    r"\b(?:wird|werden|erhält|erhalten|bekommt|bekommen|erlischt|erlöschen|gilt|gelten|endet|beträgt|betragen)\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:nicht|kein\w*|ohne|nie|niemals|weder|keinesfalls|ausgeschlossen|ausschluss|unzulässig|untersagt|verboten"
    r"|versagt|versagen|abzulehnen|abgelehnt|verweigert|entfällt|entfallen|abgesehen|abzusehen|absehen|unberührt"
    r"|unbeachtlich|unberücksichtigt|unschädlich|entbehrlich|befreit|ausgenommen|verzicht\w*|verwehrt|scheidet|unabhängig|auszuschließen)\b",
    re.IGNORECASE,
)
_STRONG = re.compile(
    r"\b(?:nicht|kein\w*|ausgeschlossen|unzulässig|untersagt|verboten|versagt|versagen|abzulehnen|abgelehnt)\b",
    re.IGNORECASE,
)
# A limit in the form of a negation.
_AT_MOST = re.compile(
    r"\bnicht\s+(?:überschreiten|übersteigen|überschreitet|übersteigt|(?:mehr|länger|später)\s+als)\b",
    re.I,
)
# Limits a rule; what a reader must not miss.
_EXCEPTION = re.compile(
    r"\bes sei denn\b|\baußer\b|\bausgenommen\b"
    r"|\b(?:sofern|soweit|wenn|falls|solange)\b[^.;]{0,60}?\b(?:nicht|kein\w*)\b"
    r"|\bnur\b|\bausschließlich\b|\bmit ausnahme\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:es sei denn|außer\w*|ausgenommen|ausnahme\w*|sofern|soweit|wenn|falls|solange|nur|ausschließlich"
    r"|lediglich|erst|abweichend|bei|unter|vorausgesetzt|grundsätzlich|in der regel|ohne|nicht"
    r"|kein\w*|unbeschadet|vorbehaltlich|im fall\w*|bis auf)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"[,:]\s+(?:es sei denn|wenn|sofern|soweit|solange|falls|vorausgesetzt)\b", re.IGNORECASE
)
_REQUIRES = re.compile(
    r"\b(?:wenn|sofern|soweit|falls|solange|voraus\w*|muss|müssen|nötig|erforderlich|notwendig|sowohl)\b",
    re.IGNORECASE,
)
_EXEMPTS = re.compile(
    r"\b(?:nicht|kein\w*)\b.{0,80}?\b(?:nötig|notwendig|erforderlich|anzuwenden|verlangt|vorausgesetzt|brauch\w*|gilt"
    r"|benötigt|bedarf|schadet|an)\b|\b(?:gilt|gelten|schadet|bedarf|braucht)\b.{0,60}?\b(?:nicht|kein\w*)\b"
    r"|\b(?:abgesehen|abzusehen|absehen|unbeachtlich|unberücksichtigt|unschädlich|entbehrlich|befreit|entfällt|verzichtet|unberücksichtigt"
    r"|außer betracht|unschädlich|keine anwendung)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,;:.\n]")
_CONNECTIVE = re.compile(
    r"\b(und|oder|sowie|bzw|beziehungsweise|weder|noch|sowohl|als auch)\b", re.IGNORECASE
)
_AND, _OR = (
    frozenset(("und", "sowie", "sowohl", "noch")),
    frozenset(("oder", "bzw", "beziehungsweise")),
)
# Content stems on either side of a negation that it may concern.
_SCOPE = 5


def modalities(text: str) -> frozenset[Modality]:
    """Every way to bind that the words of ``text`` express."""
    found = set()
    for pattern, modality in (
        (_SHOULD, Modality.SHOULD),
        (_MAY, Modality.MAY),
        (_MUST, Modality.MUST),
    ):
        if pattern.search(text):
            found.add(modality)
    if not found and _INDICATIVE.search(text):
        found.add(Modality.MUST)
    return frozenset(found)


def main_clause(text: str) -> str:
    """What stands before the first condition ("..., wenn"), or after one that comes first."""
    match = re.search(
        r",\s+(?:es sei denn|wenn|sofern|soweit|solange|falls)\b", text, re.IGNORECASE
    )
    return text[: match.start()] if match else text


def negations(text: str, lexicon: Lexicon, *, strong: bool = False) -> list[frozenset[str]]:
    """For each negation the stems of the content words near it within its clause.

    ``strong``: only those that turn a rule into its opposite, not "ohne Zustimmung".
    """
    found = []
    text = _AT_MOST.sub("höchstens", text)
    for match in (_STRONG if strong else _NEGATION).finditer(text):
        before = [m.end() for m in _CLAUSE.finditer(text, 0, match.start())]
        after = _CLAUSE.search(text, match.end())
        left = lexicon.content(text[before[-1] if before else 0 : match.start()])[-_SCOPE:]
        right = lexicon.content(text[match.end() : after.start() if after else len(text)])[:_SCOPE]
        found.append(frozenset(stem for word in (*left, *right) for stem in word.stems))
    return found


def exempts(text: str) -> bool:
    """Whether a text says that something is not needed."""
    return _EXEMPTS.search(text) is not None


def requires(text: str) -> bool:
    """Whether a statement speaks of what is required."""
    return _REQUIRES.search(text) is not None


def drops_exception(statement: str, source: str) -> bool:
    """Whether the source limits its rule and the statement says it without any limit."""
    return _EXCEPTION.search(source) is not None and _LIMIT.search(statement) is None


def connectives(text: str, analyzer: Analyzer) -> list[tuple[bool, frozenset[str], frozenset[str]]]:
    """Each "und" or "oder": whether it is "und", the stems of the word before and of the one after."""
    found = []
    for match in _CONNECTIVE.finditer(text):
        word = fold(match.group(1))
        if word not in _AND and word not in _OR:
            continue
        left = text[: match.start()].split()[-3:]
        right = text[match.end() :].split()[:4]
        before = next((t for w in reversed(left) if (t := analyzer.terms(w))), [])
        after = next((t for w in right if (t := analyzer.terms(w))), [])
        if before and after:
            found.append((word in _AND, frozenset(before), frozenset(after)))
    return found


def joins_between(
    source: str, before: frozenset[str], after: frozenset[str], analyzer: Analyzer
) -> set[bool]:
    """How the source joins two things: True for "und", False for "oder"; both, or nothing, if unclear."""
    tokens = [
        (match.group(), frozenset(analyzer.terms(match.group())))
        for match in re.finditer(r"\w+", source)
    ]
    left = [place for place, (_, stems) in enumerate(tokens) if stems & before]
    right = [place for place, (_, stems) in enumerate(tokens) if stems & after]
    spans = [(abs(b - a), min(a, b), max(a, b)) for a in left for b in right if a != b]
    if not spans:
        return set()
    _, start, end = min(spans)
    joined = {fold(word) for word, _ in tokens[start : end + 1]}
    result = set()
    if joined & _AND:
        result.add(True)
    if joined & _OR:
        result.add(False)
    return result
