"""What a person does with a duty. Each act is a line of the ledger (writing.py)."""

from datetime import datetime

from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.errors import Conflict
from consult.law.queries import Law
from consult.obligations.models import Obligation
from consult.obligations.queries import obligation_to_change
from consult.obligations.rules import Kind, Stored
from consult.obligations.writing import write
from consult.procedure.duties import Evidence
from consult.procedure.packs import RulePack

# What this site cannot see for itself, so that a person has to say it and show it.
BY_HAND = frozenset({Evidence.DECISION, Evidence.DOCUMENT})


def fulfil(
    session: Session,
    law: Law,
    *,
    actor: Actor,
    obligation_id: int,
    evidence: str,
    now: datetime,
) -> Obligation:
    """An officer says that a duty is done, and shows by what: a path, an address or words.

    What this site sees for itself cannot be claimed: a report is published or it is not. Raises
    NotFound, NotAllowed, Conflict, and Invalid without evidence.
    """
    obligation = obligation_to_change(session, obligation_id)
    check_agency(actor, "answer", obligation.agency_id)
    if not is_by_hand(law.pack, obligation):
        raise Conflict("This duty is fulfilled by doing it here: nobody can mark it as done.")
    data = {"evidence": evidence.strip()}
    write(session, law, obligation, Kind.FULFILLED, now, data, now=now, actor_id=actor.id)
    return obligation


def is_by_hand(pack: RulePack, obligation: Obligation) -> bool:
    """Whether a person has to say that a duty is done, because this site cannot see it."""
    return pack.duties[obligation.duty].evidence in BY_HAND


def may_fulfil(actor: Actor, pack: RulePack, obligation: Obligation) -> bool:
    """Whether this person is offered to mark a duty as fulfilled."""
    return (
        Stored(obligation.state) in (Stored.RUNNING, Stored.PAUSED)
        and is_by_hand(pack, obligation)
        and actor.may_for("answer", obligation.agency_id)
    )
