"""The pages of one draft: its text, the discussion of a provision or of all, its term."""

from typing import Annotated, Any
from urllib.parse import quote as quoted

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.anchors.queries import moved_here
from consult.anchors.rules import with_marks
from consult.comments.queries import Discussion, discussion
from consult.consultations.actions import earliest_close
from consult.errors import NotFound
from consult.security import Db, Reader
from consult.site.anchors import anchors_of
from consult.site.cards import comment_card, term_card, type_name
from consult.site.law import Wish, open_text, read_text, row_html
from consult.site.views import DraftPage, answers_to, draft_page, votes_on
from consult.web import go, language_of, platform_of, render, wants_fragment
from drafts.queries import last_with, provision

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
    }


def open_page(
    request: Request, session: Db, draft_id: int, actor: Actor, text: str = "", n: int | None = None
) -> DraftPage:
    """The draft as this reader sees it: in the language asked for, else in their own."""
    now = platform_of(request).clock()
    langs = (text, language_of(request))
    return draft_page(session, draft_id, actor, now, n=n, langs=langs)


async def wish(
    part: Annotated[int, Query(ge=1, le=9999)] = 1,
    at: str = "",
    beside: Annotated[str, Query(max_length=2)] = "",
    everything: Annotated[bool, Query(alias="all")] = False,
) -> Wish:
    """What of a text the address asks for."""
    return Wish(part=part, at=at, beside=beside, everything=everything)


@router.get("/drafts/{draft_id}")
def read(
    request: Request,
    session: Db,
    actor: Reader,
    draft_id: int,
    wanted: Annotated[Wish, Depends(wish)],
    text: TextLang = "",
    version: Annotated[int | None, Query()] = None,
) -> Response:
    """The reading page: the text, its contents, and what is said about it as a whole.

    Of a long text one part; asked by htmx, the next part alone, to be appended.
    """
    page = open_page(request, session, draft_id, actor, text, version)
    whole = open_text(session, page, wanted.beside)
    if wanted.at and not whole.has(wanted.at):  # deleted since: its own page shows it as it was
        return go(f"/drafts/{draft_id}/provisions/{quoted(wanted.at)}?text={page.lang}")
    lang, zone = language_of(request), platform_of(request).pack.tz
    fragment = wants_fragment(request)
    context: dict[str, Any] = {
        "reading": read_text(session, whole, wanted, lang, zone),
        "asked": whole.asked,
        "page": page,
        "fragment": fragment,
    }
    if fragment:
        return render(request, "site/_part.html", **context)
    talk = discussion(session, draft_id, wid="", limit=PREVIEW)
    context |= draft_context(request, page, "text")
    context |= _talk_context(request, session, page, actor, "", talk)
    base_url = platform_of(request).settings.base_url.rstrip("/")
    return render(request, "site/reading.html", base_url=base_url, **context)


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
    also = moved_here(page.version.id or 0, wid) if page.version.n > 1 else None
    talk = discussion(session, draft_id, wid=wid, also=also, sort=sort, cursor=after)
    fragment = wants_fragment(request)
    context = _talk_context(request, session, page, actor, wid, talk)
    name = "site/_discussion.html" if fragment else "site/provision.html"
    if not fragment:
        context |= draft_context(request, page, "text")
        zone = platform_of(request).pack.tz
        context["in_table"] = (
            row_html(session, row, language_of(request), zone)
            if row is not None and row.kind == "row"
            else ""
        )
    context |= {"page": page, "row": row, "quote": quote, "quote_start": quote_start}
    context["marked"] = with_marks(row.text if row else "", context["spans"])
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
    wids = [view.comment.wid for view in talk.comments] if wid is None else [wid]
    anchors = anchors_of(session, page, talk.comments, wids)
    lang = language_of(request)
    agency = page.agency.names.get(lang) or next(iter(page.agency.names.values()))
    return {
        "comments": [
            comment_card(
                view,
                answers,
                page.my_votes,
                agency=agency,
                places=anchors.places if wid is None else None,
                anchors=anchors,
            )
            for view in talk.comments
        ],
        "older": talk.older,
        "sort": talk.sort,
        "wid": wid,
        "place": anchors.places.get(wid or "", ""),
        "row": None,
        "quote": "",
        "quote_start": "",
        "form": None,
        "limit": platform_of(request).settings.comment_max_chars,
        "can_comment": page.is_open and actor.may("comment"),
        "given": votes_on(session, page, wid or ""),
        "spans": anchors.spans(wid or "", [view.comment for view in talk.comments if wid]),
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
