"""Reads of the exchange: systems of agencies, whom a key stands for, drafts by their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, and_, func
from sqlalchemy import select as grouping  # that of SQLModel knows the types of four columns only
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from consult.access import Actor
from consult.accounts.models import Person
from consult.accounts.queries import actor_for
from consult.accounts.secrets import token_hash
from consult.accounts.shown import who
from consult.answers.models import Disposition, IssueComment
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.consultations.models import Consultation
from consult.errors import NotFound
from consult.exchange.models import ExchangeLink, ExchangeSystem
from consult.exchange.rules import as_system
from consult.obligations.models import Obligation
from drafts.models import Draft, DraftVersion, Provision

LIVE = col(ExchangeSystem.ended_at).is_(None)
PAGE_MOST = 500


def systems_of(session: Session, agency_ids: Sequence[int]) -> Sequence[ExchangeSystem]:
    """The systems of some agencies that were not ended, the newest first."""
    query = select(ExchangeSystem).where(LIVE, col(ExchangeSystem.agency_id).in_(agency_ids))
    return session.exec(query.order_by(col(ExchangeSystem.id).desc())).all()


def system_by_id(session: Session, system_id: int) -> ExchangeSystem:
    """One that was not ended, kept from others until this transaction ends; raises NotFound."""
    query = select(ExchangeSystem).where(ExchangeSystem.id == system_id, LIVE).with_for_update()
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFound("There is no such system.")
    return found


def holder_of(session: Session, key: str) -> tuple[ExchangeSystem, Actor] | None:
    """A system and what it may do now; None if the key is no good. Raises as `as_system`."""
    query = select(ExchangeSystem).join(Person, col(Person.id) == col(ExchangeSystem.made_by))
    found = session.exec(
        query.where(
            ExchangeSystem.token_hash == token_hash(key), LIVE, col(Person.forgotten_at).is_(None)
        )
    ).one_or_none()
    return (found, as_system(actor_for(session, found.made_by), found)) if found else None


def number_of(session: Session, draft_id: int) -> str:
    """The number of a draft in the books of its agency; "" if it was not registered so."""
    link = session.get(ExchangeLink, draft_id)
    return link.number if link else ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A draft as the systems of its agency see it: its number, its newest text and round."""

    draft: Draft
    number: str | None
    version: DraftVersion
    round: Consultation | None


def drafts_after(
    session: Session, agency_id: int, number: str, after: int, limit: int
) -> list[Seen]:
    """Drafts of an agency in the order they came; one more than `limit` tells of others."""
    newest = select(func.max(DraftVersion.n)).where(DraftVersion.draft_id == Draft.id)
    last = select(func.max(Consultation.round)).where(Consultation.draft_id == Draft.id)
    query = (
        select(Draft, ExchangeLink.number, DraftVersion, Consultation)
        .join(
            DraftVersion,
            and_(
                col(DraftVersion.draft_id) == col(Draft.id),
                col(DraftVersion.n) == newest.correlate(Draft).scalar_subquery(),
            ),
        )
        .outerjoin(ExchangeLink, col(ExchangeLink.draft_id) == col(Draft.id))
        .outerjoin(
            Consultation,
            and_(
                col(Consultation.draft_id) == col(Draft.id),
                col(Consultation.round) == last.correlate(Draft).scalar_subquery(),
            ),
        )
        .where(Draft.agency_id == agency_id, col(Draft.id) > after)
    )
    if number:
        query = query.where(ExchangeLink.number == number)
    anew = query.order_by(col(Draft.id)).limit(limit + 1).execution_options(populate_existing=True)
    return [Seen(*row) for row in session.execute(anew).all()]


def seen_by(session: Session, agency_id: int, draft_id: int) -> Seen:
    """One draft of an agency; raises NotFound for any other."""
    found = drafts_after(session, agency_id, "", draft_id - 1, 1)
    if not found or found[0].draft.id != draft_id:
        raise NotFound("There is no such draft.")
    return found[0]


def text_mark(session: Session, version: DraftVersion) -> str:
    """Another one for another text of a version; "" for a public one, whose text never changes."""
    if version.published_at is not None:
        return ""
    query = select(Provision.lang, Provision.wid, Provision.text_hash)
    query = query.where(Provision.version_id == version.id)
    rows = session.exec(query.order_by(col(Provision.lang), col(Provision.position))).all()
    return sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()


def comments_after(session: Session, draft_id: int, after: int, limit: int) -> Sequence[Row[Any]]:
    """(comment, author as the public sees them, its group, the answer that is being written to it,
    that to its group), in the order they came; one more than `limit` tells that there are others.
    """
    group, shared = col(IssueComment.issue_id), aliased(Disposition)
    query = (
        grouping(Comment, who(Comment), group, Disposition, shared)
        .join(Person, col(Person.id) == col(Comment.author_id))
        .outerjoin(IssueComment, col(IssueComment.comment_id) == col(Comment.id))
        .outerjoin(Disposition, col(Disposition.comment_id) == col(Comment.id))
        .outerjoin(shared, col(shared.issue_id) == group)
        .where(col(Comment.draft_id) == draft_id, col(Comment.id) > after, *public())
    )
    rows: Sequence[Row[Any]] = session.execute(
        query.order_by(col(Comment.id)).limit(limit + 1)
    ).all()
    return rows


def comment_of(session: Session, draft_id: int, receipt: str) -> Comment:
    """A public comment on a draft by the number of its receipt; raises NotFound."""
    query = select(Comment).where(
        Comment.draft_id == draft_id, Comment.receipt == receipt, *public()
    )
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFound("There is no such comment.")
    return found


def duties_of(session: Session, draft_id: int) -> Sequence[Obligation]:
    """What is owed for a draft, but for the duties for single comments."""
    query = select(Obligation).where(
        Obligation.draft_id == draft_id, ~col(Obligation.subject).startswith("comment:")
    )
    return session.exec(query.order_by(col(Obligation.id))).all()
