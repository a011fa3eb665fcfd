"""What the record gathers beside roll-calls and sittings: each vote, each item of an agenda."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlmodel import Session, col, select

from consult.chambers.sittings.models import SittingItem
from consult.chambers.voting.models import RollCallVote
from consult.record.kinds import plain

Words = Mapping[int, tuple[dict[str, Any], dict[str, Any]]]  # row: more facts, more words


def votes_cast(session: Session, ids: Collection[int]) -> Words:
    """Of each roll-call [[deputy, choice, faction, time], …], by the numbers of the deputies."""
    query = select(RollCallVote).where(col(RollCallVote.roll_call_id).in_(ids))
    votes: dict[int, list[list[Any]]] = defaultdict(list)
    for row in session.exec(query.order_by(col(RollCallVote.deputy_id))).all():
        cast = [row.deputy_id, row.choice, row.faction, plain(row.voted_at)]
        votes[row.roll_call_id].append(cast)
    return {id_: ({}, {"votes": votes[id_]}) for id_ in ids}


def agenda(session: Session, ids: Collection[int]) -> Words:
    """Of each sitting [[position, title, result, draft], …]."""
    query = select(SittingItem).where(col(SittingItem.sitting_id).in_(ids))
    items: dict[int, list[list[Any]]] = defaultdict(list)
    for row in session.exec(query.order_by(col(SittingItem.position))).all():
        items[row.sitting_id].append([row.position, row.title, row.result, row.draft_id])
    return {id_: ({}, {"items": items[id_]}) for id_ in ids}
