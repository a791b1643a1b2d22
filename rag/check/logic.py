"""Modality, negation, conditions and connectives: what a rule says beyond its nouns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from corpus.generation.analysis import Analyzer, fold
from rag.check.segments import Lexicon, Word


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
    r"|\b(?:ist|sind|hat|haben)\b[^.;]{0,220}?\b(?:zu\s+\w+en|(?:ab|an|auf|aus|bei|ein|fest|mit|nach|vor|zurück)zu\w+en)\b",
    re.IGNORECASE,
)
_CANNOT = re.compile(
    r"\b(?:kann|können|darf|dürfen)\b(?=[^.;,]*?\b(?:nicht|kein\w*)\b)", re.IGNORECASE
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
_OPENLY = re.compile(
    r"\b(?:nicht|kein\w*|ohne|weder|nie|niemals|nur|ausgeschlossen|unzulässig|untersagt|verboten|entbehrlich|un\w+bar"
    r"|höchstens|längstens|außer|ausgenommen)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(?:nicht|kein\w*)\b", re.IGNORECASE)
# A limit says by another word what a negation says: "höchstens" is "nicht mehr als".
_LIMITS = re.compile(
    r"\b(?:nur|höchstens|längstens|spätestens|erst|unbefristet|eigenständig\w*|hemm\w*|aussetz\w*|erlischt|entfäll\w*"
    r"|un\w{3,}(?:lich|bar|sam|ig|haft)\w*|wegfall|weggefallen|weggefallenen|verlier\w*|verlust)\b",
    re.IGNORECASE,
)
# A limit in the form of a negation.
_AT_MOST = re.compile(
    r"\bnicht\s+(?:überschreiten|übersteigen|überschreitet|übersteigt|(?:mehr|länger|später)\s+als)\b",
    re.I,
)
# Limits a rule; what a reader must not miss.
_EXCEPTION = re.compile(
    r"\bes sei denn\b|\baußer\b(?! betracht)|\bausgenommen\b"
    r"|\b(?:sofern|soweit|wenn|falls|solange)\b[^.;]{0,60}?\b(?:nicht|kein\w*)\b"
    r"|\bnur\b|\bausschließlich\b|\bmit ausnahme\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\b(?:es sei denn|außer\w*|abgesehen|ausgenommen|ausnahme\w*|sofern|soweit|wenn|falls|solange|nur"
    r"|ausschließlich|lediglich|erst|abweichend|bei|unter|vorausgesetzt|grundsätzlich|in der regel"
    r"|ohne|nicht|kein\w*|unbeschadet|vorbehaltlich|im fall\w*|bis auf)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"[,:]\s+(?:es sei denn|wenn|sofern|soweit|solange|falls|vorausgesetzt|damit|sobald|um)\b",
    re.IGNORECASE,
)
_REQUIRES = re.compile(
    r"\b(?:wenn|sofern|soweit|falls|solange|voraus\w*|muss|müssen|nötig|erforderlich|notwendig|sowohl)\b",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    r"\b(?:immer|stets|ausnahmslos|ohne ausnahme|in jedem fall|jederzeit|auch dann|auch ohne|auch nur"
    r"|unter allen umständen|selbst dann|selbst wenn)\b",
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
# Content words on either side of a connective that tell which entries of a list it joins.
_WINDOW = 4
# "und zugleich" asks for both whatever is said of them.
_BOTH = re.compile(
    r"\bund\s+(?:zugleich|zusätzlich|außerdem|auch|gleichzeitig|ferner|darüber hinaus)\b|\bsowohl\b",
    re.I,
)


def modalities(text: str) -> frozenset[Modality]:
    """Every way to bind that the words of ``text`` express; "kann nicht" is no possibility."""
    text = _CANNOT.sub(" ", text)
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


def exempts(text: str) -> bool:
    """Whether a text says that something is not needed."""
    return _EXEMPTS.search(text) is not None


def requires(text: str) -> bool:
    """Whether a statement speaks of what is required, or insists on both of two things."""
    return _REQUIRES.search(text) is not None or _BOTH.search(text) is not None


def negated_words(text: str, lexicon: Lexicon) -> list[Word]:
    """The content word next to each "nicht" or "kein": the one after it, or the last before it."""
    found = []
    text = _AT_MOST.sub("höchstens", text)
    for match in _DENIAL.finditer(text):
        after = _CLAUSE.search(text, match.end())
        end = after.start() if after else len(text)
        right = lexicon.content(text[match.end() : end], generic_too=True)
        left = lexicon.content(text[: match.start()])
        word = right[0] if right else left[-1] if left else None
        if word is not None:
            found.append(word)
    return found


def denial(text: str) -> bool:
    """Whether a text says "nicht" or "kein"."""
    return _DENIAL.search(_AT_MOST.sub("höchstens", text)) is not None


def denies_openly(text: str) -> bool:
    """Whether a text has a word that takes the place of a "nicht"."""
    return _OPENLY.search(text) is not None or exempts(text)


def denies(text: str) -> bool:
    """Whether a text denies, excludes or exempts anything at all."""
    return _NEGATION.search(text) is not None or exempts(text) or _LIMITS.search(text) is not None


def drops_exception(statement: str, source: str) -> bool:
    """Whether the source limits its rule and the statement says it without any limit, or absolutely."""
    if _EXCEPTION.search(source) is None:
        return False
    return _LIMIT.search(statement) is None or (
        _ABSOLUTE.search(statement) is not None and _ABSOLUTE.search(source) is None
    )


def insists_on_both(text: str) -> bool:
    """Whether a text says "und zugleich" or the like."""
    return _BOTH.search(text) is not None


@dataclass(frozen=True, slots=True)
class Junction:
    """An "und" or "oder" of a statement."""

    is_and: bool
    before: Word
    """The content word before it."""
    after: Word
    left: frozenset[str]
    """Stems of the words before it, some of them."""
    right: frozenset[str]


def connectives(text: str, lexicon: Lexicon) -> list[Junction]:
    """Each "und" and "oder" between content words."""
    found = []
    for match in _CONNECTIVE.finditer(text):
        word = fold(match.group(1))
        left = lexicon.content(text[: match.start()])[-_WINDOW:]
        right = lexicon.content(text[match.end() :])[:_WINDOW]
        if (word in _AND or word in _OR) and left and right:
            around = [frozenset(s for w in side for s in w.stems) for side in (left, right)]
            found.append(Junction(word in _AND, left[-1], right[0], around[0], around[1]))
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
