"""A hearing for tests: the agency that convenes it, people who come, a real worker."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.accounts.models import Agency, Person
from consult.hearings import actions
from consult.hearings.actions import Said, Wish
from consult.hearings.models import Hearing, HearingSeat
from consult.hearings.queries import hearing_by_id, seat_of
from consult.hearings.rules import Place, Times, Wording
from consult.obligations.models import Obligation
from consult.outbox import Delivery
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from notifications.following import follow
from notifications.models import Mail, Notice
from tests import factories
from tests.client import Client
from tests.conftest import START, TestClock
from tests.decrees import PACK
from tests.mailed import mails, told

WHY = "The hall is being repaired until spring."
BEGINS = START + timedelta(days=20)
WORDING = Wording(
    {"ru": "Слушание о библиотеках", "en": "Hearing on libraries"},
    {"en": "What a village library must have."},
    {"ru": "Вход без ступеней", "en": "No steps"},
)
MINUTES = {"ru": "Выступили двенадцать человек.", "en": "Twelve people spoke."}


def said(begins: datetime = BEGINS, **more: Any) -> Said:
    """An announcement of two hours in a house of culture."""
    times = Times(begins, begins + timedelta(hours=2), begins)
    return replace(Said("hearing", WORDING, Place("Naryn, house of culture"), times), **more)


@dataclass
class Heard:
    """An agency with its officer Olga and a draft under discussion; the real worker works."""

    platform: Platform
    clock: TestClock
    agency_id: int = 0
    draft_id: int = 0
    people: dict[str, Person] = field(default_factory=dict)

    def actor(self, session: Session, name: str = "Olga") -> Actor:
        return factories.actor_of(session, self.people[name])

    def announce(self, announced: Said | None = None, name: str = "Olga") -> int:
        with self.platform.database.writing() as session:
            hearing = actions.announce(
                session,
                actor=self.actor(session, name),
                agency_id=self.agency_id,
                said=announced or said(drafts=(self.draft_id,)),
                pack=self.platform.pack,
                now=self.clock.now,
            )
        return hearing.id or 0

    def change(self, id_: int, announced: Said, reason: str = WHY, name: str = "Olga") -> None:
        with self.platform.database.writing() as session:
            actions.change(
                session,
                actor=self.actor(session, name),
                hearing_id=id_,
                said=announced,
                reason=reason,
                pack=self.platform.pack,
                now=self.clock.now,
            )

    def call_off(self, id_: int, reason: str = WHY, name: str = "Olga") -> None:
        with self.platform.database.writing() as session:
            actor, now = self.actor(session, name), self.clock.now
            actions.call_off(session, actor=actor, hearing_id=id_, reason=reason, now=now)

    def register(self, id_: int, name: str, **wished: Any) -> None:
        wish = Wish(**({"speaks": False, "lang": "ky"} | wished))
        with self.platform.database.writing() as session:
            actor, now = self.actor(session, name), self.clock.now
            actions.register(session, actor=actor, hearing_id=id_, wish=wish, now=now)

    def leave(self, id_: int, name: str) -> None:
        with self.platform.database.writing() as session:
            actor, now = self.actor(session, name), self.clock.now
            actions.leave(session, actor=actor, hearing_id=id_, now=now)

    def write(self, id_: int, came: int = 41, name: str = "Olga", **more: Any) -> None:
        with self.platform.database.writing() as session:
            actions.publish_minutes(
                session,
                actor=self.actor(session, name),
                hearing_id=id_,
                minutes=more.pop("minutes", MINUTES),
                came=came,
                pack=self.platform.pack,
                now=self.clock.now,
                **more,
            )

    def hearing(self, id_: int) -> Hearing:
        with self.platform.database.reading() as session:
            return hearing_by_id(session, id_)

    def seat(self, id_: int, name: str) -> HearingSeat | None:
        with self.platform.database.reading() as session:
            return seat_of(session, id_, self.people[name].id)

    def duty(self, id_: int) -> Obligation | None:
        with self.platform.database.reading() as session:
            about = Obligation.subject == f"hearing:{id_}"
            return session.exec(select(Obligation).where(about)).first()

    def follow(self, target: str, name: str = "Aizada") -> None:
        with self.platform.database.writing() as session:
            actor, now = self.actor(session, name), self.clock.now
            follow(session, PACK, actor=actor, target=target, now=now)

    def drain(self) -> None:
        drain(self.platform, self.clock.now)
        with self.platform.database.reading() as session:
            assert not session.exec(select(Delivery).where(Delivery.error != "")).all()

    def told(self, name: str = "Aizada") -> list[str]:
        """The kinds of the notices of a person about hearings, in order, each with its mail."""
        self.drain()
        with self.platform.database.reading() as session:
            notices = told(session, Notice.person_id == self.people[name].id)
            sent = mails(session, Mail.person_id == self.people[name].id)
        assert len({mail.message_id for mail in sent}) == len(sent) == len(notices)
        return [one.kind for one in notices if one.kind.startswith("hearing")]

    def browser(self, name: str = "") -> Client:
        """A browser in which somebody is signed in, or nobody."""
        token = ""
        if name:
            with self.platform.database.writing() as session:
                token = factories.sign_in_token(session, self.people[name], self.clock.now)
        return Client(self.platform, token)


def make_heard(platform: Platform, clock: TestClock) -> Heard:
    """Olga convenes for MOJ, Damir for another agency; Aizada and Bolot are citizens."""
    heard = Heard(platform, clock)
    with platform.database.writing() as session:
        agency, other = factories.make_agency(session), factories.make_agency(session, "MOH")
        heard.agency_id = agency.id or 0
        for name, held in (("Olga", agency), ("Damir", other), ("Aizada", None), ("Bolot", None)):
            role = {"role": Role.OFFICER, "agency": held} if held else {}
            heard.people[name] = factories.make_person(session, name, **role)
        draft: Draft = factories.open_draft(session, agency=agency)
        heard.draft_id = draft.id or 0
    heard.drain()
    return heard


def come_to_hearing(
    session: Session,
    platform: Platform,
    agency: Agency,
    officer: Person,
    guest: Person,
    needs: str,
    now: datetime,
) -> None:
    """Somebody registers for a hearing in years to come, and says what they need there."""
    hearing = actions.announce(
        session,
        actor=factories.actor_of(session, officer),
        agency_id=agency.id or 0,
        said=said(now + timedelta(days=900)),
        pack=platform.pack,
        now=now,
    )
    wish = Wish(speaks=True, lang="ru", needs=needs)
    actor = factories.actor_of(session, guest)
    actions.register(session, actor=actor, hearing_id=hearing.id or 0, wish=wish, now=now)
