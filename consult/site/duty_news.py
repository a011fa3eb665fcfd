"""What happened to duties, as entries of a feed; no HTTP, no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from consult.accounts.models import Agency
from consult.law.queries import Law
from consult.obligations.cards import name_of
from consult.obligations.keeping.ladder import public_rungs
from consult.obligations.ledger.rules import Kind
from consult.obligations.ledger.subjects import Subject
from consult.obligations.registers.listing import Folded
from consult.obligations.registers.published import Told
from consult.procedure.calendars import DAY
from consult.procedure.deadlines import end_of, last_day
from consult.site.news import tag_uri
from drafts.models import Draft


@dataclass(frozen=True, slots=True)
class News:
    """One entry of a feed: `what` happened to a duty, and the `day` it names, if it names one.

    `n` duties of one kind, for single comments of a discussion, may share an entry.
    """

    id: str
    url: str
    at: datetime
    what: str
    duty: Mapping[str, str]
    agency: Agency
    draft: Draft | None
    day: date | None = None
    reason: str = ""
    n: int = 1


def told(one: Told, agency: Agency, law: Law, base_url: str) -> News:
    """A line of a ledger, or that a term ran out."""
    duty, line = one.obligation, one.line
    day: date | None = last_day(one.at, law.tz)
    if line is None:
        what, name, reason = "overdue", f"duties/{duty.id}/overdue/{day}", ""
    else:
        is_delay = line.kind == Kind.DELAY_ANNOUNCED.value
        said = line.data.get("expected_on" if is_delay else "due_on")
        day = date.fromisoformat(said) if said else None
        what = _what(line.kind, line.at, duty.due_at, dated=bool(said))
        name, reason = f"duties/{duty.id}/{line.seq}", str(line.data.get("reason") or "")
    return News(
        id=tag_uri(base_url, name),
        url=f"{base_url}/obligations/{duty.id}",
        at=one.at,
        what=what,
        duty=name_of(law.pack, duty),
        agency=agency,
        draft=one.draft,
        day=day,
        reason=reason,
    )


def _what(kind: str, at: datetime, due_at: datetime | None, *, dated: bool) -> str:
    if kind == Kind.FULFILLED.value and due_at is not None and at >= due_at:
        return "fulfilled_late"
    moving = {Kind.CORRECTED.value, Kind.CALENDAR_CHANGED.value, Kind.RESUMED.value}
    return "undated" if kind in moving and not dated else kind


def listed(one: Folded, agency: Agency, law: Law, base_url: str) -> News:
    """What came onto the public list of overdue duties, on the day it did.

    The name of an entry changes with the due date, so that what is late again is told again; that
    of many for single comments does not, for some of them may be done while others are not.
    """
    duty, due_on = one.obligation, last_day(one.due_at, law.tz)
    days = public_rungs(law.pack.duty).get(duty.duty, 0)
    begins = law.calendar.shift(due_on, days) if days > 0 else due_on + DAY
    folded = Subject.read(duty.subject).is_single
    name = (
        f"overdue/{duty.duty}/{duty.consultation_id}" if folded else f"overdue/{duty.id}/{due_on}"
    )
    page = f"/drafts/{duty.draft_id}/duties" if folded else f"/obligations/{duty.id}"
    return News(
        id=tag_uri(base_url, name),
        url=base_url + page,
        at=end_of(begins - DAY, law.tz),
        what="overdue",
        duty=name_of(law.pack, duty),
        agency=agency,
        draft=one.draft,
        day=due_on,
        n=one.n,
    )
