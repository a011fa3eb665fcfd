"""Reads of the law as this installation holds it: its calendar, the versions of its rules."""

from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, func
from sqlmodel import Session, col, select

from consult.law.models import CalendarAct, CalendarDay, RuleVersion
from consult.law.rules import fingerprint
from consult.procedure.calendars import Calendar, DayKind
from consult.procedure.deadlines import DeadlineRule
from consult.procedure.packs import RulePack

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Law:
    """The rules of a jurisdiction and its working calendar with all decrees entered so far."""

    pack: RulePack
    calendar: Calendar

    @property
    def tz(self) -> ZoneInfo:
        return self.pack.tz


# A calendar is read often and changes a few times a year; it is read anew when its stamp differs.
_KEPT: WeakKeyDictionary[Engine, dict[str, tuple[Stamp, Calendar]]] = WeakKeyDictionary()


def law_of(session: Session, pack: RulePack) -> Law:
    """The law as it stands now; costs one small query while the calendar stays the same."""
    engine = session.get_bind()
    kept = _KEPT.setdefault(engine if isinstance(engine, Engine) else engine.engine, {})
    stamp = _stamp(session, pack.code)
    known = kept.get(pack.code)
    if known is None or known[0] != stamp or known[1].country != pack.country:
        kept[pack.code] = known = (stamp, _calendar(session, pack))
    return Law(pack, known[1])


def _stamp(session: Session, jurisdiction: str) -> Stamp:
    """Changes with each act and each revocation: acts are never edited otherwise."""
    counted = session.execute(
        select(func.count(), func.max(CalendarAct.id), func.count(col(CalendarAct.revoked_at)))
        .select_from(CalendarAct)
        .where(CalendarAct.jurisdiction == jurisdiction)
    ).one()
    return counted[0], counted[1] or 0, counted[2]


def _calendar(session: Session, pack: RulePack) -> Calendar:
    in_force = (CalendarAct.jurisdiction == pack.code, col(CalendarAct.revoked_at).is_(None))
    years = session.exec(
        select(CalendarAct.year).where(*in_force, CalendarAct.kind == "year_confirmed")
    ).all()
    rows = session.exec(
        select(CalendarDay, CalendarAct)
        .join(CalendarAct, col(CalendarAct.id) == col(CalendarDay.act_id))
        .where(*in_force)
        .order_by(col(CalendarAct.id))
    ).all()
    overrides: dict[date, DayKind] = {day.on: DayKind(day.kind) for day, _ in rows}
    basis = {
        day.on: f"{day.name} ({act.document})" if day.name else act.document for day, act in rows
    }
    return pack.calendar(overrides, frozenset(year for year in years if year), basis)


def version_of(session: Session, rule: DeadlineRule) -> RuleVersion | None:
    """The version of a rule that says exactly this; None if nothing was ever counted by it."""
    query = select(RuleVersion).where(RuleVersion.fingerprint == fingerprint(rule))
    return session.exec(query).first()
