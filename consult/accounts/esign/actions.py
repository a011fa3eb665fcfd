"""Being identified by an electronic signature: a statement is taken, and comes back signed."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from consult.access import Actor
from consult.accounts.eid.actions import identify_person
from consult.accounts.eid.rules import SIGNED, check_standing, subject_hash
from consult.accounts.esign.models import EsignStatement
from consult.accounts.esign.queries import statement_of
from consult.accounts.esign.rules import NOTHING_TO_SIGN, Signer, Verifier, as_signed
from consult.db import affected, upsert
from consult.errors import Conflict


def take_statement(
    session: Session, actor: Actor, *, text: str, life: timedelta, now: datetime
) -> None:
    """Keep what a person is about to sign, in place of what they took before.

    `text` holds a secret of this statement alone, so that no older signature fits. Raises
    NotAllowed for whom is no person.
    """
    check_standing(actor)
    row = {"text": as_signed(text), "created_at": now, "expires_at": now + life}
    session.execute(
        upsert(session, EsignStatement)
        .values(person_id=actor.person_id, **row)
        .on_conflict_do_update(index_elements=["person_id"], set_=row)
    )


def identify_by_signature(
    session: Session,
    actor: Actor,
    *,
    signature: bytes,
    verifier: Verifier,
    secret_key: str,
    now: datetime,
) -> Signer:
    """Who signed the statement that this person took is this person from now on.

    The statement is used up if all is well. Of their number only a keyed hash is kept. Raises
    Invalid with what is wrong; Conflict where there was nothing to sign, another account was
    identified so, or this one as somebody else: one human being is one voice.
    """
    check_standing(actor)
    statement = statement_of(session, actor.person_id, now)
    mine = delete(EsignStatement).where(col(EsignStatement.person_id) == actor.person_id)
    if statement is None or affected(session.execute(mine)) != 1:
        raise Conflict(NOTHING_TO_SIGN)
    signer = verifier.signer_of(statement.text.encode(), signature, now)
    hashed = subject_hash(secret_key, SIGNED, signer.subject)
    identify_person(session, actor, issuer=SIGNED, hashed=hashed, now=now, by=signer.level)
    return signer
