"""Reads of what came after the report: the outcome, accepted proposals with their way, problems."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, or_, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from consult.accounts.models import Person
from consult.accounts.shown import who
from consult.adoption.models import (
    ActOutcome,
    Commitment,
    CommitmentStep,
    Problem,
    ProblemEcho,
)
from consult.adoption.rules import ANSWERED_FOR
from consult.answers.models import Disposition, Issue, IssueComment
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.consultations.models import Consultation
from consult.errors import NotFound
from consult.naming import PublicName
from consult.procedure.stages import Stage
from drafts.models import Draft, StageChange

NAMED = 3  # comments that are named beside what was promised; the others are counted


def outcome_of(session: Session, draft_id: int) -> ActOutcome | None:
    """How the way of a draft ended, if it has."""
    return session.get(ActOutcome, draft_id)


def was_in_parliament(session: Session, draft: Draft) -> bool:
    """Whether the draft is before parliament, or was in an earlier round."""
    there = Stage.IN_PARLIAMENT.value
    went = exists().where(col(StageChange.draft_id) == draft.id, col(StageChange.new) == there)
    return draft.stage == there or bool(session.execute(select(went)).scalar())


def reported_at(session: Session, draft_id: int) -> datetime:
    """When the last report on a draft was published; raises NotFound before the first."""
    query = select(func.max(Consultation.reported_at)).where(Consultation.draft_id == draft_id)
    found = session.exec(query).one()
    if found is None:
        raise NotFound("This report is not published yet.")
    return found


def count_commitments(session: Session, draft_id: int) -> Counter[str]:
    """How many proposals that were accepted are in which state."""
    rows = session.exec(
        select(Commitment.state, func.count())
        .where(Commitment.draft_id == draft_id)
        .group_by(Commitment.state)
    ).all()
    return Counter(dict(rows))


@dataclass(frozen=True, slots=True)
class Named:
    """A comment as it is named beside what was promised because of it."""

    id: int
    receipt: str
    words: str
    lang: str


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment with the answer it comes from, its steps, the comments behind it.

    `title` is that of the group of comments, if a group was answered; of `total` comments the
    first ones are `named`. Those without words any more are in neither.
    """

    commitment: Commitment
    answer: Disposition
    title: str = ""
    total: int = 0
    named: list[Named] = field(default_factory=list)
    steps: list[CommitmentStep] = field(default_factory=list)

    @property
    def last(self) -> CommitmentStep:
        """The step that says how it stands."""
        return self.steps[-1]


def promises(
    session: Session,
    draft_id: int,
    *,
    state: str = "",
    after: int = 0,
    limit: int | None = None,
) -> list[Promise]:
    """What was accepted, in order; keyset paging by id: one more than `limit` says there is more.

    In three queries, however many there are.
    """
    query = (
        select(Commitment, Disposition, Issue.title)
        .join(Disposition, col(Disposition.id) == col(Commitment.disposition_id))
        .outerjoin(Issue, col(Issue.id) == col(Disposition.issue_id))
        .where(Commitment.draft_id == draft_id, col(Commitment.id) > after)
        .order_by(col(Commitment.id))
    )
    if state:
        query = query.where(Commitment.state == state)
    if limit is not None:
        query = query.limit(limit + 1)
    found = {
        row.id or 0: Promise(row, answer, title or "")
        for row, answer, title in session.exec(query).all()
    }
    return _filled(session, found)


def promise(session: Session, draft_id: int, commitment_id: int) -> Promise:
    """One of them; raises NotFound."""
    row = session.get(Commitment, commitment_id)
    if row is None or row.draft_id != draft_id:
        raise NotFound("There is no such accepted proposal.")
    return promises(session, draft_id, after=commitment_id - 1, limit=0)[0]


def promise_of(session: Session, disposition_id: int) -> CommitmentStep | None:
    """The step that says how far an answer's promise is; None if it promised nothing."""
    return session.exec(
        select(CommitmentStep)
        .join(Commitment, col(Commitment.id) == col(CommitmentStep.commitment_id))
        .where(Commitment.disposition_id == disposition_id)
        .order_by(col(CommitmentStep.id).desc())
        .limit(1)
    ).first()


def next_promise(session: Session, draft_id: int, after: int, state: str = "") -> int | None:
    """The id of the one after this in a list narrowed to a state, None at its end."""
    query = select(Commitment.id).where(Commitment.draft_id == draft_id, col(Commitment.id) > after)
    if state:
        query = query.where(Commitment.state == state)
    return session.exec(query.order_by(col(Commitment.id)).limit(1)).first()


def _filled(session: Session, found: dict[int, Promise]) -> list[Promise]:
    """The same with their steps and the first of their comments."""
    wanted = select(CommitmentStep).where(col(CommitmentStep.commitment_id).in_(found))
    steps: dict[int, list[CommitmentStep]] = defaultdict(list)
    for step in session.exec(wanted.order_by(col(CommitmentStep.id))).all():
        steps[step.commitment_id].append(step)
    named = _named(session, [one.answer.id or 0 for one in found.values()])
    return [
        replace(one, steps=steps[id_], total=total, named=some)
        for id_, one in found.items()
        for total, some in (named.get(one.answer.id or 0, (0, [])),)
    ]


def _named(session: Session, answers: Sequence[int]) -> dict[int, tuple[int, list[Named]]]:
    """By answer: how many comments with words are behind it, and the first of them."""
    behind = _behind(answers)
    answer = behind.c.answer_id
    ranked = (
        select(
            answer,
            Comment.id,
            func.count().over(partition_by=answer).label("total"),
            func.row_number().over(partition_by=answer, order_by=col(Comment.id)).label("place"),
        )
        .join(behind, behind.c.comment_id == col(Comment.id))
        .where(*public())
        .subquery()
    )
    found: dict[int, tuple[int, list[Named]]] = {}
    first = (
        select(ranked.c.answer_id, ranked.c.total, Comment)
        .join(Comment, col(Comment.id) == ranked.c.id)
        .where(ranked.c.place <= NAMED)
        .order_by(ranked.c.place)
    )
    for answer_id, total, one in session.execute(first):
        _, some = found.setdefault(answer_id, (total, []))
        some.append(Named(one.id, one.receipt, one.body, one.lang))
    return found


def _behind(answers: Sequence[int]) -> Subquery:
    """The comments that answers speak of, as (answer_id, comment_id); not the replies to them.

    An answer to a group counts for those in it that have none of their own (answers/rules.py).
    """
    own = select(Disposition.id.label("answer_id"), Disposition.comment_id).where(  # type: ignore[union-attr]
        col(Disposition.id).in_(answers), col(Disposition.comment_id).is_not(None)
    )
    of_group = (
        select(Disposition.id.label("answer_id"), IssueComment.comment_id)  # type: ignore[union-attr]
        .join(IssueComment, col(IssueComment.issue_id) == col(Disposition.issue_id))
        .where(col(Disposition.id).in_(answers), ~_answered_itself(IssueComment.comment_id))
    )
    return union_all(own, of_group).subquery()


def _answered_itself(comment_id: Any) -> ColumnElement[bool]:
    one = aliased(Disposition)
    return exists().where(col(one.comment_id) == comment_id)


def authors_behind(session: Session, answer_id: int) -> list[tuple[int, int]]:
    """Whom an answer was given to, as (person, the first of their comments), replies included.

    A reply that was not answered apart shares the answer to what its thread begins with, if it was
    made in the same round: in a later one it is owed an answer of its own (answers/standing.py).
    """
    of_round = select(Disposition.consultation_id).where(Disposition.id == answer_id)
    behind = select(_behind([answer_id]).c.comment_id)
    by_group = exists().where(
        col(IssueComment.comment_id) == col(Comment.id),
        col(IssueComment.issue_id) == col(Disposition.issue_id),
    )
    reply = and_(col(Comment.root_id).in_(behind), ~_answered_itself(Comment.id), ~by_group)
    rows = session.execute(
        select(Comment.author_id, func.min(Comment.id))
        .where(
            or_(col(Comment.id).in_(behind), reply),
            Comment.consultation_id == of_round.scalar_subquery(),
            *public(),
        )
        .group_by(col(Comment.author_id))
        .order_by(col(Comment.author_id))
    ).all()
    return [(author_id, comment_id) for author_id, comment_id in rows]


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A problem with who reported it, as the public sees them; how many met with the same.

    `echoed`: the reader is among these.
    """

    problem: Problem
    who: PublicName
    echoes: int
    echoed: bool


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which of what was reported: of one provision (None: of any), kind, in [since, before)."""

    wid: str | None = None
    kind: str = ""
    since: datetime | None = None
    before: datetime | None = None

    def of(self, draft_id: int) -> list[ColumnElement[bool]]:
        """As conditions on Problem."""
        wanted = [
            col(Problem.draft_id) == draft_id,
            col(Problem.wid) == self.wid if self.wid is not None else None,
            col(Problem.kind) == self.kind if self.kind else None,
            col(Problem.created_at) >= self.since if self.since else None,
            col(Problem.created_at) < self.before if self.before else None,
        ]
        return [condition for condition in wanted if condition is not None]


ANY = Narrowed()


def problems(
    session: Session,
    draft_id: int,
    narrowed: Narrowed = ANY,
    *,
    reader: int | None = None,
    before: int | None = None,
    limit: int = 20,
) -> list[ProblemView]:
    """What people met with, newest first; one more than `limit` tells that there are older ones."""
    echo = select(func.count()).where(col(ProblemEcho.problem_id) == col(Problem.id))
    echoes = echo.scalar_subquery()
    mine = exists().where(
        col(ProblemEcho.problem_id) == col(Problem.id), col(ProblemEcho.person_id) == reader
    )
    query = (
        select(Problem, who(Problem), echoes, mine)
        .join(Person, col(Person.id) == col(Problem.author_id))
        .where(*narrowed.of(draft_id))
    )
    if before:
        query = query.where(col(Problem.id) < before)
    rows = session.execute(query.order_by(col(Problem.id).desc()).limit(limit + 1)).all()
    return [ProblemView(*row) for row in rows]


def problem_by_id(session: Session, problem_id: int) -> Problem:
    """One problem; raises NotFound."""
    problem = session.get(Problem, problem_id)
    if problem is None:
        raise NotFound("There is no such problem.")
    return problem


def is_shown() -> ColumnElement[bool]:
    """The condition that nobody hid what was reported."""
    return col(Problem.hidden_at).is_(None)


def waits() -> ColumnElement[bool]:
    """The condition that the agency has still to answer it."""
    owed = col(Problem.kind).in_(ANSWERED_FOR)
    return and_(is_shown(), owed, col(Problem.answered_at).is_(None))


def count_problems(session: Session, draft_id: int, narrowed: Narrowed = ANY) -> tuple[int, int]:
    """How many were reported, and how many of those still wait for an answer."""
    row = session.execute(
        select(func.count(), func.count(case((waits(), 1)))).where(*narrowed.of(draft_id))
    ).one()
    return row[0], row[1]
