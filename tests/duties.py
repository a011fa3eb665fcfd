"""A consultation with its duties, for the tests of what is owed: it is moved on step by step."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from consult.access import Role
from consult.accounts.models import Person
from consult.consultations.models import Consultation
from consult.consultations.queries import current_round
from consult.law.queries import law_of
from consult.obligations.cards import statuses
from consult.obligations.keeping.following import follow_consultation
from consult.obligations.ledger.rules import Status
from consult.obligations.models import Obligation
from consult.platform import Platform
from consult.procedure.deadlines import end_of, last_day
from consult.procedure.packs import RulePack
from consult.worker import drain
from drafts.models import Draft
from notifications.models import Message, Notice
from tests import factories
from tests.beginnings import kept
from tests.client import Client
from tests.conftest import START, TestClock
from tests.mailed import Told, told

HOUR = timedelta(hours=1)


@dataclass
class Case:
    """One draft of one agency, with its officer Olga, its approver Bakyt, and citizen Aizada."""

    platform: Platform
    clock: TestClock
    draft_id: int = 0
    agency_id: int = 0
    people: dict[str, Person] = field(default_factory=dict)

    def drain(self, now: datetime | None = None) -> None:
        """Let the worker do what is due, after the clock was moved to `now`."""
        self.clock.now = now or self.clock.now
        drain(self.platform, self.clock.now)

    def close(self) -> None:
        """Let the consultation end, and everything that follows."""
        self.drain(self.consultation().closes_at)

    def answer_all(self) -> None:
        """Publish the report with an answer to each comment; the worker sleeps."""
        officer, approver, now = self.people["Olga"], self.people["Bakyt"], self.clock.now
        with self.platform.database.writing() as session:
            consultation = session.get_one(Consultation, self.consultation().id)
            for comment in factories.comments_in(session, consultation):
                factories.answer_comment(session, comment, officer, approver, now=now)
            factories.release_report(session, consultation, officer, now)

    def publish(self) -> None:
        """Publish the report, and let everything follow."""
        self.answer_all()
        self.drain()

    def follow(self) -> None:
        """Bring the duties up to date, and do nothing else."""
        with self.platform.database.writing() as session:
            consultation = session.get_one(Consultation, self.consultation().id)
            draft = session.get_one(Draft, self.draft_id)
            law = law_of(session, self.platform.pack)
            follow_consultation(session, law, draft, consultation, self.clock.now)

    def consultation(self) -> Consultation:
        with self.platform.database.reading() as session:
            consultation = current_round(session, self.draft_id)
            assert consultation is not None
            return consultation

    def duty(self, code: str) -> Obligation:
        with self.platform.database.reading() as session:
            return session.exec(select(Obligation).where(Obligation.duty == code)).one()

    def owed(self, code: str) -> list[Obligation]:
        """All duties of one kind, as they were laid out."""
        with self.platform.database.reading() as session:
            query = select(Obligation).where(Obligation.duty == code)
            return list(session.exec(query.order_by(col(Obligation.id))).all())

    def status(self, code: str) -> Status:
        with self.platform.database.reading() as session:
            law = law_of(session, self.platform.pack)
        return statuses(law, self.clock.now)(self.duty(code))

    def due_at(self, code: str) -> datetime:
        due_at = self.duty(code).due_at
        assert due_at is not None
        return due_at

    def noon(self, code: str, working_days: int) -> datetime:
        """Noon of the day so many working days from the day a duty is due."""
        pack = self.platform.pack
        due_on = last_day(self.due_at(code), pack.tz)
        return end_of(pack.calendar().shift(due_on, working_days), pack.tz) - 12 * HOUR

    def notices(self, name: str, kind: str = "reminder", about: str = "") -> list[Told]:
        """What a person was told, of one kind, about one duty if one is named."""
        path = f"/obligations/{self.duty(about).id}" if about else ""
        with self.platform.database.reading() as session:
            mine = (Notice.person_id == self.people[name].id, Message.kind == kind)
            return [one for one in told(session, *mine) if path in ("", one.path)]

    def browser(self, name: str = "") -> Client:
        """A browser in which somebody is signed in, or nobody."""
        token = ""
        if name:
            with self.platform.database.writing() as session:
                token = factories.sign_in_token(session, self.people[name], self.clock.now)
        return Client(self.platform, token)


@kept
def make_case(
    platform: Platform, clock: TestClock, *, commented: bool = True, title: str = "On libraries"
) -> Case:
    """A consultation that has just been opened, and commented on if wished."""
    case = Case(platform, clock)
    with platform.database.writing() as session:
        agency = factories.make_agency(session)
        draft = factories.make_draft(session, agency, title=title)
        case.agency_id, case.draft_id = agency.id or 0, draft.id or 0
        case.people = {
            "Olga": factories.make_person(session, "Olga", role=Role.OFFICER, agency=agency),
            "Bakyt": factories.make_person(session, "Bakyt", role=Role.APPROVER, agency=agency),
            "Oversight": factories.make_person(session, "Oversight", role=Role.OVERSIGHT),
            "Aizada": factories.make_person(session),
        }
        factories.open_consultation(session, draft)
        if commented:
            factories.make_comment(session, draft, case.people["Aizada"], now=START + HOUR)
    case.drain()
    return case


def rule_with(pack: RulePack, code: str, **changed: Any) -> RulePack:
    """The pack with another content under the same code."""
    plain = pack.model_dump()
    for rule in plain["rule"]:
        if rule["code"] == code:
            rule |= changed
    return RulePack.model_validate(plain)


def pack_with(pack: RulePack, duties: Mapping[str, Mapping[str, Any]]) -> RulePack:
    """The pack with some duties changed; all others are as they are."""
    plain = pack.model_dump()
    for duty in plain["duty"]:
        duty |= duties.get(duty["code"], {})
    return RulePack.model_validate(plain)


def without_periods(platform: Platform) -> Platform:
    """The installation without recurrent duties, for the tests of a single consultation."""
    plain = platform.pack.model_dump()
    plain["duty"] = [duty for duty in plain["duty"] if duty["per"] != "agency"]
    return replace(platform, pack=RulePack.model_validate(plain))


# Terms of the tests' own, so that they say what they count by: (amount, unit, end_shift, trigger).
RECURRENT = {
    "quarterly_report": (10, "working_day", "next_working_day", "quarter_ended"),
    "half_year_report": (15, "calendar_day", "none", "half_year_ended"),
    "yearly_report": (2, "month", "next_working_day", "year_ended"),
}


def recurrent_pack(pack: RulePack, since: str = "2020-01-01") -> RulePack:
    """The pack with these recurrent duties of ministries, in force `since`, and no others."""
    plain = pack.model_dump()
    plain["rule"] = [rule for rule in plain["rule"] if rule["term"] not in RECURRENT]
    plain["duty"] = [duty for duty in plain["duty"] if duty["per"] != "agency"]
    for code, (amount, unit, end_shift, trigger) in RECURRENT.items():
        plain["rule"].append(
            {
                "code": f"test-{code}".replace("_", "-"),
                "jurisdiction": pack.code,
                "term": code,
                "trigger": trigger,
                "amount": amount,
                "unit": unit,
                "end_shift": end_shift,
                "citation": "A test, art. 1",
                "citation_lang": "ru",
                "source": "tests",
                "valid_from": since,
            }
        )
        plain["duty"].append(
            {
                "code": code,
                "names": dict.fromkeys(("ky", "ru", "kk", "en"), code),
                "term": code,
                "trigger": trigger,
                "per": "agency",
                "agency_kinds": ["ministry"],
                "responsible": "head",
                "evidence": "document",
                "rungs": [
                    {"days": -3, "audience": "officer"},
                    {"days": 1, "audience": "head"},
                    {"days": 3, "audience": "coordinator"},
                    {"days": 5, "audience": "public"},
                ],
            }
        )
    return RulePack.model_validate(plain)
