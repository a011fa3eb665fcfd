"""What followers of a bill are told: it was read, or it is public how each deputy voted."""

from datetime import datetime

from sqlmodel import Session

from consult import voice_events as events
from consult.accounts.models import Agency
from consult.chambers.bills.models import Amendment, Reading
from consult.chambers.bills.queries import registered
from consult.chambers.voting.models import RollCall
from consult.chambers.voting.queries import tallies_of
from consult.chambers.voting.rules import CHOICES, total
from consult.platform import Platform
from drafts.models import Draft
from notifications.telling import draft_values, tell_interested


def announce_reading(
    session: Session,
    platform: Platform,
    event: events.ReadingRecorded,
    now: datetime,
    cursor: str = "",
) -> str:
    """Everybody interested learns, once, that a bill was read and how that ended."""
    reading = session.get_one(Reading, event.reading_id)
    draft = session.get_one(Draft, event.draft_id)
    bill = registered(session, event.draft_id)
    values = draft_values(session, draft) | {
        "body": session.get_one(Agency, bill.body_id).names,
        "n": reading.n,
        "held_on": reading.held_on.isoformat(),
        "outcome": reading.outcome,
        "note": reading.note,
    }
    key, path = f"reading:{reading.id}", f"/drafts/{draft.id}/parliament/readings/{reading.n}"
    return tell_interested(session, platform, draft, key, "reading_held", values, now, path, cursor)


def announce_roll_call(
    session: Session,
    platform: Platform,
    event: events.RollCallPublished,
    now: datetime,
    cursor: str = "",
) -> str:
    """Everybody interested learns, once, where to see how each deputy voted."""
    roll_call = session.get_one(RollCall, event.roll_call_id)
    reading = session.get_one(Reading, roll_call.reading_id)
    draft = session.get_one(Draft, event.draft_id)
    amendment = roll_call.amendment_id and session.get_one(Amendment, roll_call.amendment_id)
    whole = total(tallies_of(session, [event.roll_call_id]).get(event.roll_call_id, []))
    values = draft_values(session, draft) | {
        "n": reading.n,
        "held_on": reading.held_on.isoformat(),
        "amendment": amendment.number if amendment else "",
        "counts": [whole.of(choice) for choice in CHOICES],
    }
    key = f"roll_call:{roll_call.id}"
    path = f"/drafts/{draft.id}/parliament/readings/{reading.n}?call={roll_call.id}"
    return tell_interested(session, platform, draft, key, "roll_call", values, now, path, cursor)
