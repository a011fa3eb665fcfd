"""What follows from events: councils are asked, and the duties about their opinions are kept."""

from datetime import datetime

from sqlmodel import Session, col, select

from consult.consultations.queries import consultation_by_id
from consult.councils.actions import ask
from consult.councils.models import CouncilOpinion
from consult.councils.queries import answer_to, councils_of, standing
from consult.councils.rules import CLOSED
from consult.errors import N_
from consult.events import ConsultationOpened, OutcomeRecorded
from consult.law.queries import law_of
from consult.obligations.keeping.asked import cancel_one, owe_for_one, settle_one
from consult.obligations.keeping.following import ended_at
from consult.platform import Platform
from consult.procedure.deadlines import local_day
from consult.procedure.duties import Evidence, Per
from consult.procedure.stages import Stage
from consult.voice_events import OpinionAnswered, OpinionAsked, OpinionFailed, OpinionGiven
from drafts.models import Draft, DraftVersion, StageChange


def ask_councils(
    session: Session, platform: Platform, event: ConsultationOpened, now: datetime
) -> None:
    """Where the rules say so the councils of the agency are asked when a discussion opens."""
    draft, pack = session.get_one(Draft, event.draft_id), platform.pack
    consultation = consultation_by_id(session, event.consultation_id)
    opened_at = consultation.opened_at or now
    in_force = [rule for rule in pack.deciding if rule.valid_from <= local_day(opened_at, pack.tz)]
    if not in_force or draft.act_type not in max(in_force, key=lambda r: r.valid_from).asked_for:
        return
    version = session.get_one(DraftVersion, consultation.version_id)
    for council in councils_of(session, draft.agency_id):
        if standing(session, version.id or 0, council.id or 0) is None:
            ask(session, draft, council, version, opened_at)


def owe_opinion(session: Session, platform: Platform, event: OpinionAsked, now: datetime) -> None:
    """The council owes it from when it was asked, unless the draft is at its end by now."""
    _owe_opinion(session, platform, session.get_one(CouncilOpinion, event.opinion_id), now)


def _owe_opinion(
    session: Session, platform: Platform, opinion: CouncilOpinion, now: datetime
) -> None:
    draft, law = session.get_one(Draft, opinion.draft_id), law_of(session, platform.pack)
    if opinion.asked_at is None or ended_at(session, draft) is not None:
        return
    if opinion.state not in CLOSED and draft.stage == Stage.ADOPTED:
        return
    number, council_id = opinion.id or 0, opinion.agency_id
    owe_for_one(
        session,
        law,
        Per.OPINION_REQUEST,
        number,
        opinion.asked_at,
        now,
        draft=draft,
        agency_id=council_id,
    )


def end_requests(
    session: Session, platform: Platform, event: OutcomeRecorded, now: datetime
) -> None:
    """On a draft that was adopted no council can speak any more; of others see following.py."""
    draft, law = session.get_one(Draft, event.draft_id), law_of(session, platform.pack)
    changes = select(StageChange.changed_at).where(
        StageChange.draft_id == draft.id, StageChange.new == Stage.ADOPTED.value
    )
    at = session.exec(changes.limit(1)).first()
    if draft.stage != Stage.ADOPTED or at is None:
        return
    waiting = select(CouncilOpinion.id).where(
        CouncilOpinion.draft_id == draft.id, col(CouncilOpinion.state).not_in(CLOSED)
    )
    for number in session.exec(waiting).all():
        reason = N_("It was adopted")
        cancel_one(session, law, Per.OPINION_REQUEST, number or 0, reason, at, now)


def keep_given_opinion(
    session: Session, platform: Platform, event: OpinionGiven, now: datetime
) -> None:
    """The council has done what it owed; from now on the agency owes an answer."""
    opinion = session.get_one(CouncilOpinion, event.opinion_id)
    draft, law = session.get_one(Draft, event.draft_id), law_of(session, platform.pack)
    _owe_opinion(session, platform, opinion, now)
    number, at = opinion.id or 0, opinion.closed_at or now
    path = f"/opinions/{number}"
    settle_one(session, law, Per.OPINION_REQUEST, number, Evidence.OPINION, path, at, now)
    if ended_at(session, draft) is None:
        owe_for_one(session, law, Per.OPINION, number, at, now, draft=draft)


def end_failed_opinion(
    session: Session, platform: Platform, event: OpinionFailed, now: datetime
) -> None:
    """The members have done their part: nothing is owed any more, and everybody sees why."""
    opinion = session.get_one(CouncilOpinion, event.opinion_id)
    _owe_opinion(session, platform, opinion, now)
    law, at = law_of(session, platform.pack), opinion.closed_at or now
    reason = N_("The members voted, and no opinion found a majority.")
    cancel_one(session, law, Per.OPINION_REQUEST, opinion.id or 0, reason, at, now)


def settle_answered_opinion(
    session: Session, platform: Platform, event: OpinionAnswered, now: datetime
) -> None:
    """The agency has answered."""
    opinion = session.get_one(CouncilOpinion, event.opinion_id)
    answer, number = answer_to(session, event.opinion_id), opinion.id or 0
    law, at = law_of(session, platform.pack), (answer and answer.published_at) or now
    path = f"/opinions/{number}#answer"
    settle_one(session, law, Per.OPINION, number, Evidence.OPINION_ANSWER, path, at, now)
