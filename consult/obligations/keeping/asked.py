"""Duties owed once for one thing: a draft, what somebody asked for, what was said or held.

Which duties there are per kind of thing is the pack's. Those of a round of discussion follow it in
following.py.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from consult.law.queries import Law
from consult.obligations.ledger.rules import Kind, Stored
from consult.obligations.ledger.subjects import Subject
from consult.obligations.models import Obligation
from consult.obligations.writing import begin, write
from consult.procedure.deadlines import Trigger, local_day
from consult.procedure.duties import Duty, Evidence, Per
from consult.procedure.packs import RulePack
from drafts.models import Draft

TICKING = (Stored.RUNNING, Stored.PAUSED)
OPEN = (Stored.PLANNED, *TICKING)


def new_duty(
    law: Law,
    duty: Duty,
    key: str,
    subject: str,
    on: datetime,
    *,
    draft: Draft | None,
    agency_id: int | None = None,
) -> Obligation:
    """A duty not yet written down, with the rule in force on the day of `on`.

    Of the agency of the draft if no other is named; about no draft, an agency has to be. Raises
    NotFound where the pack has no rule for it.
    """
    act_type, attributes = (draft.act_type, draft.attributes) if draft else ("", ())
    rule = law.pack.rule_for(duty.term, act_type, local_day(on, law.tz), attributes)
    owing = agency_id or (draft.agency_id if draft else None)
    if owing is None:
        raise ValueError("a duty is owed by an agency")
    return Obligation(
        key=key,
        duty=duty.code,
        subject=subject,
        rule_code=rule.code,
        agency_id=owing,
        draft_id=draft.id if draft else None,
        state=Stored.PLANNED.value,
    )


def owe_for_one(
    session: Session,
    law: Law,
    per: Per,
    number: int,
    at: datetime,
    now: datetime,
    *,
    draft: Draft | None = None,
    agency_id: int | None = None,
    again: bool = False,
) -> None:
    """Owe since `at` whatever the pack has for the thing of this kind and number.

    About a draft, or about none; by the agency of the draft if no other is named. Done twice,
    nothing is added. `again`: what was cancelled is owed anew, under the next number.
    """
    subject = str(Subject(per.value, str(number)))
    known = _of_one(session, per, number, tuple(Stored)) if again else []
    cancelled = all(owed.state == Stored.CANCELLED.value for owed in known)
    nth = f":{len(known) + 1}" if known and cancelled else ""
    owe(session, law, per, None, subject, at, now, draft=draft, agency_id=agency_id, nth=nth)


def owe(
    session: Session,
    law: Law,
    per: Per,
    trigger: Trigger | None,
    subject: str,
    at: datetime,
    now: datetime,
    *,
    draft: Draft | None,
    agency_id: int | None = None,
    nth: str = "",
) -> None:
    """Set running the duties per such a thing, those that `trigger` begins if one is named."""
    for duty in law.pack.duty:
        if duty.per is not per or (trigger is not None and duty.trigger is not trigger):
            continue
        key = f"{duty.code}:{subject}{nth}"
        if session.exec(select(Obligation.id).where(Obligation.key == key)).first() is None:
            shown = "" if per is Per.DRAFT else subject
            owed = new_duty(law, duty, key, shown, at, draft=draft, agency_id=agency_id)
            begin(session, law, owed, at, now)
            write(session, law, owed, Kind.TRIGGERED, at, {}, now=now)


def settle_one(
    session: Session,
    law: Law,
    per: Per,
    number: int,
    evidence: Evidence,
    path: str,
    at: datetime,
    now: datetime,
    *,
    agency_id: int | None = None,
) -> None:
    """What was owed for one thing was done `at`; `path` is where it is seen.

    By one agency only, if it is named.
    """
    for obligation in _of_one(session, per, number, TICKING):
        ours = agency_id is None or obligation.agency_id == agency_id
        if ours and evidence_of(law.pack, obligation) is evidence:
            write(session, law, obligation, Kind.FULFILLED, at, {"evidence": path}, now=now)


def cancel_one(
    session: Session,
    law: Law,
    per: Per,
    number: int,
    reason: str,
    at: datetime,
    now: datetime,
) -> None:
    """Nothing is owed any more since `at`; `reason` is a translatable sentence."""
    for obligation in _of_one(session, per, number, OPEN):
        write(session, law, obligation, Kind.CANCELLED, at, {"reason": reason}, now=now)


def in_states(states: Collection[Stored]) -> ColumnElement[bool]:
    """The condition that a duty is in one of these states."""
    return col(Obligation.state).in_([state.value for state in states])


def evidence_of(pack: RulePack, obligation: Obligation) -> Evidence | None:
    """What shows that a duty was fulfilled; None if the pack no longer has it."""
    duty = pack.duties.get(obligation.duty)
    return duty.evidence if duty else None


def _of_one(
    session: Session, per: Per, number: int, states: Collection[Stored]
) -> list[Obligation]:
    subject = str(Subject(per.value, str(number)))
    query = select(Obligation).where(Obligation.subject == subject, in_states(states))
    return list(session.exec(query.order_by(col(Obligation.id))).all())
