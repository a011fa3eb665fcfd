"""The public log: every act with its reason and what became of an appeal; the figures beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult.comments.models import Comment
from consult.comments.rules import STANCES
from consult.db import text_in
from consult.moderation.models import Appeal, ModerationAct
from consult.templating import problem_url
from drafts.models import Draft

LICENCE = "CC BY 4.0"
COLUMNS = (
    *("number", "at", "act", "reason", "note", "subject", "url", "draft", "title", "stance"),
    *("appealed_at", "decision", "decision_reason", "decided_at"),
)


@dataclass(frozen=True, slots=True)
class LogRow:
    """An act with what the public may know: the number and stance of the comment, the draft."""

    act: ModerationAct
    receipt: str
    stance: str
    titles: Mapping[str, Any]
    appeal: Appeal | None

    @property
    def path(self) -> str:
        """Where the comment is, the problem reported after adoption, the poll, or the thing."""
        if self.act.comment_id:
            return f"/comments/{self.act.comment_id}"
        if self.act.answer_id:
            return f"/drafts/{self.act.draft_id}/poll"
        if self.act.subject:
            return f"/{self.kind}s/{self.number}"
        return problem_url(self.act.draft_id or 0, self.act.problem_id or 0)

    @property
    def kind(self) -> str:
        """Of what the act names by kind and number: "question"."""
        return self.act.subject.partition(":")[0]

    @property
    def number(self) -> str:
        """Of what the act names by kind and number: "12"."""
        return self.act.subject.partition(":")[2]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which acts: on one draft, of one kind, on one comment; empty is all."""

    draft_id: int | None = None
    act: str = ""
    comment_id: int | None = None


def public_log(
    session: Session,
    asked: Asked | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[LogRow]:
    """The acts asked for, newest first, in one query; one more than `limit`."""
    asked = asked or Asked()
    query = (
        select(  # type: ignore[call-overload]
            ModerationAct, Comment.receipt, Comment.stance, Draft.titles, Appeal
        )
        .outerjoin(Draft, col(Draft.id) == col(ModerationAct.draft_id))
        .outerjoin(Comment, col(Comment.id) == col(ModerationAct.comment_id))
        .outerjoin(Appeal, col(Appeal.act_id) == col(ModerationAct.id))
    )
    for column, value in (
        (ModerationAct.draft_id, asked.draft_id),
        (ModerationAct.act, asked.act),
        (ModerationAct.comment_id, asked.comment_id),
    ):
        query = query.where(col(column) == value) if value else query
    if before:
        query = query.where(col(ModerationAct.id) < before)
    query = query.order_by(col(ModerationAct.id).desc())
    rows = session.execute(query.limit(limit + 1)).all()
    return [
        LogRow(act, receipt or "", stance or "", titles or {}, appeal)
        for act, receipt, stance, titles, appeal in rows
    ]


def drafts_in_log(session: Session) -> dict[int, Mapping[str, Any]]:
    """The titles of the drafts about whose comments anything was decided, by id."""
    acted = select(ModerationAct.draft_id).distinct()
    rows = session.exec(select(Draft.id, Draft.titles).where(col(Draft.id).in_(acted))).all()
    return {id_ or 0: titles for id_, titles in rows}


def hidden_by_stance(session: Session, draft_id: int | None = None) -> dict[str, tuple[int, int]]:
    """Of the comments of each stance how many are hidden or held, and how many there are.

    For anybody to check that nothing is hidden for being negative. All comments are read for it.
    """
    gone = func.count(col(Comment.hidden_at)) + func.count(col(Comment.held_at))
    query = select(Comment.stance, gone, func.count()).group_by(col(Comment.stance))
    if draft_id:
        query = query.where(Comment.draft_id == draft_id)
    found = {stance: (hidden, all_) for stance, hidden, all_ in session.execute(query).all()}
    return {stance: found.get(stance, (0, 0)) for stance in STANCES}


def log_rows(rows: Sequence[LogRow], base: str, lang: str) -> Iterator[dict[str, Any]]:
    """The acts as plain values, under COLUMNS; `base` is the public address of the site."""
    for row in rows:
        act, appeal = row.act, row.appeal
        yield {
            "number": act.id,
            "at": act.acted_at.isoformat(),
            "act": act.act,
            "reason": act.reason,
            "note": act.note,
            "subject": row.receipt,
            "url": f"{base}{row.path}",
            "draft": act.draft_id,
            "title": text_in(dict(row.titles), lang)[0],
            "stance": row.stance,
            "appealed_at": _iso(appeal.appealed_at if appeal else None),
            "decision": appeal.decision if appeal else "",
            "decision_reason": appeal.decision_reason if appeal else "",
            "decided_at": _iso(appeal.decided_at if appeal else None),
        }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
