"""Reads for whoever does the work: the open duties of their agencies, by urgency and by officer."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, case, func, literal, select, true, tuple_
from sqlmodel import Session, col
from sqlmodel.sql.sqltypes import UTCDateTime

from consult.obligations.ledger.rules import Stored
from consult.obligations.models import DutyProposal, Obligation
from consult.obligations.queries import DutyRow, rows_of, with_draft
from consult.obligations.registers.agenda import When
from consult.obligations.registers.listing import OPEN, RUNNING, due

NOBODY = 0  # as an officer: not assigned
PAGE = 50
MOST = 500  # duties given to an officer at once

_PLANNED = col(Obligation.state) == Stored.PLANNED.value
# Running before paused before planned; within each as they fall due.
_RANK = case((RUNNING, 0), (_PLANNED, 2), else_=1)
_UNDATED = datetime(9999, 1, 1, tzinfo=UTC)
_INSTANT = UTCDateTime()
_DUE = func.coalesce(due, literal(_UNDATED, _INSTANT))


@dataclass(frozen=True, slots=True)
class Agenda:
    """Whose duties are looked at, and when: `turns` are the ends of today and of this week.

    No `agency_ids` are all agencies; `officer` None is any of them, NOBODY none.
    """

    agency_ids: frozenset[int]
    now: datetime
    turns: tuple[datetime, datetime]
    officer: int | None = None
    when: str = ""


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How many duties each part of the agenda has, and each officer, with the other filter on."""

    when: Counter[str]
    officers: Counter[int]

    @property
    def total(self) -> int:
        return sum(self.when.values())


def count_work(session: Session, agenda: Agenda) -> WorkCounts:
    """Counted in one query, however many there are."""
    part, officer = _part(agenda).label("part"), func.coalesce(col(Obligation.officer_id), NOBODY)
    query = select(part, officer.label("officer"), func.count()).where(*_mine(agenda))
    counts = WorkCounts(Counter(), Counter())
    for name, officer_id, n in session.execute(query.group_by("part", "officer")).all():
        if agenda.officer in (None, officer_id):
            counts.when[name] += n
        if agenda.when in ("", name):
            counts.officers[officer_id] += n
    return counts


def list_work(
    session: Session, agenda: Agenda, after: str = "", limit: int = PAGE
) -> list[DutyRow]:
    """The most urgent first; one more than `limit` tells that there are more."""
    query = with_draft().where(*_mine(agenda), *_narrowed(agenda))
    if (cursor := _read_cursor(after)) is not None:
        rank, due_at, number = cursor
        last = tuple_(literal(rank), literal(due_at, _INSTANT), literal(number))
        query = query.where(tuple_(_RANK, _DUE, col(Obligation.id)) > last)
    query = query.order_by(_RANK, _DUE, col(Obligation.id)).limit(limit + 1)
    return rows_of(session, session.exec(query).all())


def found_work(session: Session, agenda: Agenda) -> list[int]:
    """The ids of all duties of a list; one more than MOST tells that there are too many."""
    query = select(col(Obligation.id)).where(*_mine(agenda), *_narrowed(agenda)).limit(MOST + 1)
    return [id_ or 0 for id_ in session.execute(query).scalars()]


def cursor_of_work(row: DutyRow) -> str:
    """A row's place in the list: how it stands, when it is due (in seconds), its number."""
    duty = row.obligation
    rank = {Stored.RUNNING: 0, Stored.PLANNED: 2}.get(Stored(duty.state), 1)
    return f"{rank}.{int((duty.due_at or _UNDATED).timestamp())}.{duty.id}"


def _read_cursor(text: str) -> tuple[int, datetime, int] | None:
    parts = text.split(".")
    if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) < 13 for p in parts):
        return None
    rank, seconds, number = map(int, parts)
    last = int(_UNDATED.timestamp())
    return rank, datetime.fromtimestamp(min(seconds, last), tz=UTC), min(number, 2**31 - 1)


def _mine(agenda: Agenda) -> list[ColumnElement[bool]]:
    agencies = col(Obligation.agency_id).in_(sorted(agenda.agency_ids))
    return [OPEN, agencies if agenda.agency_ids else true()]


def _part(agenda: Agenda) -> ColumnElement[str]:
    today, week = agenda.turns
    return case(
        (_PLANNED, When.PLANNED.value),
        (~RUNNING, When.PAUSED.value),
        (due <= agenda.now, When.OVERDUE.value),
        (due <= today, When.TODAY.value),
        (due <= week, When.WEEK.value),
        else_=When.LATER.value,
    )


def _narrowed(agenda: Agenda) -> list[ColumnElement[bool]]:
    officer = col(Obligation.officer_id)
    return [
        _part(agenda) == agenda.when if agenda.when else true(),
        true()
        if agenda.officer is None
        else (officer.is_(None) if agenda.officer == NOBODY else officer == agenda.officer),
    ]


def part_of(row: DutyRow, agenda: Agenda) -> When:
    """In which part of the agenda a duty stands."""
    duty, (today, week) = row.obligation, agenda.turns
    if duty.state != Stored.RUNNING.value or duty.due_at is None:
        return When.PLANNED if duty.state == Stored.PLANNED.value else When.PAUSED
    ends = ((agenda.now, When.OVERDUE), (today, When.TODAY), (week, When.WEEK))
    return next((part for end, part in ends if duty.due_at <= end), When.LATER)


def proposed_work(session: Session, agenda: Agenda, limit: int = PAGE) -> list[DutyRow]:
    """What somebody asked more time, a pause or a waiver for, the longest waiting first."""
    query = with_draft().where(*_mine(agenda), col(DutyProposal.id).is_not(None))
    query = query.order_by(col(DutyProposal.proposed_at), col(DutyProposal.id)).limit(limit)
    return rows_of(session, session.exec(query).all())


def not_yet_of(session: Session, duty_ids: Collection[int], officer_id: int) -> list[int]:
    """Which of some open duties somebody else has, or nobody."""
    query = select(col(Obligation.id)).where(
        OPEN,
        col(Obligation.id).in_(duty_ids),
        func.coalesce(col(Obligation.officer_id), NOBODY) != officer_id,
    )
    return [id_ or 0 for id_ in session.execute(query.order_by(col(Obligation.id))).scalars()]
