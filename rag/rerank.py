"""Read the best passages together with the question: a cross-encoder, if the settings name one."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.generation.foreign import ModelUnusable, Role, Runtime, load_model

# Beyond it a sigmoid is 0 or 1 in single precision; keeps its exponential finite.
_FARTHEST = 30.0
# The library sorts by length and fills up to the longest of a batch: small ones waste little.
_BATCH = 4


class Reranker:
    """Any sentence-transformers ``CrossEncoder`` with one output; safe to use from several threads."""

    def __init__(self, name: str, runtime: Runtime) -> None:
        """Raises :class:`corpus.generation.foreign.ModelUnusable`."""
        from sentence_transformers import CrossEncoder

        self._model = load_model(CrossEncoder, name, runtime, Role.RERANKER)
        outputs = self._model.num_labels
        if outputs != 1:
            raise ModelUnusable(
                "reranker_unfit",
                f"Das Modell „{name}“ ist kein Reranker: Es hat {outputs} Ausgaben statt einer.",
                "Bitte prüfen Sie FUNDSTELLE_RERANKER.",
            )
        # The library sets the tokenizer anew for each call.
        self._one_at_a_time = threading.Lock()

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text answers the question, 0 to 1; shape ``(texts,)``.

        The sigmoid of the model's output, whatever activation it was saved with. What is no number
        (an overflow in a quantized model) counts as 0.
        """
        pairs = [(question, text) for text in texts]
        with self._one_at_a_time:
            raw = self._model.predict(
                pairs, batch_size=_BATCH, activation_fn=_as_it_is, show_progress_bar=False
            )
        logits = np.nan_to_num(np.asarray(raw, dtype=np.float32), nan=-_FARTHEST)
        scores = 1 / (1 + np.exp(-np.clip(logits, -_FARTHEST, _FARTHEST)))
        return scores.astype(np.float32)


def _as_it_is(logits: object) -> object:
    return logits
