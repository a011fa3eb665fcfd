"""Signals of abuse: read off the rows, no proof, in a constant number of queries."""

from datetime import timedelta

import pytest
from sqlalchemy import event, insert
from sqlmodel import Session

from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.moderation.disavowing import disavow_comment, disavowals
from consult.moderation.signals import signals
from consult.platform import Platform
from drafts.models import Draft
from tests import factories
from tests.conftest import START, TestClock
from tests.moderated import Moderated, moderated

NOW = START + timedelta(days=40)


@pytest.fixture
def scene(platform: Platform, clock: TestClock) -> Moderated:
    return moderated(platform, clock)


def _person(session: Session, name: str, at: int, domain: str = "example.org") -> int:
    """An account made so many minutes before NOW."""
    person = factories.make_person(session, name)
    person.email, person.created_at = f"{name}@{domain}", NOW - timedelta(minutes=at)
    session.add(person)
    session.flush()
    return person.id or 0


def _comments(session: Session, scene: Moderated, n: int, author: int, ago: timedelta) -> None:
    """`n` comments of one account at one instant, as rows."""
    kept = scene.comment(session).model_dump(exclude={"id"})
    rows = [
        kept | {"receipt": f"{author}-{ago}-{i}", "author_id": author, "created_at": NOW - ago}
        for i in range(n)
    ]
    session.execute(insert(Comment), rows)


def test_what_is_striking_is_listed_and_nothing_happens(scene: Moderated) -> None:
    with scene.platform.database.writing() as session:
        old, new = _person(session, "Old", 99_999), _person(session, "New", 10)
        thrown = _person(session, "Thrown", 99_999, "mail.mailinator.com")
        _comments(session, scene, 12, old, timedelta(hours=2))
        _comments(session, scene, 2, new, timedelta(minutes=3))
        _comments(session, scene, 1, thrown, timedelta(days=2))
        _comments(session, scene, 50, old, timedelta(days=31))  # too long ago
    with scene.platform.database.reading() as session:
        found = signals(session, NOW)
    (burst,) = found.seconds
    assert (burst.draft.id, burst.comments, burst.accounts) == (scene.draft_id, 12, 1)
    assert burst.since == NOW - timedelta(hours=2)
    assert found.minutes == []
    assert [(one.who.name, one.comments) for one in found.busy] == [("Old", 12)]
    assert [(one.who.name, one.comments, one.minutes) for one in found.young] == [("New", 2, 7)]
    assert [(one.who.name, one.domain) for one in found.disposable] == [
        ("Thrown", "mail.mailinator.com")
    ]
    assert scene.read().is_public


def test_twenty_comments_in_a_minute_are_a_burst(scene: Moderated) -> None:
    with scene.platform.database.writing() as session:
        person = _person(session, "Old", 99_999)
        for second in range(20):  # NOW is a full minute
            _comments(session, scene, 1, person, timedelta(minutes=5) - timedelta(seconds=second))
    with scene.platform.database.reading() as session:
        found = signals(session, NOW)
    assert found.seconds == []
    assert [burst.comments for burst in found.minutes] == [20]


def test_a_constant_number_of_queries(scene: Moderated) -> None:
    asked: list[str] = []
    with scene.platform.database.reading() as session:
        engine = scene.platform.database.engine
        event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        signals(session, NOW)
    assert len([one for one in asked if one.startswith("SELECT")]) <= 8


def test_a_disavowed_comment_is_taken_back_for_good(scene: Moderated) -> None:
    for _ in range(2):  # the second does nothing
        with scene.platform.database.writing() as session:
            comment = scene.comment(session)
            disavow_comment(session, comment=comment, note=" Not me. ", now=scene.now)
    comment = scene.read()
    assert comment.disavowed_at == comment.withdrawn_at == scene.now
    assert not comment.is_public
    with scene.platform.database.reading() as session:
        ((row, of),) = disavowals(session)
        assert (row.note, of.id) == ("Not me.", scene.comment_id)
        draft = session.get_one(Draft, scene.draft_id)
        assert factories.tally_of(session, draft) == (0, 0, 0)
        assert signals(session, scene.now).disavowed == 1
        assert session.get_one(Person, comment.author_id).name == "Aizada"


def test_a_comment_is_disavowed_after_the_round_too(scene: Moderated) -> None:
    with scene.platform.database.writing() as session:
        draft = session.get_one(Draft, scene.draft_id)
        draft.stage = "reported"
        session.add(draft)
        session.flush()
        disavow_comment(session, comment=scene.comment(session), note="", now=scene.now)
    scene.drain()
    assert scene.read().disavowed_at is not None
