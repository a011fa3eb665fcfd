"""What happened is written down with the change, and what follows from it is done in the end."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlmodel import Session, col, select

from consult import outbox
from consult.anchors.handlers import resolve_anchors
from consult.events import AnchorsResolved, ConsultationScheduled, VersionPublished
from consult.outbox import Delivery, OutboxEvent
from consult.platform import Platform
from consult.wiring import HANDLERS
from consult.worker import ATTEMPTS, LEASE, drain, tick
from drafts.models import Draft, StageChange
from tests.conftest import START
from tests.duties import without_periods
from tests.factories import ARTICLES, make_agency, open_draft
from tests.versions import publish_next

Handle = Callable[[Session, Platform, Any, datetime], None]
Wire = Callable[..., None]
FAR = START + timedelta(days=30)


class Stop(BaseException):
    """The process dies: nothing catches this."""


@pytest.fixture
def platform(platform: Platform) -> Platform:
    """Without recurrent duties, from which something follows as time goes by."""
    return without_periods(platform)


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """Lets handlers of the test follow from ConsultationScheduled."""

    def follow(*handlers: Handle) -> None:
        monkeypatch.setitem(HANDLERS, ConsultationScheduled, handlers)  # type: ignore[arg-type]

    return follow


def happen(platform: Platform, times: int = 1) -> None:
    """A draft exists, and its consultation was scheduled so many times."""
    with platform.database.writing() as session:
        draft = session.exec(select(Draft)).first() or Draft(
            agency_id=make_agency(session).id or 0, act_type="law", titles={}, created_at=START
        )
        session.add(draft)
        session.flush()
        for n in range(times):
            outbox.record(session, ConsultationScheduled(n, draft.id or 0), START)


def leave_a_trace(session: Session, _platform: Platform, event: Any, now: datetime) -> None:
    """A handler whose work can be counted: one row for each time it was done."""
    session.add(StageChange(draft_id=event.draft_id, old="", new="", changed_at=now))


def traces(platform: Platform) -> int:
    with platform.database.reading() as session:
        return len(session.exec(select(StageChange)).all())


def deliveries(platform: Platform) -> list[Delivery]:
    with platform.database.reading() as session:
        return list(session.exec(select(Delivery).order_by(col(Delivery.event_id))).all())


@pytest.mark.parametrize("saved", [True, False])
def test_a_change_and_what_it_means_are_kept_together_or_not_at_all(
    platform: Platform, saved: bool
) -> None:
    with platform.database.session(writes=True) as session:
        open_draft(session)
        if saved:
            session.commit()
    with platform.database.reading() as session:
        assert len(session.exec(select(Draft)).all()) == saved
        names = {event.name for event in session.exec(select(OutboxEvent)).all()}
    expected = {"VersionPublished", "ConsultationScheduled", "ConsultationOpened", "DraftChanged"}
    assert names == (expected if saved else set())


def test_an_event_comes_back_as_it_was_written(platform: Platform) -> None:
    event = ConsultationScheduled(7, 12)
    with platform.database.writing() as session:
        outbox.record(session, event, START)
    with platform.database.reading() as session:
        assert outbox.revive(session.exec(select(OutboxEvent)).one()) == event


def test_each_handler_of_an_event_does_its_work_once(platform: Platform, wire: Wire) -> None:
    def another_trace(*args: Any) -> None:
        leave_a_trace(*args)

    wire(leave_a_trace, another_trace)
    happen(platform, times=3)
    drain(platform, START)
    drain(platform, FAR)
    assert traces(platform) == 6
    assert all(row.done_at == START for row in deliveries(platform))


def test_an_event_nothing_follows_from_is_done_with(platform: Platform, wire: Wire) -> None:
    wire()
    happen(platform)
    drain(platform, START)
    assert tick(platform, FAR) == 0
    assert deliveries(platform) == []


def test_two_workers_at_once_do_the_work_once(platform: Platform, wire: Wire) -> None:
    wire(leave_a_trace)
    happen(platform, times=20)
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(lambda now: drain(platform, now), [START, START]))
    assert traces(platform) == 20
    assert {row.attempts for row in deliveries(platform)} == {1}


def test_what_fails_is_tried_again_after_growing_pauses_then_parked_with_the_reason(
    platform: Platform, wire: Wire
) -> None:
    tried: list[datetime] = []

    def fail(session: Session, _platform: Platform, event: Any, now: datetime) -> None:
        leave_a_trace(session, _platform, event, now)
        tried.append(now)
        raise LookupError("no such mailbox")

    wire(fail)
    happen(platform)
    now = START
    while True:
        drain(platform, now)
        (row,) = deliveries(platform)
        if row.parked_at:
            break
        assert row.due_at > now
        drain(platform, row.due_at - timedelta(microseconds=1))  # not before its time
        now = row.due_at
    drain(platform, FAR)
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert len(tried) == ATTEMPTS
    assert pauses == sorted(set(pauses))
    assert row.error == "LookupError: no such mailbox"
    assert traces(platform) == 0  # what was half done was taken back


def test_one_that_fails_holds_up_nobody(platform: Platform, wire: Wire) -> None:
    def fail_first(session: Session, _platform: Platform, event: Any, now: datetime) -> None:
        if event.consultation_id == 0:
            raise LookupError
        leave_a_trace(session, _platform, event, now)

    wire(fail_first)
    happen(platform, times=3)
    drain(platform, START)
    assert traces(platform) == 2


def test_what_failed_once_and_then_went_well_is_done(platform: Platform, wire: Wire) -> None:
    failures = [LookupError("busy")]

    def fail_once(*args: Any) -> None:
        if failures:
            raise failures.pop()
        leave_a_trace(*args)

    wire(fail_once)
    happen(platform)
    for now in (START, FAR):
        drain(platform, now)
    (row,) = deliveries(platform)
    assert (row.done_at, row.error, row.attempts) == (FAR, "", 2)
    assert traces(platform) == 1


def test_a_crash_before_it_was_noted_as_done_repeats_all_of_it(
    platform: Platform, wire: Wire
) -> None:
    crashes = [Stop()]

    def crash_once(*args: Any) -> None:
        leave_a_trace(*args)
        if crashes:
            raise crashes.pop()

    wire(crash_once)
    happen(platform)
    with pytest.raises(Stop):
        drain(platform, START)
    drain(platform, START + LEASE - timedelta(seconds=1))  # another might still be at it
    assert traces(platform) == 0
    drain(platform, START + LEASE)
    assert traces(platform) == 1


def test_what_is_done_outside_the_database_is_repeated_until_it_went_well(
    platform: Platform, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def write_a_file(_session: Session, _platform: Platform, event: Any, _now: datetime) -> None:
        asked.append(event.consultation_id)
        if len(asked) == 1:
            raise OSError("disk full")

    wire(write_a_file)
    monkeypatch.setattr("consult.worker.OUTSIDE", frozenset({write_a_file}))
    happen(platform)
    for now in (START, FAR, FAR):
        drain(platform, now)
    (row,) = deliveries(platform)
    assert asked == [0, 0]
    assert row.done_at == FAR


def test_that_the_comments_on_a_version_are_placed_is_told_once_however_often_they_are(
    platform: Platform,
) -> None:
    with platform.database.writing() as session:
        draft = open_draft(session)
        versions = [publish_next(session, draft, ARTICLES).id or 0 for _ in range(2)]
    published = [VersionPublished(draft.id or 0, id_, n) for n, id_ in enumerate(versions, 2)]

    def place(event: VersionPublished) -> None:
        resolve_anchors(session, platform, event, START)

    with ThreadPoolExecutor(4) as workers:  # a lease that ran out: another worker is at it too
        list(workers.map(place, published * 4))
    with platform.database.reading() as session:
        told = [outbox.revive(row) for row in session.exec(select(OutboxEvent)).all()]
    placed = [event.version_id for event in told if isinstance(event, AnchorsResolved)]
    assert sorted(placed) == versions
