"""Plays proposals: people propose and support; agencies answer; one leads to a draft."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from hashlib import sha256

from sqlmodel import Session

from consult.accounts.eid.actions import identify_at_desk
from consult.accounts.eid.rules import Document
from consult.accounts.queries import agency_by_code
from consult.demo.stage import Stage
from consult.demo.steps import HOUR, Step, call
from consult.demo.voices.telling import Part, story
from consult.law.queries import law_of
from consult.proposals import actions
from consult.proposals.actions import Addressed
from consult.proposals.answering import approve_answer, link_draft, write_answer
from consult.proposals.models import Proposal as Row
from consult.proposals.queries import answer_of, proposal_by_id
from consult.proposals.rules import Said


class Answer(Part):
    """Written and approved on `day`."""

    day: float
    outcome: str
    lang: str
    reason: str


class Proposal(Part):
    """Made on `day`; by `support_day` so many citizens support it beside its author."""

    key: str
    who: str
    agency: str
    kind: str = "change"
    topic: str
    day: float
    lang: str
    title: str
    body: str
    wanted: str = ""
    support: int
    support_day: float
    into: str = ""
    into_day: float = 0
    answer: Answer | None = None
    led_to: str = ""
    led_day: float = 0


class Story(Part):
    desk: str  # the agency whose officer sees those who want to be identified
    proposal: tuple[Proposal, ...]


class Proposing:
    """Remembers which proposal has which number."""

    def __init__(self, stage: Stage, desk: str) -> None:
        self.stage = stage
        self.desk = desk
        self.numbers: dict[str, int] = {}

    def row(self, session: Session, key: str) -> Row:
        return proposal_by_id(session, self.numbers[key])

    def identify(self, session: Session, part: Proposal, now: datetime) -> None:
        """Its author comes to a desk with a passport."""
        identify_at_desk(
            session,
            self.stage.staff(session, "officer", self.desk),
            person_id=self.stage.people[part.who],
            document=Document.PASSPORT,
            hashed=sha256(part.who.encode()).hexdigest(),
            now=now,
        )

    def propose(self, session: Session, part: Proposal, now: datetime) -> None:
        row = actions.propose(
            session,
            actor=self.stage.actor(session, part.who),
            law=law_of(session, self.stage.platform.pack),
            said=Said(part.kind, part.title, part.body, part.wanted, part.lang),
            to=Addressed(agency_by_code(session, part.agency).id or 0, part.topic),
            now=now,
        )
        self.numbers[part.key] = row.id or 0

    def support(self, session: Session, part: Proposal, now: datetime) -> None:
        """So many others, one after another."""
        others = [key for key in self.stage.citizens if key != part.who]
        for key in others[: part.support]:
            actor, row = self.stage.actor(session, key), self.row(session, part.key)
            actions.support(session, actor=actor, proposal=row, now=now)

    def join(self, session: Session, part: Proposal, now: datetime) -> None:
        actor, row = self.stage.actor(session, part.who), self.row(session, part.key)
        actions.join(session, actor=actor, proposal=row, into=self.row(session, part.into), now=now)

    def answer(self, session: Session, part: Proposal, now: datetime) -> None:
        """One writes, another approves."""
        row = self.row(session, part.key)
        if part.answer is None:
            return
        write_answer(
            session,
            actor=self.stage.staff(session, "officer", part.agency),
            proposal=row,
            outcome=part.answer.outcome,
            reason=part.answer.reason,
            lang=part.answer.lang,
            now=now,
        )
        written, head = (
            answer_of(session, row.id or 0),
            self.stage.staff(session, "approver", part.agency),
        )
        seen = written.mark if written else ""
        approve_answer(session, actor=head, proposal=row, seen=seen, now=now)

    def link(self, session: Session, part: Proposal, now: datetime) -> None:
        officer = self.stage.staff(session, "officer", part.agency)
        draft, row = self.stage.draft(session, part.led_to), self.row(session, part.key)
        link_draft(session, actor=officer, proposal=row, draft=draft, now=now)


def steps(stage: Stage) -> Iterator[Step]:
    """The steps of each proposal, in the order of its life."""
    told = story(Story, "proposals")
    playing = Proposing(stage, told.desk)
    known: set[str] = set()
    for part in told.proposal:
        if part.who not in known:
            known.add(part.who)
            yield Step(part.day - HOUR, partial(call, playing.identify, part))
        yield Step(part.day, partial(call, playing.propose, part))
        yield Step(part.support_day, partial(call, playing.support, part))
        if part.into:
            yield Step(part.into_day, partial(call, playing.join, part))
        if part.answer:
            yield Step(part.answer.day, partial(call, playing.answer, part))
        if part.led_to:
            yield Step(part.led_day, partial(call, playing.link, part))
