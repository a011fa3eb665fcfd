"""What people do in the simulated year, and when."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from sqlmodel import Session, col, select

from consult.access import Role
from consult.accounts.models import Person
from consult.accounts.queries import actor_for
from consult.answers.actions import group_comments
from consult.answers.models import IssueComment
from consult.comments.actions import withdraw_comment
from consult.comments.models import Comment
from consult.consultations.actions import withdraw_draft
from consult.consultations.queries import current_round
from consult.law.actions import enter_days
from consult.law.queries import Law, law_of
from consult.law.rules import DecreedDay
from consult.moderation.actions import hide_comment, restore_comment
from consult.obligations import proposing
from consult.obligations.actions import fulfil, resume
from consult.obligations.models import Obligation
from consult.platform import Platform
from consult.procedure.calendars import DayKind
from drafts.models import Draft
from tests import factories
from tests.conftest import TestClock
from tests.features.year import FIRST, Act, Snapshot, Year, year_pack

BASIS = "Law on administrative procedure, art. 14"


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
    ("2025-11-10", opens("Schools", 2)),
    ("2025-11-11", comments("Schools", "Aizada", "Bolot")),
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
    ("2026-04-13", opens("Pharmacies", 2)),
    ("2026-04-14", comments("Pharmacies", "Aizada")),
    ("2026-04-24", groups("Archives", 1, 2)),
    ("2026-04-28", extends("report", "Archives", 5)),
    ("2026-05-12", comments("Pharmacies", "Bolot")),  # nobody works behind the scenes
    ("2026-05-13", pauses("report", "Archives")),
    ("2026-05-14", answers("Clinics")),  # late
    ("2026-05-15", answers("Parks")),  # what was to be reminded of is done before anybody works
    ("2026-05-16", decrees("Decree 20", _2026_05_21=DayKind.DAY_OFF, _2026_05_22=DayKind.HOLIDAY)),
    ("2026-05-25", resumes("report", "Archives")),
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
