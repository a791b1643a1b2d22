"""A place that a question takes for granted and that does not exist: say so, and what there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from corpus.citations import Inventory, Unknown, nearest_norms, number_distance, parse, render
from corpus.models import NormRef
from rag.days import existence
from rag.index import Index
from rag.outcome import MESSAGES, Outcome
from rag.question import Question
from rag.search import DEFAULT_LAWS

# More are told as a range ("1 bis 12").
_MOST_LISTED = 6
# Two are named, three and more are a range.
_RANGE = 3


def unknown_place(index: Index, unknown: Unknown, as_of: date | None) -> tuple[Outcome, str]:
    """Outcome and German message for a place that does not exist."""
    if unknown.reason == "law":
        message = MESSAGES[Outcome.UNKNOWN_LAW].format(wanted=unknown.wanted)
        return Outcome.UNKNOWN_LAW, f"{message}{_nearest(unknown)}"
    return Outcome.UNKNOWN_NORM, _missing(index, unknown, as_of)


def premise_notices(index: Index, question: Question, as_of: date | None) -> Iterator[str]:
    """What a question that is answered otherwise names besides, and what does not exist of it."""
    if question.asked_for:
        for unknown in question.unknown:
            yield unknown_place(index, unknown, as_of)[1]
    if as_of is None:
        for ref in question.asked_for:
            yield from _missing_number(index, ref)


def _missing(index: Index, unknown: Unknown, as_of: date | None) -> str:
    ref = parse(unknown.wanted)
    message = MESSAGES[Outcome.UNKNOWN_NORM].format(wanted=unknown.wanted)
    inventory = index.language_on(as_of).inventory if as_of else index.language.inventory
    if unknown.reason == "absatz" and ref is not None:
        return f"{message} {_absaetze(ref.norm, inventory)}"
    if unknown.reason == "satz" and ref is not None:
        return f"{message} {_saetze(ref, inventory)}"
    if ref is None:
        return f"{message}{_elsewhere(unknown, inventory)}"
    stood = existence(index.reader, ref, as_of)
    return f"{stood}{_nearest(unknown)}" if stood else f"{message}{_meant(ref, unknown)}"


def _nearest(unknown: Unknown) -> str:
    names = ", ".join(render(ref) for ref in unknown.nearest)
    return f" Die nächstliegenden Vorschriften: {names}." if names else ""


def _meant(ref: NormRef, unknown: Unknown) -> str:
    """The one norm that is probably meant, or the neighbours."""
    distances = {near: number_distance(near.number, ref.number) for near in unknown.nearest}
    closest = [near for near in unknown.nearest if distances[near] == min(distances.values())]
    others = [near for near in unknown.nearest if near not in closest]
    if len(closest) != 1 or distances[closest[0]][0] > 1:
        return _nearest(unknown)
    further = f" In der Nähe: {', '.join(render(near) for near in others)}." if others else ""
    return f" Meinten Sie {render(closest[0])}?{further}"


def _elsewhere(unknown: Unknown, inventory: Inventory) -> str:
    """Norms with the same digits for a § that no law has: "§ 18h" without a law."""
    number = unknown.wanted.removeprefix("§").strip()
    near = [
        norm
        for law in DEFAULT_LAWS
        for norm in nearest_norms(law, number, inventory)
        if number_distance(norm.number, number) == (0, 1)
    ]
    names = " oder ".join(render(norm) for norm in near)
    return f" Meinten Sie {names}?" if names else ""


def _absaetze(norm: NormRef, inventory: Inventory) -> str:
    labels = [label for label in inventory.absaetze(norm.law, norm.number) if label is not None]
    if not labels:
        return f"{render(norm)} ist nicht in Absätze gegliedert."
    if len(labels) == 1:
        return f"{render(norm)} hat nur den Absatz {labels[0]}."
    return f"{render(norm)} hat die Absätze {_listed(labels)}."


def _saetze(ref: NormRef, inventory: Inventory) -> str:
    place = NormRef(ref.law, ref.number, ref.absatz)
    count = inventory.saetze(ref.law, ref.number, ref.absatz)
    return f"{render(place)} hat {'nur einen Satz' if count == 1 else f'{count} Sätze'}."


def _missing_number(index: Index, ref: NormRef) -> Iterator[str]:
    """A Nummer that the named Absatz lacks; nothing where that cannot be proven."""
    if ref.nummer is None:
        return
    place = NormRef(ref.law, ref.number, ref.absatz)
    rows = [row for row in index.rows_by_norm.get((ref.law, ref.number), ()) if row < index.today]
    passages = [index.passages[row] for row in rows]
    within = [p for p in passages if ref.absatz is None or p.absatz == ref.absatz]
    numbers = dict.fromkeys(
        item.labels[0]
        for p in within
        for item in p.items
        if item.labels and item.labels[0][:1].isdigit()
    )
    if not within or ref.nummer in numbers:
        return
    wanted = render(NormRef(ref.law, ref.number, ref.absatz, nummer=ref.nummer))
    there = f"hat die Nummern {_listed(list(numbers))}" if numbers else "hat keine Nummern"
    yield f"{wanted} gibt es nicht. {render(place)} {there}."


def _listed(labels: Sequence[str]) -> str:
    """The labels as "1 und 2", "1, 2, 2a und 3" or, of many, "1 bis 12 (auch 2a)"."""
    whole = [label for label in labels if label.isdigit()]
    unbroken = whole == [str(number) for number in range(1, len(whole) + 1)]
    inserted = [label for label in labels if not label.isdigit()]
    if len(labels) == 1:
        return labels[0]
    if not unbroken or (inserted and len(labels) <= _MOST_LISTED) or len(whole) < _RANGE:
        return f"{', '.join(labels[:-1])} und {labels[-1]}"
    also = f" (auch {', '.join(inserted)})" if inserted else ""
    return f"{whole[0]} bis {whole[-1]}{also}"
