"""The arrows between packages, and each foreign library at its one edge (docs/aufbau.md)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

ALLOWED = {
    "corpus": {"corpus"},
    "ingest": {"corpus", "ingest"},
    "rag": {"corpus", "rag"},
    "service": {"corpus", "ingest", "rag", "service"},
    "eval": {"corpus", "rag", "eval"},
}
EDGES = {
    "chromadb": {"corpus/generation/vectors.py"},
    "bm25s": {"corpus/generation/lexical.py"},
    "Stemmer": {"corpus/generation/analysis.py"},
    "pypdf": {"ingest/documents/pdf.py"},
    "docx": {"ingest/documents/docx.py", "service/sheet_docx.py"},
    "typst": {"service/sheet_pdf.py"},
    "markdown_it": {"ingest/documents/markdown.py", "service/handbook_pages.py"},
    "torch": {"ingest/train.py"},
    "phonenumbers": {"rag/personal/numbers.py"},
    "stdnum": {"rag/personal/numbers.py"},
}
WITHIN = {"fastapi": ("service/", "eval/pages/"), "uvicorn": ("service/",)}
FILES = sorted(
    path.relative_to(CHECKOUT) for package in ALLOWED for path in (CHECKOUT / package).rglob("*.py")
)


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse((CHECKOUT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", FILES, ids=str)
def test_arrows_point_one_way(path: Path) -> None:
    package = path.parts[0]
    ours = {name.split(".")[0] for name in imports(path)} & ALLOWED.keys()
    assert ours <= ALLOWED[package], f"{path} imports {ours - ALLOWED[package]}"


@pytest.mark.parametrize("path", FILES, ids=str)
def test_foreign_libraries_stay_at_their_edge(path: Path) -> None:
    for name in imports(path):
        library = name.split(".")[0]
        if library in EDGES:
            assert path.as_posix() in EDGES[library], f"{path} imports {library}"
        if library in WITHIN:
            assert path.as_posix().startswith(WITHIN[library]), f"{path} imports {library}"


def test_llama_index_does_not_leak_into_the_core() -> None:
    users = {p.as_posix() for p in FILES if any(n.startswith("llama_index") for n in imports(p))}
    assert users <= {
        "rag/llama.py",
        "rag/generated/model.py",
        "ingest/nodes.py",
        "eval/baselines.py",
        "eval/embedding.py",
    }
