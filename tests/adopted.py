"""A draft whose report is out, for the tests of what comes after it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.accounts.models import Agency, Person
from consult.adoption.actions import (
    change_commitment,
    record_outcome,
    report_problem,
)
from consult.adoption.models import ActOutcome, CommitmentStep, Problem
from consult.adoption.queries import (
    promise,
)
from consult.adoption.rules import Decided, Met, Step
from consult.answers.actions import approve, decide, group_comments
from consult.consultations.models import Consultation
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from notifications.models import Message, Notice
from tests.beginnings import kept
from tests.conftest import TestClock
from tests.factories import (
    actor_of,
    add_version,
    answer_comment,
    close_consultation,
    make_agency,
    make_comment,
    make_person,
    open_draft,
    release_report,
)
from tests.mailed import Told, told

ADOPTED = {"outcome": "adopted", "number": "214"}


@dataclass
class Act:
    """A draft whose report is out: two comments were accepted, one was not, two form a group."""

    platform: Platform
    clock: TestClock
    people: dict[str, Person]

    def actor(self, session: Session, name: str) -> Actor:
        return actor_of(session, self.people[name])

    def draft(self, session: Session) -> Draft:
        return session.exec(select(Draft)).one()

    def drain(self) -> None:
        drain(self.platform, self.clock.now)

    def record(self, session: Session, name: str = "Olga", **more: Any) -> ActOutcome:
        said = {"decided_on": self.today, **ADOPTED, **more}
        version_id = said.pop("version_id", None)
        return record_outcome(
            session,
            actor=self.actor(session, name),
            draft=self.draft(session),
            said=Decided(**said),
            version_id=version_id,
            pack=self.platform.pack,
            now=self.clock.now,
        )

    def adopt(self, **more: Any) -> None:
        with self.platform.database.writing() as session:
            self.record(session, **more)
        self.drain()

    def change(self, session: Session, id_: int, step: Step, **more: Any) -> CommitmentStep:
        draft = self.draft(session)
        row = promise(session, draft.id or 0, id_).commitment
        values = {"actor": self.actor(session, "Olga"), "seen": row.state, "now": self.clock.now}
        return change_commitment(session, draft=draft, commitment=row, step=step, **(values | more))

    def report(self, session: Session, name: str = "Aizada", **more: Any) -> Problem:
        values = {"body": "They still ask for the old paper.", "lang": "en", "wid": ""} | more
        return report_problem(
            session,
            actor=self.actor(session, name),
            draft=self.draft(session),
            met=Met(**values),
            most=200,
            now=self.clock.now,
        )

    @property
    def today(self) -> date:
        return self.clock.now.astimezone(self.platform.pack.tz).date()

    def notices(self, name: str, kind: str) -> list[Told]:
        with self.platform.database.reading() as session:
            return told(session, Notice.person_id == self.people[name].id, Message.kind == kind)


def people_of(session: Session, agency: Agency) -> dict[str, Person]:
    return {
        "Aizada": make_person(session),
        "Bolot": make_person(session, "Bolot"),
        "Olga": make_person(session, "Olga", role=Role.OFFICER, agency=agency),
        "Nurlan": make_person(session, "Nurlan", role=Role.APPROVER, agency=agency),
        "Damir": make_person(
            session, "Damir", role=Role.OFFICER, agency=make_agency(session, "MOH")
        ),
        "Moderator": make_person(session, "Moderator", role=Role.MODERATOR),
    }


@kept
def make_act(platform: Platform, clock: TestClock) -> Act:
    """The report is out: art_2 was changed because of a comment, art_1 was not."""
    with platform.database.writing() as session:
        agency = make_agency(session)
        people = people_of(session, agency)
        olga, nurlan = people["Olga"], people["Nurlan"]
        draft = open_draft(session, agency=agency)
        aizada, bolot = people["Aizada"], people["Bolot"]
        changed = make_comment(session, draft, aizada, "Six days.", wid="art_2")
        later = make_comment(session, draft, aizada, "A library in every street.", wid="art_1")
        refused = make_comment(session, draft, bolot, "No libraries.")
        group = [make_comment(session, draft, who, "Free of charge.") for who in (aizada, bolot)]
        make_comment(session, draft, bolot, "Aizada again: yes, free.", parent=group[0])
        consultation = session.exec(select(Consultation)).one()
        clock.now = consultation.closes_at
        close_consultation(session, consultation)
        add_version(session, draft, ["A library stands in every village.", "It is open six days."])
        now = clock.now
        answer_comment(
            session, changed, olga, nurlan, outcome="accepted", changed_wid="art_2", now=now
        )
        answer_comment(session, later, olga, nurlan, reason="In some streets.", now=now)
        answer_comment(session, refused, olga, nurlan, outcome="rejected", now=now)
        issue = group_comments(
            session,
            actor=actor_of(session, olga),
            consultation=consultation,
            draft=draft,
            comment_ids=[comment.id or 0 for comment in group],
            title="Free of charge",
            now=now,
        )
        row = decide(
            session,
            actor=actor_of(session, olga),
            consultation=consultation,
            draft=draft,
            issue_id=issue.id,
            outcome="accepted",
            reason="It costs nobody anything.",
            lang="en",
            submit=True,
            now=now,
        )
        approve(session, actor=actor_of(session, nurlan), draft=draft, disposition=row, now=now)
        release_report(session, consultation, olga, now)
    drain(platform, clock.now)
    clock.forward(days=3)
    return Act(platform, clock, people)
