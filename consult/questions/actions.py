"""What is done with questions by who asks, by readers and moderators.

What the body does with them: answering.py.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col

from consult import outbox
from consult.access import Actor, check_right
from consult.accounts.models import Agency, Person
from consult.campaigns.rules import text_of
from consult.comments.rules import check_not_own, clean_body
from consult.db import affected, upsert
from consult.errors import N_, Conflict, Invalid, NotAllowed
from consult.moderation.actions import log_hidden
from consult.moderation.rules import check_independent, check_reason
from consult.questions.models import Question, QuestionWish
from consult.questions.queries import (
    NOT_ASKED,
    council_asking,
    count_waiting_of,
    lately_asked,
)
from consult.questions.rules import (
    RIGHTS,
    State,
    check_kind,
    check_question,
    check_room,
)
from consult.voice_events import QuestionAsked, QuestionHidden, QuestionRated, QuestionWithdrawn
from drafts.queries import draft_for

OVER = N_("This question does not wait for an answer any more.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks: `title` in a few words, `body` in full; `draft_id` if it is about one."""

    title: str
    body: str
    lang: str
    kind: str = "person"
    draft_id: int | None = None


def ask(
    session: Session,
    *,
    actor: Actor,
    agency: Agency,
    asked: Asked,
    most: int,
    room: int,
    now: datetime,
) -> Question:
    """Put a question to a body; it is public at once.

    `most` is in characters, `room` how many may wait there for one person. The same words of the
    same person are one: the first is returned. Raises Invalid, NotAllowed, NotFound; Conflict for
    what somebody else has asked there in the same words.
    """
    check_kind(actor, asked.kind)
    check_asked(agency)
    title, body = " ".join(clean_body(asked.title).split()), clean_body(asked.body)
    check_question(title, body, most=most)
    if asked.draft_id is not None:
        draft_for(session, asked.draft_id, actor)
    council = None
    if asked.kind == "council":
        council = council_asking(session, actor, agency)
    session.get_one(Person, actor.person_id, with_for_update={"key_share": True})  # of two, one
    if known := _same(session, agency, title, body):
        if known.author_id == actor.person_id:
            return known
        raise Conflict("The same question was asked here already: say that you want to know too.")
    if asked.kind == "person":
        check_room(count_waiting_of(session, actor.person_id, agency.id or 0), room)
    row = Question(
        agency_id=agency.id or 0,
        council_id=council.id if council else None,
        draft_id=asked.draft_id,
        kind=asked.kind,
        title=title,
        body=body,
        lang=asked.lang,
        author_id=actor.person_id,
        organisation_id=actor.organisation_id if asked.kind == "person" else None,
        asked_at=now,
    )
    session.add(row)
    session.flush()
    outbox.record(session, QuestionAsked(row.id or 0), now)
    return row


def check_asked(agency: Agency) -> None:
    """Refuse a body that nobody can ask: one that was closed, or a council."""
    if agency.closed_on is not None or agency.kind == "council":
        raise Invalid(NOT_ASKED, field="agency")


def _same(session: Session, agency: Agency, title: str, body: str) -> Question | None:
    """A question in the same words that waits there for an answer."""
    exact = text_of(f"{title}\n{body}").exact
    for one in lately_asked(session, agency.id or 0):
        if one.answered_at is None and text_of(f"{one.title}\n{one.body}").exact == exact:
            return one
    return None


def withdraw(session: Session, *, actor: Actor, question: Question, now: datetime) -> None:
    """Who asked takes it back before it is answered; a marked gap stays."""
    if question.author_id != actor.person_id:
        raise NotAllowed("This is not your question.")
    _hold_waiting(session, question)
    question.withdrawn_at = now
    session.add(question)
    outbox.record(session, QuestionWithdrawn(question.id or 0), now)


def wish(session: Session, *, actor: Actor, question: Question, now: datetime) -> None:
    """Want to know this too, and be told of the answer; said twice, it counts once."""
    check_right(actor, RIGHTS["person"])
    if question.author_id == actor.person_id:
        raise NotAllowed("This is your own question: you are told of the answer anyway.")
    _hold_waiting(session, question)
    row = {"question_id": question.id, "person_id": actor.person_id, "wished_at": now}
    added = session.execute(
        upsert(session, QuestionWish)
        .values(row)
        .on_conflict_do_nothing(index_elements=["question_id", "person_id"])
        .returning(col(QuestionWish.person_id))  # PostgreSQL does not say how many rows it put in
    )
    _count(session, question, int(added.scalar() is not None))


def unwish(session: Session, *, actor: Actor, question: Question) -> None:
    """Take that back; nothing happens if it was not said."""
    check_right(actor, RIGHTS["person"])
    take_back_wish(session, question, actor.person_id)


def take_back_wish(session: Session, question: Question, person_id: int) -> None:
    """Nobody is told any more, and it does not count."""
    theirs = (
        col(QuestionWish.question_id) == question.id,
        col(QuestionWish.person_id) == person_id,
    )
    _count(session, question, -affected(session.execute(delete(QuestionWish).where(*theirs))))


def _count(session: Session, question: Question, change: int) -> None:
    if change:
        session.execute(
            update(Question)
            .where(col(Question.id) == question.id)
            .values(wishes_n=Question.wishes_n + change)
        )
        session.refresh(question)


def rate(session: Session, *, actor: Actor, question: Question, met: bool, now: datetime) -> None:
    """Who asked says whether the answer met the point; said again, the last word counts."""
    if question.author_id != actor.person_id:
        raise NotAllowed("An answer is rated by whoever it was given to.")
    hold(session, question)
    if question.state is not State.ANSWERED:
        raise Conflict("There is no answer yet.")
    question.met, question.rated_at = met, now
    session.add(question)
    outbox.record(session, QuestionRated(question.id or 0), now)


def hide(session: Session, *, actor: Actor, question: Question, reason: str, now: datetime) -> None:
    """Hide the words, for a reason of moderation/rules.REASONS; a marked gap stays."""
    check_moderator(actor, question)
    check_reason(reason, "")
    hold(session, question)
    if question.hidden_at is not None:
        raise Conflict("This question is hidden already.")
    question.hidden_by, question.hidden_at, question.hidden_reason = actor.person_id, now, reason
    session.add(question)
    subject = f"question:{question.id}"
    act = log_hidden(session, actor, subject, reason, now, draft_id=question.draft_id)
    outbox.record(session, QuestionHidden(question.id or 0, act.id or 0), now)


def check_moderator(actor: Actor, question: Question) -> None:
    """Raise NotAllowed for whoever may not hide what the body is asked: that body, above all."""
    check_right(actor, "moderate")
    check_independent(actor, question.agency_id)
    check_not_own(question.author_id, actor.person_id)


def hold(session: Session, question: Question) -> None:
    """The question as it is now, and nobody else changes it meanwhile."""
    session.flush()  # else what was changed before in this transaction would be lost
    session.refresh(question, with_for_update=True)


def _hold_waiting(session: Session, question: Question) -> None:
    """The question as it is now, and nobody changes it meanwhile; raises Conflict if it is over."""
    hold(session, question)
    if question.state is not State.WAITING:
        raise Conflict(OVER)
