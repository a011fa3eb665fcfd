"""Publishing the report of a consultation, with all its answers and the text they speak of."""

from datetime import datetime

from sqlalchemy import insert, update
from sqlmodel import Session, col

from consult import outbox
from consult.access import Actor
from consult.answers.actions import check_work
from consult.answers.queries import Answering, answering, changed_words
from consult.answers.rules import check_gate
from consult.answers.standing import gate_of
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.consultations.models import Consultation
from consult.events import AnswersReleased, CommentAnswered, ReportPublished
from consult.law.queries import Law
from consult.procedure.stages import Stage, Verb
from consult.reports.content import compose_report
from consult.reports.models import Report, ReportLine
from drafts.actions import publish_version, set_stage
from drafts.models import Draft
from drafts.queries import latest_version


def publish_report(
    session: Session,
    *,
    actor: Actor,
    consultation: Consultation,
    draft: Draft,
    law: Law,
    now: datetime,
) -> Report:
    """Publish all answers, the report and the text they speak of at once.

    The report says by which rule of `law` the discussion had to last how long.
    Raises Conflict while an answer is missing or not approved, or a comment is held.
    """
    check_work(session, actor, consultation, draft, "publish", Verb.PUBLISH_REPORT)
    check_gate(gate_of(session, consultation.id or 0))
    work = answering(session, consultation.id or 0)
    _read_again(session, consultation, draft, work, now)
    content, lines = compose_report(session, draft, consultation, work, law=law, now=now)
    report = Report(
        consultation_id=consultation.id or 0,
        published_at=now,
        published_by=actor.person_id,
        content=content,
    )
    session.add(report)
    session.flush()
    rows = [{"report_id": report.id, **line} for line in lines]
    if rows:
        session.execute(insert(ReportLine), rows)
    _release(session, consultation, draft, work, now)
    return report


def _read_again(
    session: Session, consultation: Consultation, draft: Draft, work: Answering, now: datetime
) -> None:
    """Quote the changed provisions as they read now: the text may be newer than the answers."""
    newest = latest_version(session, draft.id or 0)
    if newest is not None:
        publish_version(session, draft, newest, now)
    words = changed_words(session, consultation, newest, work.dispositions.values())
    for row in work.dispositions.values():
        row.text_before, row.text_after = words[row.id or 0]
        session.add(row)


def _release(
    session: Session, consultation: Consultation, draft: Draft, work: Answering, now: datetime
) -> None:
    for row in work.dispositions.values():
        if row.state == "approved":
            row.state, row.published_at = "published", now
            session.add(row)
    session.execute(
        update(Comment)
        .where(col(Comment.consultation_id) == consultation.id, *public())  # the gate saw to it
        .values(answered_at=now)
    )
    consultation.reported_at = now
    session.add(consultation)
    set_stage(session, draft.id or 0, Stage.REPORTED, now)
    outbox.record(session, ReportPublished(consultation.id or 0, draft.id or 0), now)
    for comment_id, disposition in work.effective.items():
        outbox.record(session, CommentAnswered(comment_id, disposition.id or 0), now)
    outbox.record(session, AnswersReleased(consultation.id or 0, draft.id or 0), now)
