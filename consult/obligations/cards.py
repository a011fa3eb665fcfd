"""Duties turned into what pages show of them: the day they are due, what is left of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from functools import cache
from typing import Any

from consult.accounts.models import Agency
from consult.law.queries import Law
from consult.obligations.models import Obligation, ObligationComputation
from consult.obligations.queries import DutyRow
from consult.obligations.rules import LATE, LedgerEvent, Status
from consult.procedure.calendars import Calendar
from consult.procedure.deadlines import last_day, local_day
from consult.procedure.packs import RulePack

TIMED = LATE | {Status.RUNNING, Status.DUE_SOON, Status.FULFILLED_LATE}


def duty_cards(
    rows: Sequence[DutyRow], agencies: Mapping[int, Agency], law: Law, now: datetime
) -> list[dict[str, Any]]:
    """The rows of a register as obligations/_table.html shows them.

    `days` are the working days left, 0 on the last of them, or negative: those it is or was late.
    """
    pack = law.pack
    between = cache(law.calendar.working_days_between)  # many duties fall due on one day
    cards = []
    for row in rows:
        duty, rule = row.obligation, pack.rules.get(row.obligation.rule_code)
        last, days = due_on(duty, pack.tz), None
        if last and row.status in TIMED:
            days = between(local_day(duty.fulfilled_at or now, pack.tz), last)
        cards.append(
            {
                "id": duty.id,
                "name": name_of(pack, duty),
                "agency": agencies[duty.agency_id],
                "draft": row.draft,
                "round": row.round,
                "status": row.status.value,
                "due_on": last,
                "preliminary": duty.preliminary,
                "fulfilled_at": duty.fulfilled_at,
                "trigger": rule.trigger.value if rule else "",
                "days": days,
            }
        )
    return cards


def due_on(duty: Obligation, tz: tzinfo) -> date | None:
    """The last day on which a duty is fulfilled in time, where the law runs."""
    return last_day(duty.due_at, tz) if duty.due_at else None


def name_of(pack: RulePack, duty: Obligation) -> Mapping[str, str]:
    """What a duty is called, by language; its code if the rules no longer know it."""
    known = pack.duties.get(duty.duty)
    return known.names.model_dump() if known else {"en": duty.duty}


def history(events: Sequence[LedgerEvent]) -> list[dict[str, Any]]:
    """The lines of a ledger as obligations/duty.html shows them; what a line lacks is empty."""
    return [
        {
            "kind": event.kind.value,
            "at": event.at,
            "by_person": event.actor_id is not None,
            "due_on": date.fromisoformat(event.data["due_on"]) if "due_on" in event.data else None,
            **{key: event.data.get(key, "") for key in ("extra", "basis", "reason", "evidence")},
        }
        for event in events
    ]


def traces(
    computations: Sequence[ObligationComputation], calendar: Calendar, holiday_language: str
) -> list[dict[str, Any]]:
    """Each computation of a due date that a ledger holds, the newest first, day by day.

    Feasts are named in the language of the `holidays` library, where it knows their names in it.
    """
    return [
        {
            "due_on": computed.due_on,
            "preliminary": computed.preliminary,
            "days": [_day(day, calendar, holiday_language) for day in computed.trace],
        }
        for computed in reversed(computations)
    ]


def _day(day: Mapping[str, Any], calendar: Calendar, holiday_language: str) -> dict[str, Any]:
    on, params = date.fromisoformat(day["on"]), day["params"]
    if "name" in params and holiday_language:
        params = {"name": calendar.holiday_name(on, holiday_language) or params["name"]}
    return {"on": on, "counted": day["counted"], "text": day["text"], "params": params}
