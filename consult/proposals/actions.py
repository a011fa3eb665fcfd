"""What is done with proposals: made, supported, joined, withdrawn, hidden; not their answers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, literal
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor, check_right
from consult.accounts.models import Agency
from consult.comments.rules import check_not_own, clean_body
from consult.db import upsert
from consult.errors import Conflict, Invalid, NotAllowed
from consult.law.queries import Law
from consult.moderation.actions import log_hidden
from consult.moderation.rules import check_independent, check_reason
from consult.procedure.deadlines import Term, compute, local_day
from consult.procedure.levels import Level, level_of
from consult.proposals.models import Proposal, ProposalSupport
from consult.proposals.queries import gathering, has_provision, similar
from consult.proposals.rules import (
    COPY,
    Said,
    State,
    check_gathering,
    check_joining,
    check_known,
    check_said,
    is_enough,
)
from consult.voice_events import (
    ProposalHidden,
    ProposalJoined,
    ProposalMade,
    ProposalReached,
    ProposalWithdrawn,
)


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom a proposal is put to, its `topic`, and which text it is about, if one."""

    agency_id: int
    topic: str = ""
    draft_id: int | None = None
    wid: str = ""


def propose(
    session: Session, *, actor: Actor, law: Law, said: Said, to: Addressed, now: datetime
) -> Proposal:
    """Put a proposal to a body; it is public at once, and its author supports it.

    How many it needs, and until when, is what the law says now. Raises Conflict for a copy of one
    that is open: that one can be supported.
    """
    check_right(actor, "propose")
    check_known(actor)
    said = Said(
        said.kind,
        " ".join(said.title.split()),
        clean_body(said.body),
        clean_body(said.wanted),
        said.lang,
    )
    check_said(said)
    level = _level(session, law, to, now)
    # One after another: of two copies that come at once the second one finds the first.
    session.get_one(Agency, to.agency_id, with_for_update={"key_share": True})
    if similar(session, said, now).is_copy:
        raise Conflict(COPY, field="title")
    rule = law.pack.rule_for(Term.PROPOSAL_SUPPORT, "", local_day(now, law.tz))
    row = Proposal(
        **{name: getattr(said, name) for name in ("kind", "title", "body", "wanted", "lang")},
        **{name: getattr(to, name) for name in ("agency_id", "topic", "draft_id", "wid")},
        level=level.code,
        author_id=actor.person_id,
        created_at=now,
        needed=level.support,
        counts=level.counts,
        gathers_until=compute(rule, now, law.calendar, law.tz).due_at,
    )
    session.add(row)
    session.flush()
    outbox.record(session, ProposalMade(row.id or 0), now)
    _add_support(session, row, actor, now)
    return row


def _level(session: Session, law: Law, to: Addressed, now: datetime) -> Level:
    agency = session.get(Agency, to.agency_id)
    today = local_day(now, law.tz)
    level = level_of(law.pack.level, agency.kind, today) if agency else None
    if agency is None or level is None or (agency.closed_on and agency.closed_on <= today):
        raise Invalid("Please choose whom you ask.", field="agency")
    if to.topic and to.topic not in law.pack.topics:
        raise Invalid("Please choose one of the options.", field="topic")
    if to.wid and not has_provision(session, to.draft_id, to.wid):
        raise Invalid("There is no such provision in this text.")
    return level


def support(session: Session, *, actor: Actor, proposal: Proposal, now: datetime) -> None:
    """Support it, once a person; with the last one needed the term of the answer begins to run.

    The row is held while it is counted: of many who come at once each is counted once, and one of
    them is the last. Done twice, it is the same.
    """
    check_right(actor, "propose")
    _hold(session, proposal)
    if _support_of(session, proposal, actor.person_id):
        return
    check_gathering(proposal.state(now))
    _add_support(session, proposal, actor, now)


def take_back(session: Session, *, actor: Actor, proposal: Proposal, now: datetime) -> None:
    """Support it no longer; not once it is decided that there were enough."""
    check_right(actor, "propose")
    _hold(session, proposal)
    if proposal.author_id == actor.person_id:
        raise Conflict("This is your own proposal: you can withdraw it.")
    check_gathering(proposal.state(now))
    own = _support_of(session, proposal, actor.person_id)
    if own is None:
        return
    session.delete(own)
    proposal.supporters -= 1
    proposal.identified -= own.is_identified
    session.add(proposal)
    session.flush()


def _support_of(session: Session, proposal: Proposal, person_id: int) -> ProposalSupport | None:
    own = select(ProposalSupport).where(
        ProposalSupport.proposal_id == proposal.id, ProposalSupport.person_id == person_id
    )
    return session.exec(own).first()


def _add_support(session: Session, proposal: Proposal, actor: Actor, now: datetime) -> None:
    session.add(
        ProposalSupport(
            proposal_id=proposal.id or 0,
            person_id=actor.person_id,
            is_identified=actor.is_identified,
            supported_at=now,
        )
    )
    proposal.supporters += 1
    proposal.identified += actor.is_identified
    see_whether_enough(session, proposal, now)


def see_whether_enough(session: Session, proposal: Proposal, now: datetime) -> None:
    """Owe an answer from the moment on at which it has as many as it needs: once and for good."""
    p = proposal
    enough = is_enough(p.counts, p.needed, p.supporters, p.identified)
    if enough and p.state(now) is State.GATHERING:
        p.supported_at = now
        outbox.record(session, ProposalReached(p.id or 0), now)
    session.add(p)
    session.flush()


def _hold(session: Session, *proposals: Proposal) -> None:
    """Nobody else changes them, or counts, until this is done; the lower number comes first."""
    for one in sorted(proposals, key=lambda one: one.id or 0):
        session.refresh(one, with_for_update=True)


def join(
    session: Session, *, actor: Actor, proposal: Proposal, into: Proposal, now: datetime
) -> None:
    """Let whoever supports `proposal` support `into` instead, each once.

    By its author, or by a moderator who is not of the agency. Raises Conflict, Invalid, NotAllowed.
    """
    check_may_join(actor, proposal)
    _hold(session, proposal, into)
    check_joining(
        proposal.state(now),
        into.state(now),
        same=proposal.id == into.id,
        same_agency=proposal.agency_id == into.agency_id,
    )
    _carry_over(session, proposal, into, now)
    proposal.joined_to, proposal.joined_at, proposal.joined_by = into.id, now, actor.id
    session.add(proposal)
    outbox.record(session, ProposalJoined(proposal.id or 0, into.id or 0), now)
    see_whether_enough(session, into, now)


def check_may_join(actor: Actor, proposal: Proposal) -> None:
    """Raise NotAllowed for whoever is neither its author nor a moderator of no agency's."""
    if actor.id is not None and actor.id == proposal.author_id:
        check_right(actor, "propose")
        return
    check_may_moderate(actor, proposal)


def _carry_over(session: Session, proposal: Proposal, into: Proposal, now: datetime) -> None:
    """Whoever supports both is counted once; who was forgotten stays counted where they were."""
    own = ProposalSupport
    columns = ("proposal_id", "person_id", "is_identified", "carried_from", "supported_at")
    carried = select(  # type: ignore[call-overload]
        literal(into.id),
        own.person_id,
        own.is_identified,
        literal(proposal.id),
        literal(now, own.__table__.c.supported_at.type),  # type: ignore[attr-defined]
    ).where(own.proposal_id == proposal.id, col(own.person_id).is_not(None))
    session.execute(upsert(session, own).from_select(columns, carried).on_conflict_do_nothing())
    into.supporters, into.identified = session.execute(
        select(func.count(), func.count(case((col(own.is_identified), 1)))).where(
            own.proposal_id == into.id
        )
    ).one()


def withdraw(session: Session, *, actor: Actor, proposal: Proposal, now: datetime) -> None:
    """Its author takes it back, as long as it gathers support; it stays to be read."""
    if actor.id is None or proposal.author_id != actor.id:
        raise NotAllowed("Only its author can do this.")
    check_right(actor, "propose")
    _hold(session, proposal)
    check_gathering(proposal.state(now))
    proposal.withdrawn_at = now
    session.add(proposal)
    outbox.record(session, ProposalWithdrawn(proposal.id or 0), now)


def hide(session: Session, *, actor: Actor, proposal: Proposal, reason: str, now: datetime) -> None:
    """Hide the words, for a reason of moderation/rules.REASONS; a marked gap stays."""
    check_may_moderate(actor, proposal)
    check_reason(reason, "")
    _hold(session, proposal)
    if proposal.hidden_at is not None:
        raise Conflict("This proposal is hidden already.")
    proposal.hidden_by, proposal.hidden_at, proposal.hidden_reason = actor.id, now, reason
    session.add(proposal)
    act = log_hidden(session, actor, f"proposal:{proposal.id}", reason, now)
    outbox.record(session, ProposalHidden(proposal.id or 0, act.id or 0), now)


def check_may_moderate(actor: Actor, proposal: Proposal) -> None:
    """Raise NotAllowed for whoever may not hide it: who made it, those of the agency above all."""
    check_right(actor, "moderate")
    check_independent(actor, proposal.agency_id)
    check_not_own(proposal.author_id, actor.person_id)


def count_identified(session: Session, person_id: int, *, known: bool, now: datetime) -> None:
    """Count somebody's support as that of an identified person, or no longer.

    Of what is decided it stays as it was counted. Done twice, it is the same.
    """
    query = (
        select(Proposal.id)
        .join(ProposalSupport, col(ProposalSupport.proposal_id) == col(Proposal.id))
        .where(ProposalSupport.person_id == person_id, *gathering(now))
        .order_by(col(Proposal.id))
    )
    for proposal_id in session.exec(query).all():
        proposal = session.get_one(Proposal, proposal_id)
        _hold(session, proposal)
        own = _support_of(session, proposal, person_id)
        if own is None or own.is_identified == known or proposal.state(now) is not State.GATHERING:
            continue
        own.is_identified = known
        proposal.identified += 1 if known else -1
        session.add(own)
        see_whether_enough(session, proposal, now)
