"""The front of the site: home, the list of drafts, and pages about the site itself."""

from collections.abc import Mapping
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from consult.accounts.models import Agency
from consult.accounts.queries import agencies, agency_by_code
from consult.checks import can_serve
from consult.consultations.queries import comment_totals, rounds_of
from consult.law.queries import Law, law_of
from consult.naming import PublicName
from consult.obligations.keeping.ladder import told_until
from consult.obligations.registers.listing import count_overdue
from consult.procedure.stages import Stage
from consult.security import Db, Reader
from consult.site.asking import offer
from consult.site.cards import draft_card
from consult.web import language_of, platform_of, render
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES, Cursor, ListFilter, list_drafts

router = APIRouter()

PAGE = 20
HOME = 6


def _cards(
    request: Request, session: Db, drafts: list[Draft], bodies: Mapping[int, Agency], law: Law
) -> list[dict[str, object]]:
    """Cards for a list of drafts, in two queries however long it is."""
    platform = platform_of(request)
    ids = [draft.id or 0 for draft in drafts]
    rounds, totals = rounds_of(session, ids), comment_totals(session, ids)
    return [
        draft_card(
            draft,
            bodies[draft.agency_id],
            rounds.get(draft.id or 0),
            totals.get(draft.id or 0, 0),
            pack=platform.pack,
            lang=language_of(request),
            now=platform.clock(),
            calendar=law.calendar,
        )
        for draft in drafts
    ]


@router.get("/")
def home(request: Request, session: Db, _actor: Reader) -> Response:
    """What is open now, what was answered lately, what is owed."""
    platform = platform_of(request)
    now, law = platform.clock(), law_of(session, platform.pack)
    told = told_until(law.pack.duty, now, law.calendar, law.tz)
    open_now = list_drafts(session, ListFilter(stage=Stage.OPEN), before=None, limit=HOME)
    reported = list_drafts(session, ListFilter(stage=Stage.REPORTED), before=None, limit=3)
    cards = _cards(request, session, [*open_now[:HOME], *reported[:3]], agencies(session), law)
    return render(
        request,
        "site/home.html",
        open_now=cards[: len(open_now[:HOME])],
        reported=cards[len(open_now[:HOME]) :],
        overdue=count_overdue(session, told, now),
    )


@router.get("/drafts")
def listing(
    request: Request,
    session: Db,
    actor: Reader,
    agency: str = "",
    act_type: str = "",
    stage: str = "",
    topic: str = "",
    before: str = "",
) -> Response:
    """All public drafts, newest first, narrowed by agency, kind, stage and topic."""
    wanted = ListFilter(
        agency_id=agency_by_code(session, agency).id if agency else None,
        act_type=act_type,
        stage=stage,
        topic=topic,
    )
    found = list_drafts(session, wanted, before=_read_cursor(before), limit=PAGE)
    shown, bodies = found[:PAGE], agencies(session)
    chosen = {"agency": agency, "act_type": act_type, "stage": stage, "topic": topic}
    pack, lang = platform_of(request).pack, language_of(request)
    return render(
        request,
        "site/listing.html",
        cards=_cards(request, session, shown, bodies, law_of(session, pack)),
        older=_write_cursor(shown[-1]) if len(found) > PAGE else "",
        chosen=chosen,
        offer=offer(session, actor, pack, bodies, lang=lang, words="", chosen=chosen),
        bodies=sorted(bodies.values(), key=lambda body: body.code),
        stages=PUBLIC_STAGES,
    )


def _write_cursor(draft: Draft) -> str:
    at = draft.published_at or draft.created_at
    return f"{at.timestamp():.6f}_{draft.id}"


def _read_cursor(text: str) -> Cursor | None:
    instant, _, draft_id = text.partition("_")
    try:
        return Cursor(datetime.fromtimestamp(float(instant), tz=UTC), int(draft_id[:9]))
    except (ValueError, OverflowError, OSError):
        return None


@router.get("/healthz")
def health(request: Request, _actor: Reader) -> Response:
    """200 when pages can be served."""
    ok = can_serve(platform_of(request))
    return JSONResponse({"ok": ok}, status_code=200 if ok else 503)


@router.get("/styleguide")
def styleguide(request: Request, _actor: Reader) -> Response:
    """The living style guide: every component in every state."""
    return render(request, "styleguide.html", named=PublicName)


@router.get("/about")
@router.get("/accessibility")
def about(request: Request, _actor: Reader) -> Response:
    """Pages about the site itself."""
    return render(request, f"site{request.url.path}.html")
