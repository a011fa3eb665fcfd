"""A yearly review is written by one person and published by another; then it stands for ever."""

from datetime import datetime, tzinfo

from sqlalchemy import delete, update
from sqlmodel import Session, col

from consult import outbox
from consult.access import Actor, check_agency
from consult.adoption.actions import MEANWHILE
from consult.adoption.practice.collecting import collected, reported_of
from consult.adoption.practice.models import PracticeReview, ReviewFinding
from consult.adoption.practice.queries import concluded
from consult.adoption.practice.rules import (
    Concluded,
    check_concluded,
    check_other_person,
    check_whole,
)
from consult.db import affected
from consult.errors import Conflict
from consult.procedure.stages import Stage, Verb, check_allowed
from consult.voice_events import ReviewPublished
from drafts.models import Draft


def write_review(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    review: PracticeReview,
    said: Concluded,
    seen: datetime,
    now: datetime,
) -> None:
    """Save what the agency concludes so far; `seen` is the state its officer began from.

    Raises Invalid; Conflict once it is published, or when somebody was faster.
    """
    check_agency(actor, "answer", draft.agency_id)
    check_allowed(Stage(draft.stage), Verb.REVIEW_ACT)
    check_concluded(said)
    _claim(
        session,
        review,
        seen,
        overall=said.overall.conclusion,
        words=said.overall.words,
        lang=said.lang,
        written_by=actor.person_id,
        written_at=now,
    )
    session.execute(delete(ReviewFinding).where(col(ReviewFinding.review_id) == review.id))
    session.add_all(
        ReviewFinding(review_id=review.id or 0, wid=wid, conclusion=one.conclusion, words=one.words)
        for wid, one in said.places.items()
        if one.conclusion or one.words
    )
    session.flush()


def publish_review(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    review: PracticeReview,
    seen: datetime,
    tz: tzinfo,
    now: datetime,
) -> None:
    """A second person publishes it, with all that was collected; those who reported are told.

    Raises NotAllowed for its author, Invalid while something is missing, Conflict.
    """
    check_agency(actor, "approve", draft.agency_id)
    check_allowed(Stage(draft.stage), Verb.REVIEW_ACT)
    check_other_person(review.written_by, actor.person_id)
    figures = collected(session, review, tz)
    check_whole(concluded(session, review), reported_of(figures))
    _claim(session, review, seen, published_by=actor.person_id, published_at=now, figures=figures)
    outbox.record(session, ReviewPublished(review.id or 0, review.draft_id), now)


def _claim(session: Session, review: PracticeReview, seen: datetime, **values: object) -> None:
    """Change the row as its reader saw it, unless it was published or written anew meanwhile."""
    unchanged = update(PracticeReview).where(
        col(PracticeReview.id) == review.id,
        col(PracticeReview.published_at).is_(None),
        col(PracticeReview.written_at) == seen,
    )
    if affected(session.execute(unchanged.values(**values))) != 1:
        raise Conflict(MEANWHILE)
    session.refresh(review)
