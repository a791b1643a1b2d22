"""Fundstelle inside llama-index, as docs/llama-index.md shows it."""

from __future__ import annotations

from rag.engine import Fundstelle
from rag.llama import FundstelleQueryEngine, FundstelleRetriever


def test_the_retriever_gives_nodes_with_citations(fundstelle: Fundstelle) -> None:
    nodes = FundstelleRetriever(fundstelle, k=3).retrieve("Was regelt § 45 AufenthV?")
    assert len(nodes) == 3
    assert nodes[0].node.metadata["citation"] == "§ 45 AufenthV"
    assert "100 Euro" in nodes[0].node.get_content()


def test_the_query_engine_answers_with_sources(fundstelle: Fundstelle) -> None:
    response = FundstelleQueryEngine(fundstelle).query("§ 16b Abs. 3 AufenthG Tage Arbeit")
    assert "140 Tagen" in str(response)
    assert "(§ 16b Abs. 3 Satz 1 AufenthG)" in str(response)
    assert response.source_nodes[0].node.metadata["citation"] == "§ 16b Abs. 3 AufenthG"
