"""Being identified: by a national eID (an attempt is begun, and used up), or at a desk.

By an electronic signature: accounts/esign, which asks for the same here.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor, check_right
from consult.account_events import IdentityTakenBack, PersonIdentified
from consult.accounts.eid.models import EidAttempt, Identity
from consult.accounts.eid.queries import identities_of
from consult.accounts.eid.rules import (
    ATTEMPT_LIFE,
    DESK,
    SIGNED,
    Document,
    Question,
    check_standing,
)
from consult.accounts.models import Person
from consult.accounts.queries import actor_for
from consult.accounts.secrets import token_hash
from consult.audit.actions import note
from consult.db import affected
from consult.errors import Conflict, NotAllowed


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is known of an attempt when its answer comes."""

    nonce: str
    verifier: str
    next: str
    person_id: int | None


def begin_attempt(
    session: Session, actor: Actor, question: Question, *, browser: str, going: str, now: datetime
) -> None:
    """Remember what is asked of the eID, for whom, in which browser; raises NotAllowed.

    `browser` is a secret that only this browser has, `going` a local path to go to afterwards.
    """
    if actor.id is not None:
        check_standing(actor)
    session.execute(delete(EidAttempt).where(col(EidAttempt.expires_at) <= now))
    session.add(
        EidAttempt(
            state_hash=token_hash(question.state),
            browser_hash=token_hash(browser),
            verifier=question.verifier,
            nonce=question.nonce,
            next=going,
            person_id=actor.id,
            expires_at=now + ATTEMPT_LIFE,
        )
    )


def use_attempt(session: Session, *, state: str, browser: str, now: datetime) -> Attempt:
    """Use up an attempt, whatever comes of it; raises NotAllowed if it is not of this browser.

    To be committed before the eID is asked: a network must not be waited for while writing.
    """
    ours = (
        col(EidAttempt.state_hash) == token_hash(state),
        col(EidAttempt.browser_hash) == token_hash(browser),
        col(EidAttempt.expires_at) > now,
    )
    found = session.exec(select(EidAttempt).where(*ours)).one_or_none()
    if found is None or affected(session.execute(delete(EidAttempt).where(*ours))) != 1:
        raise NotAllowed(
            "This was begun too long ago, in another browser, or is done already. "
            "Please begin again."
        )
    return Attempt(found.nonce, found.verifier, found.next, found.person_id)


def identify_person(
    session: Session, actor: Actor, *, issuer: str, hashed: str, now: datetime, by: str = "eid"
) -> None:
    """The eID (or their signature) says who this person is: kept as a keyed hash.

    Doing so again changes nothing. `by` is what the audit log says.

    Raises NotAllowed for other than a person, Conflict if they were identified as somebody else, or
    somebody else as them: one human being is one voice.
    """
    check_standing(actor)
    if _is_known(session, actor.person_id, issuer, hashed):
        _know_again(session, actor.person_id, by=by, actor_id=actor.person_id, now=now)
        return
    if any(known.issuer == issuer for known in identities_of(session, actor.person_id)):
        if issuer == SIGNED:
            raise Conflict("This account was identified by the signature of another person.")
        raise Conflict("This account was identified with the eID of another person.")
    _keep(
        session,
        Identity(person_id=actor.person_id, issuer=issuer, subject_hash=hashed, identified_at=now),
        by=by,
        actor_id=actor.person_id,
        now=now,
    )


def identify_at_desk(
    session: Session,
    officer: Actor,
    *,
    person_id: int,
    document: Document,
    hashed: str,
    now: datetime,
) -> None:
    """An officer saw the person and the document, of whose number only a keyed hash is kept.

    A renewed document may be shown too. Raises NotAllowed for who is no officer, or for an account
    that is not a person's; Conflict if another account was identified by this document.
    """
    check_right(officer, "identify")
    check_standing(actor_for(session, person_id))
    if _is_known(session, person_id, DESK, hashed):
        by, officer_id = document.value, officer.person_id
        _know_again(session, person_id, by=by, actor_id=officer_id, now=now)
        return
    held = officer.held_for("identify")
    identity = Identity(
        person_id=person_id,
        issuer=DESK,
        subject_hash=hashed,
        identified_at=now,
        identified_by=officer.person_id,
        agency_id=min(held) if len(held) == 1 else None,
        document=document.value,
    )
    _keep(session, identity, by=document.value, actor_id=officer.person_id, now=now)


def forget_since(session: Session, person_id: int, since: datetime, now: datetime) -> None:
    """Take back how somebody was identified from then on, which was not by them."""
    gone = delete(Identity).where(
        col(Identity.person_id) == person_id, col(Identity.identified_at) >= since
    )
    if not affected(session.execute(gone)):
        return
    person = session.get_one(Person, person_id)
    left = identities_of(session, person_id)
    person.verified_at = left[0].identified_at if left else None
    session.add(person)
    outbox.record(session, IdentityTakenBack(person_id), now)


def _is_known(session: Session, person_id: int, issuer: str, hashed: str) -> bool:
    """Whether it is theirs already; raises Conflict if it is somebody else's."""
    holder = session.exec(
        select(Identity.person_id).where(Identity.issuer == issuer, Identity.subject_hash == hashed)
    ).one_or_none()
    if holder not in (None, person_id):
        raise Conflict(
            "Another account was identified by this already, and one person has one account."
        )
    return holder is not None


def _know_again(session: Session, person_id: int, *, by: str, actor_id: int, now: datetime) -> None:
    """Whoever corrected their name since is identified again by what they showed before."""
    person = session.get_one(Person, person_id)
    if person.verified_at is None:
        person.verified_at = now
        session.add(person)
        note(session, "person_identified", actor_id=actor_id, subject_id=person_id, now=now, by=by)
        outbox.record(session, PersonIdentified(person_id), now)


def _keep(session: Session, identity: Identity, *, by: str, actor_id: int, now: datetime) -> None:
    person = session.get_one(Person, identity.person_id)
    person.verified_at = person.verified_at or now
    session.add(person)
    session.add(identity)
    note(
        session,
        "person_identified",
        actor_id=actor_id,
        subject_id=person.id,
        agency_id=identity.agency_id,
        now=now,
        by=by,
    )
    outbox.record(session, PersonIdentified(identity.person_id), now)
