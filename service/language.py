"""Which of the texts that people typed are English, for the ``lang`` of what a page prints."""

from __future__ import annotations

import re

# Words that hardly any English question does without and no German one has.
_ENGLISH = frozenset(
    "the my of does what which how can and for have are our by from with when where without during".split()
)


def is_english(text: str) -> bool:
    """Whether a question is English; one in a few English key words is not recognised."""
    return not _ENGLISH.isdisjoint(re.findall(r"\w+", text.casefold()))
