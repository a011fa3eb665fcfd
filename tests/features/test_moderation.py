"""Moderation: for a published reason, by nobody of the agency criticised, and never in silence."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from consult.access import Role
from consult.accounts.models import Agency, Person
from consult.comments.actions import withdraw_comment
from consult.comments.models import Comment
from consult.comments.queries import discussion
from consult.consultations.models import Tally
from consult.errors import Conflict, Invalid, NotAllowed
from consult.feedback.actions import contest_answer
from consult.feedback.queries import contest_until
from consult.law.queries import law_of
from consult.moderation.actions import (
    flag_comment,
    hide_comment,
    hold_comment,
    keep_comment,
    restore_comment,
)
from consult.moderation.models import CommentFlag
from consult.moderation.publishing import Asked, hidden_by_stance, public_log
from consult.moderation.queries import Narrowed, counts, queue, reason_for_hiding
from consult.moderation.rules import ACTS, NOTE_MAX, REASONS
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from notifications.models import Message
from tests import factories
from tests.conftest import START, TestClock
from tests.features.desk import LATER, make_desk

NOW = START + timedelta(hours=2)


@pytest.fixture
def agency(session: Session) -> Agency:
    return factories.make_agency(session)


@pytest.fixture
def marat(session: Session) -> Person:
    return factories.make_person(session, "Marat", role=Role.MODERATOR)


@pytest.fixture
def comment(session: Session, agency: Agency) -> Comment:
    draft = factories.make_draft(session, agency)
    factories.open_consultation(session, draft)
    author = factories.make_person(session, "Aizada")
    return factories.make_comment(session, draft, author, "You are all thieves.")


def _hide(session: Session, moderator: Person, comment: Comment, reason: str = "insult") -> None:
    actor = factories.actor_of(session, moderator)
    hide_comment(session, actor=actor, comment=comment, reason=reason, note="a name", now=NOW)


def _flag(session: Session, reader: Person, comment: Comment) -> None:
    actor = factories.actor_of(session, reader)
    flag_comment(session, actor=actor, comment=comment, reason="insult", note="", now=NOW)


def _counted(session: Session, comment: Comment) -> int:
    session.expire_all()
    return session.get_one(Tally, (comment.version_id, comment.wid)).comments_n


def test_no_reason_is_about_being_negative() -> None:
    allowed = {"insult", "threat", "hatred", "personal_data", "advertising", "not_about_draft"}
    assert set(REASONS) == allowed


@pytest.mark.parametrize("reason", ["", "negative", "criticism", "Insult"])
def test_what_is_hidden_is_hidden_for_one_of_the_reasons(
    session: Session, marat: Person, comment: Comment, reason: str
) -> None:
    with pytest.raises(Invalid):
        _hide(session, marat, comment, reason)
    assert comment.is_public


def test_hidden_words_leave_a_gap_a_log_and_word_to_the_author(
    session: Session, marat: Person, comment: Comment
) -> None:
    assert _counted(session, comment) == 1
    _hide(session, marat, comment)
    assert _counted(session, comment) == 0
    assert comment.hidden_at == NOW
    assert comment.body  # nothing is deleted
    assert reason_for_hiding(session, comment.id or 0) == "insult"
    row = public_log(session)[0]
    assert (row.act.act, row.act.reason, row.act.note) == ("hide", "insult", "a name")
    names = session.exec(select(OutboxEvent.name)).all()
    assert "CommentHidden" in names


def test_a_hidden_comment_can_be_shown_again_with_words_why(
    session: Session, marat: Person, comment: Comment
) -> None:
    _hide(session, marat, comment)
    actor = factories.actor_of(session, marat)
    with pytest.raises(Invalid):
        restore_comment(session, actor=actor, comment=comment, reason=" ", now=NOW)
    restore_comment(session, actor=actor, comment=comment, reason="A mistake.", now=NOW)
    assert comment.is_public
    assert _counted(session, comment) == 1
    assert [row.act.act for row in public_log(session)] == ["restore", "hide"]


def test_nothing_is_hidden_twice_nor_shown_twice(
    session: Session, marat: Person, comment: Comment
) -> None:
    actor = factories.actor_of(session, marat)
    with pytest.raises(Conflict):
        restore_comment(session, actor=actor, comment=comment, reason="x", now=NOW)
    _hide(session, marat, comment)
    with pytest.raises(Conflict):
        _hide(session, marat, comment)
    assert _counted(session, comment) == 0


def test_what_its_author_withdrew_is_not_hidden(
    session: Session, marat: Person, comment: Comment
) -> None:
    author = factories.actor_of(session, session.get_one(Person, comment.author_id))
    withdraw_comment(session, actor=author, comment=comment, now=NOW)
    with pytest.raises(Conflict):
        _hide(session, marat, comment)


@pytest.mark.parametrize("role", [Role.OFFICER, Role.APPROVER, Role.MODERATOR, Role.OVERSIGHT])
def test_nobody_of_the_agency_criticised_may_decide(
    session: Session, agency: Agency, comment: Comment, role: Role
) -> None:
    insider = factories.make_person(session, "Insider", role=role, agency=agency)
    if role is not Role.MODERATOR:
        factories.grant(session, insider.id or 0, Role.MODERATOR, None, NOW)
        session.flush()
    with pytest.raises(NotAllowed):
        _hide(session, insider, comment)


def test_a_moderator_of_another_agency_may_decide(session: Session, comment: Comment) -> None:
    other = factories.make_agency(session, "MOH")
    outsider = factories.make_person(session, "Outsider", role=Role.MODERATOR, agency=other)
    _hide(session, outsider, comment)
    assert not comment.is_public


def test_an_officer_for_all_agencies_is_of_each_of_them(
    session: Session, marat: Person, comment: Comment
) -> None:
    factories.grant(session, marat.id or 0, Role.OFFICER, None, NOW)
    session.flush()
    with pytest.raises(NotAllowed):
        _hide(session, marat, comment)


def test_a_citizen_hides_nothing(session: Session, comment: Comment) -> None:
    with pytest.raises(NotAllowed):
        _hide(session, factories.make_person(session, "Citizen"), comment)


def test_a_report_waits_for_a_moderator_and_changes_nothing_by_itself(
    session: Session, marat: Person, comment: Comment
) -> None:
    _flag(session, factories.make_person(session, "Reader"), comment)
    assert comment.is_public
    assert counts(session)["flagged"] == 1
    assert [len(row.flags) for row in queue(session, Narrowed("flagged"))] == [1]
    _hide(session, marat, comment)
    assert counts(session)["flagged"] == 0
    assert session.exec(select(CommentFlag)).one().act_id == public_log(session)[0].act.id


def test_a_comment_is_reported_once_a_person_and_not_by_its_author(
    session: Session, comment: Comment
) -> None:
    reader = factories.make_person(session, "Reader")
    _flag(session, reader, comment)
    with pytest.raises(Conflict):
        _flag(session, reader, comment)
    with pytest.raises(NotAllowed):
        _flag(session, session.get_one(Person, comment.author_id), comment)


def test_a_report_may_be_answered_by_letting_the_comment_stand(
    session: Session, marat: Person, comment: Comment
) -> None:
    actor = factories.actor_of(session, marat)
    with pytest.raises(Conflict):
        keep_comment(session, actor=actor, comment=comment, reason="Fair.", now=NOW)
    _flag(session, factories.make_person(session, "Reader"), comment)
    keep_comment(session, actor=actor, comment=comment, reason="Hard, but fair.", now=NOW)
    assert comment.is_public
    assert counts(session)["flagged"] == 0
    assert [row.act.act for row in public_log(session, Asked(comment_id=comment.id))] == ["keep"]


def test_a_note_has_an_end(session: Session, marat: Person, comment: Comment) -> None:
    actor = factories.actor_of(session, marat)
    with pytest.raises(Invalid):
        hide_comment(
            session,
            actor=actor,
            comment=comment,
            reason="insult",
            note="x" * (NOTE_MAX + 1),
            now=NOW,
        )


def test_the_log_is_read_page_by_page(session: Session, marat: Person, comment: Comment) -> None:
    actor = factories.actor_of(session, marat)
    for _ in range(2):
        _hide(session, marat, comment)
        restore_comment(session, actor=actor, comment=comment, reason="A mistake.", now=NOW)
    first = public_log(session, limit=2)
    assert len(first) == 3  # one more tells that there are older ones
    rest = public_log(session, before=first[1].act.id, limit=2)
    assert [row.act.act for row in (*first[:2], *rest)] == ["restore", "hide"] * 2
    assert {row.act.act for row in rest} <= set(ACTS)


def _hold(session: Session, moderator: Person, comment: Comment, reason: str = "insult") -> None:
    actor = factories.actor_of(session, moderator)
    hold_comment(session, actor=actor, comment=comment, reason=reason, note="", now=NOW)


def test_a_held_comment_is_not_shown_until_it_is_decided_and_counts_once(
    session: Session, marat: Person, comment: Comment
) -> None:
    _flag(session, factories.make_person(session, "Reader"), comment)
    _hold(session, marat, comment, "doubtful_author")
    assert not comment.is_public
    assert _counted(session, comment) == 0
    assert counts(session) == {"flagged": 1, "held": 1}  # the report still waits
    row = queue(session, Narrowed("held"))[0]
    assert row.held_for(NOW + timedelta(days=2, hours=3, minutes=59)) == (2, 3)
    _hide(session, marat, comment)
    assert (comment.held_at, comment.hidden_at) == (None, NOW)
    assert _counted(session, comment) == 0
    assert counts(session) == {"flagged": 0, "held": 0}


def test_a_held_comment_may_be_shown_again(
    session: Session, marat: Person, comment: Comment
) -> None:
    _hold(session, marat, comment)
    actor = factories.actor_of(session, marat)
    with pytest.raises(Conflict):
        keep_comment(session, actor=actor, comment=comment, reason="Fair.", now=NOW)
    with pytest.raises(Conflict):
        _hold(session, marat, comment)
    restore_comment(session, actor=actor, comment=comment, reason="It is fine.", now=NOW)
    assert comment.is_public
    assert _counted(session, comment) == 1


def test_a_comment_held_and_withdrawn_is_counted_out_once(
    session: Session, marat: Person, comment: Comment
) -> None:
    _hold(session, marat, comment)
    author = factories.actor_of(session, session.get_one(Person, comment.author_id))
    withdraw_comment(session, actor=author, comment=comment, now=NOW)
    assert _counted(session, comment) == 0


def test_nothing_is_hidden_because_its_author_is_doubtful(
    session: Session, marat: Person, comment: Comment
) -> None:
    with pytest.raises(Invalid):
        _hide(session, marat, comment, "doubtful_author")


def test_anybody_can_check_what_is_hidden_by_stance(
    session: Session, marat: Person, comment: Comment
) -> None:
    _hide(session, marat, comment)
    stances = hidden_by_stance(session, comment.draft_id)
    assert stances == {"support": (0, 0), "oppose": (0, 0), "neutral": (1, 1)}
    assert [row.stance for row in public_log(session, Asked(act="hide"))] == ["neutral"]
    assert public_log(session, Asked(act="redact")) == []
    assert public_log(session, Asked(draft_id=comment.draft_id + 1)) == []


def test_reports_are_counted_by_reason(session: Session, comment: Comment) -> None:
    for name in ("Reader", "Other"):
        _flag(session, factories.make_person(session, name), comment)
    actor = factories.actor_of(session, factories.make_person(session, "Third"))
    flag_comment(session, actor=actor, comment=comment, reason="threat", note="", now=NOW)
    assert queue(session, Narrowed("flagged"))[0].reasons == {"insult": 2, "threat": 1}


def test_a_report_on_a_comment_that_was_withdrawn_waits_for_nobody(
    session: Session, comment: Comment
) -> None:
    _flag(session, factories.make_person(session, "Reader"), comment)
    author = factories.actor_of(session, session.get_one(Person, comment.author_id))
    withdraw_comment(session, actor=author, comment=comment, now=NOW)
    assert (counts(session)["flagged"], queue(session, Narrowed("flagged"))) == (0, [])


def test_a_comment_shown_again_after_the_report_has_the_answer_of_its_group_from_then_on(
    platform: Platform,
) -> None:
    later = LATER + timedelta(days=1)
    with platform.database.writing() as session:
        desk = make_desk(session)
        moderator = factories.actor_of(
            session, factories.make_person(session, "Marat", role=Role.MODERATOR)
        )
        issue = desk.group(*desk.comments)
        desk.approve(desk.decide(issue_id=issue.id))
        number = desk.comments[0].id or 0
        hide_comment(session, actor=moderator, comment=desk.comments[0], reason="insult", now=LATER)
        desk.publish()
    drain(platform, LATER)

    def told() -> bool:
        key = f"answered:{number}:{desk.citizen.id}"
        with platform.database.reading() as session:
            return session.exec(select(Message.id).where(Message.key == key)).first() is not None

    assert not told()
    with platform.database.writing() as session:
        comment = session.get_one(Comment, number)
        restore_comment(session, actor=moderator, comment=comment, reason="Wrong.", now=later)
    drain(platform, later)
    with platform.database.reading() as session:
        assert session.get_one(Comment, number).answered_at == later
        assert discussion(session, comment.draft_id, sort="unanswered").comments == []
    assert told()


def test_the_term_to_contest_runs_since_the_answer_could_be_read(
    platform: Platform, clock: TestClock
) -> None:
    """Words are hidden when the report comes out, and shown again long after the term."""
    with platform.database.writing() as session:
        desk = make_desk(session)
        moderator = factories.make_person(session, "Moderator", role=Role.MODERATOR)
        desk.approve(desk.decide(issue_id=desk.group(*desk.comments).id))
        comment = desk.comments[0]
        who = factories.actor_of(session, moderator)
        hide_comment(session, actor=who, comment=comment, reason="insult", now=LATER)
        desk.publish()
    clock.now = LATER + timedelta(days=60)
    with platform.database.writing() as session:
        comment = session.get_one(Comment, comment.id)
        restore_comment(session, actor=who, comment=comment, reason="Wrong.", now=clock.now)
        law, draft = law_of(session, platform.pack), session.get_one(Draft, comment.draft_id)
        before = contest_until(law, draft, comment, clock.now)  # the worker was not here yet
    drain(platform, clock.now)
    with platform.database.writing() as session:
        comment = session.get_one(Comment, comment.id)
        until = contest_until(law, draft, comment, clock.forward(days=1))
        assert until == before
        asked = {"law": law, "reason": "It speaks of something else.", "now": clock.now}
        contest_answer(
            session, actor=factories.actor_of(session, desk.citizen), comment=comment, **asked
        )
