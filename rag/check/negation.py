"""What is denied: a "nicht" added or left out turns a rule round."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.check.clauses import main_text
from rag.check.lists import phrases_of_check
from rag.check.modality import ordering, same_consequence
from rag.check.segments import (
    Lexicon,
    Part,
    Segment,
    Word,
    bearing,
    coverage,
    covers,
    parts_of,
    verb_root,
)

_NEARLY_BEST = 0.05
# Share of the words of what a statement orders that the source must order for the two to be compared.
_ORDERED, _LEAST_ORDER = 0.5, 3
_CLOSE = 0.6
# So much shorter a statement may be than its source.
_SHORTER = 0.3
_DENIAL = re.compile(r"\b(?:nicht|kein\w*)\b", re.IGNORECASE)
# Take the place of a "nicht".
_OPEN = re.compile(
    r"\b(?:nur|außer|ausgenommen|höchstens|längstens|lediglich|erst|un\w+(?:bar|lich|ig))\b",
    re.IGNORECASE,
)
_UN = re.compile(r"\bun\w{4,}", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:.\n]")
# Share of the content words of a clause that its counterpart must hold for the two to be compared.
_SAME = 0.75
_LEAST_WORDS = 2
# A limit in the form of a negation.
_AT_MOST = re.compile(
    r"\bnicht\s+(?:überschreiten|übersteigen|überschreitet|übersteigt|(?:mehr|länger|später)\s+als)\b",
    re.IGNORECASE,
)


def turned_round(text: str, stretches: Sequence[Segment], lexicon: Lexicon) -> str | None:
    """A clause of the statement that denies what its counterpart does not, or the other way round."""
    near = bearing(stretches, lexicon.content(text))
    if not near:
        return None
    if _adds(text, near, stretches, lexicon) or _drops(text, near, lexicon):
        return text
    for chunk in text.split("; "):
        if _order_turned(chunk, stretches, lexicon):
            return chunk
        near = bearing(stretches, lexicon.content(chunk))
        for part in parts_of(chunk, lexicon):
            if len(lexicon.content(part.text, generic_too=True)) >= _LEAST_WORDS and _differs(
                part, near, lexicon
            ):
                return part.text
    return None


def _order_turned(chunk: str, stretches: Sequence[Segment], lexicon: Lexicon) -> bool:
    """Whether what a statement orders is denied where its source does not deny it, or the reverse."""
    main = main_text(chunk)
    content = lexicon.content(main, generic_too=True)
    near = ordering(stretches, main, chunk, lexicon)
    if len(content) < _LEAST_ORDER:
        return False
    found = []
    for segment in near:
        shares = [(coverage(lexicon.stems(order), content), order) for order in segment.orders]
        share, order = max(shares)
        meant = share >= _ORDERED and (
            covers(lexicon.stems(order), content[-1]) or same_consequence(order, main, lexicon)
        )
        found.append(meant and not same_polarity(main, order))
    return bool(found) and all(found)


def _adds(
    text: str, near: Sequence[Segment], stretches: Sequence[Segment], lexicon: Lexicon
) -> bool:
    """Whether only the statement says no."""
    phrases = phrases_of_check()
    if not phrases.plain_no.search(_AT_MOST.sub("höchstens", text)):
        return False
    if coverage(near[0].stems, lexicon.content(text)) < _CLOSE:
        return False
    denying = (phrases.plain_no, phrases.lexical_no, phrases.blurs, _UN)
    return not any(pattern.search(s.text) for pattern in denying for s in stretches)


def _drops(text: str, near: Sequence[Segment], lexicon: Lexicon) -> bool:
    """Whether the source denies a word that the statement uses without denying anything."""
    phrases = phrases_of_check()
    if phrases.plain_no.search(text) or _OPEN.search(text):
        return False
    own = {verb_root(word) for word in phrases.lexical_no.findall(text)}
    if own - {verb_root(word) for word in phrases.lexical_no.findall(near[0].text)}:
        return False
    stems = lexicon.stems(text)
    return any(word.stems & stems for word in _denied_words(near[0].text, lexicon))


def _denied_words(text: str, lexicon: Lexicon) -> list[Word]:
    """The content word next to each "nicht" or "kein": the one after it, or the last before it."""
    found = []
    text = _AT_MOST.sub("höchstens", text)
    for match in _DENIAL.finditer(text):
        after = _CLAUSE.search(text, match.end())
        right = lexicon.content(
            text[match.end() : after.start() if after else len(text)], generic_too=True
        )
        left = lexicon.content(text[: match.start()])
        word = right[0] if right else left[-1] if left else None
        if word is not None:
            found.append(word)
    return found


def _differs(part: Part, near: Sequence[Segment], lexicon: Lexicon) -> bool:
    content = lexicon.content(part.text, generic_too=True)
    others = [other for segment in near for other in segment.parts]
    shares = [
        min(
            coverage(other.stems, content),
            coverage(part.stems, lexicon.content(other.text, generic_too=True)) + _SHORTER,
        )
        for other in others
    ]
    top = max(shares, default=0.0)
    if top < _SAME:
        return False
    return not any(
        same_polarity(part.text, other.text)
        for share, other in zip(shares, others, strict=True)
        if share >= top - _NEARLY_BEST
    )


def same_polarity(said: str, held: str) -> bool:
    """Whether two clauses deny equally often, or cannot be compared."""
    phrases = phrases_of_check()
    said, held = (_AT_MOST.sub("höchstens", text) for text in (said, held))
    if bool(phrases.blurs.search(said)) != bool(phrases.blurs.search(held)):
        return True
    plain = sum(len(phrases.plain_no.findall(text)) for text in (said, held))
    roots = [
        {verb_root(word) for word in phrases.lexical_no.findall(text)} for text in (said, held)
    ]
    return plain % 2 == 0 or (plain + len(roots[0] ^ roots[1])) % 2 == 0
