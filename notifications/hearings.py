"""What people are told of hearings: announced, changed, called off, near, minutes, a seat."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from consult import voice_events as events
from consult.accounts.models import Agency, Person
from consult.hearings.models import Hearing, HearingChange, HearingSeat
from consult.hearings.queries import drafts_of
from consult.hearings.rules import COMING, State
from consult.platform import Platform
from notifications.rules import one_line
from notifications.spreading import Announcement, People, announce
from notifications.targets import targets_of, targets_of_body
from notifications.telling import tell

Told = events.HearingAnnounced | events.HearingChanged | events.HearingCalledOff


def announce_hearing(
    session: Session,
    platform: Platform,
    event: Told | events.MinutesPublished,
    now: datetime,
    cursor: str = "",
) -> str:
    """Tell those who follow its drafts or its agency, and who registered, once each."""
    hearing = session.get_one(Hearing, event.hearing_id)
    key, kind = f"hearing:{hearing.id}", "hearing_announced"
    values = _values(session, hearing)
    if isinstance(event, events.MinutesPublished):
        key, kind = f"hearing_minutes:{hearing.id}", "hearing_minutes"
        values |= {"came": hearing.came}
    elif not isinstance(event, events.HearingAnnounced):
        change = session.get_one(HearingChange, event.change_id)
        key, kind = f"hearing_change:{change.id}", "hearing_changed"
        began = change.was.get("starts_at", "")
        values |= {"change": change.kind, "reason": change.reason, "began_at": began}
    targets = () if cursor else _targets(session, hearing)
    registered = select(HearingSeat.person_id).where(HearingSeat.hearing_id == hearing.id)
    others = [] if kind == "hearing_announced" else [registered]  # they know of it
    return _spread(session, platform, hearing, key, kind, values, now, cursor, targets, others)


def remind_guests(
    session: Session,
    platform: Platform,
    event: events.HearingNear,
    now: datetime,
    cursor: str = "",
) -> str:
    """Tell those who have a seat that it begins soon: once for each time it is to begin at."""
    hearing = session.get_one(Hearing, event.hearing_id)
    if hearing.state != State.ANNOUNCED.value or hearing.n != event.n:
        return ""  # called off or moved meanwhile: they were told of that
    key = f"hearing_near:{hearing.id}:{event.n}"
    coming = select(HearingSeat.person_id).where(
        HearingSeat.hearing_id == hearing.id, HearingSeat.state == COMING
    )
    values = _values(session, hearing)
    return _spread(
        session, platform, hearing, key, "hearing_near", values, now, cursor, (), [coming]
    )


def tell_of_seat(
    session: Session, platform: Platform, event: events.SeatGiven, now: datetime
) -> None:
    """Who waited learns that there is a seat for them; nobody does who left meanwhile."""
    seat = session.get(HearingSeat, event.seat_id)
    if seat is None:
        return
    hearing = session.get_one(Hearing, seat.hearing_id)
    person, values = session.get_one(Person, seat.person_id), _values(session, hearing)
    # By when they registered as well: SQLite gives the number of a seat that was left away again.
    key = f"hearing_seat:{seat.id}:{seat.registered_at:%Y%m%d%H%M%S%f}"
    path = f"/hearings/{hearing.id}"
    tell(session, platform, person, key, "hearing_seat", values, path, now)


def _spread(
    session: Session,
    platform: Platform,
    hearing: Hearing,
    key: str,
    kind: str,
    values: dict[str, Any],
    now: datetime,
    cursor: str,
    targets: Sequence[str],
    others: Sequence[People],
) -> str:
    said = Announcement(key, kind, values, f"/hearings/{hearing.id}", targets, others)
    return announce(session, platform, said, cursor, now)


def _targets(session: Session, hearing: Hearing) -> list[str]:
    """The drafts first: they say most about why somebody is told."""
    drafts = drafts_of(session, [hearing.id or 0]).get(hearing.id or 0, [])
    found = [target for draft in drafts for target in targets_of(session, draft)]
    return list(dict.fromkeys([*found, *targets_of_body(session, hearing.agency_id)]))


def _values(session: Session, hearing: Hearing) -> dict[str, Any]:
    agency = session.get_one(Agency, hearing.agency_id)
    return {
        "titles": {lang: one_line(title) for lang, title in hearing.titles.items()},
        "agency": agency.names,
        "kind": hearing.kind,
        "starts_at": hearing.starts_at.isoformat(),
        "place": one_line(hearing.place),
        "link": hearing.link,
    }
