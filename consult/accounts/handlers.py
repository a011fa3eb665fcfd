"""What follows from events within accounts. What people are told: notifications/accounts.py."""

from datetime import datetime

from sqlmodel import Session

from consult.account_events import RegistrationAsked
from consult.accounts.actions import register
from consult.platform import Platform


def register_person(
    session: Session, _platform: Platform, event: RegistrationAsked, now: datetime
) -> None:
    """The account that somebody asked for, unless its address has one."""
    register(
        session,
        email=event.email,
        password_hash=event.password_hash,
        name=event.name,
        lang=event.lang,
        region=event.region,
        organisation=event.organisation,
        shown=event.shown,
        now=now,
    )
