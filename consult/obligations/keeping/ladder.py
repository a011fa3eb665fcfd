"""[pure] Working days from a due date: the rungs of reminders, when the public is told, "soon"."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from consult.procedure.calendars import DAY, Calendar
from consult.procedure.deadlines import end_of, last_day, local_day
from consult.procedure.duties import Audience, Duty, Rung

Told = Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Reached:
    """A rung that was reached: its audience is told, unless a later one has overtaken it."""

    rung: Rung
    overtaken: bool


def reached_rungs(
    rungs: Iterable[Rung],
    due_at: datetime,
    now: datetime,
    written: Collection[tuple[int, str]],
    calendar: Calendar,
    tz: tzinfo,
) -> tuple[Reached, ...]:
    """The rungs reached by now and not yet written down, in order; `written` holds their keys.

    After an outage each audience is told of the latest only: what lay before that would be stale.
    Asked twice at the same time, it answers the same.
    """
    today, due_on = local_day(now, tz), last_day(due_at, tz)
    by_now = [rung for rung in rungs if rung_day(rung, due_on, calendar) <= today]
    latest = {rung.audience: rung for rung in sorted(by_now, key=lambda rung: rung.days)}
    new = (rung for rung in by_now if rung.key not in written)
    return tuple(
        Reached(rung, overtaken=rung != latest[rung.audience])
        for rung in sorted(new, key=lambda rung: rung.key)
    )


def next_rung_at(
    rungs: Iterable[Rung], due_at: datetime, now: datetime, calendar: Calendar, tz: tzinfo
) -> datetime | None:
    """The instant at which the next reminder becomes due; None after the last of them."""
    today, due_on = local_day(now, tz), last_day(due_at, tz)
    days = (rung_day(rung, due_on, calendar) for rung in rungs)
    coming = min((day for day in days if day > today), default=None)
    return None if coming is None else end_of(coming - DAY, tz)


def rung_day(rung: Rung, due_on: date, calendar: Calendar) -> date:
    """The day on which a reminder is sent."""
    return calendar.shift(due_on, rung.days)


def told_until(duties: Iterable[Duty], now: datetime, calendar: Calendar, tz: tzinfo) -> Told:
    """Until which due instant each duty is already on the public list, by its code.

    A duty gets there on its first rung of reminders to the public. It is read off the time, not off
    the reminders sent, so that a worker which stands still hides nobody's lateness. Duties without
    such a rung are left out: they are public as soon as they are overdue.
    """
    today = local_day(now, tz)
    rungs = public_rungs(duties)
    return {code: end_of(due_by(days, today, calendar), tz) for code, days in rungs.items()}


def public_rungs(duties: Iterable[Duty]) -> dict[str, int]:
    """How many working days after its due date the public is told of a duty, by its code."""
    told = ((duty.code, rung) for duty in duties for rung in duty.rungs)
    days = [(code, rung.days) for code, rung in told if rung.audience is Audience.PUBLIC]
    return dict(sorted(days, key=lambda pair: -pair[1]))  # of several the first counts


def due_by(days: int, today: date, calendar: Calendar) -> date:
    """The latest due date that is past and whose rung, so many working days on, is reached."""
    return (calendar.shift(today + DAY, -days) if days > 0 else today) - DAY


def soon_by(days: int, today: date, calendar: Calendar) -> date:
    """The latest due date whose rung, so many working days before it, is reached."""
    return calendar.shift(today, days)
