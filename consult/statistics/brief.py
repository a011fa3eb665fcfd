"""What a parliamentarian wants to know of one bill beyond its figures, on a page or two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlmodel import Session, col

from consult.accounts.models import Person
from consult.accounts.shown import who
from consult.answers.models import Disposition, Issue, IssueComment
from consult.campaigns.queries import counts as counts_of_texts
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.consultations.actions import earliest_close
from consult.consultations.models import Consultation
from consult.law.queries import Law
from consult.polls.queries import Told, polls_of
from consult.procedure.deadlines import Computation, last_day, local_day
from consult.statistics.queries import NO_REPLY, DraftFigures, draft_figures
from consult.statistics.rules import Figure, shortened
from drafts.models import Draft
from drafts.versions.diffing import word_pieces

ISSUES = 4  # so many are told on the page; all of them in JSON
CHANGES = 6
UNGROUPED = 0  # the issue of a comment that stands in none, or in none that is published


@dataclass(frozen=True, slots=True)
class Held:
    """A round: how many days it was, or will have been, open, and how many the law asks for."""

    round: int
    opens_at: datetime
    closes_at: datetime
    days: int
    minimum: int
    computation: Computation
    exception: str


@dataclass(frozen=True, slots=True)
class MainIssue:
    """A point that was raised, the outcome, and what was best supported on either side.

    A point is named once, by who answered it: `lang` is the language of that answer, "" if there is
    none.
    """

    id: int
    title: str
    lang: str
    comments: int
    outcome: str
    best: Mapping[str, Row[Any]]  # by stance


@dataclass(frozen=True, slots=True)
class Change:
    """A provision that was changed because of comments: the difference, cut to what changed."""

    wid: str
    lang: str
    before: str
    after: str
    pieces: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Brief:
    """All of it; `counts` are the figures of the draft, with `distinct_texts`; `polls` are those of
    rounds that are over."""

    counts: DraftFigures
    held: Sequence[Held]
    issues: Sequence[MainIssue]
    changes: Sequence[Change]
    polls: Sequence[Told] = ()


def brief_of(
    session: Session,
    draft: Draft,
    rounds: Sequence[Consultation],
    *,
    law: Law,
    now: datetime,
    whole: bool = True,
) -> Brief:
    """The brief of a draft with its `rounds` (the newest first), as of `now`.

    Unless `whole`, without the figures that are read as data alone.
    """
    draft_id = draft.id or 0
    counts = draft_figures(session, draft_id, tz=law.tz, now=now, rounds=rounds, whole=whole)
    texts = Figure(counts_of_texts(session, draft_id)[1])
    return Brief(
        counts=replace(counts, figures={**counts.figures, "distinct_texts": texts}),
        held=[_held(each, draft, law) for each in counts.rounds],
        issues=main_issues(session, draft_id),
        changes=_changes(counts.changes),
        polls=[one for poll in polls_of(session, counts.rounds, now) for one in poll.told or ()],
    )


def _held(each: Consultation, draft: Draft, law: Law) -> Held:
    computation = earliest_close(law, draft, each.opens_at)
    first = local_day(each.opens_at, law.tz)
    return Held(
        round=each.round,
        opens_at=each.opens_at,
        closes_at=each.closes_at,
        days=(last_day(each.closes_at, law.tz) - first).days,
        minimum=(computation.due_on - first).days,
        computation=computation,
        exception=each.exception_basis,
    )


def main_issues(session: Session, draft_id: int) -> list[MainIssue]:
    """The issues of the published reports, the largest first; comments in none come last.

    For each the comment best supported (votes for less votes against) of each stance.
    """
    ranked = _ranked(draft_id)
    rows = session.execute(
        select(
            ranked.c.issue,
            ranked.c.comments,
            col(Issue.title),
            col(Disposition.outcome),
            col(Disposition.lang).label("title_lang"),
            col(Comment.id),
            col(Comment.body),
            col(Comment.lang),
            col(Comment.stance),
            col(Comment.for_n),
            col(Comment.against_n),
            who(Comment),
        )
        .join(Comment, col(Comment.id) == ranked.c.comment_id)
        .join(Person, col(Person.id) == col(Comment.author_id))
        .outerjoin(Issue, col(Issue.id) == ranked.c.issue)
        .outerjoin(Disposition, col(Disposition.issue_id) == ranked.c.issue)
        .where(ranked.c.place == 1)
    ).all()
    by_issue: dict[int, list[Row[Any]]] = {}
    for row in rows:
        by_issue.setdefault(row.issue, []).append(row)
    issues = [
        MainIssue(
            id=issue,
            title=own[0].title or "",
            lang=own[0].title_lang or "",
            comments=own[0].comments,
            outcome=own[0].outcome or "",
            best={row.stance: row for row in own},
        )
        for issue, own in by_issue.items()
    ]
    return sorted(issues, key=lambda each: (each.id == UNGROUPED, -each.comments, each.id))


def _ranked(draft_id: int) -> Any:
    """Each comment with its issue and its place among those of the same issue and stance.

    An issue is known only once the report of its round is out.
    """
    published = and_(
        col(Consultation.id) == col(Issue.consultation_id),
        col(Consultation.reported_at).is_not(None),
    )
    issue = func.coalesce(
        select(col(Issue.id))
        .join(Consultation, published)
        .where(col(Issue.id) == col(IssueComment.issue_id))
        .scalar_subquery(),
        UNGROUPED,
    )
    support = col(Comment.for_n) - col(Comment.against_n)
    inner = (
        select(
            col(Comment.id).label("comment_id"),
            col(Comment.stance).label("stance"),
            support.label("support"),
            issue.label("issue"),
        )
        .outerjoin(IssueComment, col(IssueComment.comment_id) == col(Comment.id))
        .where(col(Comment.draft_id) == draft_id, *public(), NO_REPLY)
        .subquery()
    )
    place = func.row_number().over(
        partition_by=(inner.c.issue, inner.c.stance),
        order_by=(inner.c.support.desc(), inner.c.comment_id),
    )
    return select(
        inner.c.comment_id,
        inner.c.issue,
        func.count().over(partition_by=inner.c.issue).label("comments"),
        place.label("place"),
    ).subquery()


def _changes(rows: Sequence[Row[Any]]) -> list[Change]:
    """Each provision once, by the last answer that names it."""
    last = {row.changed_wid: row for row in rows}
    return [
        Change(row.changed_wid, row.lang, row.text_before, row.text_after, _pieces(row))
        for row in last.values()
    ]


def _pieces(row: Row[Any]) -> list[tuple[str, str]]:
    return shortened(word_pieces(row.text_before, row.text_after))
