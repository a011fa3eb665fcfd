"""Reads of single duties: one with its ledger, its reminders, what is running for a consultation.

Many duties at once: registers.py and worklist.py.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import String, and_, cast, literal
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from consult.answers.models import IssueComment
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.errors import NotFound
from consult.obligations.ledger.dating import days_by_calendar
from consult.obligations.ledger.rules import Kind, LedgerEvent, Stored
from consult.obligations.models import (
    DutyProposal,
    Obligation,
    ObligationComputation,
    ObligationEvent,
    ReminderSent,
)
from consult.procedure.deadlines import last_day, local_day
from consult.procedure.duties import Evidence
from consult.procedure.packs import RulePack
from drafts.models import Draft

BATCH = 200

Found = tuple[Obligation, Draft, int, str]
DutyQuery = Select[Obligation, Draft, int, str]


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty as a register shows it, with the draft and the round it is owed in.

    `receipt` is the number of the comment it is owed for, `proposal` what waits for a decision.
    """

    obligation: Obligation
    draft: Draft | None
    round: int | None = None
    receipt: str = ""
    proposal: str = ""


def duty_row(session: Session, obligation_id: int) -> DutyRow:
    """One duty as the register shows it; raises NotFound."""
    found = session.exec(with_draft().where(Obligation.id == obligation_id)).all()
    if not found:
        raise NotFound("There is no such duty.")
    return rows_of(session, found)[0]


def with_draft() -> DutyQuery:
    """Duties with their draft, the number of their round, and what is proposed for them."""
    waiting = and_(
        col(DutyProposal.obligation_id) == col(Obligation.id),
        col(DutyProposal.verdict) == "waiting",
    )
    return (
        select(Obligation, Draft, Consultation.round, DutyProposal.kind)
        .outerjoin(Draft, col(Draft.id) == col(Obligation.draft_id))
        .outerjoin(Consultation, col(Consultation.id) == col(Obligation.consultation_id))
        .outerjoin(DutyProposal, waiting)
    )


def rows_of(session: Session, found: Sequence[Found]) -> list[DutyRow]:
    """What `with_draft` found, as rows; one more query if some are owed for comments."""
    ids = {duty.id: comment for duty, *_ in found if (comment := commented(duty.subject))}
    query = select(Comment.id, Comment.receipt).where(col(Comment.id).in_(set(ids.values())))
    receipts: dict[int | None, str] = dict(session.exec(query).all()) if ids else {}
    return [
        DutyRow(
            duty,
            draft,
            number,
            receipt=receipts.get(ids.get(duty.id), ""),
            proposal=proposal or "",
        )
        for duty, draft, number, proposal in found
    ]


def commented(subject: str) -> int | None:
    """The comment a duty is owed for, if it is owed for one."""
    head, _, number = subject.partition(":")
    return int(number) if head == "comment" and number.isascii() and number.isdigit() else None


def obligation_to_change(session: Session, obligation_id: int) -> Obligation:
    """One duty, which nobody else changes until this transaction ends; raises NotFound."""
    obligation = session.get(Obligation, obligation_id, with_for_update=True)
    if obligation is None:
        raise NotFound("There is no such duty.")
    return obligation


def obligations_to_change(session: Session, ids: Collection[int]) -> list[Obligation]:
    """Duties by id, which nobody else changes until this transaction ends; raises NotFound."""
    query = select(Obligation).where(col(Obligation.id).in_(ids)).order_by(col(Obligation.id))
    locked = query.with_for_update().execution_options(populate_existing=True)
    found = list(session.exec(locked).all())
    if len(found) != len(set(ids)):
        raise NotFound("There is no such duty.")
    return found


def ledger(session: Session, obligation_id: int) -> list[LedgerEvent]:
    """The lines of a duty's ledger in order."""
    return ledgers(session, [obligation_id])[obligation_id]


def ledgers(session: Session, ids: Sequence[int | None]) -> dict[int | None, list[LedgerEvent]]:
    """The lines of many ledgers, each in order, by duty; one query."""
    found: dict[int | None, list[LedgerEvent]] = {id_: [] for id_ in ids}
    if ids:
        query = select(ObligationEvent).where(col(ObligationEvent.obligation_id).in_(ids))
        for row in session.exec(query.order_by(col(ObligationEvent.seq))).all():
            event = LedgerEvent(row.seq, Kind(row.kind), row.at, row.data, row.actor_id)
            found[row.obligation_id].append(event)
    return found


def computations(session: Session, obligation_id: int) -> list[ObligationComputation]:
    """Every computation of a duty's due date, in order."""
    query = select(ObligationComputation).where(
        ObligationComputation.obligation_id == obligation_id
    )
    return list(session.exec(query.order_by(col(ObligationComputation.seq))).all())


def reminders_waiting(session: Session, now: datetime, limit: int = BATCH) -> list[Obligation]:
    """Duties whose reminders are to be looked at by now; another worker's are left to it."""
    query = select(Obligation).where(col(Obligation.remind_at) <= now)
    query = query.order_by(col(Obligation.remind_at), col(Obligation.id)).limit(limit)
    return list(session.exec(query.with_for_update(skip_locked=True)).all())


def rungs_sent(
    session: Session, duties: Sequence[Obligation], tz: tzinfo
) -> dict[int, set[tuple[int, str]]]:
    """The reminders a duty needs no more as it is due now, by duty: rung and audience.

    Each goes out once. Where a person has given the term another end (an extension, a pause, a
    correction), the ladder is climbed again; where the calendar moved it, it is not, for those who
    owe the duty are told of that by itself (TermsMoved). Only that the duty is late is said again
    once it is, if it was said by a day that the decree has made part of the term.
    """
    due_on = {duty.id: last_day(duty.due_at, tz) for duty in duties if duty.due_at}
    rows = session.exec(
        select(ReminderSent).where(col(ReminderSent.obligation_id).in_(due_on))
    ).all()
    moved = {row.obligation_id for row in rows if row.due_on != due_on[row.obligation_id]}
    earlier = {id_: days_by_calendar(lines) for id_, lines in ledgers(session, list(moved)).items()}
    sent: dict[int, set[tuple[int, str]]] = {}
    for row in rows:
        now_on = due_on[row.obligation_id]
        by_calendar = row.due_on in earlier.get(row.obligation_id, ())
        still_true = row.rung <= 0 or local_day(row.sent_at, tz) > now_on
        if row.due_on == now_on or (by_calendar and still_true):
            sent.setdefault(row.obligation_id, set()).add((row.rung, row.audience))
    return sent


def last_comment_at(session: Session, consultation_id: int) -> datetime | None:
    """When the last comment of a consultation was taken; None if there was none."""
    query = select(Comment.created_at).where(Comment.consultation_id == consultation_id)
    return session.exec(query.order_by(col(Comment.id).desc()).limit(1)).first()


def subjects_of(session: Session, comment_id: int) -> list[str]:
    """What a duty may be owed for because of a comment: itself, the group it stands in."""
    query = select(IssueComment.issue_id).where(IssueComment.comment_id == comment_id)
    return [f"comment:{comment_id}", *(f"issue:{id_}" for id_ in session.exec(query).all())]


def answer_due(session: Session, pack: RulePack, comment: Comment) -> datetime | None:
    """Until when a comment must be answered, once that clock runs: alone, with its group, or with
    all of its round."""
    issue = select(IssueComment.issue_id).where(IssueComment.comment_id == comment.id)
    of_group = literal("issue:") + cast(issue.scalar_subquery(), String)
    query = select(Obligation.due_at).where(
        Obligation.consultation_id == comment.consultation_id,
        col(Obligation.duty).in_([d.code for d in pack.duty if d.evidence is Evidence.ANSWER]),
        col(Obligation.subject).in_(["", f"comment:{comment.id}", of_group]),
        Obligation.state == Stored.RUNNING.value,
    )
    return session.exec(query.order_by(col(Obligation.due_at)).limit(1)).first()
