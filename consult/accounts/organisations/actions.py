"""What members do: make an organisation, speak for it or not, end memberships, hand it over.

A manager corrects what it is called; an administrator too, and closes it.

Inviting is in accounts/invitations; how an organisation begins, in accounts/founding.
"""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor, check_right
from consult.account_events import MembershipChanged
from consult.accounts.founding import clean_named, found
from consult.accounts.invitations.models import Invitation
from consult.accounts.models import Membership, Organisation, Person
from consult.accounts.organisations.queries import live_membership, managers_of, memberships_of
from consult.accounts.organisations.rules import (
    check_manages,
    check_may_end,
    check_may_take_over,
    check_not_too_many,
)
from consult.accounts.reserved import check_organisation_name
from consult.audit.actions import note
from consult.errors import NotFound


def make_organisation(
    session: Session, *, actor: Actor, name: str, number: str, mandate: str, now: datetime
) -> Organisation:
    """Make an organisation with oneself as its manager; raises Invalid, Conflict.

    One acts for it from now on.
    """
    check_right(actor, "comment")
    check_not_too_many(len(memberships_of(session, actor.person_id)))
    check_organisation_name(session, name)
    person = session.get_one(Person, actor.person_id)
    return found(session, person, name=name, number=number, mandate=mandate, now=now)


def act_for(session: Session, *, actor: Actor, organisation_id: int | None) -> Organisation | None:
    """What the person says from now on is said in this organisation's name; None: in their own.

    Raises NotFound if they are not a member of it.
    """
    check_right(actor, "comment")
    chosen = None
    if organisation_id is not None:
        # Kept until this is over: who ends the membership meanwhile comes after it, or is seen.
        mine = live_membership(session, actor.person_id, organisation_id, keep=True)
        if mine is None:
            raise NotFound("There is no such organisation.")
        chosen = session.get_one(Organisation, organisation_id)
    session.execute(
        update(Person)
        .where(col(Person.id) == actor.person_id)
        .values(acts_for_id=organisation_id)
        .execution_options(synchronize_session="fetch")
    )
    return chosen


def end_membership(
    session: Session, *, actor: Actor, organisation_id: int, membership_id: int, now: datetime
) -> Membership:
    """Somebody speaks for the organisation no longer; what they said in its name stays said so.

    Raises NotFound (also for whoever is no member), NotAllowed, Conflict (the last manager).
    """
    member = _member(session, actor, organisation_id, membership_id)
    managers = managers_of(session, organisation_id)
    check_may_end(actor.person_id, member.person_id, managers)
    _end(session, actor, member, now)
    return member


def _end(session: Session, actor: Actor, member: Membership, now: datetime) -> None:
    member.ended_at, member.ended_by = now, actor.person_id
    session.add(member)
    session.execute(
        update(Person)
        .where(
            col(Person.id) == member.person_id, col(Person.acts_for_id) == member.organisation_id
        )
        .values(acts_for_id=None)
        .execution_options(synchronize_session="fetch")
    )
    _note(session, "member_ended", actor, member, now)


def hand_over(
    session: Session, *, actor: Actor, organisation_id: int, membership_id: int, now: datetime
) -> Membership:
    """Another member manages the organisation instead of oneself, who stays a member.

    Raises NotFound, NotAllowed, Conflict.
    """
    member = _member(session, actor, organisation_id, membership_id)
    check_may_take_over(actor.person_id, member.person_id, managers_of(session, organisation_id))
    mine = live_membership(session, actor.person_id, organisation_id)
    if mine is None:
        raise NotFound("There is no such organisation.")
    mine.manages, member.manages = False, True
    session.add_all([mine, member])
    session.flush()
    _note(session, "organisation_handed_over", actor, member, now)
    return member


def correct_organisation(
    session: Session, *, actor: Actor, organisation_id: int, name: str, number: str, now: datetime
) -> None:
    """Another name or number, also beside what was said before; the earlier ones stay in the log.

    A manager's is as little checked as the first; an administrator may give any. Raises NotFound
    (also for whoever is no member), NotAllowed, Invalid.
    """
    check_right(actor, "cabinet")
    organisation = _kept(session, organisation_id)
    name, number = clean_named(name, number)
    if not actor.may("administer"):
        mine = live_membership(session, actor.person_id, organisation_id)
        if mine is None:
            raise NotFound("There is no such organisation.")
        check_manages(manages=mine.manages)
        if name != organisation.name:
            check_organisation_name(session, name)
    earlier = {"name": organisation.name, "number": organisation.number}
    if earlier == {"name": name, "number": number}:
        return
    organisation.name, organisation.number = name, number
    session.add(organisation)
    session.flush()
    note(
        session,
        "organisation_corrected",
        actor_id=actor.id,
        organisation_id=organisation_id,
        now=now,
        earlier=earlier,
    )


def close_organisation(
    session: Session, *, actor: Actor, organisation_id: int, now: datetime
) -> None:
    """Nobody speaks for it any more and nobody can be invited to; what it said stays.

    Raises NotAllowed, NotFound.
    """
    check_right(actor, "administer")
    _kept(session, organisation_id)
    live = select(Membership).where(
        Membership.organisation_id == organisation_id, col(Membership.ended_at).is_(None)
    )
    for member in session.exec(live).all():
        _end(session, actor, member, now)
    session.execute(
        update(Invitation)
        .where(
            col(Invitation.organisation_id) == organisation_id,
            col(Invitation.accepted_at).is_(None),
            col(Invitation.withdrawn_at).is_(None),
        )
        .values(withdrawn_at=now)
    )
    note(
        session,
        "organisation_closed",
        actor_id=actor.id,
        organisation_id=organisation_id,
        now=now,
    )


def _kept(session: Session, organisation_id: int) -> Organisation:
    """An organisation, locked; raises NotFound."""
    query = select(Organisation).where(Organisation.id == organisation_id).with_for_update()
    organisation = session.exec(query.execution_options(populate_existing=True)).first()
    if organisation is None:
        raise NotFound("There is no such organisation.")
    return organisation


def _member(session: Session, actor: Actor, organisation_id: int, membership_id: int) -> Membership:
    """A live membership of an organisation the actor is a member of; raises NotFound.

    The organisation is kept: of two managers who leave at once the second finds itself the last.
    """
    kept = select(Organisation).where(Organisation.id == organisation_id)
    session.exec(kept.with_for_update()).first()
    if live_membership(session, actor.person_id, organisation_id) is None:
        raise NotFound("There is no such organisation.")
    member = session.exec(
        select(Membership)
        .where(
            Membership.id == membership_id,
            Membership.organisation_id == organisation_id,
            col(Membership.ended_at).is_(None),
        )
        .execution_options(populate_existing=True)
    ).first()
    if member is None:
        raise NotFound("This membership has ended already.")
    return member


def _note(session: Session, action: str, actor: Actor, member: Membership, now: datetime) -> None:
    note(
        session,
        action,
        actor_id=actor.id,
        subject_id=member.person_id,
        organisation_id=member.organisation_id,
        now=now,
    )
    change = "ended" if action == "member_ended" else "manages"
    outbox.record(session, MembershipChanged(member.id or 0, change, actor.person_id), now)
