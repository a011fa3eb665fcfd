"""What is told to webhooks of other voices: proposals, opinions, questions, hearings, roll-calls.

Of what a person wrote nothing is told but where it stands.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from consult import voice_events as events
from consult.accounts.models import Agency
from consult.councils.models import CouncilOpinion
from consult.hearings.models import Hearing
from consult.platform import Platform
from consult.proposals.models import Proposal
from consult.questions.models import Question
from consult.webhooks.handlers import base_of, call, of_draft


def call_on_proposal(
    session: Session,
    platform: Platform,
    event: events.ProposalReached | events.ProposalAnswered,
    now: datetime,
) -> None:
    """Enough people support a proposal: it has to be answered. Or it was."""
    row = session.get_one(Proposal, event.proposal_id)
    what = "reached" if isinstance(event, events.ProposalReached) else "answered"
    if row.hidden_at is None:
        more = {"proposal_id": row.id, "draft_id": row.draft_id}
        _call(session, platform, f"proposal.{what}", row, f"/proposals/{row.id}", more, now)


def call_on_question(
    session: Session,
    platform: Platform,
    event: events.QuestionAsked | events.QuestionAnswered,
    now: datetime,
) -> None:
    """A body was asked something, or has answered."""
    row = session.get_one(Question, event.question_id)
    what = "asked" if isinstance(event, events.QuestionAsked) else "answered"
    if row.hidden_at is None:
        more = {"question_id": row.id, "kind": row.kind, "draft_id": row.draft_id}
        _call(session, platform, f"question.{what}", row, f"/questions/{row.id}", more, now)


def call_on_hearing(
    session: Session,
    platform: Platform,
    event: events.HearingAnnounced | events.HearingChanged | events.HearingCalledOff,
    now: datetime,
) -> None:
    """A hearing was announced, changed or called off; each change is told."""
    row = session.get_one(Hearing, event.hearing_id)
    change = "" if isinstance(event, events.HearingAnnounced) else f":{event.change_id}"
    what = "changed" if change else "announced"
    more = {
        "hearing_id": row.id,
        "kind": row.kind,
        "titles": row.titles,
        "state": row.state,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat(),
    }
    _call(session, platform, f"hearing.{what}", row, f"/hearings/{row.id}", more, now, change)


def call_on_opinion(
    session: Session, platform: Platform, event: events.OpinionGiven, now: datetime
) -> None:
    """A council published its opinion on a draft."""
    row = session.get_one(CouncilOpinion, event.opinion_id)
    council = session.get_one(Agency, row.agency_id).code
    url = f"{base_of(platform)}/opinions/{row.id}"
    more = {"opinion_id": row.id, "council": council, "url": url}
    of_draft(session, platform, f"opinion.published:{row.id}", row.draft_id, "", more, now)


def call_on_roll_call(
    session: Session, platform: Platform, event: events.RollCallPublished, now: datetime
) -> None:
    """How each deputy voted on a draft was published."""
    more = {"roll_call_id": event.roll_call_id}
    key = f"roll_call.published:{event.roll_call_id}"
    of_draft(session, platform, key, event.draft_id, "/parliament", more, now)


def _call(
    session: Session,
    platform: Platform,
    kind: str,
    row: Proposal | Question | Hearing,
    path: str,
    more: dict[str, Any],
    now: datetime,
    change: str = "",
) -> None:
    data = {
        "agency": session.get_one(Agency, row.agency_id).code,
        "url": f"{base_of(platform)}{path}",
        **more,
    }
    call(session, f"{kind}:{row.id}{change}", data, now)
