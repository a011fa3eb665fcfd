"""Two bodies that can be asked and whoever asks and answers, for the tests of questions."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from consult.access import Actor, Role
from consult.accounts.models import Agency, Person
from consult.obligations.models import Obligation
from consult.platform import Platform
from consult.questions.actions import Asked, ask
from consult.questions.answering import approve_answer, write_answer
from consult.questions.models import Question
from consult.worker import drain
from notifications.models import Message, Notice
from tests.beginnings import kept
from tests.conftest import TestClock
from tests.factories import actor_of, make_agency, make_person
from tests.mailed import Told, told

ROOM = 2
TITLE = "When is the road to the school repaired?"
BODY = "The road to the school in Ak-Suu was closed in spring and nobody works there."


@dataclass
class Hall:
    """The ministry (MOJ) and another body (MOH), each with officers, and a council of the first."""

    platform: Platform
    clock: TestClock
    people: dict[str, Person]

    def actor(self, session: Session, name: str) -> Actor:
        return actor_of(session, self.people[name])

    def agency(self, session: Session, code: str = "MOJ") -> Agency:
        return session.exec(select(Agency).where(Agency.code == code)).one()

    def put(self, session: Session, name: str = "Aizada", **more: Any) -> Question:
        said = {"title": TITLE, "body": BODY, "lang": "en"} | more
        code = said.pop("agency", "MOJ")
        return ask(
            session,
            actor=self.actor(session, name),
            agency=self.agency(session, code),
            asked=Asked(**said),
            most=500,
            room=ROOM,
            now=self.clock.now,
        )

    def asked(self, name: str = "Aizada", **more: Any) -> int:
        """A question that was put, and its duty runs; its number."""
        with self.platform.database.writing() as session:
            number = self.put(session, name, **more).id or 0
        self.drain()
        return number

    def write(self, session: Session, question: Question, name: str = "Olga", **more: Any) -> None:
        said = {"body": "In August.", "lang": "en", "submit": True} | more
        actor = self.actor(session, name)
        write_answer(session, actor=actor, question=question, now=self.clock.now, **said)

    def answer(self, number: int) -> None:
        """Write the answer and approve it."""
        with self.platform.database.writing() as session:
            question = session.get_one(Question, number)
            self.write(session, question)
            nurlan = self.actor(session, "Nurlan")
            approve_answer(session, actor=nurlan, question=question, now=self.clock.now)
        self.drain()

    def drain(self) -> None:
        drain(self.platform, self.clock.now)

    def duties(self) -> list[tuple[str, str, int]]:
        """(subject, state, agency) of every duty to answer a question, in order."""
        with self.platform.database.reading() as session:
            rows = session.exec(select(Obligation).order_by(col(Obligation.id))).all()
            found = [(row.subject, row.state, row.agency_id) for row in rows]
            return [one for one in found if not one[0].startswith("period:")]

    def notices(self, name: str, kind: str) -> list[Told]:
        with self.platform.database.reading() as session:
            return told(session, Notice.person_id == self.people[name].id, Message.kind == kind)


@kept
def make_hall(platform: Platform, clock: TestClock) -> Hall:
    with platform.database.writing() as session:
        ministry, other = make_agency(session), make_agency(session, "MOH")
        council = make_agency(session, "COUNCIL")
        council.kind, council.parent_id = "council", ministry.id
        session.add(council)
        session.flush()
        staff = {
            "Olga": (Role.OFFICER, ministry),
            "Nurlan": (Role.APPROVER, ministry),
            "Damir": (Role.OFFICER, other),
            "Deputy": (Role.PARLIAMENTARIAN, None),
            "Councillor": (Role.COUNCILLOR, council),
            "Moderator": (Role.MODERATOR, None),
            "Inside": (Role.MODERATOR, ministry),
        }
        people = {
            name: make_person(session, name, role=role, agency=agency)
            for name, (role, agency) in staff.items()
        }
        people |= {name: make_person(session, name) for name in ("Aizada", "Bolot")}
    drain(platform, clock.now)
    return Hall(platform, clock, people)
