"""Mails about accounts themselves: links that open one, and what was done to its safety.

They are no notices and have no place in a cabinet: whoever could read them there needs none.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from consult import account_events
from consult.accounts.actions import new_link, reset_link
from consult.accounts.eid.queries import identities_of
from consult.accounts.eid.rules import SIGNED
from consult.accounts.keys.models import ApiKey
from consult.accounts.models import Membership, Organisation, Person
from consult.accounts.secrets import token_hash
from consult.accounts.signins.actions import begin_change
from consult.accounts.signins.rules import UNDO_LIFE, browser_and_system
from consult.platform import Platform
from notifications.actions import queue_mail
from notifications.bounces.rules import MAILS_AGAIN, again_value
from notifications.links import sign
from notifications.rules import one_line

SAFETY = "/cabinet/security"
KEYS = "/cabinet/keys"


def mail_confirmation(
    session: Session, _platform: Platform, event: account_events.PersonRegistered, now: datetime
) -> None:
    person = session.get(Person, event.person_id)
    if person is not None:
        _mail(session, person, "confirm", event.confirm_path, now)


def mail_reset(
    session: Session, _platform: Platform, event: account_events.PasswordResetAsked, now: datetime
) -> None:
    found = reset_link(session, event.email, now)
    if found is not None:
        person, path = found
        _mail(session, person, "reset", path, now)


def mail_known_address(
    session: Session, _platform: Platform, event: account_events.RegistrationRepeated, now: datetime
) -> None:
    """Once a day at most, whoever keeps trying."""
    person = session.get(Person, event.person_id)
    if person is not None:
        on = now.date().isoformat()
        _mail(session, person, "known_address", "/forgot", now, key=on)


def mail_password_change(
    session: Session, _platform: Platform, event: account_events.PasswordChanged, now: datetime
) -> None:
    person = session.get(Person, event.person_id)
    if person is not None:
        _mail(session, person, "password_changed", "/forgot", now, key=now.isoformat())


def mail_address_change(
    session: Session, _platform: Platform, event: account_events.AddressChangeAsked, now: datetime
) -> None:
    """The new address gets a link to confirm it; the old one is told, and may say no.

    It is told as well when the new address is somebody else's: else it would tell that it is.
    """
    person = session.get(Person, event.person_id)
    if person is None or person.email is None:
        return
    confirm_path, undo_path = begin_change(session, person, event.email, now)
    values = {"email": event.email}
    _mail(session, person, "address_asked", undo_path, now, values=values)
    if confirm_path:
        _mail(session, person, "address", confirm_path, now, to=event.email)


def mail_address_changed(
    session: Session, _platform: Platform, event: account_events.AddressChanged, now: datetime
) -> None:
    """Both addresses are told; the old one may take the change back from now on as long again."""
    person = session.get(Person, event.person_id)
    if person is None or person.email in {None, event.old}:
        return  # it was taken back meanwhile
    undo = new_link(session, person, "undo_address", now, email=event.old, life=UNDO_LIFE)
    path, values = f"/undo-address/{undo}", {"email": person.email}
    _mail(session, person, "address_left", path, now, to=event.old, values=values)
    _mail(session, person, "address_changed", "/forgot", now, key=token_hash(path))


def mail_address_restored(
    session: Session, _platform: Platform, event: account_events.AddressRestored, now: datetime
) -> None:
    """The address that is back is told, and the one it had meanwhile."""
    person = session.get(Person, event.person_id)
    if person is None or person.email is None:
        return
    for n, to in enumerate(dict.fromkeys((person.email, event.email))):
        key = f"{now.isoformat()}:{n}"
        _mail(session, person, "address_restored", "/forgot", now, to=to, key=key)


def mail_factor_change(
    session: Session, _platform: Platform, event: account_events.FactorChanged, now: datetime
) -> None:
    """Whoever holds the password could have done it: the owner of the mailbox is told."""
    person = session.get(Person, event.person_id)
    if person is not None:
        what = "added" if event.added else "gone"
        key = f"{event.kind}:{what}:{now.isoformat()}"
        values = {"factor": event.kind, "added": event.added}
        _mail(session, person, "factor_changed", SAFETY, now, key=key, values=values)


def mail_key_made(
    session: Session, _platform: Platform, event: account_events.KeyMade, now: datetime
) -> None:
    """Whoever sits at an open browser could have made it: the owner of the mailbox is told."""
    person, key = session.get(Person, event.person_id), session.get(ApiKey, event.key_id)
    if person is not None and key is not None:
        values = {"name": one_line(key.name)}
        _mail(session, person, "key_made", KEYS, now, key=str(key.id), values=values)


def mail_identified(
    session: Session, platform: Platform, event: account_events.PersonIdentified, now: datetime
) -> None:
    """Whoever knew the password could have linked an eID of theirs: the owner may take it back."""
    person = session.get(Person, event.person_id)
    identities = identities_of(session, event.person_id)
    if person is None or person.email is None or not identities:
        return
    at = identities[-1].identified_at
    undo = new_link(session, person, "undo_address", at, email=person.email, life=UNDO_LIFE)
    values = {"by": "", "when_at": at.isoformat(), "signed": identities[-1].issuer == SIGNED}
    if not identities[-1].document:
        settings = platform.settings
        values["by"] = settings.esign_name if values["signed"] else settings.eid_name
    _mail(session, person, "identified", f"/undo-address/{undo}", now, values=values)


def mail_recovery_code_used(
    session: Session, _platform: Platform, event: account_events.RecoveryCodeUsed, now: datetime
) -> None:
    """With how many are left: a thief would use them up, the owner should make new ones."""
    person = session.get(Person, event.person_id)
    if person is not None:
        kind, key = "recovery_code_used", f"{event.left}:{now.isoformat()}"
        values = {"left": event.left}
        _mail(session, person, kind, SAFETY, now, key=key, values=values)


def mail_strange_browser(
    session: Session, _platform: Platform, event: account_events.StrangeBrowser, now: datetime
) -> None:
    """Once a day at most, whatever browsers come."""
    person = session.get(Person, event.person_id)
    if person is not None:
        browser, system = browser_and_system(event.agent)
        values = {"browser": browser, "system": system, "when_at": now.isoformat()}
        kind, key = "strange_browser", now.date().isoformat()
        _mail(session, person, kind, SAFETY, now, key=key, values=values)


def mail_link_to_mails(
    session: Session, platform: Platform, event: account_events.MailWanted, now: datetime
) -> None:
    """Whoever can use its link reads what is sent to the address. Once a day at most."""
    person = session.get(Person, event.person_id)
    if person is not None and person.mail_off_at is not None:
        value = again_value(person.id or 0, person.mail_off_at)
        path = f"/mails-again/{sign(platform.settings.secret_key, MAILS_AGAIN, value)}"
        _mail(session, person, "mails_again", path, now, key=now.date().isoformat())


def mail_membership(
    session: Session, _platform: Platform, event: account_events.MembershipChanged, now: datetime
) -> None:
    """Who speaks for an organisation is told to that person and to its managers, but who did it."""
    member = session.get(Membership, event.membership_id)
    if member is None:
        return
    organisation = session.get_one(Organisation, member.organisation_id)
    managers = select(Membership.person_id).where(
        Membership.organisation_id == organisation.id,
        Membership.manages,
        col(Membership.ended_at).is_(None),
    )
    who = session.get_one(Person, member.person_id)
    for person_id in {member.person_id, *session.exec(managers).all()} - {event.by_id}:
        own = person_id == member.person_id
        values = {
            "change": event.change,
            "who": "" if own else one_line(who.name),
            "organisation": one_line(organisation.name),
        }
        key = f"{member.id}:{event.change}:{now.isoformat()}"
        path = "/cabinet/organisations" if own else f"/organisations/{organisation.id}/members"
        person = session.get_one(Person, person_id)
        _mail(session, person, "membership", path, now, key=key, values=values)


def _mail(
    session: Session,
    person: Person,
    kind: str,
    path: str,
    now: datetime,
    *,
    to: str = "",
    key: str = "",
    values: dict[str, Any] | None = None,
) -> None:
    """`to` is another address than the person's own; without a `key` the link makes it unique."""
    queue_mail(
        session,
        person,
        key=f"{kind}:{person.id}:{key or token_hash(path)}",
        kind=kind,
        values=values or {},
        path=path,
        now=now,
        recipient=to,
    )
