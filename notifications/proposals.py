"""What people are told of a proposal they made, support or follow, at each stage; each once."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from consult import voice_events as events
from consult.accounts.models import Agency, Person
from consult.events import Event
from consult.platform import Platform
from consult.proposals.models import Proposal
from consult.proposals.queries import answer_of, supporters
from drafts.models import Draft
from notifications.models import Message
from notifications.spreading import Announcement, announce
from notifications.telling import tell, titles_of

HIDDEN = "proposal_hidden"


def announce_proposal(
    session: Session,
    platform: Platform,
    event: events.ProposalReached
    | events.ProposalAnswered
    | events.ProposalLed
    | events.ProposalWithdrawn,
    now: datetime,
    cursor: str = "",
) -> str:
    """Everybody who supports or follows it learns how it stands now, batch by batch."""
    proposal = session.get_one(Proposal, event.proposal_id)
    if proposal.hidden_at is not None:
        return ""
    kind, more = _news(session, event, proposal)
    return _announce(session, platform, proposal, kind, more, cursor, now)


def announce_joining(
    session: Session,
    platform: Platform,
    event: events.ProposalJoined,
    now: datetime,
    cursor: str = "",
) -> str:
    """Whoever supports the one that was joined learns what they support now; `into` its title."""
    proposal = session.get_one(Proposal, event.proposal_id)
    into = session.get_one(Proposal, event.into_id)
    if proposal.hidden_at is not None or into.hidden_at is not None:
        return ""
    more = {"into": into.title, "into_lang": into.lang, "into_path": f"/proposals/{into.id}"}
    return _announce(session, platform, proposal, "proposal_joined", more, cursor, now)


def _news(session: Session, event: Event, proposal: Proposal) -> tuple[str, dict[str, Any]]:
    """The kind of message that an event asks for, and what it says besides."""
    if isinstance(event, events.ProposalAnswered):
        answer = answer_of(session, event.proposal_id)
        outcome = answer.outcome if answer else ""
        reason, lang = (answer.reason, answer.lang) if answer else ("", "")
        said = {"outcome": outcome, "reason": reason, "reason_lang": lang}
        return "proposal_answered", said
    if isinstance(event, events.ProposalLed):
        draft = session.get_one(Draft, event.draft_id)
        return "proposal_led", {"titles": titles_of(draft), "draft_path": f"/drafts/{draft.id}"}
    if isinstance(event, events.ProposalWithdrawn):
        return "proposal_withdrawn", {}
    return "proposal_reached", {"count": proposal.counted}


def _announce(
    session: Session,
    platform: Platform,
    proposal: Proposal,
    kind: str,
    more: dict[str, Any],
    cursor: str,
    now: datetime,
) -> str:
    said = Announcement(
        f"{kind}:{proposal.id}",
        kind,
        _values(session, proposal) | more,
        f"/proposals/{proposal.id}",
        [f"proposal:{proposal.id}"],
        [supporters(proposal.id or 0)],
    )
    return announce(session, platform, said, cursor, now)


def _values(session: Session, proposal: Proposal) -> dict[str, Any]:
    agency = session.get_one(Agency, proposal.agency_id)
    return {
        "number": proposal.id,
        "proposal": proposal.title,
        "lang": proposal.lang,
        "agency": agency.names,
    }


def tell_author_of_hidden_proposal(
    session: Session, platform: Platform, event: events.ProposalHidden, now: datetime
) -> None:
    """Why, unless it was hidden because they left."""
    if not event.act_id:
        return
    proposal = session.get_one(Proposal, event.proposal_id)
    author = session.get_one(Person, proposal.author_id)
    values = _values(session, proposal) | {"reason": proposal.hidden_reason}
    key, path = f"{HIDDEN}:{proposal.id}", f"/proposals/{proposal.id}"
    tell(session, platform, author, key, HIDDEN, values, path, now)


def clean_proposal_notices(
    session: Session, _platform: Platform, event: events.ProposalHidden, _now: datetime
) -> None:
    """What others were told of it says its title no longer, nor does a mail that still waits."""
    path = f"/proposals/{event.proposal_id}"
    told = select(Message).where(Message.path == path, col(Message.kind) != HIDDEN)
    into = select(Message).where(
        Message.kind == "proposal_joined", col(Message.values)["into_path"].as_string() == path
    )
    for query, name in ((told, "proposal"), (into, "into")):
        for message in session.exec(query).all():
            message.values = message.values | {name: ""}
            session.add(message)
