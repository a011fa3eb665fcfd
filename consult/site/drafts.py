"""The pages of one draft: its text, the discussion of a provision or of all, its term."""

from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import quote as quoted
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from consult.access import Actor
from consult.adoption.models import ActOutcome
from consult.adoption.practice.queries import by_place
from consult.adoption.queries import Narrowed, ProblemView, outcome_of, problems
from consult.anchors.queries import moved_here
from consult.anchors.rules import with_marks
from consult.campaigns.queries import counts
from consult.comments.queries import Discussion, count_kinds, discussion
from consult.comments.rules import KINDS
from consult.consultations.actions import earliest_close
from consult.consultations.queries import extensions_of
from consult.consultations.rules import falls_short
from consult.errors import NotFound
from consult.hearings.queries import coming_about
from consult.law.calculator import trace_days
from consult.law.queries import confirmation_of, law_of
from consult.plans.queries import announced
from consult.polls.queries import count_questions
from consult.procedure.deadlines import local_day
from consult.procedure.stages import Stage, Verb, allows
from consult.proposals.queries import began
from consult.security import Db, Reader
from consult.site.anchors import Anchors, anchors_of
from consult.site.cards import comment_card, term_card, type_name
from consult.site.enclosed import enclosed
from consult.site.feeds import base_of
from consult.site.law import Text, Wish, open_text, read_text, row_html
from consult.site.linked import draft_data
from consult.site.oembed import discovery
from consult.site.views import ENDED, DraftPage, answers_to, draft_page, votes_on
from consult.web import go, language_of, platform_of, render, wants_fragment
from drafts.models import Provision
from drafts.queries import last_with, place_names, places, provision_texts
from notifications.followed import is_following

router = APIRouter()

TextLang = Annotated[str, Query(alias="text", max_length=2)]
PREVIEW = 5  # comments shown beside the text before one asks for more


def draft_context(request: Request, page: DraftPage, tab: str) -> dict[str, Any]:
    """What the head of each of a draft's pages shows."""
    platform = platform_of(request)
    term = None
    if page.consultation:
        term = term_card(page.consultation, page.draft.stage, page.law, platform.clock())
    return {
        "page": page,
        "tab": tab,
        "term": term,
        "act_type": type_name(platform.pack, page.draft.act_type, language_of(request)),
    }


def open_page(
    request: Request,
    session: Db,
    draft_id: int,
    actor: Actor,
    text: str = "",
    n: int | None = None,
    *,
    head: bool = True,
) -> DraftPage:
    """The draft as this reader sees it: in the language asked for, else in their own."""
    platform, langs = platform_of(request), (text, language_of(request))
    law = law_of(session, platform.pack)
    now = platform.clock()
    return draft_page(session, law, draft_id, actor, now, n=n, langs=langs, head=head)


@dataclass(frozen=True, slots=True)
class ProvisionPage:
    """A provision in the newest text that has it (`page`), beside the newest text of all."""

    row: Provision
    page: DraftPage
    newest: DraftPage

    @property
    def gone(self) -> int:
        """The number of the newest version, if that no longer has the provision, else 0."""
        return self.newest.version.n if self.newest.version.n > self.page.version.n else 0

    @property
    def standing(self) -> DraftPage:
        """The text that tells where the words of comments stand now: the newest public one."""
        if not self.gone:
            return self.page
        public = [version for version in self.newest.versions if version.published_at]
        return replace(self.newest, version=public[-1]) if public else self.page


def open_provision(
    request: Request, session: Db, draft_id: int, wid: str, actor: Actor, text: str = ""
) -> ProvisionPage:
    """A provision of a draft, as it was if it was deleted since. Raises NotFound."""
    newest = open_page(request, session, draft_id, actor, text)
    version = newest.version
    texts = provision_texts(session, version.id or 0, [wid])
    if not texts:
        n = last_with(session, [v.id or 0 for v in newest.versions], wid)
        version = next(v for v in newest.versions if v.n == n)
        texts = provision_texts(session, version.id or 0, [wid])
    langs = (newest.lang, *version.langs)  # one language may lack it
    row = next(texts[wid, lang] for lang in langs if (wid, lang) in texts)
    return ProvisionPage(row, replace(newest, version=version, lang=row.lang), newest)


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
    anchors = anchors_of(session, page, talk.comments)
    context |= _talk_context(request, session, anchors, actor, "", talk)
    context["given"] = votes_on(session, page, "")
    context["planned"] = announced(session, draft_id)
    context["hearings"] = coming_about(session, draft_id, platform_of(request).clock())
    context["asked_n"] = count_questions(session, page.consultation)
    context["began"] = began(session, draft_id)
    context["following"] = is_following(session, actor, f"draft:{draft_id}")
    base_url, ended = base_of(request), page.draft.stage in ENDED
    outcome = outcome_of(session, draft_id) if ended else None
    context |= reported_beside(session, whole, outcome)
    today = local_day(platform_of(request).clock(), zone)
    context["linked_data"] = draft_data(page, outcome, base_url, lang, today)
    context["oembed"] = discovery(base_url, f"/drafts/{draft_id}", lang)
    return render(request, "site/reading.html", base_url=base_url, **context)


def reported_beside(session: Db, text: Text, outcome: ActOutcome | None) -> dict[str, Any]:
    """Beside the text of an act the provisions that most people reported of."""
    if outcome is None or outcome.version_id != text.page.version.id:
        return {"reported": []}
    found = by_place(session, outcome.draft_id)[:PREVIEW]
    return {"reported": found, "reported_places": place_names(text.rows) if found else {}}


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
    here = open_provision(request, session, draft_id, wid, actor, text)
    row, page = here.row, here.page
    also = moved_here(page.version.id or 0, wid) if page.version.n > 1 else None
    talk = discussion(session, draft_id, wid=wid, also=also, sort=sort, cursor=after)
    fragment = wants_fragment(request)
    anchors = anchors_of(session, here.standing, talk.comments, [] if here.gone else [wid])
    context = _talk_context(request, session, anchors, actor, wid, talk)
    if here.gone:  # what was said about it is read beside the text that had it
        named = places(session, page.version.id or 0, page.lang, [wid])
        anchors = replace(anchors, page=page, places=named)
    else:
        context["given"] = votes_on(session, page, wid)
    name = "site/_discussion.html" if fragment else "site/provision.html"
    if not fragment:
        context |= draft_context(request, page, "text")
        zone = platform_of(request).pack.tz
        context["problems"] = problems_at(session, page, wid, actor.id)
        text_wish = f"?{urlencode({'text': row.lang})}" if len(page.version.langs) > 1 else ""
        own = f"/drafts/{draft_id}/provisions/{quoted(wid)}{text_wish}"
        context["canonical"] = base_of(request) + own
        context["in_table"] = (
            row_html(session, row, language_of(request), zone) if row.kind == "row" else ""
        )
    context |= {"page": page, "row": row, "quote": quote, "quote_start": quote_start}
    context |= {"place": anchors.places.get(wid, ""), "gone": here.gone, "fragment": fragment}
    spans = anchors.spans(wid, [view.comment for view in talk.comments])
    context["marked"] = with_marks(row.text, spans)
    return render(request, name, **context)


def problems_at(
    session: Db, page: DraftPage, wid: str, reader: int | None
) -> list[ProblemView] | None:
    """What people met with in applying a provision; None of a draft that is no act."""
    if not allows(Stage(page.draft.stage), Verb.REPORT_PROBLEM):
        return None
    found = problems(session, page.draft.id or 0, Narrowed(wid=wid), reader=reader, limit=PREVIEW)
    return found[:PREVIEW]


@router.get("/drafts/{draft_id}/discussion")
def read_discussion(
    request: Request,
    session: Db,
    actor: Reader,
    draft_id: int,
    sort: str = "newest",
    after: str = "",
    n: Annotated[int, Query(alias="round")] = 0,
    kind: str = "",
) -> Response:
    """Everything that is said about a draft, or was said in one round, page by page."""
    page = open_page(request, session, draft_id, actor)
    chosen = next((one.id for one in page.rounds if one.round == n), None)
    kind = kind if kind in KINDS else ""
    talk = discussion(session, draft_id, consultation_id=chosen, kind=kind, sort=sort, cursor=after)
    wids = [view.comment.wid for view in talk.comments]
    anchors = anchors_of(session, page, talk.comments, wids)
    return render(
        request,
        "site/discussion.html",
        **draft_context(request, page, "discussion"),
        **_talk_context(request, session, anchors, actor, None, talk),
        round=n if chosen else 0,
        kind=kind,
        kinds=count_kinds(session, draft_id, chosen),
        texts=counts(session, draft_id),
    )


def _talk_context(
    request: Request,
    session: Db,
    anchors: Anchors,
    actor: Actor,
    wid: str | None,
    talk: Discussion,
) -> dict[str, Any]:
    page = anchors.page
    answers = answers_to(session, talk)
    said = [one for view in talk.comments for one in view.thread()]
    lang = language_of(request)
    agency = page.agency.names.get(lang) or next(iter(page.agency.names.values()))
    besides = enclosed(session, said, actor, page.agency, lang)
    return {
        "comments": [
            comment_card(
                view,
                answers,
                page.my_votes,
                agency=agency,
                places=anchors.places if wid is None else None,
                anchors=anchors,
                enclosed=besides,
            )
            for view in talk.comments
        ],
        "older": talk.older,
        "sort": talk.sort,
        "wid": wid,
        "place": "",
        "gone": 0,
        "row": None,
        "quote": "",
        "quote_start": "",
        "form": None,
        "limit": platform_of(request).settings.comment_max_chars,
        "files_mb": platform_of(request).settings.attachment_max_mb,
        "can_comment": page.is_open and actor.may("comment"),
        "given": None,
    }


@router.get("/drafts/{draft_id}/term")
def read_term(request: Request, session: Db, actor: Reader, draft_id: int) -> Response:
    """How the earliest lawful closing was computed, day by day."""
    page = open_page(request, session, draft_id, actor)
    if page.consultation is None:
        raise NotFound("There is no such discussion.")
    computation = earliest_close(page.law, page.draft, page.consultation.opens_at)
    feasts_in = page.law.feasts_in(language_of(request))
    return render(
        request,
        "site/term.html",
        computation=computation,
        days=trace_days(computation.trace_data(), page.law.calendar, feasts_in),
        extensions=extensions_of(session, page.consultation.id or 0),
        short=falls_short(
            page.consultation.closes_at, computation, page.consultation.exception_basis
        ),
        rule=page.law.pack.rules[computation.rule_code],
        confirmation=confirmation_of(session, page.law.pack.rules[computation.rule_code]),
        **draft_context(request, page, "term"),
    )
