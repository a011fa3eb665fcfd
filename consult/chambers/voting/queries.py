"""Reads of roll-calls: how a reading was voted on by faction and by name, how a deputy votes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from consult.chambers.bills.models import Amendment, Reading
from consult.chambers.deputies.models import Deputy
from consult.chambers.voting.models import RollCall, RollCallVote
from consult.chambers.voting.rules import Tally, tallied, total
from consult.errors import NotFound
from drafts.models import Draft


@dataclass(frozen=True, slots=True)
class Called:
    """A roll-call with its totals; the amendment it was about, None: the bill as a whole."""

    roll_call: RollCall
    amendment: Amendment | None
    factions: Sequence[Tally] = field(default_factory=list)

    @property
    def whole(self) -> Tally:
        return total(self.factions)


@dataclass(frozen=True, slots=True)
class Cast:
    """How one deputy voted in one roll-call."""

    vote: RollCallVote
    deputy: Deputy


@dataclass(frozen=True, slots=True)
class OwnVote:
    """One vote of a deputy, with what it was about."""

    vote: RollCallVote
    reading: Reading
    draft: Draft
    amendment: Amendment | None


def roll_call_by_id(session: Session, roll_call_id: int) -> RollCall:
    """One roll-call; raises NotFound."""
    found = session.get(RollCall, roll_call_id)
    if found is None:
        raise NotFound("There is no such roll-call.")
    return found


def roll_calls_at(session: Session, reading_ids: Collection[int]) -> Mapping[int, list[Called]]:
    """The roll-calls of some readings by the number of the reading's row; two queries."""
    query = (
        select(RollCall, Amendment)
        .outerjoin(Amendment, col(Amendment.id) == col(RollCall.amendment_id))
        .where(col(RollCall.reading_id).in_(set(reading_ids)))
        .order_by(col(RollCall.id))
    )
    rows = session.exec(query).all()
    factions = tallies_of(session, [roll_call.id or 0 for roll_call, _ in rows])
    found: dict[int, list[Called]] = defaultdict(list)
    for roll_call, amendment in rows:
        told = Called(roll_call, amendment, factions.get(roll_call.id or 0, []))
        found[roll_call.reading_id].append(told)
    return found


def tallies_of(session: Session, roll_call_ids: Collection[int]) -> Mapping[int, list[Tally]]:
    """The tallies by faction of some roll-calls."""
    parts = (col(RollCallVote.roll_call_id), col(RollCallVote.faction), col(RollCallVote.choice))
    query = sa_select(*parts, func.count()).where(parts[0].in_(set(roll_call_ids)))
    votes: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for id_, faction, choice, n in session.execute(query.group_by(*parts)).all():
        votes[id_].append((faction, choice, n))
    return {id_: tallied(own) for id_, own in votes.items()}


def votes_in(session: Session, roll_call_id: int) -> list[Cast]:
    """How everybody voted, by name."""
    query = (
        select(RollCallVote, Deputy)
        .join(Deputy, col(Deputy.id) == col(RollCallVote.deputy_id))
        .where(RollCallVote.roll_call_id == roll_call_id)
        .order_by(col(Deputy.name), col(Deputy.id))
    )
    return [Cast(*row) for row in session.exec(query).all()]


def votes_of(
    session: Session, deputy_id: int, *, before: int = 0, limit: int | None = None
) -> list[OwnVote]:
    """How a deputy voted, the newest first; one more than `limit` tells that there are older."""
    query = (
        select(RollCallVote, Reading, Draft, Amendment)
        .join(RollCall, col(RollCall.id) == col(RollCallVote.roll_call_id))
        .join(Reading, col(Reading.id) == col(RollCall.reading_id))
        .join(Draft, col(Draft.id) == col(RollCall.draft_id))
        .outerjoin(Amendment, col(Amendment.id) == col(RollCall.amendment_id))
        .where(RollCallVote.deputy_id == deputy_id)
        .order_by(col(RollCallVote.roll_call_id).desc())
    )
    if before:
        query = query.where(col(RollCallVote.roll_call_id) < before)
    if limit is not None:
        query = query.limit(limit + 1)
    return [OwnVote(*row) for row in session.exec(query).all()]


def count_votes_of(session: Session, deputy_id: int) -> Tally:
    """How often a deputy voted how."""
    rows = session.execute(
        select(RollCallVote.choice, func.count())
        .where(RollCallVote.deputy_id == deputy_id)
        .group_by(col(RollCallVote.choice))
    ).all()
    return Tally("", {row[0]: row[1] for row in rows})
