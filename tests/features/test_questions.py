"""Questions, without HTTP: put, wanted by others, answered, passed on, taken back, hidden."""

import pytest
from sqlmodel import select

from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.moderation.publishing import public_log
from consult.platform import Platform
from consult.privacy.leaving import Words
from consult.questions.actions import hide, rate, unwish, wish, withdraw
from consult.questions.answering import approve_answer, forward, return_answer
from consult.questions.handlers import owe_answer_elsewhere, owe_answer_to_question
from consult.questions.models import Question, QuestionAnswer, QuestionMove
from consult.questions.queries import alike, answer_to, asked_of
from consult.questions.rules import State
from consult.voice_events import QuestionAsked, QuestionForwarded
from tests.conftest import TestClock
from tests.leaving import leave
from tests.questioned import BODY, ROOM, TITLE, Hall, make_hall


@pytest.fixture
def hall(platform: Platform, clock: TestClock) -> Hall:
    return make_hall(platform, clock)


def test_each_kind_of_question_is_owed_as_what_it_is(hall: Hall) -> None:
    hall.asked("Aizada")
    hall.asked("Deputy", kind="deputy", title="What did the road cost?")
    hall.asked("Councillor", kind="council", title="Which roads were closed?")
    assert hall.duties() == [
        ("question:1", "running", 1),
        ("deputy_question:2", "running", 1),
        ("information:3", "running", 1),
    ]
    with hall.platform.database.reading() as session:
        assert session.get_one(Question, 3).council_id == 3


def test_nobody_asks_as_what_they_are_not_or_whom_nobody_can_ask(hall: Hall) -> None:
    with hall.platform.database.writing() as session:
        for name, more, error in (
            ("Olga", {}, NotAllowed),
            ("Aizada", {"kind": "deputy"}, NotAllowed),
            ("Deputy", {"kind": "person"}, NotAllowed),
            ("Councillor", {"kind": "council", "agency": "MOH"}, NotAllowed),
            ("Aizada", {"agency": "COUNCIL"}, Invalid),
            ("Aizada", {"draft_id": 99}, NotFound),
            ("Aizada", {"title": " "}, Invalid),
            ("Aizada", {"body": "x" * 501}, Invalid),
        ):
            with pytest.raises(error):
                hall.put(session, name, **more)
        assert session.exec(select(Question)).all() == []


def test_the_same_words_are_one_question_and_a_copy_is_refused(hall: Hall) -> None:
    with hall.platform.database.writing() as session:
        first = hall.put(session)
        assert hall.put(session, title=f" {TITLE.upper()} ") is first
        with pytest.raises(Conflict):
            hall.put(session, "Bolot")
        assert hall.put(session, "Bolot", agency="MOH") is not first


def test_few_questions_of_one_person_wait_at_one_body(hall: Hall) -> None:
    with hall.platform.database.writing() as session:
        rows = [hall.put(session, title=f"Road number {n}?") for n in range(ROOM)]
        with pytest.raises(Conflict):
            hall.put(session, title="One more road?")
        hall.put(session, title="One more road?", agency="MOH")
        withdraw(session, actor=hall.actor(session, "Aizada"), question=rows[0], now=hall.clock.now)
        hall.put(session, title="One more road?")


def test_those_that_come_near_are_found_and_what_is_gone_is_not(hall: Hall) -> None:
    with hall.platform.database.writing() as session:
        row = hall.put(session)
        hall.put(session, title="Why is bread dear?", body="It was cheaper a year ago.")
        near = ("When will the road to our school be repaired?", "It is closed.", "en")
        assert [one.id for one in alike(session, 1, *near)] == [row.id]
        assert alike(session, 2, *near) == []
        withdraw(session, actor=hall.actor(session, "Aizada"), question=row, now=hall.clock.now)
        assert alike(session, 1, *near) == []


def test_an_answer_is_public_once_a_second_person_approved_it(hall: Hall) -> None:
    number = hall.asked()
    with hall.platform.database.writing() as session:
        question = session.get_one(Question, number)
        for name in ("Aizada", "Nurlan", "Damir"):
            with pytest.raises(NotAllowed):
                hall.write(session, question, name)
        with pytest.raises(Invalid):
            hall.write(session, question, body=" ")
        hall.write(session, question, submit=False)
        nurlan = {"actor": hall.actor(session, "Nurlan"), "question": question}
        with pytest.raises(Conflict):
            approve_answer(session, **nurlan, now=hall.clock.now)
        hall.write(session, question)
        return_answer(session, **nurlan, note="Say in which year.")
        row = answer_to(session, number)
        assert row is not None
        assert (row.state, row.note) == ("draft", "Say in which year.")
        hall.write(session, question, body="In August of next year.")
        with pytest.raises(NotAllowed):
            approve_answer(
                session, actor=hall.actor(session, "Olga"), question=question, now=hall.clock.now
            )
        assert question.state is State.WAITING
        with pytest.raises(Conflict):  # it was written anew since it was read
            approve_answer(session, **nurlan, now=hall.clock.now, seen="20260101")
        approve_answer(session, **nurlan, now=hall.clock.now)
        assert question.state is State.ANSWERED
        with pytest.raises(Conflict):
            hall.write(session, question)
    hall.drain()
    assert hall.duties() == [("question:1", "fulfilled", 1)]


def test_who_asked_and_who_wants_to_know_too_are_told_once(hall: Hall) -> None:
    number = hall.asked()
    with hall.platform.database.writing() as session:
        question = session.get_one(Question, number)
        bolot = {"actor": hall.actor(session, "Bolot"), "question": question}
        for _ in range(2):
            wish(session, **bolot, now=hall.clock.now)
        assert question.wishes_n == 1
        for _ in range(2):
            unwish(session, **bolot)
        assert question.wishes_n == 0
        wish(session, **bolot, now=hall.clock.now)
        for name in ("Aizada", "Olga"):
            actor = hall.actor(session, name)
            with pytest.raises(NotAllowed):
                wish(session, actor=actor, question=question, now=hall.clock.now)
    hall.answer(number)
    for name in ("Aizada", "Bolot"):
        (notice,) = hall.notices(name, "question_answered")
        assert (notice.path, notice.values["answer"]) == ("/questions/1", "In August.")


def test_who_asked_says_whether_the_answer_met_the_point_and_may_change_it(hall: Hall) -> None:
    number = hall.asked()
    with hall.platform.database.writing() as session:
        question = session.get_one(Question, number)
        aizada = {"actor": hall.actor(session, "Aizada"), "question": question}
        with pytest.raises(Conflict):
            rate(session, **aizada, met=True, now=hall.clock.now)
    hall.answer(number)
    with hall.platform.database.writing() as session:
        question = session.get_one(Question, number)
        bolot = hall.actor(session, "Bolot")
        with pytest.raises(NotAllowed):
            rate(session, actor=bolot, question=question, met=True, now=hall.clock.now)
        for met in (True, False):
            rate(session, **aizada | {"question": question}, met=met, now=hall.clock.now)
        counted = asked_of(session, 1, hall.clock.now)
        assert (counted.total, counted.states["answered"]) == (1, 1)
        assert (counted.kept, counted.missed, counted.met, counted.not_met) == (1, 0, 0, 1)


def test_an_answer_that_is_late_counts_as_late(hall: Hall) -> None:
    number = hall.asked()
    hall.clock.forward(days=60)
    with hall.platform.database.reading() as session:
        assert asked_of(session, 1, hall.clock.now).missed == 1
    hall.answer(number)
    with hall.platform.database.reading() as session:
        counted = asked_of(session, 1, hall.clock.now)
    assert (counted.kept, counted.missed) == (0, 1)


def _forward(
    hall: Hall, number: int, code: str, name: str = "Olga", reason: str = "It is theirs."
) -> None:
    with hall.platform.database.writing() as session:
        forward(
            session,
            actor=hall.actor(session, name),
            question=session.get_one(Question, number),
            to=hall.agency(session, code),
            reason=reason,
            lang="en",
            now=hall.clock.now,
        )


def test_what_is_passed_on_is_owed_there_anew_and_no_longer_here(hall: Hall) -> None:
    number = hall.asked()
    for name, code, reason, error in (
        ("Damir", "MOH", "It is ours.", NotAllowed),
        ("Olga", "MOJ", "It is ours.", Invalid),
        ("Olga", "MOH", " ", Invalid),
        ("Olga", "COUNCIL", "It is theirs.", Invalid),
    ):
        with pytest.raises(error):
            _forward(hall, number, code, name, reason)
    with hall.platform.database.writing() as session:
        hall.write(session, session.get_one(Question, number), submit=False)
    _forward(hall, number, "MOH")
    hall.drain()
    assert hall.duties() == [("question:1", "cancelled", 1), ("question:1", "running", 2)]
    (notice,) = hall.notices("Aizada", "question_forwarded")
    assert notice.values["reason"] == "It is theirs."
    assert len(hall.notices("Damir", "question_asked")) == 1
    with hall.platform.database.writing() as session:
        assert session.exec(select(QuestionAnswer)).all() == []
        with pytest.raises(NotAllowed):
            hall.write(session, session.get_one(Question, number))
        move = session.exec(select(QuestionMove)).one()
        again = QuestionForwarded(number, move.id or 0)
        owe_answer_elsewhere(session, hall.platform, again, hall.clock.now)
        owe_answer_to_question(session, hall.platform, QuestionAsked(number), hall.clock.now)
    assert len(hall.duties()) == 2
    _forward(hall, number, "MOJ", "Damir")
    hall.drain()
    assert [state for _, state, _ in hall.duties()] == ["cancelled", "cancelled", "running"]
    assert len(hall.notices("Olga", "question_asked")) == 2  # it came back
    hall.answer(number)
    assert [state for _, state, _ in hall.duties()] == ["cancelled", "cancelled", "fulfilled"]


def test_what_is_passed_on_before_the_worker_heard_of_it_is_owed_there(hall: Hall) -> None:
    with hall.platform.database.writing() as session:
        number = hall.put(session).id or 0
    _forward(hall, number, "MOH")
    hall.drain()
    assert hall.duties() == [("question:1", "cancelled", 1), ("question:1", "running", 2)]


def test_who_asked_takes_it_back_before_it_is_answered_and_nothing_is_owed(hall: Hall) -> None:
    number = hall.asked()
    with hall.platform.database.writing() as session:
        question = session.get_one(Question, number)
        with pytest.raises(NotAllowed):
            withdraw(
                session, actor=hall.actor(session, "Bolot"), question=question, now=hall.clock.now
            )
        aizada = {"actor": hall.actor(session, "Aizada"), "question": question}
        withdraw(session, **aizada, now=hall.clock.now)
        with pytest.raises(Conflict):
            withdraw(session, **aizada, now=hall.clock.now)
        with pytest.raises(Conflict):
            hall.write(session, question)
    hall.drain()
    assert hall.duties() == [("question:1", "cancelled", 1)]


def test_a_moderator_hides_a_question_but_nobody_of_the_body_does(hall: Hall) -> None:
    number = hall.asked()
    with hall.platform.database.writing() as session:
        question = session.get_one(Question, number)

        def hide_by(name: str, reason: str = "insult") -> None:
            actor = hall.actor(session, name)
            hide(session, actor=actor, question=question, reason=reason, now=hall.clock.now)

        for name in ("Inside", "Olga", "Aizada"):
            with pytest.raises(NotAllowed):
                hide_by(name)
        with pytest.raises(Invalid):
            hide_by("Moderator", "negative")
        hide_by("Moderator")
        with pytest.raises(Conflict):
            hide_by("Moderator")
        (row,) = public_log(session)
        assert (row.act.act, row.path, row.titles) == ("hide", "/questions/1", {})
    hall.drain()
    assert hall.duties() == [("question:1", "cancelled", 1)]
    (notice,) = hall.notices("Aizada", "question_hidden")
    assert notice.values["reason"] == "insult"


def test_what_was_told_of_a_hidden_question_says_its_title_no_longer(hall: Hall) -> None:
    number = hall.asked()
    with hall.platform.database.writing() as session:
        question = session.get_one(Question, number)
        bolot, moderator = (hall.actor(session, name) for name in ("Bolot", "Moderator"))
        wish(session, actor=bolot, question=question, now=hall.clock.now)
    hall.answer(number)
    with hall.platform.database.writing() as session:
        question = session.get_one(Question, number)
        hide(session, actor=moderator, question=question, reason="insult", now=hall.clock.now)
    hall.drain()
    for name, kind in (("Olga", "question_asked"), ("Bolot", "question_answered")):
        (notice,) = hall.notices(name, kind)
        assert (notice.values["title"], notice.values["number"]) == ("", number)
    (notice,) = hall.notices("Aizada", "question_hidden")
    assert notice.values["title"] == TITLE


def test_of_an_answer_to_what_was_hidden_meanwhile_nobody_is_told(hall: Hall) -> None:
    number = hall.asked()
    with hall.platform.database.writing() as session:
        question, moderator = session.get_one(Question, number), hall.actor(session, "Moderator")
        hall.write(session, question)
        approve_answer(
            session, actor=hall.actor(session, "Nurlan"), question=question, now=hall.clock.now
        )
        hide(session, actor=moderator, question=question, reason="insult", now=hall.clock.now)
    hall.drain()
    assert hall.notices("Aizada", "question_answered") == []


def test_officers_read_of_questions_in_a_digest_and_the_head_of_a_deputys_at_once(
    hall: Hall,
) -> None:
    hall.asked()
    hall.asked("Deputy", kind="deputy", title="What did the road cost?", body=BODY)
    assert len(hall.notices("Olga", "question_asked")) == 1
    assert hall.notices("Nurlan", "question_asked") == []
    for name in ("Olga", "Nurlan"):
        (notice,) = hall.notices(name, "deputy_asked")
        assert notice.path == "/desk/questions/2"


@pytest.mark.parametrize("words", Words)
def test_whoever_leaves_takes_the_words_along_if_they_want(hall: Hall, words: Words) -> None:
    number = hall.asked()
    other = hall.asked("Bolot", title="Why is bread dear?", body="It was cheaper.")
    with hall.platform.database.writing() as session:
        question = session.get_one(Question, other)
        wish(session, actor=hall.actor(session, "Aizada"), question=question, now=hall.clock.now)
    leave(hall, "Aizada", words)
    with hall.platform.database.reading() as session:
        kept, wished = (session.get_one(Question, one) for one in (number, other))
        assert (kept.title == TITLE) == (words is Words.KEEP)
        assert (kept.state is State.WAITING) == (words is Words.KEEP)
        assert wished.wishes_n == 0
