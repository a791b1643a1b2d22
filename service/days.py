"""Days that people send with a form."""

from __future__ import annotations

from datetime import date

from rag.errors import BadQuestion


def day_of(text: str) -> date | None:
    """The day of a field, None for an empty one; raises :class:`BadQuestion` for what is no day."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadQuestion("bad_date", "Der Stichtag ist kein gültiges Datum.") from error
