"""Signatures: one a person on each comment, a count that agrees with them, and who is told what."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from consult.access import Role
from consult.accounts.models import Person
from consult.comments.actions import Words, edit_comment, withdraw_comment
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.cosigning.actions import sign_comment, unsign_comment
from consult.cosigning.models import Signature
from consult.cosigning.queries import count_signed, signed_by, signers
from consult.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from consult.events import CommentSigned
from consult.moderation.actions import hide_comment, restore_comment
from consult.outbox import OutboxEvent, revive
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from notifications.models import Message
from notifications.signing import BATCH
from tests.conftest import START
from tests.factories import (
    actor_of,
    answer_comment,
    close_consultation,
    make_agency,
    make_comment,
    make_person,
    open_consultation,
    open_draft,
    release_report,
)
from tests.mailed import mailed, told


@pytest.fixture
def comment(session: Session) -> Comment:
    """By Aizada, on a draft under discussion."""
    return make_comment(session, open_draft(session), make_person(session), wid="art_1")


def sign(session: Session, comment: Comment, person: Person, **more: Any) -> int:
    """Sign a comment; returns how often it is signed by now."""
    actor = actor_of(session, person)
    sign_comment(session, actor=actor, comment=comment, now=START, **more)
    return comment.signed_n


def unsign(session: Session, comment: Comment, person: Person) -> int:
    unsign_comment(session, actor=actor_of(session, person), comment=comment, now=START)
    return comment.signed_n


def test_a_signature_is_counted_once(session: Session, comment: Comment) -> None:
    bolot, chynara = make_person(session, "Bolot"), make_person(session, "Chynara")
    assert sign(session, comment, bolot) == 1
    assert sign(session, comment, bolot) == 1
    assert sign(session, comment, chynara) == 2
    assert unsign(session, comment, bolot) == 1
    assert unsign(session, comment, bolot) == 1
    assert sign(session, comment, bolot) == 2


def test_each_change_is_an_event_and_nothing_else_is(session: Session, comment: Comment) -> None:
    bolot = make_person(session, "Bolot")
    for change in (sign, sign, unsign, unsign):
        change(session, comment, bolot)
    rows = session.exec(select(OutboxEvent).order_by(col(OutboxEvent.id))).all()
    told = [event for row in rows if isinstance(event := revive(row), CommentSigned)]
    assert told == [CommentSigned(comment.id or 0, bolot.id or 0)] * 2


def test_nobody_signs_their_own_words(session: Session, comment: Comment) -> None:
    with pytest.raises(NotAllowed):
        sign(session, comment, session.get_one(Person, comment.author_id))
    assert comment.signed_n == 0


def test_the_state_signs_nothing(session: Session, comment: Comment) -> None:
    officer = make_person(session, "Olga", role=Role.OFFICER, agency=make_agency(session, "MOH"))
    with pytest.raises(NotAllowed):
        sign(session, comment, officer)


def test_only_an_organisation_says_on_whose_behalf(session: Session, comment: Comment) -> None:
    union = make_person(session, "Union", organisation="Union of librarians")
    sign(session, comment, union, mandate=" our   40 members ")
    sign(session, comment, union, mandate="our 41 members")
    (shown, *none), _ = signers(session, comment.id or 0)
    assert not none
    assert (shown.who.name, shown.mandate) == ("Union of librarians", "our 41 members")
    with pytest.raises(Invalid) as refused:
        sign(session, comment, make_person(session, "Bolot"), mandate="everybody")
    assert refused.value.field == "mandate"


def test_signatures_are_taken_while_the_round_is_open(session: Session, comment: Comment) -> None:
    bolot, chynara = make_person(session, "Bolot"), make_person(session, "Chynara")
    sign(session, comment, bolot)
    close_consultation(session, session.get_one(Consultation, comment.consultation_id))
    for change, person in ((sign, chynara), (unsign, bolot)):
        with pytest.raises(NotAllowed):
            change(session, comment, person)
    assert comment.signed_n == 1


def test_a_comment_of_an_earlier_round_is_not_signed(session: Session, comment: Comment) -> None:
    agency = make_agency(session, "MOH")
    officer = make_person(session, "Olga", role=Role.OFFICER)
    approver = make_person(session, "Bakyt", role=Role.APPROVER, agency=agency)
    consultation = session.get_one(Consultation, comment.consultation_id)
    draft = close_consultation(session, consultation)
    later = consultation.closes_at
    answer_comment(session, comment, officer, make_person(session, "Nurlan", role=Role.APPROVER))
    assert approver
    release_report(session, consultation, officer, later)
    opened = open_consultation(session, draft, now=later)
    assert opened.round == 2
    bolot = actor_of(session, make_person(session, "Bolot"))
    with pytest.raises(NotAllowed):
        sign_comment(session, actor=bolot, comment=comment, now=later)


def test_words_that_are_gone_are_not_signed(session: Session, comment: Comment) -> None:
    author = actor_of(session, session.get_one(Person, comment.author_id))
    withdraw_comment(session, actor=author, comment=comment, now=START)
    with pytest.raises(NotFound):
        sign(session, comment, make_person(session, "Bolot"))


def test_nobody_signs_words_they_have_not_read(session: Session, comment: Comment) -> None:
    bolot = make_person(session, "Bolot")
    with pytest.raises(Conflict):
        sign(session, comment, bolot, read="0" * 64)
    assert sign(session, comment, make_person(session, "Chynara"), read=comment.body_hash) == 1


def test_words_that_others_signed_are_not_edited(session: Session, comment: Comment) -> None:
    sign(session, comment, make_person(session, "Bolot"))
    with pytest.raises(NotAllowed):
        edit_comment(
            session,
            actor=actor_of(session, session.get_one(Person, comment.author_id)),
            comment=comment,
            words=Words("The contrary.", "substantive", "oppose"),
            window=timedelta(hours=1),
            most=100,
            now=START,
        )


def test_signatures_that_come_at_once_are_all_counted_once(platform: Platform) -> None:
    with platform.database.writing() as session:
        comment_id = make_comment(session, open_draft(session), make_person(session)).id
        people = [actor_of(session, make_person(session, f"Person {n}")) for n in range(4)]

    def one(n: int) -> bool:
        try:
            with platform.database.writing() as session:
                comment = session.get_one(Comment, comment_id)
                sign_comment(session, actor=people[n % 4], comment=comment, now=START)
        except DomainError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(one, range(12)))
    with platform.database.reading() as session:
        assert session.get_one(Comment, comment_id).signed_n == 4
        assert len(session.exec(select(Signature)).all()) == 4


def test_who_signed_is_listed_page_by_page(session: Session, comment: Comment) -> None:
    people = [make_person(session, f"Person {n}", region="Naryn") for n in range(7)]
    for n, person in enumerate(people):
        at = START + timedelta(microseconds=n // 2)  # two at the very same time
        sign_comment(session, actor=actor_of(session, person), comment=comment, now=at)
    seen: list[str] = []
    cursor = ""
    for _ in range(4):
        page, cursor = signers(session, comment.id or 0, cursor, limit=2)
        seen += [one.who.name for one in page]
    assert seen == [f"Person {n}" for n in reversed(range(7))]
    assert cursor == ""
    first, _ = signers(session, comment.id or 0, "12.x")  # no cursor of ours
    assert len(first) == 7


def test_what_a_person_signed_is_found_again(session: Session, comment: Comment) -> None:
    bolot = make_person(session, "Bolot")
    draft = session.get_one(Draft, comment.draft_id)
    other = make_comment(session, draft, make_person(session, "Chynara"), "No.")
    for one in (comment, other):
        sign(session, one, bolot)
    found = signed_by(session, bolot.id or 0, None, 1)
    assert [(one.id, author.name) for one, _, author in found] == [
        (other.id, "Chynara"),
        (comment.id, "Aizada"),
    ]
    assert [one.id for one, _, _ in signed_by(session, bolot.id or 0, other.id, 1)] == [comment.id]
    assert count_signed(session, bolot.id or 0) == 2


def signed_scene(platform: Platform, crowd: int = 2) -> tuple[int, list[int]]:
    """/comments/1 by Aizada, signed by a crowd: the ids of the comment and of those who signed."""
    with platform.database.writing() as session:
        agency = make_agency(session)
        for name, role in (("Olga", Role.OFFICER), ("Nurlan", Role.APPROVER)):
            make_person(session, name, role=role, agency=agency)
        make_person(session, "Madina", role=Role.MODERATOR)
        draft = open_draft(session, agency=agency)
        comment = make_comment(session, draft, make_person(session), "Six days.", wid="art_1")
        people = [make_person(session, f"Signer {n}") for n in range(crowd)]
        for person in people:
            sign(session, comment, person)
        return comment.id or 0, [person.id or 0 for person in people]


def person(session: Session, name: str) -> Person:
    return session.exec(select(Person).where(Person.name == name)).one()


def notices(platform: Platform, kind: str) -> dict[int, dict[str, Any]]:
    """What was said in the notices of one kind, by person; each person has one at most."""
    with platform.database.reading() as session:
        found = told(session, Message.kind == kind)
    assert len({notice.person_id for notice in found}) == len(found)
    return {notice.person_id: notice.values for notice in found}


def answer(platform: Platform, comment_id: int) -> None:
    with platform.database.writing() as session:
        comment = session.get_one(Comment, comment_id)
        consultation = session.get_one(Consultation, comment.consultation_id)
        close_consultation(session, consultation)
        answer_comment(session, comment, person(session, "Olga"), person(session, "Nurlan"))
        release_report(session, consultation, person(session, "Olga"))


def test_a_crowd_of_signers_is_told_the_answer(platform: Platform) -> None:
    comment_id, people = signed_scene(platform, BATCH + 3)
    answer(platform, comment_id)
    drain(platform, START)
    drain(platform, START)
    told = notices(platform, "signed_answered")
    assert set(told) == set(people)
    assert told[people[0]]["body"] == "Six days."
    assert told[people[0]]["outcome"] == "accepted_in_part"
    assert len(notices(platform, "answered")) == 1
    mails = mailed(platform, Message.kind == "signed_answered")
    assert len(mails) == len(people)
    assert "A comment you signed was answered: Accepted in part" in mails[0].subject


def test_who_took_the_signature_back_is_not_told(platform: Platform) -> None:
    comment_id, people = signed_scene(platform)
    with platform.database.writing() as session:
        comment = session.get_one(Comment, comment_id)
        unsign(session, comment, session.get_one(Person, people[0]))
    answer(platform, comment_id)
    drain(platform, START)
    assert set(notices(platform, "signed_answered")) == {people[1]}


def test_signers_learn_that_the_words_were_withdrawn_and_not_the_words(platform: Platform) -> None:
    comment_id, people = signed_scene(platform)
    with platform.database.writing() as session:
        author = actor_of(session, person(session, "Aizada"))
        comment = session.get_one(Comment, comment_id)
        withdraw_comment(session, actor=author, comment=comment, now=START)
    drain(platform, START)
    told = notices(platform, "signed_withdrawn")
    assert set(told) == set(people)
    assert "Six days." not in str(told)


def test_signers_learn_that_it_was_hidden_and_is_shown_again(platform: Platform) -> None:
    comment_id, people = signed_scene(platform)
    with platform.database.writing() as session:
        actor = actor_of(session, person(session, "Madina"))
        comment = session.get_one(Comment, comment_id)
        hide_comment(session, actor=actor, comment=comment, reason="insult", note="", now=START)
    drain(platform, START)
    assert set(notices(platform, "signed_hidden")) == set(people)
    assert notices(platform, "signed_hidden")[people[0]]["reason"] == "insult"
    with platform.database.writing() as session:
        comment = session.get_one(Comment, comment_id)
        restore_comment(session, actor=actor, comment=comment, reason="No insult.", now=START)
    drain(platform, START)
    assert set(notices(platform, "signed_restored")) == set(people)
