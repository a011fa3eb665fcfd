"""What follows when a review is published: the agency owes it no more."""

from datetime import datetime

from sqlmodel import Session

from consult.adoption.practice.queries import review_by_id
from consult.law.queries import law_of
from consult.obligations.keeping.asked import settle_one
from consult.platform import Platform
from consult.procedure.duties import Evidence, Per
from consult.voice_events import ReviewPublished


def settle_review_duty(
    session: Session, platform: Platform, event: ReviewPublished, now: datetime
) -> None:
    review = review_by_id(session, event.review_id)
    law, at = law_of(session, platform.pack), review.published_at or now
    path = f"/reviews/{event.review_id}"
    settle_one(session, law, Per.REVIEW, event.review_id, Evidence.REVIEW, path, at, now)
