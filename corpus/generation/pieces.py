"""The pieces that passages and curated questions are written with, for comparing them one by one.

A mean over all pieces forgets which of them met; late interaction (MaxSim, Khattab and Zaharia 2020)
looks at every piece of the question alone. Only an encoder with vectors per piece allows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Ids: TypeAlias = NDArray[np.int32]
Weights: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of piece ids of different lengths in one array."""

    ids: Ids
    starts: Ids
    """Shape ``(rows + 1,)``: row ``r`` is ``ids[starts[r]:starts[r + 1]]``."""

    @classmethod
    def of(cls, rows: Sequence[Sequence[int]]) -> Ragged:
        """Pack ``rows``."""
        lengths = np.array([0, *(len(row) for row in rows)])
        flat = [piece for row in rows for piece in row]
        return cls(np.array(flat, dtype=np.int32), np.cumsum(lengths).astype(np.int32))

    def row(self, number: int) -> Ids:
        """The piece ids of one row."""
        return self.ids[self.starts[number] : self.starts[number + 1]]


@dataclass(frozen=True, slots=True)
class PieceIndex:
    """Which pieces each passage (with its questions) and each single question holds.

    The topics that the corpus cannot answer stand behind the passages, their questions behind the others.
    """

    passages: Ragged
    """Each piece once, ascending; rows in the order of the passages."""
    questions: Ragged
    """In the order of the curated questions."""
    rarity: Weights
    """Per piece, log of how few passages hold it (idf), shape ``(vocabulary,)``."""

    @classmethod
    def build(
        cls,
        tokenizer: Tokenizer,
        texts: Sequence[Sequence[str]],
        questions: Sequence[str],
        counted: int,
    ) -> PieceIndex:
        """``texts``: per passage, its own text and its curated questions.

        ``counted``: how many of them, from the first on, decide how rare a piece is.
        """
        known = dict(zip(questions, _cut(tokenizer, questions), strict=True))
        missing = list(dict.fromkeys(t for row in texts for t in row if t not in known))
        known.update(zip(missing, _cut(tokenizer, missing), strict=True))
        rows = [sorted({piece for text in row for piece in known[text]}) for row in texts]
        held = np.bincount(
            [piece for row in rows[:counted] for piece in row],
            minlength=tokenizer.get_vocab_size(),
        )
        rarity = np.log1p(counted / (1 + held)).astype(np.float32)
        return cls(Ragged.of(rows), Ragged.of([known[q] for q in questions]), rarity)

    def save(self, path: Path) -> None:
        """Write to ``path`` (NumPy's npz)."""
        np.savez(
            path,
            passages=self.passages.ids,
            passage_starts=self.passages.starts,
            questions=self.questions.ids,
            question_starts=self.questions.starts,
            rarity=self.rarity,
        )

    @classmethod
    def load(cls, path: Path) -> PieceIndex:
        """Read what :meth:`save` wrote; ``OSError`` or ``ValueError`` for anything else."""
        try:
            with path.open("rb") as file, np.load(file) as arrays:
                return cls(
                    Ragged(arrays["passages"], arrays["passage_starts"]),
                    Ragged(arrays["questions"], arrays["question_starts"]),
                    arrays["rarity"],
                )
        except (BadZipFile, EOFError, KeyError) as error:
            raise ValueError(f"{path.name}: {error}") from error


def _cut(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    return [e.ids for e in tokenizer.encode_batch(list(texts), add_special_tokens=False)]
