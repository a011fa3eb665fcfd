"""What a person wrote: kept without them, or erased; and the public record made to fit.

Each function does a part of what is left to do, in the transaction of whoever calls it, and returns
how much it did: 0 says that nothing is left. So forgetting can be broken off anywhere, and begun
again.

Words that were said in the name of an organisation are the organisation's: they stay. Words that
their author took back before go in any case.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import Session, col, select

from consult import outbox
from consult.adoption.models import Problem
from consult.anchors.models import AnchorResolution
from consult.comments.models import Comment, CommentRevision
from consult.comments.rules import body_hash
from consult.db import affected
from consult.events import CommentWithdrawn, ProblemHidden
from consult.feedback.models import Contest
from consult.marks import ERASED
from consult.moderation.actions import recount
from consult.moderation.models import Appeal, Redaction
from consult.papers.models import Paper
from consult.polls.models import PollAnswer
from consult.proposals.models import Proposal
from consult.questions.models import Question
from consult.record.writing import forget_earlier, forget_person, keep
from consult.voice_events import ProposalHidden, QuestionHidden

BATCH = 50  # comments changed at once: the one writer of SQLite is never held for long
SALTS = 1000
GONE = col(Comment.withdrawn_at).is_not(None)


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who is forgotten, and whether their public words are removed."""

    person_id: int
    remove: bool
    now: datetime


def erase_comments(session: Session, leaving: Leaving) -> int:
    """Their comments: without a mandate, and without words where those are to go.

    A comment that loses its words is withdrawn: a marked gap stays, with its receipt and what was
    replied; nobody owes an answer to it.
    """
    own = col(Comment.organisation_id).is_(None)
    going = or_(GONE, own) if leaving.remove else GONE
    said = or_(*(col(field) != "" for field in (Comment.proposed, Comment.quote)))
    left = and_(going, or_(col(Comment.body) != ERASED, said, ~GONE))
    theirs = col(Comment.author_id) == leaving.person_id
    query = select(Comment).where(theirs, or_(left, col(Comment.mandate) != ""))
    rows = session.exec(query.order_by(col(Comment.id)).limit(BATCH).with_for_update()).all()
    for comment in rows:
        comment.mandate = ""
        if comment.withdrawn_at or (leaving.remove and comment.organisation_id is None):
            _erase(session, comment, leaving.now)
        session.add(comment)
    _note(session, "comment", rows, leaving.now)
    return len(rows)


def _erase(session: Session, comment: Comment, now: datetime) -> None:
    if comment.withdrawn_at is None:
        if comment.is_public:
            recount(session, comment, -1)
        comment.withdrawn_at = now
        outbox.record(session, CommentWithdrawn(comment.id or 0, comment.draft_id), now)
    comment.body, comment.proposed = ERASED, ""
    comment.quote = comment.quote_prefix = comment.quote_suffix = ""
    comment.quote_start = None
    # Nobody is left who could prove by it what they said, and who guesses could test it.
    comment.body_hash = body_hash(ERASED, "", comment.change)
    session.execute(
        update(AnchorResolution)
        .where(col(AnchorResolution.comment_id) == comment.id)
        .values(start=None, end=None)
    )


def erase_wordings(session: Session, leaving: Leaving) -> int:
    """What their comments said before they were edited. The rows stay: the record counts them."""
    columns = (CommentRevision.body, CommentRevision.proposed)
    said = and_(GONE, or_(*(col(field) != "" for field in columns)))
    query = (
        select(CommentRevision, Comment)
        .join(Comment, col(Comment.id) == col(CommentRevision.comment_id))
        .where(
            Comment.author_id == leaving.person_id, or_(said, col(CommentRevision.mandate) != "")
        )
    )
    rows = session.exec(query.order_by(col(CommentRevision.id)).limit(BATCH)).all()
    for wording, comment in rows:
        wording.mandate = ""
        if comment.withdrawn_at:
            wording.body = wording.proposed = ""
        session.add(wording)
    _note(session, "wording", [wording for wording, _ in rows], leaving.now)
    return len(rows)


def erase_papers(session: Session, leaving: Leaving) -> int:
    """The titles of their papers."""
    if not leaving.remove:
        return 0
    theirs = col(Paper.author_id) == leaving.person_id, col(Paper.organisation_id).is_(None)
    done = update(Paper).where(*theirs, col(Paper.title) != "").values(title="")
    return affected(session.execute(done))


def erase_problems(session: Session, leaving: Leaving) -> int:
    """What they met with when the act was applied; what was answered to it stays."""
    if not leaving.remove:
        return 0
    theirs = col(Problem.author_id) == leaving.person_id, col(Problem.organisation_id).is_(None)
    query = select(Problem).where(*theirs, col(Problem.body) != ERASED)
    rows = session.exec(query.order_by(col(Problem.id)).limit(BATCH).with_for_update()).all()
    for problem in rows:
        problem.body = ERASED
        if problem.hidden_at is None:  # by nobody: its author wanted it
            problem.hidden_at = leaving.now
            event = ProblemHidden(problem.id or 0, problem.draft_id)
            outbox.record(session, event, leaving.now)
        session.add(problem)
    _note(session, "problem", rows, leaving.now)
    return len(rows)


def erase_proposals(session: Session, leaving: Leaving) -> int:
    """What they proposed; who supported it is told no more of it, and what was answered stays."""
    if not leaving.remove:
        return 0
    theirs = col(Proposal.author_id) == leaving.person_id, col(Proposal.body) != ERASED
    query = select(Proposal).where(*theirs).order_by(col(Proposal.id))
    rows = session.exec(query.limit(BATCH).with_for_update()).all()
    for proposal in rows:
        proposal.title, proposal.body, proposal.wanted = ERASED, ERASED, ""
        if proposal.hidden_at is None:  # by nobody: its author wanted it
            proposal.hidden_at = leaving.now
            outbox.record(session, ProposalHidden(proposal.id or 0), leaving.now)
        session.add(proposal)
    _note(session, "proposal", rows, leaving.now)
    return len(rows)


def erase_questions(session: Session, leaving: Leaving) -> int:
    """What they asked; what was answered to it stays, and so does what they asked for a council."""
    if not leaving.remove:
        return 0
    query = select(Question).where(
        Question.author_id == leaving.person_id,
        col(Question.organisation_id).is_(None),
        col(Question.council_id).is_(None),
        col(Question.title) != ERASED,
    )
    rows = session.exec(query.order_by(col(Question.id)).limit(BATCH).with_for_update()).all()
    for question in rows:
        question.title = question.body = ERASED
        if question.hidden_at is None:  # by nobody: its author wanted it
            question.hidden_at = leaving.now
            outbox.record(session, QuestionHidden(question.id or 0), leaving.now)
        session.add(question)
    _note(session, "question", rows, leaving.now)
    return len(rows)


def erase_poll_answers(session: Session, leaving: Leaving) -> int:
    """The words in which they answered questions; that somebody answered stays counted."""
    if not leaving.remove:
        return 0
    theirs = col(PollAnswer.person_id) == leaving.person_id, col(PollAnswer.words) != ""
    return affected(session.execute(update(PollAnswer).where(*theirs).values(words="")))


def erase_reasons(session: Session, leaving: Leaving) -> int:
    """Why they contested answers (public, as their comments are) and why they appealed (not)."""
    of_theirs = select(Comment.id).where(Comment.author_id == leaving.person_id)
    if not leaving.remove:
        of_theirs = of_theirs.where(GONE)
    contested = col(Contest.comment_id).in_(of_theirs)
    appealed = col(Appeal.person_id) == leaving.person_id
    return _erase_reasons(session, Contest, contested, leaving.now) + _erase_reasons(
        session, Appeal, appealed, leaving.now
    )


def _erase_reasons(
    session: Session, model: type[Contest | Appeal], theirs: ColumnElement[bool], now: datetime
) -> int:
    query = select(model).where(theirs, col(model.reason) != "").order_by(col(model.id))
    rows = session.exec(query.limit(BATCH)).all()
    for row in rows:
        row.reason = ""
        session.add(row)
    _note(session, model.__tablename__, rows, now)
    return len(rows)


def erase_cut_words(session: Session, leaving: Leaving) -> int:
    """Personal data that a moderator took out: no appeal puts it back any more, the mark stays."""
    theirs = select(Comment.id).where(Comment.author_id == leaving.person_id)
    left = col(Redaction.comment_id).in_(theirs), col(Redaction.erased_at).is_(None)
    done = update(Redaction).where(*left).values(words="", erased_at=leaving.now)
    return affected(session.execute(done.execution_options(synchronize_session=False)))


def forget_salts(session: Session, leaving: Leaving) -> int:
    """Where words were removed, nobody can tell any more what the record's hashes were of.

    Words that are kept stay provable: of what is said of them nothing leads to the person.
    """
    if not leaving.remove:
        return 0
    return forget_person(session, leaving.person_id, leaving.now, most=SALTS)


def _note(session: Session, kind: str, rows: Sequence[Any], now: datetime) -> None:
    """Record rows of a kind as they are now, and forget what they were."""
    if rows:
        session.flush()
        ids: Collection[int] = [row.id for row in rows]
        keep(session, {kind: ids}, now)
        forget_earlier(session, {kind: ids}, now)
