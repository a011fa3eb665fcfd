"""[pure] When a duty is looked at: what is due today and this week, when the public is told."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, tzinfo
from enum import StrEnum

from consult.procedure.calendars import DAY, Calendar
from consult.procedure.deadlines import end_of, local_day
from consult.procedure.duties import Audience, Duty

Told = Mapping[str, datetime]


class When(StrEnum):
    """The parts of an agenda, in the order in which they are worked on."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    PAUSED = "paused"
    PLANNED = "planned"


def week_end(today: date, calendar: Calendar) -> date:
    """The last working day of the week: of this one, or of the next if none of it is left.

    A week ends with its weekly days off, so that a Saturday made a working day belongs to it.
    """
    last_worked = None
    on = today
    while last_worked is None or not _begins_week(on, calendar):
        if calendar.day(on).working:
            last_worked = on
        on += DAY
    return last_worked


def _begins_week(on: date, calendar: Calendar) -> bool:
    if not calendar.weekend:
        return on.weekday() == 0
    return on.weekday() not in calendar.weekend and (on - DAY).weekday() in calendar.weekend


def turns(now: datetime, calendar: Calendar, tz: tzinfo) -> tuple[datetime, datetime]:
    """The instants at which today and this working week are over."""
    today = local_day(now, tz)
    return end_of(today, tz), end_of(week_end(today, calendar), tz)


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
