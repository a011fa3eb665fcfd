"""Reads for feeds of duties: what falls due in an agency, and what its ledgers said lately.

Duties for single comments come counted, or not at all: a calendar with five thousand entries on
one day helps nobody.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from consult.consultations.models import Consultation
from consult.obligations.ledger.rules import Kind
from consult.obligations.models import Obligation, ObligationEvent
from consult.obligations.registers.listing import FULFILLED, RUNNING, SINGLE, done, due
from drafts.models import Draft

MOST = 1000  # entries of a calendar
NEWS = 50  # entries of a feed
TOLD = (
    Kind.TRIGGERED,
    Kind.EXTENDED,
    Kind.PAUSED,
    Kind.RESUMED,
    Kind.CORRECTED,
    Kind.CALENDAR_CHANGED,
    Kind.DELAY_ANNOUNCED,
    Kind.FULFILLED,
    Kind.WAIVED,
    Kind.CANCELLED,
)


@dataclass(frozen=True, slots=True)
class Falling:
    """A duty that falls due, or `n` of one kind for single comments of a discussion, at `due_at`.

    `lines` is the number of lines in its ledger, so that it rises with every change; the newest of
    them was written at `changed_at`.
    """

    obligation: Obligation
    draft: Draft | None
    round: int | None
    due_at: datetime
    lines: int
    changed_at: datetime
    n: int = 1


def falling_due(
    session: Session, agency_id: int, after: datetime, until: datetime
) -> list[Falling]:
    """What falls due in an agency between two instants, or fell and was done, in order."""
    line = col(ObligationEvent.obligation_id) == col(Obligation.id)
    lines = select(func.count()).where(line).scalar_subquery()
    changed_at = select(func.max(ObligationEvent.recorded_at)).where(line).scalar_subquery()
    query = (
        select(Obligation, Draft, col(Consultation.round), due, lines, changed_at)
        .outerjoin(Draft, col(Draft.id) == col(Obligation.draft_id))
        .outerjoin(Consultation, col(Consultation.id) == col(Obligation.consultation_id))
        .where(col(Obligation.agency_id) == agency_id, due > after, due <= until, ~SINGLE)
        .order_by(due, col(Obligation.id))
        .limit(MOST)
    )
    whole = [Falling(*row) for row in session.execute(query).all()]
    return sorted([*whole, *_singles(session, agency_id, after, until)], key=lambda one: one.due_at)


def _singles(session: Session, agency_id: int, after: datetime, until: datetime) -> list[Falling]:
    """The running ones for single comments: one a round and kind, when the first of them is due."""
    running = (
        select(
            func.min(col(Obligation.id)).label("number"),
            func.min(due).label("due_at"),
            func.count().label("n"),
        )
        .where(col(Obligation.agency_id) == agency_id, RUNNING, SINGLE, due > after, due <= until)
        .group_by(col(Obligation.consultation_id), col(Obligation.duty))
        .subquery()
    )
    owed = aliased(Obligation)
    of_all = (
        select(func.count())
        .select_from(ObligationEvent)
        .join(owed, col(owed.id) == col(ObligationEvent.obligation_id))
        .where(
            col(owed.consultation_id) == col(Obligation.consultation_id),
            col(owed.duty) == col(Obligation.duty),
        )
    )
    lines = of_all.scalar_subquery()
    newest = of_all.with_only_columns(func.max(ObligationEvent.recorded_at)).scalar_subquery()
    query = (
        select(
            *(Obligation, Draft, col(Consultation.round), running.c.due_at),
            *(lines, newest, running.c.n),
        )
        .join(running, running.c.number == col(Obligation.id))
        .outerjoin(Draft, col(Draft.id) == col(Obligation.draft_id))
        .outerjoin(Consultation, col(Consultation.id) == col(Obligation.consultation_id))
        .limit(MOST)
    )
    return [Falling(*row) for row in session.execute(query).all()]


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened to a duty; `line` None: its term ran out."""

    obligation: Obligation
    draft: Draft | None
    line: ObligationEvent | None
    at: datetime


def told_lately(session: Session, agency_id: int, now: datetime) -> list[Told]:
    """What the ledgers of an agency said last, and which of its terms ran out; the newest first."""
    owed = (col(Obligation.agency_id) == agency_id, ~SINGLE)
    said = (
        select(Obligation, Draft, ObligationEvent, col(ObligationEvent.recorded_at))
        .join(ObligationEvent, col(ObligationEvent.obligation_id) == col(Obligation.id))
        .outerjoin(Draft, col(Draft.id) == col(Obligation.draft_id))
        .where(*owed, col(ObligationEvent.kind).in_([kind.value for kind in TOLD]))
        .order_by(col(ObligationEvent.recorded_at).desc(), col(ObligationEvent.id).desc())
        .limit(NEWS)
    )
    ran_out = (
        select(Obligation, Draft, due)
        .outerjoin(Draft, col(Draft.id) == col(Obligation.draft_id))
        .where(*owed, due <= now, or_(RUNNING, and_(FULFILLED, done >= due)))
        .order_by(due.desc(), col(Obligation.id).desc())
        .limit(NEWS)
    )
    news = [Told(*row) for row in session.execute(said).all()]
    news += [Told(duty, draft, None, at) for duty, draft, at in session.execute(ran_out).all()]
    return sorted(news, key=lambda one: one.at, reverse=True)[:NEWS]
