"""The pages of one draft: its text, the discussion of a provision or of all, its term."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.comments.queries import Discussion, discussion
from consult.consultations.actions import earliest_close
from consult.errors import NotFound
from consult.security import Db, Reader
from consult.site.cards import comment_card, term_card, type_name
from consult.site.law import contents_html, law_html
from consult.site.views import DraftPage, answers_to, draft_page
from consult.votes.rules import version_target
from consult.web import language_of, platform_of, render, wants_fragment
from drafts.queries import last_with, places, provision, provisions

router = APIRouter()

TextLang = Annotated[str, Query(alias="text", max_length=2)]
PREVIEW = 5  # comments shown beside the text before one asks for more


def draft_context(request: Request, page: DraftPage, tab: str) -> dict[str, Any]:
    """What the head of each of a draft's pages shows."""
    platform = platform_of(request)
    term = None
    if page.consultation:
        term = term_card(page.consultation, page.draft.stage, platform.pack, platform.clock())
    return {
        "page": page,
        "tab": tab,
        "term": term,
        "act_type": type_name(platform.pack, page.draft.act_type, language_of(request)),
        "draft_vote": page.my_votes.get(version_target(page.voted_version.id or 0), 0),
    }


def open_page(
    request: Request, session: Db, draft_id: int, actor: Actor, text: str = "", n: int | None = None
) -> DraftPage:
    """The draft as this reader sees it: in the language asked for, else in their own."""
    now = platform_of(request).clock()
    langs = (text, language_of(request))
    return draft_page(session, draft_id, actor, now, n=n, langs=langs)


@router.get("/drafts/{draft_id}")
def read(
    request: Request,
    session: Db,
    actor: Reader,
    draft_id: int,
    text: TextLang = "",
    version: Annotated[int | None, Query()] = None,
) -> Response:
    """The reading page: the text, its contents, and what is said about it as a whole."""
    page = open_page(request, session, draft_id, actor, text, version)
    rows = provisions(session, page.version.id or 0, page.lang)
    talk = discussion(session, draft_id, wid="", limit=PREVIEW)
    lang, zone = language_of(request), platform_of(request).pack.tz
    return render(
        request,
        "site/reading.html",
        law=law_html(rows, page, lang, zone),
        contents=contents_html(rows, page, lang, zone),
        **draft_context(request, page, "text"),
        **_talk_context(request, session, page, actor, "", talk),
    )


@router.get("/drafts/{draft_id}/provisions/{wid}")
def read_provision(
    request: Request,
    session: Db,
    actor: Reader,
    draft_id: int,
    wid: str,
    text: TextLang = "",
    sort: str = "newest",
    after: str = "",
    quote: str = "",
    quote_start: str = "",
) -> Response:
    """What is said about one provision, beside the text or as a page of its own."""
    page = open_page(request, session, draft_id, actor, text)
    row = provision(session, page.version.id or 0, page.lang, wid)
    if row is None:  # deleted since: what was said about it is read beside the text that had it
        n = last_with(session, [v.id or 0 for v in page.versions], wid)
        page = open_page(request, session, draft_id, actor, text, n)
        row = provision(session, page.version.id or 0, page.lang, wid)
    talk = discussion(session, draft_id, wid=wid, sort=sort, cursor=after)
    fragment = wants_fragment(request)
    context = _talk_context(request, session, page, actor, wid, talk)
    name = "site/_discussion.html" if fragment else "site/provision.html"
    if not fragment:
        context |= draft_context(request, page, "text")
    context |= {"page": page, "row": row, "quote": quote, "quote_start": quote_start}
    return render(request, name, **context)


@router.get("/drafts/{draft_id}/discussion")
def read_discussion(
    request: Request,
    session: Db,
    actor: Reader,
    draft_id: int,
    sort: str = "newest",
    after: str = "",
) -> Response:
    """Everything that is said about a draft, page by page."""
    page = open_page(request, session, draft_id, actor)
    talk = discussion(session, draft_id, sort=sort, cursor=after)
    return render(
        request,
        "site/discussion.html",
        **draft_context(request, page, "discussion"),
        **_talk_context(request, session, page, actor, None, talk),
    )


def _talk_context(
    request: Request, session: Db, page: DraftPage, actor: Actor, wid: str | None, talk: Discussion
) -> dict[str, Any]:
    answers = answers_to(session, talk)
    wids = [view.comment.wid for view in talk.comments if view.comment.wid]
    wids = wids if wid is None else [wid]
    named = places(session, page.version.id or 0, page.lang, wids) if any(wids) else {}
    lang = language_of(request)
    agency = page.agency.names.get(lang) or next(iter(page.agency.names.values()))
    return {
        "comments": [
            comment_card(
                view, answers, page.my_votes, agency=agency, places=named if wid is None else None
            )
            for view in talk.comments
        ],
        "older": talk.older,
        "sort": talk.sort,
        "wid": wid,
        "place": named.get(wid or "", ""),
        "row": None,
        "quote": "",
        "quote_start": "",
        "form": None,
        "limit": platform_of(request).settings.comment_max_chars,
        "can_comment": page.is_open and actor.may("comment"),
        "my_vote": page.my_votes.get(version_target(page.voted_version.id or 0, wid or ""), 0),
    }


@router.get("/drafts/{draft_id}/term")
def read_term(request: Request, session: Db, actor: Reader, draft_id: int) -> Response:
    """How the earliest lawful closing was computed, day by day."""
    page = open_page(request, session, draft_id, actor)
    if page.consultation is None:
        raise NotFound("There is no such discussion.")
    pack = platform_of(request).pack
    computation = earliest_close(pack, page.draft.act_type, page.consultation.opens_at)
    return render(
        request,
        "site/term.html",
        computation=computation,
        rule=pack.rules[computation.rule_code],
        **draft_context(request, page, "term"),
    )
