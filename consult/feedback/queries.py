"""Reads of what people say of answers: ratings, contests, until when one may contest."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, union_all
from sqlmodel import Session, col, select

from consult.access import Actor
from consult.answers.models import Disposition
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.cosigning.models import Signature
from consult.errors import NotFound
from consult.feedback.models import AnswerRating, Contest
from consult.law.queries import Law
from consult.procedure.deadlines import Term, compute, local_day
from consult.procedure.stages import Stage, Verb, allows
from drafts.models import Draft


def contest_until(law: Law, draft: Draft, comment: Comment, now: datetime) -> datetime | None:
    """The end of the term to contest the answer to a comment; None if the rules have no such term.

    It runs since the answer could be read: of words shown again after the report, since then.
    """
    answered_at = comment.answered_at or now
    on = local_day(answered_at, law.tz)
    try:
        rule = law.pack.rule_for(Term.CONTEST, draft.act_type, on, draft.attributes)
    except NotFound:
        return None
    return compute(rule, answered_at, law.calendar, law.tz).due_at


def may_rate(session: Session, actor: Actor, comment: Comment) -> bool:
    """Whether the answer was given to this person: they wrote the comment, or signed it."""
    if actor.id is None:
        return False
    return actor.id == comment.author_id or (
        session.get(Signature, (comment.id, actor.id)) is not None
    )


def rating_of(session: Session, comment_id: int, person_id: int) -> AnswerRating | None:
    """What a person said of the answer to a comment, if they did."""
    return session.get(AnswerRating, (comment_id, person_id))


@dataclass(frozen=True, slots=True)
class Ratings:
    """How many say that an answer met their point, and how many that it did not.

    `mine`: whether it met that of one person, None if they did not say.
    """

    met: int
    not_met: int
    mine: bool | None = None

    @property
    def total(self) -> int:
        return self.met + self.not_met


def ratings_of(
    session: Session, *where: ColumnElement[bool], person_id: int | None = None
) -> Ratings:
    """The ratings of the answers to some comments (conditions on Comment); withdrawn ones out."""
    own = func.max(case((col(AnswerRating.person_id) == person_id, 1), else_=0))
    counted = session.execute(
        select(AnswerRating.met, func.count(), own)
        .join(Comment, col(Comment.id) == col(AnswerRating.comment_id))
        .where(*where, *public())
        .group_by(col(AnswerRating.met))
    ).all()
    by = {met: n for met, n, _ in counted}
    mine = next((met for met, _, is_own in counted if is_own), None)
    return Ratings(by.get(True, 0), by.get(False, 0), mine)


def contest_of(session: Session, comment_id: int) -> Contest | None:
    """The contest of the answer to a comment, if there is one."""
    return session.exec(select(Contest).where(Contest.comment_id == comment_id)).one_or_none()


@dataclass(frozen=True, slots=True)
class Contested:
    """A contest with the comment and the answer it is about."""

    contest: Contest
    comment: Comment
    answer: Disposition
    draft: Draft

    @property
    def gave(self) -> tuple[int | None, ...]:
        """Who wrote and who approved the answer."""
        return self.answer.drafted_by, self.answer.approved_by


def _contested() -> Any:
    """The query for contests with what they are about, to be narrowed."""
    return (
        select(Contest, Comment, Disposition, Draft)
        .join(Comment, col(Comment.id) == col(Contest.comment_id))
        .join(Disposition, col(Disposition.id) == col(Contest.disposition_id))
        .join(Draft, col(Draft.id) == col(Contest.draft_id))
    )


def contest_by_id(session: Session, contest_id: int) -> Contested:
    """One contest; raises NotFound, also while the comment's words may not be shown."""
    row = session.execute(_contested().where(col(Contest.id) == contest_id, *public())).first()
    if row is None:
        raise NotFound("There is no such contested answer.")
    return Contested(*row)


def contests(
    session: Session,
    *,
    agencies: Sequence[int] | None = None,
    draft_id: int | None = None,
    undecided: bool = False,
    before: int | None = None,
    limit: int = 30,
) -> list[Contested]:
    """Contests, the newest first, one more than `limit`: of some agencies, of a draft, open ones.

    `agencies` None means of all.
    """
    query = _contested().where(*public())
    if agencies is not None:
        query = query.where(col(Draft.agency_id).in_(agencies))
    if draft_id is not None:
        query = query.where(col(Contest.draft_id) == draft_id)
    if undecided:
        query = query.where(col(Contest.decided_at).is_(None))
    if before:
        query = query.where(col(Contest.id) < before)
    rows = session.execute(query.order_by(col(Contest.id).desc()).limit(limit + 1)).all()
    return [Contested(*row) for row in rows]


def count_waiting(session: Session, agencies: Collection[int]) -> int:
    """How many contested answers of some agencies (none named: of all) wait for a decision."""
    query = (
        select(func.count())
        .select_from(Contest)
        .join(Comment, col(Comment.id) == col(Contest.comment_id))
        .join(Draft, col(Draft.id) == col(Contest.draft_id))
        .where(col(Contest.decided_at).is_(None), *public())
    )
    if agencies:
        query = query.where(col(Draft.agency_id).in_(agencies))
    return session.exec(query).one()


def decision() -> ColumnElement[str]:
    """In SQL, of a Contest and the Disposition it is about: one of DECISIONS."""
    return case(
        (col(Contest.decided_at).is_(None), "waiting"),
        (col(Contest.outcome) == col(Disposition.outcome), "upheld"),
        else_="changed",
    )


def feedback_counts(session: Session, draft_id: int) -> tuple[Ratings, dict[str, int]]:
    """Of a draft's answers the ratings, and the contests by DECISIONS; in one query."""
    rated = case((col(AnswerRating.met), "met"), else_="not_met")
    ratings = (
        select(rated.label("said"), func.count())
        .select_from(AnswerRating)
        .join(Comment, col(Comment.id) == col(AnswerRating.comment_id))
        .where(col(Comment.draft_id) == draft_id, *public())
    )
    contested = (
        select(decision().label("said"), func.count())
        .select_from(Contest)
        .join(Comment, col(Comment.id) == col(Contest.comment_id))
        .join(Disposition, col(Disposition.id) == col(Contest.disposition_id))
        .where(col(Contest.draft_id) == draft_id, *public())
    )
    both = union_all(ratings.group_by("said"), contested.group_by("said"))
    by = dict(session.execute(both).all())
    return Ratings(by.pop("met", 0), by.pop("not_met", 0)), by


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person may say of the answer to a comment, and what was said.

    `until` is the end of the term to contest it, for its author while it runs.
    """

    can_rate: bool
    ratings: Ratings
    contest: Contest | None
    until: datetime | None


def feedback_on(
    session: Session,
    law: Law,
    actor: Actor,
    draft: Draft,
    comment: Comment,
    now: datetime,
) -> Feedback:
    """What stands beside the public answer to a comment, in three queries at most."""
    contest = contest_of(session, comment.id or 0)
    until = None
    if contest is None and actor.id == comment.author_id:
        until = contest_until(law, draft, comment, now)
    stage = Stage(draft.stage)
    can_rate = allows(stage, Verb.RATE_ANSWER) and may_rate(session, actor, comment)
    return Feedback(
        can_rate=can_rate,
        ratings=ratings_of(session, col(Comment.id) == comment.id, person_id=actor.id),
        contest=contest,
        until=until if until and now < until and allows(stage, Verb.CONTEST_ANSWER) else None,
    )
