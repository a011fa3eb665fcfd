"""A plan of law-making for tests: an agency that keeps it, people who follow it, a real worker."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from consult.access import Actor, Role
from consult.accounts.models import Agency, Person
from consult.consultations.actions import schedule
from consult.law.queries import law_of
from consult.outbox import Delivery
from consult.plans import actions
from consult.plans.models import PlanChange, PlanItem
from consult.plans.queries import history
from consult.plans.rules import Wording
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from notifications.following import follow
from notifications.links import unsign
from notifications.models import Mail, Notice, Subscription
from notifications.rules import read_unsubscribe_value
from tests import factories
from tests.client import Client
from tests.conftest import TestClock
from tests.decrees import PACK
from tests.mailed import Mailed, mailed, mails, told

NOVEMBER, MARCH = date(2026, 11, 1), date(2027, 3, 1)
WHY = "The budget was not approved in time."
WATER = Wording({"ru": "О воде", "en": "On water"}, {"en": "Clean water."}, "law", "")


@dataclass
class Plan:
    """An agency with its officer Olga; Aizada follows what a test says; the real worker works."""

    platform: Platform
    clock: TestClock
    agency_id: int = 0
    people: dict[str, Person] = field(default_factory=dict)

    def actor(self, session: Session, name: str = "Olga") -> Actor:
        return factories.actor_of(session, self.people[name])

    def add(self, wording: Wording = WATER, month: date = NOVEMBER, *, public: bool = True) -> int:
        with self.platform.database.writing() as session:
            item = actions.add_item(
                session,
                actor=self.actor(session),
                agency_id=self.agency_id,
                wording=wording,
                month=month,
                pack=self.platform.pack,
                now=self.clock.now,
            )
        if public:
            self.publish(item.id or 0)
        return item.id or 0

    def publish(self, *item_ids: int) -> None:
        with self.platform.database.writing() as session:
            actor = self.actor(session)
            pack, now = self.platform.pack, self.clock.forward(seconds=1)
            actions.publish(session, actor=actor, item_ids=item_ids, pack=pack, now=now)

    def move(self, item_id: int, month: date = MARCH, reason: str = WHY) -> None:
        with self.platform.database.writing() as session:
            actions.move(
                session,
                actor=self.actor(session),
                item_id=item_id,
                month=month,
                reason=reason,
                pack=self.platform.pack,
                now=self.clock.now,
            )

    def drop(self, item_id: int, reason: str = WHY) -> None:
        with self.platform.database.writing() as session:
            actor, now = self.actor(session), self.clock.now
            actions.drop(session, actor=actor, item_id=item_id, reason=reason, now=now)

    def resume(self, item_id: int, month: date = MARCH) -> None:
        with self.platform.database.writing() as session:
            actions.resume(
                session,
                actor=self.actor(session),
                item_id=item_id,
                month=month,
                reason="The parliament asked for it after all.",
                pack=self.platform.pack,
                now=self.clock.now,
            )

    def link(self, item_id: int, draft_id: int | None) -> None:
        with self.platform.database.writing() as session:
            actor, now = self.actor(session), self.clock.now
            actions.link_draft(session, actor=actor, item_id=item_id, draft_id=draft_id, now=now)

    def draft(self) -> int:
        with self.platform.database.writing() as session:
            agency = session.get_one(Agency, self.agency_id)
            return factories.make_draft(session, agency, now=self.clock.now).id or 0

    def open(self, draft_id: int) -> None:
        with self.platform.database.writing() as session:
            draft = session.get_one(Draft, draft_id)
            factories.open_consultation(session, draft, now=self.clock.now)

    def announce(self, draft_id: int, in_days: int = 3) -> datetime:
        """Set the dates: from now on everybody can read the text; returns when it opens."""
        opens_at = self.clock.now + timedelta(days=in_days)
        with self.platform.database.writing() as session:
            schedule(
                session,
                actor=factories.OPERATOR,
                draft=session.get_one(Draft, draft_id),
                opens_at=opens_at,
                closes_at=opens_at + timedelta(days=90),
                exception="",
                law=law_of(session, self.platform.pack),
                now=self.clock.now,
            )
        return opens_at

    def follow(self, *targets: str, name: str = "Aizada") -> None:
        with self.platform.database.writing() as session:
            actor, now = self.actor(session, name), self.clock.now
            for target in targets:
                follow(session, PACK, actor=actor, target=target, now=now)

    def targets(self, name: str = "Aizada") -> list[str]:
        with self.platform.database.reading() as session:
            mine = Subscription.person_id == self.people[name].id
            return sorted(session.exec(select(Subscription.target).where(mine)).all())

    def drain(self) -> None:
        drain(self.platform, self.clock.now)
        with self.platform.database.reading() as session:
            assert not session.exec(select(Delivery).where(Delivery.error != "")).all()

    def told(self, name: str = "Aizada") -> list[str]:
        """The kinds of the notices of a person, in order, each with its mail."""
        self.drain()
        with self.platform.database.reading() as session:
            notices = told(session, Notice.person_id == self.people[name].id)
            sent = mails(session, Mail.person_id == self.people[name].id)
        assert len({mail.message_id for mail in sent}) == len(sent) == len(notices)
        return [notice.values.get("change", notice.kind) for notice in notices]

    def mails(self, name: str = "Aizada") -> list[Mailed]:
        """The mails to a person, the oldest first."""
        return mailed(self.platform, Mail.person_id == self.people[name].id)

    def mail(self, name: str = "Aizada") -> Mailed:
        """The newest mail to a person."""
        return self.mails(name)[-1]

    def stops(self, mail: Mailed) -> str:
        """What the link at the end of a mail stops."""
        token = mail.unsubscribe_path.removeprefix("/unsubscribe/")
        value = unsign(self.platform.settings.secret_key, "unsubscribe", token)
        assert value is not None
        return read_unsubscribe_value(value)[1]

    def browser(self, name: str = "") -> Client:
        """A browser in which somebody is signed in, or nobody."""
        token = ""
        if name:
            with self.platform.database.writing() as session:
                token = factories.sign_in_token(session, self.people[name], self.clock.now)
        return Client(self.platform, token)

    def item(self, item_id: int) -> PlanItem:
        with self.platform.database.reading() as session:
            return session.get_one(PlanItem, item_id)

    def history(self, item_id: int) -> list[PlanChange]:
        with self.platform.database.reading() as session:
            return history(session, item_id)


def make_plan(platform: Platform, clock: TestClock) -> Plan:
    """The agency MOJ with Olga and Bakyt, MOH with Damir, and two citizens."""
    made = Plan(platform, clock)
    with platform.database.writing() as session:
        agency = factories.make_agency(session)
        made.agency_id = agency.id or 0
        other = factories.make_agency(session, "MOH")
        make = factories.make_person
        made.people = {
            "Olga": make(session, "Olga", role=Role.OFFICER, agency=agency),
            "Bakyt": make(session, "Bakyt", role=Role.APPROVER, agency=agency),
            "Damir": make(session, "Damir", role=Role.OFFICER, agency=other),
            "Aizada": make(session),
            "Bolot": make(session, "Bolot"),
        }
    return made
