"""Print a place as lawyers write it, and read one back."""

from __future__ import annotations

from corpus.citations.find import find
from corpus.laws import Laws, known_laws
from corpus.models import NormRef


def render(ref: NormRef) -> str:
    """Print "§ 26 Abs. 3 Satz 1 Nr. 2 Buchst. a AufenthG" or "Anlage D14a AufenthV".

    :func:`parse` reads it back for every law of the list.
    """
    if ref.number.startswith("Art "):
        head = f"Art. {ref.number.removeprefix('Art ')}"
    elif ref.number[:1].isdigit():
        head = f"§ {ref.number}"
    else:
        head = ref.number
    parts = [head]
    for name, value in (
        ("Abs.", ref.absatz),
        ("Satz", ref.satz),
        ("Nr.", ref.nummer),
        ("Buchst.", ref.buchstabe),
    ):
        if value is not None:
            parts.append(f"{name} {value}")
    return " ".join((*parts, ref.law))


def parse(text: str, laws: Laws | None = None) -> NormRef | None:
    """The place that ``text`` as a whole names, with its law; None if it is anything else."""
    stripped = text.strip()
    mentions = find(stripped, laws or known_laws())
    if len(mentions) != 1:
        return None
    mention = mentions[0]
    whole = mention.span.start == 0 and mention.span.end == len(stripped)
    ranged = mention.number_to or mention.absatz_to or mention.satz_to or mention.nummer_to
    if not whole or ranged or mention.law is None or mention.number is None:
        return None
    return NormRef(
        mention.law,
        mention.number,
        mention.absatz,
        mention.satz,
        mention.nummer,
        mention.buchstabe,
    )
