"""Following without an account: a link in a mail says yes, another one changes or ends it.

Whoever has an account follows with it, also by these links. The links: links.py.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlmodel import Session, select

from consult import outbox
from consult.access import VISITOR
from consult.account_events import AddressTakenOver, FollowAsked, FollowingAsked
from consult.accounts.models import Person
from consult.accounts.queries import kept_for
from consult.accounts.rules import clean_email
from consult.errors import N_, NotFound
from consult.platform import Platform
from consult.procedure.packs import RulePack
from notifications.actions import queue_mail
from notifications.followed import Followed, followed, named_searches, subscriptions_of
from notifications.following import (
    begin_to_follow,
    checked_search,
    keep_search,
    set_cadence,
    subscribe,
    unfollow_all,
    what_can_be_followed,
)
from notifications.links import FOLLOW, manage_path, read_managing, sign, unsign
from notifications.searching import read_search, read_wished, wished

LINK_LIFE = timedelta(days=7)  # some open their mailbox once a week
BROKEN_LINK = N_("This link is not complete. Please copy the whole of it from the mail.")


class Wish(NamedTuple):
    """What the link of a mail stands for: somebody asked to follow something."""

    person: Person
    target: str
    is_late: bool


def ask_to_follow(
    session: Session, pack: RulePack, *, email: str, lang: str, target: str, now: datetime
) -> None:
    """Somebody wants mails about this at this address; raises Invalid, NotFound.

    Whether the address is known is seen later, by who writes the mail: the answer is the same.
    """
    email = clean_email(email)
    target = _what_can_be_wished(session, pack, target)
    outbox.record(session, FollowAsked(email, lang, target), now)


def _what_can_be_wished(session: Session, pack: RulePack, target: str) -> str:
    asked = read_wished(target)
    if asked is None:
        return what_can_be_followed(session, pack, VISITOR, target)
    filters = read_search(asked)
    return wished(checked_search(session, pack, filters.pop("q", ""), filters))


def what_is_wished(session: Session, pack: RulePack, target: str) -> list[Followed]:
    """What the target of a wish stands for; nothing if that is not public any more."""
    asked = read_wished(target)
    if asked is None:
        return followed(session, pack, [target])
    return named_searches(session, pack, {target: asked})


def ask_for_managing(session: Session, *, email: str, now: datetime) -> None:
    """Somebody wants the link to all that this address follows; raises Invalid."""
    outbox.record(session, FollowingAsked(clean_email(email)), now)


def mail_follow_link(
    session: Session, platform: Platform, event: FollowAsked, now: datetime
) -> None:
    """Mail the link that says yes; nothing else is ever sent before it was opened.

    Once an hour at most for one thing, whoever keeps asking.
    """
    things = what_is_wished(session, platform.pack, event.target)
    person = session.exec(select(Person).where(Person.email == event.email)).first()
    if not things or (person is None and kept_for(session, event.email, now) is not None):
        return
    if person is None:
        person = Person(
            email=event.email, name="", lang=event.lang, password_hash="", created_at=now
        )
        session.add(person)
        session.flush()
    until = int((now + LINK_LIFE).timestamp())
    token = sign(platform.settings.secret_key, FOLLOW, f"{person.id}:{until}:{event.target}")
    queue_mail(
        session,
        person,
        key=f"follow:{person.id}:{_short(event.target)}:{now:%Y%m%d%H}",
        kind="follow",
        values={"names": things[0].names},
        path=f"/follow/{token}",
        now=now,
    )


def _short(target: str) -> str:
    return hashlib.sha256(target.encode()).hexdigest()[:16]


def mail_managing_link(
    session: Session, platform: Platform, event: FollowingAsked, now: datetime
) -> None:
    """Mail the link to all that an address follows; an unknown one gets nothing."""
    person = session.exec(select(Person).where(Person.email == event.email)).first()
    if person is None:
        return
    queue_mail(
        session,
        person,
        key=f"following:{person.id}:{now:%Y%m%d%H}",
        kind="following",
        values={},
        path=manage_path(platform.settings.secret_key, person.id or 0),
        now=now,
    )


def take_over_following(
    session: Session, _platform: Platform, event: AddressTakenOver, now: datetime
) -> None:
    """What was followed by mail is followed by the account that has the address from now on."""
    for row in subscriptions_of(session, event.from_id):
        subscribe(session, event.person_id, row.target, now)
        set_cadence(session, person_id=event.person_id, target=row.target, cadence=row.cadence)
    unfollow_all(session, event.from_id)


def read_wish(session: Session, secret: str, token: str, now: datetime) -> Wish:
    """What the link of a mail stands for; raises NotFound for one not made here."""
    value = unsign(secret, FOLLOW, token)
    if value is None:
        raise NotFound(BROKEN_LINK)
    person_id, until, target = value.split(":", 2)
    is_late = datetime.fromtimestamp(int(until), UTC) <= now
    return Wish(_person(session, int(person_id)), target, is_late)


def confirm_following(session: Session, pack: RulePack, wish: Wish, now: datetime) -> Followed:
    """Whoever reads this mailbox wants to be told; done twice, the second does nothing.

    The address is theirs. A password that somebody chose with it and never confirmed is not
    confirmed by this: anybody may have entered it. Raises NotFound, Conflict.
    """
    if wish.is_late:
        raise NotFound("This link is too old. Please ask for a new one.")
    target = _what_can_be_wished(session, pack, wish.target)
    asked = read_wished(target)
    if asked is not None:
        target = keep_search(session, asked, now)
    if not wish.person.password_hash:
        wish.person.email_confirmed_at = wish.person.email_confirmed_at or now
        session.add(wish.person)
    begin_to_follow(session, wish.person.id or 0, target, now)
    return followed(session, pack, [target])[0]


def holder_of(session: Session, secret: str, token: str) -> Person:
    """Whose the mailed link to all they follow is; raises NotFound for one not made here."""
    person_id = read_managing(secret, token)
    if person_id is None:
        raise NotFound(BROKEN_LINK)
    return _person(session, person_id)


def _person(session: Session, person_id: int) -> Person:
    person = session.get(Person, person_id)
    if person is None or person.email is None:
        raise NotFound("This address follows nothing here any more.")
    return person


def has_account(person: Person) -> bool:
    """Whether a person can sign in: who cannot follows by mail only."""
    return bool(person.email_confirmed_at and person.password_hash)
