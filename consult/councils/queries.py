"""Reads of councils: whom they watch over, their members, their opinions and votes."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_
from sqlmodel import Session, col, select

from consult.accounts.models import Agency
from consult.accounts.queries import agencies, agency_by_code
from consult.councils.models import (
    CouncilMember,
    CouncilOpinion,
    CouncilVote,
    OpinionAnswer,
)
from consult.councils.rules import CLOSED
from consult.errors import NotFound
from consult.procedure.deciding import Ballot
from consult.procedure.stages import TERMINAL
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES


def council_by_code(session: Session, code: str) -> Agency:
    """A supervisory council; raises NotFound for any other body."""
    council = agency_by_code(session, code)
    if council.kind != "council":
        raise NotFound("There is no such council.")
    return council


def councils_of(session: Session, agency_id: int) -> list[Agency]:
    """The councils that watch over an agency: its own, or those of the nearest body above it."""
    every = agencies(session)
    here: int | None = agency_id
    while here is not None:
        found = [
            one
            for one in every.values()
            if one.parent_id == here and one.kind == "council" and one.closed_on is None
        ]
        if found:
            return sorted(found, key=lambda one: one.code)
        here = every[here].parent_id
    return []


def watched_by(session: Session, council: Agency) -> list[int]:
    """The bodies a council watches over: its parent, and what belongs to that without a council."""
    if council.parent_id is None:
        return []
    every = agencies(session)
    have = {one.parent_id for one in every.values() if one.kind == "council" and not one.closed_on}
    found, waiting = [], [council.parent_id]
    while waiting:
        here = waiting.pop()
        found.append(here)
        waiting += [
            id_
            for id_, one in every.items()
            if one.parent_id == here and one.kind != "council" and id_ not in have
        ]
    return found


def membership(session: Session, agency_id: int, person_id: int) -> CouncilMember | None:
    """That somebody is a member of a council now."""
    query = select(CouncilMember).where(
        CouncilMember.agency_id == agency_id,
        CouncilMember.person_id == person_id,
        col(CouncilMember.until_at).is_(None),
    )
    return session.exec(query).one_or_none()


def councils_with(session: Session, person_id: int | None) -> list[Agency]:
    """The councils somebody is a member of now."""
    query = (
        select(Agency)
        .join(CouncilMember, col(CouncilMember.agency_id) == col(Agency.id))
        .where(CouncilMember.person_id == person_id, col(CouncilMember.until_at).is_(None))
    )
    return list(session.exec(query.order_by(col(Agency.code))).all())


def members_of(session: Session, agency_id: int, *, former: bool = False) -> list[CouncilMember]:
    """The members of a council now, who chairs it first; or those it had before.

    Who was forgotten is none: their name is empty.
    """
    until = col(CouncilMember.until_at)
    query = select(CouncilMember).where(
        CouncilMember.agency_id == agency_id,
        until.is_not(None) if former else until.is_(None),
        col(CouncilMember.name) != "",
    )
    order = col(CouncilMember.is_chair).desc(), col(CouncilMember.id)
    return list(session.exec(query.order_by(*order).limit(200)).all())


def member_by_id(session: Session, council: Agency, member_id: int) -> CouncilMember:
    """One member of a council; raises NotFound."""
    member = session.get(CouncilMember, member_id)
    if member is None or member.agency_id != council.id:
        raise NotFound("There is no such member.")
    return member


def standing(session: Session, version_id: int, agency_id: int) -> CouncilOpinion | None:
    """What a council says, or is to say, of a version; not what found no majority."""
    query = select(CouncilOpinion).where(
        CouncilOpinion.version_id == version_id,
        CouncilOpinion.agency_id == agency_id,
        CouncilOpinion.state != "failed",
    )
    return session.exec(query).one_or_none()


def opinion_by_id(session: Session, opinion_id: int) -> CouncilOpinion:
    """One opinion; raises NotFound."""
    opinion = session.get(CouncilOpinion, opinion_id)
    if opinion is None:
        raise NotFound("There is no such opinion.")
    return opinion


def answer_to(session: Session, opinion_id: int) -> OpinionAnswer | None:
    """What the agency answers, public or not yet; None until an officer has written it."""
    query = select(OpinionAnswer).where(OpinionAnswer.opinion_id == opinion_id)
    return session.exec(query).one_or_none()


def vote_of(session: Session, opinion_id: int, member_id: int) -> CouncilVote | None:
    """The row of one member in a vote; None if they were no member when it began."""
    query = select(CouncilVote).where(
        CouncilVote.opinion_id == opinion_id, CouncilVote.member_id == member_id
    )
    return session.exec(query).one_or_none()


def votes_of(session: Session, opinion_id: int) -> list[tuple[CouncilVote, CouncilMember]]:
    """How the members voted, each with their name; who chairs the council first."""
    query = (
        select(CouncilVote, CouncilMember)
        .join(CouncilMember, col(CouncilMember.id) == col(CouncilVote.member_id))
        .where(CouncilVote.opinion_id == opinion_id)
    )
    order = col(CouncilMember.is_chair).desc(), col(CouncilMember.id)
    return list(session.exec(query.order_by(*order)).all())


def ballots(session: Session, opinion_ids: Collection[int]) -> Mapping[int, Ballot]:
    """How many members voted how, by opinion, in one query; who did not vote is absent."""
    query = (
        select(CouncilVote.opinion_id, CouncilVote.vote, func.count())
        .where(col(CouncilVote.opinion_id).in_(opinion_ids))
        .group_by(col(CouncilVote.opinion_id), col(CouncilVote.vote))
    )
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for opinion_id, vote, n in session.exec(query).all():
        found[opinion_id][vote] += n
    return {id_: _ballot(found[id_]) for id_ in opinion_ids}


def ballot_of(session: Session, opinion_id: int) -> Ballot:
    """The same of one opinion."""
    return ballots(session, [opinion_id])[opinion_id]


def _ballot(counts: Mapping[str, int]) -> Ballot:
    named = {vote: counts.get(vote, 0) for vote in ("for", "against", "abstained")}
    absent = sum(counts.values()) - sum(named.values())
    return Ballot(named["for"], named["against"], named["abstained"], absent)


@dataclass(frozen=True, slots=True)
class Entry:
    """An opinion in a list: the council, the draft, the votes once they are counted."""

    opinion: CouncilOpinion
    council: Agency
    draft: Draft
    ballot: Ballot | None
    answered_at: datetime | None


def is_public() -> ColumnElement[bool]:
    """The condition that everybody may know of an opinion: it was asked for, or is decided on."""
    decided = col(CouncilOpinion.state).in_(CLOSED)
    return or_(col(CouncilOpinion.asked_at).is_not(None), decided)


def opinions_on(session: Session, draft: Draft, *, inside: Collection[int] = ()) -> list[Entry]:
    """The opinions on a draft, the oldest first, and those asked for; at most a hundred.

    What a council writes of its own motion is its own until it is decided: `inside` are the
    councils whose work the reader sees.
    """
    return _entries(session, [CouncilOpinion.draft_id == draft.id], inside, newest=False, limit=100)


def opinions_of(
    session: Session,
    council: Agency,
    *,
    inside: Collection[int] = (),
    before: int | None = None,
    limit: int,
) -> list[Entry]:
    """The opinions of a council, the newest first; one more than `limit` tells of older ones."""
    where: list[Any] = [CouncilOpinion.agency_id == council.id]
    if before:
        where.append(col(CouncilOpinion.id) < before)
    return _entries(session, where, inside, newest=True, limit=limit + 1)


def _entries(
    session: Session, where: Sequence[Any], inside: Collection[int], *, newest: bool, limit: int
) -> list[Entry]:
    shown = or_(is_public(), col(CouncilOpinion.agency_id).in_(inside))
    order = col(CouncilOpinion.id).desc() if newest else col(CouncilOpinion.id)
    query = (
        select(CouncilOpinion, Agency, Draft, OpinionAnswer.published_at)
        .join(Agency, col(Agency.id) == col(CouncilOpinion.agency_id))
        .outerjoin(OpinionAnswer, col(OpinionAnswer.opinion_id) == col(CouncilOpinion.id))
        .join(Draft, col(Draft.id) == col(CouncilOpinion.draft_id))
        .where(*where, shown, col(Draft.stage).in_(PUBLIC_STAGES))
    )
    rows = session.exec(query.order_by(order).limit(limit)).all()
    closed = [row.id or 0 for row, *_ in rows if row.state in CLOSED]
    counted = ballots(session, closed) if closed else {}
    return [
        Entry(row, council, draft, counted.get(row.id or 0), answered_at)
        for row, council, draft, answered_at in rows
    ]


def count_opinions(session: Session, draft_id: int) -> int:
    """How many opinions were given on a draft."""
    query = select(func.count()).where(
        CouncilOpinion.draft_id == draft_id, CouncilOpinion.state == "given"
    )
    return int(session.exec(query).one())


def waiting_in(session: Session, agency_ids: Collection[int]) -> list[tuple[CouncilOpinion, Draft]]:
    """What some councils still have to write, or to decide, the oldest first.

    Not of drafts that came to their end meanwhile: nothing can be done there any more.
    """
    query = (
        select(CouncilOpinion, Draft)
        .join(Draft, col(Draft.id) == col(CouncilOpinion.draft_id))
        .where(
            col(CouncilOpinion.agency_id).in_(agency_ids),
            col(CouncilOpinion.state).not_in(CLOSED),
            col(Draft.stage).in_(PUBLIC_STAGES),
            col(Draft.stage).not_in(TERMINAL),
        )
    )
    return list(session.exec(query.order_by(col(CouncilOpinion.id)).limit(100)).all())
