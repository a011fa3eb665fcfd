"""Reads of comments: a discussion page by page, one comment, a person's own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_, union
from sqlmodel import Session, col, select

from consult.accounts.models import Person
from consult.comments.models import Comment, CommentRevision
from consult.errors import NotFound

SORTS = ("newest", "supported")
Q = TypeVar("Q", bound=Select[Any])


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment with its author as the public sees them, and its replies."""

    comment: Comment
    author: str
    organisation: str
    region: str
    replies: list["CommentView"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Discussion:
    """A page of comments. `older` is the cursor of the next page, "" when there is none."""

    comments: list[CommentView]
    older: str
    sort: str


def discussion(
    session: Session,
    draft_id: int,
    *,
    wid: str | None = None,
    also: Select[tuple[int]] | None = None,
    consultation_id: int | None = None,
    sort: str = "newest",
    cursor: str = "",
    limit: int = 20,
) -> Discussion:
    """Comments on a draft (`wid` None: on any part of it) with their replies, in two queries.

    `consultation_id` narrows them to those made in one round; `also` are the ids of comments made
    on another provision that belong to this one by now.
    """
    sort = sort if sort in SORTS else "newest"
    here = [col(Comment.draft_id) == draft_id, col(Comment.parent_id).is_(None)]
    if wid is not None:
        here.append(col(Comment.wid) == wid)
    if consultation_id is not None:
        here.append(col(Comment.consultation_id) == consultation_id)
    if also is not None:  # each by its own index; of either no more than a page is looked at
        pages = (
            _page(select(Comment.id).where(*found), sort, cursor, limit).subquery()
            for found in (here, [col(Comment.id).in_(also)])
        )
        here = [col(Comment.id).in_(union(*(select(page) for page in pages)))]
    rows = session.execute(_page(_with_author().where(*here), sort, cursor, limit)).all()
    shown = [CommentView(*row) for row in rows[:limit]]
    _attach_replies(session, shown)
    older = _cursor(shown[-1].comment, sort) if len(rows) > limit else ""
    return Discussion(shown, older, sort)


def public() -> tuple[ColumnElement[bool], ...]:
    """The conditions on which the words of a comment may be shown: Comment.is_public says it."""
    gone = (Comment.withdrawn_at, Comment.hidden_at, Comment.held_at)
    return tuple(col(at).is_(None) for at in gone)


def _with_author() -> Select[tuple[Comment, str, str, str]]:
    return select(Comment, Person.name, Person.organisation, Person.region).join(  # type: ignore[return-value]
        Person, col(Person.id) == col(Comment.author_id)
    )


def _page(query: Q, sort: str, cursor: str, limit: int) -> Q:
    """The rows of a page, and one more that tells whether there are others."""
    query = _after(query, sort, cursor)
    if sort == "supported":
        query = query.order_by(col(Comment.for_n).desc(), col(Comment.id).desc())
    else:
        query = query.order_by(col(Comment.id).desc())
    return query.limit(limit + 1)


def _after(query: Q, sort: str, cursor: str) -> Q:
    """Keyset paging: the rows after the last one shown, whatever was added meanwhile."""
    numbers = cursor.split(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in numbers):
        return query
    last = [int(part) for part in numbers]
    if sort == "newest" and len(last) == 1:
        return query.where(col(Comment.id) < last[0])
    if sort == "supported" and len(last) == 2:
        score = col(Comment.for_n)
        return query.where(or_(score < last[0], and_(score == last[0], col(Comment.id) < last[1])))
    return query


def _cursor(comment: Comment, sort: str) -> str:
    return f"{comment.for_n}.{comment.id}" if sort == "supported" else str(comment.id)


def _attach_replies(session: Session, shown: Sequence[CommentView]) -> None:
    replied = {view.comment.id: view for view in shown if view.comment.replies_n}
    if not replied:
        return
    places = {view.comment.wid for view in replied.values()}  # as its index begins
    rows = session.execute(
        _with_author()
        .where(
            col(Comment.draft_id) == shown[0].comment.draft_id,
            col(Comment.wid).in_(places),
            col(Comment.parent_id).in_(replied),
        )
        .order_by(col(Comment.id))
    ).all()
    for row in rows:
        reply = CommentView(*row)
        replied[reply.comment.parent_id].replies.append(reply)


def comment_by_id(session: Session, comment_id: int) -> Comment:
    """One comment; raises NotFound."""
    comment = session.get(Comment, comment_id)
    if comment is None:
        raise NotFound("There is no such comment.")
    return comment


def comment_view(session: Session, comment_id: int) -> CommentView:
    """One comment with its author and replies; raises NotFound."""
    row = session.execute(_with_author().where(col(Comment.id) == comment_id)).first()
    if row is None:
        raise NotFound("There is no such comment.")
    view = CommentView(*row)
    _attach_replies(session, [view])
    return view


def comments_of(
    session: Session, person_id: int, before: int | None = None, limit: int = 20
) -> list[Comment]:
    """A person's comments, newest first; one more than `limit` tells that there are older ones."""
    query = select(Comment).where(Comment.author_id == person_id)
    if before:
        query = query.where(col(Comment.id) < before)
    return list(session.exec(query.order_by(col(Comment.id).desc()).limit(limit + 1)).all())


def revisions_of(session: Session, comment_id: int) -> list[CommentRevision]:
    """The wordings a comment had before, the first first."""
    query = select(CommentRevision).where(CommentRevision.comment_id == comment_id)
    return list(session.exec(query.order_by(col(CommentRevision.id))).all())
