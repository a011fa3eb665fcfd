"""How long it takes to tell one thing to very many, and what waits meanwhile: `--notices`.

A discussion opens whose draft 200,000 people follow: at once, by the day, by the week, half of
them the agency as well. The worker does all its parts, as it does in service, and mails go out
meanwhile; again and again somebody registers with an address that is known.
"""

import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

from sqlalchemy import func, insert
from sqlmodel import Session, col, select

from consult import events
from consult.account_events import RegistrationRepeated
from consult.app import build_platform
from consult.config import Settings
from consult.events import ConsultationOpened
from consult.outbox import Delivery, OutboxEvent, record
from consult.platform import Platform
from consult.schema import migrate
from consult.wiring import Handler
from consult.worker import run_forever, tick
from notifications.accounts import mail_known_address
from notifications.digests import write_digests
from notifications.handlers import announce_opening
from notifications.models import Mail, Notice, Subscription
from tests.bench import data
from tests.bench.report import table
from tests.bench.servers import postgres
from tests.factories import open_draft

CADENCES = ("at_once",) * 7 + ("daily",) * 2 + ("weekly",)
PAUSE = 0.02  # seconds between two looks


def measure(followers: int) -> str:
    """A table: SQLite, PostgreSQL."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="kenesh-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        url, _ = stack.enter_context(postgres(folder))
        for kind, address in (("SQLite", ""), ("PostgreSQL", url)):
            settings = Settings(data_dir=folder / kind, database_url=address, embedded_worker=False)
            platform = build_platform(settings)
            migrate(platform.database.engine)
            _fill(platform, followers)
            rows.append((kind, *_measure(platform, followers)))
            platform.database.engine.dispose()
    head = (
        *("Database", "told", "mails queued", "seconds", "longest another event waited"),
        "all digests of a day",
    )
    return table(head, rows)


def _fill(platform: Platform, followers: int) -> None:
    now = platform.clock()
    with platform.database.writing() as session:
        open_draft(session, now=now)
    while tick(platform, now):
        pass
    with platform.database.writing() as session:
        connection = session.connection()
        first = 100
        for start in range(first, first + followers, 20_000):
            numbers = range(start, min(start + 20_000, first + followers))
            data.add_people(connection, numbers, now)
            connection.execute(insert(Subscription), list(_subscriptions(numbers, now)))
        if platform.database.engine.dialect.name != "sqlite":
            data.set_sequences(connection)


def _subscriptions(numbers: Iterable[int], now: datetime) -> Iterable[dict[str, object]]:
    for n in numbers:
        row = {"person_id": n, "cadence": CADENCES[n % 10], "created_at": now}
        yield row | {"target": "draft:1"}
        if n % 2:
            yield row | {"target": "agency:1"}


def _measure(platform: Platform, followers: int) -> tuple[str, ...]:
    """Seconds until all were told, and the longest another event waited meanwhile."""
    stop = Event()
    worker = Thread(target=run_forever, args=(platform, stop))
    worker.start()
    _record(platform, ConsultationOpened(1, 1, 2))
    began, waits = time.perf_counter(), [0.0]
    while _waits(platform, announce_opening):
        asked_at = time.perf_counter()
        _record(platform, RegistrationRepeated(100))
        while _waits(platform, mail_known_address):
            time.sleep(PAUSE)
        waits.append(time.perf_counter() - asked_at)
    took = time.perf_counter() - began
    stop.set()
    worker.join()
    with platform.database.reading() as session:
        told, mails = _count(session)
    assert told == followers
    began = time.perf_counter()
    while write_digests(platform, datetime.now(UTC) + timedelta(days=1)):
        time.sleep(PAUSE)  # as the worker does, for a mail may still be on its way
    digests = time.perf_counter() - began
    waited = f"{max(waits):.2f} s ({len(waits) - 1} asked)"
    return str(told), str(mails), f"{took:.1f}", waited, f"{digests:.1f} s"


def _record(platform: Platform, event: events.Event) -> None:
    with platform.database.writing() as session:
        record(session, event, platform.clock())


def _waits(platform: Platform, handler: Handler) -> bool:
    """Whether an event is not spread yet, or its delivery to this handler not done."""
    with platform.database.reading() as session:
        undone = select(Delivery.event_id).where(
            Delivery.handler == handler.__name__, col(Delivery.done_at).is_(None)
        )
        fresh = select(OutboxEvent.id).where(col(OutboxEvent.spread_at).is_(None))
        return any(session.exec(query.limit(1)).first() for query in (undone, fresh))


def _count(session: Session) -> tuple[int, int]:
    notices = select(func.count()).where(Notice.person_id >= 100)
    mails = select(func.count()).where(Mail.is_bulk)
    return session.exec(notices).one(), session.exec(mails).one()
