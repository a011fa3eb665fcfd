"""[pure] The ladder of reminders: which rungs a duty has reached, and when it reaches the next."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from consult.procedure.calendars import DAY, Calendar
from consult.procedure.deadlines import end_of, last_day, local_day
from consult.procedure.duties import Rung


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
