"""[pure] Periods of the calendar after which something recurs: quarters, half-years, years."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from consult.procedure.calendars import DAY
from consult.procedure.deadlines import Trigger

# How many months the period lasts whose end sets a clock running.
MONTHS = {Trigger.QUARTER_ENDED: 3, Trigger.HALF_YEAR_ENDED: 6, Trigger.YEAR_ENDED: 12}
_LETTERS = {3: "Q", 6: "H"}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days, both inclusive; `code` says which: "2026-Q1", "2026-H2", "2026"."""

    first: date
    last: date
    code: str

    def __contains__(self, on: date) -> bool:
        return self.first <= on <= self.last


def period_of(on: date, trigger: Trigger) -> Period:
    """The period, of those whose end is `trigger`, in which a day lies.

    Raises KeyError for a trigger that is not the end of a period.
    """
    months = MONTHS[trigger]
    index = (on.month - 1) // months
    first = date(on.year, index * months + 1, 1)
    letter = _LETTERS.get(months)
    code = f"{on.year}-{letter}{index + 1}" if letter else f"{on.year}"
    after = (index + 1) * months  # months of the year gone by at its end
    last = date(on.year, 12, 31) if after == 12 else date(on.year, after + 1, 1) - DAY
    return Period(first, last, code)


def periods(since: date, until: date, trigger: Trigger) -> Iterator[Period]:
    """All periods from the one in which `since` lies to that of `until`, in order."""
    period = period_of(since, trigger)
    while period.first <= until:
        yield period
        if period.last == date.max:
            return
        period = period_of(period.last + DAY, trigger)
