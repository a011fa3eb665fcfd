"""Who took part in the drafts of a scope: people and organisations, each once for each key."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    and_,
    cast,
    func,
    select,
    union_all,
)
from sqlmodel import col

from consult.accounts.models import Agency, Person
from consult.comments.models import Comment
from consult.comments.queries import public
from consult.consultations.models import Consultation
from consult.statistics.facts.ground import Ground, grouped, shape, when
from consult.statistics.participants import about, account, identity, took_part
from consult.statistics.queries import NO_REPLY
from consult.votes.models import Vote
from drafts.models import Draft

# Kinds of agency that propose no acts as a rule; one that did counts all the same.
WATCHING = ("oversight", "parliament", "council")


def people(ground: Ground) -> Select[Any]:
    """By who they are: person or organisation, with an account or without, identified or not."""
    who = _who(ground)
    parts = (who.c.participant, account(), identity(who.c.participant == "organisation"))
    keys = [who.c[label] for label in ground.labels]
    query = select(*keys, *shape("people", *parts)).select_from(who)
    query = query.join(Person, col(Person.id) == who.c.person_id)
    return query.group_by(*keys, *grouped(parts, None))


def _who(ground: Ground) -> Subquery:
    said = ground.drafts(col(Comment.author_id), col(Comment.organisation_id))
    voted = ground.drafts(col(Vote.person_id))
    return took_part(
        said.join(Comment, col(Comment.draft_id) == col(Draft.id)).where(*public()),
        voted.join(Vote, col(Vote.draft_id) == col(Draft.id)),
        len(ground.keys),
    )


def first_time(ground: Ground) -> Select[Any]:
    """The people whose first words or vote of all were about one of these drafts."""
    said: list[Any] = [
        col(Comment.author_id).label("person_id"),
        col(Comment.created_at).label("at"),
    ]
    cast_: list[Any] = [col(Vote.person_id), col(Vote.cast_at)]
    own = (*public(), col(Comment.organisation_id).is_(None))
    here = union_all(
        ground.drafts(*said).join(Comment, col(Comment.draft_id) == col(Draft.id)).where(*own),
        ground.drafts(*cast_).join(Vote, col(Vote.draft_id) == col(Draft.id)),
    ).subquery()
    theirs = select(here.c.person_id).where(here.c.person_id.is_not(None))  # a few, by an index
    anywhere = union_all(
        select(*said).where(*own, col(Comment.author_id).in_(theirs)),
        select(*cast_).where(col(Vote.person_id).in_(theirs)),
    ).subquery()
    first = _earliest(anywhere)
    in_scope = _earliest(here, ground.labels)
    query = ground.fact_of(in_scope, "first_time")
    same = and_(in_scope.c.person_id == first.c.person_id, in_scope.c.at == first.c.at)
    return query.join(first, same)


def _earliest(acts: Subquery, labels: tuple[str, ...] = ()) -> Subquery:
    keys = [acts.c[label] for label in labels]
    query = select(*keys, acts.c.person_id, func.min(acts.c.at).label("at"))
    return query.group_by(*keys, acts.c.person_id).subquery()


def demographics(ground: Ground) -> Select[Any]:
    """The people by what they said of themselves; for all keys together only."""
    said = about(_who(ground)).subquery()
    return select(*shape("about", said.c.what, said.c.said, n=cast(said.c.n, BigInteger)))


def languages(ground: Ground) -> Select[Any]:
    """Comments by the language they are in; `days` is how many people wrote them."""
    writers = func.count(col(Comment.author_id).distinct())
    query = ground.drafts(*shape("language", col(Comment.lang), days=writers))
    query = query.join(Comment, col(Comment.draft_id) == col(Draft.id)).where(*public(), NO_REPLY)
    return query.group_by(*ground.labels, "p0")


def bodies(ground: Ground) -> Select[Any]:
    """The agencies there were in a period, by whether they opened a discussion on a draft of it."""
    since, before = ground.scope.edges(ground.pack.tz)
    drafts = select(col(Draft.agency_id)).where(*ground.narrowed())
    opened = drafts.join(Consultation, col(Consultation.draft_id) == col(Draft.id)).where(
        col(Consultation.opened_at).is_not(None)
    )
    consulting: ColumnElement[str] = when(col(Agency.id).in_(opened))
    there: ColumnElement[bool] = col(Agency.kind).not_in(WATCHING)
    if before:
        there = and_(there, col(Agency.created_at) < before)
    query = select(*shape("bodies", consulting)).select_from(Agency)
    query = query.where(there | col(Agency.id).in_(drafts))
    if since:
        closed = col(Agency.closed_on)
        query = query.where(closed.is_(None) | (closed > ground.scope.since))
    return query.group_by("p0")
