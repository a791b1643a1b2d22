"""The look a person chose: light, dark, high contrast, or as the device has it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from service.forms import Form, own_path

COOKIE = "fundstelle_darstellung"
_ONE_YEAR = 365 * 24 * 3600  # seconds

router = APIRouter(include_in_schema=False)


class Theme(StrEnum):
    """The looks on offer; the value stands in the cookie and on the page's root element."""

    DEVICE = "geraet"
    LIGHT = "hell"
    DARK = "dunkel"
    CONTRAST = "kontrast"


THEME_NAMES = {
    Theme.DEVICE: "Wie das Gerät",
    Theme.LIGHT: "Hell",
    Theme.DARK: "Dunkel",
    Theme.CONTRAST: "Hoher Kontrast",
}


def theme_of(name: str) -> Theme:
    """The look of that name; as the device has it for any other."""
    return Theme(name) if name in tuple(Theme) else Theme.DEVICE


def theme_values(request: Request) -> dict[str, Any]:
    """What the base template needs: the look, and those on offer."""
    return {"theme": theme_of(request.cookies.get(COOKIE, "")), "themes": THEME_NAMES}


@router.post("/darstellung")
def choose(request: Request, form: Form) -> Response:
    """Remember the choice on this device for a year, and go back; it needs no script.

    Where to is told by the browser: a field of the form would repeat the question on the page.
    """
    before = urlsplit(request.headers.get("referer", ""))
    back = before._replace(scheme="", netloc="").geturl()
    own = before.netloc == request.headers.get("host")
    answer = RedirectResponse(own_path(back) if own else "/", status_code=303)
    theme = theme_of(form.get("darstellung", ""))
    secure = request.url.scheme == "https"
    answer.set_cookie(
        COOKIE, theme, max_age=_ONE_YEAR, httponly=True, samesite="lax", secure=secure
    )
    return answer
