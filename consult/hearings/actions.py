"""What is done with a hearing: announce, change, call off, register, leave, publish the minutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor, check_agency, check_right
from consult.accounts.models import Agency
from consult.accounts.rules import check_agency_open
from consult.errors import Conflict, Invalid
from consult.hearings.models import Hearing, HearingChange, HearingDraft, HearingSeat
from consult.hearings.queries import (
    count_seats,
    draft_ids_of,
    hearing_to_change,
    next_waiting,
    seat_of,
)
from consult.hearings.rules import (
    COMING,
    KINDS,
    NEAR,
    Place,
    State,
    Times,
    Wording,
    check_minutes,
    check_place,
    check_reason,
    check_seats,
    check_times,
    check_to_come,
    check_wording,
    free_seats,
    seat_for,
    takes_people,
)
from consult.procedure.packs import RulePack
from consult.voice_events import (
    HearingAnnounced,
    HearingCalledOff,
    HearingChanged,
    HearingHeld,
    HearingNear,
    MinutesPublished,
    SeatGiven,
)
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES

RIGHT = "convene"


@dataclass(frozen=True, slots=True)
class Said:
    """All that an announcement says; `seats` None: as many as come; `drafts` by number."""

    kind: str
    wording: Wording
    where: Place
    times: Times
    seats: int | None = None
    drafts: Sequence[int] = ()


def announce(
    session: Session, *, actor: Actor, agency_id: int, said: Said, pack: RulePack, now: datetime
) -> Hearing:
    """Announce a hearing; it is public at once. Raises NotAllowed, Invalid."""
    check_agency(actor, RIGHT, agency_id)
    check_agency_open(session.get_one(Agency, agency_id).closed_on)
    _check(session, agency_id, said, pack, now)
    hearing = Hearing(
        agency_id=agency_id,
        announced_by=actor.id,
        announced_at=now,
        changed_at=now,
        **_columns(said),
    )
    session.add(hearing)
    session.flush()
    _link(session, hearing, said.drafts)
    _note(session, actor, hearing, "announced", now)
    outbox.record(session, HearingAnnounced(hearing.id or 0), now)
    return hearing


def change(
    session: Session,
    *,
    actor: Actor,
    hearing_id: int,
    said: Said,
    reason: str,
    pack: RulePack,
    now: datetime,
) -> Hearing:
    """Say it otherwise, and why: whoever registered is told. Raises NotAllowed, Conflict, Invalid.

    What it was before stays public.
    """
    hearing = _own(session, actor, hearing_id)
    check_to_come(hearing.state, hearing.starts_at, now)
    why = check_reason(reason)
    _check(session, hearing.agency_id, said, pack, now, hearing.register_until)
    check_seats(said.seats, count_seats(session, hearing_id)[0])
    new = _columns(said)
    was = {name: getattr(hearing, name) for name in new if getattr(hearing, name) != new[name]}
    linked = draft_ids_of(session, hearing_id)
    if linked != sorted(said.drafts):
        was["drafts"] = linked
    if not was:
        raise Invalid("Nothing is different from what is announced.", field="reason")
    for name, value in new.items():
        setattr(hearing, name, value)
    if "starts_at" in was:
        hearing.reminded_at = None
    _link(session, hearing, said.drafts)
    row = _note(session, actor, hearing, "changed", now, was=was, reason=why)
    outbox.record(session, HearingChanged(hearing_id, row.id or 0), now)
    fill_seats(session, hearing, now)
    return hearing


def call_off(
    session: Session, *, actor: Actor, hearing_id: int, reason: str, now: datetime
) -> None:
    """It does not take place; everybody reads why. Raises NotAllowed, Conflict, Invalid."""
    hearing = _own(session, actor, hearing_id)
    check_to_come(hearing.state, hearing.starts_at, now)
    why = check_reason(reason)
    hearing.state = State.CALLED_OFF.value
    _forget_needs(session, hearing_id)
    row = _note(session, actor, hearing, "called_off", now, reason=why)
    outbox.record(session, HearingCalledOff(hearing_id, row.id or 0), now)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody says who wants to come; `needs` are read by the officers alone."""

    speaks: bool
    lang: str
    needs: str = ""


def register(
    session: Session, *, actor: Actor, hearing_id: int, wish: Wish, now: datetime
) -> HearingSeat:
    """Take a seat, or a place among those who wait; done again, it changes what was wished.

    Raises NotAllowed; Conflict when registration is over.
    """
    check_right(actor, "attend")
    hearing = hearing_to_change(session, hearing_id)
    if not takes_people(hearing.state, hearing.register_until, now):
        raise Conflict("Registration is over.")
    seat = seat_of(session, hearing_id, actor.person_id)
    if seat is None:
        state = seat_for(hearing.seats, *count_seats(session, hearing_id))
        seat = HearingSeat(
            hearing_id=hearing_id,
            person_id=actor.person_id,
            state=state,
            lang=wish.lang,
            registered_at=now,
        )
    seat.organisation_id = actor.organisation_id
    seat.speaks, seat.lang, seat.needs = wish.speaks, wish.lang, wish.needs
    session.add(seat)
    session.flush()
    fill_seats(session, hearing, now)
    return seat


def leave(session: Session, *, actor: Actor, hearing_id: int, now: datetime) -> None:
    """Take one's registration back; who waited longest moves up. Raises Conflict when it began."""
    check_right(actor, "cabinet")
    hearing = hearing_to_change(session, hearing_id)
    check_to_come(hearing.state, hearing.starts_at, now)
    seat = seat_of(session, hearing_id, actor.person_id)
    if seat is not None:
        session.delete(seat)
        session.flush()
        fill_seats(session, hearing, now)


def fill_seats(session: Session, hearing: Hearing, now: datetime) -> None:
    """Give the seats that are free to those who wait, and let each know."""
    coming, waiting = count_seats(session, hearing.id or 0)
    free = free_seats(hearing.seats, coming)
    most = waiting if free is None else min(free, waiting)
    for seat in next_waiting(session, hearing.id or 0, most) if most else ():
        seat.state = COMING
        session.add(seat)
        outbox.record(session, SeatGiven(seat.id or 0, hearing.id or 0), now)


def publish_minutes(
    session: Session,
    *,
    actor: Actor,
    hearing_id: int,
    minutes: Mapping[str, str],
    came: int,
    reason: str = "",
    pack: RulePack,
    now: datetime,
) -> Hearing:
    """Publish what was said, and how many came. Raises NotAllowed, Conflict, Invalid.

    What is published is put right with a `reason`; what it was stays public.
    """
    hearing = _own(session, actor, hearing_id)
    follow_clock(session, hearing, now)
    if hearing.state != State.HELD.value:
        raise Conflict("There are no minutes of what has not taken place.")
    check_minutes(minutes, came, pack.languages)
    new = {"minutes": dict(minutes), "came": came}
    if hearing.minutes_at is None:
        kind, was, why = "minutes", {}, ""
    else:
        was = {name: getattr(hearing, name) for name in new if getattr(hearing, name) != new[name]}
        if not was:
            raise Invalid("Nothing is different from what is published.", field="reason")
        kind, why = "minutes_corrected", check_reason(reason)
    hearing.minutes, hearing.came = dict(minutes), came
    hearing.minutes_by, hearing.minutes_at = actor.id, hearing.minutes_at or now
    _note(session, actor, hearing, kind, now, was=was, reason=why)
    outbox.record(session, MinutesPublished(hearing_id), now)
    return hearing


def follow_clock(session: Session, hearing: Hearing, now: datetime) -> bool:
    """What happens by itself: guests are reminded, once; it is over. Whether anything did.

    What guests need is forgotten when it is over: nobody has to know it any more.
    """
    if hearing.state != State.ANNOUNCED.value:
        return False
    if hearing.ends_at <= now:
        hearing.state, hearing.held_at = State.HELD.value, hearing.ends_at
        session.add(hearing)
        _forget_needs(session, hearing.id or 0)
        outbox.record(session, HearingHeld(hearing.id or 0), now)
        return True
    if hearing.reminded_at is None and hearing.starts_at <= now + NEAR:
        hearing.reminded_at = now
        session.add(hearing)
        fill_seats(session, hearing, now)
        if now < hearing.starts_at:
            outbox.record(session, HearingNear(hearing.id or 0, hearing.n), now)
        return True
    return False


def _own(session: Session, actor: Actor, hearing_id: int) -> Hearing:
    hearing = hearing_to_change(session, hearing_id)
    check_agency(actor, RIGHT, hearing.agency_id)
    return hearing


def _check(
    session: Session,
    agency_id: int,
    said: Said,
    pack: RulePack,
    now: datetime,
    registered_until: datetime | None = None,
) -> None:
    if said.kind not in KINDS:
        raise Invalid("Please choose one of the options.", field="kind")
    check_wording(said.wording, pack.languages)
    check_place(said.where)
    check_times(said.times, now, registered_until)
    query = select(Draft.id).where(
        col(Draft.id).in_(said.drafts),
        Draft.agency_id == agency_id,
        col(Draft.stage).in_(PUBLIC_STAGES),
        col(Draft.published_at).is_not(None),
    )
    if len(session.exec(query).all()) < len(set(said.drafts)):
        raise Invalid("Choose public drafts of the same agency.", field="drafts")


def _columns(said: Said) -> dict[str, Any]:
    return {
        "kind": said.kind,
        "titles": dict(said.wording.titles),
        "abouts": dict(said.wording.abouts),
        "access": dict(said.wording.access),
        "place": said.where.place,
        "link": said.where.link,
        "starts_at": said.times.starts_at,
        "ends_at": said.times.ends_at,
        "register_until": said.times.register_until,
        "seats": said.seats,
    }


def _link(session: Session, hearing: Hearing, drafts: Sequence[int]) -> None:
    session.execute(delete(HearingDraft).where(col(HearingDraft.hearing_id) == hearing.id))
    session.add_all(
        HearingDraft(hearing_id=hearing.id or 0, draft_id=one) for one in sorted(set(drafts))
    )


def _forget_needs(session: Session, hearing_id: int) -> None:
    session.execute(
        update(HearingSeat).where(col(HearingSeat.hearing_id) == hearing_id).values(needs="")
    )


def _note(
    session: Session,
    actor: Actor,
    hearing: Hearing,
    kind: str,
    now: datetime,
    *,
    was: Mapping[str, Any] | None = None,
    reason: str = "",
) -> HearingChange:
    """Write a line of the public history; every line raises the number calendars go by."""
    hearing.n, hearing.changed_at, hearing.reason = hearing.n + 1, now, reason
    plain = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in (was or {}).items()
    }
    row = HearingChange(
        hearing_id=hearing.id or 0,
        kind=kind,
        was=plain,
        reason=reason,
        actor_id=actor.id,
        changed_at=now,
    )
    session.add_all((hearing, row))
    session.flush()
    return row
