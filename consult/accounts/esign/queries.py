"""Reads of statements that wait to be signed."""

from datetime import datetime

from sqlmodel import Session

from consult.accounts.esign.models import EsignStatement


def statement_of(session: Session, person_id: int, now: datetime) -> EsignStatement | None:
    """What a person took to sign, unless its time is over."""
    found = session.get(EsignStatement, person_id)
    return found if found is not None and now < found.expires_at else None
