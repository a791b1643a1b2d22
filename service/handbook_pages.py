"""The handbook: Markdown of ``docs/handbuch`` as pages, so that each page can link its part."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse
from markdown_it import MarkdownIt
from starlette.exceptions import HTTPException

from service.rendering import render_page

HANDBOOK = Path(__file__).parent.parent / "docs" / "handbuch"
_FIRST = "index"

router = APIRouter(prefix="/hilfe", include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the handbook."""

    name: str
    """Of its file, without the ending."""
    title: str
    html: str
    """Made from Markdown without any markup of its own."""


@lru_cache(maxsize=1)
def parts() -> dict[str, Part]:
    """Name -> part, in the order in which the first part links them; the others follow."""
    found = {path.stem: _part(path) for path in sorted(HANDBOOK.glob("*.md"))}
    first = found.get(_FIRST)
    linked = first.html if first else ""
    return dict(sorted(found.items(), key=lambda item: _place(item[0], linked)))


def _place(name: str, linked: str) -> tuple[bool, int]:
    where = linked.find(f'href="/hilfe/{name}"')
    return name != _FIRST, where if where >= 0 else len(linked)


def _part(path: Path) -> Part:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(path.read_text(encoding="utf-8"))
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open":
                child.attrs["href"] = _address(str(child.attrs["href"]))
            elif child.type == "image":
                child.attrs |= _image(str(child.attrs["src"]))
    title = next(t.content for t in tokens if t.type == "inline")
    return Part(path.stem, title, markdown.renderer.render(tokens, markdown.options, {}))


def _image(source: str) -> dict[str, str | int]:
    """A picture's address, and its size in pixels, so that nothing moves when it arrives."""
    # A PNG file says its width and height there (RFC 2083, 4.1.1).
    width, height = struct.unpack(">II", (HANDBOOK / source).read_bytes()[16:24])
    return {"src": f"/hilfe/{source}", "width": width, "height": height, "loading": "lazy"}


def _address(href: str) -> str:
    """Links between the files lead to their pages; a page of the service stays as it is."""
    name, ending, anchor = href.partition(".md")
    return f"/hilfe/{name}{anchor}" if ending and "/" not in name else href


@router.get("", response_class=HTMLResponse)
def start(request: Request) -> HTMLResponse:
    """The first part, with links to all others."""
    return part_page(request, _FIRST)


@router.get("/bilder/{name}")
def picture(name: str) -> FileResponse:
    """A picture of the handbook."""
    path = HANDBOOK / "bilder" / name
    if "/" in name or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path)


@router.get("/{name}", response_class=HTMLResponse)
def part_page(request: Request, name: str) -> HTMLResponse:
    """One part."""
    part = parts().get(name)
    if part is None:
        raise HTTPException(404)
    return render_page(request, "handbook.html", {"part": part, "parts": parts().values()})
