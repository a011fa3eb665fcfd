"""What a secretariat does with roll-calls: publishes one from a file, publishes it anew."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor
from consult.chambers.bills.actions import begin_recording
from consult.chambers.bills.models import Amendment, Reading
from consult.chambers.rules import noted
from consult.chambers.voting.models import RollCall, RollCallVote
from consult.chambers.voting.queries import tallies_of
from consult.chambers.voting.rules import Ballot, total
from consult.errors import Conflict, Invalid
from consult.voice_events import RollCallPublished
from drafts.models import Draft


def publish_roll_call(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    reading: Reading,
    ballots: Sequence[Ballot],
    amendment_id: int | None = None,
    why: str = "",
    now: datetime,
) -> RollCall:
    """How each deputy voted becomes public, as it was read and checked by voting/reading.py.

    One that is public already is replaced for a reason `why`; its totals stay public. Raises
    Conflict where it is there and no reason is given.
    """
    begin_recording(session, actor, draft)
    if not ballots:
        raise Invalid("There is nothing in this table.", field="file")
    _check_amendment(session, draft, amendment_id)
    row = _known(session, reading, amendment_id)
    if row is None:
        row = RollCall(
            draft_id=draft.id or 0, reading_id=reading.id or 0, amendment_id=amendment_id,
            recorded_by=actor.id, recorded_at=now,
        )  # fmt: skip
    else:
        _take_back(session, row, why, now)
    session.add(row)
    session.flush()
    for ballot in ballots:
        session.add(
            RollCallVote(
                roll_call_id=row.id or 0,
                deputy_id=ballot.deputy_id,
                choice=ballot.choice,
                faction=ballot.faction,
                voted_at=ballot.voted_at,
            )
        )
    session.flush()
    outbox.record(session, RollCallPublished(row.id or 0, draft.id or 0), now)
    return row


def _check_amendment(session: Session, draft: Draft, amendment_id: int | None) -> None:
    amendment = session.get(Amendment, amendment_id) if amendment_id else None
    if amendment_id and (amendment is None or amendment.draft_id != draft.id):
        raise Invalid("Please choose one of the options.", field="amendment")


def _known(session: Session, reading: Reading, amendment_id: int | None) -> RollCall | None:
    query = select(RollCall).where(
        RollCall.reading_id == reading.id,
        col(RollCall.amendment_id).is_not_distinct_from(amendment_id),
    )
    return session.exec(query).first()


def _take_back(session: Session, row: RollCall, why: str, now: datetime) -> None:
    if not why:
        raise Conflict(
            "This roll-call is public already. To replace it, give the reason.", field="why"
        )
    counts = total(tallies_of(session, [row.id or 0]).get(row.id or 0, [])).counts
    row.corrections = [*row.corrections, noted(dict(counts), why, now)]
    session.execute(delete(RollCallVote).where(col(RollCallVote.roll_call_id) == row.id))
