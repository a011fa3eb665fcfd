"""The index follows what happens by itself, and says what one built from nothing would say."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as sql
from sqlmodel import Session, col, select

from consult import outbox
from consult.accounts.models import Person
from consult.checks import findings
from consult.comments.actions import Words, edit_comment, withdraw_comment
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.consultations.queries import current_round
from consult.events import CommentHeld, DraftChanged
from consult.moderation.actions import restore_comment
from consult.moderation.appealing import appeal, decide_appeal
from consult.moderation.disavowing import disavow_comment
from consult.moderation.models import Appeal, ModerationAct
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.privacy import leaving
from consult.privacy.forgetting import forget
from consult.worker import drain
from drafts.models import Draft
from drafts.search import kept_index
from drafts.search.engines import ENGINES
from drafts.search.following import follow, keep_index, lag_of, needs_rebuild, rebuild
from drafts.search.interface import Query
from drafts.search.place import Place, further
from tests import factories
from tests.conftest import START, TestClock
from tests.indexed import holds, holds_anew
from tests.moderated import Moderated, moderated
from tests.versions import publish_next

Step = Callable[[Moderated, Session], None]


@pytest.fixture
def scene(platform: Platform, clock: TestClock) -> Moderated:
    return moderated(platform, clock)


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def draft_of(scene: Moderated, session: Session) -> Draft:
    return session.get_one(Draft, scene.draft_id)


def say(scene: Moderated, session: Session, body: str, **more: Any) -> Comment:
    author = session.exec(select(Person).where(Person.name == "Reader")).one()
    return factories.make_comment(
        session, draft_of(scene, session), author, body, now=scene.now, **more
    )


# A life of a draft and of what is said about it, each step in a transaction of its own


def replies(scene: Moderated, session: Session) -> None:
    say(scene, session, "He does not.", parent=scene.comment(session), kind="question")


def edits(scene: Moderated, session: Session) -> None:
    edit_comment(
        session,
        actor=scene.actor(session, "Aizada"),
        comment=scene.comment(session),
        words=Words("Ask Asan Usonov, at 0555 12 34 56.", "editorial", "support"),
        window=timedelta(minutes=15),
        most=1000,
        now=scene.now,
    )


def restores(scene: Moderated, session: Session) -> None:
    actor, comment = scene.actor(session, "Marat"), scene.comment(session)
    restore_comment(
        session, actor=actor, comment=comment, reason="It breaks no rule.", now=scene.now
    )


def appeals(scene: Moderated, session: Session) -> None:
    acts = select(ModerationAct).order_by(col(ModerationAct.id).desc()).limit(1)
    appeal(
        session,
        actor=scene.actor(session, "Aizada"),
        act=session.exec(acts).one(),
        comment=scene.comment(session),
        reason="He is a public person.",
        law=scene.law(session),
        now=scene.now,
    )


def is_put_back(scene: Moderated, session: Session) -> None:
    decide_appeal(
        session,
        actor=scene.actor(session, "Jyldyz"),
        row=session.exec(select(Appeal)).one(),
        decision="overturned",
        reason="He is.",
        now=scene.now,
    )


def withdraws(scene: Moderated, session: Session) -> None:
    comment = session.exec(select(Comment).where(Comment.body == "He does not.")).one()
    actor = scene.actor(session, "Reader")
    withdraw_comment(session, actor=actor, comment=comment, now=scene.now)


def speaks(scene: Moderated, session: Session) -> None:
    say(scene, session, "In somebody's name.", stance="oppose")


def disavows(scene: Moderated, session: Session) -> None:
    comment = session.exec(select(Comment).where(Comment.stance == "oppose")).one()
    disavow_comment(session, comment=comment, note="Not mine.", now=scene.now)


def revises(scene: Moderated, session: Session) -> None:
    publish_next(session, draft_of(scene, session), ("Water is free.", "Libraries too."))


def is_forgotten(scene: Moderated, session: Session) -> None:
    person = session.exec(select(Person).where(Person.name == "Aizada")).one()
    forget(session, person, words=leaving.Words.REMOVE, by=person.id, now=scene.now)


def closes(scene: Moderated, session: Session) -> None:
    round_ = current_round(session, scene.draft_id)
    assert isinstance(round_, Consultation)
    factories.close_consultation(session, round_)


def moderates(act: str, *pieces: str) -> Step:
    def step(scene: Moderated, _session: Session) -> None:
        scene.moderate(act, *pieces)

    return step


LIFE: dict[str, Step] = {
    "somebody replies": replies,
    "an author edits": edits,
    "a comment is held": moderates("hold"),
    "it is shown again": restores,
    "it is hidden": moderates("hide"),
    "it is shown once more": restores,
    "words are taken out": moderates("redact", "Asan Usonov"),
    "somebody appeals": appeals,
    "they are put back": is_put_back,
    "somebody withdraws": withdraws,
    "somebody speaks": speaks,
    "somebody disavows": disavows,
    "a new version is published": revises,
    "an author is forgotten": is_forgotten,
    "the discussion closes": closes,
}


def test_whatever_happens_the_index_is_as_one_built_from_nothing(scene: Moderated) -> None:
    before = holds(scene.platform.search)
    for name, step in LIFE.items():
        if step.__name__ == "step":  # moderates by itself
            step(scene, None)  # type: ignore[arg-type]
        else:
            with scene.platform.database.writing() as session:
                step(scene, session)
        scene.drain()
        now = holds(scene.platform.search)
        assert now == holds_anew(scene.platform), name
        assert (now == before) == (name == "somebody appeals"), name
        before = now
    assert "Usonov" not in str(before)


def test_no_name_of_a_person_is_in_the_index(scene: Moderated) -> None:
    for name in ("Aizada", "Marat", "Reader"):
        page = scene.platform.search.search(Query(name, unit="comment"))
        assert page.total == 0


def test_an_index_that_was_away_catches_up_and_one_that_was_lost_is_built_anew(
    scene: Moderated,
) -> None:
    platform = scene.platform
    with platform.database.writing() as session:
        for n in range(3):
            say(scene, session, f"Number {n} of three")
    lag = lag_of(platform)
    assert lag is not None
    assert (lag.waiting, lag.since) == (3, START)
    later = replace(platform, clock=TestClock(START + timedelta(minutes=11)))
    told = [one.text for one in findings(later) if one.serious]
    assert "The search index lags behind: 3 events, the first 660 seconds old." in told
    assert follow(platform, scene.now) == 3
    assert platform.search.search(Query("number", unit="comment")).total == 3
    lag = lag_of(platform)
    assert lag is not None
    assert (lag.waiting, lag.since) == (0, None)
    for path in sorted(platform.search._folder.root.rglob("*"), reverse=True):  # type: ignore[attr-defined]
        path.unlink() if path.is_file() else path.rmdir()
    assert platform.search.search(Query("number", unit="comment")).lost
    assert lag_of(platform) is None
    keep_index(platform, scene.now)
    assert platform.search.search(Query("number", unit="comment")).total == 3


def test_an_index_of_another_past_is_built_anew(scene: Moderated) -> None:
    """A backup was put back, or the events since were cleared: there is nothing to follow."""
    platform = scene.platform
    assert not needs_rebuild(platform)
    with platform.database.writing() as session:
        newest = select(OutboxEvent).order_by(col(OutboxEvent.id).desc()).limit(1)
        row = session.exec(newest).one()
        row.occurred_at += timedelta(seconds=1)  # the same number was given to something else
        session.add(row)
    assert needs_rebuild(platform)
    keep_index(platform, scene.now)
    assert not needs_rebuild(platform)


def test_an_event_that_is_seen_late_is_not_missed(scene: Moderated) -> None:
    """PostgreSQL shows a later event before an earlier one that is not committed yet."""
    database = scene.platform.database
    if database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer")
    with database.reading() as session:
        place, _ = further(session, Place(), scene.now)
    with database.session(writes=True) as slow:
        outbox.record(slow, DraftChanged(71), scene.now)
        slow.flush()
        with database.writing() as session:
            outbox.record(session, CommentHeld(72, 1, 1), scene.now)
        with database.reading() as session:
            place, changed = further(session, place, scene.now)
        assert changed == ["comment:72"]
        slow.commit()
    with database.reading() as session:
        then, changed = further(session, Place.read(str(place)) or place, scene.now)
        assert (changed, then.gaps) == (["draft:71"], {})
        assert further(session, then, scene.now)[1] == []
        gone = further(session, place, scene.now + timedelta(minutes=6))[0]
    assert gone.gaps == {}


def test_a_rebuild_reads_many_at_once(scene: Moderated) -> None:
    """The number of queries does not grow with that of drafts and comments."""

    def queries() -> int:
        counted: list[str] = []

        def count(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            counted.append(statement)

        engine = scene.platform.database.engine
        sql.listen(engine, "before_cursor_execute", count)
        rebuild(scene.platform)
        sql.remove(engine, "before_cursor_execute", count)
        return len(counted)

    few = queries()
    with scene.platform.database.writing() as session:
        for n in range(9):
            factories.open_draft(session, agency=factories.make_agency(session, f"A{n}"))
            say(scene, session, f"Number {n} of nine")
    scene.drain()
    assert queries() == few


@pytest.fixture
def many(platform: Platform, clock: TestClock, monkeypatch: pytest.MonkeyPatch) -> Platform:
    monkeypatch.setattr(kept_index, "CHECKPOINT", 6)
    monkeypatch.setattr("drafts.search.following.DRAFTS", 1)
    monkeypatch.setattr("drafts.search.following.COMMENTS", 4)
    with platform.database.writing() as session:
        author, agency = factories.make_person(session), factories.make_agency(session)
        drafts = [factories.open_draft(session, agency=agency) for _ in range(12)]
        for n in range(24):
            factories.make_comment(session, drafts[n % 12], author, f"Number {n}")
    drain(platform, clock.now)
    return platform


def test_a_rebuild_that_is_killed_goes_on_where_it_was(
    many: Platform, tmp_path: Path, engine_name: str
) -> None:
    """Killed (SIGKILL) again and again, while what it builds goes on changing."""
    engine = ENGINES[engine_name](tmp_path / "other")
    platform = replace(many, search=engine)
    root: Path = engine._folder.root  # type: ignore[attr-defined]
    begun, reached = root / "begun", [0]
    for n in range(4):
        before = begun.read_text() if begun.exists() else ""
        child = os.fork()
        if child == 0:
            try:
                platform.database.engine.dispose(close=False)
                slowly = replace(platform, search=ENGINES[engine_name](tmp_path / "other"))
                rebuild(slowly, tell=lambda _done, _all: time.sleep(0.05))
            finally:
                os._exit(0)
        while not begun.exists() or begun.read_text() == before:
            time.sleep(0.01)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with many.database.writing() as session:  # what was read already is different now
            draft = session.get_one(Draft, n + 1)
            publish_next(session, draft, (f"Water is free in the year {n}.",))
    rebuild(platform, tell=lambda done, _all: reached.append(done))
    assert reached[1] > 0, "it went on"
    assert holds(engine) == holds_anew(many)
    assert len(list(root.glob("g-*"))) == 1


def test_a_rebuild_may_be_asked_for_from_the_beginning(many: Platform) -> None:
    def stop(done: int, every: int) -> None:
        if done > every / 2:
            raise KeyboardInterrupt

    for anew in (False, True):
        with pytest.raises(KeyboardInterrupt):
            rebuild(many, tell=stop)
        reached: list[int] = []
        rebuild(many, anew=anew, tell=lambda done, _all, to=reached: to.append(done))
        assert (reached[0] == 0) == anew


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("drafts.search.index_folder._write", refuse)
        yield


def test_a_full_disk_loses_nothing(scene: Moderated, request: pytest.FixtureRequest) -> None:
    platform = scene.platform
    with platform.database.writing() as session:
        say(scene, session, "Written on a full disk")
    request.getfixturevalue("full_disk")
    for _ in range(2):
        with pytest.raises(OSError, match="No space"):
            keep_index(platform, scene.now)
    assert platform.search.search(Query("ask", unit="comment")).total == 1
    request.getfixturevalue("monkeypatch").undo()


def test_two_that_follow_one_folder_do_the_work_once(scene: Moderated) -> None:
    platform = scene.platform
    with platform.database.writing() as session:
        say(scene, session, "Said once")
    with platform.search.following():
        assert keep_index(platform, scene.now) == 0
    assert keep_index(platform, scene.now) == 1
    assert keep_index(platform, scene.now) == 0


def test_above_ten_thousand_documents_tantivy_is_recommended(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(platform: Platform) -> bool:
        return any("consult reindex --engine tantivy" in one.text for one in findings(platform))

    monkeypatch.setattr("consult.checks.size", lambda _session: 10_000)
    assert not told(platform)
    monkeypatch.setattr("consult.checks.size", lambda _session: 10_001)
    assert told(platform)
    settings = platform.settings.model_copy(update={"search_engine": "tantivy"})
    assert not told(replace(platform, settings=settings))
