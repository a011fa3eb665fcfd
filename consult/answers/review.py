"""Reads before answers go out: what waits for approval, and whether the report may be published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.answers.models import Disposition, Issue, IssueComment
from consult.answers.queries import as_decision, changed_words, dispositions
from consult.answers.rules import accepted_unchanged, same_reasons
from consult.answers.worklist import count_statuses, effective_ids
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.errors import Conflict
from drafts.models import DraftVersion
from drafts.queries import latest_version, text_hashes, unready

PAGE = 50
SAMPLES = 3  # comments of a group that are shown to whoever approves its answer


@dataclass(frozen=True, slots=True)
class Subject:
    """An answer and what it answers: one comment, or a group by some of its `n` comments."""

    disposition: Disposition
    issue: Issue | None
    comments: list[Comment]
    n: int


def awaiting(session: Session, consultation_id: int, page: int = 1) -> list[Subject]:
    """One page of the answers that wait for approval, the oldest first."""
    rows = session.exec(
        select(Disposition)
        .where(
            Disposition.consultation_id == consultation_id,
            Disposition.state == "submitted",
        )
        .order_by(col(Disposition.drafted_at), col(Disposition.id))
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    return subjects(session, rows)


def count_awaiting(session: Session, consultation_ids: Sequence[int]) -> dict[int, int]:
    """How many answers wait for approval in each of some consultations."""
    rows = session.execute(
        select(Disposition.consultation_id, func.count())
        .where(
            col(Disposition.consultation_id).in_(consultation_ids),
            Disposition.state == "submitted",
        )
        .group_by(col(Disposition.consultation_id))
    ).all()
    return dict(rows)


def subjects(session: Session, rows: Iterable[Disposition]) -> list[Subject]:
    """What some answers are about, in four queries."""
    rows = list(rows)
    issue_ids = {row.issue_id for row in rows if row.issue_id}
    issues = session.exec(select(Issue).where(col(Issue.id).in_(issue_ids))).all()
    named = {issue.id: issue for issue in issues}
    counted = dict(
        session.execute(
            select(IssueComment.issue_id, func.count())
            .where(col(IssueComment.issue_id).in_(issue_ids))
            .group_by(col(IssueComment.issue_id))
        ).all()
    )
    shown = _samples(session, issue_ids)
    wanted = {row.comment_id for row in rows if row.comment_id}.union(*shown.values())
    comments = session.exec(select(Comment).where(col(Comment.id).in_(wanted))).all()
    by_id = {comment.id: comment for comment in comments}
    return [
        Subject(
            disposition=row,
            issue=named.get(row.issue_id),
            comments=[by_id[id_] for id_ in shown.get(row.issue_id or 0, [row.comment_id or 0])],
            n=counted.get(row.issue_id, 0) if row.issue_id else 1,
        )
        for row in rows
    ]


def _samples(session: Session, issue_ids: Iterable[int]) -> dict[int, list[int]]:
    """The first comments of each of some groups."""
    rank = func.row_number().over(
        partition_by=col(IssueComment.issue_id), order_by=col(IssueComment.comment_id)
    )
    ranked = (
        select(IssueComment.issue_id, IssueComment.comment_id, rank.label("rank"))
        .where(col(IssueComment.issue_id).in_(issue_ids))
        .subquery()
    )
    rows = session.execute(
        select(ranked.c.issue_id, ranked.c.comment_id).where(ranked.c.rank <= SAMPLES)
    ).all()
    found: dict[int, list[int]] = {id_: [] for id_ in issue_ids}
    for issue_id, comment_id in rows:
        found[issue_id].append(comment_id)
    return found


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a report may be published (as rules.gate says), and what looks wrong.

    `unanswered`, `unapproved` count comments. `unexplained` are provisions that changed though
    no answer names them. `newest` is the text that becomes public with the report; `unready` says
    why it may not.
    """

    comments: int
    unanswered: int
    unapproved: int
    same_reasons: list[list[Subject]]
    unchanged: list[Subject]
    unexplained: list[str]
    newest: DraftVersion | None
    unready: Conflict | None

    @property
    def passes(self) -> bool:
        return not self.unanswered and not self.unapproved and self.unready is None


def readiness(session: Session, consultation: Consultation) -> Readiness:
    """What the gate says of a consultation, in a constant number of queries."""
    counts = count_statuses(session, [consultation.id or 0])[consultation.id or 0]
    effective = effective_ids(session, consultation.id or 0)
    rows = [row for row in dispositions(session, consultation.id or 0) if row.id in effective]
    newest = latest_version(session, consultation.draft_id)
    words = changed_words(session, consultation, newest, rows)
    decisions = [
        replace(as_decision(row), text_changed=len(set(words[row.id or 0])) > 1) for row in rows
    ]
    alike = same_reasons({row.id or 0: row.reason for row in rows})
    unchanged = accepted_unchanged(decisions)
    told = {row.id: row for row in rows}
    flagged = dict.fromkeys([*unchanged, *(id_ for ids in alike for id_ in ids)])
    known = {s.disposition.id: s for s in subjects(session, [told[id_] for id_ in flagged])}
    return Readiness(
        comments=counts.total(),
        unanswered=counts["unanswered"],
        unapproved=sum(counts[state] for state in ("draft", "returned", "submitted")),
        same_reasons=[[known[id_] for id_ in ids] for ids in alike],
        unchanged=[known[id_] for id_ in unchanged],
        unexplained=_unexplained(session, consultation, newest, rows),
        newest=newest,
        unready=unready(session, newest) if newest and not newest.published_at else None,
    )


def _unexplained(
    session: Session,
    consultation: Consultation,
    newest: DraftVersion | None,
    rows: Iterable[Disposition],
) -> list[str]:
    """The provisions that read otherwise than when they were discussed, and no answer says why."""
    if newest is None or newest.id == consultation.version_id:
        return []
    before = text_hashes(session, consultation.version_id, newest.langs)
    after = text_hashes(session, newest.id or 0, newest.langs)
    shared = {lang for _, lang in before} & {lang for _, lang in after}
    named = {row.changed_wid for row in rows}
    changed = (
        wid
        for wid, lang in dict.fromkeys((*after, *before))
        if lang in shared and before.get((wid, lang)) != after.get((wid, lang))
    )
    return [wid for wid in dict.fromkeys(changed) if wid not in named]
