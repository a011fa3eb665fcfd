"""What is done with the law an installation holds: enter decreed days, confirm years and rules."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from consult.access import Actor, check_right
from consult.db import affected
from consult.errors import N_, Conflict, Invalid, NotFound
from consult.events import CalendarChanged
from consult.law.models import CalendarAct, CalendarDay, RuleConfirmation, RuleVersion
from consult.law.queries import act_entered, confirmation_of, version_of
from consult.law.rules import (
    DOCUMENT_CHARS,
    REASON_CHARS,
    DecreedDay,
    check_days,
    check_year,
    content,
    digest_of_days,
    digest_of_year,
    fingerprint,
)
from consult.outbox import record
from consult.procedure.deadlines import DeadlineRule

DAYS_KNOWN = N_("These very days were entered on this document already.")
YEAR_KNOWN = N_("The calendar of this year is confirmed already.")


def enter_days(
    session: Session,
    *,
    actor: Actor,
    jurisdiction: str,
    days: Iterable[DecreedDay],
    document: str,
    now: datetime,
    filename: str = "",
) -> CalendarAct:
    """Change days of the calendar on a document; running terms are counted anew afterwards.

    Raises Invalid for wrong days or no document, Conflict if it was entered already.
    """
    check_right(actor, "administer")
    listed, document = sorted(days), _given(document, "document", DOCUMENT_CHARS)
    check_days(listed)
    act = CalendarAct(
        jurisdiction=jurisdiction,
        kind="days",
        document=document,
        filename=filename[-200:],
        digest=digest_of_days(document, listed),
        entered_by=actor.id,
        entered_at=now,
    )
    return _enter(session, act, DAYS_KNOWN, listed)


def confirm_year(
    session: Session, *, actor: Actor, jurisdiction: str, year: int, document: str, now: datetime
) -> CalendarAct:
    """Say that the calendar of a year is final: its dates are no longer preliminary.

    Days may still be decreed and entered later. Raises Invalid, Conflict.
    """
    check_right(actor, "administer")
    check_year(year)
    act = CalendarAct(
        jurisdiction=jurisdiction,
        kind="year_confirmed",
        year=year,
        document=_given(document, "document", DOCUMENT_CHARS),
        digest=digest_of_year(year),
        entered_by=actor.id,
        entered_at=now,
    )
    return _enter(session, act, YEAR_KNOWN)


def _enter(
    session: Session, act: CalendarAct, known: str, days: Iterable[DecreedDay] = ()
) -> CalendarAct:
    same = select(CalendarAct.id).where(
        CalendarAct.jurisdiction == act.jurisdiction,
        CalendarAct.digest == act.digest,
        col(CalendarAct.revoked_at).is_(None),
    )
    if session.exec(same).first() is not None:
        raise Conflict(known)
    session.add(act)
    session.flush()
    session.add_all(
        CalendarDay(act_id=act.id or 0, on=day.on, kind=day.kind.value, name=day.name)
        for day in days
    )
    session.flush()
    record(session, CalendarChanged(act.id or 0), act.entered_at)
    return act


def revoke(
    session: Session, *, actor: Actor, jurisdiction: str, act_id: int, reason: str, now: datetime
) -> CalendarAct:
    """Take back what was entered by mistake, or what a later decree annulled; it stays readable.

    Raises NotFound, Invalid without a reason, Conflict if it was revoked already.
    """
    check_right(actor, "administer")
    act = act_entered(session, jurisdiction, act_id).act
    change = (
        update(CalendarAct)
        .where(col(CalendarAct.id) == act_id, col(CalendarAct.revoked_at).is_(None))
        .values(
            revoked_by=actor.id,
            revoked_at=now,
            revoked_reason=_given(reason, "reason", REASON_CHARS),
        )
    )
    if not affected(session.execute(change)):
        raise Conflict("This was revoked already.")
    record(session, CalendarChanged(act_id), now)
    return act


def _given(text: str, field: str, most: int) -> str:
    """What has to be written, without spaces around; raises Invalid."""
    said = " ".join(text.split())
    if not said:
        raise Invalid("Please fill this in.", field=field)
    if len(said) > most:
        raise Invalid(
            "This is too long: at most {max_length} characters.", field=field, max_length=most
        )
    return said


def keep_version(session: Session, rule: DeadlineRule, now: datetime) -> RuleVersion:
    """The version that says what the rule says now, written down if it is new."""
    known = version_of(session, rule)
    if known is not None:
        return known
    row = RuleVersion(
        jurisdiction=rule.jurisdiction,
        code=rule.code,
        fingerprint=fingerprint(rule),
        content=content(rule),
        first_seen_at=now,
    )
    session.add(row)
    session.flush()
    return row


def confirm_rule(
    session: Session,
    *,
    actor: Actor,
    rule: DeadlineRule,
    seen: str,
    document: str,
    now: datetime,
) -> RuleConfirmation:
    """Say that a rule agrees with the act in force. `seen`: the fingerprint of what was read.

    Raises Conflict if the rule says something else by now or is confirmed, Invalid without a
    document.
    """
    check_right(actor, "administer")
    if seen != fingerprint(rule):
        raise Conflict("This rule has changed since you opened the page. Please read it again.")
    if confirmation_of(session, rule) is not None:
        raise Conflict("This rule is confirmed already.")
    row = RuleConfirmation(
        rule_version_id=keep_version(session, rule, now).id or 0,
        document=_given(document, "document", DOCUMENT_CHARS),
        confirmed_by=actor.person_id,
        confirmed_at=now,
    )
    session.add(row)
    session.flush()
    return row


def withdraw_confirmation(
    session: Session,
    *,
    actor: Actor,
    jurisdiction: str,
    confirmation_id: int,
    reason: str,
    now: datetime,
) -> None:
    """Take the confirmation of a rule back. Raises NotFound, Invalid without a reason, Conflict."""
    check_right(actor, "administer")
    row = session.get(RuleConfirmation, confirmation_id)
    version = session.get(RuleVersion, row.rule_version_id) if row else None
    if version is None or version.jurisdiction != jurisdiction:
        raise NotFound("There is no such confirmation.")
    change = (
        update(RuleConfirmation)
        .where(
            col(RuleConfirmation.id) == confirmation_id,
            col(RuleConfirmation.withdrawn_at).is_(None),
        )
        .values(
            withdrawn_by=actor.person_id,
            withdrawn_at=now,
            withdrawn_reason=_given(reason, "reason", REASON_CHARS),
        )
    )
    if not affected(session.execute(change)):
        raise Conflict("This confirmation was withdrawn already.")
