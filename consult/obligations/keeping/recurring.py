"""Recurrent duties: once a day, what each body owes for the periods of the calendar."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from consult.accounts.models import Agency
from consult.db import affected, upsert
from consult.errors import N_, NotFound
from consult.law.queries import Law, law_of
from consult.law.rules import fingerprint
from consult.obligations.ledger.rules import Kind, Stored
from consult.obligations.ledger.subjects import Subject
from consult.obligations.models import DailyWork, Obligation
from consult.obligations.queries import ledger
from consult.obligations.writing import Line, rule_of, write_many
from consult.procedure.calendars import DAY
from consult.procedure.deadlines import DeadlineRule, end_of, local_day
from consult.procedure.duties import Duty, Per
from consult.procedure.packs import RulePack
from consult.procedure.periods import Period, periods

NAME = "recurrent_duties"
IN_FORCE = N_("The rule in force on the last day of the period counts.")


def is_new_day(session: Session, now: datetime) -> bool:
    """Whether recurrent duties are to be looked through by now."""
    row = session.get(DailyWork, NAME)
    return row is None or row.next_at <= now


def recur(session: Session, pack: RulePack, now: datetime) -> int:
    """Bring recurrent duties up to today; returns how many ledgers changed.

    Of two workers at once one does it.
    """
    if not _claim(session, pack, now):
        return 0
    law = law_of(session, pack)
    known = _known(session, law)
    work = []
    for agency in session.exec(select(Agency).order_by(col(Agency.id))).all():
        for duty in law.pack.duty:
            if duty.per is Per.AGENCY and agency.kind in duty.agency_kinds:
                work += list(_owed(session, law, agency, duty, known, now))
    write_many(session, law, work, now)
    return len(work)


def _claim(session: Session, pack: RulePack, now: datetime) -> bool:
    """Take the work of this local day; the same transaction does it, so a crash repeats it all."""
    first = upsert(session, DailyWork).values(name=NAME, next_at=now)
    session.execute(first.on_conflict_do_nothing())
    claimed = session.execute(
        update(DailyWork)
        .where(col(DailyWork.name) == NAME, col(DailyWork.next_at) <= now)
        .values(next_at=end_of(local_day(now, pack.tz), pack.tz))
    )
    return affected(claimed) == 1


def _known(session: Session, law: Law) -> dict[str, Obligation | None]:
    """What was laid out before, by key; with its row where its clock does not run yet."""
    codes = [duty.code for duty in law.pack.duty if duty.per is Per.AGENCY]
    keys = session.exec(select(Obligation.key).where(col(Obligation.duty).in_(codes))).all()
    planned = session.exec(
        select(Obligation).where(
            col(Obligation.duty).in_(codes), Obligation.state == Stored.PLANNED.value
        )
    ).all()
    return {**dict.fromkeys(keys), **{duty.key: duty for duty in planned}}


def _owed(
    session: Session,
    law: Law,
    agency: Agency,
    duty: Duty,
    known: dict[str, Obligation | None],
    now: datetime,
) -> Iterator[tuple[Obligation, list[Line]]]:
    """The duties of a body from the period in which it came to be up to the one running now.

    A body that ended owes those up to the period of its last day, and whoever took over works on
    them. That of the running period is planned. The clock of an ended one began in the last
    second of its last day, so that counting starts with the next day, however late this is.
    """
    today = local_day(now, law.tz)
    until = min(today, agency.closed_on - DAY) if agency.closed_on else today
    for period in periods(local_day(agency.created_at, law.tz), until, duty.trigger):
        over_at = end_of(period.last, law.tz)
        ended = [Line(Kind.TRIGGERED, over_at - timedelta(seconds=1))] if over_at <= now else []
        key = f"{duty.code}:{agency.id}:{period.code}"
        planned = known.get(key)
        if planned is not None and ended:
            rule = _rule(law.pack, duty, period)
            yield planned, [*_in_force(session, law, planned, rule, ended[0].at), *ended]
        elif key not in known and (rule := _rule(law.pack, duty, period)) is not None:
            began_at = max(agency.created_at, end_of(period.first - DAY, law.tz))
            yield _new(key, duty, rule, agency, period), [Line(Kind.CREATED, began_at), *ended]


def _in_force(
    session: Session, law: Law, planned: Obligation, rule: DeadlineRule | None, at: datetime
) -> list[Line]:
    """Where a period ended under another rule than was foreseen when it was planned, that one.

    One that a person chose in between stays. Where a rule is only given an end, nothing changes.
    """
    own = rule_of(session, law, planned)
    if rule is None or fingerprint(rule) == fingerprint(
        own.model_copy(update={"valid_to": rule.valid_to})
    ):
        return []
    if any(line.kind is Kind.CORRECTED for line in ledger(session, planned.id or 0)):
        return []
    return [Line(Kind.CORRECTED, at, {"reason": IN_FORCE}, rule=rule)]


def _rule(pack: RulePack, duty: Duty, period: Period) -> DeadlineRule | None:
    """The rule in force on the last day of a period; None where the law asked for nothing then."""
    try:
        return pack.rule_for(duty.term, "", period.last)
    except NotFound:
        return None


def _new(key: str, duty: Duty, rule: DeadlineRule, agency: Agency, period: Period) -> Obligation:
    return Obligation(
        key=key,
        duty=duty.code,
        subject=str(Subject("period", period.code)),
        rule_code=rule.code,
        agency_id=agency.id or 0,
        state=Stored.PLANNED.value,
    )
