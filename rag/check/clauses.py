"""Cut a sentence into clauses: what it orders stands in its main clauses, its conditions in the others."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CUT = re.compile(r"\s*(?:[,;:–]\s+|\n+|(?<=[a-zäöüß)]{3})\.\s+)")
_SUBORDINATE = re.compile(
    r"^(?:(?:und|oder|sowie|jedoch|aber|insbesondere|auch|selbst|nur|dann)\s+)*"
    r"(?:wenn|sofern|soweit|solange|falls|dass|weil|da|damit|bevor|nachdem|obwohl|sobald|während|indem|ob|um|wobei"
    r"|es sei denn|außer|wer|wem|wessen|was|wo|welche[rsnm]?|vorausgesetzt)\b",
    re.IGNORECASE,
)
# ", die ..." or ", in denen ...": never at the beginning of a sentence, where "Die" is an article.
_RELATIVE = re.compile(
    r"^(?:(?:an|auf|aus|bei|durch|für|gegen|in|mit|nach|ohne|über|unter|von|vor|zu|zum|zur|wegen)\s+)?"
    r"(?:denen|deren|dessen|(?:der|die|das|den|dem)\b(?!\s+[A-ZÄÖÜ]))\b",
)
# "Wird die Ausbildung abgebrochen, ..." is a condition.
_VERB_FIRST = re.compile(
    r"^(?:(?:Ist|Sind|War|Hat|Haben|Wird|Werden|Wurde|Wurden|Kann|Können|Soll|Sollen|Darf|Dürfen|Muss|Müssen|Will)\s"
    r"|\w{2,}t\s+(?:der|die|das|dem|den|des|ein\w*|kein\w*|sich|jemand\w*|er|sie|es|seine?\w*|ihre?\w*|gegen|bei|im|in|nach|für)\b)"
)
_ENTRY = re.compile(r"^(?:\d+[a-z]?\.|[a-z]{1,2}\))\s")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence."""

    text: str
    main: bool
    """False for a condition, a relative clause or the like."""


def clauses(sentence: str) -> tuple[Clause, ...]:
    """The clauses of a sentence in order; at least one."""
    found: list[Clause] = []
    introduced = True
    parts = [part for part in _CUT.split(sentence.strip()) if part.strip()]
    for place, part in enumerate(parts):
        first = place == 0
        if found and _ENTRY.match(part):
            # The entries of a list belong to what introduces it: ", wenn 1. ..."
            found.append(Clause(part, introduced))
            continue
        subordinate = _SUBORDINATE.match(part) is not None
        if first:
            subordinate |= len(parts) > 1 and _VERB_FIRST.match(part) is not None
        else:
            subordinate |= _RELATIVE.match(part) is not None and not _speaks(part)
        found.append(Clause(part, not subordinate))
        introduced = not subordinate
    if found and not any(clause.main for clause in found):
        # "Wer nichts zahlt": nothing is ordered but what stands there.
        found[-1] = Clause(found[-1].text, main=True)
    return tuple(found)


def _speaks(part: str) -> bool:
    """Whether "die Frist beginnt neu" is a sentence of its own: its verb does not stand at the end."""
    words = part.split()
    verbs = (
        "ist",
        "sind",
        "wird",
        "werden",
        "kann",
        "können",
        "soll",
        "sollen",
        "darf",
        "dürfen",
        "muss",
        "müssen",
        "gilt",
        "gelten",
        "hat",
        "haben",
    )
    return any(word in verbs for word in words[1:-1])
