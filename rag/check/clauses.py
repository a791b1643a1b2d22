"""Cut a sentence into clauses: what it orders stands in its main clauses, its conditions in the others."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CUT = re.compile(r"\s*(?:[,;:–]\s+|\n+|(?<=[a-zäöüß)]{3})\.\s+)")
_SUBORDINATE = re.compile(
    r"^(?:(?:und|oder|sowie|jedoch|aber|insbesondere|auch|selbst|nur|dann)\s+)*"
    r"(?:wenn|sofern|soweit|solange|falls|dass|weil|da|damit|bevor|nachdem|obwohl|sobald|während|indem|ob|um|wobei"
    r"|es sei denn|außer|sollten?|wer|wem|wessen|was|wo|welche[rsnm]?|vorausgesetzt)\b",
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
    r"|\w{2,}t\s+(?:der|die|das|dem|den|des|ein\w*|kein\w*|sich|jemand\w*|er|sie|es|man|jeder|seine?\w*|ihre?\w*|gegen|bei|im|in|nach|für)\b)"
)
# ", der Behörde alles mitzuteilen" goes on with what is ordered.
_INFINITIVE = re.compile(
    r"\b(?:zu\s+\w+n|(?:ab|an|auf|aus|bei|ein|entgegen|fest|heraus|mit|nach|vor|weg|zurück)zu\w+n)\W*$",
    re.IGNORECASE,
)
_FINITE = frozenset(
    "ist sind wird werden kann können soll sollen darf dürfen muss müssen gilt gelten hat haben".split()
)
# Only finite: "erteilt werden" ends a main clause as well.
_LAST = frozenset("ist sind wird kann soll sollen darf muss hat".split())
_OPENING = frozenset("ist sind hat haben".split())
_LEADS = frozenset(
    ("so", "dann", "erhalten", "bekommen", "bedürfen", "erlöschen", "finden", "haften", "zu")
)
# A finite verb further back belongs to the end of a relative clause.
_SECOND = 5
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
    # Whether the clause that a relative clause interrupts is a main one.
    enclosing = True
    for part in _CUT.split(sentence.strip()):
        if not part.strip():
            continue
        relative = bool(found) and _is_relative(part)
        if not found:
            main = not (_SUBORDINATE.match(part) or _VERB_FIRST.match(part))
        elif label := _ENTRY.match(part):
            # The entries of a list belong to what introduces it: ", wenn 1. ..."
            main = enclosing and not _SUBORDINATE.match(part[label.end() :])
        elif _SUBORDINATE.match(part) or relative:
            main = False
        elif _INFINITIVE.search(part) and _is_open(found):
            main = True
        elif not found[-1].main and part.split()[-1].strip(".") in _LAST:
            # ", für den nach diesem Gesetz, dem Asylgesetz oder ... ein Dokument ausgestellt werden soll"
            main = _goes_on(part)
        else:
            main = enclosing or _goes_on(part)
        found.append(Clause(part, main))
        if not relative:
            enclosing = main
    if found and not any(clause.main for clause in found):
        # "Wer nichts zahlt": nothing is ordered but what stands there.
        found[-1] = Clause(found[-1].text, main=True)
    return tuple(found)


def _is_open(found: list[Clause]) -> bool:
    """Whether the last main clause waits for its verb: "Er hat, wenn er umzieht, ..."."""
    last = next((clause for clause in reversed(found) if clause.main), None)
    return last is not None and last.text.split()[-1] in _OPENING


def _is_relative(part: str) -> bool:
    return _RELATIVE.match(part) is not None and not (_speaks(part) or _INFINITIVE.search(part))


def _goes_on(part: str) -> bool:
    """Whether a main clause goes on behind a condition: with its verb, as after "Wer ...,"."""
    first = part.split()[0]
    return first in _FINITE or first in _LEADS or (first.islower() and first.endswith("t"))


def _speaks(part: str) -> bool:
    """Whether "die Frist beginnt neu" is a sentence of its own: its verb comes second, not last."""
    return any(word in _FINITE for word in part.split()[1:-1][: _SECOND - 1])


def main_text(sentence: str) -> str:
    """What a sentence orders, without conditions and relative clauses."""
    return ", ".join(clause.text for clause in clauses(sentence) if clause.main)
