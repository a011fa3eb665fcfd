"""Telling very many: in steps between which others are let go, by queries that use their index."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, func, select

from consult.account_events import RegistrationRepeated
from consult.outbox import Delivery, record
from consult.platform import Platform
from consult.worker import drain, tick
from notifications import spreading
from notifications.models import Mail, Message, Notice, Subscription
from notifications.queries import notices_of
from notifications.spreading import Announcement, announce
from tests import factories
from tests.conftest import START

NEWS = {"titles": {"en": "News"}, "agency": {"en": "MOJ"}, "round": 1}


def follow(session: Session, people: int, *targets: str) -> None:
    """So many people follow all of these."""
    for n in range(people):
        person = factories.make_person(session, f"P{n}")
        for target in targets:
            row = Subscription(person_id=person.id or 0, target=target, created_at=START)
            session.add(row)


def count(session: Session, table: type[Notice | Mail | Message]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def test_others_are_let_go_between_two_steps(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreading, "BATCH", 4)
    with platform.database.writing() as session:
        follow(session, 30, "agency:1", "draft:1")
        factories.open_draft(session)
    tick(platform, START)
    for n in range(1, 4):
        with platform.database.writing() as session:
            record(session, RegistrationRepeated(n), START)
        tick(platform, START)
        with platform.database.reading() as session:
            slow, quick = (
                session.exec(select(Delivery).where(Delivery.handler == name)).all()
                for name in ("announce_opening", "mail_known_address")
            )
            assert slow[0].done_at is None
            assert len(quick) == n
            assert all(delivery.done_at for delivery in quick)
            assert count(session, Notice) == 4 * (n + 1)
    drain(platform, START)
    with platform.database.reading() as session:
        assert (count(session, Notice), count(session, Message)) == (30, 4)
        assert all(notice.target == "draft:1" for notice in session.exec(select(Notice)))


def test_a_step_that_is_done_again_tells_nobody_twice(session: Session, platform: Platform) -> None:
    factories.open_draft(session)
    follow(session, 5, "draft:1", "agency:1")
    said = Announcement("report:1", "report_published", NEWS, "/drafts/1", ("draft:1", "agency:1"))
    for cadence in ("at_once", "weekly"):  # chosen between the two, too late
        for row in session.exec(select(Subscription)).all():
            row.cadence = cadence
            session.add(row)
        session.flush()
        assert announce(session, platform, said, "", START) != ""
    assert (count(session, Notice), count(session, Mail), count(session, Message)) == (5, 5, 1)
    assert not session.exec(select(Notice).where(col(Notice.due_at).is_not(None))).all()


def test_who_has_one_message_is_not_told_the_other(session: Session, platform: Platform) -> None:
    follow(session, 3, "draft:1")
    both = ("draft:1",)
    first = Announcement("report:1", "report_published", NEWS, "/", both)
    announce(session, platform, first, "", START)
    follow_one_more = factories.make_person(session, "Late")
    row = Subscription(person_id=follow_one_more.id or 0, target="draft:1", created_at=START)
    session.add(row)
    session.flush()
    other = Announcement("report:2", "report_published", NEWS, "/", both, unless="report:1")
    announce(session, platform, other, "", START)
    notices = session.exec(select(Notice).order_by(col(Notice.id))).all()
    assert [notice.message_id for notice in notices] == [1, 1, 1, 2]


def test_more_targets_than_a_statement_has_room_for_are_no_hindrance(
    session: Session, platform: Platform
) -> None:
    follow(session, 3, "search:69000")
    targets = tuple(f"search:{n}" for n in range(1, 70_001))
    announce(
        session,
        platform,
        Announcement("report:1", "report_published", NEWS, "/", targets),
        "",
        START,
    )
    assert [notice.target for notice in session.exec(select(Notice))] == ["search:69000"] * 3


WAITING = "sent_at IS NULL AND parked_at IS NULL AND skipped_at IS NULL AND due_at <= '2026-01-01'"
QUERIES = {
    "ix_mail_waiting": f"SELECT id FROM mail WHERE {WAITING} ORDER BY is_bulk, id LIMIT 50",
    "ix_mail_sent": "SELECT count(*) FROM mail WHERE sent_at > '2026-01-01'",
    "ix_notice_waiting": "SELECT person_id FROM notice WHERE due_at <= '2026-01-01'"
    " ORDER BY due_at, person_id LIMIT 500",
    "ix_notice_unread": "SELECT count(*) FROM notice WHERE person_id = 7 AND read_at IS NULL",
    "ix_notice_person": "SELECT id FROM notice WHERE person_id = 7 AND id < 99 ORDER BY id DESC",
    "ix_notice_mail": "SELECT id FROM notice WHERE mail_id = 7",
    "ix_subscription_target": "SELECT DISTINCT person_id FROM subscription"
    " WHERE target = 'draft:1' AND person_id > 7 ORDER BY person_id LIMIT 5000",
    "ix_comment_of_person": "SELECT DISTINCT author_id FROM comment"
    " WHERE consultation_id = 1 AND author_id > 7 ORDER BY author_id LIMIT 5000",
    "ix_vote_draft_id": "SELECT DISTINCT person_id FROM vote"
    " WHERE draft_id = 1 AND person_id > 7 ORDER BY person_id LIMIT 5000",
}


def test_what_is_asked_again_and_again_is_read_from_an_index_and_not_sorted(
    platform: Platform,
) -> None:
    lite = platform.database.engine.dialect.name == "sqlite"
    with platform.database.engine.connect() as connection:
        if not lite:  # what it weighs depends on what it last counted: it shall do it if it can
            for way in ("seqscan", "bitmapscan", "hashagg", "sort", "incremental_sort"):
                connection.execute(text(f"SET enable_{way} = off"))
        for index, query in QUERIES.items():
            explain = f"EXPLAIN {'QUERY PLAN ' if lite else ''}{query}"
            plan = "\n".join(str(row) for row in connection.execute(text(explain)))
            assert index in plan if lite else "Seq Scan" not in plan  # which, PostgreSQL weighs
            assert "TEMP B-TREE" not in plan
            assert "Sort" not in plan


def test_a_page_of_notices_asks_once_however_many_there_are(platform: Platform) -> None:
    with platform.database.writing() as session:
        follow(session, 1, "draft:1")
        for n in range(45):
            key, now = f"report:{n}", START + timedelta(minutes=n)
            said = Announcement(key, "report_published", NEWS, "/drafts/1", ("draft:1",))
            announce(session, platform, said, "", now)
    with platform.database.reading() as session:
        seen, before = [], None
        while page := notices_of(session, 1, before, limit=20)[:20]:
            seen += [message.key for _, message in page]
            before = page[-1][0].id
    assert seen == [f"report:{n}" for n in reversed(range(45))]
