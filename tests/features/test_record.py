"""What enters the public record, once each, without a name or a word; and how it forgets."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, text
from sqlmodel import Session, col, select
from typer.testing import CliRunner

from consult.cli.main import app
from consult.comments.actions import withdraw_comment
from consult.comments.models import Comment, CommentRevision
from consult.events import CommentEdited, CommentHidden, CommentSubmitted
from consult.law.queries import law_of
from consult.moderation.models import ModerationAct
from consult.moderation.redactions import redact_comment
from consult.obligations.models import Obligation, ObligationEvent
from consult.outbox import Delivery, OutboxEvent
from consult.platform import Platform
from consult.record.handlers import RECORDED, keep_record, keep_records
from consult.record.kinds import BEGUN, KINDS
from consult.record.models import RecordEntry, RecordHead, RecordNode, RecordSalt
from consult.record.queries import newest_head
from consult.record.verifying import Broken, verify
from consult.record.writing import adopt, forget_person
from consult.wiring import HANDLERS
from consult.worker import drain, tick
from tests.adopted import Act
from tests.conftest import TestClock
from tests.factories import actor_of, make_comment, make_person, open_draft
from tests.recorded import SAID, make_recorded


@pytest.fixture
def act(platform: Platform, clock: TestClock) -> Act:
    return make_recorded(platform, clock)


def entries(session: Session, kind: str, row: int | None = None) -> list[dict[str, Any]]:
    """What the record says, the first entry first."""
    query = select(RecordEntry.payload).where(RecordEntry.kind == kind)
    if row is not None:
        query = query.where(RecordEntry.row_id == row)
    found = session.exec(query.order_by(col(RecordEntry.number))).all()
    return [json.loads(payload) for payload in found]


def edited(session: Session) -> Comment:
    return session.exec(select(Comment).where(col(Comment.edited_at).is_not(None))).one()


def holds(platform: Platform) -> int:
    """How many entries there are, and all of it holds."""
    with platform.database.steady() as session:
        return verify(session, {}).entries


def test_everything_the_record_speaks_of_is_in_it(act: Act) -> None:
    with act.platform.database.reading() as session:
        for kind in KINDS:
            assert entries(session, kind), kind
        assert [entry["kind"] for entry in entries(session, BEGUN)] == [BEGUN]
    assert holds(act.platform) > 0


def test_each_state_of_a_comment_is_an_entry_with_its_turn(act: Act) -> None:
    with act.platform.database.reading() as session:
        comment = edited(session)
        received, changed, redacted = entries(session, "comment", comment.id)
        (wording, cleaned) = entries(session, "wording")
        hidden = [one for one in entries(session, "comment") if one["facts"]["hidden_at"]]
    assert [one["turn"] for one in (received, changed, redacted)] == [1, 2, 3]
    assert received["facts"]["edited_at"] is None
    assert changed["facts"]["edited_at"] == changed["at"] == wording["facts"]["replaced_at"]
    assert redacted["facts"]["redacted_at"] == redacted["at"] == cleaned["at"]
    assert len(hidden) == 1


def test_neither_a_name_nor_a_word_nor_whose_it_is_stands_in_it(act: Act) -> None:
    with act.platform.database.reading() as session:
        whole = "\n".join(session.exec(select(RecordEntry.payload)).all())
        words = session.exec(select(Comment.body, Comment.body_hash)).all()
        written = session.exec(select(CommentRevision.body)).all()
        notes = session.exec(select(ModerationAct.note)).all()
    names = [*act.people, *(word for row in words for word in row), *written, *filter(None, notes)]
    assert not [name for name in names if name in whole]
    assert "author_id" not in whole
    assert "officer_id" not in whole
    assert "0555 12" not in whole  # with its space: four digits alone stand in many a hash


def test_a_duty_stands_there_with_every_line_of_its_ledger(act: Act) -> None:
    with act.platform.database.reading() as session:
        for duty in session.exec(select(Obligation)).all():
            last = entries(session, "duty", duty.id)[-1]
            lines = session.exec(
                select(ObligationEvent.seq, ObligationEvent.kind)
                .where(ObligationEvent.obligation_id == duty.id)
                .order_by(col(ObligationEvent.seq))
            ).all()
            assert [(line["seq"], line["kind"]) for line in last["facts"]["lines"]] == lines
            assert last["facts"]["due_at"] == (duty.due_at and duty.due_at.isoformat())


def test_what_is_delivered_twice_is_recorded_once(act: Act) -> None:
    size = holds(act.platform)
    with act.platform.database.writing() as session:
        comments = session.exec(select(Comment.id)).all()
        events = [CommentSubmitted(id_ or 0, 0) for id_ in comments]
        keep_records(session, events + events, act.clock.now)
    assert holds(act.platform) == size


def test_an_event_and_its_handler_agree_on_what_is_recorded() -> None:
    assert {kind for kind, handlers in HANDLERS.items() if keep_record in handlers} == RECORDED


def test_many_events_are_one_transaction_and_one_head(platform: Platform, clock: TestClock) -> None:
    with platform.database.writing() as session:
        draft, person = open_draft(session), make_person(session)
        for n in range(30):
            make_comment(session, draft, person, f"Comment {n}.")
    drain(platform, clock.now)
    with platform.database.reading() as session:
        heads = session.exec(select(RecordHead.size).order_by(col(RecordHead.size))).all()
    assert max(later - size for size, later in pairwise(heads)) >= 30
    assert holds(platform) == heads[-1]


def test_an_event_that_cannot_be_recorded_holds_up_no_other(
    platform: Platform, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    with platform.database.writing() as session:
        draft, person = open_draft(session), make_person(session)
        make_comment(session, draft, person, "One.")
        second = make_comment(session, draft, person, "Two.")
    drain(platform, clock.now)
    with platform.database.writing() as session:
        withdraw_comment(
            session, actor=actor_of(session, person), comment=session.merge(second), now=clock.now
        )
        submitted = select(func.min(OutboxEvent.id)).where(OutboxEvent.name == "CommentSubmitted")
        broken = session.exec(submitted).one()  # an event of which nothing can be read
        session.get_one(OutboxEvent, broken).payload = {}
        session.get_one(Delivery, (broken, "keep_record")).done_at = None
    drain(platform, clock.now)
    with platform.database.reading() as session:
        assert len(entries(session, "comment", second.id)) == 2
        left = select(Delivery.event_id).where(
            Delivery.handler == "keep_record", col(Delivery.done_at).is_(None)
        )
        assert session.exec(left).all() == [broken]
    assert "recorded one by one" in caplog.text


def test_what_was_there_before_the_record_is_taken_over_once(act: Act) -> None:
    """As after an upgrade: the tables of the record are empty, everything else is there."""
    with act.platform.database.writing() as session:
        for model in (RecordSalt, RecordNode, RecordHead, RecordEntry):
            session.execute(text(f"DELETE FROM {model.__tablename__}"))
    with act.platform.database.writing() as session:
        assert [adopt(session, act.clock.now, 3) for _ in range(2)] == [3, 3]  # piece by piece
    with act.platform.database.steady() as session, pytest.raises(Broken, match="not begun"):
        verify(session, {})
    act.drain()
    with act.platform.database.reading() as session:
        begun = session.exec(select(RecordEntry).where(RecordEntry.kind == BEGUN)).one()
        head = newest_head(session)
        assert head is not None
        assert head.size == begun.number + 1
        assert json.loads(begun.payload)["facts"] == {"entries": begun.number}
    assert holds(act.platform) == begun.number + 1
    assert tick(act.platform, act.clock.now) == 0


def test_a_row_put_in_by_hand_stays_outside_however_often_the_worker_runs(act: Act) -> None:
    with act.platform.database.writing() as session:
        done = session.exec(select(ModerationAct)).first()
        assert done is not None
        session.add(ModerationAct(**done.model_dump(exclude={"id"})))
    act.clock.forward(days=1)
    act.drain()
    with act.platform.database.steady() as session, pytest.raises(Broken, match="moderation 3: it"):
        verify(session, {})


def test_redacting_makes_what_was_said_before_meaningless(act: Act) -> None:
    with act.platform.database.reading() as session:
        comment = edited(session)
        numbers = session.exec(
            select(RecordEntry.number)
            .where(RecordEntry.kind == "comment", RecordEntry.row_id == comment.id)
            .order_by(col(RecordEntry.number))
        ).all()
        salts = {number for number in numbers if session.get(RecordSalt, number)}
        (forgotten,) = entries(session, "forgotten")
    assert salts == {numbers[-1]}
    assert set(numbers[:-1]) < set(forgotten["facts"]["entries"])
    assert forgotten["facts"]["why"] == "redacted"


def test_a_report_follows_a_redaction_and_its_earlier_wording_is_forgotten_too(act: Act) -> None:
    act.clock.forward(hours=1)
    with act.platform.database.writing() as session:
        redact_comment(
            session,
            actor=act.actor(session, "Moderator"),
            comment=session.exec(select(Comment).where(Comment.body == "No libraries.")).one(),
            pieces=("libraries",),
            note="",
            law=law_of(session, act.platform.pack),
            now=act.clock.now,
        )
    act.drain()
    assert holds(act.platform)
    with act.platform.database.reading() as session:
        first, second = session.exec(
            select(RecordEntry.number)
            .where(RecordEntry.kind == "report")
            .order_by(col(RecordEntry.number))
        ).all()
        assert session.get(RecordSalt, first) is None
        assert session.get(RecordSalt, second) is not None


def test_a_person_is_forgotten_and_the_record_still_holds(act: Act) -> None:
    size = holds(act.platform)
    bolot = act.people["Bolot"].id or 0
    with act.platform.database.writing() as session:
        assert forget_person(session, bolot, act.clock.now) >= 4
        session.execute(text("UPDATE comment SET body = '—' WHERE author_id = :id"), {"id": bolot})
        session.execute(text("UPDATE contest SET reason = '—'"))
        session.execute(text("UPDATE appeal SET reason = '—'"))
    assert holds(act.platform) == size + 1
    with act.platform.database.writing() as session:
        assert forget_person(session, bolot, act.clock.now) == 0  # nothing is left to forget
        events = [CommentEdited(c, 0) for c in session.exec(select(Comment.id)).all() if c]
        keep_records(session, events, act.clock.now)  # and nothing enters anew
    assert holds(act.platform) == size + 1


def test_who_deletes_salts_without_saying_so_is_found(act: Act) -> None:
    with act.platform.database.writing() as session:
        session.execute(text("DELETE FROM record_salt WHERE number = 3"))
    with act.platform.database.steady() as session, pytest.raises(Broken, match="salt 3: "):
        verify(session, {})


def test_words_that_are_shown_again_are_recorded_again(act: Act) -> None:
    with act.platform.database.writing() as session:
        hidden = session.exec(select(Comment).where(col(Comment.hidden_at).is_not(None))).one()
        before = len(entries(session, "comment", hidden.id))
        hidden.hidden_at = None
        session.add(hidden)
        session.flush()
        keep_records(session, [CommentHidden(hidden.id or 0, 0, 0)], act.clock.now)
        assert len(entries(session, "comment", hidden.id)) == before + 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_says_what_holds_and_names_what_does_not(
    act: Act, platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONSULT_DATABASE_URL", platform.settings.database_url)
    monkeypatch.setenv("CONSULT_DATA_DIR", str(tmp_path / "var"))
    run = CliRunner().invoke
    held = run(app, ["verify-record", "--json"])
    assert held.exit_code == 0
    said = json.loads(held.stdout)
    assert said["holds"] is True
    assert said["entries"] == holds(platform)
    kept = tmp_path / "head.json"
    kept.write_text(json.dumps({"heads": [{"size": said["entries"], "root": said["root"]}]}))
    assert run(app, ["verify-record", "--head", str(kept)]).exit_code == 0
    kept.write_text(json.dumps({"heads": [{"size": 4, "root": said["root"]}]}))
    found = run(app, ["verify-record", "--head", str(kept)])
    assert (found.exit_code, found.stdout[:12]) == (1, "FAIL  head 4")
    with platform.database.writing() as session:
        session.execute(text("UPDATE comment SET body = 'Yes!' WHERE id = 3"))
    found = run(app, ["verify-record"])
    assert found.exit_code == 1
    assert found.stdout.startswith("FAIL  comment 3, entry ")
    assert SAID not in found.stdout
    with platform.database.writing() as session:
        session.execute(text("UPDATE comment SET body = 'No!' WHERE id = 2"))
        session.execute(text("UPDATE record_entry SET payload = '{' WHERE number = 1"))
        session.execute(text("UPDATE record_salt SET salt = 'x' WHERE number = 2"))
    every = run(app, ["verify-record", "--all", "--json"])
    assert every.exit_code == 1
    faults = json.loads(every.stdout)["all"]
    for start in ("entry 1:", "salt 2:", "comment 2,", "comment 3,"):
        assert [fault for fault in faults if fault.startswith(start)], start
    assert len(faults) == len(set(faults)) <= 6
