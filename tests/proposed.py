"""A proposal before an agency, people who may support it, those who answer: for its tests."""

from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from consult import outbox
from consult.access import Actor, Role
from consult.accounts.models import Agency, Person
from consult.law.queries import law_of
from consult.platform import Platform
from consult.proposals.actions import Addressed, propose, support
from consult.proposals.answering import approve_answer, write_answer
from consult.proposals.models import Proposal, ProposalSupport
from consult.proposals.queries import answer_of, proposal_by_id
from consult.proposals.rules import Said
from consult.voice_events import ProposalMade
from consult.worker import drain
from notifications.models import Message, Notice
from tests.beginnings import kept
from tests.conftest import START, TestClock
from tests.factories import actor_of, make_agency, make_person

CROSSING = Said(
    "change",
    "A crossing at the school in Manas street",
    "Children run across four lanes to reach their school, and two were hurt this winter.",
    "Paint a crossing there and set the limit to 30, so that drivers stop for the children.",
    "en",
)
LIBRARY = Said(
    "problem",
    "The library closes before people come home from work",
    "At five in the afternoon the doors are shut, so nobody who works can borrow a book.",
    "",
    "en",
)
REASON = "The crossing is in the plan of works for this summer."


@dataclass
class Village:
    """An akimat that owes an answer to what three people support; Aizada is identified."""

    platform: Platform
    clock: TestClock
    people: dict[str, Person]

    def actor(self, session: Session, name: str) -> Actor:
        return actor_of(session, self.people[name])

    def agency(self, session: Session, code: str = "KRK") -> Agency:
        return session.exec(select(Agency).where(Agency.code == code)).one()

    def propose(self, session: Session, said: Said = CROSSING, by: str = "Aizada") -> Proposal:
        law = law_of(session, self.platform.pack)
        to = Addressed(self.agency(session).id or 0, "transport")
        now = self.clock.now
        return propose(session, actor=self.actor(session, by), law=law, said=said, to=to, now=now)

    def support(self, session: Session, proposal: Proposal, *names: str) -> None:
        for name in names:
            support(session, actor=self.actor(session, name), proposal=proposal, now=self.clock.now)

    def reach(self) -> int:
        """A proposal that as many support as it needs; its number."""
        with self.platform.database.writing() as session:
            proposal = self.propose(session)
            self.support(session, proposal, "Bolot", "Chynara")
        self.drain()
        return proposal.id or 0

    def answer(self, proposal_id: int, outcome: str = "accepted") -> None:
        """Olga writes, Nurlan approves."""
        with self.platform.database.writing() as session:
            proposal = proposal_by_id(session, proposal_id)
            self.act(
                write_answer,
                session,
                "Olga",
                proposal=proposal,
                outcome=outcome,
                reason=REASON,
                lang="en",
            )
            row = answer_of(session, proposal_id)
            seen = row.mark if row else ""
            self.act(approve_answer, session, "Nurlan", proposal=proposal, seen=seen)
        self.drain()

    def act(self, action: Any, session: Session, name: str, **more: Any) -> Any:
        return action(session, actor=self.actor(session, name), now=self.clock.now, **more)

    def drain(self) -> None:
        drain(self.platform, self.clock.now)

    def told(self, session: Session, kind: str) -> list[int]:
        """Who has a notice of this kind, by number."""
        query = (
            select(Notice.person_id)
            .join(Message, Message.id == Notice.message_id)  # type: ignore[arg-type]
            .where(Message.kind == kind)
        )
        return sorted(session.exec(query).all())

    def ids(self, *names: str) -> list[int]:
        return sorted(self.people[name].id or 0 for name in names)


@kept
def make_village(platform: Platform, clock: TestClock) -> Village:
    """Three people are as many as such a body needs here, whoever they are."""
    levels = tuple(
        level.model_copy(update={"support": 3, "counts": "all"}) if level.code == "local" else level
        for level in platform.pack.level
    )
    platform = changed(platform, pack=platform.pack.model_copy(update={"level": levels}))
    people = {}
    with platform.database.writing() as session:
        akimat, other = make_agency(session, "KRK", kind="akimat"), make_agency(session, "MOJ")
        for name in ("Aizada", "Bolot", "Chynara", "Damir"):
            people[name] = make_person(session, name)
        people["Aizada"].verified_at = START
        people["Damir"].verified_at = START
        for name, role, body in (
            ("Olga", Role.OFFICER, akimat),
            ("Nurlan", Role.APPROVER, akimat),
            ("Omar", Role.OFFICER, other),
            ("Marat", Role.MODERATOR, None),
            ("Meder", Role.MODERATOR, akimat),
        ):
            people[name] = make_person(session, name, role=role, agency=body)
    return Village(platform, clock, people)


def leave_proposal(
    session: Session, author: Person, agency_id: int, words: str, now: datetime
) -> None:
    """They propose something, and support it."""
    proposal = Proposal(
        kind="change",
        level="state",
        agency_id=agency_id,
        lang="en",
        title=words,
        body=words,
        wanted=words,
        author_id=author.id or 0,
        created_at=now,
        needed=9,
        counts="all",
        gathers_until=now,
        supporters=1,
    )
    session.add(proposal)
    session.flush()
    support = {"proposal_id": proposal.id, "person_id": author.id, "supported_at": now}
    session.add(ProposalSupport(**support))
    outbox.record(session, ProposalMade(proposal.id or 0), now)
