"""How the public sees a person, for all they said and will say; their own name and place."""

from datetime import datetime

from sqlmodel import Session, col, select

from consult.access import Actor
from consult.accounts.appearance.rules import clean_pseudonym
from consult.accounts.lookalike import look
from consult.accounts.models import SHOWN, Person
from consult.accounts.reserved import check_person_name, check_pseudonym
from consult.audit.actions import note
from consult.errors import N_, Conflict, Invalid

TAKEN = N_("Somebody has this pseudonym, or one that looks the same. Please choose another.")


def choose_shown(session: Session, *, actor: Actor, shown: str, pseudonym: str) -> None:
    """Show the name, the pseudonym or nothing from now on, also beside what was said before.

    A pseudonym stays one's own while another choice stands. Raises Invalid and Conflict.
    """
    person = session.get_one(Person, actor.person_id, with_for_update=True)
    key = check_choice(session, shown, pseudonym, own=person.id)
    person.shown = shown
    person.pseudonym, person.pseudonym_key = clean_pseudonym(pseudonym) if key else "", key
    session.add(person)
    session.flush()


def correct_name(session: Session, *, actor: Actor, name: str, region: str, now: datetime) -> None:
    """The person's name and place from now on, both cleaned; raises Invalid.

    With another name it is no longer known who they are, until they show their document again.
    """
    person = session.get_one(Person, actor.person_id, with_for_update=True)
    if (name, region) == (person.name, person.region):
        return
    if name != person.name:
        check_person_name(session, name)
        person.verified_at = None
    person.name, person.region = name, region
    session.add(person)
    session.flush()
    note(session, "name_corrected", actor_id=person.id, subject_id=person.id, now=now)


def check_choice(
    session: Session, shown: str, pseudonym: str, *, own: int | None = None
) -> str | None:
    """What this pseudonym looks like, None without one; raises Invalid and Conflict."""
    if shown not in SHOWN:
        raise Invalid("Please choose one of the options.", field="shown")
    if not pseudonym.strip():
        if shown == "pseudonym":
            raise Invalid("Please enter the pseudonym.", field="pseudonym")
        return None
    key = look(clean_pseudonym(pseudonym))
    check_pseudonym(session, clean_pseudonym(pseudonym), own=own)
    taken = select(Person.id).where(Person.pseudonym_key == key)
    if own is not None:
        taken = taken.where(col(Person.id) != own)
    if session.exec(taken).first() is not None:
        raise Conflict(TAKEN, field="pseudonym")
    return key
