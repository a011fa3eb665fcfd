"""Reads of reports: the published one of a round, and whose words it may no longer show."""

from sqlalchemy import or_
from sqlmodel import Session, col, select

from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.errors import NotFound
from consult.reports.models import Report


def report_of_round(session: Session, draft_id: int, n: int) -> Report:
    """The published report on a round of a draft; raises NotFound."""
    query = (
        select(Report)
        .join(Consultation, col(Consultation.id) == col(Report.consultation_id))
        .where(Consultation.draft_id == draft_id, Consultation.round == n)
    )
    report = session.exec(query).one_or_none()
    if report is None:
        raise NotFound("This report is not published yet.")
    return report


def silenced(session: Session, consultation_id: int) -> dict[int, str]:
    """The comments whose words are no longer shown: "withdrawn" or "hidden", by comment id."""
    rows = session.exec(
        select(Comment.id, Comment.withdrawn_at).where(
            Comment.consultation_id == consultation_id,
            or_(col(Comment.withdrawn_at).is_not(None), col(Comment.hidden_at).is_not(None)),
        )
    ).all()
    return {id_ or 0: "withdrawn" if withdrawn_at else "hidden" for id_, withdrawn_at in rows}
