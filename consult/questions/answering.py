"""What a body does with questions: an officer writes the answer or passes the question on, a second
person publishes the answer or gives it back."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from consult import outbox
from consult.access import Actor, check_agency
from consult.accounts.models import Agency
from consult.answers.rules import check_second_person
from consult.comments.rules import clean_body
from consult.errors import N_, Conflict
from consult.questions.actions import OVER, check_asked, hold
from consult.questions.models import Question, QuestionAnswer, QuestionMove
from consult.questions.queries import answer_to
from consult.questions.rules import State, check_answer, check_move, check_return
from consult.voice_events import QuestionAnswered, QuestionForwarded

TWICE = N_("Somebody else has just changed this. Please look again.")


def write_answer(
    session: Session,
    *,
    actor: Actor,
    question: Question,
    body: str,
    lang: str,
    submit: bool,
    now: datetime,
) -> QuestionAnswer:
    """Write the answer, or write it anew; `submit` hands it to a second person.

    What was handed in and is written anew is the writer's again. Raises NotAllowed, Invalid,
    Conflict.
    """
    _hold(session, actor, "answer", question)
    body = clean_body(body)
    check_answer(body)
    row = answer_to(session, question.id or 0)
    if row is None:
        row = QuestionAnswer(
            question_id=question.id or 0, body="", lang=lang, drafted_by=0, drafted_at=now
        )
    row.body, row.lang, row.note = body, lang, ""
    row.state = "submitted" if submit else "draft"
    row.drafted_by, row.drafted_at = actor.person_id, now
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:  # two began it at once
        raise Conflict(TWICE) from error
    return row


def approve_answer(
    session: Session, *, actor: Actor, question: Question, now: datetime, seen: str | None = None
) -> None:
    """Publish the answer that was handed in; by another person than the one who wrote it.

    `seen` is the mark of the answer they have read: raises Conflict if it was written anew since.
    """
    _hold(session, actor, "approve", question)
    row = _submitted(session, question)
    if seen is not None and seen != row.mark:
        raise Conflict(TWICE)
    check_second_person(row.drafted_by, actor.person_id)
    row.state, row.approved_by, row.published_at = "published", actor.person_id, now
    question.answered_at = now
    session.add(row)
    session.add(question)
    session.flush()
    event = QuestionAnswered(question.id or 0, row.id or 0)
    outbox.record(session, event, now)


def return_answer(session: Session, *, actor: Actor, question: Question, note: str) -> None:
    """Give the answer back to who writes it, and say what has to be changed."""
    _hold(session, actor, "approve", question)
    row = _submitted(session, question)
    note = clean_body(note)
    check_return(note)
    row.state, row.note = "draft", note
    session.add(row)


def forward(
    session: Session,
    *,
    actor: Actor,
    question: Question,
    to: Agency,
    reason: str,
    lang: str,
    now: datetime,
) -> QuestionMove:
    """Pass a question on to the body that can answer it; what was written here goes no further.

    It is owed there anew. Raises NotAllowed, Invalid; Conflict for what is answered already.
    """
    _hold(session, actor, "answer", question)
    reason = clean_body(reason)
    check_move(question.kind, reason, same=to.id == question.agency_id)
    check_asked(to)
    if row := answer_to(session, question.id or 0):
        session.delete(row)
    move = QuestionMove(
        question_id=question.id or 0,
        from_agency_id=question.agency_id,
        to_agency_id=to.id or 0,
        reason=reason,
        lang=lang,
        moved_by=actor.person_id,
        moved_at=now,
    )
    question.agency_id = to.id or 0
    session.add(question)
    session.add(move)
    session.flush()
    outbox.record(session, QuestionForwarded(question.id or 0, move.id or 0), now)
    return move


def _hold(session: Session, actor: Actor, right: str, question: Question) -> None:
    """Raise unless they may do this for the body that owes the answer, and it still does."""
    hold(session, question)
    check_agency(actor, right, question.agency_id)
    if question.state is not State.WAITING:
        raise Conflict(OVER)


def _submitted(session: Session, question: Question) -> QuestionAnswer:
    row = answer_to(session, question.id or 0)
    if row is None or row.state != "submitted":
        raise Conflict("No answer waits for approval.")
    return row
