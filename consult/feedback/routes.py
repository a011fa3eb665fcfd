"""Pages of what is said of an answer: rating, contesting, the contest in public, its review."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.queries import agencies
from consult.answers.queries import answer_counting
from consult.answers.rules import OUTCOMES, REASON_MAX
from consult.comments.models import Comment
from consult.comments.queries import comment_by_id
from consult.comments.rules import check_own
from consult.errors import DomainError, Invalid
from consult.feedback.actions import check_reviewer, contest_answer, rate_answer, review_contest
from consult.feedback.forms import ContestForm, RatingForm, ReviewForm
from consult.feedback.queries import Contested, contest_by_id, contest_until, contests
from consult.feedback.rules import CONTEST_MAX
from consult.forms import Form, Posted
from consult.law.queries import law_of
from consult.procedure.stages import Stage, Verb, allows
from consult.security import Allow, Db, Reader
from consult.web import go, language_of, platform_of, render
from drafts.models import Draft
from drafts.queries import draft_for

router = APIRouter()

Owner = Annotated[Actor, Depends(Allow("cabinet"))]
Reviewer = Annotated[Actor, Depends(Allow("review"))]
Before = Annotated[int | None, Query(ge=1, lt=2**31)]
PAGE = 30


@router.post("/comments/{comment_id}/rating")
def rate(request: Request, session: Db, actor: Owner, posted: Posted, comment_id: int) -> Response:
    """Say whether the answer met one's point."""
    form = Form[RatingForm](posted).check(RatingForm)
    if not form.ok:
        raise Invalid("Please choose one of the options.")
    comment = comment_by_id(session, comment_id)
    met, now = form.value.met == "yes", platform_of(request).clock()
    rate_answer(session, actor=actor, comment=comment, met=met, now=now)
    return go(f"/comments/{comment_id}#answer", "Thank you. What you said is counted.")


@router.get("/comments/{comment_id}/contest")
def contest_form(request: Request, session: Db, actor: Owner, comment_id: int) -> Response:
    """The form to contest an answer, beneath the words it is about."""
    comment = _own(session, actor, comment_id)
    return _contest_page(request, session, comment, Form[ContestForm]())


@router.post("/comments/{comment_id}/contest")
def contest(
    request: Request, session: Db, actor: Owner, posted: Posted, comment_id: int
) -> Response:
    """Contest the answer."""
    platform, comment = platform_of(request), _own(session, actor, comment_id)
    form = Form[ContestForm](posted).check(ContestForm)
    row = None
    if form.ok:
        with form.attempt(session, keep=403):
            row = contest_answer(
                session,
                actor=actor,
                law=law_of(session, platform.pack),
                comment=comment,
                reason=form.value.reason,
                now=platform.clock(),
            )
    if row is None:
        return _contest_page(request, session, comment, form)
    return go(f"/contests/{row.id}", "Somebody else will look at the answer again.")


def _own(session: Session, actor: Actor, comment_id: int) -> Comment:
    comment = comment_by_id(session, comment_id)
    check_own(comment.author_id, actor.person_id)
    return comment


def _contest_page(
    request: Request, session: Session, comment: Comment, form: Form[ContestForm]
) -> Response:
    draft, platform = session.get_one(Draft, comment.draft_id), platform_of(request)
    answer = answer_counting(session, comment)
    until = None
    if answer:
        law = law_of(session, platform.pack)
        until = contest_until(law, draft, comment, platform.clock())
    return render(
        request,
        "feedback/contest.html",
        status=form.status,
        comment=comment,
        answer=answer,
        until=until,
        draft=draft,
        agency=agencies(session)[draft.agency_id],
        form=form,
        limit=CONTEST_MAX,
    )


@router.get("/contests/{contest_id}")
def read_contest(request: Request, session: Db, actor: Reader, contest_id: int) -> Response:
    """A contested answer: what was said, what was answered, what is wrong with it, the decision."""
    contested = contest_by_id(session, contest_id)
    draft_for(session, contested.contest.draft_id, actor)
    form = Form[ReviewForm]({"outcome": contested.answer.outcome, "lang": language_of(request)})
    return _review_page(request, session, actor, contested, form)


@router.post("/contests/{contest_id}")
def review(
    request: Request, session: Db, actor: Reviewer, posted: Posted, contest_id: int
) -> Response:
    """Decide: the answer stands, or is another from now on."""
    contested = contest_by_id(session, contest_id)
    form = Form[ReviewForm](posted).check(ReviewForm)
    if form.ok:
        typed = form.value
        with form.attempt(session):
            review_contest(
                session,
                actor=actor,
                contested=contested,
                outcome=typed.outcome,
                decision=typed.decision,
                lang=typed.lang,
                now=platform_of(request).clock(),
            )
    if not form.ok:
        return _review_page(request, session, actor, contested, form)
    return go(f"/contests/{contest_id}", "Decided. The author is being told.")


def _review_page(
    request: Request, session: Session, actor: Actor, contested: Contested, form: Form[ReviewForm]
) -> Response:
    return render(
        request,
        "feedback/review.html",
        status=form.status,
        contested=contested,
        draft=contested.draft,
        agency=agencies(session)[contested.draft.agency_id],
        form=form,
        outcomes=OUTCOMES,
        reason_max=REASON_MAX,
        decides=_may_decide(actor, contested),
    )


def _may_decide(actor: Actor, contested: Contested) -> bool:
    if contested.contest.decided_at or not allows(
        Stage(contested.draft.stage), Verb.REVIEW_CONTEST
    ):
        return False
    try:
        check_reviewer(actor, contested)
    except DomainError:
        return False
    return True


@router.get("/desk/contests")
def list_contests(
    request: Request, session: Db, actor: Reviewer, show: str = "open", before: Before = None
) -> Response:
    """The contested answers this person may see to: those that wait, or all."""
    mine = None if actor.may("oversee") else actor.held_for("approve")
    found = contests(
        session,
        agencies=sorted(mine) if mine else None,
        undecided=show != "all",
        before=before,
        limit=PAGE,
    )
    return render(
        request,
        "feedback/contests.html",
        rows=[(row, _may_decide(actor, row)) for row in found[:PAGE]],
        show="all" if show == "all" else "open",
        older=found[PAGE - 1].contest.id if len(found) > PAGE else None,
    )
