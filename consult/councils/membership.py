"""Who belongs to a council: an administrator adds members and ends their membership."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from consult.access import Actor, Role, check_right
from consult.accounts.actions import grant
from consult.accounts.models import Agency, Grant, Person
from consult.accounts.rules import check_agency_open, clean_line
from consult.audit.actions import note
from consult.councils.models import CouncilMember
from consult.councils.queries import membership
from consult.councils.rules import check_member
from consult.errors import Conflict, Invalid, NotAllowed


def member_of(session: Session, actor: Actor, agency_id: int) -> CouncilMember:
    """The membership by which somebody acts for a council; raises NotAllowed."""
    check_right(actor, "counsel")
    member = membership(session, agency_id, actor.person_id)
    if member is None:
        raise NotAllowed("This is done by the members of the council.")
    return member


def add_member(
    session: Session,
    *,
    actor: Actor,
    council: Agency,
    email: str,
    name: str,
    field: str = "",
    is_chair: bool = False,
    now: datetime,
) -> CouncilMember:
    """Let somebody who has an account act for a council, under a name everybody sees.

    Raises Invalid; Conflict for who is a member already.
    """
    check_right(actor, "administer")
    check_agency_open(council.closed_on)
    name, field = clean_line(name), clean_line(field)
    check_member(name, field)
    person = session.exec(select(Person).where(Person.email == email.strip().casefold())).first()
    if person is None or person.email_confirmed_at is None:
        raise Invalid("Nobody with this address has an account here.", field="email")
    if membership(session, council.id or 0, person.id or 0):
        raise Conflict("This person is a member already.", field="email")
    member = CouncilMember(
        agency_id=council.id or 0,
        person_id=person.id or 0,
        name=name,
        field=field,
        is_chair=is_chair,
        since_at=now,
        added_by=actor.person_id,
    )
    try:
        with session.begin_nested():
            session.add(member)
    except IntegrityError as error:  # somebody else did, at the same instant
        raise Conflict("This person is a member already.", field="email") from error
    grant(session, person.id or 0, Role.COUNCILLOR, council.id, now, by=actor.id)
    return member


def end_membership(session: Session, *, actor: Actor, member: CouncilMember, now: datetime) -> None:
    """Somebody is no member any more; how they voted stays. Raises Conflict if it was ended."""
    check_right(actor, "administer")
    session.refresh(member, with_for_update=True)
    if member.until_at is not None:
        raise Conflict("This membership was ended already.")
    member.until_at = now
    session.add(member)
    held = select(Grant).where(
        Grant.person_id == member.person_id,
        Grant.role == Role.COUNCILLOR.value,
        col(Grant.agency_id) == member.agency_id,
    )
    for row in session.exec(held).all():
        session.delete(row)
    note(
        session,
        "role_taken",
        actor_id=actor.id,
        subject_id=member.person_id,
        agency_id=member.agency_id,
        now=now,
        role=Role.COUNCILLOR.value,
    )
