"""Reads of the law as this installation holds it: its calendar, the versions of its rules."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from consult.errors import NotFound
from consult.law.models import CalendarAct, CalendarDay, RuleConfirmation, RuleVersion
from consult.law.months import Decree, MonthShown, months_of, special_days, weekday_names
from consult.law.rules import FIRST_YEAR, LAST_YEAR, DecreedDay, fingerprint
from consult.procedure.calendars import Calendar, DayKind
from consult.procedure.deadlines import DeadlineRule
from consult.procedure.packs import RulePack


@dataclass(frozen=True, slots=True)
class Law:
    """The rules of a jurisdiction and its working calendar with all decrees entered so far."""

    pack: RulePack
    calendar: Calendar

    @property
    def tz(self) -> ZoneInfo:
        return self.pack.tz

    def feasts_in(self, lang: str) -> str:
        """What the `holidays` library calls a language of the interface; "" if it lacks it."""
        return self.pack.holiday_languages.get(lang, "")


# A calendar is read often and changes a few times a year. It is kept under what it says, the
# digests of the acts in force: whatever was rolled back or revoked, it is never the wrong one.
Stamp = tuple[object, ...]
_KEPT: dict[str, tuple[Stamp, Calendar]] = {}


def law_of(session: Session, pack: RulePack) -> Law:
    """The law as it stands now; costs one small query while the calendar stays the same."""
    in_force = session.execute(
        select(CalendarAct.id, CalendarAct.digest)
        .where(CalendarAct.jurisdiction == pack.code, col(CalendarAct.revoked_at).is_(None))
        .order_by(col(CalendarAct.id))
    ).all()
    digests = tuple(digest for _, digest in in_force)
    stamp: Stamp = (pack.country, pack.subdivision, pack.weekend, digests)
    known = _KEPT.get(pack.code)
    if known is None or known[0] != stamp:
        # Of exactly these acts, whatever another transaction commits meanwhile.
        known = (stamp, _calendar(session, pack, [act_id for act_id, _ in in_force]))
        _KEPT[pack.code] = known
    return Law(pack, known[1])


def _calendar(session: Session, pack: RulePack, act_ids: Sequence[int]) -> Calendar:
    if not act_ids:
        return pack.calendar()
    years = session.exec(
        select(CalendarAct.year).where(
            col(CalendarAct.id).in_(act_ids), CalendarAct.kind == "year_confirmed"
        )
    ).all()
    rows = session.exec(
        select(CalendarDay, CalendarAct.document)
        .join(CalendarAct, col(CalendarAct.id) == col(CalendarDay.act_id))
        .where(col(CalendarAct.id).in_(act_ids))
        .order_by(col(CalendarAct.id))
    ).all()
    overrides = {day.on: DayKind(day.kind) for day, _ in rows}
    basis = {day.on: f"{day.name} ({document})" if day.name else document for day, document in rows}
    return pack.calendar(overrides, frozenset(year for year in years if year), basis)


@dataclass(frozen=True)
class ActEntered:
    """A calendar act with its days in order; none, if it confirms a year."""

    act: CalendarAct
    days: Sequence[DecreedDay]

    @cached_property
    def in_force(self) -> bool:
        return self.act.revoked_at is None


def acts_of_year(session: Session, jurisdiction: str, year: int) -> list[ActEntered]:
    """The acts about a year, revoked ones too, the newest last; two queries."""
    about = select(CalendarDay.act_id).where(
        col(CalendarDay.on).between(date(year, 1, 1), date(year, 12, 31))
    )
    acts = session.exec(
        select(CalendarAct)
        .where(
            CalendarAct.jurisdiction == jurisdiction,
            or_(
                and_(col(CalendarAct.kind) == "year_confirmed", col(CalendarAct.year) == year),
                col(CalendarAct.id).in_(about),
            ),
        )
        .order_by(col(CalendarAct.id))
    ).all()
    days = _days_of(session, [act.id or 0 for act in acts])
    return [ActEntered(act, days[act.id or 0]) for act in acts]


def _days_of(session: Session, act_ids: Sequence[int]) -> Mapping[int, list[DecreedDay]]:
    found: dict[int, list[DecreedDay]] = defaultdict(list)
    query = select(CalendarDay).where(col(CalendarDay.act_id).in_(act_ids))
    for day in session.exec(query.order_by(col(CalendarDay.on))).all():
        found[day.act_id].append(DecreedDay(day.on, DayKind(day.kind), day.name))
    return found


@dataclass(frozen=True)
class YearPage:
    """A year of the calendar with the acts about it; `confirmed` is the one that made it final."""

    year: int
    lang: str
    months: Sequence[MonthShown]
    acts: Sequence[ActEntered]

    @property
    def years(self) -> list[int]:
        """This year with those beside it."""
        return [n for n in range(self.year - 1, self.year + 2) if FIRST_YEAR <= n <= LAST_YEAR]

    @cached_property
    def confirmed(self) -> CalendarAct | None:
        acts = (entry.act for entry in self.acts if entry.in_force)
        return next((act for act in acts if act.kind == "year_confirmed"), None)

    @cached_property
    def weekdays(self) -> list[tuple[str, str]]:
        return weekday_names(self.lang)

    @property
    def working(self) -> int:
        """How many days of the year are worked."""
        return sum(month.working for month in self.months)

    @cached_property
    def days(self) -> list[DecreedDay]:
        """What a calendar file of this year says."""
        return special_days(self.months)

    @cached_property
    def changed_at(self) -> datetime:
        """When somebody last changed this year here; its first moment if nobody did."""
        changes = [entry.act.revoked_at or entry.act.entered_at for entry in self.acts]
        return max(changes, default=datetime(self.year, 1, 1, tzinfo=UTC))

    @property
    def people(self) -> set[int]:
        """Who entered and revoked."""
        acts = [entry.act for entry in self.acts]
        return {who for act in acts for who in (act.entered_by, act.revoked_by) if who}


def year_page(session: Session, law: Law, year: int, lang: str) -> YearPage:
    """A year with its feasts named in a language of the interface, where their names are known.

    Raises NotFound for a year no calendar here reaches.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound("There is no calendar of this year.")
    acts = acts_of_year(session, law.pack.code, year)
    decreed = {
        day.on: Decree(day, entry.act.document)
        for entry in acts
        if entry.in_force
        for day in entry.days
    }
    months = months_of(law.calendar, decreed, year, lang, law.feasts_in(lang))
    return YearPage(year, lang, months, acts)


def act_entered(session: Session, jurisdiction: str, act_id: int) -> ActEntered:
    """One act with its days; raises NotFound."""
    act = session.get(CalendarAct, act_id)
    if act is None or act.jurisdiction != jurisdiction:
        raise NotFound("There is no such entry in the calendar.")
    return ActEntered(act, _days_of(session, [act_id])[act_id])


def version_of(session: Session, rule: DeadlineRule) -> RuleVersion | None:
    """The version of a rule that says exactly this; None if nothing was ever counted by it."""
    query = select(RuleVersion).where(RuleVersion.fingerprint == fingerprint(rule))
    return session.exec(query).first()


def confirmation_of(session: Session, rule: DeadlineRule) -> RuleConfirmation | None:
    """Who confirmed a rule as it is worded here, when and on what; None if nobody did."""
    return _confirmed(session, {fingerprint(rule): rule.code}).get(rule.code)


def confirmations(session: Session, pack: RulePack) -> dict[str, RuleConfirmation]:
    """The confirmations of a pack's rules as they are worded now, by code; one query."""
    return _confirmed(session, {fingerprint(rule): rule.code for rule in pack.rule})


def _confirmed(session: Session, codes: Mapping[str, str]) -> dict[str, RuleConfirmation]:
    rows = session.exec(
        select(RuleVersion.fingerprint, RuleConfirmation)
        .join(RuleVersion, col(RuleVersion.id) == col(RuleConfirmation.rule_version_id))
        .where(
            col(RuleVersion.fingerprint).in_(codes), col(RuleConfirmation.withdrawn_at).is_(None)
        )
    ).all()
    return {codes[said]: confirmation for said, confirmation in rows}


@dataclass(frozen=True)
class Confirmed:
    """A confirmation, in force or withdrawn; `current`: of the rule as it is worded now."""

    confirmation: RuleConfirmation
    current: bool


def confirmation_history(session: Session, pack: RulePack) -> dict[str, list[Confirmed]]:
    """Every confirmation of every rule, whatever it then said, by code, the newest first."""
    worded = {fingerprint(rule) for rule in pack.rule}
    rows = session.exec(
        select(RuleVersion.code, RuleVersion.fingerprint, RuleConfirmation)
        .join(RuleVersion, col(RuleVersion.id) == col(RuleConfirmation.rule_version_id))
        .where(RuleVersion.jurisdiction == pack.code)
        .order_by(col(RuleConfirmation.id).desc())
    ).all()
    found: dict[str, list[Confirmed]] = defaultdict(list)
    for code, said, confirmation in rows:
        found[code].append(Confirmed(confirmation, said in worded))
    return found
