"""Pages: one template environment a language, rendering, redirects, errors."""

import base64
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Match

from consult.access import VISITOR, Actor
from consult.errors import DomainError, SecondFactorNeeded
from consult.i18n.catalogues import choose_language
from consult.platform import Platform
from consult.templating import environment

FLASH_COOKIE = "flash"
LANG_COOKIE = "lang"


class SignInNeeded(DomainError):
    """A visitor asked for what only a signed-in person may do."""

    status = 401


def platform_of(request: Request) -> Platform:
    """The installation's parts."""
    platform: Platform = request.app.state.platform
    return platform


def actor_of(request: Request) -> Actor:
    """Who asks; a visitor on pages (such as an error) where nobody was identified."""
    actor: Actor = getattr(request.state, "actor", VISITOR)
    return actor


def language_of(request: Request) -> str:
    """The interface language: chosen and remembered, else the person's, else the browser's."""
    return choose_language(
        request.cookies.get(LANG_COOKIE, ""),
        actor_of(request).lang,
        request.headers.get("accept-language", ""),
        default=platform_of(request).settings.default_lang,
    )


def template_text(request: Request, name: str, **context: Any) -> str:
    """A template filled in, as text."""
    platform = platform_of(request)
    env = environment(language_of(request), ZoneInfo(platform.pack.timezone))
    return env.get_template(name).render(
        actor=actor_of(request),
        path=request.url.path,
        query=request.url.query,
        flash=_read_flash(request),
        development=not platform.settings.is_production,
        eid=platform.settings.eid_name,
        esign=platform.settings.esign_name,
        pack=platform.pack,
        now=platform.clock(),
        **context,
    )


def render(request: Request, name: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page or a fragment of one. Shown messages are forgotten."""
    response = HTMLResponse(template_text(request, name, **context), status_code=status)
    response.headers["Vary"] = "Cookie, Accept-Language, HX-Request"
    if FLASH_COOKIE in request.cookies:
        response.delete_cookie(FLASH_COOKIE)
    return response


def wants_fragment(request: Request) -> bool:
    """Whether htmx asks for a piece of the page rather than the whole."""
    return (
        request.headers.get("hx-request") == "true"
        and request.headers.get("hx-history-restore-request") != "true"
    )


def local_path(wish: str, default: str = "/") -> str:
    """A path on this site to go to next; anything that could lead elsewhere is not followed."""
    safe = wish.startswith("/") and not wish.startswith(("//", "/\\")) and wish.isprintable()
    return wish if safe and "\\" not in wish else default


def page_at(request: Request, path: str) -> str:
    """The path itself if there is a page to read, else the nearest one above it.

    What is only posted to ("/drafts/1/comments") cannot be gone to.
    """
    wish, _, query = path.partition("?")
    while wish != "/":
        scope = {**request.scope, "method": "GET", "path": wish}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes):
            return f"{wish}?{query}" if query else wish
        wish, query = wish.rsplit("/", 1)[0] or "/", ""
    return path if path.startswith("/?") else "/"


def go(url: str, message: str = "") -> RedirectResponse:
    """After a change: on to a page (303), with a message to show there."""
    response = RedirectResponse(url, status_code=303)
    if message:
        packed = base64.urlsafe_b64encode(message.encode()).decode()
        response.set_cookie(FLASH_COOKIE, packed, max_age=60, httponly=True, samesite="lax")
    return response


def _read_flash(request: Request) -> list[str]:
    try:
        packed = request.cookies.get(FLASH_COOKIE, "")
        return [base64.urlsafe_b64decode(packed).decode()] if packed else []
    except ValueError:
        return []


def is_for_programs(request: Request) -> bool:
    """Whether nobody reads what is answered here, as a page."""
    return request.url.path.startswith("/api/") or request.url.path == "/oembed"


def show_error(request: Request, error: DomainError) -> Response:
    """A domain error as the kind of answer that was asked for: JSON, a fragment or a page."""
    if is_for_programs(request):
        return problem(error.status, str(error), error.field)
    if isinstance(error, SignInNeeded):
        return _by_way_of(request, "/sign-in", "Please sign in first.")
    if isinstance(error, SecondFactorNeeded):
        return _by_way_of(request, "/second-factor")
    if request.url.path.endswith(".json"):
        return JSONResponse({"error": str(error)}, status_code=error.status)
    name = "errors/_alert.html" if wants_fragment(request) else "errors/error.html"
    return render(request, name, status=error.status, error=error)


def problem(
    status: int, detail: str, field: str | None = None, errors: Sequence[Mapping[str, str]] = ()
) -> Response:
    """What a program is told instead of what it asked for (RFC 9457), in English, on any site."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    told |= {"detail": detail} | ({"field": field} if field else {})
    told |= {"errors": [*errors]} if errors else {}  # each with its field and detail
    return JSONResponse(
        told,
        status_code=status,
        media_type="application/problem+json",
        headers={"Access-Control-Allow-Origin": "*"}
        | ({"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}),
    )


def show_broken(request: Request) -> Response:
    """What is shown when nobody foresaw what went wrong: needs neither database nor actor."""
    if is_for_programs(request):
        return problem(500, "Something broke here. It is not your fault.")
    env = environment(language_of(request), ZoneInfo(platform_of(request).pack.timezone))
    return HTMLResponse(env.get_template("errors/broken.html").render(), status_code=500)


def _by_way_of(request: Request, path: str, message: str = "") -> Response:
    """To a page that leads back here; from a form, to the page it stood on."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method not in {"GET", "HEAD"}:
        here = "/" + request.headers.get("referer", "").partition("://")[2].partition("/")[2]
    target = str(request.url.replace(path=path, query="").include_query_params(next=here))
    target = target[len(f"{request.url.scheme}://{request.url.netloc}") :]
    if wants_fragment(request):
        return Response(headers={"HX-Redirect": target}, status_code=401)
    return go(target, message)
