"""What people are told about duties, but for reminders (handlers.py): proposals, delays, dates."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from consult import events
from consult.access import Role
from consult.accounts.models import Agency, Person
from consult.accounts.queries import people_with
from consult.adoption.models import Problem
from consult.answers.models import IssueComment
from consult.comments.models import Comment
from consult.councils.models import CouncilMember, CouncilOpinion
from consult.law.models import CalendarAct
from consult.law.queries import law_of
from consult.obligations.cards import due_on, name_of
from consult.obligations.keeping.recounting import Moved, moved_duties
from consult.obligations.ledger.rules import SETTLED, Kind, Stored
from consult.obligations.models import DutyProposal, Obligation
from consult.obligations.queries import ledger
from consult.obligations.writing import rule_of
from consult.platform import Platform
from consult.proposals.queries import supporters
from drafts.models import Draft
from notifications.actions import notify
from notifications.telling import titles_of

BATCH = 50  # people told in one transaction: the one writer of SQLite is never held for long
LISTED = 30  # duties told of in one message; the others are counted


def tell_approvers(
    session: Session, platform: Platform, event: events.DutyProposed, now: datetime
) -> None:
    """Those who may decide on it, but for the person who proposed it."""
    proposal = session.get_one(DutyProposal, event.proposal_id)
    if proposal.verdict != "waiting":
        return
    duty = session.get_one(Obligation, event.obligation_id)
    values = _values(session, platform, duty) | _proposed(session, platform, duty, proposal)
    for person in people_with(session, Role.APPROVER, duty.agency_id):
        if person.id != proposal.proposed_by:
            key = f"duty_proposed:{proposal.id}"
            _tell(session, platform, person, key, "duty_proposed", duty, values, now)


def tell_proposer(
    session: Session, platform: Platform, event: events.DutyProposalDecided, now: datetime
) -> None:
    """What became of what an officer asked for, with the note of who decided."""
    proposal = session.get_one(DutyProposal, event.proposal_id)
    duty = session.get_one(Obligation, event.obligation_id)
    due = due_on(duty, platform.pack.tz)
    values = (
        _values(session, platform, duty)
        | _proposed(session, platform, duty, proposal)
        | {
            "approved": proposal.verdict == "approved",
            "note": proposal.note,
            "due_on": due.isoformat() if due and duty.state == Stored.RUNNING.value else "",
        }
    )
    person = session.get_one(Person, proposal.proposed_by)
    key = f"duty_decided:{proposal.id}"
    _tell(session, platform, person, key, "duty_decided", duty, values, now)


def _proposed(
    session: Session, platform: Platform, duty: Obligation, proposal: DutyProposal
) -> dict[str, Any]:
    rule = rule_of(session, law_of(session, platform.pack), duty)
    return {
        "kind": proposal.kind,
        "extra": proposal.extra,
        "unit": rule.unit.value,
        "basis": proposal.basis,
        "reason": proposal.reason,
    }


def tell_of_correction(
    session: Session, platform: Platform, event: events.DutyCorrected, now: datetime
) -> None:
    """The officers and the head of the agency, but for whoever corrected it."""
    duty = session.get_one(Obligation, event.obligation_id)
    line = next(one for one in ledger(session, event.obligation_id) if one.seq == event.seq)
    values = _values(session, platform, duty) | {
        "reason": line.data["reason"],
        "due_on": line.data.get("due_on", ""),
    }
    staff = [
        *people_with(session, Role.OFFICER, duty.agency_id),
        *people_with(session, Role.APPROVER, duty.agency_id),
    ]
    for person in staff:
        if person.id != line.actor_id:
            key = f"duty_corrected:{duty.id}:{event.seq}"
            _tell(session, platform, person, key, "duty_corrected", duty, values, now)


def tell_assigned(
    session: Session, platform: Platform, event: events.DutiesAssigned, now: datetime
) -> None:
    """One message to the officer, with those of the duties that did not go on since."""
    query = select(Obligation).where(
        col(Obligation.id).in_(event.obligation_ids), Obligation.officer_id == event.person_id
    )
    still = session.exec(query.order_by(col(Obligation.due_at), col(Obligation.id))).all()
    if not still:
        return
    values = {
        "duties": [_given(session, platform, duty) for duty in still[:LISTED]],
        "count": len(still),
        "more": max(len(still) - LISTED, 0),
    }
    notify(
        session,
        session.get_one(Person, event.person_id),
        key=f"duty_assigned:{event.obligation_ids[0]}:{event.seq}",
        kind="duty_assigned",
        values=values,
        path=f"/obligations/{still[0].id}" if len(still) == 1 else "/desk/duties?officer=mine",
        zone=platform.pack.tz,
        now=now,
    )


def _given(session: Session, platform: Platform, duty: Obligation) -> dict[str, Any]:
    due = due_on(duty, platform.pack.tz)
    return _values(session, platform, duty) | {
        "due_on": due.isoformat() if due else "",
        "path": f"/obligations/{duty.id}",
    }


def tell_of_delay(
    session: Session, platform: Platform, event: events.DelayAnnounced, now: datetime
) -> None:
    """Those to whom the agency owes it; nobody, once it is done or a later notice says more.

    Batch by batch, each in a transaction of its own (wiring.py).
    """
    duty = session.get_one(Obligation, event.obligation_id)
    lines = ledger(session, event.obligation_id)
    newest = [line for line in lines if line.kind is Kind.DELAY_ANNOUNCED][-1]
    due = due_on(duty, platform.pack.tz)
    if Stored(duty.state) in SETTLED or newest.seq != event.seq or due is None:
        return
    values = _values(session, platform, duty) | {
        "due_on": due.isoformat(),
        "expected_on": newest.data["expected_on"],
        "reason": newest.data["reason"],
    }
    people, key = _owed(session, duty), f"delay:{duty.id}:{event.seq}"
    for start in range(0, len(people), BATCH):
        with platform.database.writing() as writing:
            for person_id in people[start : start + BATCH]:
                person = writing.get_one(Person, person_id)
                _tell(writing, platform, person, key, "delay", duty, values, now)


def _owed(session: Session, duty: Obligation) -> list[int]:
    """Who took part in what a duty is owed for: a comment, a group, a problem, a round, a draft.

    Nobody in particular, where it is owed for no draft: a report for a period.
    """
    query = select(Comment.author_id)
    kind, _, number = duty.subject.partition(":")
    if kind == "problem":
        query = select(Problem.author_id).where(Problem.id == int(number))
    elif kind == "opinion":  # the council that gave it
        query = (
            select(CouncilMember.person_id)
            .join(CouncilOpinion, col(CouncilOpinion.agency_id) == col(CouncilMember.agency_id))
            .where(CouncilOpinion.id == int(number), col(CouncilMember.until_at).is_(None))
        )
    elif kind == "proposal":
        query = supporters(int(number))
    elif kind == "comment":
        query = query.where(Comment.id == int(number))
    elif kind == "issue":
        query = query.join(IssueComment, col(IssueComment.comment_id) == col(Comment.id)).where(
            IssueComment.issue_id == int(number)
        )
    elif duty.consultation_id:
        query = query.where(Comment.consultation_id == duty.consultation_id)
    elif duty.draft_id:
        query = query.where(Comment.draft_id == duty.draft_id)
    else:
        return []
    return list(session.exec(query.distinct()).all())


def tell_of_moved_terms(
    session: Session, platform: Platform, event: events.TermsMoved, now: datetime
) -> None:
    """One message for each who works on the duties of an agency, with all dates that moved."""
    moved, marked = moved_duties(session, event)
    act = session.get_one(CalendarAct, event.act_id)
    agency = session.get_one(Agency, event.agency_id)
    values = {
        "document": act.document,
        "revoked": event.revoked,
        "year": str(act.year or ""),
        "moved": [_moved(platform, one) for one in moved[:LISTED]],
        "count": len(moved),
        "more": max(len(moved) - LISTED, 0),
        "marked": marked,
    }
    people = {
        person.id: person
        for role in (Role.OFFICER, Role.APPROVER)
        for person in people_with(session, role, event.agency_id)
    }
    mark = "revoked" if event.revoked else "entered"
    for person in people.values():
        notify(
            session,
            person,
            key=f"terms_moved:{event.act_id}:{mark}:{event.agency_id}",
            kind="terms_moved",
            values=values,
            path=f"/obligations?agency={agency.code}",
            zone=platform.pack.tz,
            now=now,
        )


def _moved(platform: Platform, one: Moved) -> dict[str, Any]:
    return {
        "duty": dict(name_of(platform.pack, one.duty)),
        "titles": titles_of(one.draft) if one.draft else {},
        "was_on": one.was_on.isoformat(),
        "now_on": one.now_on.isoformat(),
        "path": f"/obligations/{one.duty.id}",
    }


def _values(session: Session, platform: Platform, duty: Obligation) -> dict[str, Any]:
    draft = session.get(Draft, duty.draft_id) if duty.draft_id else None
    return {
        "duty": dict(name_of(platform.pack, duty)),
        "titles": titles_of(draft) if draft else {},
    }


def _tell(
    session: Session,
    platform: Platform,
    person: Person,
    key: str,
    kind: str,
    duty: Obligation,
    values: dict[str, Any],
    now: datetime,
) -> None:
    notify(
        session,
        person,
        key=key,
        kind=kind,
        values=values,
        path=f"/obligations/{duty.id}",
        zone=platform.pack.tz,
        now=now,
    )
