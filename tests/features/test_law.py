"""The law an installation holds: decreed days, final years, confirmed rules, without HTTP."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from consult.access import Actor, Role
from consult.checks import findings
from consult.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from consult.law.actions import (
    confirm_rule,
    confirm_year,
    keep_version,
    revoke,
    withdraw_confirmation,
)
from consult.law.models import CalendarAct, CalendarDay, RuleConfirmation
from consult.law.queries import (
    acts_of_year,
    confirmation_history,
    confirmation_of,
    confirmations,
    law_of,
    year_page,
)
from consult.law.rules import DecreedDay, digest_of_year, fingerprint
from consult.outbox import OutboxEvent
from consult.platform import Platform
from consult.procedure.calendars import DayKind
from consult.procedure.packs import load_pack
from drafts.search.following import rebuild
from tests import factories
from tests.conftest import START, TestClock
from tests.decrees import MONDAY, MOVED, OPERATOR, PACK, SATURDAY, enter, final, take_back, works

RULE = PACK.rule[0]


@pytest.fixture
def admin(session: Session) -> Actor:
    person = factories.make_person(session, "Admin", role=Role.ADMINISTRATOR)
    return factories.actor_of(session, person)


def confirm(session: Session, admin: Actor, document: str = "Law 5, art. 9") -> RuleConfirmation:
    return confirm_rule(
        session, actor=admin, rule=RULE, seen=fingerprint(RULE), document=document, now=START
    )


# Days


def test_a_decree_moves_days_and_says_on_what_they_rest(session: Session) -> None:
    enter(session, *MOVED)
    calendar = law_of(session, PACK).calendar
    assert calendar.day(SATURDAY).working
    assert not calendar.day(MONDAY).working
    assert "moved (Decree 1)" in str(calendar.day(SATURDAY).reason)
    assert "Decree 1" in str(calendar.day(MONDAY).reason)


def test_of_two_decrees_the_later_counts_and_after_its_revocation_the_earlier(
    session: Session,
) -> None:
    enter(session, *MOVED)
    later = enter(session, DecreedDay(SATURDAY, DayKind.HOLIDAY), document="Decree 2")
    assert not works(session, SATURDAY)
    assert not works(session, MONDAY)
    take_back(session, later)
    assert works(session, SATURDAY)


def test_each_act_and_each_revocation_is_told(session: Session) -> None:
    acts = [enter(session, *MOVED), final(session, 2026)]
    take_back(session, acts[0])
    session.flush()
    told = session.exec(select(OutboxEvent).where(OutboxEvent.name == "CalendarChanged")).all()
    assert [event.payload["act_id"] for event in told] == [acts[0].id, acts[1].id, acts[0].id]


def test_the_same_days_on_the_same_document_are_entered_once(session: Session) -> None:
    first = enter(session, *MOVED)
    with pytest.raises(Conflict):
        enter(session, *reversed(MOVED), document="  Decree   1 ")
    enter(session, *MOVED, document="Decree 2")
    enter(session, MOVED[0])
    take_back(session, first)
    enter(session, *MOVED)  # what was revoked may be entered again


def test_the_database_too_lets_the_same_in_once(session: Session) -> None:
    """Two administrators at the same instant: neither sees the other's act yet."""
    for _ in range(2):
        session.add(
            CalendarAct(
                jurisdiction="kg",
                kind="year_confirmed",
                year=2026,
                document="x",
                digest=digest_of_year(2026),
                entered_at=START,
            )
        )
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize(
    "days",
    [
        (),
        (MOVED[0], DecreedDay(SATURDAY, DayKind.DAY_OFF)),
        (DecreedDay(date(1999, 12, 31), DayKind.HOLIDAY),),
        (DecreedDay(date(2101, 1, 1), DayKind.HOLIDAY),),
        (DecreedDay(SATURDAY, DayKind.HOLIDAY, "x" * 201),),
        tuple(DecreedDay(date.fromordinal(730_500 + n), DayKind.HOLIDAY) for n in range(2001)),
    ],
)
def test_wrong_days_are_refused_and_none_is_kept(
    session: Session, days: tuple[DecreedDay, ...]
) -> None:
    with pytest.raises(Invalid):
        enter(session, *days)
    assert session.exec(select(CalendarAct)).all() == []


@pytest.mark.parametrize("document", ["", " \n ", "x" * 501])
def test_nothing_is_entered_without_a_document(session: Session, document: str) -> None:
    for act in (
        lambda: enter(session, *MOVED, document=document),
        lambda: final(session, 2026, document),
    ):
        with pytest.raises(Invalid) as refusal:
            act()
        assert refusal.value.field == "document"


def test_only_an_administrator_changes_the_law(session: Session, admin: Actor) -> None:
    act, confirmation = enter(session, *MOVED), confirm(session, admin)
    officer = factories.OPERATOR
    attempts: list[Callable[[], object]] = [
        lambda: enter(session, *MOVED, document="2", actor=officer),
        lambda: confirm_year(
            session, actor=officer, jurisdiction="kg", year=2026, document="x", now=START
        ),
        lambda: revoke(
            session, actor=officer, jurisdiction="kg", act_id=act.id or 0, reason="x", now=START
        ),
        lambda: confirm(session, officer),
        lambda: withdraw_confirmation(
            session,
            actor=officer,
            jurisdiction="kg",
            confirmation_id=confirmation.id or 0,
            reason="x",
            now=START,
        ),
    ]
    for attempt in attempts:
        with pytest.raises(NotAllowed):
            attempt()


def test_an_act_is_revoked_once_with_a_reason_and_stays_readable(session: Session) -> None:
    act = enter(session, *MOVED)
    with pytest.raises(Invalid):
        take_back(session, act, " ")
    take_back(session, act, "Annulled by decree 3")
    with pytest.raises(Conflict):
        take_back(session, act)
    with pytest.raises(NotFound):
        revoke(session, actor=OPERATOR, jurisdiction="kg", act_id=999, reason="x", now=START)
    with pytest.raises(NotFound):  # of another jurisdiction's calendar
        revoke(
            session, actor=OPERATOR, jurisdiction="kz", act_id=act.id or 0, reason="x", now=START
        )
    (entry,) = acts_of_year(session, "kg", 2026)
    session.refresh(entry.act)
    assert (entry.in_force, entry.act.revoked_reason) == (False, "Annulled by decree 3")
    assert entry.days == list(MOVED)
    assert not works(session, SATURDAY)


def test_a_final_year_is_no_longer_preliminary_until_that_is_revoked(session: Session) -> None:
    act = final(session, 2026)
    assert law_of(session, PACK).calendar.is_confirmed(SATURDAY)
    assert not law_of(session, PACK).calendar.is_confirmed(date(2027, 1, 1))
    with pytest.raises(Conflict):
        final(session, 2026, "another letter")
    enter(session, *MOVED)  # decreed late
    assert law_of(session, PACK).calendar.is_confirmed(SATURDAY)
    take_back(session, act)
    assert not law_of(session, PACK).calendar.is_confirmed(SATURDAY)
    with pytest.raises(Invalid):
        final(session, 1900)


def test_a_calendar_of_another_jurisdiction_is_left_alone(session: Session) -> None:
    enter(session, *MOVED)
    assert not works(session, SATURDAY, load_pack("kz"))


def test_a_page_of_a_year_names_feasts_in_the_language_of_the_reader(session: Session) -> None:
    enter(session, *MOVED, DecreedDay(date(2026, 8, 31), DayKind.HOLIDAY))
    law = law_of(session, PACK)
    names = {
        lang: {day.on: day.name for day in year_page(session, law, 2026, lang).days}
        for lang in ("ru", "en", "kk")
    }
    assert (
        names["en"][date(2026, 8, 31)] == "Independence Day"
    )  # the decree gave no name of its own
    assert names["ru"][date(2026, 8, 31)] == "День независимости Кыргызской Республики"
    assert names["kk"][date(2026, 8, 31)]  # the library has no Kazakh names for this country
    assert names["ru"][SATURDAY] == "moved"
    with pytest.raises(NotFound):
        year_page(session, law, 1999, "en")


# Rules


def test_a_rule_is_confirmed_on_a_document_by_somebody(session: Session, admin: Actor) -> None:
    assert confirmations(session, PACK) == {}
    row = confirm(session, admin)
    assert confirmations(session, PACK) == {RULE.code: row}
    assert confirmation_of(session, RULE) is row
    assert (row.confirmed_by, row.document, row.confirmed_at) == (admin.id, "Law 5, art. 9", START)
    with pytest.raises(Conflict):
        confirm(session, admin)
    with pytest.raises(Invalid):
        confirm_rule(
            session,
            actor=admin,
            rule=PACK.rule[1],
            seen=fingerprint(PACK.rule[1]),
            document=" ",
            now=START,
        )


def test_a_rule_that_says_something_else_now_is_not_confirmed(
    session: Session, admin: Actor
) -> None:
    row = confirm(session, admin)
    longer = RULE.model_copy(update={"amount": RULE.amount + 1})
    changed = PACK.model_copy(update={"rule": (longer, *PACK.rule[1:])})
    assert confirmations(session, changed) == {}
    ((entry,),) = confirmation_history(session, changed).values()
    assert (entry.confirmation, entry.current) == (row, False)
    with pytest.raises(Conflict):  # what was read on the page is not what would be confirmed
        confirm_rule(
            session,
            actor=admin,
            rule=longer,
            seen=fingerprint(RULE),
            document="x",
            now=START,
        )


def test_advice_and_source_of_a_rule_may_be_written_better(session: Session, admin: Actor) -> None:
    confirm(session, admin)
    better = RULE.model_copy(update={"note": "x", "source": "y", "proposed": not RULE.proposed})
    assert confirmation_of(session, better) is not None


def test_what_a_rule_does_not_say_is_no_part_of_it() -> None:
    """A field that rules get later must not unsettle what was confirmed before."""
    assert RULE.model_fields_set < set(type(RULE).model_fields)
    spelt_out = type(RULE).model_validate(RULE.model_dump())
    assert fingerprint(spelt_out) == fingerprint(RULE)


def test_a_confirmation_is_withdrawn_with_a_reason_and_stays_readable(
    session: Session, admin: Actor
) -> None:
    row = confirm(session, admin)

    def withdraw(reason: str, jurisdiction: str = "kg", number: int = row.id or 0) -> None:
        withdraw_confirmation(
            session,
            actor=admin,
            jurisdiction=jurisdiction,
            confirmation_id=number,
            reason=reason,
            now=START,
        )

    for wrong in (
        lambda: withdraw(""),
        lambda: withdraw("x", "kz"),
        lambda: withdraw("x", "kg", 9),
    ):
        with pytest.raises(DomainError):
            wrong()
    withdraw("The article was read wrongly")
    assert confirmations(session, PACK) == {}
    with pytest.raises(Conflict):
        withdraw("again")
    again = confirm(session, admin, "Law 5, art. 10")
    entries = confirmation_history(session, PACK)[RULE.code]
    assert [entry.confirmation.id for entry in entries] == [again.id, row.id]


def test_the_database_too_lets_a_version_be_confirmed_once(session: Session, admin: Actor) -> None:
    version = keep_version(session, RULE, START)
    for _ in range(2):
        session.add(
            RuleConfirmation(
                rule_version_id=version.id or 0,
                document="x",
                confirmed_by=admin.person_id,
                confirmed_at=START,
            )
        )
    with pytest.raises(IntegrityError):
        session.flush()


# What `consult check` says


def told(platform: Platform) -> list[str]:
    rebuild(platform)
    return [finding.text for finding in findings(platform)]


def test_a_check_tells_what_is_not_confirmed(platform: Platform, clock: TestClock) -> None:
    with platform.database.writing() as session:  # else it tells that nobody decides on appeals
        factories.make_agency(session, "OVER", kind="oversight")
    rules, calendar = told(platform)
    assert rules.startswith(f"{len(platform.pack.rule)} rules of law are not confirmed")
    assert calendar.startswith("The working calendar of 2026 is not confirmed")
    with platform.database.writing() as session:
        person = factories.make_person(session, "Admin", role=Role.ADMINISTRATOR)
        for rule in platform.pack.rule:
            confirm_rule(
                session,
                actor=factories.actor_of(session, person),
                rule=rule,
                seen=fingerprint(rule),
                document="x",
                now=START,
            )
        final(session, 2026)
    assert told(platform) == []
    clock.forward(days=24)  # the first of October
    assert told(platform) == [
        "The working calendar of 2027 is not confirmed; see /admin/calendar?year=2027."
    ]


def test_entered_days_are_kept_in_order_with_the_file_they_came_from(session: Session) -> None:
    act = enter(session, *reversed(MOVED))
    rows = session.exec(
        select(CalendarDay.on).where(CalendarDay.act_id == act.id).order_by(col(CalendarDay.on))
    ).all()
    assert list(rows) == [SATURDAY, MONDAY]
    assert act.filename == "decree.csv"
