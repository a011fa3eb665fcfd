"""Duties turned into what pages show of them: the day they are due, what is left of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from functools import cache, partial
from typing import Any, Protocol

from consult.accounts.models import Agency
from consult.law.calculator import trace_days
from consult.law.queries import Law
from consult.obligations.keeping.ladder import due_by, soon_by
from consult.obligations.ledger.rules import (
    LATE,
    Kind,
    LedgerEvent,
    ObligationState,
    Status,
    Stored,
    derived,
)
from consult.obligations.ledger.subjects import Subject
from consult.obligations.models import Obligation, ObligationComputation
from consult.obligations.queries import DutyRow
from consult.obligations.registers.listing import Folded, Singles
from consult.procedure.calendars import Calendar
from consult.procedure.deadlines import end_of, last_day, local_day
from consult.procedure.packs import RulePack
from consult.templating import problem_url

TIMED = LATE | {Status.RUNNING, Status.DUE_SOON, Status.FULFILLED_LATE}


def duty_cards(
    rows: Sequence[DutyRow], agencies: Mapping[int, Agency], law: Law, now: datetime
) -> list[dict[str, Any]]:
    """The rows of a register as obligations/_table.html shows them.

    `days` are the working days left, 0 on the last of them, or negative: those it is or was late.
    """
    pack, status_of = law.pack, statuses(law, now)
    between = cache(law.calendar.working_days_between)  # many duties fall due on one day
    cards = []
    for row in rows:
        duty, rule = row.obligation, pack.rules.get(row.obligation.rule_code)
        last, status, days = due_on(duty, pack.tz), status_of(duty), None
        if last and status in TIMED:
            days = between(local_day(duty.fulfilled_at or now, pack.tz), last)
        cards.append(
            {
                "id": duty.id,
                "name": name_of(pack, duty),
                "subject": subject_of(duty, row.receipt),
                "agency": agencies[duty.agency_id],
                "draft": row.draft,
                "round": row.round,
                "consultation_id": duty.consultation_id,
                "status": status.value,
                "due_on": last,
                "preliminary": duty.preliminary,
                "expected_on": duty.expected_on,
                "extra": duty.extra,
                "officer_id": duty.officer_id,
                "proposal": row.proposal,
                "fulfilled_at": duty.fulfilled_at,
                "trigger": rule.trigger.value if rule else "",
                "unit": rule.unit.value if rule else "",
                "days": days,
            }
        )
    return cards


class Clocked(Protocol):
    """What of a duty says how it stands."""

    @property
    def state(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def fulfilled_at(self) -> datetime | None: ...


def statuses(law: Law, now: datetime) -> Callable[[Clocked], Status]:
    """What a reader is shown of each duty now; it is derived, never stored."""
    today, pack = local_day(now, law.tz), law.pack
    soon = end_of(soon_by(pack.due_soon, today, law.calendar), law.tz)
    long = end_of(due_by(pack.long_overdue, today, law.calendar), law.tz)
    return partial(_status, now=now, soon=soon, long=long)


def _status(duty: Clocked, now: datetime, soon: datetime, long: datetime) -> Status:
    state = ObligationState(
        stored=Stored(duty.state), seq=0, due_at=duty.due_at, settled_at=duty.fulfilled_at
    )
    return derived(state, now, soon=soon, long=long)


def subject_of(duty: Obligation, receipt: str = "") -> dict[str, str]:
    """What a duty is owed for: its `kind` ("" for the whole of a consultation), its number, a page.

    Only what everybody may open has a page here; `part` is what a period is of a year: Q1, H2.
    """
    subject = Subject.read(duty.subject)
    ref, number = subject.ref, subject.number or 0
    pages = {
        "comment": f"/comments/{ref}",
        "problem": problem_url(duty.draft_id or 0, number),
        "contest": f"/contests/{ref}",
        "proposal": f"/proposals/{ref}",
        "opinion": f"/opinions/{ref}",
        "opinion_request": f"/opinions/{ref}",
        **dict.fromkeys(("question", "deputy_question", "information"), f"/questions/{ref}"),
        "hearing": f"/hearings/{ref}",
        "sitting": f"/parliament/sittings/{ref}",
        "review": f"/reviews/{ref}",
    }
    year, _, part = ref.partition("-")
    return {
        "kind": subject.kind,
        "ref": receipt or ref,
        "href": pages.get(subject.kind, ""),
        "year": year,
        "part": part,
    }


def folded_cards(
    rows: Sequence[Folded], agencies: Mapping[int, Agency], law: Law, now: datetime
) -> list[dict[str, Any]]:
    """The lines of the public list of what is overdue; `days` are the working days it is late."""
    return [
        {
            "id": row.obligation.id,
            "name": name_of(law.pack, row.obligation),
            "duty": row.obligation.duty,
            "subject": subject_of(row.obligation),
            "agency": agencies[row.obligation.agency_id],
            "draft": row.draft,
            "round": row.round,
            "due_on": last_day(row.due_at, law.tz),
            "days": days_late(law, row.due_at, now),
            "expected_on": row.expected_on,
            "n": row.n,
        }
        for row in rows
    ]


def single_cards(rows: Sequence[Singles], law: Law) -> list[dict[str, Any]]:
    """Duties for the comments of a round, or for its groups of comments, each kind in one line."""
    return [
        {
            "name": duty_name(law.pack, row.duty),
            "duty": row.duty,
            "per": row.per,
            "round": row.round,
            "counts": row.counts,
            "n": sum(row.counts.values()),
            "due_on": last_day(row.next_due, law.tz) if row.next_due else None,
        }
        for row in rows
    ]


def days_late(law: Law, due_at: datetime, now: datetime) -> int:
    """For how many working days something is late; 0 before the first of them is over."""
    last, today = last_day(due_at, law.tz), local_day(now, law.tz)
    return max(law.calendar.working_days_between(last, today), 0)


def due_on(duty: Obligation, tz: tzinfo) -> date | None:
    """The last day on which a duty is fulfilled in time, where the law runs."""
    return last_day(duty.due_at, tz) if duty.due_at else None


def name_of(pack: RulePack, duty: Obligation) -> Mapping[str, str]:
    """What a duty is called, by language."""
    return duty_name(pack, duty.duty)


def duty_name(pack: RulePack, code: str) -> Mapping[str, str]:
    """What a kind of duty is called, by language; its code if the rules no longer know it."""
    known = pack.duties.get(code)
    return known.names.model_dump() if known else {"en": code}


def history(events: Sequence[LedgerEvent]) -> list[dict[str, Any]]:
    """The lines of a ledger as obligations/_history.html shows them; what a line lacks is empty.

    `by` is the office of who did it, never a name; `said` a reason in words of ours, with its
    values, `reason` one that a person gave.
    """
    return [_line(event) for event in events]


def _line(event: LedgerEvent) -> dict[str, Any]:
    data, by_person = event.data, event.actor_id is not None
    days = {key: data.get(key) for key in ("due_on", "was_on", "expected_on")}
    reason = data.get("reason", "")
    return {
        "kind": event.kind.value,
        "at": event.at,
        "by": data.get("by", "officer") if by_person else "",
        "approved": "approved_by" in data,
        "began": datetime.fromisoformat(data["trigger_at"]) if "trigger_at" in data else None,
        "other_rule": event.kind is Kind.CORRECTED and "rule_code" in data,
        "reason": reason if by_person else "",
        "said": (
            "" if by_person else reason,
            {key: data.get(key, "") for key in ("document", "year")},
        ),
        **{key: date.fromisoformat(day) if day else None for key, day in days.items()},
        **{key: data.get(key, "") for key in ("extra", "ground", "basis", "evidence")},
    }


def traces(
    computations: Sequence[ObligationComputation], calendar: Calendar, holiday_language: str
) -> list[dict[str, Any]]:
    """Each computation of a due date that a ledger holds, the newest first, day by day."""
    return [
        {
            "due_on": computed.due_on,
            "preliminary": computed.preliminary,
            "days": trace_days(computed.trace, calendar, holiday_language),
        }
        for computed in reversed(computations)
    ]
