"""Reads for the officer who answers: the comments of a consultation, narrowed, counted, in order.

What is decided about each comment is worked out by the database as rules.effective does it, so
that a page costs the same few queries for fifty comments as for a quarter of a million.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from consult.accounts.models import Person
from consult.answers.models import Disposition, IssueComment
from consult.answers.rules import likeness
from consult.comments.models import Comment
from consult.comments.queries import public
from drafts.models import Provision

STATUSES = ("unanswered", "draft", "returned", "submitted", "approved", "published")
UNWRITTEN = frozenset({"unanswered", "draft", "returned"})  # no answer was handed over
FACETS = ("status", "wid", "kind", "issue")
UNGROUPED = 0  # as a group: none
PAGE = 50
COMPARED = 300  # comments on the same place that are looked through for similar ones
ALIKE = 0.2  # the share of common words from which a comment is shown as similar


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """What the list is narrowed to; None means any. `wid` "" is the draft as a whole."""

    status: str | None = None
    wid: str | None = None
    kind: str | None = None
    issue: int | None = None


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A comment with its author, its group, and the decision that counts for it."""

    comment: Comment
    author: str
    organisation: str
    region: str
    issue_id: int
    status: str
    disposition: Disposition | None


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """How many comments there are and how many wait for an answer; how many the filter finds.

    An answer that is still being written is none. `by` maps a facet to {value: number}, with the
    other filters applied.
    """

    total: int
    waiting: int
    found: int
    by: Mapping[str, Mapping[Any, int]]


def _standing(consultation_ids: Sequence[int] | Select[Any]) -> Subquery:
    """For each admissible comment its group, the id of the decision that counts, and its status.

    Its own decision before its group's; a reply without either takes its parent's, as in rules.py.
    """
    own, of_group, of_parent, of_parents_group, chosen = (aliased(Disposition) for _ in range(5))
    parents = aliased(IssueComment)
    decided = func.coalesce(own.id, of_group.id, of_parent.id, of_parents_group.id)
    returned = and_(col(chosen.state) == "draft", col(chosen.returned_note) != "")
    return (
        select(
            col(Comment.id).label("comment_id"),
            col(Comment.consultation_id).label("consultation_id"),
            case(
                (col(chosen.id).is_(None), "unanswered"),
                (returned, "returned"),
                else_=col(chosen.state),
            ).label("status"),
            col(Comment.wid).label("wid"),
            col(Comment.kind).label("kind"),
            func.coalesce(IssueComment.issue_id, UNGROUPED).label("issue"),
            col(chosen.id).label("disposition_id"),
        )
        .select_from(Comment)
        .outerjoin(IssueComment, col(IssueComment.comment_id) == col(Comment.id))
        .outerjoin(parents, col(parents.comment_id) == col(Comment.parent_id))
        .outerjoin(own, col(own.comment_id) == col(Comment.id))
        .outerjoin(of_group, col(of_group.issue_id) == col(IssueComment.issue_id))
        .outerjoin(of_parent, col(of_parent.comment_id) == col(Comment.parent_id))
        .outerjoin(of_parents_group, col(of_parents_group.issue_id) == col(parents.issue_id))
        .outerjoin(chosen, col(chosen.id) == decided)
        .where(
            col(Comment.consultation_id).in_(consultation_ids),
            *public(),
        )
        .subquery()
    )


def _wishes(wanted: WorkFilter) -> list[tuple[str, Any]]:
    return [(facet, getattr(wanted, facet)) for facet in FACETS]


def _narrowed(standing: Subquery, wanted: WorkFilter) -> list[ColumnElement[bool]]:
    return [standing.c[facet] == wish for facet, wish in _wishes(wanted) if wish is not None]


def count_work(session: Session, consultation_id: int, wanted: WorkFilter) -> WorkCounts:
    """The counts beside each filter, in one query."""
    standing = _standing([consultation_id])
    columns = [standing.c[facet] for facet in FACETS]
    rows = session.execute(select(*columns, func.count()).group_by(*columns)).all()
    by: dict[str, Counter[Any]] = {facet: Counter() for facet in FACETS}
    total = found = waiting = 0
    for *values, n in rows:
        misses = {
            facet
            for (facet, wish), value in zip(_wishes(wanted), values, strict=True)
            if wish is not None and wish != value
        }
        total += n
        waiting += n if values[0] in UNWRITTEN else 0
        found += 0 if misses else n
        for facet, value in zip(FACETS, values, strict=True):
            if misses <= {facet}:
                by[facet][value] += n
    return WorkCounts(total, waiting, found, by)


def count_statuses(session: Session, consultation_ids: Sequence[int]) -> dict[int, Counter[str]]:
    """For each of some consultations how many comments have each status."""
    standing = _standing(consultation_ids)
    columns = (standing.c.consultation_id, standing.c.status)
    counted: dict[int, Counter[str]] = {id_: Counter() for id_ in consultation_ids}
    for consultation_id, status, n in session.execute(
        select(*columns, func.count()).group_by(*columns)
    ).all():
        counted[consultation_id][status] = n
    return counted


def count_outcomes(
    session: Session, consultation_ids: Sequence[int] | Select[Any]
) -> dict[int, Counter[str]]:
    """For each of some consultations (named, or chosen by a query) its published outcomes."""
    standing = _standing(consultation_ids)
    columns = (standing.c.consultation_id, col(Disposition.outcome))
    query = (
        select(*columns, func.count())
        .join(Disposition, col(Disposition.id) == standing.c.disposition_id)
        .where(standing.c.status == "published")
    )
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for consultation_id, outcome, n in session.execute(query.group_by(*columns)).all():
        counted[consultation_id][outcome] = n
    return counted


def _in_text(lang: str) -> ColumnElement[bool]:
    """Joins a comment to its provision, for its place in the text; `lang` is one the text has."""
    return and_(
        col(Provision.version_id) == col(Comment.version_id),
        col(Provision.lang) == lang,
        col(Provision.wid) == col(Comment.wid),
    )


# In the order of the text, replies after what they reply to.
IN_ORDER = (
    func.coalesce(Provision.position, -1),
    func.coalesce(Comment.parent_id, Comment.id),
    col(Comment.id),
)


def _rows(consultation_id: int, wanted: WorkFilter) -> Select[Any]:
    standing = _standing([consultation_id])
    return (
        select(
            Comment,
            col(Person.name),
            col(Person.organisation),
            col(Person.region),
            standing.c.issue,
            standing.c.status,
            Disposition,
        )
        .join(standing, standing.c.comment_id == col(Comment.id))
        .join(Person, col(Person.id) == col(Comment.author_id))
        .outerjoin(Disposition, col(Disposition.id) == standing.c.disposition_id)
        .where(*_narrowed(standing, wanted))
    )


def list_work(
    session: Session, consultation_id: int, lang: str, wanted: WorkFilter, page: int = 1
) -> list[WorkRow]:
    """One page of the list, in the order of the text."""
    query = _rows(consultation_id, wanted).outerjoin(Provision, _in_text(lang))
    query = query.order_by(*IN_ORDER).limit(PAGE).offset((page - 1) * PAGE)
    return [WorkRow(*row) for row in session.execute(query).all()]


def work_row(session: Session, consultation_id: int, comment_id: int) -> WorkRow | None:
    """One comment as the list shows it; None when no answer is owed to it."""
    query = _rows(consultation_id, WorkFilter()).where(col(Comment.id) == comment_id)
    row = session.execute(query).first()
    return WorkRow(*row) if row else None


def found_ids(session: Session, consultation_id: int, wanted: WorkFilter) -> list[int]:
    """The ids of all comments the filter finds."""
    standing = _standing([consultation_id])
    query = select(standing.c.comment_id).where(*_narrowed(standing, wanted))
    return list(session.execute(query).scalars())


def effective_ids(session: Session, consultation_id: int) -> set[int]:
    """The ids of the decisions that count for at least one comment."""
    standing = _standing([consultation_id])
    query = select(standing.c.disposition_id).where(standing.c.disposition_id.is_not(None))
    return set(session.execute(query.distinct()).scalars())


def next_unanswered(
    session: Session, consultation_id: int, lang: str, wanted: WorkFilter, after: Comment | None
) -> tuple[int, int] | None:
    """The next comment without an answer: (its id, its group), from the top again after the last.

    The filter keeps the place, the kind and the group an officer works through.
    """
    standing = _standing([consultation_id])
    open_ = WorkFilter("unanswered", wanted.wid, wanted.kind, wanted.issue)
    query = (
        select(standing.c.comment_id, standing.c.issue)
        .select_from(Comment)
        .join(standing, standing.c.comment_id == col(Comment.id))
        .outerjoin(Provision, _in_text(lang))
        .where(*_narrowed(standing, open_))
        .order_by(*IN_ORDER)
        .limit(1)
    )
    row = None
    if after is not None:
        here = select(*IN_ORDER).select_from(Comment).outerjoin(Provision, _in_text(lang))
        place = session.execute(here.where(col(Comment.id) == after.id)).one()
        row = session.execute(query.where(tuple_(*IN_ORDER) > tuple_(*place))).first()
    row = row or session.execute(query).first()
    return (row[0], row[1]) if row else None


def similar(session: Session, row: WorkRow, most: int = 6) -> list[tuple[float, WorkRow]]:
    """Comments on the same place, or with the very same words: the most alike first."""
    comment = row.comment
    query = (
        _rows(comment.consultation_id, WorkFilter())
        .where(
            col(Comment.id) != comment.id,
            or_(col(Comment.wid) == comment.wid, col(Comment.body_hash) == comment.body_hash),
        )
        .order_by(col(Comment.id).desc())
        .limit(COMPARED)
    )
    words = f"{comment.body} {comment.proposed}"
    others = [WorkRow(*found) for found in session.execute(query).all()]
    scored = [(likeness(words, f"{o.comment.body} {o.comment.proposed}"), o) for o in others]
    alike = [pair for pair in scored if pair[0] >= ALIKE]
    return sorted(alike, key=lambda pair: -pair[0])[:most]
