"""The machine proposes which comments raise one point; a person decides, and that stays known."""

import pytest
from sqlmodel import Session, col, select

from consult.access import Actor, Role
from consult.accounts.models import Agency, Person
from consult.answers.actions import group_comments
from consult.answers.models import Issue, IssueComment
from consult.answers.queries import grouping
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.errors import Conflict, DomainError, Invalid
from consult.grouping.actions import ask_for_suggestions, dismiss_suggestion, take_suggestion
from consult.grouping.models import GroupSuggestion
from consult.grouping.queries import open_suggestions, proposals
from consult.law.queries import law_of
from consult.moderation.redactions import redact_comment
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from tests.beginnings import begin
from tests.conftest import TestClock
from tests.factories import (
    actor_of,
    answer_comment,
    close_consultation,
    make_agency,
    make_comment,
    make_person,
    open_draft,
)

SAID = (
    "Китепкана ишемби күнү да ачык болсун.",
    "Ишемби күнү китепканалар ачык болушу керек.",
    "Айылга кечинде автобус каттабайт.",
    "Кечинде айылга бир да автобус каттабай калды.",
    "Рахмат!",
    "Рахмат!",
)


@pytest.fixture
def closed(platform: Platform, clock: TestClock) -> Platform:
    """A discussion that has just closed: two points made twice, thanks sent by two people."""

    def make() -> None:
        with platform.database.writing() as session:
            agency = make_agency(session)
            make_person(session, "Olga", role=Role.OFFICER, agency=agency)
            make_person(session, "Damir", role=Role.OFFICER, agency=make_agency(session, "MOH"))
            draft = open_draft(session, agency=agency)
            for n, body in enumerate(SAID):
                make_comment(session, draft, make_person(session, f"Citizen {n}"), body, lang="ky")
        drain(platform, clock.now)
        with platform.database.writing() as session:
            consultation = session.exec(select(Consultation)).one()
            clock.now = consultation.closes_at
            close_consultation(session, consultation)
        drain(platform, clock.now)

    begin(platform, __name__, make)
    return platform


def waiting(session: Session) -> dict[tuple[int, ...], GroupSuggestion]:
    rows = session.exec(select(GroupSuggestion).where(GroupSuggestion.state == "open")).all()
    return {tuple(sorted(row.comment_ids)): row for row in rows}


def person_by_name(session: Session, name: str) -> Person:
    email = f"{name.lower()}@example.org"
    return session.exec(select(Person).where(Person.email == email)).one()


def parts(session: Session, name: str = "olga") -> dict[str, object]:
    actor: Actor = actor_of(session, person_by_name(session, name))
    return {
        "actor": actor,
        "consultation": session.exec(select(Consultation)).one(),
        "draft": session.exec(select(Draft)).one(),
    }


def test_once_the_discussion_closes_inflected_words_of_one_point_are_brought_together(
    closed: Platform,
) -> None:
    with closed.database.reading() as session:
        found = waiting(session)
        assert set(found) == {(1, 2), (3, 4), (5, 6)}
        assert found[5, 6].method == "same_text"
        assert found[1, 2].method == "shared_words"
        assert "ишемби" in found[1, 2].terms


def test_a_person_takes_a_proposal_without_what_does_not_fit_and_it_is_known_whose_idea_it_was(
    closed: Platform, clock: TestClock
) -> None:
    with closed.database.writing() as session:
        row = waiting(session)[1, 2]
        issue = take_suggestion(
            session, suggestion=row, left_out={2}, title="Saturday", now=clock.now, **parts(session)
        )
        assert grouping(session, 1) == {1: issue.id}
        assert (issue.suggestion_id, row.state) == (row.id, "taken")
        assert row.decided_by == issue.created_by


@pytest.mark.parametrize(("title", "left_out"), [("", set()), ("Saturday", {1, 2})])
def test_refused_a_proposal_waits_as_before(
    closed: Platform, clock: TestClock, title: str, left_out: set[int]
) -> None:
    with closed.database.writing() as session:
        row = waiting(session)[1, 2]
        with pytest.raises(Invalid), session.begin_nested():
            take_suggestion(
                session,
                suggestion=row,
                left_out=left_out,
                title=title,
                now=clock.now,
                **parts(session),
            )
        session.refresh(row)
        assert row.state == "open"
        assert not session.exec(select(Issue)).all()


def test_what_was_dismissed_is_not_proposed_again_and_the_rest_is(
    closed: Platform, clock: TestClock
) -> None:
    with closed.database.writing() as session:
        dismiss_suggestion(
            session, suggestion=waiting(session)[3, 4], now=clock.now, **parts(session)
        )
        ask_for_suggestions(session, now=clock.now, **parts(session))
    drain(closed, clock.now)
    with closed.database.reading() as session:
        assert set(waiting(session)) == {(1, 2), (5, 6)}


def test_what_stands_in_a_group_is_not_proposed(closed: Platform, clock: TestClock) -> None:
    with closed.database.writing() as session:
        row = waiting(session)[5, 6]
        take_suggestion(
            session, suggestion=row, left_out=(), title="Thanks", now=clock.now, **parts(session)
        )
        ask_for_suggestions(session, now=clock.now, **parts(session))
    drain(closed, clock.now)
    with closed.database.reading() as session:
        assert set(waiting(session)) == {(1, 2), (3, 4)}
        assert len(session.exec(select(IssueComment)).all()) == 2


def test_a_proposal_whose_comments_are_all_grouped_or_answered_waits_no_more(
    closed: Platform, clock: TestClock
) -> None:
    with closed.database.writing() as session:
        group_comments(
            session, comment_ids=[1, 2], title="Saturday", now=clock.now, **parts(session)
        )
        olga, agency = person_by_name(session, "Olga"), session.exec(select(Agency)).first()
        bakyt = make_person(session, "Bakyt", role=Role.APPROVER, agency=agency)
        for id_ in (3, 5, 6):
            answer_comment(session, session.get_one(Comment, id_), olga, bakyt, now=clock.now)
    with closed.database.writing() as session:
        listed = {tuple(row.suggestion.comment_ids): row.n for row in open_suggestions(session, 1)}
        assert listed == {(3, 4): 1} or listed == {(4, 3): 1}
        assert open_suggestions(session, 1, page=2) == []
        ask_for_suggestions(session, now=clock.now, **parts(session))
    drain(closed, clock.now)
    with closed.database.reading() as session:
        assert waiting(session) == {}


def test_a_proposal_does_not_take_what_an_officer_has_put_elsewhere_or_what_is_not_shown(
    closed: Platform, clock: TestClock
) -> None:
    with closed.database.writing() as session:
        row = waiting(session)[3, 4]
        row.comment_ids = [1, 2, *row.comment_ids]
        session.add(row)
        mine = group_comments(
            session, comment_ids=[1], title="Money", now=clock.now, **parts(session)
        )
        session.get_one(Comment, 2).withdrawn_at = clock.now
        session.flush()
        (proposal,) = proposals(session, [row])
        assert ([comment.id for comment in proposal.samples], proposal.n) == ([3, 4], 2)
        taken = take_suggestion(
            session, suggestion=row, left_out={4}, title="Buses", now=clock.now, **parts(session)
        )
        assert grouping(session, 1) == {1: mine.id, 3: taken.id}


def test_of_two_officers_who_take_the_same_proposal_one_does(
    closed: Platform, clock: TestClock
) -> None:
    with closed.database.writing() as session:
        row = waiting(session)[1, 2]
        take_suggestion(
            session, suggestion=row, left_out=(), title="Saturday", now=clock.now, **parts(session)
        )
        with pytest.raises(Conflict):
            dismiss_suggestion(session, suggestion=row, now=clock.now, **parts(session))


def test_another_agencys_officer_decides_nothing(closed: Platform, clock: TestClock) -> None:
    with closed.database.writing() as session:
        row = waiting(session)[1, 2]
        with pytest.raises(DomainError), session.begin_nested():
            take_suggestion(
                session,
                suggestion=row,
                left_out=(),
                title="Saturday",
                now=clock.now,
                **parts(session, "damir"),
            )
        assert (
            session.exec(
                select(GroupSuggestion.state).where(col(GroupSuggestion.id) == row.id)
            ).one()
            == "open"
        )


def test_redacted_words_are_not_among_the_shared_words_of_a_proposal(
    closed: Platform, clock: TestClock
) -> None:
    with closed.database.writing() as session:
        marat = make_person(session, "Marat", role=Role.MODERATOR)
        before = waiting(session)
        assert all(before[pair].terms for pair in ((1, 2), (3, 4)))
        redact_comment(
            session,
            actor=actor_of(session, marat),
            comment=session.get_one(Comment, 1),
            pieces=["Китепкана"],
            note="",
            law=law_of(session, closed.pack),
            now=clock.now,
        )
    drain(closed, clock.now)
    with closed.database.reading() as session:
        found = waiting(session)
    assert found[1, 2].terms == []
    assert found[3, 4].terms == before[3, 4].terms
