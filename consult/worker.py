"""Background work: what opens by itself, what handlers do about events, what mail goes out.

One `tick` serves the embedded thread, `consult worker` and the tests. It never sleeps.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event as ThreadEvent
from threading import Thread
from time import monotonic

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from consult.adoption.practice.keeping import begin_reviews
from consult.attachments.storing import sweep
from consult.consultations.actions import advance
from consult.consultations.models import Consultation
from consult.consultations.queries import due_transitions
from consult.db import affected
from consult.errors import DomainError
from consult.events import Event
from consult.hearings.clock import follow_hearings
from consult.limits.challenge import forget_run_out, has_run_out
from consult.moderation.redactions import erase_redacted, waits_for_erasing
from consult.obligations.keeping.recurring import is_new_day, recur
from consult.obligations.keeping.reminding import remind
from consult.obligations.queries import reminders_waiting
from consult.opendata.dumps import keep_dumps
from consult.outbox import EVENTS, Delivery, OutboxEvent, forget_links, revive
from consult.pacing import Handler
from consult.platform import Platform
from consult.privacy.forgetting import forget_again
from consult.privacy.retention import clear_old
from consult.record.handlers import keep_record, keep_records
from consult.record.queries import has_begun
from consult.record.writing import adopt
from consult.site.kept_pages import page_now, year_waits
from consult.snapshots.actions import keep as keep_snapshot
from consult.statistics.keeping import keep_figures
from consult.webhooks.sending import call_waiting
from consult.wiring import HANDLERS, IN_STEPS, OUTSIDE
from drafts.correcting.actions import discard
from drafts.previews import outdated
from drafts.search.following import keep_index, renew_index
from notifications.digests import write_digests
from notifications.mail import send_waiting

log = logging.getLogger(__name__)
BATCH = 100
PREVIEWS = 10  # discarded at once, for their files are large
RECORDED = 500  # events put on record in one transaction
ADOPTED = 1000  # rows of before the record, likewise
ATTEMPTS = 8
LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=10)
IDLE_SECONDS = 1.0
NIGHTLY_SECONDS = 60.0
SECONDS_TO_END = 5.0
INDEX_PAUSE_SECONDS = 60.0  # after it could not be written
# Who waits for the one writer of SQLite looks ten times a second whether it is free: after a long
# round it is, for so long that everybody has looked.
BREATH_SECONDS = 0.12

Part = Callable[[Platform, datetime], int]  # how many things it did, 0 when nothing is left


def tick(platform: Platform, now: datetime) -> int:
    """Do what is due at `now`; returns how many things were done (0: nothing left)."""
    return sum(part(platform, now) for part in (*PARTS, *BESIDE, keep_index))


def drain(platform: Platform, now: datetime, rounds: int = 1000) -> None:
    """Tick until nothing is left to do at `now`."""
    for _ in range(rounds):
        if tick(platform, now) == 0:
            return


def run_forever(platform: Platform, stop: ThreadEvent) -> None:
    """Tick until told to stop; a part that fails is logged and tried again, and holds up no other.

    The search index is kept beside all this: a discussion opens on time while it is rebuilt. So are
    webhooks called and mails sent: others' machines may answer as slowly as they like. Told to
    stop, what is going on beside is waited for, though not for long: it may be broken off anywhere.
    """
    _attempt(forget_again, platform)  # whom a backup that was put back knows again
    beside = [
        Thread(target=_keep_index, args=(platform, stop), name="index", daemon=True),
        *(Thread(target=_repeat, args=(platform, stop, (part,)), daemon=True) for part in BESIDE),
        Thread(target=_repeat, args=(platform, stop, NIGHTLY, NIGHTLY_SECONDS), daemon=True),
    ]
    for thread in beside:
        thread.start()
    _repeat(platform, stop, PARTS)
    until = monotonic() + SECONDS_TO_END
    for thread in beside:
        thread.join(max(until - monotonic(), 0))


def _repeat(
    platform: Platform, stop: ThreadEvent, parts: tuple[Part, ...], idle: float = IDLE_SECONDS
) -> None:
    while not stop.is_set():
        began = monotonic()
        if not sum(_attempt(part, platform) for part in parts):
            stop.wait(idle)
        elif monotonic() - began > BREATH_SECONDS:
            stop.wait(BREATH_SECONDS)


def _attempt(part: Part, platform: Platform) -> int:
    try:
        return part(platform, platform.clock())
    except Exception:
        log.exception("background work failed; it is tried again")
        return 0


def _keep_index(platform: Platform, stop: ThreadEvent) -> None:
    """Apart, for it must not try again each second to build what needs minutes."""
    while not stop.is_set():
        try:
            keep_index(platform, platform.clock())
        except Exception:
            log.exception("the search index was not brought up to date; it is tried again")
            stop.wait(INDEX_PAUSE_SECONDS)
        stop.wait(IDLE_SECONDS)


def _advance_consultations(platform: Platform, now: datetime) -> int:
    with platform.database.reading() as session:
        due = [waiting.id for waiting in due_transitions(session, now)]
    return sum(_advance_one(platform, consultation_id, now) for consultation_id in due)


def _advance_one(platform: Platform, consultation_id: int | None, now: datetime) -> bool:
    """One that cannot go on (somebody mended its rows by hand, say) must not hold up the others."""
    try:
        with platform.database.writing() as session:
            return advance(session, session.get_one(Consultation, consultation_id), now)
    except DomainError:
        log.exception("consultation %s cannot go on; it is tried again", consultation_id)
        return False


def _recur(platform: Platform, now: datetime) -> int:
    with platform.database.reading() as session:
        if not is_new_day(session, now):
            return 0
    with platform.database.writing() as session:
        return begin_reviews(session, platform.pack, now) + recur(session, platform.pack, now)


def _remind(platform: Platform, now: datetime) -> int:
    with platform.database.reading() as session:
        if not reminders_waiting(session, now, limit=1):
            return 0
    with platform.database.writing() as session:
        return remind(session, platform.pack, now)


def _spread(platform: Platform, now: datetime) -> int:
    """Lay out one delivery for each handler of each new event."""
    with platform.database.reading() as session:
        waiting = session.exec(
            select(OutboxEvent.id).where(col(OutboxEvent.spread_at).is_(None)).limit(1)
        ).first()
    if waiting is None:
        return 0
    with platform.database.writing() as session:
        rows = session.exec(
            select(OutboxEvent)
            .where(col(OutboxEvent.spread_at).is_(None))
            .order_by(col(OutboxEvent.id))
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        ).all()
        for row in rows:
            row.spread_at = now
            session.add(row)
            for handler in _handlers(row.name):
                session.add(Delivery(event_id=row.id or 0, handler=handler.__name__, due_at=now))
        return len(rows)


def _handlers(name: str) -> tuple[Handler, ...]:
    """The handlers of an event by its name; one this version no longer knows holds up no other."""
    if name not in EVENTS:
        log.error("the event %s is not known to this version and is passed over", name)
        return ()
    return HANDLERS[EVENTS[name]]


def _deliver(platform: Platform, now: datetime) -> int:
    with platform.database.reading() as session:
        due = session.exec(
            select(Delivery)
            .where(*_due(now), Delivery.handler != keep_record.__name__)
            .order_by(col(Delivery.due_at), col(Delivery.event_id))
            .limit(BATCH)
        ).all()
    return sum(_deliver_one(platform, delivery, now) for delivery in due)


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Delivery.done_at).is_(None),
        col(Delivery.parked_at).is_(None),
        col(Delivery.due_at) <= now,
    )


def _record(platform: Platform, now: datetime) -> int:
    """Put on the public record what happened, many events at once, for its writer is one.

    If that fails, each is delivered by itself, so that one of them holds up no other. What was
    there before there was a record comes first.
    """
    with platform.database.reading() as session:
        begun = has_begun(session)
        waiting = (*_due(now), col(Delivery.handler) == keep_record.__name__)
        query = select(Delivery).where(*waiting).order_by(col(Delivery.event_id)).limit(RECORDED)
        due = session.exec(query).all() if begun else []
        ids = [delivery.event_id for delivery in due]
        rows = session.exec(select(OutboxEvent).where(col(OutboxEvent.id).in_(ids))).all()
    if not begun:
        with platform.database.writing() as session:
            return adopt(session, now, ADOPTED)
    if not due:
        return 0
    try:
        with platform.database.writing() as session:
            keep_records(session, [revive(row) for row in rows], now)
            done = update(Delivery).where(*waiting, col(Delivery.event_id).in_(ids))
            session.execute(done.values(done_at=now, error=""))
    except Exception:
        log.exception("events were not recorded at once; they are recorded one by one")
        return sum(_deliver_one(platform, delivery, now) for delivery in due)
    return len(due)


def _deliver_one(platform: Platform, delivery: Delivery, now: datetime) -> int:
    """Claim a delivery for a while, then run its handler, and try again later if it fails."""
    with platform.database.writing() as session:
        if not _claim(session, delivery, now):
            return 0
    try:
        _run(platform, delivery, now)
    except Exception as error:
        log.exception("handler %s failed for event %s", delivery.handler, delivery.event_id)
        _postpone(platform, delivery, error, now)
    return 1


def _run(platform: Platform, delivery: Delivery, now: datetime) -> None:
    """What a handler writes and its "done" are one transaction: a crash repeats all or nothing.

    A handler that works outside the database must not hold the one writer of SQLite meanwhile. One
    of many steps says how far it came: others are let go before it goes on from there.
    """
    with platform.database.reading() as session:
        event = revive(session.get_one(OutboxEvent, delivery.event_id))
        handler = _handler(type(event), delivery.handler)
        if handler in OUTSIDE:
            handler(session, platform, event, now)
    with platform.database.writing() as session:
        done = session.get_one(Delivery, (delivery.event_id, delivery.handler))
        if delivery.handler in IN_STEPS:
            done.cursor = IN_STEPS[delivery.handler](session, platform, event, now, done.cursor)
            if done.cursor:
                done.due_at, done.attempts, done.error = now, 0, ""
                return
        elif handler not in OUTSIDE:
            handler(session, platform, event, now)
        done.done_at, done.error = now, ""
        session.add(done)
        forget_links(session.get_one(OutboxEvent, delivery.event_id))


def _handler(kind: type[Event], name: str) -> Handler:
    return next(handler for handler in HANDLERS[kind] if handler.__name__ == name)


def _claim(session: Session, delivery: Delivery, now: datetime) -> bool:
    claimed = session.execute(
        update(Delivery)
        .where(
            col(Delivery.event_id) == delivery.event_id,
            col(Delivery.handler) == delivery.handler,
            col(Delivery.due_at) == delivery.due_at,
            col(Delivery.done_at).is_(None),
        )
        .values(due_at=now + LEASE, attempts=Delivery.attempts + 1)
    )
    return affected(claimed) == 1


def _postpone(platform: Platform, delivery: Delivery, error: Exception, now: datetime) -> None:
    """Try again after a pause that doubles; after the last attempt park it with the reason."""
    with platform.database.writing() as session:
        row = session.get_one(Delivery, (delivery.event_id, delivery.handler))
        row.error = f"{type(error).__name__}: {error}"[:500]
        row.due_at = now + FIRST_PAUSE * 2**row.attempts
        if row.attempts >= ATTEMPTS:
            row.parked_at = now
        session.add(row)


def _discard_previews(platform: Platform, now: datetime) -> int:
    """Discard what was read in and not taken over in time, with its file."""
    before = now - timedelta(days=platform.settings.preview_days)
    with platform.database.reading() as session:
        found = outdated(session, before, limit=PREVIEWS)
    if found:
        with platform.database.writing() as session:
            discard(session, *found)
    return len(found)


def _erase_redacted(platform: Platform, now: datetime) -> int:
    """Forget the personal data that was removed from comments, once the time to appeal is over."""
    with platform.database.reading() as session:
        if not waits_for_erasing(session, now):
            return 0
    with platform.database.writing() as session:
        return erase_redacted(session, now)


def _sweep_files(platform: Platform, now: datetime) -> int:
    """Take away the files of comments that were never made."""
    return sweep(platform.settings.data_dir, platform.database, now)


def _forget_proofs(platform: Platform, now: datetime) -> int:
    """Forget the spent proofs that nobody could show again anyway."""
    with platform.database.reading() as session:
        if not has_run_out(session, now):
            return 0
    with platform.database.writing() as session:
        return forget_run_out(session, now)


def _keep_year(platform: Platform, now: datetime) -> int:
    """In January, keep for ever what the pages of figures say of the last year."""
    with platform.database.reading() as session:
        found = [
            (kind, *page_now(session, kind, wish, pack=platform.pack, now=now))
            for kind, wish in year_waits(session, platform.pack, now)
        ]
    if found:
        with platform.database.writing() as session:
            for kind, subject, content in found:
                keep_snapshot(session, kind, subject, content, now)
    return len(found)


# In this order: what happens by itself, what follows from it, who is reminded of what is left to do
# then, what is told of it all; then what is kept no longer.
PARTS = (
    _advance_consultations,
    follow_hearings,
    _recur,
    _spread,
    _record,
    _deliver,
    _remind,
    write_digests,
    _discard_previews,
    _erase_redacted,
    _sweep_files,
    _forget_proofs,
    _keep_year,
    clear_old,
)

# What waits for others' machines, each in a thread of its own.
BESIDE = (call_waiting, send_waiting)

# What takes minutes of a night, in a thread of its own; nothing else waits for it to be done.
NIGHTLY = (keep_dumps, keep_figures, renew_index)
