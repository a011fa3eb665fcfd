"""Plays hearings: announced, people register, one is called off, minutes are written of another."""

from collections.abc import Iterator
from datetime import datetime, time
from functools import partial

from pydantic import Field
from sqlmodel import Session

from consult.access import Actor
from consult.accounts.queries import agency_by_code
from consult.consultations.forms import to_utc
from consult.demo.stage import Stage
from consult.demo.steps import HOUR, Step
from consult.demo.voices.telling import Part, story
from consult.hearings import actions
from consult.hearings.actions import Said, Wish
from consult.hearings.rules import Place, Times, Wording
from consult.procedure.deadlines import local_day


class Guest(Part):
    """Somebody who registers; `needs` are for the officers."""

    who: str
    lang: str
    speaks: bool = False
    needs: str = ""


class Hearing(Part):
    """Announced on `day`, held `on_day`, by local clocks; called off, or with minutes later."""

    key: str
    agency: str
    kind: str = "hearing"
    drafts: tuple[str, ...] = ()
    day: float
    on_day: float
    begins: str
    ends: str
    place: str = ""
    link: str = ""
    seats: int | None = None
    titles: dict[str, str]
    abouts: dict[str, str] = Field(default_factory=dict)
    access: dict[str, str]
    guest: tuple[Guest, ...] = ()
    off_day: float | None = None
    reason: str = ""
    minutes_day: float | None = None
    minutes: dict[str, str] = Field(default_factory=dict)
    came: int = 0


class Story(Part):
    hearing: tuple[Hearing, ...]


def steps(stage: Stage) -> Iterator[Step]:
    """What was said at one is entered by story/outcomes.toml, which names it."""
    for told in story(Story, "hearings").hearing:
        yield Step(told.day, partial(_announce, stage, told))
        yield Step(told.day + HOUR, partial(_come, stage, told))
        if told.off_day is not None:
            yield Step(told.off_day, partial(_call_off, stage, told))
        if told.minutes_day is not None:
            yield Step(told.minutes_day, partial(_write_up, stage, told))


def _announce(stage: Stage, told: Hearing, session: Session, now: datetime) -> None:
    starts_at = _at(stage, told, told.begins)
    hearing = actions.announce(
        session,
        actor=_officer(stage, told, session),
        agency_id=agency_by_code(session, told.agency).id or 0,
        said=Said(
            told.kind,
            Wording(told.titles, told.abouts, told.access),
            Place(told.place, told.link),
            Times(starts_at, _at(stage, told, told.ends), starts_at),
            told.seats,
            tuple(stage.drafts[slug] for slug in told.drafts),
        ),
        pack=stage.platform.pack,
        now=now,
    )
    stage.hearings[told.key] = hearing.id or 0


def _come(stage: Stage, told: Hearing, session: Session, now: datetime) -> None:
    for guest in told.guest:
        actions.register(
            session,
            actor=stage.actor(session, guest.who),
            hearing_id=stage.hearings[told.key],
            wish=Wish(guest.speaks, guest.lang, guest.needs),
            now=now,
        )


def _call_off(stage: Stage, told: Hearing, session: Session, now: datetime) -> None:
    actions.call_off(
        session,
        actor=_officer(stage, told, session),
        hearing_id=stage.hearings[told.key],
        reason=told.reason,
        now=now,
    )


def _write_up(stage: Stage, told: Hearing, session: Session, now: datetime) -> None:
    actions.publish_minutes(
        session,
        actor=_officer(stage, told, session),
        hearing_id=stage.hearings[told.key],
        minutes=told.minutes,
        came=told.came,
        pack=stage.platform.pack,
        now=now,
    )


def _officer(stage: Stage, told: Hearing, session: Session) -> Actor:
    return stage.staff(session, "officer", told.agency)


def _at(stage: Stage, told: Hearing, clock: str) -> datetime:
    tz = stage.platform.pack.tz
    day = local_day(stage.at(told.on_day), tz)
    return to_utc(datetime.combine(day, time.fromisoformat(clock)), tz)
