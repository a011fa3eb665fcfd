"""What takes two persons: an officer proposes more time, a pause or a waiver, the head decides.

What is approved enters the ledger with both. All checks are made again then: it may be too late.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor, check_agency
from consult.errors import N_, Conflict, DomainError, Invalid, NotAllowed, NotFound
from consult.events import DutyProposalDecided, DutyProposed
from consult.law.queries import Law
from consult.obligations.ledger.rules import Kind, LedgerEvent
from consult.obligations.models import DutyProposal, Obligation
from consult.obligations.queries import obligation_to_change
from consult.obligations.writing import rehearse, write
from consult.procedure.deadlines import Computation

NOBODY = 0  # stands for whoever will approve, while it is tried out what would follow
DECIDED = {
    "approved": N_("This was approved already."),
    "refused": N_("This was refused already."),
    "withdrawn": N_("This was withdrawn. Nothing has to be decided any more."),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `kind` is a Kind that takes two persons, `basis` an act and its provision.

    `extra` is in the unit of the rule (extended), `ground` a code the rule names (paused).
    """

    kind: str
    basis: str
    reason: str
    extra: int = 0
    ground: str = ""


def propose(
    session: Session, law: Law, *, actor: Actor, obligation_id: int, wish: Wish, now: datetime
) -> DutyProposal:
    """An officer asks for more time, a pause or a waiver; those who may approve it are told.

    Raises NotFound, NotAllowed, Conflict (another one waits, or it is too late), Invalid.
    """
    obligation = obligation_to_change(session, obligation_id)
    check_agency(actor, "answer", obligation.agency_id)
    if waiting_proposal(session, obligation_id) is not None:
        raise Conflict("Something is proposed for this duty already. It has to be decided first.")
    proposal = DutyProposal(
        obligation_id=obligation_id,
        kind=wish.kind,
        extra=wish.extra if wish.kind == Kind.EXTENDED else 0,
        ground=wish.ground if wish.kind == Kind.PAUSED else "",
        basis=wish.basis.strip(),
        reason=wish.reason.strip(),
        proposed_by=actor.person_id,
        proposed_at=now,
    )
    rehearse(session, law, obligation, _line(proposal, NOBODY, now))
    session.add(proposal)
    session.flush()
    outbox.record(session, DutyProposed(proposal.id or 0, obligation_id), now)
    return proposal


def decide(
    session: Session,
    law: Law,
    *,
    actor: Actor,
    proposal_id: int,
    approved: bool,
    note: str,
    now: datetime,
) -> None:
    """Another person than the proposer approves, or refuses with a note; the proposer is told.

    Of two who decide at once the first counts, and the other is told so. Raises NotFound,
    NotAllowed, Conflict (decided or withdrawn meanwhile, or it became too late), Invalid.
    """
    proposal, obligation = _to_change(session, proposal_id)
    check_agency(actor, "approve", obligation.agency_id)
    if actor.person_id == proposal.proposed_by:
        raise NotAllowed("Somebody else has to decide on what you proposed.")
    _check_waiting(proposal)
    if not approved and not note.strip():
        raise Invalid("Say why.", field="note")
    _settle(session, proposal, "approved" if approved else "refused", actor, note, now)
    if approved:
        line = _line(proposal, actor.person_id, now)
        write(session, law, obligation, line.kind, now, line.data, now=now, actor_id=line.actor_id)
    outbox.record(session, DutyProposalDecided(proposal_id, obligation.id or 0), now)


def withdraw(session: Session, *, actor: Actor, proposal_id: int, now: datetime) -> None:
    """The proposer takes a proposal back. Raises NotFound, NotAllowed, Conflict if decided."""
    proposal, _ = _to_change(session, proposal_id)
    if actor.person_id != proposal.proposed_by:
        raise NotAllowed("Only who proposed this may take it back.")
    _check_waiting(proposal)
    _settle(session, proposal, "withdrawn", actor, "", now)


def proposal_of(session: Session, proposal_id: int) -> DutyProposal:
    """One proposal; raises NotFound."""
    proposal = session.get(DutyProposal, proposal_id)
    if proposal is None:
        raise NotFound("There is no such proposal.")
    return proposal


def waiting_proposal(session: Session, obligation_id: int) -> DutyProposal | None:
    """What waits for a decision about a duty: one proposal at most."""
    query = select(DutyProposal).where(
        DutyProposal.obligation_id == obligation_id, DutyProposal.verdict == "waiting"
    )
    return session.exec(query).first()


def newest_proposal(session: Session, obligation_id: int) -> DutyProposal | None:
    """What was proposed last for a duty, whatever became of it."""
    query = select(DutyProposal).where(DutyProposal.obligation_id == obligation_id)
    return session.exec(query.order_by(col(DutyProposal.id).desc()).limit(1)).first()


def outlook(
    session: Session, law: Law, obligation: Obligation, proposal: DutyProposal, now: datetime
) -> tuple[Computation | None, DomainError | None]:
    """What approving a proposal now would come to: the new date, if one follows, or the refusal."""
    try:
        return rehearse(session, law, obligation, _line(proposal, NOBODY, now)), None
    except DomainError as refusal:
        return None, refusal


def _to_change(session: Session, proposal_id: int) -> tuple[DutyProposal, Obligation]:
    """A proposal and its duty, which nobody else changes until this transaction ends."""
    found = proposal_of(session, proposal_id)
    obligation = obligation_to_change(session, found.obligation_id)
    session.refresh(found)  # what it has become while we waited for our turn
    return found, obligation


def _check_waiting(proposal: DutyProposal) -> None:
    if proposal.verdict != "waiting":
        raise Conflict(DECIDED[proposal.verdict])


def _settle(
    session: Session, proposal: DutyProposal, verdict: str, actor: Actor, note: str, now: datetime
) -> None:
    proposal.verdict, proposal.note = verdict, note.strip()
    proposal.decided_by, proposal.decided_at = actor.person_id, now
    session.add(proposal)
    session.flush()


def _line(proposal: DutyProposal, approved_by: int, now: datetime) -> LedgerEvent:
    """The line of the ledger a proposal becomes when it is approved."""
    data: dict[str, Any] = {
        "basis": proposal.basis,
        "reason": proposal.reason,
        "approved_by": approved_by,
    }
    if proposal.kind == Kind.EXTENDED:
        data["extra"] = proposal.extra
    if proposal.kind == Kind.PAUSED:
        data["ground"] = proposal.ground
    return LedgerEvent(0, Kind(proposal.kind), now, data, proposal.proposed_by)
