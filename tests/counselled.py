"""A draft under discussion, and the council that watches over its ministry, for the tests."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.accounts.models import Agency, Person
from consult.councils.actions import cast_vote, close_vote, put_to_vote, write_opinion
from consult.councils.answering import publish_answer, write_answer
from consult.councils.membership import add_member
from consult.councils.models import CouncilOpinion
from consult.councils.rules import Opinion, Point
from consult.law.queries import law_of
from consult.obligations.models import Obligation
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from notifications.models import Message, Notice
from tests.beginnings import kept
from tests.conftest import TestClock
from tests.factories import actor_of, make_agency, make_person, open_draft
from tests.mailed import Told, told

MEMBERS = ("Chynara", "Bakyt", "Erlan", "Zamira", "Tilek")  # the first chairs the council
SAID = Opinion(
    {"en": "Libraries have to be open on market days."},
    "for_with_remarks",
    [Point(1, "art_2", "Open on Sundays too.")],
)


@dataclass
class Counsel:
    """A council of five, asked for its opinion when the discussion of the draft opened."""

    platform: Platform
    clock: TestClock
    people: dict[str, Person]

    def actor(self, session: Session, name: str) -> Actor:
        return actor_of(session, self.people[name])

    def draft(self, session: Session) -> Draft:
        return session.get_one(Draft, 1)

    def council(self, session: Session) -> Agency:
        return session.exec(select(Agency).where(Agency.code == "MOJ-C")).one()

    def opinion(self, session: Session, id_: int = 1) -> CouncilOpinion:
        return session.get_one(CouncilOpinion, id_)

    def drain(self) -> None:
        drain(self.platform, self.clock.now)

    def _about(self, session: Session, name: str) -> dict[str, Any]:
        actor, draft = self.actor(session, name), self.draft(session)
        return {"actor": actor, "draft": draft, "opinion": self.opinion(session)}

    def write(self, session: Session, name: str = "Bakyt", said: Opinion = SAID) -> None:
        write_opinion(session, **self._about(session, name), said=said, now=self.clock.now)

    def put(self, session: Session, name: str = "Bakyt") -> None:
        law = law_of(session, self.platform.pack)
        put_to_vote(session, **self._about(session, name), law=law, now=self.clock.now)

    def vote(self, session: Session, name: str, vote: str = "for", dissent: str = "") -> None:
        said = {"vote": vote, "dissent": dissent, "lang": "en"}
        cast_vote(session, **self._about(session, name), **said, now=self.clock.now)

    def close(self, session: Session, name: str = "Chynara") -> None:
        close_vote(session, **self._about(session, name), now=self.clock.now)

    def answer(self, session: Session, name: str = "Olga", taken: str = "part") -> None:
        said = {"text": "Sundays, but not market days.", "taken": taken, "lang": "en"}
        write_answer(session, **self._about(session, name), **said, now=self.clock.now)

    def publish(self, session: Session, name: str = "Nurlan") -> None:
        publish_answer(session, **self._about(session, name), now=self.clock.now)

    def give(self, *against: str) -> None:
        """Written, voted on by four of five, closed; in the end everything is worked off."""
        with self.platform.database.writing() as session:
            self.write(session)
            self.put(session)
            for name in MEMBERS[:4]:
                dissents = "Who shall pay for it?" if name in against else ""
                self.vote(session, name, "against" if name in against else "for", dissents)
            self.close(session)
        self.drain()

    def duty(self, subject: str) -> Obligation:
        with self.platform.database.reading() as session:
            return session.exec(select(Obligation).where(Obligation.subject == subject)).one()

    def notices(self, name: str, kind: str) -> list[Told]:
        with self.platform.database.reading() as session:
            return told(session, Notice.person_id == self.people[name].id, Message.kind == kind)


@kept
def make_counsel(platform: Platform, clock: TestClock) -> Counsel:
    """The council was asked by the rules: the pack names laws."""
    with platform.database.writing() as session:
        ministry, other = make_agency(session), make_agency(session, "MOH")
        council = make_agency(session, "MOJ-C", kind="council")
        council.parent_id = ministry.id
        admin = make_person(session, "Admin", role=Role.ADMINISTRATOR)
        people = {
            "Aizada": make_person(session),
            "Admin": admin,
            "Olga": make_person(session, "Olga", role=Role.OFFICER, agency=ministry),
            "Nurlan": make_person(session, "Nurlan", role=Role.APPROVER, agency=ministry),
            "Damir": make_person(session, "Damir", role=Role.OFFICER, agency=other),
        }
        for name in MEMBERS:
            people[name] = make_person(session, name)
            add_member(
                session,
                actor=actor_of(session, admin),
                council=council,
                email=f"{name.casefold()}@example.org",
                name=f"{name} of the council",
                field="Village libraries" if name == "Tilek" else "",
                is_chair=name == MEMBERS[0],
                now=clock.now,
            )
        open_draft(session, agency=ministry)
    drain(platform, clock.now)
    return Counsel(platform, clock, people)
