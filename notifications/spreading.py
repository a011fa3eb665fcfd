"""Telling one thing to very many: who they are is asked of the database, which also writes it down.

Batch by batch in the order of people's numbers, each batch a short transaction with the cursor of
its delivery: the worker does other things between two of them, and after a crash goes on from
there. Nobody is told twice, for a person has a message once.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    Select,
    String,
    Subquery,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
    union,
)
from sqlmodel import Session, SQLModel

from consult.db import upsert
from consult.platform import Platform
from notifications.actions import say
from notifications.models import Mail, Message, Notice
from notifications.rules import CADENCES, DIGESTS, slot_after, zone_of

BATCH = 5_000  # people told in one transaction: a third of a second of the one writer of SQLite
EACH = 8  # targets asked one by one, in order; of more (saved searches) few people follow each

NOTICE, MAIL, MESSAGE, SUBSCRIPTION, CHOICE, PERSON = (
    SQLModel.metadata.tables[name]
    for name in ("notice", "mail", "message", "subscription", "mail_choice", "person")
)

People = Select[Any]  # of one column: the numbers of people


@dataclass(frozen=True, slots=True)
class Announcement:
    """What many are told: its key, the templates of its kind, what they say, where it leads.

    `targets`: what is followed by those who are told. `others`: who is told besides. `unless`: the
    key of a message; whoever has that one is not told this.
    """

    key: str
    kind: str
    values: dict[str, Any]
    path: str
    targets: Sequence[str] = ()
    others: Sequence[People] = ()
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Those of the people with numbers above `after`, up to `until`, who are to be told."""

    people: Subquery
    after: int
    until: int

    def holds(self, number: Any) -> tuple[Any, Any]:
        """The clauses that say so of a column."""
        return number > self.after, number <= self.until


def announce(
    session: Session, platform: Platform, said: Announcement, cursor: str, now: datetime
) -> str:
    """Tell the next batch; returns how far that is, and "" once everybody was told."""
    message = _message(session, said, now)
    followers = _followers(session, message.targets)
    batch = next_batch(session, [*followers, *said.others], int(cursor or 0))
    if batch is None:
        return ""
    _tell(session, platform, message, batch, said.unless, now)
    return str(batch.until)


def tell_batch(
    session: Session, platform: Platform, said: Announcement, batch: Batch, now: datetime
) -> None:
    """Tell these people, whoever they are; `said.targets` says only what each of them follows."""
    _tell(session, platform, _message(session, said, now), batch, said.unless, now)


def _tell(
    session: Session,
    platform: Platform,
    message: Message,
    batch: Batch,
    unless: str,
    now: datetime,
) -> None:
    _notices(session, platform, message, batch, unless, now)
    _mails(session, message, batch, now)


def _message(session: Session, said: Announcement, now: datetime) -> Message:
    """What was said when the first were told is what everybody is told."""
    say(
        session,
        key=said.key,
        kind=said.kind,
        values=said.values,
        path=said.path,
        targets=said.targets,
        now=now,
    )
    found: Message = session.execute(select(Message).where(MESSAGE.c.key == said.key)).scalar_one()
    return found


def _followers(session: Session, targets: Sequence[str]) -> list[People]:
    """Each of a few targets is read from the index in the order of people; many are sorted."""
    few, many = targets[:EACH], targets[EACH:]
    found: list[People] = [_following(SUBSCRIPTION.c.target == target) for target in few]
    return found + ([_following(_is_one_of(session, SUBSCRIPTION.c.target, many))] if many else [])


def _is_one_of(session: Session, text: Any, texts: Sequence[str]) -> Any:
    """The clause that a text is among these, handed over as one value: a statement has room for
    32,766 (SQLite) or 65,535, and more searches than that may fit one draft."""
    if session.get_bind().dialect.name == "sqlite":
        each = func.json_each(json.dumps(texts)).table_valued("value")
        return text.in_(select(each.c.value))
    return text == func.any(literal(list(texts), ARRAY(String)))


def _following(clause: Any) -> People:
    return select(SUBSCRIPTION.c.person_id).where(clause)


def next_batch(session: Session, people: Sequence[People], after: int) -> Batch | None:
    """The next BATCH people after a number; None if there is nobody."""
    if not people:
        return None
    heads, ranges = [], []
    for query in people:
        number = query.selected_columns[0]
        head = query.where(number > after).distinct().order_by(number).limit(BATCH).subquery()
        heads.append(select(head.c[0].label("person_id")))
    together = union(*heads).subquery()
    first = select(together.c.person_id).order_by(together.c.person_id).limit(BATCH).subquery()
    until = session.execute(select(func.max(first.c.person_id))).scalar()
    if until is None:
        return None
    for query in people:
        number = query.selected_columns[0]
        found = query.where(number > after, number <= until).subquery()
        ranges.append(select(found.c[0].label("person_id")))
    return Batch(union(*ranges).subquery(), after, until)


def _notices(
    session: Session,
    platform: Platform,
    message: Message,
    batch: Batch,
    unless: str,
    now: datetime,
) -> None:
    """A notice for each, with what it came of and how it is mailed, decided here once."""
    told, best = batch.people, SUBSCRIPTION.alias("best")
    followed = best.c.id == _best_subscription(session, message.targets)
    choice = CHOICE.alias("choice")
    chosen = (choice.c.person_id == PERSON.c.id) & (choice.c.category == message.category)
    people = (
        select(
            PERSON.c.id.label("person_id"),
            func.coalesce(best.c.target, "").label("target"),
            func.coalesce(best.c.cadence, choice.c.cadence, "at_once").label("cadence"),
            PERSON.c.zone,
        )
        .select_from(PERSON)
        .join(best, followed, isouter=True)
        .join(choice, chosen, isouter=True)
        .where(
            *batch.holds(PERSON.c.id),
            PERSON.c.id.in_(select(told.c.person_id)),
            PERSON.c.forgotten_at.is_(None),
            *_not_told(unless),
        )
        .subquery()
    )
    rows = select(
        literal(message.id),
        people.c.person_id,
        people.c.target,
        people.c.cadence,
        literal(now, NOTICE.c.created_at.type),
        _due(session, platform, batch, people, now),
    ).where(true())  # without a WHERE, SQLite takes ON CONFLICT for a part of a join
    columns = ("message_id", "person_id", "target", "cadence", "created_at", "due_at")
    session.execute(upsert(session, Notice).from_select(columns, rows).on_conflict_do_nothing())


def _best_subscription(session: Session, targets: Sequence[str]) -> Any:
    """Of a person's subscriptions to any of these the most eager; of equally eager ones the most
    telling, which stands first among the targets."""
    places = {cadence: n for n, cadence in enumerate(CADENCES)}
    telling = {target: n for n, target in enumerate(targets[:EACH])} or {"": 0}
    # Of the text and not of the column: to read what a person follows, which is little, rather
    # than to look for thousands of targets one by one.
    followed = SUBSCRIPTION.c.target.concat("")
    return (
        select(SUBSCRIPTION.c.id)
        .where(SUBSCRIPTION.c.person_id == PERSON.c.id, _is_one_of(session, followed, targets))
        .order_by(
            case(places, value=SUBSCRIPTION.c.cadence),
            case(telling, value=SUBSCRIPTION.c.target, else_=EACH),
            SUBSCRIPTION.c.id,
        )
        .limit(1)
        .correlate(PERSON)
        .scalar_subquery()
    )


def _not_told(unless: str) -> Sequence[Any]:
    if not unless:
        return ()
    other = (
        select(NOTICE.c.id)
        .join(MESSAGE, MESSAGE.c.id == NOTICE.c.message_id)
        .where(MESSAGE.c.key == unless, NOTICE.c.person_id == PERSON.c.id)
        .correlate(PERSON)
    )
    return (~other.exists(),)


def _due(
    session: Session, platform: Platform, batch: Batch, people: Subquery, now: datetime
) -> Any:
    """When the digest of each goes out, on their own clock; NULL for whoever waits for none."""
    zones = session.execute(select(PERSON.c.zone).where(*batch.holds(PERSON.c.id)).distinct())
    instant = NOTICE.c.due_at.type
    slots = [
        (
            (people.c.cadence == cadence) & (people.c.zone == zone),
            literal(slot_after(cadence, zone_of(zone, platform.pack.tz), now), instant),
        )
        for zone in zones.scalars()
        for cadence in DIGESTS
    ]
    return case(*slots, else_=null())


def _mails(session: Session, message: Message, batch: Batch, now: datetime) -> None:
    """A mail for each of them who is told at once and has an address that takes mail."""
    instant = MAIL.c.created_at.type
    rows = (
        select(
            literal(f"{message.key}:").concat(cast(NOTICE.c.person_id, String)),
            NOTICE.c.message_id,
            NOTICE.c.person_id,
            literal(""),
            literal(""),
            NOTICE.c.target,
            true(),
            literal(now, instant),
            literal(now, instant),
            literal(0),
            literal(""),
        )
        .join(PERSON, PERSON.c.id == NOTICE.c.person_id)
        .where(
            NOTICE.c.message_id == message.id,
            *batch.holds(NOTICE.c.person_id),
            NOTICE.c.cadence == "at_once",
            PERSON.c.email.is_not(None),
            PERSON.c.mail_off_at.is_(None),
        )
    )
    columns = (
        *("key", "message_id", "person_id", "recipient", "lang", "target", "is_bulk"),
        *("created_at", "due_at", "attempts", "error"),
    )
    session.execute(upsert(session, Mail).from_select(columns, rows).on_conflict_do_nothing())
