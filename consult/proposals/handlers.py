"""What follows from a proposal: an answer is owed, given, or owed no more; who is identified."""

from datetime import datetime

from sqlmodel import Session

from consult.account_events import IdentityTakenBack, PersonIdentified
from consult.accounts.models import Person
from consult.errors import N_
from consult.law.queries import law_of
from consult.obligations.keeping.asked import cancel_one, owe_for_one, settle_one
from consult.platform import Platform
from consult.procedure.duties import Evidence, Per
from consult.proposals.actions import count_identified
from consult.proposals.models import Proposal
from consult.voice_events import ProposalAnswered, ProposalHidden, ProposalReached

HIDDEN = N_("The proposal is not shown any more.")


def owe_answer_to_proposal(
    session: Session, platform: Platform, event: ProposalReached, now: datetime
) -> None:
    """Unless it is hidden by now; whoever hides it meanwhile waits until the duty can be ended."""
    proposal = session.get_one(Proposal, event.proposal_id)
    session.refresh(proposal, with_for_update={"read": True})
    if proposal.hidden_at is None:
        _owe(session, platform, proposal, now)


def _owe(session: Session, platform: Platform, proposal: Proposal, now: datetime) -> None:
    law, at = law_of(session, platform.pack), proposal.supported_at or now
    owing = proposal.agency_id
    owe_for_one(session, law, Per.PROPOSAL, proposal.id or 0, at, now, agency_id=owing)


def settle_answered_proposal(
    session: Session, platform: Platform, event: ProposalAnswered, now: datetime
) -> None:
    proposal = session.get_one(Proposal, event.proposal_id)
    _owe(session, platform, proposal, now)
    law, at = law_of(session, platform.pack), proposal.answered_at or now
    path = f"/proposals/{proposal.id}"
    number, evidence = event.proposal_id, Evidence.PROPOSAL_ANSWER
    settle_one(session, law, Per.PROPOSAL, number, evidence, path, at, now)


def cancel_hidden_proposal(
    session: Session, platform: Platform, event: ProposalHidden, now: datetime
) -> None:
    """Nobody is owed an answer to what breaks the rules."""
    proposal = session.get_one(Proposal, event.proposal_id)
    law, at = law_of(session, platform.pack), proposal.hidden_at or now
    cancel_one(session, law, Per.PROPOSAL, event.proposal_id, HIDDEN, at, now)


def count_identified_support(
    session: Session,
    _platform: Platform,
    event: PersonIdentified | IdentityTakenBack,
    now: datetime,
) -> None:
    """Done twice, it is the same."""
    known = session.get_one(Person, event.person_id).verified_at is not None
    count_identified(session, event.person_id, known=known, now=now)
