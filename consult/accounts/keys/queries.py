"""Reads of keys: a person's own, and whom one stands for."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from consult.access import Actor
from consult.accounts.keys.models import ApiKey
from consult.accounts.keys.rules import as_program
from consult.accounts.models import Person
from consult.accounts.queries import actor_for
from consult.accounts.secrets import token_hash
from consult.errors import NotFound

LIVE = col(ApiKey.ended_at).is_(None)


def keys_of(session: Session, person_id: int) -> Sequence[ApiKey]:
    """The keys of a person that were not ended, the newest first."""
    query = select(ApiKey).where(ApiKey.person_id == person_id, LIVE)
    return session.exec(query.order_by(col(ApiKey.id).desc())).all()


def own_key(session: Session, person_id: int, key_id: int) -> ApiKey:
    """One of a person's own that was not ended; raises NotFound."""
    found = session.get(ApiKey, key_id)
    if found is None or found.person_id != person_id or found.ended_at is not None:
        raise NotFound("There is no such key.")
    return found


def holder_of(session: Session, key: str) -> tuple[ApiKey, Actor] | None:
    """A key that was not ended and who writes with it; None if it is no good.

    Who that is, and what they may do, is asked anew each time: whoever lost a right lost it here.
    """
    query = select(ApiKey).join(Person, col(Person.id) == col(ApiKey.person_id))
    found = session.exec(
        query.where(
            ApiKey.token_hash == token_hash(key),
            LIVE,
            col(Person.email_confirmed_at).is_not(None),
            col(Person.forgotten_at).is_(None),
        )
    ).one_or_none()
    return (found, as_program(actor_for(session, found.person_id))) if found else None
