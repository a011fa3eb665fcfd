"""Decrees for tests: days are moved, years made final, and what was entered is taken back."""

from datetime import date

from sqlmodel import Session

from consult.access import Actor, Role
from consult.law.actions import confirm_year, enter_days, revoke
from consult.law.models import CalendarAct
from consult.law.queries import law_of
from consult.law.rules import DecreedDay
from consult.procedure.calendars import DayKind
from consult.procedure.packs import RulePack, load_pack
from tests.conftest import START

SATURDAY, MONDAY = date(2026, 9, 12), date(2026, 9, 14)
OPERATOR = Actor(name="operator", roles=frozenset({Role.ADMINISTRATOR}))
PACK = load_pack("kg")
MOVED = (DecreedDay(SATURDAY, DayKind.WORKING, "moved"), DecreedDay(MONDAY, DayKind.DAY_OFF))


def enter(
    session: Session, *days: DecreedDay, document: str = "Decree 1", actor: Actor = OPERATOR
) -> CalendarAct:
    return enter_days(
        session,
        actor=actor,
        jurisdiction=PACK.code,
        days=days,
        document=document,
        filename="decree.csv",
        now=START,
    )


def final(session: Session, year: int, document: str = "Letter 7") -> CalendarAct:
    return confirm_year(
        session, actor=OPERATOR, jurisdiction=PACK.code, year=year, document=document, now=START
    )


def take_back(session: Session, act: CalendarAct, reason: str = "A slip") -> CalendarAct:
    return revoke(
        session,
        actor=OPERATOR,
        jurisdiction=PACK.code,
        act_id=act.id or 0,
        reason=reason,
        now=START,
    )


def works(session: Session, on: date, pack: RulePack = PACK) -> bool:
    return law_of(session, pack).calendar.day(on).working
