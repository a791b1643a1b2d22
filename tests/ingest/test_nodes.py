from __future__ import annotations

import pytest
from llama_index.core import Document

from ingest.nodes import MemoNodeParser, StatuteNodeParser
from tests.official import SMALL_LAWS


def test_a_statute_becomes_one_node_per_absatz() -> None:
    text = SMALL_LAWS["aufenthg_2004"].decode()
    nodes = StatuteNodeParser().get_nodes_from_documents(
        [Document(text=text, metadata={"slug": "aufenthg_2004"})]
    )
    assert [node.metadata["citation"] for node in nodes][:2] == [
        "§ 3 Abs. 1 AufenthG",
        "§ 5 Abs. 1 AufenthG",
    ]


def test_a_memo_becomes_one_node_per_section() -> None:
    document = Document(text="# A\n\nEins.\n\n## B\n\nZwei.", metadata={"id": "m", "title": "Memo"})
    nodes = MemoNodeParser().get_nodes_from_documents([document])
    assert [node.metadata["heading"] for node in nodes] == ["A", "B"]


def test_an_unlisted_law_is_refused() -> None:
    with pytest.raises(ValueError, match="bgb"):
        StatuteNodeParser().get_nodes_from_documents([Document(text="", metadata={"slug": "bgb"})])
