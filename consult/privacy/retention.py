"""What is kept no longer: each night, in small steps, what is older than the settings say.

What the public record needs is in none of these tables, or is left out by a condition. A step may
be broken off anywhere and done again; two workers at once delete nothing twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    delete,
    func,
    not_,
    null,
    or_,
    select,
    true,
    update,
)
from sqlmodel import Session, col

from consult.accounts.models import Grant, Person
from consult.db import affected, upsert
from consult.obligations.models import DailyWork
from consult.outbox import Delivery, OutboxEvent
from consult.platform import Platform
from consult.privacy.forgetting import forget_rows
from consult.procedure.deadlines import end_of, local_day
from consult.record.handlers import keep_record
from consult.schema import METADATA
from notifications.following import sweep_searches
from notifications.models import Subscription

NAME = "retention"
NIGHT = timedelta(hours=2)  # after midnight of the law's zone
BATCH = 500  # rows that go in one transaction
PEOPLE = 20  # accounts that go in one round
WINDOW = 1000  # rows looked at in one query

Condition = Callable[[Table], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of a table go so many days (a setting) after the instant in `at`, where they are `free`.

    `children` (table, column) go with them; `loosened` stay and refer to them no more. `in_order`:
    ids grow with `at`, so that only the oldest are looked at. `told`: kept while an event of their
    time is still to be done, for they are what tells that somebody was told already.
    """

    table: str
    setting: str
    at: str
    free: Condition | None = None
    children: tuple[tuple[str, str], ...] = ()
    loosened: tuple[tuple[str, str], ...] = ()
    in_order: bool = False
    told: bool = False

    @property
    def rows(self) -> Table:
        return METADATA.tables[self.table]

    @property
    def key(self) -> Any:
        return next(iter(self.rows.primary_key.columns))

    @property
    def is_free(self) -> ColumnElement[bool]:
        return self.free(self.rows) if self.free else true()


def _over(*columns: str) -> Condition:
    """At least one of these instants has come."""
    return lambda table: or_(*(table.c[name].is_not(None) for name in columns))


def _is_done(event: Table) -> ColumnElement[bool]:
    """All an event leads to is done, or was given up; the record is owed its entry for ever."""
    given_up = and_(
        col(Delivery.parked_at).is_not(None), col(Delivery.handler) != keep_record.__name__
    )
    waiting = select(col(Delivery.event_id)).where(
        col(Delivery.event_id) == event.c.id, col(Delivery.done_at).is_(None), not_(given_up)
    )
    return and_(event.c.spread_at.is_not(None), ~waiting.exists())


def _said_to_nobody(message: Table) -> ColumnElement[bool]:
    """Nobody has it in a notice or a mail any more."""
    of_it = (METADATA.tables[name].c.message_id for name in ("notice", "mail"))
    return and_(*(~select(column).where(column == message.c.id).exists() for column in of_it))


# Those that are looked through from their beginning come first: the others are read whole.
RULES: tuple[Rule, ...] = (
    Rule(
        "notice",
        "keep_notices_days",
        "created_at",
        in_order=True,
        told=True,
    ),
    Rule(
        "mail",
        "keep_mails_days",
        "created_at",
        free=_over("sent_at", "parked_at", "skipped_at"),
        children=(("bounce", "mail_id"),),
        loosened=(("notice", "mail_id"),),
        in_order=True,
        told=True,
    ),
    Rule(
        "message",
        "keep_notices_days",
        "created_at",
        free=_said_to_nobody,
        in_order=True,
        told=True,
    ),
    Rule(
        "outbox_event",
        "keep_events_days",
        "occurred_at",
        free=_is_done,
        children=(("outbox_delivery", "event_id"),),
        in_order=True,
    ),
    Rule(
        "webhook_call",
        "keep_webhook_calls_days",
        "created_at",
        free=_over("sent_at", "parked_at"),
        in_order=True,
        told=True,
    ),
    Rule("api_answer", "keep_api_answers_days", "answered_at", in_order=True),
    Rule("exchange_answer", "keep_api_answers_days", "answered_at", in_order=True),
    Rule("sign_in", "keep_sign_ins_days", "expires_at"),
    Rule("mail_token", "keep_links_days", "expires_at"),
    Rule("eid_attempt", "keep_links_days", "expires_at"),
    Rule("esign_statement", "keep_links_days", "expires_at"),
    Rule("invitation", "keep_links_days", "expires_at"),
    Rule(
        "audit_entry",
        "keep_reading_log_days",
        "at",
        free=lambda table: table.c.action.in_(("contact_read", "data_taken")),
    ),
)


def clear_old(platform: Platform, now: datetime) -> int:
    """One step, if it is night; when nothing is left it rests until the next one."""
    with platform.database.reading() as session:
        if not _is_night(session, now):
            return 0
    for rule in RULES:
        if gone := _clear(platform, rule, now):
            return gone
    gone = _forget_unconfirmed(platform, now)
    if not gone:
        with platform.database.writing() as session:
            sweep_searches(session, now)
            _rest(session, end_of(local_day(now, platform.pack.tz), platform.pack.tz) + NIGHT)
    return gone


def _is_night(session: Session, now: datetime) -> bool:
    row = session.get(DailyWork, NAME)
    return row is None or row.next_at <= now


def _rest(session: Session, until: datetime) -> None:
    row = upsert(session, DailyWork).values(name=NAME, next_at=until)
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"next_at": until}))


def _clear(platform: Platform, rule: Rule, now: datetime) -> int:
    """Delete the next rows of a rule, in a short transaction of their own; how many."""
    days = getattr(platform.settings, rule.setting)
    if not days:
        return 0
    with platform.database.reading() as session:
        before = _before(session, rule, now - timedelta(days=days))
        keys = _oldest(session, rule, before) if rule.in_order else _any(session, rule, before)
    if not keys:
        return 0
    with platform.database.writing() as session:
        free = session.execute(
            select(rule.key).where(rule.key.in_(keys), rule.is_free).with_for_update()
        ).scalars()
        keys = list(free)  # those that are so still
        for table, column in rule.loosened:
            other = METADATA.tables[table]
            session.execute(update(other).where(other.c[column].in_(keys)).values({column: null()}))
        for table, column in rule.children:
            other = METADATA.tables[table]
            session.execute(delete(other).where(other.c[column].in_(keys)))
        return affected(session.execute(delete(rule.rows).where(rule.key.in_(keys))))


def _before(session: Session, rule: Rule, before: datetime) -> datetime:
    """Up to when rows may go: not beyond the oldest event of which somebody may still be told."""
    if not rule.told:
        return before
    first = select(func.min(col(OutboxEvent.occurred_at)))
    of_it = col(Delivery.event_id) == col(OutboxEvent.id)
    undone = first.join(Delivery, of_it).where(
        col(Delivery.done_at).is_(None), col(Delivery.handler) != keep_record.__name__
    )
    unspread = first.where(col(OutboxEvent.spread_at).is_(None))
    waiting = [session.execute(query).scalar() for query in (undone, unspread)]
    oldest: datetime = min([before, *filter(None, waiting)])
    return oldest


def _any(session: Session, rule: Rule, before: datetime) -> Sequence[Any]:
    old = rule.rows.c[rule.at] < before
    return session.execute(select(rule.key).where(old, rule.is_free).limit(BATCH)).scalars().all()


def _oldest(session: Session, rule: Rule, before: datetime) -> Sequence[Any]:
    """By the key from its beginning, as far as there is anything old: never the whole table."""
    found: list[Any] = []
    at, after = rule.rows.c[rule.at], 0
    query = select(rule.key, at, rule.is_free).order_by(rule.key).limit(WINDOW)
    while len(found) < BATCH:
        rows = session.execute(query.where(rule.key > after)).all()
        found += [key for key, when, free in rows if when < before and free]
        if len(rows) < WINDOW or all(when >= before for _, when, _ in rows):
            break
        after = rows[-1][0]
    return found[:BATCH]


def _forget_unconfirmed(platform: Platform, now: datetime) -> int:
    """Forget accounts whose address nobody confirmed in time, and who are nobody otherwise."""
    days = platform.settings.keep_unconfirmed_days
    if not days:
        return 0
    follows = select(col(Subscription.person_id)).where(
        col(Subscription.person_id) == col(Person.id)
    )
    works = select(col(Grant.person_id)).where(col(Grant.person_id) == col(Person.id))
    waiting = select(col(Person.id)).where(
        col(Person.email).is_not(None),
        col(Person.email_confirmed_at).is_(None),
        col(Person.verified_at).is_(None),
        col(Person.forgotten_at).is_(None),
        col(Person.created_at) < now - timedelta(days=days),
        ~follows.exists(),
        ~works.exists(),
    )
    with platform.database.reading() as session:
        found = session.execute(waiting.limit(PEOPLE)).scalars().all()
    for person_id in found:
        with platform.database.writing() as session:
            if session.execute(waiting.where(col(Person.id) == person_id)).first():
                forget_rows(session, person_id, keep_words=True, now=now)
    return len(found)
