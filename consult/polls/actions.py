"""What is done with polls: an officer sets the questions, people answer them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from consult.access import Actor, check_agency, check_right
from consult.consultations.models import Consultation
from consult.consultations.queries import current_round
from consult.consultations.rules import check_open
from consult.db import affected, upsert
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.polls.models import PollAnswer, PollQuestion
from consult.polls.queries import count_answers, questions_of, stamp_of
from consult.polls.rules import (
    WORDS_MAX,
    Asked,
    check_changeable,
    check_questions,
    chosen,
    size_of,
)
from consult.procedure.stages import Stage, Verb
from drafts.models import Draft, DraftVersion

Given = Mapping[int, Sequence[str]]  # by question what was ticked, or [the words]


def set_questions(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    consultation: Consultation,
    questions: Sequence[Asked],
    now: datetime,
) -> None:
    """Ask these questions in a round, instead of those asked so far; none takes those back.

    Raises Conflict once somebody has answered, or the round is over; Invalid where none was asked
    and none is.
    """
    check_agency(actor, "prepare", draft.agency_id)
    session.refresh(consultation, with_for_update=True)  # nobody answers meanwhile
    closed = consultation.closed_at is not None or now >= consultation.closes_at
    check_changeable(count_answers(session, consultation.id or 0), closed=closed)
    langs = session.get_one(DraftVersion, consultation.version_id).langs
    check_questions(questions, langs)
    if not questions and not questions_of(session, [consultation.id or 0]):
        raise Invalid("Please ask at least one question.", field=f"words_{langs[0]}_1")
    of_round = col(PollQuestion.consultation_id) == consultation.id
    session.execute(delete(PollQuestion).where(of_round))
    for position, asked in enumerate(questions, 1):
        session.add(
            PollQuestion(
                consultation_id=consultation.id or 0,
                position=position,
                kind=asked.kind,
                words={lang: asked.words[lang].strip() for lang in langs},
                options=[
                    {lang: option[lang].strip() for lang in langs} for option in asked.options
                ],
                set_by=actor.id,
                set_at=now,
            )
        )
    session.flush()


def answer_poll(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    given: Given,
    stamp: str,
    lang: str,
    now: datetime,
) -> None:
    """Write down what a person answers, instead of what they answered before; nothing takes back.

    A poll is of people: whoever speaks for an organisation answers for themselves. `stamp` says
    which questions were read. Each answer is one statement, so that of two sent at once one counts.
    """
    check_right(actor, "vote")
    stage = Stage(draft.stage)
    term = check_open(current_round(session, draft.id or 0), stage, Verb.VOTE, now)
    session.refresh(term, with_for_update={"read": True})  # the questions stay while this is done
    if term.closed_at is not None:  # meanwhile, and the results are out
        raise NotAllowed("This discussion is closed.")
    questions = questions_of(session, [term.id or 0])
    if not questions:
        raise NotFound("Nothing is asked beside this draft.")
    if stamp != stamp_of(questions):
        raise Conflict("The questions were changed meanwhile. Please look at them again.")
    for question in questions:
        _answer(session, actor, question, given.get(question.id or 0, ()), lang, now)


def _answer(
    session: Session,
    actor: Actor,
    question: PollQuestion,
    given: Sequence[str],
    lang: str,
    now: datetime,
) -> None:
    field, kind = f"q{question.id}", question.kind
    words, choices = "", 0
    if kind == "open":
        words = " ".join(given).strip()
        if len(words) > WORDS_MAX:
            raise Invalid(
                "This is too long: at most {max_length} characters.",
                max_length=WORDS_MAX,
                field=field,
            )
    else:
        ticked = [one for one in given if one]
        choices = chosen(kind, size_of(kind, question.options), ticked, field)
    own = (
        col(PollAnswer.question_id) == question.id,
        col(PollAnswer.person_id) == actor.person_id,
    )
    if not words and not choices:
        session.execute(delete(PollAnswer).where(*own))
        return
    said = {
        "is_identified": actor.is_identified,
        "choices": choices,
        "words": words,
        "lang": lang,
        "answered_at": now,
    }
    session.execute(
        upsert(session, PollAnswer)
        .values(question_id=question.id, person_id=actor.person_id, **said)
        .on_conflict_do_update(index_elements=["question_id", "person_id"], set_=said)
    )


def _running(now: datetime) -> Any:
    """The questions of rounds that are not over yet."""
    return (
        select(PollQuestion.id)
        .join(Consultation, col(Consultation.id) == col(PollQuestion.consultation_id))
        .where(col(Consultation.closes_at) > now)
    )


def take_back_answers(session: Session, person_id: int, now: datetime) -> int:
    """Take back what somebody who leaves answered where answers are taken still; how many."""
    theirs = col(PollAnswer.person_id) == person_id
    running = col(PollAnswer.question_id).in_(_running(now))
    return affected(session.execute(delete(PollAnswer).where(theirs, running)))


def mark_answers(session: Session, person_id: int, *, identified: bool, now: datetime) -> None:
    """Count what somebody answered as that of an identified person, or no longer.

    Where the round is over it stays as it was counted: else two looks at the results, before and
    after one person was identified, would tell what that person answered.
    """
    theirs = col(PollAnswer.person_id) == person_id
    running = col(PollAnswer.question_id).in_(_running(now))
    session.execute(update(PollAnswer).where(theirs, running).values(is_identified=identified))
