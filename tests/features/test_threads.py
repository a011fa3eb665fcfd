"""Threads and orders of a discussion: how deep, how many at once, and every comment met once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlmodel import Session, col, select

from consult.access import Role
from consult.accounts.models import Person
from consult.comments.actions import withdraw_comment
from consult.comments.models import Comment
from consult.comments.queries import (
    PREVIEW,
    SORTS,
    CommentView,
    count_kinds,
    discussion,
    thread,
)
from consult.comments.rules import KINDS, MAX_DEPTH
from consult.moderation.actions import hide_comment
from drafts.models import Draft
from tests.conftest import START
from tests.factories import actor_of, make_comment, make_person, open_draft


@pytest.fixture
def draft(session: Session) -> Draft:
    return open_draft(session)


@pytest.fixture
def aizada(session: Session) -> Person:
    return make_person(session)


def chain(session: Session, draft: Draft, person: Person, length: int) -> list[Comment]:
    """A comment, a reply to it, a reply to that, and so on."""
    said = [make_comment(session, draft, person, "Reply 0.", wid="art_1")]
    for n in range(1, length + 1):
        said.append(make_comment(session, draft, person, f"Reply {n}.", parent=said[-1]))
    return said


def outline(view: CommentView) -> list[object]:
    """The texts of a thread, nested as it is shown."""
    return [view.comment.body, *(outline(reply) for reply in view.replies)]


def test_a_reply_knows_its_thread_and_how_deep_it_stands(
    session: Session, draft: Draft, aizada: Person
) -> None:
    said = chain(session, draft, aizada, MAX_DEPTH + 2)
    first = said[0].id
    assert [c.depth for c in said] == [0, 1, 2, 3, 3, 3]
    assert [c.root_id for c in said] == [None, first, first, first, first, first]
    assert [c.reply_to_id for c in said] == [None, None, None, None, said[3].id, said[4].id]
    assert {c.parent_id for c in said[3:]} == {said[2].id}
    assert {c.wid for c in said} == {"art_1"}


def test_all_replies_are_counted_where_the_thread_begins(
    session: Session, draft: Draft, aizada: Person
) -> None:
    said = chain(session, draft, aizada, 4)
    session.expire_all()
    assert [c.replies_n for c in said] == [4, 0, 0, 0, 0]


def test_the_same_words_to_two_people_are_two_replies(
    session: Session, draft: Draft, aizada: Person
) -> None:
    said = chain(session, draft, aizada, MAX_DEPTH)
    deepest = [make_comment(session, draft, aizada, f"{n}.", parent=said[2]) for n in range(2)]
    yes = [make_comment(session, draft, aizada, "Yes.", parent=to) for to in (*deepest, deepest[0])]
    assert yes[0].id == yes[2].id != yes[1].id


def test_a_gap_in_the_middle_keeps_what_was_replied_to_it(
    session: Session, draft: Draft, aizada: Person
) -> None:
    bolot, marat = (
        make_person(session, "Bolot"),
        make_person(session, role=Role.MODERATOR, name="M"),
    )
    said = chain(session, draft, aizada, 1)
    said.append(make_comment(session, draft, bolot, "Taken back.", parent=said[1]))
    said.append(make_comment(session, draft, aizada, "And yet.", parent=said[2]))
    withdraw_comment(session, actor=actor_of(session, bolot), comment=said[2], now=START)
    hide_comment(
        session, actor=actor_of(session, marat), comment=said[1], reason="insult", now=START
    )
    session.expire_all()
    (view,) = discussion(session, draft.id or 0).comments
    hidden = view.replies[0]
    assert hidden.comment.hidden_at == hidden.replies[0].comment.withdrawn_at == START
    (kept,) = hidden.replies[0].replies
    assert (kept.comment.body, kept.replies_to) == ("And yet.", None)
    assert view.comment.replies_n == 3


def test_the_first_replies_of_a_thread_hang_together(
    session: Session, draft: Draft, aizada: Person
) -> None:
    said = chain(session, draft, aizada, 3)
    for n in range(4, 10):
        make_comment(session, draft, aizada, f"Reply {n}.", parent=said[n % 3])
    session.expire_all()
    (view,) = discussion(session, draft.id or 0).comments
    assert outline(view) == [
        "Reply 0.",
        ["Reply 1.", ["Reply 2.", ["Reply 3."], ["Reply 5."]], ["Reply 4."]],
    ]


@pytest.mark.parametrize("at", [0, 1])
def test_a_thread_is_read_page_by_page_even_while_it_grows(
    session: Session, draft: Draft, aizada: Person, at: int
) -> None:
    said = chain(session, draft, aizada, 2)
    for n in range(3, 12):
        said.append(make_comment(session, draft, aizada, f"Reply {n}.", parent=said[n // 2]))
    session.expire_all()
    below = {said[at].id}
    for comment in said:
        if comment.parent_id in below:
            below.add(comment.id)
    met: list[int | None] = []
    after = 0
    while not met or after:
        page = thread(session, said[at].id or 0, after=after, limit=2)
        met += [view.comment.id for view in page.views() if view.comment.id != said[at].id]
        after = page.after
    assert sorted(met) == sorted(below - {said[at].id})
    assert len(met) == len(set(met)) > 5


def test_what_stands_apart_says_whom_it_replies_to(
    session: Session, draft: Draft, aizada: Person
) -> None:
    club = make_person(session, "Bolot", organisation="Readers' club")
    first = make_comment(session, draft, aizada)
    asked = make_comment(session, draft, club, "Why?", parent=first)
    make_comment(session, draft, aizada, "Because.", parent=asked)
    page = thread(session, first.id or 0, after=asked.id or 0)
    assert [(v.comment.body, v.replies_to and v.replies_to.name) for v in page.apart] == [
        ("Because.", "Readers' club")
    ]


@pytest.fixture
def statements(session: Session) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_a_page_of_threads_costs_two_queries_and_five_replies_each(
    session: Session, draft: Draft, aizada: Person, statements: list[str]
) -> None:
    for thread_n in range(3):
        said = [make_comment(session, draft, aizada, f"Thread {thread_n}.")]
        for n in range(1, 9):
            said.append(make_comment(session, draft, aizada, f"Reply {n}.", parent=said[n // 2]))
    session.expire_all()
    session.get_one(Draft, draft.id)  # the transaction has begun
    statements.clear()
    found = discussion(session, draft.id or 0).comments
    assert len(statements) == 2
    assert [len(list(view.thread())) - 1 for view in found] == [PREVIEW] * 3


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    before=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans()), max_size=12),
    later=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans()), max_size=4),
    sort=st.sampled_from(SORTS),
    limit=st.integers(1, 4),
)
def test_walking_the_pages_meets_every_comment_once_whatever_is_added_meanwhile(
    session: Session,
    draft: Draft,
    aizada: Person,
    before: list[tuple[int, int, bool]],
    later: list[tuple[int, int, bool]],
    sort: str,
    limit: int,
) -> None:
    def say(number: int, votes_for: int, votes_against: int, answered: bool) -> None:
        comment = make_comment(session, draft, aizada, f"Comment {number}.")
        comment.for_n, comment.against_n = votes_for, votes_against
        comment.disputed_n = min(votes_for, votes_against)
        comment.answered_at = START if answered else None
        session.flush()

    with session.begin_nested() as savepoint:
        for n, one in enumerate(before):
            say(n, *one)
        wanted = {"answered": [True], "unanswered": [False]}.get(sort, [True, False])
        expected = [n for n, one in enumerate(before) if one[2] in wanted]
        arriving = iter(enumerate(later, start=len(before)))
        met, cursor = [], ""
        while True:
            page = discussion(session, draft.id or 0, sort=sort, cursor=cursor, limit=limit)
            met += [view.comment for view in page.comments]
            cursor = page.older
            if new := next(arriving, None):
                say(new[0], *new[1])
            if not cursor:
                break
        numbers = [int(comment.body[8:-1]) for comment in met]
        assert len(numbers) == len(set(numbers))
        assert [n for n in sorted(numbers) if n < len(before)] == expected
        keys = {"supported": lambda c: c.for_n, "disputed": lambda c: c.disputed_n}
        key = keys.get(sort, lambda _: 0)
        order = [(key(comment), comment.id) for comment in met]
        assert order == sorted(order, reverse=True)
        savepoint.rollback()


def test_what_is_not_shown_awaits_no_answer(session: Session, draft: Draft, aizada: Person) -> None:
    gone, held, open_ = (make_comment(session, draft, aizada, f"{n}.") for n in range(3))
    gone.withdrawn_at = held.held_at = START
    session.flush()
    found = discussion(session, draft.id or 0, sort="unanswered").comments
    assert [view.comment.id for view in found] == [open_.id]


def test_kinds_are_counted_apart_and_shown_alone(
    session: Session, draft: Draft, aizada: Person
) -> None:
    for n, kind in enumerate((*KINDS, "question", "question")):
        make_comment(
            session, draft, aizada, f"{n}.", kind=kind, proposed="Words." * (kind == "wording")
        )
    asked = session.exec(select(Comment).where(col(Comment.kind) == "question")).all()
    make_comment(session, draft, aizada, "It is.", kind="editorial", parent=asked[0])
    asked[1].hidden_at = START + timedelta(minutes=1)
    session.flush()
    counts = count_kinds(session, draft.id or 0)
    assert counts == {"editorial": 1, "substantive": 1, "wording": 1, "question": 2}
    for kind, count in counts.items():
        found = discussion(session, draft.id or 0, kind=kind).comments
        assert [view.comment.kind for view in found] == [kind] * count
    assert count_kinds(session, draft.id or 0, asked[0].consultation_id + 1) == {}
