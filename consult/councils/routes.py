"""Pages on which an opinion is asked for, written, put to the vote, voted on, decided, answered.

The pages that show opinions stand in consult/site; members of councils: member_routes.py.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.accounts.models import Agency
from consult.councils.actions import (
    ask_council,
    begin_opinion,
    cast_vote,
    close_vote,
    public_version,
    put_to_vote,
    write_opinion,
)
from consult.councils.answering import publish_answer, write_answer
from consult.councils.forms import AnswerForm, AskForm, VoteForm, said_in, typed
from consult.councils.membership import member_of
from consult.councils.models import CouncilOpinion
from consult.councils.queries import answer_to, council_by_code, opinion_by_id
from consult.councils.rules import (
    ANSWER_MAX,
    CONCLUSIONS,
    DISSENT_MAX,
    POINT_MAX,
    POINTS_MOST,
    TAKEN,
    TEXT_MAX,
    VOTES,
    check_writable,
)
from consult.errors import Conflict
from consult.forms import Form, Posted
from consult.law.queries import law_of
from consult.procedure.stages import Stage, Verb, check_allowed
from consult.security import Allow, Db
from consult.web import go, language_of, platform_of, render
from drafts.models import Draft, DraftVersion
from drafts.queries import draft_for, place_names, provisions

router = APIRouter()

Councillor = Annotated[Actor, Depends(Allow("counsel"))]
Preparer = Annotated[Actor, Depends(Allow("prepare"))]
Officer = Annotated[Actor, Depends(Allow("answer"))]
Approver = Annotated[Actor, Depends(Allow("approve"))]
Code = Annotated[str, Query(max_length=20)]
NOT_CHOSEN = frozenset({"note", "row"})  # kinds of provision nobody points to


def _opinion(session: Session, actor: Actor, opinion_id: int) -> tuple[CouncilOpinion, Draft]:
    opinion = opinion_by_id(session, opinion_id)
    return opinion, draft_for(session, opinion.draft_id, actor)


@router.post("/drafts/{draft_id}/opinions/ask")
def ask(request: Request, session: Db, actor: Preparer, posted: Posted, draft_id: int) -> Response:
    """An officer asks a council of the agency."""
    draft = draft_for(session, draft_id, actor)
    form = Form[AskForm](posted).check(AskForm)
    council_id = form.value.council if form.ok else 0
    now = platform_of(request).clock()
    ask_council(session, actor=actor, draft=draft, council_id=council_id, now=now)
    return go(f"/drafts/{draft_id}/opinions", "The council is asked. Its members are being told.")


@router.get("/drafts/{draft_id}/opinions/new")
def new_form(
    request: Request, session: Db, actor: Councillor, draft_id: int, council: Code = ""
) -> Response:
    """The form of an opinion nobody asked for."""
    draft, body = draft_for(session, draft_id, actor), council_by_code(session, council)
    member_of(session, actor, body.id or 0)
    check_allowed(Stage(draft.stage), Verb.COUNSEL)
    version = public_version(session, draft)
    return _page(request, session, draft, body, version, Form[Any](), None)


@router.post("/drafts/{draft_id}/opinions/new")
def begin(
    request: Request,
    session: Db,
    actor: Councillor,
    posted: Posted,
    draft_id: int,
    council: Code = "",
) -> Response:
    """Keep it; it is put to the vote later."""
    draft, body = draft_for(session, draft_id, actor), council_by_code(session, council)
    version, form = public_version(session, draft), Form[Any](posted)
    opinion = None
    with form.attempt(session):
        opinion = begin_opinion(
            session,
            actor=actor,
            draft=draft,
            council_id=body.id or 0,
            said=said_in(posted, version.langs),
            now=platform_of(request).clock(),
        )
    if opinion is None or not form.ok:
        return _page(request, session, draft, body, version, form, None)
    return go(f"/opinions/{opinion.id}", "The opinion is kept. It is put to the vote next.")


@router.get("/opinions/{opinion_id}/edit")
def edit_form(request: Request, session: Db, actor: Councillor, opinion_id: int) -> Response:
    """The opinion as it stands, to be written or changed until the vote begins."""
    opinion, draft = _opinion(session, actor, opinion_id)
    member_of(session, actor, opinion.agency_id)
    check_writable(opinion.state)
    return _edit_page(request, session, opinion, draft, Form[Any](typed(opinion)))


@router.post("/opinions/{opinion_id}/edit")
def edit(
    request: Request, session: Db, actor: Councillor, posted: Posted, opinion_id: int
) -> Response:
    """Keep what was written; refused, the form shows it again."""
    opinion, draft = _opinion(session, actor, opinion_id)
    version, form = session.get_one(DraftVersion, opinion.version_id), Form[Any](posted)
    with form.attempt(session):
        write_opinion(
            session,
            actor=actor,
            draft=draft,
            opinion=opinion,
            said=said_in(posted, version.langs),
            now=platform_of(request).clock(),
        )
    if not form.ok:
        return _edit_page(request, session, opinion, draft, form)
    return go(f"/opinions/{opinion_id}", "The opinion is kept. It is put to the vote next.")


def _edit_page(
    request: Request, session: Session, opinion: CouncilOpinion, draft: Draft, form: Form[Any]
) -> Response:
    body = session.get_one(Agency, opinion.agency_id)
    version = session.get_one(DraftVersion, opinion.version_id)
    return _page(request, session, draft, body, version, form, opinion)


def _page(
    request: Request,
    session: Session,
    draft: Draft,
    council: Agency,
    version: DraftVersion,
    form: Form[Any],
    opinion: CouncilOpinion | None,
) -> Response:
    wish = language_of(request)
    rows = provisions(session, version.id or 0, wish if wish in version.langs else version.langs[0])
    names = place_names(rows)
    return render(
        request,
        "councils/write.html",
        status=form.status,
        draft=draft,
        council=council,
        version=version,
        opinion=opinion,
        form=form,
        conclusions=CONCLUSIONS,
        choices=[(row.wid, names[row.wid]) for row in rows if row.kind not in NOT_CHOSEN],
        points_most=POINTS_MOST,
        limits={"text": TEXT_MAX, "point": POINT_MAX},
    )


@router.post("/opinions/{opinion_id}/put")
def put(request: Request, session: Db, actor: Councillor, opinion_id: int) -> Response:
    """Lay it before the members."""
    opinion, draft = _opinion(session, actor, opinion_id)
    platform = platform_of(request)
    law, now = law_of(session, platform.pack), platform.clock()
    put_to_vote(session, actor=actor, draft=draft, opinion=opinion, law=law, now=now)
    return go(f"/opinions/{opinion_id}", "The vote is open. The members are being told.")


@router.get("/opinions/{opinion_id}/vote")
def vote_form(request: Request, session: Db, actor: Councillor, opinion_id: int) -> Response:
    """The opinion, and the form of a vote."""
    opinion, draft = _opinion(session, actor, opinion_id)
    member_of(session, actor, opinion.agency_id)
    if opinion.state != "voting":
        raise Conflict("The members do not vote on this now.")
    form = Form[VoteForm]({"lang": language_of(request)})
    return _act_page(request, "councils/vote.html", opinion, draft, form)


@router.post("/opinions/{opinion_id}/vote")
def vote(
    request: Request, session: Db, actor: Councillor, posted: Posted, opinion_id: int
) -> Response:
    """Cast a vote, once."""
    opinion, draft = _opinion(session, actor, opinion_id)
    form = Form[VoteForm](posted).check(VoteForm)
    if form.ok:
        given, now = form.value, platform_of(request).clock()
        with form.attempt(session):
            cast_vote(
                session,
                actor=actor,
                draft=draft,
                opinion=opinion,
                vote=given.vote,
                dissent=given.dissent,
                lang=given.lang,
                now=now,
            )
    if not form.ok:
        return _act_page(request, "councils/vote.html", opinion, draft, form)
    return go(f"/opinions/{opinion_id}", "Your vote is cast.")


def _act_page(
    request: Request, name: str, opinion: CouncilOpinion, draft: Draft, form: Form[Any]
) -> Response:
    return render(
        request,
        name,
        status=form.status,
        opinion=opinion,
        draft=draft,
        form=form,
        votes=VOTES,
        taken=TAKEN,
        limits={"dissent": DISSENT_MAX, "answer": ANSWER_MAX},
    )


@router.post("/opinions/{opinion_id}/close")
def close(request: Request, session: Db, actor: Councillor, opinion_id: int) -> Response:
    """End the vote: the opinion is given, or found no majority."""
    opinion, draft = _opinion(session, actor, opinion_id)
    now = platform_of(request).clock()
    close_vote(session, actor=actor, draft=draft, opinion=opinion, now=now)
    return go(f"/opinions/{opinion_id}", "The vote is closed. Everybody can read what came of it.")


@router.get("/opinions/{opinion_id}/answer")
def answer_form(request: Request, session: Db, actor: Officer, opinion_id: int) -> Response:
    """What the agency answers, as it stands."""
    opinion, draft = _opinion(session, actor, opinion_id)
    check_agency(actor, "answer", draft.agency_id)
    written = answer_to(session, opinion_id)
    if opinion.state != "given" or (written and written.published_at):
        raise Conflict("This opinion was answered already, or is not given yet.")
    raw = {"lang": language_of(request)}
    if written:
        raw = {"answer": written.text, "taken": written.taken, "lang": written.lang}
    form = Form[AnswerForm](raw)
    return _act_page(request, "councils/answer.html", opinion, draft, form)


@router.post("/opinions/{opinion_id}/answer")
def answer(
    request: Request, session: Db, actor: Officer, posted: Posted, opinion_id: int
) -> Response:
    """Keep the answer; another person publishes it."""
    opinion, draft = _opinion(session, actor, opinion_id)
    form = Form[AnswerForm](posted).check(AnswerForm)
    if form.ok:
        given, now = form.value, platform_of(request).clock()
        with form.attempt(session):
            write_answer(
                session,
                actor=actor,
                draft=draft,
                opinion=opinion,
                text=given.answer,
                taken=given.taken,
                lang=given.lang,
                now=now,
            )
    if not form.ok:
        return _act_page(request, "councils/answer.html", opinion, draft, form)
    return go(f"/opinions/{opinion_id}", "The answer is kept. Another person publishes it.")


@router.post("/opinions/{opinion_id}/publish-answer")
def publish(request: Request, session: Db, actor: Approver, opinion_id: int) -> Response:
    """Approve the answer: from now on it is public."""
    opinion, draft = _opinion(session, actor, opinion_id)
    now = platform_of(request).clock()
    publish_answer(session, actor=actor, draft=draft, opinion=opinion, now=now)
    return go(f"/opinions/{opinion_id}", "The answer is public. The council is being told.")
