"""How an agency answers a proposal: one officer writes, another approves; what came of it."""

from datetime import datetime

from sqlmodel import Session

from consult import outbox
from consult.access import Actor, check_agency
from consult.answers.rules import check_second_person
from consult.comments.rules import clean_body
from consult.errors import N_, Conflict, Invalid, NotFound
from consult.proposals.models import Proposal, ProposalAnswer
from consult.proposals.queries import answer_of
from consult.proposals.rules import State, check_answer, check_link
from consult.voice_events import ProposalAnswered, ProposalLed
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES

NOTE_MAX = 1000
MEANWHILE = N_("This answer was changed since you opened this page. Please look again.")


def write_answer(
    session: Session,
    *,
    actor: Actor,
    proposal: Proposal,
    outcome: str,
    reason: str,
    lang: str,
    now: datetime,
) -> ProposalAnswer:
    """Write the answer on the merits, or write it anew; a second person has to approve it.

    Whoever wrote it last is who wrote it. Raises Conflict where none is owed any more.
    """
    check_agency(actor, "answer", proposal.agency_id)
    reason = clean_body(reason)
    check_answer(outcome, reason)
    _hold(session, proposal, now)
    known = answer_of(session, proposal.id or 0)
    row = known or ProposalAnswer(
        proposal_id=proposal.id or 0,
        outcome=outcome,
        reason=reason,
        lang=lang,
        drafted_by=actor.person_id,
        drafted_at=now,
    )
    row.outcome, row.reason, row.lang, row.state = outcome, reason, lang, "submitted"
    row.drafted_by, row.drafted_at, row.returned_note = actor.person_id, now, ""
    session.add(row)
    session.flush()
    return row


def approve_answer(
    session: Session, *, actor: Actor, proposal: Proposal, seen: str, now: datetime
) -> None:
    """Let it be public: by another person than the one who wrote it. `seen` is its mark."""
    row = _waiting(session, actor, proposal, seen, now)
    check_second_person(row.drafted_by, actor.person_id)
    row.state, row.approved_by, row.published_at = "published", actor.id, now
    proposal.answered_at = now
    session.add(row)
    session.add(proposal)
    outbox.record(session, ProposalAnswered(proposal.id or 0, row.id or 0), now)


def return_answer(
    session: Session, *, actor: Actor, proposal: Proposal, seen: str, note: str, now: datetime
) -> None:
    """Give it back to who wrote it, saying what is missing."""
    row = _waiting(session, actor, proposal, seen, now)
    note = note.strip()
    if not note:
        raise Invalid("Please say what should be changed.", field="note")
    if len(note) > NOTE_MAX:
        raise Invalid("This is too long: at most {most} characters.", field="note", most=NOTE_MAX)
    row.state, row.returned_note = "returned", note
    session.add(row)


def link_draft(
    session: Session, *, actor: Actor, proposal: Proposal, draft: Draft, now: datetime
) -> None:
    """Say which draft of the agency began with what was accepted; once, and only a public one."""
    check_agency(actor, "answer", proposal.agency_id)
    session.refresh(proposal, with_for_update=True)
    answer = answer_of(session, proposal.id or 0)
    outcome = answer.outcome if answer and answer.published_at else ""
    check_link(outcome, same_agency=draft.agency_id == proposal.agency_id)
    if draft.stage not in PUBLIC_STAGES or draft.published_at is None:
        raise Invalid("This draft is not public yet.", field="draft")
    if proposal.led_to is not None:
        raise Conflict("It is known already which draft it led to.")
    proposal.led_to, proposal.led_at, proposal.led_by = draft.id, now, actor.id
    session.add(proposal)
    outbox.record(session, ProposalLed(proposal.id or 0, draft.id or 0), now)


def _hold(session: Session, proposal: Proposal, now: datetime) -> None:
    session.refresh(proposal, with_for_update=True)
    state = proposal.state(now)
    if state is State.ANSWERED:
        raise Conflict("This proposal is answered.")
    if state is not State.REACHED:
        raise Conflict("No answer is owed to this proposal.")


def _waiting(
    session: Session, actor: Actor, proposal: Proposal, seen: str, now: datetime
) -> ProposalAnswer:
    """The answer that waits for approval, as its reader saw it."""
    check_agency(actor, "approve", proposal.agency_id)
    _hold(session, proposal, now)
    row = answer_of(session, proposal.id or 0)
    if row is None:
        raise NotFound("There is no answer yet.")
    if row.state != "submitted" or row.mark != seen:
        raise Conflict(MEANWHILE)
    return row
