"""Reads of answers: what was decided, and the answers a page shows.

What counts for each comment, and the gate, are in standing.py; the officer's list in worklist.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_
from sqlmodel import Session, col, select

from consult.answers.models import Disposition, Issue, IssueComment
from consult.answers.rules import Decision, Discussion, effective
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.consultations.models import Consultation
from consult.errors import NotFound
from drafts.models import DraftVersion, Provision
from drafts.queries import provision_texts

SAMPLES = 3  # comments that stand for a group, wherever it is shown or compared


def issues_of(session: Session, consultation_id: int) -> dict[int, Issue]:
    """The issues of a consultation by id."""
    query = select(Issue).where(Issue.consultation_id == consultation_id).order_by(col(Issue.id))
    return {issue.id or 0: issue for issue in session.exec(query).all()}


def grouping(session: Session, consultation_id: int) -> dict[int, int]:
    """comment id -> issue id."""
    rows = session.exec(
        select(IssueComment.comment_id, IssueComment.issue_id)
        .join(Issue, col(Issue.id) == col(IssueComment.issue_id))
        .where(Issue.consultation_id == consultation_id)
    ).all()
    return dict(rows)


def dispositions(session: Session, consultation_id: int) -> list[Disposition]:
    """Every decision of a consultation, whatever its state."""
    query = select(Disposition).where(Disposition.consultation_id == consultation_id)
    return list(session.exec(query.order_by(col(Disposition.id))).all())


def as_decision(row: Disposition) -> Decision:
    """A row as the rules know it."""
    return Decision(
        id=row.id,
        outcome=row.outcome,
        state=row.state,
        reason=row.reason,
        changed_wid=row.changed_wid,
        issue_id=row.issue_id,
        comment_id=row.comment_id,
    )


def changed_words(
    session: Session,
    consultation: Consultation,
    newest: DraftVersion | None,
    rows: Iterable[Disposition],
) -> dict[int, tuple[str, str]]:
    """By decision: the provision it names as it was discussed, and as the newest version has it.

    Both "" when it names none, or one that is in neither text; in the decision's language if both
    texts have it, else in another they share. Where they share none, nothing is said to differ: a
    provision that is not translated yet is not deleted.
    """
    rows = list(rows)
    wids = {row.changed_wid for row in rows if row.changed_wid}
    if newest is None or not wids:
        return {row.id or 0: ("", "") for row in rows}
    before, after = (
        provision_texts(session, version_id, list(wids))
        for version_id in (consultation.version_id, newest.id or 0)
    )
    discussed = session.get_one(DraftVersion, consultation.version_id)
    shared = set(discussed.langs) & set(newest.langs)

    def words(row: Disposition) -> tuple[str, str]:
        keys = [key for key in (*before, *after) if key[0] == row.changed_wid]
        comparable = [key for key in keys if key[1] in shared]
        key = (row.changed_wid, row.lang)
        key = key if key in comparable else next(iter(comparable or keys), key)
        if not comparable:
            return (own_words(before.get(key) or after.get(key)),) * 2
        return own_words(before.get(key)), own_words(after.get(key))

    return {row.id or 0: words(row) for row in rows}


def own_words(provision: Provision | None) -> str:
    """Heading and text of a provision; its label if it has neither; "" if there is none."""
    if provision is None:
        return ""
    return "\n".join(filter(None, (provision.heading, provision.text))) or provision.label


def samples(issue_ids: Select[Any] | Iterable[int]) -> Select[tuple[int, int]]:
    """(issue id, comment id): the first comments that stand for each of some groups."""
    rank = func.row_number().over(
        partition_by=col(IssueComment.issue_id), order_by=col(IssueComment.comment_id)
    )
    ranked = (
        select(IssueComment.issue_id, IssueComment.comment_id, rank.label("rank"))
        .join(Comment, col(Comment.id) == col(IssueComment.comment_id))
        .where(col(IssueComment.issue_id).in_(issue_ids), *public())
        .subquery()
    )
    return select(ranked.c.issue_id, ranked.c.comment_id).where(ranked.c.rank <= SAMPLES)


def admissible(session: Session, consultation_id: int) -> list[Comment]:
    """The comments the agency owes an answer: neither withdrawn nor hidden."""
    query = select(Comment).where(Comment.consultation_id == consultation_id, *public())
    return list(session.exec(query.order_by(col(Comment.id))).all())


@dataclass(frozen=True, slots=True)
class Answering:
    """Everything said in a consultation with everything decided about it."""

    comments: list[Comment]
    issues: dict[int, Issue]
    groups: dict[int, int]
    dispositions: dict[int, Disposition]

    @property
    def discussion(self) -> Discussion:
        return Discussion(
            comments=[comment.id or 0 for comment in self.comments],
            issue_of=self.groups,
            root_of={c.id or 0: c.root_id for c in self.comments if c.root_id},
        )

    @property
    def effective(self) -> dict[int, Disposition]:
        """The decision that counts for each comment, by comment id."""
        decisions = [as_decision(row) for row in self.dispositions.values()]
        found = effective(self.discussion, decisions)
        return {comment: self.dispositions[d.id or 0] for comment, d in found.items()}


def answering(session: Session, consultation_id: int) -> Answering:
    """What was said and decided in a consultation, in four queries."""
    return Answering(
        comments=admissible(session, consultation_id),
        issues=issues_of(session, consultation_id),
        groups=grouping(session, consultation_id),
        dispositions={row.id or 0: row for row in dispositions(session, consultation_id)},
    )


def published_for(session: Session, comment_ids: Sequence[int]) -> dict[int, Disposition]:
    """The published answer given to each of some comments itself: its own before its issue's."""
    if not comment_ids:
        return {}
    group = select(IssueComment.issue_id).where(IssueComment.comment_id == Comment.id)
    given = session.exec(
        select(Comment.id, Disposition)
        .join(
            Disposition,
            or_(
                col(Disposition.comment_id) == col(Comment.id),
                col(Disposition.issue_id) == group.scalar_subquery(),
            ),
        )
        .where(col(Comment.id).in_(comment_ids), Disposition.state == "published")
    ).all()
    of_group = {id_ or 0: row for id_, row in given if row.issue_id}
    return of_group | {id_ or 0: row for id_, row in given if row.comment_id}


def answer_counting(session: Session, comment: Comment) -> Disposition | None:
    """The published answer that counts for a comment: its own, or that of its thread's root.

    The root of an earlier round was answered before the reply was made, so that it does not count.
    """
    if not comment.is_public:
        return None
    given = published_for(session, [id_ for id_ in (comment.id, comment.root_id) if id_])
    answer = given.get(comment.id or 0) or given.get(comment.root_id or 0)
    return answer if answer and answer.consultation_id == comment.consultation_id else None


def issue_by_id(session: Session, consultation_id: int, issue_id: int) -> Issue:
    """One group of this consultation; raises NotFound."""
    issue = session.get(Issue, issue_id)
    if issue is None or issue.consultation_id != consultation_id:
        raise NotFound("There is no such group of comments.")
    return issue


def answer_by_id(session: Session, consultation_id: int, answer_id: int) -> Disposition:
    """One answer of this consultation; raises NotFound."""
    answer = session.get(Disposition, answer_id)
    if answer is None or answer.consultation_id != consultation_id:
        raise NotFound("There is no such answer.")
    return answer


def answer_to(
    session: Session, *, comment_id: int | None = None, issue_id: int | None = None
) -> Disposition | None:
    """The answer given to this very comment, or to this very group, if there is one."""
    subject = (
        col(Disposition.comment_id) == comment_id
        if comment_id is not None
        else col(Disposition.issue_id) == issue_id
    )
    return session.exec(select(Disposition).where(subject)).one_or_none()
