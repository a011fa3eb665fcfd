"""What the agencies answered on the drafts of a scope, how soon, and what people say of it."""

from typing import Any

from sqlalchemy import Select, case, func, select
from sqlmodel import col

from consult.answers.models import Disposition
from consult.answers.standing import standing
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.consultations.models import Consultation
from consult.feedback.models import AnswerRating, Contest
from consult.feedback.queries import decision
from consult.statistics.facts.ground import Ground, summed, when, whole_days
from consult.statistics.facts.said import OF_DRAFT
from drafts.models import Draft


def answers(ground: Ground) -> Select[Any]:
    """Comments with a published answer that counts: by outcome, with a reason or not, in days."""
    reported = (
        select(col(Consultation.id))
        .join(Draft, col(Draft.id) == col(Consultation.draft_id))
        .where(*ground.narrowed(), col(Consultation.reported_at).is_not(None))
    )
    stands = standing(reported)
    days = whole_days(col(Consultation.closed_at), col(Comment.answered_at))
    reasoned = when(col(Disposition.reason) != "")
    query = ground.fact("answers", col(Disposition.outcome), reasoned, days=days)
    query = query.join(Consultation, col(Consultation.draft_id) == col(Draft.id))
    query = query.join(stands, stands.c.consultation_id == col(Consultation.id))
    query = query.join(Disposition, col(Disposition.id) == stands.c.disposition_id)
    query = query.join(Comment, col(Comment.id) == stands.c.comment_id)
    return query.where(stands.c.status == "published")


def reasons(ground: Ground) -> Select[Any]:
    """Published decisions with a reason, by whether the same agency gave it more than once."""
    n = func.count().label("times")
    given = (
        ground.drafts(n)
        .join(Consultation, col(Consultation.draft_id) == col(Draft.id))
        .join(Disposition, col(Disposition.consultation_id) == col(Consultation.id))
        .where(col(Disposition.state) == "published", col(Disposition.reason) != "")
        .group_by(*ground.labels, col(Draft.agency_id), col(Disposition.reason))
    ).subquery()
    repeated = case((given.c.times > 1, "repeated"), else_="once")
    return ground.fact_of(given, "reasons", repeated, n=summed(given.c.times))


def ratings(ground: Ground) -> Select[Any]:
    """What those who got an answer say of it, by whether it met their point."""
    query = ground.fact("ratings", when(col(AnswerRating.met))).join(Comment, OF_DRAFT)
    query = query.join(AnswerRating, col(AnswerRating.comment_id) == col(Comment.id))
    return query.where(*public())


def contests(ground: Ground) -> Select[Any]:
    """Answers that were contested, by what was decided."""
    query = ground.fact("contests", decision()).join(Comment, OF_DRAFT)
    query = query.join(Contest, col(Contest.comment_id) == col(Comment.id))
    query = query.join(Disposition, col(Disposition.id) == col(Contest.disposition_id))
    return query.where(*public())


FACTS = (answers, reasons, ratings, contests)
