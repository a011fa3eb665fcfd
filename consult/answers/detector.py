"""Reads of template answers: one wording given to unlike comments. What counts as one: alike.py."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, null, or_, select, union_all
from sqlmodel import Session, col

from consult.accounts.models import Person
from consult.accounts.shown import who_columns
from consult.answers.alike import (
    SAME,
    Given,
    TemplateShare,
    gist,
    jaccard,
    points,
    shingles,
    template_answers,
)
from consult.answers.models import Disposition, Issue
from consult.answers.queries import SAMPLES, samples
from consult.answers.standing import effective_dispositions
from consult.comments.models import Comment

NAMED = 5  # twins that are named; the others are counted


@dataclass(frozen=True, slots=True)
class Twins:
    """The other answers that give a reason much as it stands; `exact` of them word for word.

    The first are `named`: by the comment's receipt number, or the group's title.
    `points`: how many unlike things they and this one speak to; above one, it is a template.
    """

    answers: Sequence[Disposition]
    named: Sequence[tuple[Disposition, str]]
    exact: int
    points: int

    @property
    def is_template(self) -> bool:
        return self.points > 1


def template_share(session: Session, consultation_id: int) -> TemplateShare:
    """How much of a consultation is answered by templates; 5,000 answers take about a second.

    Only decisions count that hold for a comment, whatever their state: officers see it before
    publication, and everybody after. The ids are those of dispositions. Two queries.
    """
    return share_of(session, consultation_id, effective_dispositions(session, consultation_id))


def share_of(session: Session, consultation_id: int, rows: Iterable[Disposition]) -> TemplateShare:
    """The same of decisions that are at hand, all of one consultation, in one query."""
    reasoned = [row for row in rows if row.reason]
    if not reasoned:
        return template_answers(())
    return template_answers(_Subjects(session, *_all_of(consultation_id)).given(reasoned))


def shared_reasons(
    session: Session, consultation_id: int, rows: Iterable[Disposition]
) -> dict[int, int]:
    """By answer, in how many its reason stands word for word, where they answer unlike things.

    For a page of `rows`, however many there are besides, in two queries: some of the others stand
    for all, and a reason with a word changed is found by `template_share` alone.
    """
    ids = [row.id or 0 for row in rows if row.reason]
    asked = select(col(Disposition.reason)).where(col(Disposition.id).in_(ids))
    same = col(Disposition.reason)
    ranked = (
        select(
            col(Disposition.id),
            func.count().over(partition_by=same).label("n"),
            func.row_number().over(partition_by=same, order_by=col(Disposition.id)).label("rank"),
        )
        .where(col(Disposition.consultation_id) == consultation_id, same.in_(asked))
        .subquery()
    )
    found = session.execute(
        select(Disposition, ranked.c.n)
        .join(ranked, ranked.c.id == col(Disposition.id))
        .where(ranked.c.n > 1, or_(ranked.c.rank <= SAMPLES, ranked.c.id.in_(ids)))
    ).all()
    if not found:
        return {}
    comments = [row.comment_id for row, _ in found if row.comment_id]
    groups = [row.issue_id for row, _ in found if row.issue_id]
    alike: dict[str, list[Given]] = defaultdict(list)
    for one in _Subjects(session, col(Comment.id).in_(comments), groups).given(
        [row for row, _ in found]
    ):
        alike[one.reason].append(one)
    templates = {reason for reason, given in alike.items() if points(given) > 1}
    return {row.id: n for row, n in found if row.reason in templates}


def twins_of(
    session: Session,
    consultation_id: int,
    reason: str,
    *,
    comment_id: int | None = None,
    issue_id: int | None = None,
) -> Twins:
    """The answers of a consultation that give this reason already, but for the subject's own."""
    rows = _reasoned(session, consultation_id)
    subject = (comment_id, issue_id)
    rows = [row for row in rows if (row.comment_id, row.issue_id) != subject]
    alone, groups = _all_of(consultation_id)
    subjects = _Subjects(session, or_(alone, col(Comment.id) == comment_id), groups)
    own = subjects.answered(0, reason, comment_id, issue_id)
    others = subjects.given(rows)
    words = gist(own)
    mine = shingles(words)
    told = {one.id: gist(one) for one in others}
    alike = {id_ for id_, said in told.items() if jaccard(mine, shingles(said)) >= SAME}
    answers = [row for row in rows if row.id in alike]
    return Twins(
        answers=answers,
        named=_named(session, answers[:NAMED]),
        exact=sum(told[id_] == words for id_ in alike),
        points=points([own, *(one for one in others if one.id in alike)]),
    )


def _reasoned(session: Session, consultation_id: int) -> list[Disposition]:
    query = select(Disposition).where(
        col(Disposition.consultation_id) == consultation_id, col(Disposition.reason) != ""
    )
    return list(session.execute(query.order_by(col(Disposition.id))).scalars())


def _named(session: Session, rows: Sequence[Disposition]) -> list[tuple[Disposition, str]]:
    if not rows:
        return []
    told = (
        select(col(Disposition.id), func.coalesce(Issue.title, Comment.receipt))
        .outerjoin(Issue, col(Issue.id) == col(Disposition.issue_id))
        .outerjoin(Comment, col(Comment.id) == col(Disposition.comment_id))
        .where(col(Disposition.id).in_([row.id for row in rows]))
    )
    names = dict(session.execute(told).all())
    return [(row, names[row.id]) for row in rows]


def _all_of(consultation_id: int) -> tuple[ColumnElement[bool], Select[Any]]:
    """All that is answered alone in a consultation, and its groups: what `_Subjects` is asked."""
    answered = select(col(Disposition.comment_id)).where(
        col(Disposition.consultation_id) == consultation_id,
        col(Disposition.comment_id).is_not(None),
    )
    groups = select(col(Issue.id)).where(col(Issue.consultation_id) == consultation_id)
    return col(Comment.id).in_(answered), groups


_Subject = tuple[int | None, int | None]  # a comment, or a group


class _Subjects:
    """The words of what is answered, and who said them: of comments `alone`, and of groups."""

    def __init__(
        self, session: Session, alone: ColumnElement[bool], groups: Select[Any] | Iterable[int]
    ) -> None:
        ids = col(Comment.id)
        apart = _words(ids.label("comment"), null().label("issue")).where(alone)
        shown = samples(groups).subquery()
        together = _words(null().label("comment"), shown.c.issue_id.label("issue")).join(
            shown, shown.c.comment_id == ids
        )
        self._told: dict[_Subject, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
        rows = session.execute(union_all(apart, together)).all()
        for comment_id, issue_id, quote, body, proposed, name, shown_as in rows:
            said, names = self._told[comment_id, issue_id]
            said.append(f"{quote}\n{body}\n{proposed}")
            names.append(f"{name} {shown_as}")

    def given(self, rows: Sequence[Disposition]) -> list[Given]:
        return [
            self.answered(row.id or 0, row.reason, row.comment_id, row.issue_id) for row in rows
        ]

    def answered(
        self, id_: int, reason: str, comment_id: int | None, issue_id: int | None
    ) -> Given:
        said, names = self._told[comment_id, issue_id]
        return Given(id_, reason, tuple(said), " ".join(names))


def _words(*subject: Any) -> Select[Any]:
    said = (col(Comment.quote), col(Comment.body), col(Comment.proposed))
    # An officer addresses people by their names, whatever the public sees; they are shown nowhere.
    shown = who_columns(Comment)[1]
    columns: Sequence[Any] = (*subject, *said, col(Person.name), shown.label("shown"))
    return select(*columns).join(Person, col(Person.id) == col(Comment.author_id))
