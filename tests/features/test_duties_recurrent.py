"""Reports owed for every quarter, half-year and year: laid out once, however long nobody looked."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from consult.access import Actor, Role
from consult.accounts.models import Agency
from consult.accounts.queries import actor_for
from consult.errors import Conflict, NotAllowed
from consult.law.queries import law_of
from consult.obligations.actions import fulfil
from consult.obligations.keeping import recurring
from consult.obligations.keeping.recurring import recur
from consult.obligations.ledger.rules import Kind
from consult.obligations.models import DailyWork, Obligation
from consult.obligations.queries import ledger
from consult.platform import Platform
from consult.procedure.deadlines import Term, last_day, local_day
from consult.procedure.packs import RulePack
from consult.worker import drain
from notifications.models import Message
from tests import factories
from tests.conftest import TestClock
from tests.duties import recurrent_pack
from tests.mailed import told

BEGAN = datetime(2025, 11, 12, 6, tzinfo=UTC)  # a Wednesday noon in Bishkek


@pytest.fixture
def ministry(platform: Platform, clock: TestClock) -> Platform:
    """A ministry since November 2025 with its officer and head, and a parliament without duties."""
    clock.now = BEGAN
    with platform.database.writing() as session:
        for code, kind in (("MOJ", "ministry"), ("JK", "parliament")):
            agency = factories.make_agency(session, code, kind=kind)
            agency.created_at = BEGAN
            session.add(agency)
        body = session.get_one(Agency, 1)
        factories.make_person(session, "Olga", role=Role.OFFICER, agency=body)
        factories.make_person(session, "Bakyt", role=Role.APPROVER, agency=body)
        factories.make_person(session, "Oversight", role=Role.OVERSIGHT)
    return replace(platform, pack=recurrent_pack(platform.pack))


def _at(platform: Platform, day: str, hour: int = 12) -> datetime:
    on = date.fromisoformat(day)
    return datetime(on.year, on.month, on.day, hour, tzinfo=platform.pack.tz).astimezone(UTC)


def _duties(platform: Platform) -> dict[str, Obligation]:
    with platform.database.reading() as session:
        rows = session.exec(select(Obligation).order_by(col(Obligation.id))).all()
    assert len({row.key for row in rows}) == len(rows)
    return {f"{row.duty.split('_')[0]} {row.subject.removeprefix('period:')}": row for row in rows}


def _states(platform: Platform) -> dict[str, str]:
    return {name: row.state for name, row in _duties(platform).items()}


def _due_on(platform: Platform, name: str) -> date:
    due_at = _duties(platform)[name].due_at
    assert due_at is not None
    return last_day(due_at, platform.pack.tz)


def test_the_running_periods_are_planned_and_none_before_there_was_an_agency(
    ministry: Platform,
) -> None:
    drain(ministry, BEGAN)
    planned = {"quarterly 2025-Q4": "planned", "half 2025-H2": "planned", "yearly 2025": "planned"}
    assert _states(ministry) == planned
    assert {row.agency_id for row in _duties(ministry).values()} == {1}


def test_the_clock_begins_with_the_end_of_the_period_and_the_next_one_is_planned(
    ministry: Platform,
) -> None:
    drain(ministry, BEGAN)
    drain(ministry, _at(ministry, "2025-12-31", 23))
    assert set(_states(ministry).values()) == {"planned"}
    drain(ministry, _at(ministry, "2026-01-01", 0))
    states = _states(ministry)
    assert {name for name, state in states.items() if state == "running"} == {
        "quarterly 2025-Q4",
        "half 2025-H2",
        "yearly 2025",
    }
    assert states["quarterly 2026-Q1"] == states["half 2026-H1"] == states["yearly 2026"]
    assert states["yearly 2026"] == "planned"


def _with_rule(pack: RulePack, since: str, amount: int) -> RulePack:
    """The pack with another term for quarterly reports from that day on."""
    (old,) = (rule for rule in pack.rule if rule.term is Term.QUARTERLY_REPORT)
    begins = date.fromisoformat(since)
    ended = old.model_copy(update={"valid_to": begins - timedelta(days=1)})
    new = old.model_copy(update={"code": "test-later", "valid_from": begins, "amount": amount})
    others = (rule for rule in pack.rule if rule is not old)
    return RulePack.model_validate(
        pack.model_copy(update={"rule": (*others, ended, new)}).model_dump()
    )


@pytest.mark.parametrize(("since", "taken"), [("2025-12-31", True), ("2026-01-01", False)])
def test_a_period_is_counted_by_the_rule_in_force_on_its_last_day_though_it_came_later(
    ministry: Platform, since: str, taken: bool
) -> None:
    drain(ministry, BEGAN)
    later = replace(ministry, pack=_with_rule(ministry.pack, since, 15))
    drain(later, _at(later, "2026-01-20"))
    duty = _duties(later)["quarterly 2025-Q4"]
    with later.database.reading() as session:
        kinds = [line.kind for line in ledger(session, duty.id or 0)]
    assert duty.rule_code == ("test-later" if taken else "test-quarterly-report")
    assert (Kind.CORRECTED in kinds) is taken
    calendar = later.pack.calendar()
    assert _due_on(later, "quarterly 2025-Q4") == calendar.shift(
        date(2025, 12, 31), 15 if taken else 10
    )


@pytest.mark.parametrize(
    ("closed_on", "last"), [("2026-01-01", "2025-Q4"), ("2026-01-02", "2026-Q1")]
)
def test_an_agency_that_ended_owes_nothing_for_periods_after_its_last_day(
    ministry: Platform, closed_on: str, last: str
) -> None:
    drain(ministry, BEGAN)
    with ministry.database.writing() as session:
        agency = session.get_one(Agency, 1)
        agency.closed_on = date.fromisoformat(closed_on)
        session.add(agency)
    drain(ministry, _at(ministry, "2026-12-01"))
    quarters = {name: row for name, row in _duties(ministry).items() if "quarterly" in name}
    assert max(quarters) == f"quarterly {last}"
    assert {row.state for row in quarters.values()} == {"running"}, "what it owes, it owes still"


def test_half_yearly_reports_are_due_on_15_january_and_15_july(ministry: Platform) -> None:
    drain(ministry, _at(ministry, "2026-07-01"))
    assert _due_on(ministry, "half 2025-H2") == date(2026, 1, 15)
    assert _due_on(ministry, "half 2026-H1") == date(2026, 7, 15)
    assert _due_on(ministry, "yearly 2025") >= date(2026, 2, 28)


def test_counting_starts_with_the_first_day_after_the_period_however_late_the_worker(
    ministry: Platform,
) -> None:
    drain(ministry, _at(ministry, "2026-05-20"))
    with ministry.database.reading() as session:
        duty = _duties(ministry)["quarterly 2025-Q4"]
        created, triggered = ledger(session, duty.id or 0)
    assert local_day(triggered.at, ministry.pack.tz) == date(2025, 12, 31)
    assert created.at == BEGAN
    calendar, counted, on = ministry.pack.calendar(), 0, date(2025, 12, 31)
    while counted < 10:
        on += timedelta(days=1)
        counted += calendar.day(on).working
    assert _due_on(ministry, "quarterly 2025-Q4") == on


def test_after_an_outage_of_months_all_missed_periods_are_laid_out_once(
    ministry: Platform,
) -> None:
    drain(ministry, BEGAN)
    drain(ministry, _at(ministry, "2027-02-03"))
    ended = ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    states = _states(ministry)
    assert [n for n in states if n.startswith("quarterly")] == [
        f"quarterly {code}" for code in (*ended, "2027-Q1")
    ]
    assert {states[f"quarterly {code}"] for code in ended} == {"running"}
    assert [n for n in states if n.startswith("half")] == [
        f"half {code}" for code in ("2025-H2", "2026-H1", "2026-H2", "2027-H1")
    ]
    drain(ministry, _at(ministry, "2027-02-04"))
    assert _states(ministry) == states


def test_it_makes_no_difference_how_often_the_worker_looked(
    ministry: Platform,
) -> None:
    now = BEGAN
    while now < _at(ministry, "2026-08-01"):
        with ministry.database.writing() as session:
            recur(session, ministry.pack, now)
        now += timedelta(days=3)
    often = {name: (row.state, row.due_at) for name, row in _duties(ministry).items()}
    with ministry.database.writing() as session:
        for row in session.exec(select(DailyWork)).all():
            session.delete(row)
    with ministry.database.writing() as session:
        assert recur(session, ministry.pack, now) == 0
    assert often == {name: (row.state, row.due_at) for name, row in _duties(ministry).items()}
    assert len(often) == 3 + 2 + 4  # yearly: 2025, 2026; half: 2025-H2 …; quarterly: 2025-Q4 …


def test_of_two_workers_one_lays_them_out(ministry: Platform) -> None:
    def work() -> int:
        with ministry.database.writing() as session:
            return recur(session, ministry.pack, BEGAN)

    with ThreadPoolExecutor(2) as pool:
        done = [future.result() for future in [pool.submit(work), pool.submit(work)]]
    assert sorted(done) == [0, 3]
    assert len(_duties(ministry)) == 3


def test_a_crash_leaves_the_day_to_be_done_again(
    ministry: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(*_: object) -> None:
        raise RuntimeError("the power is cut")

    with monkeypatch.context() as patch:
        patch.setattr(recurring, "write_many", breaking)
        with pytest.raises(RuntimeError):
            drain(ministry, BEGAN)
    drain(ministry, BEGAN)
    assert len(_duties(ministry)) == 3


def test_nothing_is_owed_for_what_ended_before_the_rule_was_in_force(ministry: Platform) -> None:
    later = replace(ministry, pack=recurrent_pack(ministry.pack, since="2026-01-01"))
    drain(later, _at(ministry, "2026-02-01"))
    assert set(_states(later)) == {"quarterly 2026-Q1", "half 2026-H1", "yearly 2026"}


def test_an_agency_that_comes_later_owes_from_its_own_first_period_on(ministry: Platform) -> None:
    drain(ministry, BEGAN)
    with ministry.database.writing() as session:
        agency = factories.make_agency(session, "MOH")
        agency.created_at = _at(ministry, "2026-05-05")
        session.add(agency)
    drain(ministry, _at(ministry, "2026-05-06"))
    with ministry.database.reading() as session:
        query = select(Obligation.subject).where(Obligation.agency_id == agency.id)
        subjects = set(session.exec(query).all())
    assert subjects == {"period:2026-Q2", "period:2026-H1", "period:2026"}


def _fulfil(platform: Platform, name: str, person_id: int, now: datetime) -> None:
    with platform.database.writing() as session:
        actor: Actor = actor_for(session, person_id)
        fulfil(
            session,
            law_of(session, platform.pack),
            actor=actor,
            obligation_id=_duties(platform)[name].id or 0,
            evidence="Letter No. 4 of 12 January",
            now=now,
        )


def test_an_officer_shows_the_document_once_the_period_is_over(ministry: Platform) -> None:
    drain(ministry, BEGAN)
    with pytest.raises(Conflict):
        _fulfil(ministry, "half 2025-H2", 1, BEGAN)
    now = _at(ministry, "2026-01-12")
    drain(ministry, now)
    with ministry.database.writing() as session:
        other = factories.make_agency(session, "MOH")
        stranger = factories.make_person(session, "Stranger", role=Role.OFFICER, agency=other)
    with pytest.raises(NotAllowed):
        _fulfil(ministry, "half 2025-H2", stranger.id or 0, now)
    _fulfil(ministry, "half 2025-H2", 1, now)
    assert _states(ministry)["half 2025-H2"] == "fulfilled"


def test_officer_head_and_coordinator_are_reminded_by_its_rungs(ministry: Platform) -> None:
    now = _at(ministry, "2026-07-01")
    with ministry.database.writing() as session:
        session.get_one(Agency, 1).created_at = _at(ministry, "2026-02-01")
    while now < _at(ministry, "2026-07-26"):
        drain(ministry, now)
        now += timedelta(days=1)
    path = f"/obligations/{_duties(ministry)['half 2026-H1'].id}"
    with ministry.database.reading() as session:
        people = [notice.person_id for notice in told(session, Message.path == path)]
    assert people == [1, 2, 3]
