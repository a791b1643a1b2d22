"""Train the default encoder: a StaticEmbedding that knows this corpus and how people ask about it.

No model is downloaded. The tokenizer is a Unigram model of the corpus' own words; the embedding is
trained with MultipleNegativesRanking (Henderson et al. 2017) so that a question lies near the
passage that answers it, near other questions of the same Absatz, and a heading near its text.
Seeded and single-threaded where order matters: the same material gives the same weights.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from tokenizers import Tokenizer

if TYPE_CHECKING:
    import torch

DIMENSIONS = 512
"""Chosen in the trial (docs/adr/0004): 128 loses recall, 512 only time."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights besides the material."""

    dimensions: int = DIMENSIONS
    vocabulary: int = 10_000
    """Pieces of the tokenizer; fewer cut words into parts that more texts share (docs/adr/0004)."""
    epochs: int = 4
    batch: int = 256
    learning_rate: float = 0.02
    scale: float = 12.0
    """Of the cosines in the loss; lower than usual, since near misses are often right as well."""
    seed: int = 20250305

    def digest(self, material: TrainingMaterial) -> str:
        """Short name of the encoder that this recipe makes of ``material``."""
        parts = repr((sorted(asdict(self).items()), material.texts, material.pairs))
        return hashlib.sha256(parts.encode()).hexdigest()[:16]


class Pair(NamedTuple):
    """Two texts that belong together."""

    anchor: str
    positive: str
    place: str
    """What both belong to: other texts of this place are no wrong answers."""


@dataclass(frozen=True, slots=True)
class TrainingMaterial:
    """What the encoder learns from."""

    texts: tuple[str, ...]
    """Everything the tokenizer must be able to write."""
    pairs: tuple[Pair, ...]


DEFAULT_RECIPE = Recipe()


def train_encoder(
    material: TrainingMaterial,
    target: Path,
    *,
    recipe: Recipe = DEFAULT_RECIPE,
    progress: Callable[[float], None] | None = None,
) -> None:
    """Train and save a sentence-transformers model under the directory ``target``.

    ``progress`` receives the share done, 0 to 1. Raises ``ValueError`` without any pair.
    """
    if not material.pairs:
        raise ValueError("nothing to train on: no pairs")
    # Imported here: torch and sentence-transformers take seconds, and most runs train nothing.
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    torch.manual_seed(recipe.seed)
    # One thread: sums then have one order, and two threads that wait for each other on a busy
    # machine of two cores take longer than one.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    tokenizer = _tokenizer(material.texts, recipe.vocabulary)
    module = StaticEmbedding(tokenizer, embedding_dim=recipe.dimensions)
    torch.nn.init.normal_(module.embedding.weight, std=0.1)
    model = SentenceTransformer(modules=[module], device="cpu")
    loss = MultipleNegativesRankingLoss(model, scale=recipe.scale)
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe.learning_rate, fused=True)
    steps = recipe.epochs * (len(material.pairs) // recipe.batch + 1)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, total_iters=steps)
    pieces = _Pieces(tokenizer, material.pairs)
    for step, batch in enumerate(_batches(material.pairs, recipe), 1):
        anchors, positives, _ = zip(*batch, strict=True)
        features = [pieces.features(side) for side in (anchors, positives)]
        optimizer.zero_grad()
        value = loss(features, torch.empty(0))
        value.backward()
        optimizer.step()
        schedule.step()
        if progress is not None:
            progress(min(1.0, step / steps))
    torch.set_num_threads(threads)
    model.save(str(target), create_model_card=False)


class _Pieces:
    """The pieces of every text, cut once: in every batch anew it would cost more than the rest."""

    def __init__(self, tokenizer: Tokenizer, pairs: Sequence[Pair]) -> None:
        texts = list(dict.fromkeys(text for pair in pairs for text in pair[:2]))
        cut = tokenizer.encode_batch(texts, add_special_tokens=False)
        self._ids = {
            text: np.array(encoding.ids, dtype=np.int64)
            for text, encoding in zip(texts, cut, strict=True)
        }

    def features(self, texts: Sequence[str]) -> dict[str, torch.Tensor]:
        """What ``StaticEmbedding.preprocess`` makes of ``texts``."""
        import torch

        ids = [self._ids[text] for text in texts]
        starts = np.cumsum([0, *(len(row) for row in ids[:-1])])
        return {
            "input_ids": torch.from_numpy(np.concatenate(ids)),
            "offsets": torch.from_numpy(starts),
        }


def _tokenizer(texts: Sequence[str], size: int) -> Tokenizer:
    from tokenizers import models, normalizers, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            *(normalizers.Replace(a, b) for a, b in _SPELLINGS),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Whitespace(), pre_tokenizers.Metaspace()]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=size, unk_token=_UNKNOWN, special_tokens=[_UNKNOWN], show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    # The trainer sums in the order of a randomly seeded hash table: the pieces are the same in every
    # run, their order and last digits are not.
    pieces = json.loads(tokenizer.to_str())["model"]["vocab"]
    scores = {piece: round(score, 3) for piece, score in pieces if piece != _UNKNOWN}
    ordered = sorted(scores.items(), key=lambda entry: (-entry[1], entry[0]))
    tokenizer.model = models.Unigram([(_UNKNOWN, 0.0), *ordered], unk_id=0)
    return tokenizer


_UNKNOWN = "<unk>"
_SPELLINGS = (("ä", "a"), ("ö", "o"), ("ü", "u"), ("ß", "ss"))


def _batches(pairs: Sequence[Pair], recipe: Recipe) -> Iterator[list[Pair]]:
    """Shuffled batches in which no place occurs twice (it would be a false negative)."""
    order = random.Random(recipe.seed)
    for _ in range(recipe.epochs):
        waiting = list(pairs)
        order.shuffle(waiting)
        while waiting:
            batch: list[Pair] = []
            seen: set[str] = set()
            left: list[Pair] = []
            for index, pair in enumerate(waiting):
                if pair.place in seen:
                    left.append(pair)
                    continue
                seen.add(pair.place)
                batch.append(pair)
                if len(batch) == recipe.batch:
                    left.extend(waiting[index + 1 :])
                    break
            waiting = left
            if len(batch) > 1:
                yield batch
