"""The page of one agency, with its Follow button and what its own site may show of it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from consult.accounts.agencies.queries import agency_page
from consult.db import text_in
from consult.i18n.catalogues import translations
from consult.questions.queries import asked_of
from consult.security import Db, Reader
from consult.site.feeds import base_of
from consult.site.framing import AGENCY, snippet
from consult.site.linked import agency_data
from consult.site.oembed import discovery
from consult.web import language_of, platform_of, render
from notifications.followed import is_following

router = APIRouter()


@router.get("/agencies/{code}")
def read_agency(request: Request, session: Db, actor: Reader, code: str) -> Response:
    """One agency: its names, whom it took over from, who took over from it."""
    page = agency_page(session, code)
    target = f"agency:{page.agency.id}"
    following = target if is_following(session, actor, target) else ""
    base_url, lang = base_of(request), language_of(request)
    own, embed = f"/agencies/{page.agency.code}", f"/embed/agency/{page.agency.code}?lang={lang}"
    title = text_in(page.agency.names, lang)[0]
    return render(
        request,
        "agencies/agency.html",
        page=page,
        target=target,
        following=following,
        canonical=base_url + own,
        embed=embed,
        snippet=snippet(base_url + embed, base_url + own, title, AGENCY.height),
        oembed=discovery(base_url, own, lang),
        asked=asked_of(session, page.agency.id or 0, platform_of(request).clock()),
        linked_data=agency_data(page, base_url, lang, translations(lang).gettext("Agencies")),
    )
