"""What a person does for the safety of their account: end sign-ins, a new password, a new address.

A new address is confirmed by a link mailed to it; the old one may take the change back for a while.
What is mailed: notifications/accounts.py.
"""

from datetime import datetime

from sqlalchemy import delete, func, or_, update
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor, check_right
from consult.account_events import (
    AddressChangeAsked,
    AddressChanged,
    AddressRestored,
    AddressTakenOver,
    PasswordChanged,
    RegistrationRepeated,
)
from consult.accounts.actions import forget_links, new_link, use_link
from consult.accounts.eid.actions import forget_since as forget_identities_since
from consult.accounts.founding import forget_founded
from consult.accounts.keys.actions import end_keys_of
from consult.accounts.models import MailToken, Person, SignIn
from consult.accounts.queries import kept_for
from consult.accounts.rules import clean_email
from consult.accounts.second_factor.actions import forget_since as forget_factors_since
from consult.accounts.secrets import token_hash
from consult.accounts.signins.rules import REFERENCE, UNDO_LIFE, check_new_address
from consult.audit.actions import note
from consult.db import affected
from consult.errors import Conflict, Invalid


def end_sign_in(session: Session, *, actor: Actor, reference: str) -> None:
    """End one of the actor's own sign-ins; it may have ended already."""
    check_right(actor, "cabinet")
    session.execute(
        delete(SignIn).where(
            col(SignIn.person_id) == actor.person_id,
            func.substr(SignIn.token_hash, 1, REFERENCE) == reference,
        )
    )


def end_others(session: Session, *, actor: Actor, token: str) -> None:
    """End all sign-ins of the actor but the one with this token."""
    check_right(actor, "cabinet")
    _end_all(session, actor.person_id, token)


def change_password(
    session: Session, *, actor: Actor, old_hash: str, hashed: str, token: str, now: datetime
) -> None:
    """Set a new password; every sign-in but this one ends, and every link that was mailed.

    `old_hash` is that of the password that was asked for: of two who change it at once, one does.
    """
    check_right(actor, "cabinet")
    changed = session.execute(
        update(Person)
        .where(col(Person.id) == actor.person_id, col(Person.password_hash) == old_hash)
        .values(password_hash=hashed)
    )
    if affected(changed) == 0:
        raise Invalid("This is not your password.", field="old_password")
    person = session.get_one(Person, actor.person_id)
    _end_all(session, actor.person_id, token)
    end_keys_of(session, actor.person_id, now)
    forget_links(session, person, "reset", "address")
    note(session, "password_changed", actor_id=person.id, subject_id=person.id, now=now)
    outbox.record(session, PasswordChanged(person.id or 0), now)


def ask_for_address(session: Session, *, actor: Actor, email: str, now: datetime) -> None:
    """The actor, whose password was asked for, wants another address.

    Says nothing about whether it is taken: that is seen later (`begin_change`).
    """
    check_right(actor, "cabinet")
    email = clean_email(email)
    check_new_address(email, old=session.get_one(Person, actor.person_id).email)
    outbox.record(session, AddressChangeAsked(actor.person_id, email), now)


def begin_change(session: Session, person: Person, email: str, now: datetime) -> tuple[str, str]:
    """The paths of two links: for the new address to confirm it, for the old one to take it back.

    The first is empty if the address belongs to somebody else, who is told. Links to confirm
    another new address are of no use any more.
    """
    forget_links(session, person, "address")
    undo = new_link(session, person, "undo_address", now, email=person.email or "", life=UNDO_LIFE)
    owner = _owner(session, person, email, now)
    if owner is not None:
        outbox.record(session, RegistrationRepeated(owner), now)
        return "", f"/undo-address/{undo}"
    token = new_link(session, person, "address", now, email=email)
    return f"/address/{token}", f"/undo-address/{undo}"


def change_address(session: Session, token: str, now: datetime) -> None:
    """Use the link that was mailed to the new address; raises NotFound, Conflict if it is taken.

    Ask `registrant` first whether whoever opened it knows the password. Links to choose a new
    password that lie in the old mailbox are of no use any more.
    """
    link = use_link(session, token, "address", now)
    person = session.get_one(Person, link.person_id)
    old = person.email or ""
    _move(session, person, link.email, now)
    note(session, "address_changed", actor_id=person.id, subject_id=person.id, now=now)
    outbox.record(session, AddressChanged(person.id or 0, old), now)


def undo_change(session: Session, token: str, unusable: str, now: datetime) -> str:
    """Take a change of address back by the link to the old one; every sign-in ends.

    Returns the path to a new password: until one is chosen, `unusable` is the hash, which no
    password fits. What came after that link ends with it; links to still older addresses stay
    good, so that a thief who changes twice does not win. What was added since to sign in with goes:
    the thief's app would lock the owner out, the thief's eID would let the thief in again. Raises
    NotFound and Conflict.
    """
    link = use_link(session, token, "undo_address", now)
    person = session.get_one(Person, link.person_id)
    meanwhile = person.email or ""
    since = _first_told(session, link, now)
    forget_factors_since(session, link.person_id, since)
    forget_identities_since(session, link.person_id, since, now)
    _move(session, person, link.email, now)
    person.password_hash = unusable
    session.execute(
        delete(MailToken).where(
            col(MailToken.person_id) == person.id,
            col(MailToken.purpose) == "undo_address",
            col(MailToken.used_at).is_(None),
            or_(
                col(MailToken.expires_at) >= link.expires_at,
                col(MailToken.email) == link.email,
            ),
        )
    )
    _end_all(session, person.id or 0)
    end_keys_of(session, person.id or 0, now)
    for action in ("address_changed", "sign_ins_ended"):
        note(session, action, actor_id=person.id, subject_id=person.id, now=now, undone=True)
    outbox.record(session, AddressRestored(person.id or 0, meanwhile), now)
    return f"/reset/{new_link(session, person, 'reset', now)}"


def _first_told(session: Session, link: MailToken, now: datetime) -> datetime:
    """When the first of the links to this address was made that would still be good."""
    ends = session.exec(
        select(func.min(MailToken.expires_at)).where(
            MailToken.person_id == link.person_id,
            MailToken.purpose == "undo_address",
            MailToken.email == link.email,
            MailToken.expires_at > now,
        )
    ).one()
    return (ends or link.expires_at) - UNDO_LIFE


def _end_all(session: Session, person_id: int, but: str = "") -> None:
    session.execute(
        delete(SignIn).where(
            col(SignIn.person_id) == person_id, col(SignIn.token_hash) != token_hash(but)
        )
    )


def _owner(session: Session, person: Person, email: str, now: datetime) -> int | None:
    """Whose address it is, if not this person's: somebody's now, or to whom it may go back."""
    holder = session.exec(select(Person).where(Person.email == email)).first()
    if holder and _has_account(holder):
        return holder.id if holder.id != person.id else None
    kept = kept_for(session, email, now)
    return kept if kept != person.id else None


def _has_account(holder: Person) -> bool:
    """Else somebody never showed that the address they registered is theirs, or only follows."""
    return bool(holder.email_confirmed_at and holder.password_hash)


def _move(session: Session, person: Person, email: str, now: datetime) -> None:
    """The account has this address from now on, and no link in a mail that was sent before."""
    if _owner(session, person, email, now) is not None:
        raise Conflict("This address belongs to another account.")
    other = session.exec(
        select(Person).where(Person.email == email, Person.id != person.id)
    ).first()
    if other is not None:  # who has no account gives way to who can read the mail sent there
        session.execute(delete(MailToken).where(col(MailToken.person_id) == other.id))
        forget_founded(session, other)
        other.email, other.name, other.password_hash = None, "", ""  # the rest: privacy
        session.add(other)
        session.flush()
        outbox.record(session, AddressTakenOver(other.id or 0, person.id or 0), now)
    person.email, person.bounces_n, person.mail_off_at = email, 0, None
    session.add(person)
    session.flush()
    forget_links(session, person, "reset", "address")
