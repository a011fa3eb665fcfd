"""What people are told of opinions of councils: asked for, to be voted on, given, answered."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from consult.access import Role
from consult.accounts.models import Agency, Person
from consult.accounts.queries import people_with
from consult.councils.models import CouncilOpinion
from consult.councils.queries import answer_to, members_of, vote_of
from consult.councils.rules import CLOSED
from consult.platform import Platform
from consult.procedure.stages import TERMINAL, Stage
from consult.voice_events import OpinionAnswered, OpinionAsked, OpinionGiven, OpinionPut
from drafts.models import Draft
from notifications.telling import draft_values, tell, tell_interested


def tell_members_asked(
    session: Session, platform: Platform, event: OpinionAsked, now: datetime
) -> None:
    """The members of the council; nobody, once it was decided or the draft is at its end."""
    opinion = session.get_one(CouncilOpinion, event.opinion_id)
    if opinion.state in CLOSED or Stage(_draft(session, opinion).stage) in TERMINAL:
        return
    _tell_members(session, platform, opinion, "opinion_asked", now)


def tell_members_to_vote(
    session: Session, platform: Platform, event: OpinionPut, now: datetime
) -> None:
    """The members who may vote and have not yet; nobody, once the vote is closed."""
    opinion = session.get_one(CouncilOpinion, event.opinion_id)
    if opinion.state == "voting":
        _tell_members(session, platform, opinion, "opinion_put", now)


def tell_members_answered(
    session: Session, platform: Platform, event: OpinionAnswered, now: datetime
) -> None:
    """The members there are now learn what the agency took up."""
    opinion = session.get_one(CouncilOpinion, event.opinion_id)
    _tell_members(session, platform, opinion, "opinion_answered", now)


def _tell_members(
    session: Session, platform: Platform, opinion: CouncilOpinion, kind: str, now: datetime
) -> None:
    values, key = _values(session, opinion), f"{kind}:{opinion.id}"
    for member in members_of(session, opinion.agency_id):
        vote = vote_of(session, opinion.id or 0, member.id or 0) if kind == "opinion_put" else None
        if kind == "opinion_put" and (vote is None or vote.vote):
            continue
        person = session.get_one(Person, member.person_id)
        path = f"/opinions/{opinion.id}"
        tell(session, platform, person, key, kind, values, path, now)


def tell_officers_of_opinion(
    session: Session, platform: Platform, event: OpinionGiven, now: datetime
) -> None:
    """Those who will answer it; nobody, if it was answered meanwhile."""
    opinion = session.get_one(CouncilOpinion, event.opinion_id)
    answer = answer_to(session, event.opinion_id)
    if answer is not None and answer.published_at:
        return
    values, key = _values(session, opinion), f"opinion_to_answer:{opinion.id}"
    path = f"/opinions/{opinion.id}"
    for officer in people_with(session, Role.OFFICER, _draft(session, opinion).agency_id):
        tell(session, platform, officer, key, "opinion_to_answer", values, path, now)


def announce_opinion(
    session: Session, platform: Platform, event: OpinionGiven, now: datetime, cursor: str = ""
) -> str:
    """Everybody who follows the draft or took part learns what the council says of it."""
    opinion = session.get_one(CouncilOpinion, event.opinion_id)
    draft, key = _draft(session, opinion), f"opinion:{opinion.id}"
    path, values = f"/opinions/{opinion.id}", _values(session, opinion)
    return tell_interested(
        session, platform, draft, key, "opinion_given", values, now, path, cursor
    )


def _draft(session: Session, opinion: CouncilOpinion) -> Draft:
    return session.get_one(Draft, opinion.draft_id)


def _values(session: Session, opinion: CouncilOpinion) -> dict[str, Any]:
    """No words of the opinion: they are read on its page."""
    council, answer = (
        session.get_one(Agency, opinion.agency_id),
        answer_to(session, opinion.id or 0),
    )
    taken = answer.taken if answer and answer.published_at else ""
    said = {"council": council.names, "conclusion": opinion.conclusion, "taken": taken}
    return draft_values(session, _draft(session, opinion)) | said
