"""Pages for the frames of other sites: the board of an agency, the state of one draft.

They set no cookie, hold no form and need no script; nothing else of this site can be framed.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from consult.access import VISITOR
from consult.accounts.models import Agency
from consult.accounts.queries import agency_by_code
from consult.files import unless_known
from consult.i18n.catalogues import choose_language
from consult.law.queries import law_of
from consult.security import Db, Reader
from consult.site.board import board_of, held
from consult.site.cards import type_name
from consult.statistics.metrics import metrics
from consult.templating import environment
from consult.web import platform_of
from drafts.queries import draft_for

router = APIRouter()

FRAMED = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors *",
    )
)
Lang = Annotated[str, Query(max_length=2)]


@router.get("/embed/agency/{code}")
def agency_widget(
    request: Request, session: Db, _actor: Reader, code: str, lang: Lang = ""
) -> Response:
    """What an agency plans, asks and answered, to be shown on its own site."""
    platform = platform_of(request)
    law = law_of(session, platform.pack)
    board = board_of(session, agency_by_code(session, code), law, platform.clock())
    return _framed(request, lang, "embed/agency.html", board=board, metrics=metrics())


@router.get("/embed/draft/{draft_id}")
def draft_widget(
    request: Request, session: Db, _actor: Reader, draft_id: int, lang: Lang = ""
) -> Response:
    """One draft that everybody may see: where it stands, and until when comments are taken."""
    platform = platform_of(request)
    law, draft = law_of(session, platform.pack), draft_for(session, draft_id, VISITOR)
    spoken = _spoken(request, lang)
    return _framed(
        request,
        lang,
        "embed/draft.html",
        draft=draft,
        agency=session.get_one(Agency, draft.agency_id),
        act_type=type_name(platform.pack, draft.act_type, spoken),
        held=held(session, draft, law, platform.clock()),
    )


def _spoken(request: Request, wish: str) -> str:
    """The language asked for in the address, else the browser's: no cookie is read."""
    heard = request.headers.get("accept-language", "")
    return choose_language(wish, heard, default=platform_of(request).settings.default_lang)


def _framed(request: Request, lang: str, name: str, **context: Any) -> Response:
    """A page that any site may frame, unless the browser has it already."""
    env = environment(_spoken(request, lang), platform_of(request).pack.tz)
    content = env.get_template(name).render(**context).encode()
    headers = {
        "Cache-Control": "public, max-age=300",
        "Content-Security-Policy": FRAMED,
        "Vary": "Accept-Language",
    }
    return unless_known(request, content, "text/html; charset=utf-8", headers)
