"""Forms of our pages: their fields, and where they may lead."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

# Bytes; the longest form of ours holds a reason of a few lines.
_LARGEST_FORM = 64 * 1024


async def form_fields(request: Request) -> dict[str, str]:
    """Dependency: the fields of a submitted form, white space around them trimmed."""
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > _LARGEST_FORM:
            raise HTTPException(413)
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: value.strip() for name, value in pairs}


Form = Annotated[dict[str, str], Depends(form_fields)]


def own_path(address: str) -> str:
    """``address`` if it is a path of this service, else its start page."""
    parts = urlsplit(address)
    own = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if own and not parts.netloc and address.isprintable() else "/"
