"""What people are told of questions: the body that one was put, who asked what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from consult.access import Role
from consult.accounts.models import Agency, Person
from consult.accounts.queries import people_with
from consult.platform import Platform
from consult.questions.models import Question, QuestionAnswer, QuestionMove, QuestionWish
from consult.questions.rules import State
from consult.voice_events import (
    QuestionAnswered,
    QuestionAsked,
    QuestionForwarded,
    QuestionHidden,
)
from notifications.actions import notify
from notifications.models import Message
from notifications.rules import one_line
from notifications.spreading import Announcement, announce

DEPUTY = "deputy"
HIDDEN = "question_hidden"


def tell_asked_body(
    session: Session,
    platform: Platform,
    event: QuestionAsked | QuestionForwarded,
    now: datetime,
) -> None:
    """The officers of the body that owes the answer, with what else happened that day.

    Of a deputy's question its head is told as well, and everybody at once.
    """
    question = session.get_one(Question, event.question_id)
    if question.state is not State.WAITING:
        return
    key = f"{question.id}:{question.agency_id}"
    if isinstance(event, QuestionForwarded):
        move = session.get_one(QuestionMove, event.move_id)
        if move.to_agency_id != question.agency_id:
            return  # passed on further meanwhile
        key = f"{key}:{move.id}"  # it may come back to who had it before
    by_deputy = question.kind == DEPUTY
    kind = "deputy_asked" if by_deputy else "question_asked"
    people = people_with(session, Role.OFFICER, question.agency_id)
    people += people_with(session, Role.APPROVER, question.agency_id) if by_deputy else []
    for person in people:
        notify(
            session,
            person,
            key=f"{kind}:{key}",
            kind=kind,
            values=_values(session, question),
            path=f"/desk/questions/{question.id}",
            zone=platform.pack.tz,
            now=now,
            usual="at_once" if by_deputy else "daily",
        )


def _values(session: Session, question: Question) -> dict[str, Any]:
    agency = session.get_one(Agency, question.agency_id)
    return {
        "number": question.id,
        "title": one_line(question.title),
        "lang": question.lang,
        "kind": question.kind,
        "agency": agency.names,
    }


def announce_question_answer(
    session: Session,
    platform: Platform,
    event: QuestionAnswered,
    now: datetime,
    cursor: str = "",
) -> str:
    """Whoever asked, and all who want to know too: batch by batch (wiring.py)."""
    question = session.get_one(Question, event.question_id)
    if question.state is not State.ANSWERED:
        return ""
    answer = session.get_one(QuestionAnswer, event.question_answer_id)
    asked = select(col(Question.author_id)).where(col(Question.id) == question.id)
    wish = select(col(QuestionWish.person_id)).where(col(QuestionWish.question_id) == question.id)
    said = Announcement(
        key=f"question_answered:{question.id}",
        kind="question_answered",
        values=_values(session, question) | {"answer": answer.body, "answer_lang": answer.lang},
        path=f"/questions/{question.id}",
        others=(asked, wish),
    )
    return announce(session, platform, said, cursor, now)


def tell_of_forwarding(
    session: Session, platform: Platform, event: QuestionForwarded, now: datetime
) -> None:
    """Whoever asked learns who answers now, and why."""
    move = session.get_one(QuestionMove, event.move_id)
    was, to = (session.get_one(Agency, one) for one in (move.from_agency_id, move.to_agency_id))
    said = {"was": was.names, "agency": to.names, "reason": move.reason, "reason_lang": move.lang}
    _tell_asker(
        session, platform, event.question_id, "question_forwarded", event.move_id, said, now
    )


def tell_of_hidden_question(
    session: Session, platform: Platform, event: QuestionHidden, now: datetime
) -> None:
    """Whoever asked learns why it was hidden; nobody, if they wanted it themselves."""
    question = session.get_one(Question, event.question_id)
    if not event.act_id:
        return
    said = {"reason": question.hidden_reason}
    _tell_asker(session, platform, event.question_id, HIDDEN, event.act_id, said, now)


def clean_question_notices(
    session: Session, _platform: Platform, event: QuestionHidden, _now: datetime
) -> None:
    """What people were told of it says its title no longer, nor does a mail that still waits."""
    paths = [f"/questions/{event.question_id}", f"/desk/questions/{event.question_id}"]
    told = select(Message).where(col(Message.path).in_(paths), col(Message.kind) != HIDDEN)
    for message in session.scalars(told).all():
        message.values = message.values | {"title": "", "number": event.question_id}
        session.add(message)


def _tell_asker(
    session: Session,
    platform: Platform,
    question_id: int,
    kind: str,
    number: int,
    said: dict[str, Any],
    now: datetime,
) -> None:
    question = session.get_one(Question, question_id)
    notify(
        session,
        session.get_one(Person, question.author_id),
        key=f"{kind}:{question_id}:{number}",
        kind=kind,
        values=_values(session, question) | said,
        path=f"/questions/{question_id}",
        zone=platform.pack.tz,
        now=now,
    )
