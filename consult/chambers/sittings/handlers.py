"""What follows from a sitting: its results are owed by the body, until they are public."""

from datetime import UTC, datetime, time

from sqlmodel import Session

from consult.chambers.sittings.models import Sitting
from consult.law.queries import law_of
from consult.obligations.keeping.asked import owe_for_one, settle_one
from consult.platform import Platform
from consult.procedure.duties import Evidence, Per
from consult.voice_events import SittingHeld, SittingPublished


def owe_results(
    session: Session, platform: Platform, event: SittingHeld | SittingPublished, now: datetime
) -> None:
    """Since noon of the day of the sitting, where the law runs; not after it was recorded."""
    sitting, law = session.get_one(Sitting, event.sitting_id), law_of(session, platform.pack)
    noon = datetime.combine(sitting.held_on, time(12), law.tz).astimezone(UTC)
    held_at = min(noon, sitting.recorded_at)
    body_id = sitting.body_id
    owe_for_one(session, law, Per.SITTING, event.sitting_id, held_at, now, agency_id=body_id)


def settle_results(
    session: Session, platform: Platform, event: SittingPublished, now: datetime
) -> None:
    owe_results(session, platform, event, now)  # if nobody came to that yet
    sitting, law = session.get_one(Sitting, event.sitting_id), law_of(session, platform.pack)
    path, at = f"/parliament/sittings/{sitting.id}", sitting.published_at or now
    settle_one(session, law, Per.SITTING, event.sitting_id, Evidence.RESULTS, path, at, now)
