"""A bill before a small parliament: its secretary, three deputies, a registration, a reading."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.accounts.models import Agency
from consult.chambers.bills.actions import record_reading, register_bill
from consult.chambers.bills.models import Reading
from consult.chambers.bills.rules import Held, Registered
from consult.chambers.deputies.actions import take_deputies
from consult.chambers.deputies.models import Deputy
from consult.chambers.deputies.rules import Sat
from consult.procedure.stages import Stage
from drafts.actions import set_stage
from drafts.models import Draft
from tests import factories
from tests.conftest import START
from tests.decrees import PACK

SINCE = date(2025, 1, 1)
DAY = date(2026, 9, 9)  # of the first reading; START is the day before
NOW = START + timedelta(days=7)
DEPUTIES = (
    Sat("Asanov Bakyt", "Unity", "No 1", SINCE),
    Sat("Petrova Olga", "Our Land", "No 2", SINCE),
    Sat("Former Member", "Unity", "No 3", date(2020, 1, 1), date(2024, 12, 31)),
)
VOTES = "deputy,vote,time\nAsanov Bakyt,for,10:05\nPetrova Olga,against,10:06\n"


@dataclass(frozen=True, slots=True)
class Sits:
    """The body, who keeps its minutes, the bill, its first reading."""

    body: Agency
    secretary: Actor
    draft: Draft
    reading: Reading


def make_body(session: Session, code: str = "JK", kind: str = "parliament") -> tuple[Agency, Actor]:
    """A body with three deputies, of whom one is in office no more, and who keeps its minutes."""
    body = factories.make_agency(session, code, kind=kind)
    person = factories.make_person(
        session, f"Secretary {code.title()}", role=Role.OFFICER, agency=body
    )
    secretary = factories.actor_of(session, person)
    take_deputies(session, actor=secretary, body=body, deputies=DEPUTIES, now=START)
    return body, secretary


def before_parliament(session: Session, draft: Draft) -> None:
    """The draft is before parliament, however it came there."""
    draft.stage = Stage.REPORTED.value
    session.add(draft)
    session.flush()
    set_stage(session, draft.id or 0, Stage.IN_PARLIAMENT, START, actor_id=None)
    session.refresh(draft)


def make_sits(session: Session, draft: Draft | None = None, now: datetime = NOW) -> Sits:
    """All of it."""
    body, secretary = make_body(session)
    draft = draft or factories.open_draft(session)
    before_parliament(session, draft)
    about = {"actor": secretary, "draft": draft, "tz": PACK.tz, "now": now}
    said = Registered(body.id or 0, "6-1/26", date(2026, 9, 8))
    register_bill(session, said=said, **about)  # type: ignore[arg-type]
    reading = record_reading(session, said=Held(1, DAY, "passed"), **about)  # type: ignore[arg-type]
    return Sits(body, secretary, draft, reading)


def deputy_named(session: Session, name: str) -> Deputy:
    return session.exec(select(Deputy).where(Deputy.name == name)).one()
