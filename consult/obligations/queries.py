"""Reads of single duties: one with its ledger, its reminders, what is running for a consultation.

Many duties at once: registers.py and worklist.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from sqlalchemy import and_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.errors import NotFound
from consult.obligations.ledger.rules import (
    Kind,
    LedgerEvent,
    ObligationState,
    Status,
    Stored,
    derived,
)
from consult.obligations.models import (
    DutyProposal,
    Obligation,
    ObligationComputation,
    ObligationEvent,
    ReminderSent,
)
from consult.procedure.deadlines import last_day
from drafts.models import Draft

SOON = timedelta(days=3)
LONG = timedelta(days=30)
BATCH = 200

Found = tuple[Obligation, Draft, int, str]
DutyQuery = Select[Obligation, Draft, int, str]


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty as a register shows it at a given time, with the draft and the round it is owed in.

    `receipt` is the number of the comment it is owed for, `proposal` what waits for a decision.
    """

    obligation: Obligation
    draft: Draft | None
    status: Status
    round: int | None = None
    receipt: str = ""
    proposal: str = ""


def duty_row(session: Session, obligation_id: int, now: datetime) -> DutyRow:
    """One duty as the register shows it; raises NotFound."""
    found = session.exec(with_draft().where(Obligation.id == obligation_id)).all()
    if not found:
        raise NotFound("There is no such duty.")
    return rows_of(session, found, now)[0]


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


def rows_of(session: Session, found: Sequence[Found], now: datetime) -> list[DutyRow]:
    """What `with_draft` found, as rows; one more query if some are owed for comments."""
    ids = {duty.id: comment for duty, *_ in found if (comment := commented(duty.subject))}
    query = select(Comment.id, Comment.receipt).where(col(Comment.id).in_(set(ids.values())))
    receipts: dict[int | None, str] = dict(session.exec(query).all()) if ids else {}
    return [
        DutyRow(
            *(duty, draft, status_of(duty, now), number),
            receipt=receipts.get(ids.get(duty.id), ""),
            proposal=proposal or "",
        )
        for duty, draft, number, proposal in found
    ]


def commented(subject: str) -> int | None:
    """The comment a duty is owed for, if it is owed for one."""
    head, _, number = subject.partition(":")
    return int(number) if head == "comment" and number.isascii() and number.isdigit() else None


def status_of(duty: Obligation, now: datetime) -> Status:
    """What a reader is shown of a duty now; it is derived, never stored."""
    state = ObligationState(
        stored=Stored(duty.state), seq=0, due_at=duty.due_at, settled_at=duty.fulfilled_at
    )
    return derived(state, now, soon=SOON, long=LONG)


def obligation_to_change(session: Session, obligation_id: int) -> Obligation:
    """One duty, which nobody else changes until this transaction ends; raises NotFound."""
    obligation = session.get(Obligation, obligation_id, with_for_update=True)
    if obligation is None:
        raise NotFound("There is no such duty.")
    return obligation


def ledger(session: Session, obligation_id: int) -> list[LedgerEvent]:
    """The lines of a duty's ledger in order."""
    rows = session.exec(
        select(ObligationEvent)
        .where(ObligationEvent.obligation_id == obligation_id)
        .order_by(col(ObligationEvent.seq))
    ).all()
    return [LedgerEvent(row.seq, Kind(row.kind), row.at, row.data, row.actor_id) for row in rows]


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
    """The reminders that went out for the due date each duty has now, by duty: rung and audience.

    Those for an earlier due date do not count: who was reminded before an extension is again.
    """
    due_on = {duty.id: last_day(duty.due_at, tz) for duty in duties if duty.due_at}
    rows = session.exec(
        select(ReminderSent).where(col(ReminderSent.obligation_id).in_(due_on))
    ).all()
    sent: dict[int, set[tuple[int, str]]] = {}
    for row in rows:
        if row.due_on == due_on[row.obligation_id]:
            sent.setdefault(row.obligation_id, set()).add((row.rung, row.audience))
    return sent


def last_comment_at(session: Session, consultation_id: int) -> datetime | None:
    """When the last comment of a consultation was taken; None if there was none."""
    query = select(Comment.created_at).where(Comment.consultation_id == consultation_id)
    return session.exec(query.order_by(col(Comment.id).desc()).limit(1)).first()


def answer_due(session: Session, consultation_id: int) -> datetime | None:
    """Until when the comments of a consultation must be answered, once that clock runs."""
    query = select(Obligation.due_at).where(
        Obligation.consultation_id == consultation_id,
        Obligation.duty == "answer",
        Obligation.state == Stored.RUNNING.value,
    )
    return session.exec(query.order_by(col(Obligation.due_at)).limit(1)).first()
