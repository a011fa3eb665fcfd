"""Pages of yearly reviews: for everybody, and at the desk where they are written and published."""

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.accounts.models import Agency
from consult.adoption.practice.actions import publish_review, write_review
from consult.adoption.practice.collecting import collected, reported_of
from consult.adoption.practice.forms import PublishForm, ReviewForm, as_typed
from consult.adoption.practice.models import PracticeReview
from consult.adoption.practice.queries import concluded, review_by_id, year_of
from consult.adoption.practice.rules import WORDS_MAX
from consult.adoption.queries import problems
from consult.forms import Form, Posted
from consult.security import Allow, Db, Reader
from consult.web import go, language_of, platform_of, render
from drafts.models import Draft
from drafts.queries import draft_for

router = APIRouter()

Officer = Annotated[Actor, Depends(Allow("answer"))]
Approver = Annotated[Actor, Depends(Allow("approve"))]
Desk = Annotated[Actor, Depends(Allow("desk"))]
Before = Annotated[int, Query(ge=0, lt=2**31)]
PAGE = 20


@router.get("/reviews/{review_id}")
def read_review(
    request: Request, session: Db, actor: Reader, review_id: int, before: Before = 0
) -> Response:
    """What people reported in a year of an act, and what the agency concludes."""
    review, draft = _review(session, actor, review_id)
    tz = platform_of(request).pack.tz
    year = year_of(review, tz)
    met = problems(session, review.draft_id, year, reader=actor.id, before=before, limit=PAGE)
    shown = review.published_at is not None
    figures = _figures(request, session, review)
    return render(
        request,
        "adoption/practice/review.html",
        review=review,
        draft=draft,
        agency=session.get_one(Agency, draft.agency_id),
        figures=figures,
        said=concluded(session, review) if shown else None,
        followed=sum((Counter(place["follows"]) for place in figures["places"]), Counter()),
        problems=met[:PAGE],
        places=_names(request, figures),
        older=met[PAGE - 1].problem.id if len(met) > PAGE else None,
        may_work=actor.may("desk") and actor.may_for("desk", draft.agency_id) and not shown,
    )


def _review(session: Session, actor: Actor, review_id: int) -> tuple[PracticeReview, Draft]:
    review = review_by_id(session, review_id)
    return review, draft_for(session, review.draft_id, actor)


def _figures(request: Request, session: Session, review: PracticeReview) -> dict[str, Any]:
    """As they were when it was published, else as they are now."""
    if review.published_at is not None:
        return review.figures
    return collected(session, review, platform_of(request).pack.tz)


def _names(request: Request, figures: dict[str, Any]) -> dict[str, str]:
    """What the provisions are called, in the language of the reader or any there is."""
    wish = language_of(request)
    return {
        place["wid"]: place["names"].get(wish) or next(iter(place["names"].values()))
        for place in figures["places"]
        if place["names"]
    }


@router.get("/desk/reviews/{review_id}")
def review_at_desk(request: Request, session: Db, actor: Desk, review_id: int) -> Response:
    """The form of the review, and the button of who publishes it."""
    review, draft = _review(session, actor, review_id)
    check_agency(actor, "desk", draft.agency_id)
    typed = as_typed(concluded(session, review), language_of(request))
    return _desk_page(request, session, actor, review, draft, Form[ReviewForm](dict(typed)))


def _desk_page(
    request: Request,
    session: Session,
    actor: Actor,
    review: PracticeReview,
    draft: Draft,
    form: Form[ReviewForm] | Form[PublishForm],
) -> Response:
    figures = _figures(request, session, review)
    return render(
        request,
        "adoption/practice/desk.html",
        status=form.status,
        review=review,
        draft=draft,
        figures=figures,
        said=concluded(session, review),  # whoever publishes it has read it
        wids=reported_of(figures),
        places=_names(request, figures),
        form=form,
        may_write=actor.may("answer") and actor.may_for("answer", draft.agency_id),
        may_publish=actor.may("approve") and actor.may_for("approve", draft.agency_id),
        limit=WORDS_MAX,
    )


@router.post("/desk/reviews/{review_id}")
def write(
    request: Request, session: Db, actor: Officer, posted: Posted, review_id: int
) -> Response:
    """Save what is concluded so far; what is missing may wait."""
    review, draft = _review(session, actor, review_id)
    platform = platform_of(request)
    wids = reported_of(_figures(request, session, review))
    form = Form[ReviewForm](posted).check(ReviewForm)
    if form.ok:
        with form.attempt(session):
            write_review(
                session,
                actor=actor,
                draft=draft,
                review=review,
                said=form.value.said(wids),
                seen=form.value.seen,
                now=platform.clock(),
            )
    if not form.ok:
        session.refresh(review)
        return _desk_page(request, session, actor, review, draft, form)
    return go(f"/desk/reviews/{review_id}", "Saved. Another person publishes it.")


@router.post("/desk/reviews/{review_id}/publish")
def publish(
    request: Request, session: Db, actor: Approver, posted: Posted, review_id: int
) -> Response:
    """A second person publishes it; from then on it stands as it is."""
    review, draft = _review(session, actor, review_id)
    platform = platform_of(request)
    form = Form[PublishForm](posted).check(PublishForm)
    if form.ok:
        with form.attempt(session):
            publish_review(
                session,
                actor=actor,
                draft=draft,
                review=review,
                seen=form.value.seen,
                tz=platform.pack.tz,
                now=platform.clock(),
            )
    if not form.ok:
        session.refresh(review)
        typed = as_typed(concluded(session, review), language_of(request))
        form.raw = dict(typed)
        return _desk_page(request, session, actor, review, draft, form)
    return go(f"/reviews/{review_id}", "The review is public. Those who reported are being told.")
