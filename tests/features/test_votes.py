"""Votes as they are kept: one a person on each thing, and counts that always agree with them."""

import random

import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from consult.access import Role
from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.errors import Conflict, NotAllowed, NotFound
from consult.votes.actions import _first_vote, vote_on_comment, vote_on_text
from consult.votes.models import Vote
from drafts.models import Draft, Provision
from tests.conftest import START
from tests.factories import (
    ARTICLES,
    actor_of,
    add_version,
    close_consultation,
    make_comment,
    make_person,
    open_consultation,
    open_draft,
    release_report,
    tally_of,
)


@pytest.fixture
def draft(session: Session) -> Draft:
    return open_draft(session)


@pytest.fixture
def aizada(session: Session) -> Person:
    return make_person(session)


def vote(session: Session, draft: Draft, person: Person, value: int, wid: str = "art_1") -> None:
    actor = actor_of(session, person)
    vote_on_text(session, actor=actor, draft=draft, wid=wid, value=value, now=START)


def vote_on(session: Session, comment: Comment, person: Person, value: int) -> tuple[int, int]:
    """Vote on a comment; returns its counts for and against."""
    vote_on_comment(
        session,
        actor=actor_of(session, person),
        draft=session.get_one(Draft, comment.draft_id),
        comment=comment,
        value=value,
        now=START,
    )
    session.refresh(comment)
    assert comment.disputed_n == min(comment.for_n, comment.against_n)
    return comment.for_n, comment.against_n


def test_the_counts_agree_with_the_votes_however_often_people_change_their_minds(
    session: Session, draft: Draft
) -> None:
    people = [make_person(session, f"Voter {n}") for n in range(4)]
    chance = random.Random(7)
    for _ in range(40):
        person, wid = chance.choice(people), chance.choice(["", "art_1"])
        vote(session, draft, person, chance.choice([1, -1, 0]), wid)
        for place in ("", "art_1"):
            ending = f"#{place}" if place else ""
            values = [
                v.value
                for v in session.exec(select(Vote)).all()
                if v.target.partition("#")[1] + v.target.partition("#")[2] == ending
            ]
            counted = (values.count(1), values.count(-1))
            assert tally_of(session, draft, place)[1:] == counted


def test_a_draft_a_provision_and_a_comment_are_voted_on_apart(
    session: Session, draft: Draft, aizada: Person
) -> None:
    comment = make_comment(session, draft, make_person(session, "Bolot"), wid="art_1")
    vote(session, draft, aizada, 1, "")
    vote(session, draft, aizada, -1, "art_1")
    assert vote_on(session, comment, aizada, 1) == (1, 0)
    assert tally_of(session, draft)[1:] == (1, 0)
    assert tally_of(session, draft, "art_1")[1:] == (0, 1)


def test_a_comments_vote_is_changed_and_taken_back(
    session: Session, draft: Draft, aizada: Person
) -> None:
    comment = make_comment(session, draft, make_person(session, "Bolot"))
    counts = [vote_on(session, comment, aizada, value) for value in (1, 1, -1, 0, 0)]
    assert counts == [(1, 0), (1, 0), (0, 1), (0, 0), (0, 0)]
    assert session.exec(select(Vote)).all() == []


def test_a_comment_is_as_disputed_as_the_smaller_side_is_large(
    session: Session, draft: Draft
) -> None:
    comment = make_comment(session, draft, make_person(session, "Bolot"))
    people = [make_person(session, f"Voter {n}") for n in range(3)]
    disputed = []
    for person, value in zip(people * 2, (1, 1, -1, -1, 0, 1), strict=True):
        vote_on(session, comment, person, value)
        disputed.append(comment.disputed_n)
    assert disputed == [0, 0, 1, 1, 0, 1]


def test_nobody_votes_on_their_own_words(session: Session, draft: Draft, aizada: Person) -> None:
    with pytest.raises(NotAllowed, match="your own"):
        vote_on(session, make_comment(session, draft, aizada), aizada, 1)


def test_words_that_are_gone_are_not_voted_on(
    session: Session, draft: Draft, aizada: Person
) -> None:
    comment = make_comment(session, draft, make_person(session, "Bolot"))
    comment.withdrawn_at = START
    with pytest.raises(NotFound):
        vote_on(session, comment, aizada, 1)


def test_only_a_provision_of_this_text_is_voted_on_and_no_note(
    session: Session, draft: Draft, aizada: Person
) -> None:
    session.execute(update(Provision).where(Provision.wid == "art_2").values(kind="note"))  # type: ignore[arg-type]
    for wid in ("art_2", "art_9"):
        with pytest.raises(NotFound):
            vote(session, draft, aizada, 1, wid)
    assert session.exec(select(Vote)).all() == []


@pytest.mark.parametrize("role", [Role.OFFICER, Role.MODERATOR, Role.PARLIAMENTARIAN])
def test_staff_do_not_vote(session: Session, draft: Draft, role: Role) -> None:
    with pytest.raises(NotAllowed):
        vote(session, draft, make_person(session, role=role), 1)


def test_after_the_end_nobody_votes(session: Session, draft: Draft, aizada: Person) -> None:
    comment = make_comment(session, draft, make_person(session, "Bolot"))
    close_consultation(session, session.exec(select(Consultation)).one())
    with pytest.raises(NotAllowed):
        vote(session, draft, aizada, 1)
    with pytest.raises(NotAllowed):
        vote_on(session, comment, aizada, 1)


def test_a_changed_text_is_voted_on_anew_and_the_old_votes_stay(
    session: Session, draft: Draft, aizada: Person
) -> None:
    vote(session, draft, aizada, 1)
    consultation = session.exec(select(Consultation)).one()
    close_consultation(session, consultation)
    release_report(session, consultation, make_person(session, "Olga", role=Role.OFFICER))
    add_version(session, draft, ("Two libraries stand in every village.",))
    session.refresh(draft)
    open_consultation(session, draft)
    vote(session, draft, aizada, -1)
    assert [v.value for v in session.exec(select(Vote).order_by("id")).all()] == [1, -1]
    assert tally_of(session, draft, "art_1")[1:] == (1, 1)


def test_votes_on_an_unchanged_provision_go_on_in_the_next_round(
    session: Session, draft: Draft, aizada: Person
) -> None:
    vote(session, draft, aizada, 1)
    vote(session, draft, aizada, 1, "art_2")
    consultation = session.exec(select(Consultation)).one()
    close_consultation(session, consultation)
    release_report(session, consultation, make_person(session, "Olga", role=Role.OFFICER))
    add_version(session, draft, (ARTICLES[0], "It is open six days a week."))
    session.refresh(draft)
    open_consultation(session, draft)
    vote(session, draft, aizada, -1)
    vote(session, draft, aizada, -1, "art_2")
    vote(session, draft, make_person(session, "Bolot"), -1)
    assert tally_of(session, draft, "art_1")[1:] == (0, 2)  # Aizada changed her mind: one vote
    assert tally_of(session, draft, "art_2")[1:] == (1, 1)


def test_a_first_vote_that_comes_twice_at_once_counts_once(
    session: Session, draft: Draft, aizada: Person
) -> None:
    vote(session, draft, aizada, 1)
    (first,) = session.exec(select(Vote)).all()
    again = Vote(**first.model_dump(exclude={"id"}))
    with pytest.raises(Conflict):
        _first_vote(session, again)
    assert len(session.exec(select(Vote)).all()) == 1
