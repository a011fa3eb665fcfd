"""Reads of campaigns: the two counts, what a text is near to, clusters and what is in them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_
from sqlmodel import Session, col, select

from consult.campaigns.candidates import Like, kept_text, nearest, twin
from consult.campaigns.models import Cluster, Fingerprint, TextCount
from consult.campaigns.rules import likeness, text_of
from consult.campaigns.rules import residue as added
from consult.comments.models import Comment
from consult.comments.queries import cursor_numbers, public
from consult.errors import NotFound
from consult.marks import split

NEAR = 0.4  # enough to tell somebody that their point was made; `rules.ALIKE` makes it one text


@dataclass(frozen=True, slots=True)
class Near:
    """A public comment close to a text; `submissions` are the comments that say it, it included."""

    comment: Comment
    likeness: float
    submissions: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """A cluster with the comment that stands for it; None while that comment is shown no more."""

    cluster: Cluster
    medoid: Comment | None


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the texts of a cluster: its first comment, how many say it, how like the medoid it is,
    and what its author added to that."""

    comment: Comment
    submissions: int
    likeness: float
    residue: list[str]


@dataclass(frozen=True, slots=True)
class Member:
    """A comment of a cluster; `text` is the number of the first comment that says the same."""

    comment_id: int
    receipt: str
    text: int
    likeness: float


def counts(session: Session, draft_id: int) -> tuple[int, int]:
    """(submissions, distinct texts) of a draft's public comments, replies left out."""
    counted = session.get(TextCount, draft_id)
    return (counted.submissions, counted.distinct_n) if counted else (0, 0)


def never_compared(session: Session) -> Sequence[int]:
    """Drafts with comments that were made before comments were compared."""
    known = select(TextCount.draft_id)
    query = select(Comment.draft_id).where(col(Comment.draft_id).not_in(known)).distinct()
    return session.exec(query.order_by(col(Comment.draft_id))).all()


def campaign_of(session: Session, comment_id: int) -> Campaign | None:
    """The campaign a comment belongs to, in one query; None for a comment that stands alone."""
    row = session.execute(
        select(Cluster, Comment)
        .join(Fingerprint, col(Fingerprint.cluster_id) == col(Cluster.id))
        .outerjoin(Comment, and_(col(Comment.id) == col(Cluster.medoid_id), *public()))
        .where(col(Fingerprint.comment_id) == comment_id)
    ).first()
    return Campaign(*row) if row else None


def residue(of: Campaign, comment: Comment) -> list[str]:
    """What the author of a comment added of their own to the text of its campaign.

    Empty for the text itself, and while that is shown no more.
    """
    if of.medoid is None or of.medoid.id == comment.id:
        return []
    return added(said(comment), said(of.medoid))


def said(comment: Comment) -> str:
    """All the words that are compared: the comment and the wording it proposes, without marks."""
    said = "\n".join(filter(None, (comment.body, comment.proposed)))
    return " … ".join(split(said)[::2])


def campaigns(
    session: Session, draft_id: int, *, cursor: str = "", limit: int = 20
) -> tuple[list[Campaign], str]:
    """A draft's clusters, the largest first, and the cursor of the next page ("": none)."""
    query = select(Cluster).where(Cluster.draft_id == draft_id)
    if len(last := cursor_numbers(cursor)) == 2:
        size, number = last
        same = and_(col(Cluster.submissions) == size, col(Cluster.id) > number)
        query = query.where(or_(col(Cluster.submissions) < size, same))
    query = query.order_by(col(Cluster.submissions).desc(), col(Cluster.id))
    rows = session.exec(query.limit(limit + 1)).all()
    shown = rows[:limit]
    medoids = _comments(session, [cluster.medoid_id for cluster in shown])
    after = f"{shown[-1].submissions}.{shown[-1].id}" if len(rows) > limit else ""
    return [Campaign(cluster, medoids.get(cluster.medoid_id)) for cluster in shown], after


def campaign(session: Session, draft_id: int, number: int) -> Campaign:
    """One cluster of a draft; raises NotFound."""
    cluster = session.get(Cluster, number)
    if cluster is None or cluster.draft_id != draft_id:
        raise NotFound("There is no such campaign.")
    return Campaign(cluster, _comments(session, [cluster.medoid_id]).get(cluster.medoid_id))


def variants(
    session: Session, of: Campaign, *, cursor: str = "", limit: int = 20
) -> tuple[list[Variant], str]:
    """The texts of a cluster, those most often sent first, and the cursor of the next page."""
    sent, first = func.count(), func.min(Fingerprint.comment_id)
    query = select(first.label("first"), sent.label("sent"))
    query = query.where(Fingerprint.cluster_id == of.cluster.id).group_by(col(Fingerprint.exact))
    if len(last := cursor_numbers(cursor)) == 2:
        query = query.having(or_(sent < last[0], and_(sent == last[0], first > last[1])))
    rows = session.execute(query.order_by(sent.desc(), first).limit(limit + 1)).all()
    comments = _comments(session, [row.first for row in rows[:limit]])
    shown = [
        _variant(of, comments[row.first], row.sent) for row in rows[:limit] if row.first in comments
    ]
    after = f"{rows[limit - 1].sent}.{rows[limit - 1].first}" if len(rows) > limit else ""
    return shown, after


def _variant(of: Campaign, comment: Comment, sent: int) -> Variant:
    if of.medoid is None:
        return Variant(comment, sent, 0.0, [])
    one, other = (text_of(each.body, each.proposed) for each in (comment, of.medoid))
    return Variant(comment, sent, likeness(one, other), residue(of, comment))


def members(session: Session, of: Cluster) -> Iterator[Member]:
    """Every comment of a cluster, in the order of their numbers."""
    medoid = session.get(Fingerprint, of.medoid_id)
    rows = session.execute(
        select(Fingerprint, Comment.receipt)
        .join(Comment, col(Comment.id) == col(Fingerprint.comment_id))
        .where(Fingerprint.cluster_id == of.id)
        .order_by(col(Fingerprint.comment_id))
    ).all()
    first: dict[str, Member] = {}
    for row, receipt in rows:
        known = first.get(row.exact)
        alike = likeness(kept_text(row), kept_text(medoid)) if medoid and not known else 0.0
        text = known.text if known else row.comment_id
        member = Member(row.comment_id, receipt, text, known.likeness if known else alike)
        first.setdefault(row.exact, member)
        yield member


def _comments(session: Session, ids: Collection[int]) -> dict[int, Comment]:
    """The public ones of these comments."""
    query = select(Comment).where(col(Comment.id).in_(ids), *public())
    return {comment.id or 0: comment for comment in session.exec(query)}


def near(
    session: Session, *, draft_id: int, body: str, proposed: str = "", most: int = 5
) -> list[Near]:
    """The public comments on a draft that are closest to a text not yet posted, the closest first.

    Of comments that are one text only the one that stands for them.
    """
    text = text_of(body, proposed)
    same = twin(session, draft_id, text.exact)
    found = [Like(same, text, 1.0)] if same else []
    found += [
        like
        for like in nearest(session, draft_id, text)
        if like.likeness >= NEAR and not (same and _speaks_for(like.fingerprint, same))
    ]
    return _shown(session, found[:most])


def _speaks_for(one: Fingerprint, other: Fingerprint) -> bool:
    """Whether they are the same comment, or of one cluster."""
    together = one.cluster_id is not None and one.cluster_id == other.cluster_id
    return together or one.comment_id == other.comment_id


def _shown(session: Session, found: Sequence[Like]) -> list[Near]:
    rows = [like.fingerprint for like in found]
    comments = _comments(session, [row.comment_id for row in rows])
    sizes = dict(
        session.exec(
            select(Cluster.id, Cluster.submissions).where(
                col(Cluster.id).in_([row.cluster_id for row in rows])
            )
        ).all()
    )
    return [
        Near(comments[row.comment_id], like.likeness, sizes.get(row.cluster_id, 1))
        for like in found
        if (row := like.fingerprint).comment_id in comments
    ]
