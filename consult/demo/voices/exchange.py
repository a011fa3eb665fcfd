"""Plays the exchange: a ministry's document-flow system registers a draft under its own number."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from consult.accounts.queries import agency_by_code
from consult.demo.stage import Stage
from consult.demo.steps import Step
from consult.demo.voices.telling import Part, story
from consult.exchange.actions import Registration, make_system, permit_system, register
from consult.exchange.queries import systems_of
from consult.exchange.rules import as_system
from drafts.importing.preview import import_bytes


class System(Part):
    title: str
    agency: str
    day: float


class Sent(Part):
    number: str
    act_type: str
    topic: str
    lang: str
    title: str
    summary: str
    day: float
    text: str


class Story(Part):
    system: System
    draft: Sent


def steps(stage: Stage) -> Iterator[Step]:
    """A system is named and permitted; later it sends a draft."""
    told = story(Story, "exchange")

    def name(session: Session, now: datetime) -> None:
        body = agency_by_code(session, told.system.agency)
        officer = stage.staff(session, "officer", told.system.agency)
        made, _ = make_system(
            session, actor=officer, agency=body, title=told.system.title, token="", now=now
        )
        head = stage.staff(session, "approver", told.system.agency)
        permit_system(session, actor=head, system_id=made.id or 0, now=now)

    def send(session: Session, now: datetime) -> None:
        body = agency_by_code(session, told.system.agency)
        (system,) = systems_of(session, [body.id or 0])
        sent = told.draft
        register(
            session,
            actor=as_system(stage.staff(session, "officer", told.system.agency), system),
            system=system,
            pack=stage.platform.pack,
            sent=Registration(
                number=sent.number,
                act_type=sent.act_type,
                topic=sent.topic,
                title=sent.title,
                summary=sent.summary,
                filename="draft.txt",
                preview=import_bytes(sent.text.encode(), "draft.txt", sent.lang),
            ),
            now=now,
        )

    yield Step(told.system.day, name)
    yield Step(told.draft.day, send)
