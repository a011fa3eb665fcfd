"""Which decision counts for each comment, worked out by the database as rules.effective does it.

So a count costs one query, for fifty comments as for a quarter of a million.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from consult.answers.models import Disposition, IssueComment
from consult.answers.rules import Gate
from consult.comments.models import Comment
from consult.comments.queries import public, waiting

STATUSES = ("unanswered", "draft", "returned", "submitted", "approved", "published")
UNWRITTEN = frozenset({"unanswered", "draft", "returned"})  # no answer was handed over
UNAPPROVED = ("draft", "returned", "submitted")
UNGROUPED = 0  # as a group: none
HELD = "held"  # no status: whether an answer is owed is not decided yet


def standing(consultation_ids: Sequence[int] | Select[Any]) -> Subquery:
    """For each admissible comment its group, the id of the decision that counts, and its status.

    Its own decision before its group's; a reply without either takes what its root has so, if both
    were made in one round: in a later one it is owed an answer of its own.
    """
    own, of_group, of_root, of_roots_group, chosen = (aliased(Disposition) for _ in range(5))
    roots = aliased(IssueComment)
    decided = func.coalesce(own.id, of_group.id, of_root.id, of_roots_group.id)
    same_round, same_rounds_group = (
        col(decision.consultation_id) == col(Comment.consultation_id)
        for decision in (of_root, of_roots_group)
    )
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
            func.coalesce(IssueComment.issue_id, UNGROUPED).label("issue"),
            col(chosen.id).label("disposition_id"),
        )
        .select_from(Comment)
        .outerjoin(IssueComment, col(IssueComment.comment_id) == col(Comment.id))
        .outerjoin(roots, col(roots.comment_id) == col(Comment.root_id))
        .outerjoin(own, col(own.comment_id) == col(Comment.id))
        .outerjoin(of_group, col(of_group.issue_id) == col(IssueComment.issue_id))
        .outerjoin(of_root, and_(col(of_root.comment_id) == col(Comment.root_id), same_round))
        .outerjoin(
            of_roots_group,
            and_(col(of_roots_group.issue_id) == col(roots.issue_id), same_rounds_group),
        )
        .outerjoin(chosen, col(chosen.id) == decided)
        .where(col(Comment.consultation_id).in_(consultation_ids), *public())
        .subquery()
    )


def count_statuses(session: Session, consultation_ids: Sequence[int]) -> dict[int, Counter[str]]:
    """For each of some consultations how many comments have each status."""
    stands = standing(consultation_ids)
    columns = (stands.c.consultation_id, stands.c.status)
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
    stands = standing(consultation_ids)
    columns = (stands.c.consultation_id, col(Disposition.outcome))
    query = (
        select(*columns, func.count())
        .join(Disposition, col(Disposition.id) == stands.c.disposition_id)
        .where(stands.c.status == "published")
    )
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for consultation_id, outcome, n in session.execute(query.group_by(*columns)).all():
        counted[consultation_id][outcome] = n
    return counted


def gate_of(session: Session, consultation_id: int) -> Gate:
    """What stands between a consultation and its report, in one query: the one gate there is."""
    stands = standing([consultation_id])
    held = select(literal(HELD), func.count()).where(
        col(Comment.consultation_id) == consultation_id,
        *waiting(),
    )
    by_status = select(stands.c.status, func.count()).group_by(stands.c.status)
    counts: Counter[str] = Counter()
    for status, n in session.execute(union_all(by_status, held)).all():
        counts[status] = n
    held_n = counts.pop(HELD)
    return Gate(
        comments=counts.total(),
        unanswered=counts["unanswered"],
        unapproved=sum(counts[state] for state in UNAPPROVED),
        held=held_n,
    )


def counting(consultation_ids: Sequence[int]) -> ColumnElement[bool]:
    """The condition that a decision counts for at least one comment of some consultations."""
    stands = standing(consultation_ids)
    return col(Disposition.id).in_(select(stands.c.disposition_id))


def effective_dispositions(session: Session, consultation_id: int) -> list[Disposition]:
    """The decisions that count for at least one comment."""
    query = select(Disposition).where(counting([consultation_id]))
    return list(session.execute(query.order_by(col(Disposition.id))).scalars())
