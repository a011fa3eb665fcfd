"""A year in the life of two ministries, act by act, with a worker that may stand still for a while.

What people do happens at the same instants whether anybody works behind the scenes or not.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import select

from consult.accounts.models import Person
from consult.consultations.queries import due_transitions
from consult.obligations.models import Obligation, ReminderSent
from consult.obligations.queries import reminders_waiting
from consult.platform import Platform
from consult.procedure.packs import RulePack
from consult.worker import drain
from notifications.models import Message
from tests.conftest import TestClock
from tests.duties import pack_with, recurrent_pack

Rung = tuple[str, int, str, date]  # the key of the duty, working days, audience, due on
Act = Callable[["Year"], None]
MINUTE = timedelta(minutes=1)
FIRST, LAST = date(2025, 11, 3), date(2027, 2, 1)
OUTAGES = (  # days, both inclusive, on which no worker runs
    (date(2025, 12, 29), date(2026, 1, 5)),
    (date(2026, 5, 12), date(2026, 5, 18)),
)
COUNTED = ("obligation", "obligation_event", "obligation_computation", "reminder_sent", "notice")


def year_pack(pack: RulePack) -> RulePack:
    """The pack with recurrent duties, answers by group, terms that can be extended and paused."""
    plain = pack_with(recurrent_pack(pack), {"answer": {"per": "issue"}}).model_dump()
    for rule in plain["rule"]:
        if rule["term"] in ("answer", "report"):
            rule |= {"amount": 14 if rule["term"] == "answer" else 20, "unit": "working_day"}
            rule |= {"max_extension": 10, "tolling_events": ("documents_requested",)}
    return RulePack.model_validate(plain)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a year amounts to: duties by key, rungs (when written, overtaken or not), notices."""

    duties: dict[str, tuple[Any, ...]]
    fulfilled: dict[str, datetime | None]
    rungs: dict[Rung, tuple[datetime, bool]]
    notices: set[str]


@dataclass
class Year:
    """The platform with its people and drafts by name."""

    platform: Platform
    clock: TestClock
    outages: Sequence[tuple[date, date]] = ()
    people: dict[str, Person] = field(default_factory=dict)
    drafts: dict[str, int] = field(default_factory=dict)

    def at(self, on: date | str, hour: int = 8) -> datetime:
        """An hour of a day where the ministries are."""
        on = date.fromisoformat(on) if isinstance(on, str) else on
        return datetime.combine(on, time(hour), self.platform.pack.tz).astimezone(UTC)

    def live(self, script: Iterable[tuple[str, Act]]) -> None:
        """Let everything happen: people act, and the worker looks each morning and after each act.

        Each time it looks twice: the second time nothing is left to be done.
        """
        acts = [(self.at(day, 11), act) for day, act in script]
        mornings = [
            (self.at(FIRST + timedelta(days=n)), None) for n in range((LAST - FIRST).days + 1)
        ]
        for at, act in sorted([*acts, *mornings], key=lambda pair: pair[0]):
            self.clock.now = at
            if act is not None:
                act(self)
            if act is not None or self._waits(at):
                self._work(at + MINUTE)

    def _waits(self, at: datetime) -> bool:
        """Whether anything falls due this morning; on the first of a month it is looked anyway."""
        with self.platform.database.reading() as session:
            waits = due_transitions(session, at) or reminders_waiting(session, at, limit=1)
        return bool(waits) or at.astimezone(self.platform.pack.tz).day == 1

    def _work(self, now: datetime) -> None:
        if self._stands_still(now):
            return
        drain(self.platform, now)
        before = self._counts()
        drain(self.platform, now)
        assert self._counts() == before

    def _stands_still(self, at: datetime) -> bool:
        on = at.astimezone(self.platform.pack.tz).date()
        return any(first <= on <= last for first, last in self.outages)

    def _counts(self) -> list[int]:
        query = " UNION ALL ".join(f"SELECT count(*) FROM {table}" for table in COUNTED)
        with self.platform.database.reading() as session:
            return list(session.execute(text(query)).scalars())

    def snapshot(self) -> Snapshot:
        with self.platform.database.reading() as session:
            duties = session.exec(select(Obligation)).all()
            keys = {duty.id: duty.key for duty in duties}
            sent = session.exec(select(ReminderSent)).all()
            notices = [_named(key, keys) for key in session.exec(select(Message.key)).all()]
        assert len(notices) == len(set(notices))
        return Snapshot(
            {
                d.key: (d.state, d.due_at, d.extra, d.preliminary, d.rule_code, d.agency_id)
                for d in duties
            },
            {d.key: d.fulfilled_at for d in duties},
            {
                (keys[row.obligation_id], row.rung, row.audience, row.due_on): (
                    row.sent_at,
                    row.overtaken,
                )
                for row in sent
            },
            set(notices),
        )


def _named(notice: str, keys: Mapping[int | None, str]) -> str:
    """The key of a notice with that of the duty it is about, whose number is a matter of chance."""
    kind, number, *rest = notice.split(":")
    if kind == "reminder" and number.isdigit():
        return ":".join((kind, keys[int(number)], *rest))
    return notice
