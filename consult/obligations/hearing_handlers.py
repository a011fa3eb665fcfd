"""What duties do about hearings: once one is over, its minutes are owed."""

from datetime import datetime

from sqlmodel import Session

from consult.hearings.models import Hearing
from consult.law.queries import law_of
from consult.obligations.keeping.asked import owe_for_one, settle_one
from consult.platform import Platform
from consult.procedure.duties import Evidence, Per
from consult.voice_events import HearingHeld, MinutesPublished


def owe_minutes(session: Session, platform: Platform, event: HearingHeld, now: datetime) -> None:
    """By the agency that held it, whatever it was about."""
    _owe(session, platform, session.get_one(Hearing, event.hearing_id), now)


def settle_minutes(
    session: Session, platform: Platform, event: MinutesPublished, now: datetime
) -> None:
    """The first publication counts, not what is put right in it."""
    hearing = session.get_one(Hearing, event.hearing_id)
    _owe(session, platform, hearing, now)
    law, path, at = law_of(session, platform.pack), f"/hearings/{hearing.id}", hearing.minutes_at
    settle_one(session, law, Per.HEARING, hearing.id or 0, Evidence.MINUTES, path, at or now, now)


def _owe(session: Session, platform: Platform, hearing: Hearing, now: datetime) -> None:
    law, at = law_of(session, platform.pack), hearing.held_at or hearing.ends_at
    agency_id = hearing.agency_id
    owe_for_one(session, law, Per.HEARING, hearing.id or 0, at, now, agency_id=agency_id)
