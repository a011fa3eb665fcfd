"""Plays questions: put, wanted by others, passed on, answered, and whether that met the point."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from sqlmodel import Session, select

from consult.accounts.queries import agency_by_code
from consult.demo.stage import Stage
from consult.demo.steps import HOUR, Step
from consult.demo.voices.telling import Part, story
from consult.questions import actions, answering
from consult.questions.models import Question as Row
from consult.questions.models import QuestionAnswer

ROOM = 3
MOST = 2000


class Wish(Part):
    """Somebody who wants to know too."""

    who: str
    day: float


class Move(Part):
    """Passed on to another agency."""

    to: str
    day: float
    reason: str


class Question(Part):
    """Put on `day`; answered by the agency, or by the one it was passed on to."""

    who: str
    agency: str
    kind: str = "person"
    draft: str = ""
    day: float
    lang: str
    title: str
    text: str
    wish: tuple[Wish, ...] = ()
    move: Move | None = None
    written_day: float | None = None
    answered_day: float | None = None
    answer: str = ""
    met: bool | None = None


class Story(Part):
    question: tuple[Question, ...]


def steps(stage: Stage) -> Iterator[Step]:
    """Each question with what became of it."""
    for part in story(Story, "questions").question:
        yield Step(part.day, partial(_put, stage, part))
        for wish in part.wish:
            yield Step(wish.day, partial(_wish, stage, part, wish))
        if part.move is not None:
            yield Step(part.move.day, partial(_move, stage, part, part.move))
        if part.written_day is not None:
            yield Step(part.written_day, partial(_write, stage, part))
        if part.answered_day is not None:
            yield Step(part.answered_day, partial(_publish, stage, part))
        if part.answered_day is not None and part.met is not None:
            yield Step(part.answered_day + HOUR, partial(_rate, stage, part, part.met))


def _row(session: Session, part: Question) -> Row:
    return session.exec(select(Row).where(Row.title == part.title)).one()


def _put(stage: Stage, part: Question, session: Session, now: datetime) -> None:
    draft = stage.draft(session, part.draft).id if part.draft else None
    actions.ask(
        session,
        actor=stage.actor(session, part.who),
        agency=agency_by_code(session, part.agency),
        asked=actions.Asked(part.title, part.text, part.lang, part.kind, draft),
        most=MOST,
        room=ROOM,
        now=now,
    )


def _wish(stage: Stage, part: Question, wish: Wish, session: Session, now: datetime) -> None:
    actor = stage.actor(session, wish.who)
    actions.wish(session, actor=actor, question=_row(session, part), now=now)


def _move(stage: Stage, part: Question, move: Move, session: Session, now: datetime) -> None:
    answering.forward(
        session,
        actor=stage.staff(session, "officer", part.agency),
        question=_row(session, part),
        to=agency_by_code(session, move.to),
        reason=move.reason,
        lang=part.lang,
        now=now,
    )


def _answers(part: Question) -> str:
    return part.move.to if part.move else part.agency


def _write(stage: Stage, part: Question, session: Session, now: datetime) -> None:
    answering.write_answer(
        session,
        actor=stage.staff(session, "officer", _answers(part)),
        question=_row(session, part),
        body=part.answer,
        lang=part.lang,
        submit=True,
        now=now,
    )


def _publish(stage: Stage, part: Question, session: Session, now: datetime) -> None:
    """By the second person, once it was written."""
    row = _row(session, part)
    if not session.exec(select(QuestionAnswer).where(QuestionAnswer.question_id == row.id)).first():
        _write(stage, part, session, now)
    head = stage.staff(session, "approver", _answers(part))
    answering.approve_answer(session, actor=head, question=row, now=now)


def _rate(stage: Stage, part: Question, met: bool, session: Session, now: datetime) -> None:
    actor = stage.actor(session, part.who)
    actions.rate(session, actor=actor, question=_row(session, part), met=met, now=now)
