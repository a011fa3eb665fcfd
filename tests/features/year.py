"""A year in the life of two ministries, act by act, with a worker that may stand still for a while.

What people do happens at the same instants whether anybody works behind the scenes or not.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from consult.access import Role
from consult.accounts.models import Person
from consult.accounts.queries import actor_for
from consult.answers.actions import group_comments
from consult.answers.models import IssueComment
from consult.comments.actions import withdraw_comment
from consult.comments.models import Comment
from consult.consultations.actions import withdraw_draft
from consult.consultations.queries import current_round, due_transitions
from consult.law.actions import enter_days
from consult.law.queries import Law, law_of
from consult.law.rules import DecreedDay
from consult.moderation.actions import hide_comment, restore_comment
from consult.obligations import proposing
from consult.obligations.actions import fulfil, resume
from consult.obligations.models import Obligation, ReminderSent
from consult.obligations.queries import reminders_waiting
from consult.platform import Platform
from consult.procedure.calendars import DayKind
from consult.procedure.packs import RulePack
from consult.worker import drain
from drafts.models import Draft
from notifications.models import Notice
from tests import factories
from tests.conftest import TestClock
from tests.duties import pack_with, recurrent_pack

Act = Callable[["Year"], None]
MINUTE = timedelta(minutes=1)
FIRST, LAST = date(2025, 11, 3), date(2027, 2, 1)
OUTAGES = (  # days, both inclusive, on which no worker runs
    (date(2025, 12, 29), date(2026, 1, 5)),
    (date(2026, 5, 4), date(2026, 5, 10)),
)
BASIS = "Law on administrative procedure, art. 14"
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
    """What a year amounts to: duties by key, rungs (overtaken or not), keys of notices."""

    duties: dict[str, tuple[Any, ...]]
    fulfilled: dict[str, datetime | None]
    rungs: dict[tuple[str, int, str, date], bool]
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
            notices = [_named(key, keys) for key in session.exec(select(Notice.key)).all()]
        assert len(notices) == len(set(notices))
        return Snapshot(
            {
                d.key: (d.state, d.due_at, d.extra, d.preliminary, d.rule_code, d.agency_id)
                for d in duties
            },
            {d.key: d.fulfilled_at for d in duties},
            {
                (keys[row.obligation_id], row.rung, row.audience, row.due_on): row.overtaken
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


# What people do.


def found(year: Year) -> None:
    with year.platform.database.writing() as session:
        for n, code in enumerate(("MOJ", "MOH"), start=1):
            agency = factories.make_agency(session, code)
            agency.created_at = year.clock.now
            session.add(agency)
            for name, role in (("officer", Role.OFFICER), ("head", Role.APPROVER)):
                who = f"{code} {name}"
                year.people[who] = factories.make_person(session, who, role=role, agency=agency)
            assert agency.id == n
        for name, of_all in (
            ("Oversight", Role.OVERSIGHT),
            ("Moderator", Role.MODERATOR),
            ("Admin", Role.ADMINISTRATOR),
        ):
            year.people[name] = factories.make_person(session, name, role=of_all)
        for name in ("Aizada", "Bolot", "Cholpon"):
            year.people[name] = factories.make_person(session, name)


def opens(name: str, agency: int) -> Act:
    def act(year: Year) -> None:
        with year.platform.database.writing() as session:
            body = session.get_one(factories.Agency, agency)
            draft = factories.make_draft(session, body, title=name, now=year.clock.now)
            factories.open_consultation(session, draft, now=year.clock.now)
            year.drafts[name] = draft.id or 0

    return act


def comments(name: str, *people: str) -> Act:
    def act(year: Year) -> None:
        with year.platform.database.writing() as session:
            draft = session.get_one(Draft, year.drafts[name])
            for person in people:
                words = f"{person} on {name}, {year.clock.now:%d %B}."
                author = year.people[person]
                factories.make_comment(session, draft, author, words, now=year.clock.now)

    return act


def _on_comment(
    change: Callable[[Session, Year, Comment], None],
) -> Callable[[str, int], Act]:
    def with_number(name: str, n: int) -> Act:
        def act(year: Year) -> None:
            with year.platform.database.writing() as session:
                query = select(Comment).where(Comment.draft_id == year.drafts[name])
                comment = session.exec(query.order_by(col(Comment.id))).all()[n - 1]
                change(session, year, comment)

        return act

    return with_number


def _withdraw(session: Session, year: Year, comment: Comment) -> None:
    actor = actor_for(session, comment.author_id)
    withdraw_comment(session, actor=actor, comment=comment, now=year.clock.now)


def _hide(session: Session, year: Year, comment: Comment) -> None:
    actor, now = actor_for(session, year.people["Moderator"].id or 0), year.clock.now
    hide_comment(session, actor=actor, comment=comment, reason="personal_data", now=now)


def _restore(session: Session, year: Year, comment: Comment) -> None:
    actor, now = actor_for(session, year.people["Moderator"].id or 0), year.clock.now
    restore_comment(session, actor=actor, comment=comment, reason="It names nobody.", now=now)


withdraws, hides, restores = _on_comment(_withdraw), _on_comment(_hide), _on_comment(_restore)


def groups(name: str, *numbers: int) -> Act:
    def act(year: Year) -> None:
        with year.platform.database.writing() as session:
            draft, officer, _ = _staff(session, year, name)
            consultation = current_round(session, draft.id or 0)
            assert consultation is not None
            said = factories.comments_in(session, consultation)
            group_comments(
                session,
                actor=actor_for(session, officer.id or 0),
                consultation=consultation,
                draft=draft,
                comment_ids=[said[n - 1].id or 0 for n in numbers],
                title="The same point",
                now=year.clock.now,
            )

    return act


def _staff(session: Session, year: Year, name: str) -> tuple[Draft, Person, Person]:
    draft = session.get_one(Draft, year.drafts[name])
    code = ("MOJ", "MOH")[draft.agency_id - 1]
    return draft, year.people[f"{code} officer"], year.people[f"{code} head"]


def answers(name: str) -> Act:
    """The report is published with an answer to every comment, each its own."""

    def act(year: Year) -> None:
        now = year.clock.now
        with year.platform.database.writing() as session:
            draft, officer, head = _staff(session, year, name)
            consultation = current_round(session, draft.id or 0)
            assert consultation is not None
            for comment in factories.comments_in(session, consultation):
                factories.answer_comment(session, comment, officer, head, now=now)
            factories.release_report(session, consultation, officer, now)

    return act


def withdraws_draft(name: str) -> Act:
    def act(year: Year) -> None:
        with year.platform.database.writing() as session:
            draft, officer, _ = _staff(session, year, name)
            actor = actor_for(session, officer.id or 0)
            withdraw_draft(session, actor=actor, draft=draft, now=year.clock.now)

    return act


def decrees(document: str, **days: DayKind) -> Act:
    """The working calendar is changed: `_2026_03_10=DayKind.DAY_OFF`."""

    def act(year: Year) -> None:
        with year.platform.database.writing() as session:
            listed = [
                DecreedDay(date.fromisoformat(day.strip("_").replace("_", "-")), kind, "By decree")
                for day, kind in days.items()
            ]
            enter_days(
                session,
                actor=actor_for(session, year.people["Admin"].id or 0),
                jurisdiction=year.platform.pack.code,
                days=listed,
                document=document,
                now=year.clock.now,
            )

    return act


def _on_duty(
    duty: str, change: Callable[[Session, Law, Year, Obligation], None], name: str = ""
) -> Act:
    """Something done with the duty of a draft, or with that whose key it is."""

    def act(year: Year) -> None:
        with year.platform.database.writing() as session:
            wanted = select(Obligation).where(Obligation.key == duty)
            if name:
                wanted = select(Obligation).where(
                    Obligation.draft_id == year.drafts[name], Obligation.duty == duty
                )
            found_ = session.exec(wanted).one()
            change(session, law_of(session, year.platform.pack), year, found_)

    return act


def _people_of(year: Year, duty: Obligation) -> tuple[Person, Person]:
    code = ("MOJ", "MOH")[duty.agency_id - 1]
    return year.people[f"{code} officer"], year.people[f"{code} head"]


def shows(duty: str, name: str = "") -> Act:
    """An officer marks a duty as fulfilled, by a document."""

    def change(session: Session, law: Law, year: Year, owed: Obligation) -> None:
        officer, _ = _people_of(year, owed)
        fulfil(
            session,
            law,
            actor=actor_for(session, officer.id or 0),
            obligation_id=owed.id or 0,
            evidence="Letter No. 7",
            now=year.clock.now,
        )

    return _on_duty(duty, change, name)


def _agreed(duty: str, name: str, wish: proposing.Wish) -> Act:
    def change(session: Session, law: Law, year: Year, owed: Obligation) -> None:
        officer, head = _people_of(year, owed)
        proposal = proposing.propose(
            session,
            law,
            actor=actor_for(session, officer.id or 0),
            obligation_id=owed.id or 0,
            wish=wish,
            now=year.clock.now,
        )
        proposing.decide(
            session,
            law,
            actor=actor_for(session, head.id or 0),
            proposal_id=proposal.id or 0,
            approved=True,
            note="",
            now=year.clock.now,
        )

    return _on_duty(duty, change, name)


def extends(duty: str, name: str, extra: int) -> Act:
    return _agreed(duty, name, proposing.Wish("extended", BASIS, "Many spoke.", extra=extra))


def pauses(duty: str, name: str) -> Act:
    wish = proposing.Wish("paused", BASIS, "Asked for papers.", ground="documents_requested")
    return _agreed(duty, name, wish)


def resumes(duty: str, name: str) -> Act:
    def change(session: Session, law: Law, year: Year, owed: Obligation) -> None:
        actor = actor_for(session, _people_of(year, owed)[0].id or 0)
        resume(
            session,
            law,
            actor=actor,
            obligation_id=owed.id or 0,
            reason="The papers came.",
            now=year.clock.now,
        )

    return _on_duty(duty, change, name)


SCRIPT: Sequence[tuple[str, Act]] = (
    ("2025-11-03", found),
    ("2025-11-04", opens("Schools", 2)),
    ("2025-11-05", comments("Schools", "Aizada", "Bolot")),
    ("2025-12-19", opens("Libraries", 1)),
    ("2025-12-22", comments("Libraries", "Aizada", "Bolot")),
    ("2025-12-30", comments("Libraries", "Cholpon")),  # nobody works behind the scenes
    ("2026-01-03", withdraws("Libraries", 1)),
    ("2026-01-12", comments("Libraries", "Aizada")),
    ("2026-01-13", shows("half_year_report:1:2025-H2")),
    ("2026-01-26", answers("Schools")),  # late: its terms ran out while nobody worked
    ("2026-01-30", answers("Libraries")),
    ("2026-02-09", opens("Clinics", 2)),
    ("2026-02-11", comments("Clinics", "Aizada", "Bolot")),
    ("2026-02-20", shows("decision", "Libraries")),
    ("2026-03-02", shows("half_year_report:2:2025-H2")),  # late
    ("2026-03-06", opens("Parks", 1)),
    ("2026-03-09", comments("Parks", "Cholpon")),
    (
        "2026-03-12",  # a day is moved after it has passed
        decrees("Decree 12", _2026_03_10=DayKind.DAY_OFF, _2026_03_14=DayKind.WORKING),
    ),
    ("2026-03-23", opens("Archives", 1)),
    ("2026-03-24", comments("Archives", "Aizada", "Bolot", "Cholpon")),
    ("2026-04-06", opens("Pharmacies", 2)),
    ("2026-04-07", comments("Pharmacies", "Aizada")),
    ("2026-04-24", groups("Archives", 1, 2)),
    ("2026-04-28", extends("report", "Archives", 5)),
    ("2026-05-05", comments("Pharmacies", "Bolot")),  # nobody works behind the scenes
    ("2026-05-06", pauses("report", "Archives")),
    ("2026-05-07", answers("Clinics")),  # late
    ("2026-05-08", answers("Parks")),  # what was to be reminded of is done before anybody works
    ("2026-05-09", decrees("Decree 20", _2026_05_21=DayKind.DAY_OFF, _2026_05_22=DayKind.HOLIDAY)),
    ("2026-05-18", resumes("report", "Archives")),
    ("2026-06-04", answers("Pharmacies")),
    ("2026-06-25", answers("Archives")),
    ("2026-07-14", shows("half_year_report:1:2026-H1")),
    ("2026-07-15", opens("Roads", 1)),  # nobody comments
    ("2026-08-20", answers("Roads")),
    ("2026-09-03", withdraws_draft("Roads")),
    ("2026-10-05", opens("Vaccines", 2)),
    ("2026-10-06", comments("Vaccines", "Aizada", "Bolot", "Cholpon")),
    ("2026-10-20", hides("Vaccines", 2)),
    ("2026-11-16", restores("Vaccines", 2)),
    ("2026-12-29", answers("Vaccines")),
)


def lived(platform: Platform, outages: Sequence[tuple[date, date]]) -> Snapshot:
    """The year as it was, with the worker standing still on some days."""
    clock = TestClock(datetime.combine(FIRST, time(6), UTC))
    pack = year_pack(platform.pack)
    year = Year(replace(platform, pack=pack, clock=clock), clock, outages)
    year.live(SCRIPT)
    with platform.database.reading() as session:  # the script did what it says
        assert len(session.exec(select(IssueComment)).all()) == 2
    return year.snapshot()
