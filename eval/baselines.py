"""Two systems to beat: what a default llama-index pipeline does, and plain BM25."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.generation.analysis import Analyzer
from corpus.generation.encoder import Encoder
from corpus.generation.lexical import LexicalIndex
from corpus.models import NormRef, Passage
from eval.cases import Case
from eval.results import SystemSettings
from eval.systems import GivenAnswer, Ranking


class PlainBm25:
    """BM25 over the text of every Absatz: German stems, nothing curated, no references."""

    name = "bm25"
    names_absatz = True
    settings: SystemSettings | None = None

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.version = f"{len(passages)} Absätze"
        self._places = [passage.ref for passage in passages]
        self._analyzer = Analyzer(frozenset())
        self._index = LexicalIndex.build([self._analyzer.terms(p.text) for p in passages])

    def rank(self, case: Case, k: int) -> Ranking:
        """Best Absätze by BM25."""
        scores = self._index.scores(self._analyzer.terms(case.question))
        order = (-scores).argsort(kind="stable")[:k]
        places = (self._places[int(row)] for row in order if scores[row] > 0)
        return Ranking(tuple(place for place in places if place is not None))

    def answer(self, case: Case) -> GivenAnswer | None:  # noqa: ARG002
        """It only ranks."""
        return None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Where a norm stands in the file of its law."""

    start: int
    end: int
    norm: NormRef


class DefaultLlamaIndex:
    """SimpleDirectoryReader, SentenceSplitter and VectorStoreIndex as in llama-index's first steps.

    One text file per law, default chunk size, the same encoder as the system under test. A chunk
    that spans several norms counts as all of them, the longest stretch first.
    """

    name = "llama-index"
    names_absatz = False
    settings: SystemSettings | None = None

    def __init__(self, passages: Sequence[Passage], encoder: Encoder) -> None:
        from llama_index.core import SimpleDirectoryReader, VectorStoreIndex
        from llama_index.core.node_parser import SentenceSplitter
        from llama_index.core.schema import TextNode

        from eval.embedding import EncoderEmbedding

        with tempfile.TemporaryDirectory() as folder:
            self._stretches = _write_laws(passages, Path(folder))
            documents = SimpleDirectoryReader(folder).load_data()
        nodes = [
            node
            for node in SentenceSplitter().get_nodes_from_documents(documents)
            if isinstance(node, TextNode)
        ]
        self.version = f"{len(nodes)} Abschnitte"
        index = VectorStoreIndex(nodes, embed_model=EncoderEmbedding(encoder))
        self._retriever = index.as_retriever(similarity_top_k=20)

    def rank(self, case: Case, k: int) -> Ranking:
        """Norms of the nearest chunks."""
        ranking: list[NormRef] = []
        for hit in self._retriever.retrieve(case.question):
            name = str(hit.node.metadata["file_name"])
            start = getattr(hit.node, "start_char_idx", None)
            end = getattr(hit.node, "end_char_idx", None)
            if start is not None and end is not None:
                ranking += _norms_within(self._stretches[name], start, end)
        return Ranking(tuple(ranking[:k]))

    def answer(self, case: Case) -> GivenAnswer | None:  # noqa: ARG002
        """It only ranks; an answer would need a language model."""
        return None


def _write_laws(passages: Sequence[Passage], folder: Path) -> dict[str, list[_Stretch]]:
    """One plain text file per law; returns where each norm stands in its file."""
    texts: dict[str, list[str]] = {}
    lengths: dict[str, int] = {}
    stretches: dict[str, list[_Stretch]] = {}
    for passage in passages:
        ref = passage.ref
        if ref is None:
            continue
        name = f"{passage.source}.txt"
        own = stretches.setdefault(name, [])
        new = not own or own[-1].norm != ref.norm
        text = f"{passage.title}\n{passage.text}\n" if new else f"{passage.text}\n"
        start = lengths.get(name, 0)
        lengths[name] = start + len(text)
        texts.setdefault(name, []).append(text)
        if new:
            own.append(_Stretch(start, lengths[name], ref.norm))
        else:
            own[-1] = _Stretch(own[-1].start, lengths[name], ref.norm)
    for name, parts in texts.items():
        (folder / name).write_text("".join(parts), encoding="utf-8")
    return stretches


def _norms_within(stretches: Sequence[_Stretch], start: int, end: int) -> list[NormRef]:
    """Norms that a chunk touches, the longest stretch first."""
    overlaps = [
        (min(end, s.end) - max(start, s.start), s.norm)
        for s in stretches
        if s.start < end and start < s.end
    ]
    overlaps.sort(key=lambda overlap: -overlap[0])
    return [norm for _, norm in overlaps]
