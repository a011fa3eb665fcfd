"""Questions beside a draft: set by an officer, answered by people, hidden till the round ends."""

from collections.abc import Sequence
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.account_events import PersonIdentified
from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.consultations.queries import rounds_by_draft
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.moderation.models import ModerationAct
from consult.moderation.poll_answers import hide_answer
from consult.platform import Platform
from consult.polls.actions import answer_poll, set_questions
from consult.polls.handlers import count_identified_answers
from consult.polls.models import PollAnswer, PollQuestion
from consult.polls.queries import Poll, open_answer, open_answers, poll_json, polls_of, stamp_of
from consult.polls.rules import Asked
from consult.privacy.counted import take_back_poll_answers
from consult.privacy.words import Leaving, erase_poll_answers
from drafts.models import Draft
from tests import factories
from tests.conftest import START

DAYS = Asked(1, "single", {"en": "How many days?"}, [{"en": "Five"}, {"en": "Six"}])
ROOMS = Asked(2, "multiple", {"en": "Which rooms?"}, [{"en": "Quiet"}, {"en": "Warm"}])
GOOD = Asked(3, "scale", {"en": "Is it good?"}, [{"en": "Bad"}, {"en": "Good"}])
WHY = Asked(4, "open", {"en": "Why?"})


@pytest.fixture
def draft(session: Session) -> Draft:
    return factories.open_draft(session)


def round_of(session: Session, draft: Draft) -> Consultation:
    return rounds_by_draft(session, draft.id or 0)[0]


def ask(session: Session, draft: Draft, *questions: Asked) -> list[PollQuestion]:
    set_questions(
        session,
        actor=factories.OPERATOR,
        draft=draft,
        consultation=round_of(session, draft),
        questions=questions,
        now=START,
    )
    return list(session.exec(select(PollQuestion).order_by(PollQuestion.position)).all())


def answer(session: Session, draft: Draft, person: Person | Actor, *given: Sequence[str]) -> None:
    """What is given to each question in turn."""
    questions = session.exec(select(PollQuestion).order_by(PollQuestion.position)).all()
    actor = person if isinstance(person, Actor) else factories.actor_of(session, person)
    answer_poll(
        session,
        actor=actor,
        draft=draft,
        given={one.id or 0: said for one, said in zip(questions, given, strict=False)},
        stamp=stamp_of(questions),
        lang="en",
        now=START,
    )


def people(session: Session, many: int) -> list[Person]:
    return [factories.make_person(session, f"Person {n}") for n in range(many)]


def after(session: Session, draft: Draft) -> Poll:
    """The poll once the round is over."""
    closing = round_of(session, draft).closes_at
    (poll,) = polls_of(session, rounds_by_draft(session, draft.id or 0), closing)
    return poll


def test_a_person_answers_once_and_may_change_it(session: Session, draft: Draft) -> None:
    ask(session, draft, DAYS, ROOMS)
    person = factories.make_person(session)
    answer(session, draft, person, ["0"], ["0", "1"])
    answer(session, draft, person, ["1"], [])
    (row,) = session.exec(select(PollAnswer)).all()
    session.refresh(row)
    assert row.choices == 2


def test_nothing_of_what_others_answered_is_read_before_the_round_is_over(
    session: Session, draft: Draft
) -> None:
    ask(session, draft, DAYS, WHY)
    for person in people(session, 6):
        answer(session, draft, person, ["0"], ["It is far."])
    rounds = rounds_by_draft(session, draft.id or 0)
    before = rounds[0].closes_at - timedelta(seconds=1)
    (poll,) = polls_of(session, rounds, before)
    assert poll.told is None
    assert poll_json(poll)["results"] is None
    row = session.exec(select(PollAnswer).where(PollAnswer.words != "")).first()
    assert row is not None
    with pytest.raises(NotFound):
        open_answer(session, row.id or 0, before)
    told = after(session, draft).told
    assert told is not None
    assert [one.people for one in told] == [6, 6]
    assert [part.n for part in told[0].result.parts] == [6, 0]


def test_an_organisation_does_not_answer_who_speaks_for_it_does(
    session: Session, draft: Draft
) -> None:
    ask(session, draft, DAYS)
    union = factories.make_person(session, "Union", organisation="Union of Readers")
    answer(session, draft, union, ["0"])
    (row,) = session.exec(select(PollAnswer)).all()
    assert row.person_id == union.id
    officer = factories.make_person(session, "Olga", role=Role.OFFICER)
    with pytest.raises(NotAllowed):
        answer(session, draft, officer, ["0"])


def test_questions_can_be_changed_until_somebody_has_answered(
    session: Session, draft: Draft
) -> None:
    first = ask(session, draft, DAYS)
    stamp = stamp_of(first)
    second = ask(session, draft, ROOMS)
    person = factories.actor_of(session, factories.make_person(session))
    about = {"actor": person, "draft": draft, "lang": "en", "now": START}
    with pytest.raises(Conflict, match="changed meanwhile"):
        answer_poll(session, given={second[0].id or 0: ["0"]}, stamp=stamp, **about)
    answer(session, draft, person, ["0"])
    with pytest.raises(Conflict, match="stay as they are"):
        ask(session, draft, DAYS)
    answer(session, draft, person, [])  # taken back: nobody has answered
    ask(session, draft)
    with pytest.raises(NotFound):
        answer(session, draft, person, ["0"])


def test_after_the_closing_nothing_is_asked_or_answered(session: Session, draft: Draft) -> None:
    ask(session, draft, DAYS)
    closing = round_of(session, draft).closes_at
    questions = session.exec(select(PollQuestion)).all()
    person = factories.actor_of(session, factories.make_person(session))
    with pytest.raises(NotAllowed):
        answer_poll(
            session,
            actor=person,
            draft=draft,
            given={questions[0].id or 0: ["0"]},
            stamp=stamp_of(questions),
            lang="en",
            now=closing,
        )
    factories.close_consultation(session, round_of(session, draft))
    with pytest.raises(Conflict, match="closed"):
        ask(session, draft, ROOMS)


def test_only_the_draft_s_agency_asks_and_in_each_language_of_the_text(session: Session) -> None:
    draft = factories.open_draft(session, {"ky": ["Бир."], "ru": ["Один."]})
    with pytest.raises(Invalid) as refusal:
        ask(session, draft, DAYS)
    assert refusal.value.field == "words_ky_1"
    other = factories.make_person(
        session, "Damir", role=Role.OFFICER, agency=factories.make_agency(session, "MOH")
    )
    with pytest.raises(NotAllowed):
        set_questions(
            session,
            actor=factories.actor_of(session, other),
            draft=draft,
            consultation=round_of(session, draft),
            questions=[],
            now=START,
        )


def test_who_is_identified_while_the_round_runs_counts_so_and_later_does_not(
    session: Session, platform: Platform, draft: Draft
) -> None:
    ask(session, draft, DAYS)
    known, later = people(session, 2)
    for person in (known, later):
        answer(session, draft, person, ["0"])
    closing = round_of(session, draft).closes_at
    for person, now in ((known, START), (later, closing)):
        person.verified_at = now
        session.add(person)
        session.flush()
        event = PersonIdentified(person.id or 0)
        count_identified_answers(session, platform, event, now)
    session.expire_all()
    rows = session.exec(select(PollAnswer).order_by(PollAnswer.id)).all()
    assert [row.is_identified for row in rows] == [True, False]


def test_who_leaves_takes_back_what_still_counts_and_else_their_words(
    session: Session, draft: Draft
) -> None:
    ask(session, draft, DAYS, WHY)
    person = factories.make_person(session)
    closing = round_of(session, draft).closes_at
    answer(session, draft, person, ["0"], ["My name is Aizada."])
    over = Leaving(person.id or 0, True, closing)
    assert take_back_poll_answers(session, over) == 0  # the round is over: it stays counted
    assert erase_poll_answers(session, over) == 1
    assert erase_poll_answers(session, over) == 0
    assert open_answers(session, session.exec(select(PollQuestion.id)).all()[1]) == []
    assert take_back_poll_answers(session, Leaving(person.id or 0, False, START)) == 2


def test_a_moderator_hides_words_for_a_logged_reason_and_the_count_stays(
    session: Session, draft: Draft
) -> None:
    ask(session, draft, WHY)
    for person in people(session, 5):
        answer(session, draft, person, ["Fools!"])
    row = session.exec(select(PollAnswer)).first()
    marat = factories.make_person(session, "Marat", role=Role.MODERATOR)
    about = {"answer": row, "draft": draft, "note": "", "now": START}
    with pytest.raises(NotAllowed):
        hide_answer(session, actor=factories.OPERATOR, reason="insult", **about)
    actor = factories.actor_of(session, marat)
    hide_answer(session, actor=actor, reason="insult", **about)
    with pytest.raises(Conflict):
        hide_answer(session, actor=actor, reason="insult", **about)
    (act,) = session.exec(select(ModerationAct)).all()
    assert (act.answer_id, act.act, act.reason) == (row.id, "hide", "insult")
    session.expire_all()
    assert len(open_answers(session, row.question_id)) == 4
    assert after(session, draft).told[0].result.whole.n == 5


def test_of_two_answers_at_once_one_counts(platform: Platform) -> None:
    with platform.database.writing() as session:
        draft = factories.open_draft(session)
        ask(session, draft, DAYS)
        actor = factories.actor_of(session, factories.make_person(session))
    ready, failed = Barrier(2), []

    def send(choice: str) -> None:
        try:
            ready.wait(5)
            with platform.database.writing() as session:
                answer(session, session.get_one(Draft, draft.id), actor, [choice])
        except Exception as error:  # told below: a thread has nobody to raise to
            failed.append(error)

    threads = [Thread(target=send, args=(choice,)) for choice in "01"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    with platform.database.reading() as session:
        (row,) = session.exec(select(PollAnswer)).all()
        assert row.choices in (1, 2)


def test_who_comes_as_the_round_is_closed_does_not_change_the_results(
    session: Session, draft: Draft
) -> None:
    ask(session, draft, DAYS)
    round_of(session, draft).closed_at = START  # while the answer was on its way
    session.flush()
    with pytest.raises(NotAllowed, match="closed"):
        answer(session, draft, people(session, 1)[0], ["1"])
