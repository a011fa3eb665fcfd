"""What a mail that came back leads to: it is counted, and in the end nothing more is mailed there.

Only a report that names a mail by its signed address (VERP), or that came over the signed webhook,
is believed: else anybody could silence a person. What one looks like: rules.py.
"""

from datetime import datetime, timedelta

from sqlmodel import Session, col, exists, select

from consult import outbox
from consult.access import Actor, check_right
from consult.account_events import MailWanted
from consult.accounts.models import Person
from consult.errors import Conflict, NotFound
from consult.platform import Platform
from notifications.bounces.rules import (
    MAILS_AGAIN,
    Report,
    again_value,
    is_signed,
    is_too_much,
    mail_of,
    points,
)
from notifications.links import unsign
from notifications.models import Bounce, Mail

SETTLED = timedelta(days=3)  # a mail that has not come back by then has arrived


def take_report(
    session: Session, platform: Platform, report: Report, now: datetime, *, trusted: bool = False
) -> bool:
    """Count a mail that came back; False if it is none of ours, or of an address left by now.

    `trusted` reports may name the address alone: then it is the newest mail that went there.
    """
    mail = _signed_mail(session, platform, report.mail)
    if mail is None and trusted and report.recipient:
        mail = _newest_mail(session, report.recipient)
    if mail is None:
        return False
    count_failure(session, platform, mail, report, now)
    return True


def count_failure(
    session: Session, platform: Platform, mail: Mail, report: Report, now: datetime
) -> None:
    """The first report about a mail weighs; a person whose address is dead gets no more mails.

    What went to another address than their own (one to be confirmed) says nothing about theirs.
    """
    person = session.get(Person, mail.person_id, with_for_update=True) if mail.person_id else None
    if person is None or session.get(Bounce, mail.id) is not None:
        return
    if mail.recipient and mail.recipient != person.email:
        return
    if _arrived_since(session, person, now):
        person.bounces_n = 0
    session.add(
        Bounce(
            mail_id=mail.id or 0,
            person_id=person.id or 0,
            is_final=report.is_final,
            reason=report.reason,
            came_at=now,
        )
    )
    person.bounces_n += points(is_final=report.is_final)
    if person.mail_off_at is None and is_too_much(
        person.bounces_n, platform.settings.mail_bounce_limit
    ):
        person.mail_off_at = now
    session.add(person)
    session.flush()


def ask_for_mails(session: Session, *, actor: Actor, now: datetime) -> None:
    """The person says that the address works: a mail goes there with a link, as proof."""
    check_right(actor, "cabinet")
    person = session.get_one(Person, actor.person_id)
    if person.mail_off_at is None:
        raise Conflict("Mails are sent to you already.")
    outbox.record(session, MailWanted(person.id or 0), now)


def switch_on(session: Session, platform: Platform, token: str) -> None:
    """Use the link of that mail; raises NotFound if it is no good, or was used."""
    person = person_of_link(session, platform, token)
    person.mail_off_at, person.bounces_n = None, 0
    session.add(person)


def person_of_link(session: Session, platform: Platform, token: str) -> Person:
    """Whose mails a link switches on; raises NotFound, also for one that was used."""
    value = unsign(platform.settings.secret_key, MAILS_AGAIN, token)
    person = session.get(Person, int(value.partition(":")[0])) if value else None
    off_at = person.mail_off_at if person else None
    if person is None or off_at is None or value != again_value(person.id or 0, off_at):
        raise NotFound("This link is not known, or it was used already.")
    return person


def _signed_mail(session: Session, platform: Platform, returned_to: str) -> Mail | None:
    found = mail_of(returned_to)
    mail = session.get(Mail, found[0]) if found else None
    if not found or mail is None:
        return None
    person = session.get(Person, mail.person_id) if mail.person_id else None
    address = mail.recipient or (person.email if person else "") or ""
    return mail if is_signed(platform.settings.secret_key, found[0], address, found[1]) else None


def _newest_mail(session: Session, recipient: str) -> Mail | None:
    query = (
        select(Mail)
        .join(Person, col(Person.id) == col(Mail.person_id))
        .where(Person.email == recipient.casefold(), col(Mail.sent_at).is_not(None))
        .where(col(Mail.recipient).in_(("", recipient.casefold())))
    )
    return session.exec(query.order_by(col(Mail.id).desc()).limit(1)).first()


def _arrived_since(session: Session, person: Person, now: datetime) -> bool:
    """Whether a mail arrived after the last one that came back: then the address is alive."""
    last = session.exec(
        select(Bounce.came_at)
        .where(Bounce.person_id == person.id)
        .order_by(col(Bounce.came_at).desc())
        .limit(1)
    ).first()
    if last is None:
        return False
    came_back = exists().where(col(Bounce.mail_id) == col(Mail.id))
    arrived = select(Mail.id).where(
        Mail.person_id == person.id,
        col(Mail.sent_at) > last,
        col(Mail.sent_at) < now - SETTLED,
        col(Mail.recipient).in_(("", person.email)),
        ~came_back,
    )
    return session.exec(arrived.limit(1)).first() is not None
