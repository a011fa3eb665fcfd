"""Pages: one template environment a language, rendering, redirects, errors."""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from consult.access import VISITOR, Actor
from consult.db import text_in
from consult.errors import DomainError
from consult.i18n.catalogues import LANGUAGES, LOCALES, choose_language, translations
from consult.platform import Platform
from consult.procedure.duties import Names

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "static"
FLASH_COOKIE = "flash"
LANG_COOKIE = "lang"


class SignInNeeded(DomainError):
    """A visitor asked for what only a signed-in person may do."""

    status = 401


@lru_cache(maxsize=256)
def static_url(name: str) -> str:
    """The address of a file under static/, changing with its content so that it may be cached."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


@lru_cache(maxsize=4096)
def _date(value: date, locale: str, zone: ZoneInfo, form: str) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(zone).date()
    return format_date(value, format=form, locale=locale)


@lru_cache(maxsize=4096)
def _datetime(value: datetime, locale: str, zone: ZoneInfo) -> str:
    return format_datetime(value, format="medium", tzinfo=zone, locale=locale).removesuffix(":00")


@lru_cache(maxsize=4096)
def _moment(value: datetime, locale: str, zone: ZoneInfo) -> str:
    day = format_date(value.astimezone(zone).date(), format="long", locale=locale)
    return f"{day}, {value.astimezone(zone):%H:%M}"


def _name(names: Mapping[str, Any] | Names, lang: str) -> str:
    """A name in the language of the interface: of an agency, a draft, a kind of act."""
    return names.in_language(lang) if isinstance(names, Names) else text_in(dict(names), lang)[0]


@pass_context
def _say(context: Context, message: str, params: Mapping[str, object] | None = None) -> str:
    """Translate a message that came from the code with its values, such as an error's."""
    return str(context.environment.globals["translate"](message)).format(**(params or {}))  # type: ignore[operator]


@lru_cache(maxsize=8)
def environment(lang: str, zone: ZoneInfo) -> Environment:
    """The templates in one language; built once, since gettext is bound at compile time."""
    env = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=lambda name: not (name or "").endswith(".txt"),  # mails in plain text
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    catalogue = translations(lang)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        catalogue.gettext, catalogue.ngettext, newstyle=True
    )
    locale = LOCALES[lang]
    env.globals.update(
        lang=lang, languages=LANGUAGES, static=static_url, translate=catalogue.gettext
    )
    env.filters.update(
        date=partial(_date, locale=locale, zone=zone, form="long"),
        short_date=partial(_date, locale=locale, zone=zone, form="medium"),
        weekday=partial(_date, locale=locale, zone=zone, form="full"),
        datetime=partial(_moment, locale=locale, zone=zone),
        number=lambda value: format_decimal(value, locale=locale),
        name=lambda names: _name(names, lang),
        local=lambda names: text_in(names, lang),
        say=_say,
        tojson_text=lambda value: Markup.escape(json.dumps(value, ensure_ascii=False)),
    )
    return env


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


def show_error(request: Request, error: DomainError) -> Response:
    """A domain error as the kind of answer that was asked for: JSON, a fragment or a page."""
    if isinstance(error, SignInNeeded):
        return _to_sign_in(request)
    if request.url.path.endswith(".json") or request.url.path.startswith("/api/"):
        return JSONResponse({"error": str(error)}, status_code=error.status)
    name = "errors/_alert.html" if wants_fragment(request) else "errors/error.html"
    return render(request, name, status=error.status, error=error)


def _to_sign_in(request: Request) -> Response:
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.method not in {"GET", "HEAD"}:
        here = "/" + request.headers.get("referer", "").partition("://")[2].partition("/")[2]
    target = str(request.url.replace(path="/sign-in", query="").include_query_params(next=here))
    target = target[len(f"{request.url.scheme}://{request.url.netloc}") :]
    if wants_fragment(request):
        return Response(headers={"HX-Redirect": target}, status_code=401)
    return go(target, "Please sign in first.")
