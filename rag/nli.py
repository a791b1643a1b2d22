"""Let a model judge whether a passage contradicts a statement, if the settings name one."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.generation.foreign import ModelUnusable, Role, Runtime, load_model

_BATCH = 4


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probabilities of what a passage says of a statement; what is left is "neutral"."""

    entailment: float
    contradiction: float


class Judge:
    """A sentence-transformers ``CrossEncoder`` for natural language inference (NLI).

    Which of its outputs means what is read from the labels of its configuration. Safe to use from
    several threads.
    """

    def __init__(self, name: str, runtime: Runtime) -> None:
        """Raises :class:`corpus.generation.foreign.ModelUnusable`, also without the two labels."""
        from sentence_transformers import CrossEncoder

        self._model = load_model(CrossEncoder, name, runtime, Role.NLI)
        labels = self._model.config.id2label
        self._outputs = len(labels)
        self._entailment = _place(labels, "entail", name)
        self._contradiction = _place(labels, "contradict", name)
        # The library sets the tokenizer anew for each call.
        self._one_at_a_time = threading.Lock()

    def judge(self, premises: Sequence[str], statement: str) -> list[Judgement]:
        """What each premise says of the statement; a long premise is cut at what the model can read.

        What is no number (an overflow in a quantized model) speaks for nothing.
        """
        pairs = [(premise, statement) for premise in premises]
        with self._one_at_a_time:
            raw = self._model.predict(
                pairs, batch_size=_BATCH, activation_fn=_as_it_is, show_progress_bar=False
            )
        logits = np.asarray(raw, dtype=np.float64).reshape(len(pairs), self._outputs)
        powers = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
        shares = np.nan_to_num(powers / powers.sum(axis=1, keepdims=True))
        return [
            Judgement(float(row[self._entailment]), float(row[self._contradiction]))
            for row in shares
        ]


def _place(labels: Mapping[int, str], beginning: str, name: str) -> int:
    """The output whose label begins so: "entailment", "CONTRADICTION"; "not_entailment" does not."""
    places = [place for place, label in labels.items() if label.casefold().startswith(beginning)]
    if len(places) != 1:
        known = ", ".join(labels.values())
        raise ModelUnusable(
            "nli_unfit",
            f"Das Modell „{name}“ urteilt nicht über Widersprüche: Ihm fehlt eine der Ausgaben "
            f"„entailment“ und „contradiction“, es hat {known}.",
            "Bitte prüfen Sie FUNDSTELLE_NLI.",
        )
    return places[0]


def _as_it_is(logits: object) -> object:
    return logits
