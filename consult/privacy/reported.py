"""What is kept of a person in the published reports: their lines, and the campaigns they were in.

What a report shows is asked anew each time (reports/queries.py); here goes what is merely stored.
"""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from consult import outbox
from consult.comments.models import Comment
from consult.events import ReportRedacted
from consult.privacy.words import Leaving
from consult.reports.models import Report, ReportLine
from consult.reports.snapshot import CAMPAIGNS, ROWS, lines_of_first

WORDS = ("proposal", "proposed", "quote")
NAMES = ("who", "region")


def empty_lines(session: Session, leaving: Leaving) -> int:
    """Empty what the next report that still says something of this person says; 0: none does."""
    rounds = select(Comment.consultation_id).where(Comment.author_id == leaving.person_id)
    query = select(Report).where(col(Report.consultation_id).in_(rounds)).order_by(col(Report.id))
    for report in session.exec(query).all():
        done = _empty(session, report, _theirs(session, report, leaving.person_id))
        if done:
            outbox.record(session, ReportRedacted(report.consultation_id), leaving.now)
            return done
    return 0


def _theirs(session: Session, report: Report, person_id: int) -> dict[int, Comment]:
    query = select(Comment).where(
        Comment.consultation_id == report.consultation_id, Comment.author_id == person_id
    )
    return {comment.id or 0: comment for comment in session.exec(query).all()}


def _empty(session: Session, report: Report, theirs: Mapping[int, Comment]) -> int:
    done = 0
    if lines_of_first(report.content) is not None:
        rows = [_said(row, theirs) for row in report.content["rows"]]
        if rows != report.content["rows"]:
            report.content = {**report.content, "rows": rows}
            session.add(report)
            done += 1
    for part, without in ((ROWS, _said), (CAMPAIGNS, _campaign)):
        query = select(ReportLine).where(ReportLine.report_id == report.id, ReportLine.part == part)
        if part == ROWS:
            named = col(ReportLine.content)["comment_id"].as_integer()
            query = query.where(named.in_(theirs))
        for line in session.exec(query.order_by(col(ReportLine.number))).all():
            content = without(line.content, theirs)
            if content != line.content:
                line.content = content
                session.add(line)
                done += 1
    return done


def _said(content: Mapping[str, Any], theirs: Mapping[int, Comment]) -> dict[str, Any]:
    """A line of the report as it may be stored. The words of an organisation are its own."""
    comment = theirs.get(content["comment_id"])
    if comment is None:
        return dict(content)
    gone = {"mandate": ""} if "mandate" in content else {}
    if comment.organisation_id is None:
        gone |= {name: "" for name in NAMES if name in content}
        if "who_kind" in content:
            gone["who_kind"] = "former"
    if comment.withdrawn_at:
        gone |= {name: "" for name in WORDS if name in content}
    return {**content, **gone}


def _campaign(content: Mapping[str, Any], theirs: Mapping[int, Comment]) -> dict[str, Any]:
    def is_gone(comment_id: int) -> bool:
        return comment_id in theirs and theirs[comment_id].withdrawn_at is not None

    residues = [one for one in content["residues"] if not is_gone(one["comment_id"])]
    text = "" if is_gone(content["comment_id"]) else content["text"]
    return {**content, "residues": residues, "text": text}
