"""Template answers in a consultation: what officers are told before, and what is counted."""

import pytest
from sqlmodel import Session

from consult.answers.detector import shared_reasons, template_share, twins_of
from tests.factories import make_comment
from tests.features.desk import Desk, make_desk

OWN = "The hours follow from the pay of one librarian, as annex 2 of this draft explains."


@pytest.fixture
def desk(session: Session) -> Desk:
    return make_desk(session)


def test_one_reason_for_unlike_comments_is_counted_once_a_point(desk: Desk) -> None:
    first, second, third = desk.comments
    for comment in (first, third):
        desk.decide(comment)
    desk.decide(second, reason=OWN)
    found = template_share(desk.session, desk.consultation.id or 0)
    assert (found.points, found.templated) == (3, 2)
    assert len(found.templates) == 1


def test_a_group_is_one_point_and_its_answer_no_template(desk: Desk) -> None:
    first, second, third = desk.comments
    issue = desk.group(first, second)
    desk.decide(issue_id=issue.id)
    desk.decide(third, reason=OWN)
    found = template_share(desk.session, desk.consultation.id or 0)
    assert (found.points, found.templated) == (2, 0)


def test_an_answer_that_counts_for_nobody_is_no_template(desk: Desk) -> None:
    first, second, third = desk.comments
    issue = desk.group(first)
    desk.decide(issue_id=issue.id)
    desk.decide(first, reason=OWN)  # now the group's counts for nobody
    desk.decide(third)
    assert not template_share(desk.session, desk.consultation.id or 0).templates
    assert second.answered_at is None


def test_the_writer_is_told_before_sending(desk: Desk) -> None:
    first, second, third = desk.comments
    at = desk.consultation.id or 0
    reason = "There is no money for it."
    assert not twins_of(desk.session, at, reason, comment_id=first.id).is_template
    desk.decide(first)
    found = twins_of(desk.session, at, f"  {reason.upper()}", comment_id=third.id)
    assert found.is_template
    assert (found.exact, [row.comment_id for row in found.answers]) == (1, [first.id])
    assert not twins_of(desk.session, at, OWN, comment_id=third.id).answers
    assert not twins_of(desk.session, at, reason, comment_id=first.id).answers  # its own
    assert not twins_of(desk.session, at, "", comment_id=second.id).answers


def test_twins_are_named_as_people_know_them(desk: Desk) -> None:
    first, second, third = desk.comments
    desk.decide(first)
    desk.decide(issue_id=desk.group(second, title="Opening hours").id)
    at, reason = desk.consultation.id or 0, "There is no money for it."
    found = twins_of(desk.session, at, reason, comment_id=third.id)
    assert [name for _, name in found.named] == [first.receipt, "Opening hours"]


def test_the_approver_sees_in_how_many_answers_a_reason_stands(desk: Desk) -> None:
    first, second, third = desk.comments
    rows = [desk.decide(comment) for comment in (first, third)]
    rows.append(desk.decide(second, reason=OWN))
    at = desk.consultation.id or 0
    told = shared_reasons(desk.session, at, rows)
    assert {rows[0].id: 2, rows[1].id: 2}.items() <= told.items()
    assert rows[2].id not in told
    assert shared_reasons(desk.session, at, rows[2:]) == {}


def test_one_reason_for_like_comments_is_nothing_to_tell_the_approver(desk: Desk) -> None:
    again = desk.comments[0]
    desk.draft.stage = "open"
    like = make_comment(desk.session, desk.draft, desk.citizen, again.body)
    desk.draft.stage = "answering"
    rows = [desk.decide(comment) for comment in (again, like)]
    assert shared_reasons(desk.session, desk.consultation.id or 0, rows) == {}


def test_the_same_reason_for_the_same_words_is_no_template(desk: Desk) -> None:
    desk.draft.stage = "open"
    again = make_comment(desk.session, desk.draft, desk.citizen, desk.comments[0].body)
    desk.decide(desk.comments[0])
    found = twins_of(
        desk.session, desk.consultation.id or 0, "There is no money for it.", comment_id=again.id
    )
    assert (found.exact, found.is_template) == (1, False)
