"""Our way of cutting statutes and memos, as llama-index node parsers for other pipelines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from llama_index.core.node_parser import NodeParser
from llama_index.core.schema import BaseNode, MetadataMode, TextNode

from corpus.laws import known_laws
from corpus.models import Audience, Kind, Memo, MemoMeta, MemoStatus, Passage
from ingest.documents.markdown import markdown_sections
from ingest.gii import parse_law
from ingest.passages import memo_passages, norm_passages
from ingest.references import Outline, ReferenceFinder


class StatuteNodeParser(NodeParser):
    """Documents with official XML as text and ``slug`` in the metadata become one node per Absatz."""

    def _parse_nodes(
        self,
        nodes: Sequence[BaseNode],
        show_progress: bool = False,  # noqa: ARG002
        **kwargs: Any,  # noqa: ANN401, ARG002
    ) -> list[BaseNode]:
        return [node for document in nodes for node in _statute(document)]


class MemoNodeParser(NodeParser):
    """Markdown documents (metadata: ``id``, ``title``) become one node per section."""

    def _parse_nodes(
        self,
        nodes: Sequence[BaseNode],
        show_progress: bool = False,  # noqa: ARG002
        **kwargs: Any,  # noqa: ANN401, ARG002
    ) -> list[BaseNode]:
        return [node for document in nodes for node in _memo(document)]


def _statute(document: BaseNode) -> Iterable[TextNode]:
    law = known_laws().with_slug(str(document.metadata["slug"]))
    if law is None:
        raise ValueError(f"not a law of the list: {document.metadata['slug']!r}")
    text = parse_law(document.get_content(metadata_mode=MetadataMode.NONE).encode(), law)
    outline = Outline(None)
    outline.add(text)
    references = ReferenceFinder(outline)
    for norm in text.norms:
        for passage in norm_passages(norm, law, references):
            yield _node(replace(passage, valid_from=text.built_on))


def _memo(document: BaseNode) -> Iterable[TextNode]:
    title = str(document.metadata["title"])
    meta = MemoMeta(
        id=str(document.metadata["id"]),
        title=title,
        kind=Kind.MEMO,
        unit="",
        author_role="",
        approved_on=None,
        review_by=None,
        audience=Audience.INTERNAL,
        status=MemoStatus.CURRENT,
        stand=None,
    )
    sections = markdown_sections(document.get_content(metadata_mode=MetadataMode.NONE))
    for passage in memo_passages(Memo(meta, sections, title), ReferenceFinder(Outline(None))):
        yield _node(passage)


def _node(passage: Passage) -> TextNode:
    return TextNode(
        id_=passage.id,
        text=passage.text,
        metadata={
            "citation": passage.citation,
            "law": passage.law,
            "number": passage.number,
            "absatz": passage.absatz,
            "heading": passage.heading,
            "source": passage.source,
        },
    )
