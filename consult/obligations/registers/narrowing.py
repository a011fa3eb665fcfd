"""What the address of a register says: its filters, read and written. No HTTP, no database."""

from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, Field

from consult.law.queries import Law
from consult.obligations.keeping.ladder import due_by
from consult.obligations.registers.agenda import week_end
from consult.obligations.registers.listing import PER, STATUSES, DutyFilter
from consult.procedure.calendars import DAY
from consult.procedure.deadlines import end_of

ANY = "any"  # what a choice sends that narrows nothing
Code = Annotated[
    str, Field(max_length=60), BeforeValidator(lambda value: "" if value == ANY else value)
]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))]
OptionalDay = Annotated[Day | None, BeforeValidator(lambda value: value or None)]
OptionalNumber = Annotated[Number | None, BeforeValidator(lambda value: value or None)]


def _known(codes: tuple[str, ...], default: str) -> BeforeValidator:
    """What is not known counts for the default: an old address still leads to a list."""
    return BeforeValidator(lambda value: value if value in codes else default)


class RegisterQuery(BaseModel):
    """The filters of a register; empty means any. Dates are the first and the last day due."""

    status: Annotated[str, _known(STATUSES, "open")] = "open"
    agency: Code = ""
    duty: Code = ""
    act_type: Code = ""
    per: Annotated[str, _known((*PER, "all"), "")] = ""
    rule: Code = ""
    draft: OptionalNumber = None
    due_from: OptionalDay = None
    due_to: OptionalDay = None

    def filter(self, law: Law, today: date, agency_id: int | None) -> DutyFilter:
        """The same for the database: the days as instants, where the law runs."""
        return DutyFilter(
            agency_id=agency_id,
            draft_id=self.draft,
            duty=self.duty,
            status=self.status,
            act_type=self.act_type,
            rule_code=self.rule,
            per=self.per,
            due_after=end_of(self.due_from - DAY, law.tz) if self.due_from else None,
            due_by=end_of(self.due_to, law.tz) if self.due_to else None,
            week_ends=end_of(week_end(today, law.calendar), law.tz),
            long_by=end_of(due_by(law.pack.long_overdue, today, law.calendar), law.tz),
        )

    def address(self, page: str = "/obligations", **changes: object) -> str:
        """The address of the same list with something changed."""
        values = self.model_dump() | changes
        told = {name: value for name, value in values.items() if value and value != DEFAULTS[name]}
        return f"{page}?{urlencode(told)}" if told else page

    @property
    def table(self) -> str:
        """The address of the same list as CSV, where no state means all of them."""
        return self.address("/obligations.csv", status="") + (
            ("&" if self.is_narrowed else "?") + urlencode({"status": self.status})
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the state is chosen, so that it can be dropped."""
        return self.address(status="open") != self.address(**DEFAULTS)


DEFAULTS = {**RegisterQuery().model_dump(), "after": ""}
