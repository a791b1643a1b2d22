"""Who may change something: a person at this machine who knows the token of this process."""

from __future__ import annotations

import hmac
import ipaddress
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.errors import AdminRequired
from service.forms import Form, own_path
from service.rendering import render_page

COOKIE = "fundstelle_admin"
HEADER = "X-Admin-Token"
HOME = "/verwaltung"
LOGIN = f"{HOME}/anmelden"
LOGOUT = f"{HOME}/abmelden"

router = APIRouter(include_in_schema=False)


def require_admin(request: Request) -> None:
    """Dependency: let only an administrator pass; raises :class:`service.errors.AdminRequired`.

    A request from another machine is refused whatever it knows. A cookie counts for a changing
    request only from a page of ours: SameSite=Strict and the Origin keep other sites out.
    """
    _require_this_machine(request)
    header = request.headers.get(HEADER)
    if header is not None:
        if not _is_token(request, header):
            raise AdminRequired.unknown()
        return
    if not _is_token(request, request.cookies.get(COOKIE, "")):
        raise AdminRequired.unknown()
    if request.method not in ("GET", "HEAD"):
        _require_own_page(request)


Admin = Depends(require_admin)


def is_admin(request: Request) -> bool:
    """Whether to offer what only an administrator may do."""
    try:
        require_admin(request)
    except AdminRequired:
        return False
    return True


@router.get(LOGIN, response_class=HTMLResponse)
def login_page(request: Request, weiter: str = HOME) -> HTMLResponse:
    """Ask for the token."""
    _require_this_machine(request)
    return render_page(request, "login.html", {"weiter": own_path(weiter)})


@router.post(LOGIN)
def login(request: Request, form: Form) -> Response:
    """Remember the token in a cookie that no script and no other site can use."""
    _require_this_machine(request)
    _require_own_page(request)
    onward = own_path(form.get("weiter", ""))
    token = form.get("token", "")
    if not _is_token(request, token):
        wrong: dict[str, object] = {
            "weiter": onward,
            "problem": "Dieses Kennwort ist nicht richtig.",
        }
        return render_page(request, "login.html", wrong, 401)
    answer = RedirectResponse(onward, status_code=303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure)
    return answer


@router.post(LOGOUT)
def logout(request: Request) -> Response:
    """Forget the cookie."""
    _require_own_page(request)
    answer = RedirectResponse("/", status_code=303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


def _is_token(request: Request, given: str) -> bool:
    """Compare in constant time."""
    expected: str = request.app.state.admin_token
    return hmac.compare_digest(given.encode(), expected.encode())


def _require_this_machine(request: Request) -> None:
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError as error:
        raise AdminRequired.elsewhere() from error
    mapped = getattr(address, "ipv4_mapped", None)
    if not (mapped or address).is_loopback:
        raise AdminRequired.elsewhere()


def _require_own_page(request: Request) -> None:
    """A browser names the page that a form was sent from."""
    origin = urlsplit(request.headers.get("origin", ""))
    if (origin.scheme, origin.netloc) != (request.url.scheme, request.headers.get("host", "")):
        raise AdminRequired.foreign_page()
