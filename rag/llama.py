"""Fundstelle inside llama-index: a retriever and a query engine for anybody's own application.

>>> from rag.llama import FundstelleQueryEngine, FundstelleRetriever   # doctest: +SKIP
>>> retriever = FundstelleRetriever(fundstelle, k=5)                    # doctest: +SKIP
>>> retriever.retrieve("Nebenjob im Studium")[0].metadata["citation"]  # doctest: +SKIP
'§ 16b Abs. 3 AufenthG'
>>> print(FundstelleQueryEngine(fundstelle).query("Nebenjob im Studium"))  # doctest: +SKIP
"""

from __future__ import annotations

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from corpus.models import Audience, Passage
from rag.answer import Answer
from rag.engine import Fundstelle


class FundstelleRetriever(BaseRetriever):
    """Ranked passages as llama-index nodes; the metadata carries the citation and the place."""

    def __init__(
        self, fundstelle: Fundstelle, k: int = 10, audience: Audience | None = None
    ) -> None:
        super().__init__()
        self._fundstelle = fundstelle
        self._k = k
        self._audience = audience

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        result = self._fundstelle.search(query_bundle.query_str, k=self._k, audience=self._audience)
        return [NodeWithScore(node=_node(hit.passage), score=hit.score) for hit in result.hits]


class FundstelleQueryEngine(BaseQueryEngine):
    """The extractive answer as a llama-index query engine; the quotes' passages are its sources."""

    def __init__(self, fundstelle: Fundstelle, audience: Audience | None = None) -> None:
        super().__init__(callback_manager=CallbackManager([]))
        self._fundstelle = fundstelle
        self._audience = audience

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        answer = self._fundstelle.ask(query_bundle.query_str, audience=self._audience)
        cited = {id_ for statement in answer.statements for id_ in statement.citations}
        return Response(
            response=_text(answer),
            source_nodes=[
                NodeWithScore(node=_node(shown.passage), score=None)
                for shown in answer.passages
                if shown.passage.id in cited
            ],
            metadata={"outcome": answer.outcome.value, "corpus_version": answer.corpus_version},
        )

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return self._query(query_bundle)


def _text(answer: Answer) -> str:
    if not answer.statements:
        return answer.message
    return "\n".join(f"„{s.text}“ ({s.pinpoint})" for s in answer.statements)


def _node(passage: Passage) -> TextNode:
    """A passage as a node; the metadata keys are those of the HTTP contract."""
    return TextNode(
        id_=passage.id,
        text=passage.text,
        metadata={
            "kind": passage.kind.value,
            "law": passage.law,
            "number": passage.number,
            "absatz": passage.absatz,
            "heading": passage.heading,
            "title": passage.title,
            "citation": passage.citation,
            "url": passage.url,
            "stand": passage.stand,
        },
    )
