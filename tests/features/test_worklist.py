"""The officer's list of comments: its order, its counts, what comes next, as the rules say."""

from random import Random

import pytest
from sqlmodel import Session

from consult.answers.queries import answer_counting, answering
from consult.answers.rules import OUTCOMES, SETTLED
from consult.answers.standing import UNGROUPED, count_statuses, gate_of
from consult.answers.worklist import (
    WorkFilter,
    count_work,
    found_ids,
    list_work,
    next_unanswered,
    similar,
    with_words,
    work_row,
)
from consult.attachments.models import Attachment
from consult.errors import Conflict
from consult.procedure.stages import Stage
from consult.site.desk import next_step
from tests.conftest import START
from tests.factories import (
    close_consultation,
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


@pytest.mark.parametrize("seed", range(8))
def test_the_database_decides_what_counts_as_the_rules_do(session: Session, seed: int) -> None:
    """Threads three deep, groups, answers, comments that are gone: one gate, said by both."""
    chance = Random(seed)
    desk = make_desk(session)
    draft, citizen, comments = desk.draft, desk.citizen, desk.comments
    at = desk.consultation.id or 0
    draft.stage = Stage.OPEN.value
    session.add(draft)
    for n in range(9):
        parent = chance.choice(comments)
        comments.append(make_comment(session, draft, citizen, f"Reply {n}", parent=parent))
    draft.stage = Stage.ANSWERING.value
    assert max(comment.depth for comment in comments) > 1
    for _ in range(3):
        issue = desk.group(*chance.sample(comments, 3))
        if chance.random() < 0.7:
            desk.decide(issue_id=issue.id, outcome=chance.choice(OUTCOMES))
    for comment in chance.sample(comments, 5):
        row = desk.decide(comment, outcome=chance.choice(OUTCOMES), submit=chance.random() < 0.7)
        if row.state == "submitted" and chance.random() < 0.7:
            desk.approve(row)
    for comment in chance.sample(comments, 2):
        comment.withdrawn_at = START
        session.add(comment)
    session.flush()

    work = answering(session, at)
    told = {comment: row.id for comment, row in work.effective.items()}
    rows = list_work(session, at, "en", WorkFilter())
    assert {r.comment.id: r.disposition.id for r in rows if r.disposition} == told
    gate = gate_of(session, at)
    admissible = [comment.id or 0 for comment in work.comments]
    states = [work.effective[id_].state for id_ in admissible if id_ in work.effective]
    assert gate.comments == len(admissible)
    assert gate.unanswered == len(admissible) - len(states)
    assert gate.unapproved == sum(state not in SETTLED for state in states)
    assert gate.passes == (
        len(states) == len(admissible) and all(state in SETTLED for state in states)
    )


def test_a_reply_to_a_comment_of_an_earlier_round_is_owed_an_answer_of_its_own(
    desk: Desk,
) -> None:
    asked, grouped, _ = desk.comments
    issue = desk.group(grouped)
    for row in (desk.decide(issue_id=issue.id), *map(desk.decide, desk.comments)):
        desk.approve(row)
    desk.publish()
    desk.consultation = open_consultation(desk.session, desk.draft, now=LATER)
    replies = [
        make_comment(desk.session, desk.draft, desk.citizen, "And Sundays?", parent=one, now=LATER)
        for one in (asked, grouped)
    ]
    close_consultation(desk.session, desk.consultation)
    at = desk.consultation.id or 0
    assert gate_of(desk.session, at).unanswered == len(replies)
    assert not answering(desk.session, at).effective
    assert [answer_counting(desk.session, one) for one in replies] == [None, None]
    for reply in replies:
        desk.approve(desk.decide(reply))
    desk.publish()
    assert all(answer_counting(desk.session, one) for one in replies)


def test_a_held_comment_keeps_the_gate_shut_until_a_moderator_decides(desk: Desk) -> None:
    at, held = desk.consultation.id or 0, desk.comments[2]
    for comment in desk.comments[:2]:
        desk.approve(desk.decide(comment))
    held.held_at = START
    desk.session.add(held)
    desk.session.flush()
    gate = gate_of(desk.session, at)
    assert (gate.comments, gate.unanswered, gate.held) == (2, 0, 1)
    with pytest.raises(Conflict) as refusal:
        desk.publish()
    assert refusal.value.params["held"] == 1
    held.hidden_at, held.held_at = START, None
    desk.session.add(held)
    desk.session.flush()
    desk.publish()


def narrowed(desk: Desk, **wishes: object) -> list[int]:
    """The ids the list finds, and that its counts say the same."""
    at = desk.consultation.id or 0
    found = WorkFilter(**wishes)
    ids = [row.comment.id or 0 for row in list_work(desk.session, at, "en", found)]
    assert count_work(desk.session, at, found).found == len(ids)
    assert sorted(found_ids(desk.session, at, found)) == sorted(ids)
    return sorted(ids)


def test_the_list_is_narrowed_by_who_spoke_how_and_in_which_language(desk: Desk) -> None:
    first, second, third = desk.comments
    first.channel, second.lang, third.stance = "paper", "ky", "oppose"
    union = make_person(desk.session, "Chair", organisation="Union of readers")
    third.author_id, third.organisation_id = union.id or 0, union.acts_for_id
    scan = Attachment(
        comment_id=first.id or 0,
        name="letter.pdf",
        media_type="application/pdf",
        size=9,
        sha256="0" * 64,
        is_source=True,
        added_by=desk.officer.person_id,
        added_at=START,
    )
    desk.session.add_all([*desk.comments, scan])
    desk.session.add(
        Attachment(**scan.model_dump() | {"comment_id": second.id, "is_source": False})
    )
    desk.session.flush()
    assert narrowed(desk, channel="paper") == [first.id]
    assert narrowed(desk, lang="ky") == [second.id]
    assert narrowed(desk, stance="oppose") == [third.id]
    assert narrowed(desk, organisation=True) == [third.id]
    assert narrowed(desk, files=True) == [second.id]  # the scan of a letter is no file of its own
    assert narrowed(desk, lang="ky", stance="oppose") == []


def test_words_are_found_whatever_their_capitals_in_any_script(desk: Desk) -> None:
    first, second, third = desk.comments
    first.body, second.quote, third.proposed = "ӨЗГӨЧӨ бөлүм", "Өзгөчө", "өзгө"
    desk.session.add_all(desk.comments)
    desk.session.flush()
    at = desk.consultation.id or 0

    def having(words: str) -> list[int]:
        found = with_words(desk.session, at, WorkFilter(), words)
        return narrowed(desk, among=found.among)

    assert having("өзгөчө") == [first.id, second.id]
    assert having("өзгөчө БӨЛҮМ") == [first.id]
    assert having("%") == []
    assert having("  ") == [first.id, second.id, third.id]


def test_the_counts_beside_a_filter_keep_the_other_filters(desk: Desk) -> None:
    at = desk.consultation.id or 0
    found = with_words(desk.session, at, WorkFilter(wid="art_2"), "better")
    counts = count_work(desk.session, at, found)
    assert (counts.total, counts.found) == (3, 1)
    assert counts.by["wid"] == {"art_2": 1}
