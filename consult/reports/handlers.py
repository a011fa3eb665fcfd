"""What follows from events for reports that are published: words taken out are taken out here too.

A report shows nothing that was withdrawn, hidden or redacted since (queries.py). Redacted words are
somebody's personal data, so that they are not kept either. What is shown again gets its answer.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from consult import outbox
from consult.answers.queries import answer_counting
from consult.comments.models import Comment
from consult.events import (
    AppealDecided,
    CommentAnswered,
    CommentRedacted,
    CommentRestored,
    ReportRedacted,
)
from consult.platform import Platform
from consult.reports.models import Report, ReportLine
from consult.reports.snapshot import CAMPAIGNS, ROWS, lines_of_first


def keep_redacted(
    session: Session, _platform: Platform, event: CommentRedacted | AppealDecided, now: datetime
) -> None:
    """Let the report hold the words of a comment as they stand now: with marks, or put back."""
    comment = session.get_one(Comment, event.comment_id)
    query = select(Report).where(Report.consultation_id == comment.consultation_id)
    report = session.exec(query).one_or_none()
    if report is None:
        return
    words = {"proposal": comment.body, "proposed": comment.proposed, "quote": comment.quote}
    words |= {"mandate": comment.mandate}
    if lines_of_first(report.content) is not None:
        rows = [
            row | words if row["comment_id"] == comment.id else row
            for row in report.content["rows"]
        ]
        report.content = {**report.content, "rows": rows}
        session.add(report)
    for line in _lines(session, report, comment.id or 0):
        line.content = {**line.content, **words}
        session.add(line)
    for line in session.exec(_of(report, CAMPAIGNS)):
        line.content = _without(line.content, comment)
        session.add(line)
    outbox.record(session, ReportRedacted(report.consultation_id), now)


def answer_restored(
    session: Session, _platform: Platform, event: CommentRestored, now: datetime
) -> None:
    """Words that were hidden when their report came out have the answer of their group from now."""
    comment = session.get_one(Comment, event.comment_id)
    answer = answer_counting(session, comment)
    if answer is not None and comment.answered_at is None:
        comment.answered_at = now
        session.add(comment)
        outbox.record(session, CommentAnswered(comment.id or 0, answer.id or 0), now)


def _lines(session: Session, report: Report, comment_id: int) -> list[ReportLine]:
    named = col(ReportLine.content)["comment_id"].as_integer()
    return list(session.exec(_of(report, ROWS).where(named == comment_id)).all())


def _of(report: Report, part: str) -> SelectOfScalar[ReportLine]:
    return select(ReportLine).where(ReportLine.report_id == report.id, ReportLine.part == part)


def _without(content: Mapping[str, Any], comment: Comment) -> dict[str, Any]:
    """A campaign without the words of this comment, as far as they stand in it."""
    residues = [one for one in content["residues"] if one["comment_id"] != comment.id]
    text = comment.body if content["comment_id"] == comment.id else content["text"]
    return {**content, "residues": residues, "text": text}
