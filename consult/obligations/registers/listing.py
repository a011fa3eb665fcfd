"""Reads of many duties: the register with its filters, totals by agency, what is publicly overdue.

One duty with its ledger: queries.py. What an agency has before it: worklist.py.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_
from sqlalchemy import select as grouping  # that of SQLModel knows the types of four columns only
from sqlmodel import Session, col, select

from consult.consultations.models import Consultation
from consult.law.queries import Law
from consult.obligations.keeping.ladder import Told, due_by
from consult.obligations.ledger.rules import SETTLED, Stored
from consult.obligations.ledger.subjects import SINGLE as SINGLE_KINDS
from consult.obligations.ledger.subjects import prefix
from consult.obligations.models import Obligation
from consult.obligations.queries import DutyQuery, DutyRow, rows_of, with_draft
from consult.procedure.deadlines import end_of, local_day
from drafts.models import Draft

RUNNING = col(Obligation.state) == Stored.RUNNING.value
OPEN = col(Obligation.state).in_([one.value for one in Stored if one not in SETTLED])
BEGUN = and_(OPEN, col(Obligation.state) != Stored.PLANNED.value)
FULFILLED = col(Obligation.state) == Stored.FULFILLED.value
due, done = col(Obligation.due_at), col(Obligation.fulfilled_at)
SINGLE = or_(*(col(Obligation.subject).startswith(prefix(kind)) for kind in SINGLE_KINDS))
STATUSES = (
    "open",
    "overdue",
    "long_overdue",
    "due_this_week",
    "paused",
    "planned",
    "extended",
    "settled",
    "fulfilled_late",
    "waived",
    "cancelled",
    "all",
)
NEWEST_FIRST = frozenset({"settled", "fulfilled_late", "waived", "cancelled"})
PER = (
    *("consultation", "draft", "comment", "issue", "problem", "contest", "appeal"),
    *("proposal", "opinion_request", "opinion", "question", "deputy_question", "information"),
    *("hearing", "sitting", "review", "period"),
)
CHUNK = 500


@dataclass(frozen=True, slots=True)
class DutyFilter:
    """What a register is narrowed to; empty means any.

    `status` is one of STATUSES ("open" is what runs or is paused), or "unsettled", where what is
    planned comes after that; "due_this_week" needs `week_ends`, "long_overdue" `long_by`, the
    latest due instant that is so. `per` says what a duty is owed for, one of PER; without it duties
    for one comment are left out while nothing is wrong with them, for they would drown all others;
    "whole" never lists them, "all" every single one. Of `due_after` and `due_by`, instants, the
    second is within.
    """

    agency_id: int | None = None
    draft_id: int | None = None
    duty: str = ""
    status: str = ""
    act_type: str = ""
    rule_code: str = ""
    per: str = ""
    due_after: datetime | None = None
    due_by: datetime | None = None
    week_ends: datetime | None = None
    long_by: datetime | None = None


def register(
    session: Session, wanted: DutyFilter, now: datetime, after: str = "", limit: int = 200
) -> list[DutyRow]:
    """Duties as they fall due, planned ones last; if only settled ones, the newest first.

    One more than `limit` tells that there are more; `after` is the cursor of the last one shown.
    """
    query = _ordered(wanted, now)
    if cursor := _read_cursor(after):
        query = query.where(_later(wanted, *cursor))
    return rows_of(session, session.exec(query.limit(limit + 1)).all())


def every(session: Session, wanted: DutyFilter, now: datetime) -> Iterator[DutyRow]:
    """All duties of a register, read in pieces: as many as there are."""
    result = session.exec(_ordered(wanted, now).execution_options(yield_per=CHUNK))
    for piece in result.partitions():
        yield from rows_of(session, piece)


def _ordered(wanted: DutyFilter, now: datetime) -> DutyQuery:
    query = with_draft().where(*_narrowed(wanted, now))
    if wanted.status in NEWEST_FIRST:
        return query.order_by(col(Obligation.id).desc())
    return query.order_by(due.is_(None), due, col(Obligation.id))


def cursor_of(row: DutyRow) -> str:
    """A row's place in the register: its due date (in seconds, 0 for none) and its number."""
    due_at = row.obligation.due_at
    return f"{int(due_at.timestamp()) if due_at else 0}.{row.obligation.id}"


def _narrowed(wanted: DutyFilter, now: datetime) -> list[ColumnElement[bool]]:
    equal = (
        (col(Obligation.agency_id), wanted.agency_id),
        (col(Obligation.draft_id), wanted.draft_id),
        (col(Obligation.duty), wanted.duty),
        (col(Draft.act_type), wanted.act_type),
        (col(Obligation.rule_code), wanted.rule_code),
    )
    clauses: list[ColumnElement[bool]] = [column == value for column, value in equal if value]
    if wanted.due_after:
        clauses.append(due > wanted.due_after)
    if wanted.due_by:
        clauses.append(due <= wanted.due_by)
    if wanted.per != "all":
        clauses.append(_owed_for(wanted.per))
    return [*clauses, *_in_status(wanted, now)]


def _in_status(wanted: DutyFilter, now: datetime) -> list[ColumnElement[bool]]:
    state = col(Obligation.state)
    settled = [one.value for one in SETTLED]
    by_status = {
        "open": BEGUN,
        "unsettled": OPEN,
        "overdue": and_(RUNNING, due <= now),
        "long_overdue": and_(RUNNING, due <= (wanted.long_by or now)),
        "due_this_week": and_(RUNNING, due > now, due <= (wanted.week_ends or now)),
        "extended": and_(OPEN, col(Obligation.extra) > 0),
        "settled": state.in_(settled),
        "fulfilled_late": and_(FULFILLED, done >= due),
        **{one: state == one for one in ("paused", "planned", "waived", "cancelled")},
    }
    clause = by_status.get(wanted.status)
    return [] if clause is None else [clause]


def _owed_for(per: str) -> ColumnElement[bool]:
    subject, consultation_id = col(Obligation.subject), col(Obligation.consultation_id)
    if per == "consultation":
        return and_(subject == "", consultation_id.is_not(None))
    if per == "whole":
        return ~SINGLE
    if per == "draft":
        return and_(subject == "", consultation_id.is_(None))
    if per:
        return subject.startswith(prefix(per), autoescape=True)
    cancelled = col(Obligation.state) == Stored.CANCELLED.value
    return ~and_(SINGLE, or_(cancelled, and_(FULFILLED, done < due)))


def _read_cursor(text: str) -> tuple[int, int] | None:
    parts = text.split(".")
    if len(parts) != 2 or not all(p.isascii() and p.isdigit() and len(p) < 12 for p in parts):
        return None
    return int(parts[0]), int(parts[1])


def _later(wanted: DutyFilter, seconds: int, last_id: int) -> ColumnElement[bool]:
    """Keyset paging: what comes after the last row shown, whatever was added meanwhile."""
    number = col(Obligation.id)
    if wanted.status in NEWEST_FIRST:
        return number < last_id
    if not seconds:
        return and_(due.is_(None), number > last_id)
    at = datetime.fromtimestamp(seconds, tz=UTC)
    return or_(due.is_(None), due > at, and_(due == at, number > last_id))


@dataclass(frozen=True, slots=True)
class AgencyTotals:
    """How an agency keeps its terms: what is overdue, what was done late, what on time.

    `extended` counts duties, open or settled, that were given more time than the law sets.
    `single_overdue` are those for single comments, which stand apart from all else: one draft that
    many read would outweigh a year of reports.
    """

    agency_id: int
    running: int = 0
    overdue: int = 0
    late: int = 0
    on_time: int = 0
    long_overdue: int = 0
    extended: int = 0
    single_overdue: int = 0

    @property
    def kept(self) -> float | None:
        """The share of terms kept among those that have run out; None where none has."""
        ended = self.on_time + self.late + self.overdue
        return self.on_time / ended if ended else None


def totals_by_agency(
    session: Session, law: Law, now: datetime, agency_id: int | None = None
) -> dict[int, AgencyTotals]:
    """The totals of each agency that owes or owed anything, or of one; in one query."""
    long_by = end_of(due_by(law.pack.long_overdue, local_day(now, law.tz), law.calendar), law.tz)
    counted = (
        and_(~SINGLE, RUNNING, due > now),
        and_(~SINGLE, RUNNING, due <= now),
        and_(~SINGLE, FULFILLED, done >= due),
        and_(~SINGLE, FULFILLED, done < due),
        and_(~SINGLE, RUNNING, due <= long_by),
        and_(~SINGLE, col(Obligation.extra) > 0),
        and_(SINGLE, RUNNING, due <= now),
    )
    sums = [func.sum(case((condition, 1), else_=0)) for condition in counted]
    query = grouping(col(Obligation.agency_id), *sums)
    if agency_id:
        query = query.where(col(Obligation.agency_id) == agency_id)
    rows = session.execute(query.group_by(col(Obligation.agency_id))).all()
    return {row[0]: AgencyTotals(row[0], *(int(n) for n in row[1:])) for row in rows}


@dataclass(frozen=True, slots=True)
class Folded:
    """Duties of one kind shown as one: those for single comments of one discussion, `n` of them.

    Of all others `n` is 1. `obligation` is the first of them, `due_at` the earliest.
    """

    obligation: Obligation
    draft: Draft | None
    round: int | None
    due_at: datetime
    expected_on: date | None
    n: int


def overdue_in_public(
    session: Session,
    told: Told,
    now: datetime,
    *,
    agency_id: int | None = None,
    after: str = "",
    newest_first: bool = False,
    limit: int = 50,
) -> list[Folded]:
    """What is late and on the public list, the longest first; one more than `limit` if there is."""
    late = _late(told, now, agency_id)
    number, due_at = late.c.number, late.c.due_at
    query = (
        grouping(Obligation, Draft, col(Consultation.round), due_at, late.c.expected_on, late.c.n)
        .join(late, number == col(Obligation.id))
        .outerjoin(Draft, col(Draft.id) == col(Obligation.draft_id))
        .outerjoin(Consultation, col(Consultation.id) == col(Obligation.consultation_id))
        .limit(limit + 1)
    )
    if newest_first:
        query = query.order_by(due_at.desc(), number.desc())
    else:
        query = query.order_by(due_at, number)
    if cursor := _read_cursor(after):
        at = datetime.fromtimestamp(cursor[0], tz=UTC)
        query = query.where(or_(due_at > at, and_(due_at == at, number > cursor[1])))
    return [Folded(*row) for row in session.execute(query).all()]


@dataclass(frozen=True, slots=True)
class Singles:
    """The duties of one kind for the comments of a round, or for its groups of comments.

    `counts` says how many stand how: on_time, late, overdue, running, waiting (planned or paused),
    dropped (waived or cancelled). `next_due` is when the first of those that run is due.
    """

    duty: str
    per: str
    round: int | None
    counts: Mapping[str, int]
    next_due: datetime | None


def singles_of(session: Session, draft_id: int, now: datetime) -> list[Singles]:
    """What is owed for single comments of a draft, counted in one query however many there are."""
    state = col(Obligation.state)
    standings = {
        "on_time": and_(FULFILLED, done < due),
        "late": and_(FULFILLED, done >= due),
        "overdue": and_(RUNNING, due <= now),
        "running": and_(RUNNING, due > now),
        "waiting": state.in_((Stored.PLANNED.value, Stored.PAUSED.value)),
        "dropped": state.in_((Stored.WAIVED.value, Stored.CANCELLED.value)),
    }
    per = case((_owed_for("issue"), "issue"), else_="comment").label("per")
    rounds, code = col(Consultation.round), col(Obligation.duty)
    query = (
        grouping(
            *(code, per, rounds, func.min(case((RUNNING, due)))),
            *(func.sum(case((standing, 1), else_=0)) for standing in standings.values()),
        )
        .outerjoin(Consultation, col(Consultation.id) == col(Obligation.consultation_id))
        .where(col(Obligation.draft_id) == draft_id, SINGLE)
        .group_by(code, "per", rounds)
        .order_by(rounds, func.min(col(Obligation.id)))
    )
    return [
        Singles(duty, per, round_, dict(zip(standings, counts, strict=True)), next_due)
        for duty, per, round_, next_due, *counts in session.execute(query).all()
    ]


def folded_cursor(row: Folded) -> str:
    """A line's place in the public list."""
    return f"{int(row.due_at.timestamp())}.{row.obligation.id}"


def overdue_by_agency(
    session: Session, told: Told, now: datetime
) -> dict[int, tuple[int, datetime]]:
    """How many lines each agency has on the public list, and since when the oldest is late."""
    late = _late(told, now, None)
    query = grouping(late.c.agency_id, func.count(), func.min(late.c.due_at))
    rows = session.execute(query.group_by(late.c.agency_id)).all()
    return {agency_id: (n, due_at) for agency_id, n, due_at in rows}


def count_overdue(session: Session, told: Told, now: datetime) -> int:
    """How many lines the public list has, of all agencies."""
    late = _late(told, now, None)
    return int(session.exec(select(func.count()).select_from(late)).one())


def _late(told: Told, now: datetime, agency_id: int | None) -> Subquery:
    """One line for each duty on the public list, those for single comments folded into one."""
    by_instant: dict[datetime, list[str]] = defaultdict(list)
    for code, until in told.items():
        by_instant[until].append(code)
    duty = col(Obligation.duty)
    reached = [and_(duty.in_(codes), due <= until) for until, codes in by_instant.items()]
    subject = col(Obligation.subject)
    folded = [(_owed_for(kind), kind) for kind in SINGLE_KINDS]
    owed_for = case(*folded, else_=subject).label("owed_for")
    query = grouping(
        col(Obligation.agency_id),
        owed_for,
        func.min(due).label("due_at"),
        func.min(col(Obligation.id)).label("number"),
        func.max(col(Obligation.expected_on)).label("expected_on"),
        func.count().label("n"),
    ).where(RUNNING, due <= now, or_(duty.not_in(told), *reached))
    if agency_id:
        query = query.where(col(Obligation.agency_id) == agency_id)
    same = (col(Obligation.draft_id), col(Obligation.consultation_id), duty)
    return query.group_by(col(Obligation.agency_id), *same, "owed_for").subquery()
