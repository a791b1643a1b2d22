"""Count the tokens of an answer and what they cost."""

from __future__ import annotations

import math

from rag.generated.model import Endpoint, Failure, Usage
from rag.generated.prompting import Prompt
from rag.generated.replies import ModelUse

_CHARACTERS_PER_TOKEN = 3.0
"""German legal text has 3 to 4 in the vocabularies of today's models; rather count too many tokens."""
# What endpoints report beyond this many times the estimate is no count of this request. A vocabulary of
# bytes stays below it.
_PLAUSIBLE = 6


def estimated_tokens(characters: int) -> int:
    """Tokens that a text of this length probably has."""
    return math.ceil(characters / _CHARACTERS_PER_TOKEN)


def room_for_passages(endpoint: Endpoint, overhead: int) -> int:
    """Characters left for passages besides ``overhead`` characters and the answer."""
    return math.floor((endpoint.context - endpoint.longest) * _CHARACTERS_PER_TOKEN) - overhead


def model_use(
    endpoint: Endpoint,
    prompt: Prompt,
    written: int,
    usage: Usage | None,
    failure: Failure | None = None,
) -> ModelUse:
    """What one call took; ``written``: characters received.

    The endpoint's own count, unless it has none or one that cannot be; nothing for a prompt that nobody
    read.
    """
    guess = Usage(estimated_tokens(prompt.length), estimated_tokens(written))
    if failure is not None and not failure.was_read:
        usage = guess = Usage(0, 0)
    estimated = usage is None or not _plausible(usage, guess)
    counted = guess if usage is None or estimated else usage
    cost = counted.tokens_in * endpoint.price_in + counted.tokens_out * endpoint.price_out
    return ModelUse(
        name=endpoint.name,
        prompt_version=prompt.version,
        tokens_in=counted.tokens_in,
        tokens_out=counted.tokens_out,
        cost=cost / 1_000_000,
        estimated=estimated,
    )


def _plausible(usage: Usage, guess: Usage) -> bool:
    if usage == guess:
        return True
    # A thinking model writes more than it shows, up to the limit: only the upper end is open there.
    return 0 < usage.tokens_in <= _PLAUSIBLE * guess.tokens_in + 100 and usage.tokens_out <= 100_000
