"""[pure] Which drafts are counted: an agency's, of a topic, of a kind of act, of a period.

A draft belongs to the day on which it was published, in the time zone of the law, and with it all
that followed: so all figures of a year speak of the same drafts.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted; empty means any. `since` and `until` are days, both within it."""

    agency_id: int | None = None
    topic: str = ""
    act_type: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def of_year(cls, year: int | None, **more: Any) -> "Scope":
        """The drafts of a year, or (None) of all years, narrowed further by the other fields."""
        if year is None:
            return cls(**more)
        return cls(since=date(year, 1, 1), until=date(year, 12, 31), **more)

    @property
    def narrowings(self) -> int:
        """By how much of what is possible it is narrowed."""
        period = self.since or self.until
        return sum(map(bool, (self.agency_id, self.topic, self.act_type, period)))

    def edges(self, tz: tzinfo) -> tuple[datetime | None, datetime | None]:
        """The instants (UTC) from which on, and before which, a draft of it was published."""
        after = self.until + timedelta(days=1) if self.until else None
        return _beginning(self.since, tz), _beginning(after, tz)


def _beginning(day: date | None, tz: tzinfo) -> datetime | None:
    return datetime.combine(day, time(), tz).astimezone(UTC) if day else None
