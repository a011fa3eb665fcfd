"""Reads of notifications: a person's notices, who follows what, mails."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, exists, func, literal
from sqlmodel import Session, col, select

from consult.access import Actor
from consult.accounts.models import Agency, Person
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.errors import NotFound
from consult.plans.models import PlanItem
from consult.plans.rules import PUBLIC, State
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES
from notifications.models import Mail, Notice, Subscription
from notifications.rules import read_target


@dataclass(frozen=True, slots=True)
class Followed:
    """Something that can be followed: its names {lang: text} and where it is."""

    target: str
    names: dict[str, Any]
    path: str


def notices_of(
    session: Session, person_id: int, before: int | None = None, limit: int = 30
) -> list[Notice]:
    """A person's notices, newest first; one more than `limit` tells that there are older ones."""
    query = select(Notice).where(Notice.person_id == person_id)
    if before:
        query = query.where(col(Notice.id) < before)
    return list(session.exec(query.order_by(col(Notice.id).desc()).limit(limit + 1)).all())


def unread(session: Session, person_id: int) -> int:
    """How many notices a person has not read."""
    query = select(func.count()).where(Notice.person_id == person_id, col(Notice.read_at).is_(None))
    return int(session.exec(query).one())


def is_following(session: Session, actor: Actor, target: str) -> bool:
    """Whether a person follows something; no visitor does, and none is asked about."""
    if actor.id is None:
        return False
    query = select(Subscription.id).where(
        Subscription.person_id == actor.id, Subscription.target == target
    )
    return session.exec(query).first() is not None


def subscriptions_of(session: Session, person_id: int) -> list[Subscription]:
    """What a person follows."""
    query = select(Subscription).where(Subscription.person_id == person_id)
    return list(session.exec(query.order_by(col(Subscription.id))).all())


def followed(session: Session, targets: Sequence[str]) -> list[Followed]:
    """What these targets stand for, in their order; what is no longer public is left out."""
    ids = defaultdict(list)
    for target in targets:
        kind, number = read_target(target)
        ids[kind].append(number)
    found = {
        thing.target: thing
        for kind, numbers in ids.items()
        for thing in FIND[kind](session, numbers)
    }
    return [found[target] for target in targets if target in found]


def _drafts(session: Session, ids: Sequence[int]) -> list[Followed]:
    public = col(Draft.stage).in_(PUBLIC_STAGES)
    rows = session.exec(select(Draft).where(col(Draft.id).in_(ids), public)).all()
    return [Followed(f"draft:{row.id}", row.titles, f"/drafts/{row.id}") for row in rows]


def _agencies(session: Session, ids: Sequence[int]) -> list[Followed]:
    rows = session.exec(select(Agency).where(col(Agency.id).in_(ids))).all()
    return [Followed(f"agency:{row.id}", row.names, f"/drafts?agency={row.code}") for row in rows]


def _plan_items(session: Session, ids: Sequence[int]) -> list[Followed]:
    public = col(PlanItem.state).in_(PUBLIC)
    rows = session.exec(select(PlanItem).where(col(PlanItem.id).in_(ids), public)).all()
    return [Followed(f"plan:{row.id}", row.titles, f"/plan/{row.id}") for row in rows]


# How the things of each kind that may be followed (rules.FOLLOWED) are found by their numbers.
FIND: Mapping[str, Callable[[Session, Sequence[int]], list[Followed]]] = {
    "draft": _drafts,
    "agency": _agencies,
    "plan": _plan_items,
}


def what_became_of(session: Session, target: str) -> str:
    """The target itself; of a planned act that has a text by now, the draft: it goes on there."""
    kind, number = read_target(target)
    item = session.get(PlanItem, number) if kind == "plan" else None
    return f"draft:{item.draft_id}" if item and item.state == State.STARTED.value else target


def followers(session: Session, targets: Iterable[str]) -> dict[int, tuple[Person, Subscription]]:
    """Who follows any of these, by person, with the subscription that says so."""
    rows = session.exec(
        select(Person, Subscription)
        .join(Subscription, col(Subscription.person_id) == col(Person.id))
        .where(col(Subscription.target).in_(list(targets)))
        .order_by(col(Subscription.id))
    ).all()
    return {person.id or 0: (person, subscription) for person, subscription in rows}


def waits_for_notice(session: Session, consultation_id: int) -> bool:
    """Whether somebody whose comment is owed an answer has not been told of it yet.

    The key of a notice (see notify) is put together by the database, so that this costs the same
    memory for three comments as for a quarter of a million.
    """
    number, author = cast(col(Comment.id), String), cast(col(Comment.author_id), String)
    key = literal("answered:").concat(number).concat(":").concat(author)
    waiting = select(Comment.id).where(
        Comment.consultation_id == consultation_id,
        *public(),
        ~exists().where(col(Notice.key) == key),
    )
    return session.exec(waiting.limit(1)).first() is not None


def recent_mails(session: Session, limit: int = 100) -> list[Mail]:
    """The newest mails, for the developer's and the administrator's pages."""
    return list(session.exec(select(Mail).order_by(col(Mail.id).desc()).limit(limit)).all())


def mail_by_id(session: Session, mail_id: int) -> Mail:
    """One mail; raises NotFound."""
    mail = session.get(Mail, mail_id)
    if mail is None:
        raise NotFound("There is no such mail.")
    return mail
