"""Reads before answers go out: what waits for approval, and whether the report may be published."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from consult.answers.alike import Template, TemplateShare
from consult.answers.detector import share_of
from consult.answers.models import Disposition, Issue, IssueComment
from consult.answers.queries import SAMPLES, as_decision, changed_words, samples
from consult.answers.rules import Gate, accepted_unchanged
from consult.answers.standing import counting, effective_dispositions, gate_of, standing
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.consultations.models import Consultation
from consult.errors import Conflict
from drafts.models import DraftVersion
from drafts.queries import latest_version, text_hashes, unready

PAGE = 50
NAMED = 12  # answers that a warning names; the others are counted


@dataclass(frozen=True, slots=True)
class Subject:
    """An answer and what it answers: one comment, or a group by some of its `n` comments."""

    disposition: Disposition
    issue: Issue | None
    comments: list[Comment]
    n: int


def awaiting(
    session: Session, consultation_id: int, page: int = 1, outcome: str = ""
) -> list[Subject]:
    """One page of the answers that wait for approval, the oldest first; of one outcome, or any."""
    query = select(Disposition).where(*_waits([consultation_id]))
    if outcome:
        query = query.where(Disposition.outcome == outcome)
    rows = session.exec(
        query.order_by(col(Disposition.drafted_at), col(Disposition.id))
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    return subjects(session, rows)


def count_awaiting(session: Session, consultation_ids: Sequence[int]) -> dict[int, int]:
    """How many answers wait for approval in each of some consultations."""
    rows = session.execute(
        select(Disposition.consultation_id, func.count())
        .where(*_waits(consultation_ids))
        .group_by(col(Disposition.consultation_id))
    ).all()
    return dict(rows)


def awaiting_outcomes(session: Session, consultation_id: int) -> Counter[str]:
    """How many answers of each outcome wait for approval."""
    rows = session.execute(
        select(Disposition.outcome, func.count())
        .where(*_waits([consultation_id]))
        .group_by(col(Disposition.outcome))
    ).all()
    return Counter(dict(rows))


def _waits(consultation_ids: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    """The conditions that an answer waits for approval: what counts for nobody needs none."""
    return (
        col(Disposition.consultation_id).in_(consultation_ids),
        col(Disposition.state) == "submitted",
        counting(consultation_ids),
    )


def subjects(session: Session, rows: Iterable[Disposition]) -> list[Subject]:
    """What some answers that count are about, in a constant number of queries."""
    rows = list(rows)
    if not rows:
        return []
    issue_ids = {row.issue_id for row in rows if row.issue_id}
    issues = session.exec(select(Issue).where(col(Issue.id).in_(issue_ids))).all()
    named = {issue.id: issue for issue in issues}
    counted = dict(
        session.execute(
            select(IssueComment.issue_id, func.count())
            .join(Comment, col(Comment.id) == col(IssueComment.comment_id))
            .where(col(IssueComment.issue_id).in_(issue_ids), *public())
            .group_by(col(IssueComment.issue_id))
        ).all()
    )
    shown: dict[int, list[int]] = {id_: [] for id_ in issue_ids}
    for issue_id, comment_id in session.execute(samples(issue_ids)):
        shown[issue_id].append(comment_id)
    heard = _heard(session, [row for row in rows if not shown.get(row.issue_id or 0)])
    wanted = {id_ for ids in (*shown.values(), *heard.values()) for id_ in ids}
    comments = session.exec(select(Comment).where(col(Comment.id).in_(wanted), *public())).all()
    by_id = {comment.id: comment for comment in comments}
    told = [
        [by_id[id_] for id_ in shown.get(row.issue_id or 0) or heard.get(row.id or 0, [])]
        for row in rows
    ]
    return [
        Subject(
            disposition=row,
            issue=named.get(row.issue_id),
            comments=said,
            n=counted.get(row.issue_id, len(said)),
        )
        for row, said in zip(rows, told, strict=True)
    ]


def _heard(session: Session, rows: Sequence[Disposition]) -> dict[int, list[int]]:
    """By answer the comment it was given to; where that is not shown, replies that take it."""
    stands = standing(list({row.consultation_id for row in rows}))
    counts = select_columns(stands.c.disposition_id, stands.c.comment_id).where(
        stands.c.disposition_id.in_([row.id for row in rows])
    )
    found: dict[int, list[int]] = defaultdict(list)
    for answer_id, comment_id in session.execute(counts.order_by(stands.c.comment_id)):
        found[answer_id].append(comment_id)
    own = {row.id or 0: row.comment_id or 0 for row in rows}
    return {id_: [own[id_]] if own[id_] in ids else ids[:SAMPLES] for id_, ids in found.items()}


@dataclass(frozen=True, slots=True)
class Shared:
    """A reason that stands in several answers to unlike things, and some of those answers."""

    template: Template
    shown: list[Subject]


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a report may be published, and what looks wrong.

    `templates` says how much is answered by one reason for unlike things, `shared` names them.
    `unexplained` are provisions that changed though no answer names them. `newest` is the text
    that becomes public with the report; `unready` says why it may not.
    """

    gate: Gate
    templates: TemplateShare
    shared: list[Shared]
    unchanged: list[Subject]
    unchanged_n: int
    unexplained: list[str]
    newest: DraftVersion | None
    unready: Conflict | None

    @property
    def passes(self) -> bool:
        return self.gate.passes and self.unready is None


def readiness(session: Session, consultation: Consultation) -> Readiness:
    """What the gate says of a consultation, in a constant number of queries."""
    at = consultation.id or 0
    rows = effective_dispositions(session, at)
    newest = latest_version(session, consultation.draft_id)
    words = changed_words(session, consultation, newest, rows)
    decisions = [
        replace(as_decision(row), text_changed=len(set(words[row.id or 0])) > 1) for row in rows
    ]
    unchanged = accepted_unchanged(decisions)
    templates = share_of(session, at, rows)
    told = {row.id: row for row in rows}
    named = [one.ids[:NAMED] for one in templates.templates[:NAMED]]
    flagged = dict.fromkeys([*unchanged[:NAMED], *(id_ for ids in named for id_ in ids)])
    known = {s.disposition.id: s for s in subjects(session, [told[id_] for id_ in flagged])}
    return Readiness(
        gate=gate_of(session, at),
        templates=templates,
        shared=[
            Shared(one, [known[id_] for id_ in ids])
            for one, ids in zip(templates.templates, named, strict=False)
        ],
        unchanged=[known[id_] for id_ in unchanged[:NAMED]],
        unchanged_n=len(unchanged),
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
