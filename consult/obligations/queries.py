"""Reads of duties: the register, totals by agency, one duty with its ledger, what is running."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select

from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.errors import NotFound
from consult.obligations.models import (
    Obligation,
    ObligationComputation,
    ObligationEvent,
    ReminderSent,
)
from consult.obligations.rules import (
    SETTLED,
    Kind,
    LedgerEvent,
    ObligationState,
    Status,
    Stored,
    derived,
)
from consult.procedure.deadlines import last_day
from drafts.models import Draft

SOON = timedelta(days=3)
LONG = timedelta(days=30)
BATCH = 200
_RUNNING = col(Obligation.state) == Stored.RUNNING.value
_FULFILLED = col(Obligation.state) == Stored.FULFILLED.value


@dataclass(frozen=True, slots=True)
class DutyFilter:
    """What a register is narrowed to; empty means any."""

    agency_id: int | None = None
    draft_id: int | None = None
    duty: str = ""
    status: str = ""  # open | overdue | settled


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty as a register shows it at a given time, with the draft and the round it is owed in."""

    obligation: Obligation
    draft: Draft | None
    status: Status
    round: int | None = None


def register(
    session: Session, wanted: DutyFilter, now: datetime, after: str = "", limit: int = 200
) -> list[DutyRow]:
    """Duties as they fall due, planned ones last; if only settled ones, the newest first.

    One more than `limit` tells that there are more; `after` is the cursor of the last one shown.
    """
    query = _with_draft().where(*_narrowed(wanted, now))
    if wanted.status == "settled":
        query = query.order_by(col(Obligation.id).desc())
    else:
        undated = col(Obligation.due_at).is_(None)
        query = query.order_by(undated, col(Obligation.due_at), col(Obligation.id))
    if cursor := _read_cursor(after):
        query = query.where(_later(wanted, *cursor))
    rows = session.exec(query.limit(limit + 1)).all()
    return [DutyRow(duty, draft, status_of(duty, now), number) for duty, draft, number in rows]


def duty_row(session: Session, obligation_id: int, now: datetime) -> DutyRow:
    """One duty as the register shows it; raises NotFound."""
    found = session.exec(_with_draft().where(Obligation.id == obligation_id)).first()
    if found is None:
        raise NotFound("There is no such duty.")
    duty, draft, number = found
    return DutyRow(duty, draft, status_of(duty, now), number)


def _with_draft() -> Select[Obligation, Draft, int]:
    return (
        select(Obligation, Draft, Consultation.round)
        .outerjoin(Draft, col(Draft.id) == col(Obligation.draft_id))
        .outerjoin(Consultation, col(Consultation.id) == col(Obligation.consultation_id))
    )


def cursor_of(row: DutyRow) -> str:
    """A row's place in the register: its due date (in seconds, 0 for none) and its number."""
    due_at = row.obligation.due_at
    return f"{int(due_at.timestamp()) if due_at else 0}.{row.obligation.id}"


def _narrowed(wanted: DutyFilter, now: datetime) -> list[ColumnElement[bool]]:
    settled = [state.value for state in SETTLED]
    by_status = {
        "overdue": and_(_RUNNING, col(Obligation.due_at) <= now),
        "open": col(Obligation.state).not_in(settled),
        "settled": col(Obligation.state).in_(settled),
    }
    chosen = [
        (wanted.agency_id, col(Obligation.agency_id) == wanted.agency_id),
        (wanted.draft_id, col(Obligation.draft_id) == wanted.draft_id),
        (wanted.duty, col(Obligation.duty) == wanted.duty),
        (wanted.status in by_status, by_status.get(wanted.status)),
    ]
    return [clause for given, clause in chosen if given and clause is not None]


def _read_cursor(text: str) -> tuple[int, int] | None:
    parts = text.split(".")
    if len(parts) != 2 or not all(p.isascii() and p.isdigit() and len(p) < 12 for p in parts):
        return None
    return int(parts[0]), int(parts[1])


def _later(wanted: DutyFilter, seconds: int, last_id: int) -> ColumnElement[bool]:
    """Keyset paging: what comes after the last row shown, whatever was added meanwhile."""
    due, number = col(Obligation.due_at), col(Obligation.id)
    if wanted.status == "settled":
        return number < last_id
    if not seconds:
        return and_(due.is_(None), number > last_id)
    at = datetime.fromtimestamp(seconds, tz=UTC)
    return or_(due.is_(None), due > at, and_(due == at, number > last_id))


def status_of(duty: Obligation, now: datetime) -> Status:
    """What a reader is shown of a duty now; it is derived, never stored."""
    state = ObligationState(
        stored=Stored(duty.state), seq=0, due_at=duty.due_at, settled_at=duty.fulfilled_at
    )
    return derived(state, now, soon=SOON, long=LONG)


@dataclass(frozen=True, slots=True)
class AgencyTotals:
    """How an agency keeps its terms: what is overdue, what was done late, what on time."""

    agency_id: int
    running: int = 0
    overdue: int = 0
    late: int = 0
    on_time: int = 0

    @property
    def kept(self) -> float | None:
        """The share of terms kept among those that have run out; None where none has."""
        ended = self.on_time + self.late + self.overdue
        return self.on_time / ended if ended else None


def totals_by_agency(session: Session, now: datetime) -> dict[int, AgencyTotals]:
    """The totals of each agency that owes or owed anything, in one query."""
    due, done = col(Obligation.due_at), col(Obligation.fulfilled_at)
    counted = (
        and_(_RUNNING, due > now),
        and_(_RUNNING, due <= now),
        and_(_FULFILLED, done >= due),
        and_(_FULFILLED, done < due),
    )
    sums = [func.sum(case((condition, 1), else_=0)) for condition in counted]
    rows = session.execute(
        select(col(Obligation.agency_id), *sums).group_by(col(Obligation.agency_id))
    ).all()
    return {row[0]: AgencyTotals(row[0], *(int(n) for n in row[1:])) for row in rows}


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


def count_overdue(session: Session, now: datetime) -> int:
    """How many duties are overdue in all agencies."""
    query = select(func.count()).where(_RUNNING, col(Obligation.due_at) <= now)
    return int(session.exec(query).one())


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
    return session.exec(query).first()
