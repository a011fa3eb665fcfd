"""What the form for the dates of a consultation sends."""

from datetime import UTC, datetime, tzinfo
from typing import Annotated

from pydantic import BaseModel, Field, NaiveDatetime

EARLIEST, LATEST = map(datetime.fromisoformat, ("2000-01-01", "2100-01-01"))
Moment = Annotated[NaiveDatetime, Field(ge=EARLIEST, le=LATEST)]


class AttributesForm(BaseModel):
    """What was ticked of the act: codes of the rule pack."""

    attributes: list[str] = Field(default_factory=list, alias="attributes[]")


class ScheduleForm(AttributesForm):
    """Opening and closing as local wall-clock times; `exception` cites why a term is shorter."""

    opens_at: Moment
    closes_at: Moment
    exception: str = Field("", max_length=500)

    def term(self, tz: tzinfo) -> tuple[datetime, datetime]:
        """Both instants in UTC."""
        return to_utc(self.opens_at, tz), to_utc(self.closes_at, tz)


class ExtensionForm(BaseModel):
    """A later closing as local wall-clock time, and why."""

    closes_at: Moment
    reason: str = Field("", max_length=1000)


def to_utc(local: datetime, tz: tzinfo) -> datetime:
    """The instant a wall clock in that time zone shows."""
    return local.replace(tzinfo=tz).astimezone(UTC)


def to_local(at: datetime, tz: tzinfo) -> str:
    """An instant as an input of type datetime-local takes it."""
    return f"{at.astimezone(tz):%Y-%m-%dT%H:%M}"
