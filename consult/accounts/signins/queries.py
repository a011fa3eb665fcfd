"""Reads of a person's sign-ins, and the address a link is about."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from consult.accounts.models import MailToken, SignIn
from consult.accounts.queries import holder_of_link
from consult.accounts.secrets import token_hash
from consult.accounts.signins.rules import browser_and_system, reference


@dataclass(frozen=True, slots=True)
class Browser:
    """One sign-in as its owner sees it. `reference` names it in a form."""

    reference: str
    browser: str
    system: str
    since: datetime
    seen_on: date | None
    is_this: bool


def browsers_of(session: Session, person_id: int, token: str, now: datetime) -> list[Browser]:
    """The browsers a person is signed in with: that with this token first, then the newest."""
    rows = session.exec(
        select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.expires_at > now)
        .order_by(col(SignIn.created_at).desc(), col(SignIn.token_hash))
    ).all()
    own = token_hash(token)
    shown = [
        Browser(
            reference(row.token_hash),
            *browser_and_system(row.agent),
            row.created_at,
            row.seen_on,
            is_this=row.token_hash == own,
        )
        for row in rows
    ]
    return sorted(shown, key=lambda one: not one.is_this)


def address_of_link(session: Session, token: str, purpose: str, now: datetime) -> str:
    """The address a link is about, without using it; raises NotFound if it is of no use."""
    holder_of_link(session, token, purpose, now)
    return session.get_one(MailToken, token_hash(token)).email
