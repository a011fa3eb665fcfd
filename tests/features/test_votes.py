"""Votes as they are kept: one a person on each thing, and counts that always agree with them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import Session, select

from consult.access import Role
from consult.account_events import IdentityTakenBack, PersonIdentified
from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.consultations.models import Consultation, Tally
from consult.errors import Conflict, NotAllowed, NotFound
from consult.platform import Platform
from consult.votes.actions import _first_vote, vote_on_comment, vote_on_text
from consult.votes.handlers import count_identified_votes
from consult.votes.models import Vote
from consult.votes.rules import comment_target, read_target, version_target
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


def identified_on(session: Session, draft: Draft, wid: str = "art_1") -> tuple[int, int]:
    """The votes on a provision of people of whom it is known who they are."""
    session.expire_all()
    rows = session.exec(select(Tally).where(Tally.draft_id == draft.id, Tally.wid == wid)).all()
    return sum(r.identified_for_n for r in rows), sum(r.identified_against_n for r in rows)


def become_known(session: Session, platform: Platform, person: Person) -> None:
    """It is known who a person is, and what follows from that is done (twice: it may be)."""
    person.verified_at = START
    session.add(person)
    session.flush()
    for _ in range(2):
        count_identified_votes(session, platform, PersonIdentified(person.id or 0), START)


def test_votes_of_identified_people_are_counted_apart(
    session: Session, platform: Platform, draft: Draft
) -> None:
    people = [make_person(session, f"Voter {n}") for n in range(3)]
    for person, value in zip(people, (1, 1, -1), strict=True):
        vote(session, draft, person, value)
    assert identified_on(session, draft) == (0, 0)
    become_known(session, platform, people[0])  # votes given before count from now on
    assert identified_on(session, draft) == (1, 0)
    become_known(session, platform, people[2])
    assert identified_on(session, draft) == (1, 1)
    vote(session, draft, people[2], 1)  # and so does a mind that is changed
    vote(session, draft, people[1], -1)  # by one of whom it is not known
    assert identified_on(session, draft) == (2, 0)
    vote(session, draft, people[0], 0)
    assert identified_on(session, draft) == (1, 0)
    assert tally_of(session, draft, "art_1")[1:] == (1, 1)


def test_votes_of_who_is_identified_no_more_count_as_others_do(
    session: Session, platform: Platform, draft: Draft, aizada: Person
) -> None:
    vote(session, draft, aizada, 1)
    become_known(session, platform, aizada)
    aizada.verified_at = None
    session.flush()
    count_identified_votes(session, platform, IdentityTakenBack(aizada.id or 0), START)
    session.flush()
    assert identified_on(session, draft) == (0, 0)
    assert tally_of(session, draft, "art_1")[1:] == (1, 0)


def test_votes_on_a_comment_are_counted_apart_too(
    session: Session, platform: Platform, draft: Draft, aizada: Person
) -> None:
    comment = make_comment(session, draft, make_person(session, "Bolot"))
    other = make_person(session, "Voter")
    become_known(session, platform, aizada)
    for person in (aizada, other):
        vote_on(session, comment, person, -1)
    assert (comment.identified_for_n, comment.identified_against_n) == (0, 1)
    become_known(session, platform, other)
    session.refresh(comment)
    assert (comment.identified_for_n, comment.identified_against_n) == (0, 2)
    vote_on(session, comment, other, 1)
    assert (comment.identified_for_n, comment.identified_against_n) == (1, 1)


@given(st.sampled_from(["version", "comment"]), st.integers(0, 2**31), st.text("abc_123"))
def test_the_address_of_a_vote_is_read_as_it_was_written(kind: str, number: int, wid: str) -> None:
    target = version_target(number, wid) if kind == "version" else comment_target(number)
    assert read_target(target) == (kind, number, wid if kind == "version" else "")
