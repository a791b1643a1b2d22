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

from tokenizers import Tokenizer

DIMENSIONS = 256
"""Chosen in the trial (docs/adr/0004): 128 loses recall, 512 only time."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights besides the material."""

    dimensions: int = DIMENSIONS
    vocabulary: int = 20_000
    epochs: int = 6
    batch: int = 256
    learning_rate: float = 0.02
    scale: float = 20.0
    seed: int = 20250305

    def digest(self, material: TrainingMaterial) -> str:
        """Short name of the encoder that this recipe makes of ``material``."""
        parts = repr((sorted(asdict(self).items()), material.texts, material.pairs))
        return hashlib.sha256(parts.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class TrainingMaterial:
    """What the encoder learns from."""

    texts: tuple[str, ...]
    """Everything the tokenizer must be able to write."""
    pairs: tuple[tuple[str, str], ...]
    """(anchor, positive): texts that belong together."""


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
    optimizer = torch.optim.Adam(model.parameters(), lr=recipe.learning_rate)
    steps = recipe.epochs * (len(material.pairs) // recipe.batch + 1)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, total_iters=steps)
    for step, batch in enumerate(_batches(material.pairs, recipe), 1):
        anchors, positives = zip(*batch, strict=True)
        features = [module.preprocess(list(side)) for side in (anchors, positives)]
        optimizer.zero_grad()
        value = loss(features, torch.empty(0))
        value.backward()
        optimizer.step()
        schedule.step()
        if progress is not None:
            progress(min(1.0, step / steps))
    torch.set_num_threads(threads)
    model.save(str(target), create_model_card=False)


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


def _batches(pairs: Sequence[tuple[str, str]], recipe: Recipe) -> Iterator[list[tuple[str, str]]]:
    """Shuffled batches in which no text occurs twice (a duplicate would be a false negative)."""
    order = random.Random(recipe.seed)
    for _ in range(recipe.epochs):
        waiting = list(pairs)
        order.shuffle(waiting)
        while waiting:
            batch: list[tuple[str, str]] = []
            seen: set[str] = set()
            left: list[tuple[str, str]] = []
            for index, (anchor, positive) in enumerate(waiting):
                if anchor in seen or positive in seen:
                    left.append((anchor, positive))
                    continue
                seen.update((anchor, positive))
                batch.append((anchor, positive))
                if len(batch) == recipe.batch:
                    left.extend(waiting[index + 1 :])
                    break
            waiting = left
            if len(batch) > 1:
                yield batch
