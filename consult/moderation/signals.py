"""Signals of abuse, read off the rows as they are: none is a proof, and nothing follows by itself.

They are kept apart from the likeness of texts (consult/campaigns): many people may well send the
same words. No network address is kept anywhere, so none is looked at.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from disposable_email_domains import blocklist
from sqlalchemy import ColumnElement, String, cast, extract, func
from sqlmodel import Session, col, select

from consult.accounts.models import Person
from consult.accounts.shown import known_as
from consult.comments.models import Comment
from consult.moderation.models import Disavowal
from consult.naming import KnownAs
from drafts.models import Draft

WINDOW = timedelta(days=30)  # what is looked at
LISTED = 20  # of each signal the strongest
IN_A_SECOND, IN_A_MINUTE = 5, 20  # comments on one draft from which a burst is shown
OF_ONE_ACCOUNT = 10
YOUNG = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Burst:
    """So many comments on a draft, of so many accounts, between two instants."""

    draft: Draft
    since: datetime
    until: datetime
    comments: int
    accounts: int


@dataclass(frozen=True, slots=True)
class Account:
    """An account with its comments in the window; `domain` is that of its mail address."""

    person_id: int
    who: KnownAs
    comments: int
    domain: str = ""
    minutes: int = 0  # its age at its first comment


@dataclass(frozen=True, slots=True)
class Signals:
    """Everything on the page, since an instant."""

    since: datetime
    seconds: Sequence[Burst]
    minutes: Sequence[Burst]
    busy: Sequence[Account]
    young: Sequence[Account]
    disposable: Sequence[Account]
    disavowed: int

    def __bool__(self) -> bool:
        shown = (self.seconds, self.minutes, self.busy, self.young, self.disposable)
        return any(shown) or self.disavowed > 0


def signals(session: Session, now: datetime) -> Signals:
    """What is striking about the comments of the last WINDOW; a constant number of queries."""
    since = now - WINDOW
    return Signals(
        since=since,
        seconds=_bursts(session, since, timedelta(seconds=1), IN_A_SECOND),
        minutes=_bursts(session, since, timedelta(minutes=1), IN_A_MINUTE),
        busy=_busy(session, since),
        young=_young(session, since),
        disposable=_disposable(session, since),
        disavowed=_disavowed(session, since),
    )


def _bursts(session: Session, since: datetime, step: timedelta, least: int) -> list[Burst]:
    """The moments with the most comments on one draft; both databases count whole seconds."""
    length = int(step.total_seconds())
    epoch = _seconds(col(Comment.created_at))
    moment: Any = epoch - epoch % length if length > 1 else epoch
    comments = func.count().label("comments")
    query = (
        select(Comment.draft_id, moment, comments, func.count(func.distinct(Comment.author_id)))
        .where(col(Comment.created_at) >= since)
        .group_by(col(Comment.draft_id), moment)
        .having(comments >= least)
        .order_by(comments.desc(), moment.desc())
        .limit(LISTED)
    )
    rows = session.execute(query).all()
    about = _drafts(session, {draft_id for draft_id, *_ in rows})
    return [
        Burst(about[draft_id], at, at + step, n, accounts)
        for draft_id, second, n, accounts in rows
        for at in [datetime.fromtimestamp(int(second), UTC)]
    ]


def _seconds(at: Any) -> ColumnElement[int]:
    """An instant as whole seconds since 1970."""
    return func.floor(extract("epoch", at))


def _drafts(session: Session, ids: Collection[int]) -> dict[int, Draft]:
    rows = session.exec(select(Draft).where(col(Draft.id).in_(ids))).all()
    return {row.id or 0: row for row in rows}


def _by_account(since: datetime) -> Any:
    """Accounts with how many comments they wrote, those with the most first."""
    comments = func.count()
    return (
        select(Person.id, known_as(), comments)
        .join(Comment, col(Comment.author_id) == col(Person.id))
        .where(col(Comment.created_at) >= since, col(Person.email).is_not(None))
        .group_by(col(Person.id))
        .order_by(comments.desc(), col(Person.id).desc())
        .limit(LISTED)
    )


def _busy(session: Session, since: datetime) -> list[Account]:
    query = _by_account(since).having(func.count() >= OF_ONE_ACCOUNT)
    return [Account(*row) for row in session.execute(query).all()]


def _young(session: Session, since: datetime) -> list[Account]:
    """Accounts that commented within an hour of being made; only new ones are looked at."""
    age = _seconds(col(Comment.created_at)) - _seconds(col(Person.created_at))
    query = (
        _by_account(since)
        .add_columns(func.min(age))
        .where(col(Person.created_at) >= since - YOUNG, age < int(YOUNG.total_seconds()))
    )
    return [
        Account(id_, person, n, minutes=max(0, int(seconds) // 60))
        for id_, person, n, seconds in session.execute(query).all()
    ]


def _disposable(session: Session, since: datetime) -> list[Account]:
    """Accounts whose address is at a provider of throw-away mailboxes."""
    lite = session.get_bind().dialect.name == "sqlite"
    email = col(Person.email)
    at = (func.instr if lite else func.strpos)(email, "@")
    domain: Any = cast(func.substr(email, at + 1), String)
    wrote = col(Person.id).in_(
        select(Comment.author_id).where(col(Comment.created_at) >= since).distinct()
    )
    used = session.execute(select(domain).where(wrote, email.is_not(None)).distinct()).scalars()
    found = [name for name in used if is_disposable(name)]
    if not found:
        return []
    query = _by_account(since).add_columns(domain).where(domain.in_(found)).group_by(domain)
    return [Account(*row) for row in session.execute(query).all()]


def is_disposable(domain: str) -> bool:
    """Whether a mail domain, or one above it, is known for throw-away mailboxes."""
    parts = domain.casefold().split(".")
    return any(".".join(parts[n:]) in blocklist for n in range(len(parts) - 1))


def _disavowed(session: Session, since: datetime) -> int:
    query = select(func.count()).where(col(Disavowal.disavowed_at) >= since)
    return int(session.exec(query).one())
