"""Answers: own agency only, two persons, one transaction, nothing overwritten unseen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.answers.actions import (
    as_seen,
    drop_answer,
    give_back,
    ungroup,
)
from consult.answers.models import Disposition
from consult.answers.queries import answering
from consult.answers.review import awaiting, awaiting_outcomes, count_awaiting, readiness
from consult.comments.actions import withdraw_comment
from consult.consultations.models import Consultation
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.events import CommentAnswered
from consult.law.queries import law_of
from consult.moderation.disavowing import disavow_comment
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.procedure.packs import load_pack
from consult.procedure.stages import Stage
from consult.reports.actions import publish_report
from consult.reports.queries import report_of_round, snapshot_of
from drafts.models import Draft
from drafts.queries import versions
from tests.conftest import START
from tests.factories import (
    ARTICLES,
    actor_of,
    add_version,
    make_agency,
    make_comment,
    make_draft,
    make_person,
    open_consultation,
)
from tests.features.desk import LATER, Desk, make_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    return make_desk(session)


def stranger(desk: Desk, role: Role) -> Actor:
    """Somebody with the same role in another ministry."""
    other = make_agency(desk.session, "MOC")
    return actor_of(desk.session, make_person(desk.session, "Bakyt", role=role, agency=other))


def test_only_the_drafts_own_agency_answers_groups_approves_and_publishes(desk: Desk) -> None:
    officer = stranger(desk, Role.OFFICER)
    with pytest.raises(NotAllowed):
        desk.decide(desk.comments[0], actor=officer)
    with pytest.raises(NotAllowed):
        desk.group(*desk.comments, actor=officer)
    with pytest.raises(NotAllowed):
        publish_report(
            desk.session,
            actor=officer,
            consultation=desk.consultation,
            draft=desk.draft,
            law=law_of(desk.session, load_pack("kg")),
            now=LATER,
        )


def test_an_approver_of_another_agency_approves_nothing(desk: Desk) -> None:
    row = desk.decide(desk.comments[0])
    with pytest.raises(NotAllowed):
        desk.approve(row, stranger(desk, Role.APPROVER))
    assert row.state == "submitted"


def test_who_wrote_an_answer_does_not_approve_it(desk: Desk) -> None:
    both = Actor(id=desk.officer.id, roles=frozenset({Role.OFFICER, Role.APPROVER}))
    row = desk.decide(desk.comments[0], actor=both)
    with pytest.raises(NotAllowed, match="another person"):
        desk.approve(row, both)
    desk.approve(row)
    assert (row.state, row.approved_by) == ("approved", desk.approver.id)


def test_an_answer_is_approved_once(desk: Desk) -> None:
    row = desk.decide(desk.comments[0])
    desk.approve(row)
    with pytest.raises(Conflict):
        desk.approve(row)


def test_an_answer_still_being_written_is_not_approved(desk: Desk) -> None:
    row = desk.decide(desk.comments[0], submit=False)
    with pytest.raises(Conflict):
        desk.approve(row)


def test_an_approved_answer_changes_only_after_its_return(desk: Desk) -> None:
    row = desk.decide(desk.comments[0])
    desk.approve(row)
    with pytest.raises(Conflict):
        desk.decide(desk.comments[0], reason="This is another reason.")
    give_back(
        desk.session, actor=desk.approver, draft=desk.draft, disposition=row, note="Too curt."
    )
    assert (row.state, row.approved_by, row.returned_note) == ("draft", None, "Too curt.")
    assert desk.decide(desk.comments[0], reason="A better reason.").state == "submitted"


def test_the_note_of_a_return_stays_until_the_answer_is_handed_over_again(desk: Desk) -> None:
    row = desk.decide(desk.comments[0])
    give_back(desk.session, actor=desk.approver, draft=desk.draft, disposition=row, note="Why?")
    assert desk.statuses()[desk.comments[0].id or 0] == "returned"
    assert desk.decide(desk.comments[0], submit=False).returned_note == "Why?"
    assert desk.decide(desk.comments[0]).returned_note == ""


def test_an_answer_somebody_else_wrote_meanwhile_is_not_overwritten(desk: Desk) -> None:
    first = desk.decide(desk.comments[0], seen="")
    with pytest.raises(Conflict, match="meanwhile"):
        desk.decide(desk.comments[0], seen="", reason="These words are mine.")
    desk.decide(desk.comments[0], seen=first.mark, reason="I have read yours.")


def test_what_the_approver_has_not_seen_is_not_approved(desk: Desk) -> None:
    row = desk.decide(desk.comments[0])
    seen = {row.id or 0: row.mark}
    assert as_seen(desk.session, desk.consultation, seen) == [row]
    desk.decide(desk.comments[0], reason="It is something else.", now=LATER + timedelta(minutes=1))
    with pytest.raises(Conflict, match="look again"):
        as_seen(desk.session, desk.consultation, seen)


def test_a_group_that_grows_goes_back_before_it_is_approved_for_more(desk: Desk) -> None:
    first, second, third = desk.comments
    issue = desk.group(first, second)
    row = desk.decide(issue_id=issue.id)
    desk.group(third, issue_id=issue.id)
    desk.session.refresh(row)
    assert row.state == "draft"
    with pytest.raises(Conflict):
        desk.approve(row)


def test_a_group_that_grows_after_approval_is_approved_again(desk: Desk) -> None:
    first, second, _ = desk.comments
    issue = desk.group(first)
    row = desk.decide(issue_id=issue.id)
    desk.approve(row)
    desk.group(second, issue_id=issue.id)
    desk.session.refresh(row)
    assert (row.state, row.approved_by) == ("draft", None)


def test_a_comment_stands_in_one_group_and_an_empty_group_is_forgotten(desk: Desk) -> None:
    first, second, _ = desk.comments
    old = desk.group(first)
    new = desk.group(first, second, title="Sundays")
    assert answering(desk.session, desk.consultation.id or 0).issues.keys() == {new.id}
    assert old.id != new.id
    ungroup(
        desk.session,
        actor=desk.officer,
        consultation=desk.consultation,
        draft=desk.draft,
        comment_ids=[first.id or 0, second.id or 0],
        now=START,
    )
    assert not answering(desk.session, desk.consultation.id or 0).issues


def test_a_new_group_needs_a_title_and_a_comment(desk: Desk) -> None:
    with pytest.raises(Invalid) as refusal:
        desk.group(desk.comments[0], title="  ")
    assert refusal.value.field == "title"
    with pytest.raises(Invalid):
        desk.group()


def test_comments_of_another_consultation_are_out_of_reach(desk: Desk) -> None:
    other = make_draft(desk.session, desk.agency, title="On roads")
    open_consultation(desk.session, other)
    foreign = make_comment(desk.session, other, desk.citizen)
    with pytest.raises(Invalid):
        desk.decide(foreign)
    with pytest.raises(NotFound):
        desk.group(desk.comments[0], issue_id=12345)


def test_taking_back_ones_own_answer_leaves_the_groups(desk: Desk) -> None:
    first, second, _ = desk.comments
    issue = desk.group(first, second)
    desk.decide(issue_id=issue.id)
    own = desk.decide(first, outcome="accepted", changed_wid="art_2")
    work = answering(desk.session, desk.consultation.id or 0)
    assert work.effective[first.id or 0].outcome == "accepted"
    drop_answer(
        desk.session,
        actor=desk.officer,
        consultation=desk.consultation,
        draft=desk.draft,
        disposition=own,
    )
    work = answering(desk.session, desk.consultation.id or 0)
    assert work.effective[first.id or 0].outcome == "rejected"


def test_a_report_waits_for_the_last_answer(desk: Desk) -> None:
    for comment in desk.comments[:2]:
        desk.approve(desk.decide(comment))
    with pytest.raises(Conflict) as refusal:
        desk.publish()
    assert refusal.value.params == {"unanswered": 1, "unapproved": 0}
    row = desk.decide(desk.comments[2])
    with pytest.raises(Conflict) as refusal:
        desk.publish()
    assert refusal.value.params == {"unanswered": 0, "unapproved": 1}
    desk.approve(row)
    desk.publish()


def test_nobody_is_owed_an_answer_to_what_they_withdrew(desk: Desk) -> None:
    for comment in desk.comments[:2]:
        desk.approve(desk.decide(comment))
    author = actor_of(desk.session, desk.citizen)
    withdraw_comment(desk.session, actor=author, comment=desk.comments[2], now=LATER)
    desk.publish()


def test_all_answers_are_published_together_with_the_report_and_the_new_text(desk: Desk) -> None:
    first, second, third = desk.comments
    issue = desk.group(first, second)
    desk.approve(desk.decide(issue_id=issue.id, outcome="accepted", reason="", changed_wid="art_2"))
    desk.approve(desk.decide(third))
    add_version(desk.session, desk.draft, ["A library stands in every village.", "Open daily."])
    desk.publish()

    rows = desk.session.exec(select(Disposition)).all()
    assert {(row.state, row.published_at) for row in rows} == {("published", LATER)}
    assert [v.published_at for v in versions(desk.session, desk.draft.id or 0)] == [START, LATER]
    report = report_of_round(desk.session, desk.draft.id or 0, 1)
    told = [row.answer for row in snapshot_of(desk.session, report).rows]
    assert [answer.outcome for answer in told] == ["rejected", "accepted"]
    assert told[1].before == "It is open five days a week."
    assert told[1].after == "Open daily."  # imported after the answer was approved
    events = desk.session.exec(select(OutboxEvent.name)).all()
    assert events.count(CommentAnswered.__name__) == len(desk.comments)
    assert desk.draft.stage == "reported"
    assert {comment.answered_at for comment in desk.comments} == {LATER}


RUSSIAN = ("Библиотека есть в каждом селе.", "Она открыта пять дней в неделю.")
DAILY = [ARTICLES[0], "Open daily."]


def test_a_text_not_translated_yet_deletes_nothing_and_stops_the_report(session: Session) -> None:
    desk = make_desk(session, {"en": ARTICLES, "ru": RUSSIAN})
    add_version(session, desk.draft, {"en": DAILY})
    for comment in desk.comments:
        row = desk.decide(comment, outcome="accepted", reason="", changed_wid="art_2", lang="ru")
        assert (row.text_before, row.text_after) == (ARTICLES[1], "Open daily.")
        desk.approve(row)
    ready = readiness(session, desk.consultation)
    assert ready.gate.passes
    assert ready.unready is not None
    assert not ready.passes
    with pytest.raises(Conflict, match="no text in Русский yet"):
        desk.publish()


def test_where_two_texts_share_no_language_nothing_is_said_to_differ(session: Session) -> None:
    desk = make_desk(session, {"ru": RUSSIAN})
    add_version(session, desk.draft, {"en": DAILY})
    row = desk.decide(desk.comments[0], changed_wid="art_2", outcome="accepted", reason="")
    assert row.text_before == row.text_after == RUSSIAN[1]


def test_after_the_report_its_answers_stand(desk: Desk) -> None:
    for comment in desk.comments:
        desk.approve(desk.decide(comment))
    desk.publish()
    with pytest.raises(Conflict):
        desk.publish()
    with pytest.raises(Conflict):
        desk.group(*desk.comments)


def twice(platform: Platform, desk: Desk, act: Callable[[Desk], object]) -> list[str]:
    """What became of two people who did the same at the same time."""

    def once(_n: int) -> str:
        with platform.database.session(writes=True) as session:
            draft = session.get_one(Draft, desk.draft.id)
            consultation = session.get_one(Consultation, desk.consultation.id)
            own = replace(desk, session=session, draft=draft, consultation=consultation)
            try:
                act(own)
            except Conflict:
                return "refused"
            session.commit()
            return "done"

    with ThreadPoolExecutor(2) as both:
        return sorted(both.map(once, range(2)))


def test_of_two_at_once_one_answers_and_one_publishes(platform: Platform) -> None:
    with platform.database.writing() as session:
        desk = make_desk(session)
    comments = desk.comments
    assert twice(platform, desk, lambda own: own.decide(comments[0], seen="")) == [
        "done",
        "refused",
    ]
    with platform.database.writing() as session:
        draft = session.get_one(Draft, desk.draft.id)
        consultation = session.get_one(Consultation, desk.consultation.id)
        own = replace(desk, session=session, draft=draft, consultation=consultation)
        for comment in comments:
            own.approve(own.decide(comment))
    assert twice(platform, desk, lambda own: own.publish()) == ["done", "refused"]


def test_warnings_name_what_should_be_looked_at_before_publication(desk: Desk) -> None:
    first, second, third = desk.comments
    desk.approve(desk.decide(first, outcome="accepted", changed_wid="art_2"))
    desk.approve(desk.decide(second))
    desk.approve(desk.decide(third))
    add_version(
        desk.session, desk.draft, ["A library in every village.", "It is open five days a week."]
    )
    ready = readiness(desk.session, desk.consultation)
    assert ready.passes
    [shared] = ready.shared
    assert {s.comments[0].id for s in shared.shown} == {c.id for c in desk.comments}
    assert shared.template.points == ready.templates.points
    assert [subject.comments[0].id for subject in ready.unchanged] == [first.id]
    assert ready.unexplained == ["art_1"]


def test_the_first_comments_of_a_group_stand_for_it_before_the_approver(desk: Desk) -> None:
    issue = desk.group(*desk.comments)
    desk.decide(issue_id=issue.id)
    [subject] = awaiting(desk.session, desk.consultation.id or 0)
    assert subject.issue == issue
    assert subject.n == len(desk.comments) == len(subject.comments)


def test_an_answer_that_counts_for_nobody_waits_for_no_approval(desk: Desk) -> None:
    at = desk.consultation.id or 0
    desk.decide(desk.comments[0])
    disavow_comment(desk.session, comment=desk.comments[0], note="", now=LATER)
    desk.session.flush()
    assert awaiting(desk.session, at) == []
    assert count_awaiting(desk.session, [at]) == {}
    assert not awaiting_outcomes(desk.session, at)


def test_words_taken_back_are_not_put_before_the_approver_but_what_was_replied_to_them(
    desk: Desk,
) -> None:
    asked = desk.comments[0]
    desk.draft.stage = Stage.OPEN.value
    reply = make_comment(desk.session, desk.draft, desk.citizen, "And in winter?", parent=asked)
    desk.draft.stage = Stage.ANSWERING.value
    row = desk.decide(asked)
    disavow_comment(desk.session, comment=asked, note="", now=LATER)
    desk.session.flush()
    [subject] = awaiting(desk.session, desk.consultation.id or 0)
    assert (subject.disposition, subject.comments, subject.n) == (row, [reply], 1)
