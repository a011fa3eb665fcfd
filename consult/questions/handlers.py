"""What follows from questions: the duty to answer runs, is settled, ends, or runs elsewhere."""

from datetime import datetime

from sqlmodel import Session

from consult.errors import N_
from consult.law.queries import law_of
from consult.obligations.keeping.asked import OPEN, cancel_one, owe_for_one, settle_one
from consult.obligations.ledger.rules import Stored
from consult.platform import Platform
from consult.procedure.duties import Evidence
from consult.questions.models import Question, QuestionMove
from consult.questions.queries import duty_of, moves_of
from consult.questions.rules import OWED, State
from consult.voice_events import (
    QuestionAnswered,
    QuestionAsked,
    QuestionForwarded,
    QuestionHidden,
    QuestionWithdrawn,
)


def owe_answer_to_question(
    session: Session, platform: Platform, event: QuestionAsked, now: datetime
) -> None:
    """Unless it is over by now; whoever takes it back meanwhile waits until the duty can be ended.

    Passed on meanwhile, it is owed first by the body that was asked.
    """
    question = session.get_one(Question, event.question_id)
    session.refresh(question, with_for_update={"read": True})
    if question.state in (State.HIDDEN, State.WITHDRAWN):
        return
    moves = moves_of(session, event.question_id)
    asked = moves[0].from_agency_id if moves else question.agency_id
    law = law_of(session, platform.pack)
    per = OWED[question.kind]
    owe_for_one(session, law, per, event.question_id, question.asked_at, now, agency_id=asked)


def settle_answered_question(
    session: Session, platform: Platform, event: QuestionAnswered, now: datetime
) -> None:
    question = session.get_one(Question, event.question_id)
    law, at = law_of(session, platform.pack), question.answered_at or now
    per, path = OWED[question.kind], f"/questions/{question.id}"
    settle_one(session, law, per, event.question_id, Evidence.QUESTION_ANSWER, path, at, now)


def owe_answer_elsewhere(
    session: Session, platform: Platform, event: QuestionForwarded, now: datetime
) -> None:
    """Nothing is owed any more where it was, and it is owed anew where it is now.

    Done twice, nothing is added: what runs already for the body that has it now stays.
    """
    question = session.get_one(Question, event.question_id)
    session.refresh(question, with_for_update={"read": True})
    known = duty_of(session, question)
    if known is not None and Stored(known.state) in OPEN:
        return
    move = session.get_one(QuestionMove, event.move_id)
    law, per, number = law_of(session, platform.pack), OWED[question.kind], event.question_id
    reason = N_("The question was passed on to another body.")
    cancel_one(session, law, per, number, reason, move.moved_at, now)
    if question.state in (State.HIDDEN, State.WITHDRAWN):
        return
    to = question.agency_id
    owe_for_one(session, law, per, number, move.moved_at, now, agency_id=to, again=True)


def cancel_hidden_question(
    session: Session, platform: Platform, event: QuestionHidden, now: datetime
) -> None:
    """Nobody is owed an answer to what breaks the rules."""
    question = session.get_one(Question, event.question_id)
    at = question.hidden_at or now
    _cancel(session, platform, question, N_("A moderator hid the question."), at, now)


def cancel_withdrawn_question(
    session: Session, platform: Platform, event: QuestionWithdrawn, now: datetime
) -> None:
    question = session.get_one(Question, event.question_id)
    at = question.withdrawn_at or now
    _cancel(session, platform, question, N_("Who asked took the question back."), at, now)


def _cancel(
    session: Session,
    platform: Platform,
    question: Question,
    reason: str,
    at: datetime,
    now: datetime,
) -> None:
    law = law_of(session, platform.pack)
    cancel_one(session, law, OWED[question.kind], question.id or 0, reason, at, now)
