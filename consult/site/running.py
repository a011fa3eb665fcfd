"""What a change of the law touches: how many running duties, and until when they run."""

from datetime import date, datetime, tzinfo

from sqlalchemy import exists, func
from sqlmodel import Session, col, select

from consult.law.models import RuleVersion
from consult.law.rules import fingerprint
from consult.obligations.ledger.rules import Kind, Stored
from consult.obligations.models import Obligation, ObligationEvent
from consult.procedure.calendars import DAY
from consult.procedure.deadlines import end_of
from consult.procedure.packs import RulePack

RUNNING = (Stored.RUNNING.value, Stored.PAUSED.value)


def duties_touched(session: Session, first: date, last: date, tz: tzinfo) -> int:
    """How many running terms have a day between two dates, and may be counted otherwise now."""
    begun = exists().where(
        col(ObligationEvent.obligation_id) == col(Obligation.id),
        col(ObligationEvent.kind) == Kind.TRIGGERED.value,
        col(ObligationEvent.at) < end_of(last, tz),
    )
    query = select(func.count()).where(
        col(Obligation.state).in_(RUNNING),
        col(Obligation.due_at) > end_of(first - DAY, tz),
        begun,
    )
    return int(session.exec(query).one())


def due_dates(session: Session) -> dict[int, datetime]:
    """Until when each running term runs, by the number of its duty."""
    query = select(Obligation.id, Obligation.due_at).where(col(Obligation.state).in_(RUNNING))
    return {number or 0: due_at for number, due_at in session.exec(query).all() if due_at}


def duties_by_earlier_versions(session: Session, pack: RulePack) -> dict[str, int]:
    """How many running terms are counted by what a rule said before, by its code."""
    worded = [fingerprint(rule) for rule in pack.rule]
    rows = session.execute(
        select(col(RuleVersion.code), func.count())
        .join(Obligation, col(Obligation.rule_version_id) == col(RuleVersion.id))
        .where(
            col(Obligation.state).in_(RUNNING),
            RuleVersion.jurisdiction == pack.code,
            col(RuleVersion.fingerprint).not_in(worded),
        )
        .group_by(col(RuleVersion.code))
    ).all()
    return {code: int(count) for code, count in rows}
