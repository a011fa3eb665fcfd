"""What a person does with keys: make one, accept the terms anew, end one; what ends all of them."""

from datetime import date, datetime

from sqlalchemy import or_, update
from sqlmodel import Session, col

from consult import outbox
from consult.access import Actor, check_right
from consult.account_events import KeyMade
from consult.accounts.keys.models import ApiKey
from consult.accounts.keys.queries import keys_of, own_key
from consult.accounts.keys.rules import PREFIX, check_not_too_many, check_terms, clean_name
from consult.accounts.keys.terms import terms
from consult.accounts.second_factor.queries import check_may_change
from consult.accounts.secrets import new_token, token_hash
from consult.audit.actions import note


def make_key(
    session: Session, *, actor: Actor, token: str, name: str, accepted: int, now: datetime
) -> tuple[ApiKey, str]:
    """A new key, for whoever accepts the terms of this version; it is shown this once.

    `token` is that of the browser: who has a second factor showed it there a short while ago, so
    that a browser left open makes none. Raises Invalid, Conflict, SecondFactorNeeded.
    """
    check_right(actor, "comment")
    check_may_change(session, actor, token, now)
    check_terms(accepted, terms().version)
    check_not_too_many(len(keys_of(session, actor.person_id)))
    key = PREFIX + new_token()
    made = ApiKey(
        person_id=actor.person_id,
        name=clean_name(name),
        token_hash=token_hash(key),
        terms=accepted,
        accepted_at=now,
        created_at=now,
    )
    session.add(made)
    session.flush()
    _note(session, "key_made", made, now)
    outbox.record(session, KeyMade(actor.person_id, made.id or 0), now)
    return made, key


def accept_terms(
    session: Session, *, actor: Actor, key_id: int, accepted: int, now: datetime
) -> None:
    """Let a key that rests work again under these terms; raises Conflict, NotFound."""
    check_right(actor, "comment")
    check_terms(accepted, terms().version)
    key = own_key(session, actor.person_id, key_id)
    key.terms, key.accepted_at = accepted, now
    session.add(key)


def end_key(session: Session, *, actor: Actor, key_id: int, now: datetime) -> None:
    """Nothing is taken with this key any more; raises NotFound if it is not the actor's own."""
    key = own_key(session, actor.person_id, key_id)
    key.ended_at = now
    session.add(key)
    _note(session, "key_ended", key, now)


def end_keys_of(session: Session, person_id: int, now: datetime) -> None:
    """End all keys of a person: their account was taken back from somebody, or its password is new.

    A thief who made one keeps it no longer than a browser they are signed in with.
    """
    for key in keys_of(session, person_id):
        key.ended_at = now
        session.add(key)
        _note(session, "key_ended", key, now)


def see(session: Session, key_id: int, today: date) -> None:
    """Note that a key was used on a day."""
    unseen = or_(col(ApiKey.used_on).is_(None), col(ApiKey.used_on) < today)
    session.execute(update(ApiKey).where(col(ApiKey.id) == key_id, unseen).values(used_on=today))


def _note(session: Session, action: str, key: ApiKey, now: datetime) -> None:
    who = key.person_id
    note(session, action, actor_id=who, subject_id=who, now=now, key_id=key.id)
