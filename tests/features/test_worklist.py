"""The officer's list of comments: its order, its counts, what comes next, as the rules say."""

from random import Random

import pytest
from sqlmodel import Session

from consult.access import Role
from consult.answers.queries import answering
from consult.answers.review import readiness
from consult.answers.rules import OUTCOMES
from consult.answers.worklist import (
    UNGROUPED,
    WorkFilter,
    count_statuses,
    count_work,
    list_work,
    next_unanswered,
    similar,
    work_row,
)
from consult.procedure.stages import Stage
from consult.site.desk import next_step
from tests.factories import (
    actor_of,
    make_agency,
    make_comment,
    make_draft,
    make_person,
    open_consultation,
)
from tests.features.desk import Desk, make_desk


@pytest.fixture
def desk(session: Session) -> Desk:
    return make_desk(session)


def test_the_list_follows_the_text_and_replies_follow_what_they_reply_to(session: Session) -> None:
    agency = make_agency(session)
    citizen = make_person(session)
    draft = make_draft(session, agency)
    consultation = open_consultation(session, draft)
    late = make_comment(session, draft, citizen, "On hours", wid="art_2")
    early = make_comment(session, draft, citizen, "On villages", wid="art_1")
    whole = make_comment(session, draft, citizen, "On all of it")
    reply = make_comment(session, draft, citizen, "I agree", parent=early)
    rows = list_work(session, consultation.id or 0, "en", WorkFilter())
    assert [row.comment.id for row in rows] == [whole.id, early.id, reply.id, late.id]


def test_after_the_last_comment_the_next_unanswered_is_looked_for_from_the_top(desk: Desk) -> None:
    first, second, third = desk.comments  # in the text the third, on the whole draft, comes first
    at = desk.consultation.id or 0
    desk.decide(second)
    anything = WorkFilter()
    assert next_unanswered(desk.session, at, "en", anything, third) == (first.id, UNGROUPED)
    assert next_unanswered(desk.session, at, "en", anything, second) == (third.id, UNGROUPED)
    assert next_unanswered(desk.session, at, "en", WorkFilter(wid="art_2"), first) == (
        first.id,
        UNGROUPED,
    )
    desk.decide(first)
    assert next_unanswered(desk.session, at, "en", WorkFilter(wid="art_2"), first) is None


def test_counts_say_what_each_filter_would_find(desk: Desk) -> None:
    desk.decide(desk.comments[0])
    counts = count_work(desk.session, desk.consultation.id or 0, WorkFilter(wid="art_2"))
    assert (counts.total, counts.found) == (3, 2)
    assert counts.by["status"] == {"submitted": 1, "unanswered": 1}
    assert counts.by["wid"] == {"art_2": 2, "": 1}


def test_an_answer_still_being_written_is_none_in_the_list_nor_at_the_desk(desk: Desk) -> None:
    first, second, _ = desk.comments
    desk.decide(first, submit=False)
    desk.decide(second)
    at = desk.consultation.id or 0
    counts = count_work(desk.session, at, WorkFilter())
    assert (counts.total, counts.waiting) == (3, 2)
    statuses = count_statuses(desk.session, [at])[at]
    assert next_step(Stage.ANSWERING, statuses, 1) == ("answer", counts.waiting)


def test_similar_comments_on_the_same_place_are_found(desk: Desk) -> None:
    row = work_row(desk.session, desk.consultation.id or 0, desk.comments[0].id or 0)
    assert row is not None
    [(share, other)] = similar(desk.session, row)
    assert other.comment.id == desk.comments[1].id
    assert 0 < share < 1


@pytest.mark.parametrize("seed", range(5))
def test_the_database_decides_what_counts_as_the_rules_do(session: Session, seed: int) -> None:
    chance = Random(seed)
    agency = make_agency(session)
    citizen = make_person(session)
    officer = actor_of(session, make_person(session, "Olga", role=Role.OFFICER, agency=agency))
    draft = make_draft(session, agency)
    consultation = open_consultation(session, draft)
    comments = [make_comment(session, draft, citizen, f"Comment {n}") for n in range(6)]
    comments += [
        make_comment(session, draft, citizen, "A reply", parent=chance.choice(comments[:6]))
        for _ in range(4)
    ]
    desk = Desk(session, agency, citizen, officer, officer, draft, consultation, comments)
    for _ in range(3):
        issue = desk.group(*chance.sample(comments, 3))
        if chance.random() < 0.7:
            desk.decide(issue_id=issue.id, outcome=chance.choice(OUTCOMES))
    for comment in chance.sample(comments, 3):
        desk.decide(comment, outcome=chance.choice(OUTCOMES), submit=chance.random() < 0.5)

    work = answering(session, consultation.id or 0)
    told = {c.id: d.id for c, d in ((c, work.effective.get(c.id or 0)) for c in comments) if d}
    rows = list_work(session, consultation.id or 0, "en", WorkFilter())
    assert {r.comment.id: r.disposition.id for r in rows if r.disposition} == told
    ready = readiness(session, consultation)
    assert ready.unanswered == len(work.gate.unanswered)
    assert ready.unapproved == len(work.gate.unapproved)
    assert ready.passes == work.gate.passes
