"""Reads of comments: a discussion page by page, one thread of it, a person's own."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    literal,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from consult.accounts.models import Person
from consult.accounts.shown import who, who_columns
from consult.comments.models import Comment, CommentRevision
from consult.errors import NotFound
from consult.naming import PublicName
from drafts.models import Provision

SORTS = ("newest", "supported", "disputed", "unanswered", "answered")
SCORES = {"supported": col(Comment.for_n), "disputed": col(Comment.disputed_n)}
PREVIEW = 5  # replies shown beneath a comment before one asks for all
Q = TypeVar("Q", bound=Select[Any])


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment with its author as the public sees them, and the replies that are shown.

    `text` is the provision as it was, if the comment proposes to change it. `replies_to` is the
    author of the comment a reply replies to, None when that is gone.
    """

    comment: Comment
    who: PublicName
    text: str = ""
    replies_to: PublicName | None = None
    replies: list["CommentView"] = field(default_factory=list)

    def thread(self) -> Iterator["CommentView"]:
        """Itself and all that is shown beneath it."""
        yield self
        for reply in self.replies:
            yield from reply.thread()


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
    kind: str = "",
    sort: str = "newest",
    cursor: str = "",
    limit: int = 20,
) -> Discussion:
    """Comments on a draft (`wid` None: on any part of it) with their first replies: two queries.

    `consultation_id` narrows them to those made in one round, `kind` to those of a kind that are
    shown; `also` are the ids of comments made on another provision that belong to this one by now.
    """
    sort = sort if sort in SORTS else "newest"
    here = [col(Comment.draft_id) == draft_id, col(Comment.parent_id).is_(None)]
    if wid is not None:
        here.append(col(Comment.wid) == wid)
    if consultation_id is not None:
        here.append(col(Comment.consultation_id) == consultation_id)
    if kind:
        here += [col(Comment.kind) == kind, *public()]
    if also is not None:  # each by its own index; of either no more than a page is looked at
        pages = (
            _page(select(Comment.id).where(*found), sort, cursor, limit).subquery()
            for found in (here, [col(Comment.id).in_(also)])
        )
        here = [col(Comment.id).in_(union(*(select(page) for page in pages)))]
    rows = session.execute(_page(with_author().where(*here), sort, cursor, limit)).all()
    shown = [CommentView(*row) for row in rows[:limit]]
    _attach_first_replies(session, shown)
    older = _cursor(shown[-1].comment, sort) if len(rows) > limit else ""
    return Discussion(shown, older, sort)


def count_kinds(
    session: Session, draft_id: int, consultation_id: int | None = None
) -> dict[str, int]:
    """How many comments of each kind are shown in a discussion, replies apart."""
    query = select(Comment.kind, func.count()).where(
        Comment.draft_id == draft_id, col(Comment.parent_id).is_(None), *public()
    )
    if consultation_id is not None:
        query = query.where(Comment.consultation_id == consultation_id)
    return dict(session.execute(query.group_by(col(Comment.kind))).all())


def public(of: type[Comment] = Comment) -> tuple[ColumnElement[bool], ...]:
    """The conditions on which the words of a comment may be shown: Comment.is_public says it."""
    return *_stands(of), col(of.held_at).is_(None)


def waiting() -> tuple[ColumnElement[bool], ...]:
    """The conditions on which a comment waits for a moderator: it is not public for that alone."""
    return *_stands(Comment), col(Comment.held_at).is_not(None)


def _stands(of: type[Comment]) -> tuple[ColumnElement[bool], ...]:
    return tuple(col(at).is_(None) for at in (of.withdrawn_at, of.hidden_at))


def with_author() -> Select[Any]:
    """Comments with their authors and the provisions they propose to change."""
    proposed_on = and_(
        col(Comment.change) != "",
        col(Provision.version_id) == col(Comment.version_id),
        col(Provision.lang) == col(Comment.anchor_lang),
        col(Provision.wid) == col(Comment.wid),
    )
    text = func.coalesce(Provision.text, "")
    rows: Any = select(Comment, who(Comment), text)
    joined = rows.join(Person, col(Person.id) == col(Comment.author_id))
    return cast("Select[Any]", joined.outerjoin(Provision, proposed_on))


def names_told(session: Session, among: ColumnElement[bool]) -> list[tuple[Any, ...]]:
    """How the public sees those who wrote some comments: the same while nobody is seen otherwise.

    For the stamps of files: it is read as it is, for people change it there and back.
    """
    own = (col(Comment.author_id), col(Comment.organisation_id))
    wrote = select(*own).where(among).distinct().subquery()
    rows = session.execute(
        select(*wrote.c, *who_columns(wrote.c))
        .join_from(wrote, Person, col(Person.id) == wrote.c.author_id)
        .order_by(*wrote.c)
    )
    return [tuple(row) for row in rows]


def _page(query: Q, sort: str, cursor: str, limit: int) -> Q:
    """The rows of a page, and one more that tells whether there are others."""
    if sort == "unanswered":  # what is not shown awaits no answer
        query = query.where(col(Comment.answered_at).is_(None), *public())
    if sort == "answered":
        query = query.where(col(Comment.answered_at).is_not(None))
    query = _after(query, sort, cursor)
    if score := SCORES.get(sort):
        query = query.order_by(score.desc())
    return query.order_by(col(Comment.id).desc()).limit(limit + 1)


def _after(query: Q, sort: str, cursor: str) -> Q:
    """Keyset paging: the rows after the last one shown, whatever was added meanwhile."""
    last = cursor_numbers(cursor)
    score = SCORES.get(sort)
    if score is None and len(last) == 1:
        return query.where(col(Comment.id) < last[0])
    if score is not None and len(last) == 2:
        return query.where(tuple_(score, col(Comment.id)) < tuple_(*map(literal, last)))
    return query


def cursor_numbers(cursor: str) -> list[int]:
    """What a cursor holds; [] when it is none of ours, and the first page is shown."""
    numbers = cursor.split(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in numbers):
        return []
    return [int(part) for part in numbers]


def _cursor(comment: Comment, sort: str) -> str:
    scores = {"supported": comment.for_n, "disputed": comment.disputed_n}
    return f"{scores[sort]}.{comment.id}" if sort in scores else str(comment.id)


def _attach_first_replies(session: Session, shown: Sequence[CommentView]) -> None:
    """The first replies of every thread, each found at the end of its own index range.

    Those that come first hold together: a reply is younger than what it replies to.
    """
    threads = [view for view in shown if view.comment.replies_n]
    if not threads:
        return
    ids = union_all(
        *(
            select(
                select(Comment.id)
                .where(Comment.root_id == view.comment.id)
                .order_by(col(Comment.id))
                .limit(PREVIEW)
                .subquery()
            )
            for view in threads
        )
    )
    _nest(threads, session.execute(_with_whom().where(col(Comment.id).in_(ids))).all())


def _with_whom() -> Select[Any]:
    """Comments with their authors and whom they reply to, the first first."""
    asked, whom = aliased(Comment), aliased(Person)
    return (
        with_author()
        .add_columns(who(asked, whom, only_if=and_(*public(asked)), name="whom"))
        .outerjoin(asked, col(asked.id) == func.coalesce(Comment.reply_to_id, Comment.parent_id))
        .outerjoin(whom, col(whom.id) == col(asked.author_id))
        .order_by(col(Comment.id))
    )


def _nest(above: Sequence[CommentView], rows: Iterable[Any]) -> list[CommentView]:
    """Put replies beneath what they stand beneath; returns those for which that is not here."""
    known = {view.comment.id: view for view in above}
    apart: list[CommentView] = []
    for row in rows:
        reply = CommentView(*row)
        known[reply.comment.id] = reply
        parent = known.get(reply.comment.parent_id)
        (parent.replies if parent else apart).append(reply)
    return apart


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and a page of what was replied to it, however deep, in the order of time.

    `apart` are replies that stand beneath one of an earlier page. `after` is the cursor of the
    next page, 0 when there is none.
    """

    view: CommentView
    apart: list[CommentView]
    after: int

    def views(self) -> list[CommentView]:
        """All that is shown."""
        return [one for view in (self.view, *self.apart) for one in view.thread()]


def thread(session: Session, comment_id: int, *, after: int = 0, limit: int = 20) -> Thread:
    """One comment with its author and a page of its replies, in two queries; raises NotFound."""
    view = comment_view(session, comment_id)
    if view.comment.depth == 0 and not view.comment.replies_n:
        return Thread(view, [], 0)
    page = _with_whom().where(_is_below(view.comment), col(Comment.id) > after)
    rows = session.execute(page.limit(limit + 1)).all()
    apart = _nest([view], rows[:limit])
    return Thread(view, apart, rows[limit - 1][0].id if len(rows) > limit else 0)


def comment_view(session: Session, comment_id: int) -> CommentView:
    """One comment with its author, without replies; raises NotFound."""
    row = session.execute(_with_whom().where(col(Comment.id) == comment_id)).first()
    if row is None:
        raise NotFound("There is no such comment.")
    return CommentView(*row)


def _is_below(comment: Comment) -> ColumnElement[bool]:
    """The condition of all that was replied to a comment, however deep."""
    if comment.root_id is None:
        return col(Comment.root_id) == comment.id
    of_draft = col(Comment.draft_id) == comment.draft_id  # as the index begins
    below = (
        select(Comment.id)
        .where(of_draft, Comment.parent_id == comment.id)
        .cte("below", recursive=True)
    )
    deeper = select(Comment.id).where(of_draft, col(Comment.parent_id) == below.c.id)
    return col(Comment.id).in_(select(below.union_all(deeper).c.id))


def comment_by_id(session: Session, comment_id: int) -> Comment:
    """One comment; raises NotFound."""
    comment = session.get(Comment, comment_id)
    if comment is None:
        raise NotFound("There is no such comment.")
    return comment


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
