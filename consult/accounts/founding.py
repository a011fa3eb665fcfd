"""An organisation comes into being with its first manager; one that nobody confirmed goes again."""

from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from consult.accounts.models import Membership, Organisation, Person
from consult.accounts.rules import clean_line
from consult.audit.models import AuditEntry
from consult.errors import N_, Invalid

NAME_MAX = 200
NUMBER_MAX = 40
TOO_LONG = N_("This is too long: at most {most} characters.")


def found(
    session: Session,
    person: Person,
    *,
    name: str,
    number: str = "",
    mandate: str = "",
    now: datetime,
) -> Organisation:
    """Make an organisation that `person` manages and acts for from now on; raises Invalid.

    Always a new one: whoever types the name of another does not get into it. Nobody has checked the
    name or the number.
    """
    name, number = clean_named(name, number)
    organisation = Organisation(name=name, number=number, created_at=now)
    session.add(organisation)
    session.flush()
    session.add(
        Membership(
            organisation_id=organisation.id or 0,
            person_id=person.id or 0,
            mandate=mandate,
            manages=True,
            created_at=now,
        )
    )
    person.acts_for_id = organisation.id
    session.add(person)
    session.flush()
    return organisation


def clean_named(name: str, number: str) -> tuple[str, str]:
    """The name and the number of an organisation as they are kept; raises Invalid."""
    name, number = clean_line(name), clean_line(number)
    if not name:
        raise Invalid("Please enter the name of the organisation.", field="name")
    for field, words, most in (("name", name, NAME_MAX), ("number", number, NUMBER_MAX)):
        if len(words) > most:
            raise Invalid(TOO_LONG, field=field, most=most)
    return name, number


def forget_founded(session: Session, person: Person) -> None:
    """Take away what was entered with an address that nobody confirmed.

    Whoever has it may be somebody else than who entered it, and has said nothing yet.
    """
    founded = session.exec(
        select(Membership.organisation_id).where(Membership.person_id == person.id)
    ).all()
    person.acts_for_id = None
    session.add(person)
    session.flush()
    session.execute(delete(Membership).where(col(Membership.person_id) == person.id))
    logged = select(AuditEntry.id).where(AuditEntry.organisation_id == col(Organisation.id))
    session.execute(delete(Organisation).where(col(Organisation.id).in_(founded), ~logged.exists()))
