"""Reads of reports: the published one of a round, as far as it is shown, as it may be shown."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from consult.accounts.models import Person
from consult.accounts.shown import who
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.consultations.models import Consultation
from consult.errors import NotFound
from consult.marks import ERASED
from consult.naming import PublicName
from consult.reports.models import Report, ReportLine
from consult.reports.snapshot import (
    CAMPAIGNS,
    CHANGES,
    ROWS,
    Head,
    Line,
    Since,
    Snapshot,
    lines_of_first,
    read_campaigns,
    read_changes,
    read_head,
    read_rows,
)


def report_of_round(session: Session, draft_id: int, n: int) -> Report:
    """The published report on a round of a draft; raises NotFound."""
    query = _reports(draft_id).where(Consultation.round == n)
    report = session.exec(query).one_or_none()
    if report is None:
        raise NotFound("This report is not published yet.")
    return report


def newest_report(session: Session, draft_id: int) -> tuple[Report, int]:
    """The report on the newest round that has one, and its number; raises NotFound."""
    report = session.exec(_reports(draft_id).order_by(col(Consultation.round).desc())).first()
    if report is None:
        raise NotFound("No report on this draft is published yet.")
    return report, session.get_one(Consultation, report.consultation_id).round


def _reports(draft_id: int) -> SelectOfScalar[Report]:
    return (
        select(Report)
        .join(Consultation, col(Consultation.id) == col(Report.consultation_id))
        .where(Consultation.draft_id == draft_id)
    )


def head_of(report: Report) -> Head:
    """What the report says of the whole."""
    return read_head(report.content)


def snapshot_of(session: Session, report: Report) -> Snapshot:
    """The whole report, without the words that may no longer be shown."""
    since = changed_since(session, report.consultation_id)
    return Snapshot(
        read_head(report.content),
        read_rows(_lines(session, report, ROWS), since, names_in(session, report.consultation_id)),
        read_changes(_lines(session, report, CHANGES)),
        read_campaigns(_lines(session, report, CAMPAIGNS), since),
    )


def page_of(
    session: Session, report: Report, *, start: int, most: int, beside: int = 0
) -> tuple[Snapshot, bool]:
    """Some comments of a report, from the one with the number `start`; whether more come.

    `beside`: so many of its changed provisions and campaigns too.
    """
    lines = _lines(session, report, ROWS, start, most + 1)
    shown, more = lines[:most], len(lines) > most
    firsts: list[Line] = []
    if shown and shown[0].number != shown[0].begins:
        firsts = _lines(session, report, ROWS, shown[0].begins, 1)
    ids = [line.content["comment_id"] for line in shown]
    campaigns = _lines(session, report, CAMPAIGNS, 1, beside)
    for line in campaigns:
        ids += [line.content["comment_id"]]
        ids += [residue["comment_id"] for residue in line.content["residues"]]
    since = changed_since(session, report.consultation_id, ids)
    return Snapshot(
        read_head(report.content),
        read_rows(shown, since, names_in(session, report.consultation_id, ids), firsts),
        read_changes(_lines(session, report, CHANGES, 1, beside)),
        read_campaigns(campaigns, since),
    ), more


def line_of_receipt(session: Session, report: Report, receipt: str) -> int:
    """The number of the comment with this receipt in the report; raises NotFound."""
    first = lines_of_first(report.content)
    if first is not None:
        found = (line.number for line in first if line.content["receipt"] == receipt)
        number = next(found, None)
    else:
        named = col(ReportLine.content)["receipt"].as_string() == receipt
        here = (ReportLine.report_id == report.id, ReportLine.part == ROWS, named)
        number = session.exec(select(ReportLine.number).where(*here)).first()
    if number is None:
        raise NotFound("There is no comment with this number.")
    return number


def _lines(
    session: Session, report: Report, part: str, start: int = 1, most: int | None = None
) -> list[Line]:
    if most == 0:
        return []
    end = None if most is None else start - 1 + most
    first = lines_of_first(report.content)
    if first is not None:
        return first[start - 1 : end] if part == ROWS else []
    query = select(ReportLine.number, ReportLine.begins, ReportLine.content).where(
        ReportLine.report_id == report.id, ReportLine.part == part, ReportLine.number >= start
    )
    if end is not None:
        query = query.where(ReportLine.number <= end)
    return [Line(*row) for row in session.execute(query.order_by(col(ReportLine.number)))]


def changed_since(
    session: Session, consultation_id: int, ids: Sequence[int] | None = None
) -> dict[int, Since]:
    """What became of comments after the report, by id; of these alone, if they are named."""
    query = select(  # type: ignore[call-overload]
        *(Comment.id, Comment.disavowed_at, Comment.withdrawn_at),
        *(Comment.hidden_at, Comment.held_at, Comment.redacted_at),
        *(Comment.body, Comment.proposed, Comment.quote, Comment.mandate),
        (col(Comment.body) == ERASED).label("erased"),
    ).where(
        Comment.consultation_id == consultation_id,
        or_(col(Comment.redacted_at).is_not(None), *(~one for one in public())),
    )
    if ids is not None:
        query = query.where(col(Comment.id).in_(ids))
    return {row.id: _since(row) for row in session.execute(query)}


def _since(row: Row[Any]) -> Since:
    if row.withdrawn_at:
        if row.erased and not row.disavowed_at:
            return Since("removed")
        return Since("disavowed" if row.disavowed_at else "withdrawn")
    if row.hidden_at or row.held_at:
        return Since("hidden" if row.hidden_at else "held")
    if row.redacted_at:
        words = {"proposal": row.body, "proposed": row.proposed, "quote": row.quote}
        words |= {"mandate": row.mandate}
        return Since(words=words)
    return Since()


def names_in(
    session: Session, consultation_id: int, ids: Sequence[int] | None = None
) -> dict[int, PublicName]:
    """Who said each comment of a round, by its id; of these alone, if they are named."""
    query = (
        select(Comment.id, who(Comment))
        .join(Person, col(Person.id) == col(Comment.author_id))
        .where(Comment.consultation_id == consultation_id)
    )
    if ids is not None:
        query = query.where(col(Comment.id).in_(ids))
    return dict(session.execute(query).all())
