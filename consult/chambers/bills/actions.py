"""What a secretariat records of a bill: its registration, its readings, who spoke.

Amendments are in amending.py; votes in consult/chambers/voting.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor
from consult.accounts.models import Agency
from consult.chambers.bills.models import BillRegistration, Reading, Speech
from consult.chambers.bills.queries import readings_of, registered, registration_of
from consult.chambers.bills.rules import (
    Held,
    Registered,
    Spoken,
    check_held,
    check_registered,
    check_spoken,
)
from consult.chambers.bodies import check_secretary, chosen_body
from consult.chambers.deputies.models import Deputy
from consult.chambers.deputies.queries import check_deputy_of
from consult.chambers.rules import changed, noted
from consult.errors import Conflict, Invalid
from consult.procedure.deadlines import local_day
from consult.procedure.stages import Stage, Verb, check_allowed
from consult.voice_events import BillRegistered, ReadingCorrected, ReadingRecorded
from drafts.actions import hold
from drafts.models import Draft


def begin_recording(session: Session, actor: Actor, draft: Draft) -> BillRegistration:
    """Raise unless this person may record what becomes of this bill now; nobody else does until
    it is done. Raises NotFound before it is registered."""
    bill = registered(session, draft.id or 0)
    check_secretary(actor, bill.body_id)
    hold(session, draft)
    check_allowed(Stage(draft.stage), Verb.DELIBERATE)
    session.refresh(bill)
    return bill


def register_bill(
    session: Session, *, actor: Actor, draft: Draft, said: Registered, tz: tzinfo, now: datetime
) -> BillRegistration:
    """The body has registered the draft under a number. Raises Conflict where it is already."""
    _check_registered(session, actor, said, tz, now)
    hold(session, draft)
    check_allowed(Stage(draft.stage), Verb.DELIBERATE)
    if registration_of(session, draft.id or 0):
        raise Conflict("This draft is registered already.", field="number")
    row = BillRegistration(
        draft_id=draft.id or 0, recorded_by=actor.id, recorded_at=now, **_values(said)
    )
    session.add(row)
    session.flush()
    outbox.record(session, BillRegistered(row.id or 0, draft.id or 0), now)
    return row


def correct_registration(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    said: Registered,
    why: str,
    tz: tzinfo,
    now: datetime,
) -> None:
    """Put right what was entered wrongly; what it was stays public, with the reason `why`."""
    row = begin_recording(session, actor, draft)
    _check_registered(session, actor, said, tz, now)
    if row.body_id != said.body_id and readings_of(session, draft.id or 0):
        raise Conflict("It was read there already, so the body stays.", field="body")
    was = changed(row, said)
    row.corrections = [*row.corrections, noted(_told(session, was), why, now)]
    for name in was:
        setattr(row, name, getattr(said, name))
    session.add(row)
    outbox.record(session, BillRegistered(row.id or 0, draft.id or 0), now)


def _check_registered(
    session: Session, actor: Actor, said: Registered, tz: tzinfo, now: datetime
) -> None:
    body = chosen_body(session, said.body_id, "body")
    check_secretary(actor, said.body_id)
    check_registered(said, local_day(now, tz))
    committee = session.get(Agency, said.committee_id) if said.committee_id else None
    if said.committee_id and (committee is None or committee.parent_id != body.id):
        raise Invalid("This is no committee of that body.", field="committee")


def _told(session: Session, was: Mapping[str, Any]) -> dict[str, Any]:
    """What something was, for people: a body by its code."""
    bodies = {"body_id": "body", "committee_id": "committee"}
    return {
        bodies.get(name, name): session.get_one(Agency, value).code
        if name in bodies and value
        else value
        for name, value in was.items()
    }


def _values(said: Any) -> dict[str, Any]:
    return {field.name: getattr(said, field.name) for field in fields(said)}


def record_reading(
    session: Session, *, actor: Actor, draft: Draft, said: Held, tz: tzinfo, now: datetime
) -> Reading:
    """The bill was read; everybody who follows it is told. Raises Invalid, Conflict."""
    bill = begin_recording(session, actor, draft)
    _check_held(session, bill, said, None, tz, now)
    row = Reading(draft_id=draft.id or 0, recorded_by=actor.id, recorded_at=now, **_values(said))
    session.add(row)
    session.flush()
    outbox.record(session, ReadingRecorded(row.id or 0, draft.id or 0), now)
    return row


def correct_reading(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    reading: Reading,
    said: Held,
    why: str,
    tz: tzinfo,
    now: datetime,
) -> None:
    """Put right what was entered wrongly of a reading; its number stays."""
    bill = begin_recording(session, actor, draft)
    session.refresh(reading)
    said = Held(reading.n, *(getattr(said, field.name) for field in fields(said)[1:]))
    _check_held(session, bill, said, reading, tz, now)
    was = changed(reading, said)
    reading.corrections = [*reading.corrections, noted(was, why, now)]
    for name in was:
        setattr(reading, name, getattr(said, name))
    session.add(reading)
    outbox.record(session, ReadingCorrected(reading.id or 0, draft.id or 0), now)


def _check_held(
    session: Session,
    bill: BillRegistration,
    said: Held,
    itself: Reading | None,
    tz: tzinfo,
    now: datetime,
) -> None:
    others = [
        Held(row.n, row.held_on, row.outcome)
        for row in readings_of(session, bill.draft_id)
        if itself is None or row.id != itself.id
    ]
    today = local_day(now, tz)
    check_held(said, registered_on=bill.registered_on, others=others, today=today)


def record_speech(
    session: Session, *, actor: Actor, draft: Draft, reading: Reading, said: Spoken, now: datetime
) -> Speech:
    """Somebody spoke at a reading, after all who are recorded."""
    bill = begin_recording(session, actor, draft)
    check_spoken(said)
    check_deputy_of(session, said.deputy_id, bill.body_id, "deputy")
    last = select(func.max(Speech.position)).where(Speech.reading_id == reading.id)
    row = Speech(
        reading_id=reading.id or 0,
        position=(session.exec(last).one() or 0) + 1,
        recorded_by=actor.id,
        recorded_at=now,
        **_values(said),
    )
    session.add(row)
    session.flush()
    return row


def take_out_speech(
    session: Session,
    *,
    actor: Actor,
    draft: Draft,
    reading: Reading,
    speech_id: int,
    why: str,
    now: datetime,
) -> None:
    """A speech was entered wrongly: it goes, and the corrections of the reading say what it was."""
    begin_recording(session, actor, draft)
    query = select(Speech, Deputy).outerjoin(Deputy, col(Deputy.id) == col(Speech.deputy_id))
    query = query.where(Speech.id == speech_id, Speech.reading_id == reading.id)
    found = session.exec(query).one_or_none()
    if found is None:
        raise Conflict("This is gone already.")
    speech, deputy = found
    session.refresh(reading)
    said = {"speech": f"{deputy.name if deputy else speech.guest}: {speech.gist}"}
    reading.corrections = [*reading.corrections, noted(said, why, now)]
    session.delete(speech)
    session.add(reading)
    outbox.record(session, ReadingCorrected(reading.id or 0, draft.id or 0), now)
