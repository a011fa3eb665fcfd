"""Reads of identities: whose one is, and how a person was identified."""

from sqlmodel import Session, col, select

from consult.accounts.eid.models import Identity
from consult.accounts.models import Person


def identities_of(session: Session, person_id: int) -> list[Identity]:
    """How a person was identified, the first time first."""
    return list(
        session.exec(
            select(Identity).where(Identity.person_id == person_id).order_by(col(Identity.id))
        ).all()
    )


def holder_of_identity(session: Session, issuer: str, hashed: str) -> Person | None:
    """Whose identity this is; the account may have been forgotten since."""
    return session.exec(
        select(Person)
        .join(Identity, col(Identity.person_id) == col(Person.id))
        .where(
            Identity.issuer == issuer,
            Identity.subject_hash == hashed,
            col(Person.forgotten_at).is_(None),
        )
    ).one_or_none()
