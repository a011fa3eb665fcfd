"""Duties as work: what presses comes first, who has them, giving them out, at which cost."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from consult.access import Role
from consult.accounts.actions import grant
from consult.obligations.models import DutyProposal, Obligation, ObligationEvent
from consult.obligations.registers.listing import DutyFilter, register
from consult.obligations.registers.worklist import MOST
from consult.platform import Platform
from consult.procedure.deadlines import end_of
from tests.conftest import START, TestClock
from tests.duties import Case
from tests.web.duty_scene import add_duties, due, make_scene

DESK = "/desk/duties"


@pytest.fixture
def case(platform: Platform, clock: TestClock) -> Case:
    return make_scene(platform, clock)


def shown(page: str) -> list[int]:
    """The duties a page lists, in its order."""
    return [int(n) for n in re.findall(r'name="duties\[\]" value="(\d+)"', page)]


def headings(page: str) -> list[str]:
    return re.findall(r'<h2 id="when-(\w+)">', page)


def test_the_desk_lists_what_is_overdue_then_today_this_week_later_and_planned(case: Case) -> None:
    case.clock.now = case.noon("report", 1)  # then "answer" and "report" are overdue
    tz, calendar = case.platform.pack.tz, case.platform.pack.calendar()
    today = case.clock.now.astimezone(tz).date()
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7)
    case.clock.now = end_of(monday, tz) - timedelta(hours=12)
    friday = calendar.shift(monday + timedelta(days=5), -1)
    (now,) = add_duties(case, 1, due_at=due(case, monday))
    (week,) = add_duties(case, 1, due_at=due(case, friday))
    (later,) = add_duties(case, 1, due_at=due(case, friday + timedelta(days=4)))
    (planned,) = add_duties(case, 1, due_at=None, state="planned")
    page = case.browser("Olga").get(DESK).text
    assert headings(page) == ["overdue", "today", "week", "later", "planned"]
    listed = shown(page)
    assert listed.index(now) < listed.index(week) < listed.index(later) < listed.index(planned)
    assert shown(case.browser("Olga").get(f"{DESK}?when=today").text) == [now]
    assert shown(case.browser("Olga").get(f"{DESK}?when=week").text) == [week]


def test_the_start_of_the_desk_shows_what_presses_and_leads_to_the_rest(case: Case) -> None:
    (far,) = add_duties(case, 1, due_at=case.due_at("report") + timedelta(days=300))
    case.drain(case.noon("report", 1))
    page = case.browser("Olga").get("/desk").text
    assert "Report on the consultation" in page
    assert f'href="/obligations/{far}"' not in page
    assert f'href="{DESK}"' in page


def test_an_officer_sees_the_duties_of_their_own_agency_only(case: Case) -> None:
    case.browser().get(DESK, status=303)
    case.browser("Aizada").get(DESK, status=403)
    case.browser("Oversight").get(DESK, status=403)
    mine = set(shown(case.browser("Olga").get(DESK).text))
    theirs = set(shown(case.browser("Damir").get(DESK).text))
    assert case.duty("report").id in mine
    assert not mine & theirs
    assert not mine & set(shown(case.browser("Damir").get(f"{DESK}?agency=MOJ").text))


def test_duties_are_given_to_an_officer_and_found_by_them(case: Case) -> None:
    chosen = add_duties(case, 3)
    olga, bakyt = case.people["Olga"].id, case.browser("Bakyt")
    page = bakyt.get(f"{DESK}?officer=nobody").text
    assert set(chosen) <= set(shown(page))
    given = bakyt.post(f"{DESK}/assign", {"duties[]": chosen[:2], "officer_id": olga})
    assert "The duties were given to the officer." in bakyt.follow(given).text
    mine = case.browser("Olga").get(f"{DESK}?officer=mine").text
    assert sorted(shown(mine)) == sorted(chosen[:2])
    assert sorted(shown(bakyt.get(f"{DESK}?officer={olga}").text)) == sorted(chosen[:2])
    assert "Mine (2)" in mine
    assert chosen[2] in shown(bakyt.get(f"{DESK}?officer=nobody").text)
    bakyt.post(f"{DESK}/assign", {"duties[]": chosen, "officer_id": olga})  # two of them have it
    lines = ledger_kinds(case, chosen[0])
    assert lines.count("assigned") == 1


def ledger_kinds(case: Case, obligation_id: int) -> list[str]:
    with case.platform.database.reading() as session:
        query = select(ObligationEvent.kind).where(ObligationEvent.obligation_id == obligation_id)
        return list(session.exec(query).all())


def test_all_duties_of_a_list_are_given_at_once_on_every_page(case: Case) -> None:
    add_duties(case, 70)
    olga = case.browser("Olga")
    where = f"{DESK}?officer=nobody&when=later"
    assert "on every page" in olga.get(where).text
    everything = {"everything": "yes", "officer_id": case.people["Olga"].id}
    back = olga.post(f"{DESK}/assign?officer=nobody&when=later", everything)
    assert "No duty is open" in olga.follow(back).text
    with case.platform.database.reading() as session:
        query = select(Obligation.id).where(Obligation.officer_id == case.people["Olga"].id)
        assert len(session.exec(query).all()) >= 70


def test_what_cannot_be_given_is_refused_and_what_was_chosen_stays_chosen(case: Case) -> None:
    (mine,) = add_duties(case, 1)
    olga, damir = case.browser("Olga"), case.people["Damir"].id
    for wrong in ({}, {"officer_id": ""}, {"officer_id": damir}):
        page = olga.post(f"{DESK}/assign", {"duties[]": [mine], **wrong}, status=422).text
        assert re.search(rf'value="{mine}" checked', page)
    assert "Choose at least one duty" in (
        olga.post(f"{DESK}/assign", {"officer_id": case.people["Olga"].id}, status=422).text
    )
    damirs = case.browser("Damir")
    damirs.post(f"{DESK}/assign", {"duties[]": [mine], "officer_id": damir}, status=403)
    too_many = {"duties[]": list(range(1, MOST + 2)), "officer_id": damir}
    olga.post(f"{DESK}/assign", too_many, status=422)
    assert "assigned" not in ledger_kinds(case, mine)


def test_who_approves_sees_first_what_waits_for_their_decision(case: Case) -> None:
    duty = case.duty("report")
    with case.platform.database.writing() as session:
        session.add(
            DutyProposal(
                obligation_id=duty.id or 0,
                kind="extended",
                extra=5,
                basis="Law № 1",
                proposed_by=case.people["Olga"].id or 0,
                proposed_at=case.clock.now,
            )
        )
    page = case.browser("Bakyt").get(DESK).text
    assert page.index("Waiting for a decision") < page.index('name="duties[]"')
    assert "More time is asked for." in page
    officers = case.browser("Olga").get(DESK).text
    assert "Waiting for a decision" not in officers
    assert "More time is asked for." in officers  # as a mark of the row


def test_four_hundred_duties_cost_as_many_queries_as_four(case: Case) -> None:
    olga = case.browser("Olga")
    olga.get(DESK)
    few = len(olga.statements)
    add_duties(case, 400, subject="comment:{n}")
    olga.get(DESK)
    assert len(olga.statements) <= few + 1  # the numbers of the comments' receipts


def test_paging_at_the_desk_loses_and_repeats_nothing(case: Case) -> None:
    add_duties(case, 60)
    add_duties(case, 60, state="paused")
    add_duties(case, 20, state="planned", due_at=None)
    olga, url, seen = case.browser("Olga"), DESK, []
    while url:
        page = olga.get(url).text
        seen += shown(page)
        further = re.search(r'rel="next" href="([^"]+)"', page)
        url = further[1].replace("&amp;", "&") if further else ""
    assert len(seen) == len(set(seen))
    with case.platform.database.reading() as session:
        wanted = DutyFilter(agency_id=case.agency_id, status="unsettled", per="all")
        assert set(seen) == {
            row.obligation.id for row in register(session, wanted, case.clock.now, limit=999)
        }


def test_an_officer_of_two_agencies_chooses_one_to_give_its_duties(case: Case) -> None:
    with case.platform.database.writing() as session:
        other = session.get_one(Obligation, case.duty("report").id)
        agency_id = case.people["Damir"].id and other.agency_id
        grant(session, case.people["Damir"].id or 0, Role.OFFICER, agency_id, START)
    damir = case.browser("Damir")
    both = damir.get(DESK).text
    assert "Choose one agency" in both
    assert shown(both) == []
    assert case.duty("report").id in shown(damir.get(f"{DESK}?agency=MOJ").text)


@pytest.mark.parametrize(
    "query", ["when=never", "officer=x", "agency=NONE", "after=1.2", "after=x.y.z"]
)
def test_nonsense_in_the_address_of_the_desk_is_left_out(case: Case, query: str) -> None:
    case.browser("Olga").get(f"{DESK}?{query}")
