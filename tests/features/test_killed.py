"""A worker killed (SIGKILL) at any moment, again and again: nothing is lost, nothing said twice."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from threading import Event

import pytest
from sqlmodel import col, select

from consult.outbox import Delivery
from consult.platform import Platform
from consult.worker import drain, run_forever
from notifications import spreading
from notifications.models import Mail, Message, Notice, Subscription
from tests import factories
from tests.conftest import TestClock
from tests.mailserver import Server, running, with_smtp

DRAFTS, PEOPLE, KILLS = 3, 12, 16


@pytest.fixture
def server() -> Iterator[tuple[Server, int]]:
    handler = Server()
    with running(handler) as port:
        yield handler, port


def killed_after(platform: Platform, seconds: float) -> None:
    """A worker in a process of its own, for so long."""
    child = os.fork()
    if child == 0:
        try:
            platform.database.engine.dispose(close=False)  # the parent's connections stay its own
            run_forever(platform, Event())
        finally:
            os._exit(1)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL


def fill(platform: Platform, clock: TestClock) -> None:
    """Drafts of one agency go on discussion; all follow it, some by the day."""
    with platform.database.writing() as session:
        agency = factories.make_agency(session)
        for n in range(PEOPLE):
            person = factories.make_person(session, f"P{n}")
            cadence = "daily" if n % 4 == 0 else "at_once"
            row = Subscription(
                person_id=person.id or 0,
                target=f"agency:{agency.id}",
                cadence=cadence,
                created_at=clock.now,
            )
            session.add(row)
        for _ in range(DRAFTS):
            factories.open_draft(session, agency=agency, now=clock.now)


def test_a_worker_killed_again_and_again_tells_everybody_once(
    platform: Platform,
    clock: TestClock,
    server: tuple[Server, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A mail may come twice, with one Message-ID, if the kill came between server and database."""
    monkeypatch.setattr(spreading, "BATCH", 3)
    handler, port = server
    platform, rng = with_smtp(platform, port), random.Random(7)
    fill(platform, clock)
    for _ in range(KILLS):
        killed_after(platform, rng.uniform(0.02, 0.3))
        clock.forward(hours=2)  # what was claimed is free again
    drain(platform, clock.forward(hours=1))
    taken = Counter(str(mail["Message-ID"]) for mail in handler.taken)
    with platform.database.reading() as session:
        assert not session.exec(select(Delivery).where(col(Delivery.done_at).is_(None))).all()
        assert not session.exec(select(Delivery).where(Delivery.error != "")).all()
        assert len(session.exec(select(Message)).all()) == DRAFTS
        notices = session.exec(select(Notice)).all()
        each = Counter((notice.person_id, notice.message_id) for notice in notices)
        assert len(each) == len(notices) == DRAFTS * PEOPLE
        mails = session.exec(select(Mail)).all()
    assert all(mail.sent_at and not mail.error for mail in mails)
    by_day = sum(notice.cadence == "daily" for notice in notices)
    digests = [mail for mail in mails if mail.message_id is None]
    assert {notice.mail_id for notice in notices} - {None} == {mail.id for mail in digests}
    assert len(mails) - len(digests) == DRAFTS * PEOPLE - by_day
    assert len(taken) == len(mails), "each went out, under a name of its own"
    twice = sum(taken.values()) - len(taken)
    assert twice <= sum(mail.attempts - 1 for mail in mails) <= KILLS
