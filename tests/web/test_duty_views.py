"""Duties as a register and in public: who sees what, narrowed how, in which order."""

import csv
import re
from datetime import timedelta
from io import StringIO

import pytest
from sqlmodel import select

from consult.law.queries import law_of
from consult.obligations.cards import statuses
from consult.obligations.ledger.rules import Kind, Status
from consult.obligations.models import Obligation
from consult.obligations.registers.listing import DutyFilter, cursor_of, register, totals_by_agency
from consult.obligations.registers.narrowing import RegisterQuery
from consult.obligations.writing import write
from consult.platform import Platform
from consult.procedure.deadlines import end_of, last_day, local_day
from consult.spreadsheets import BYTE_ORDER_MARK
from tests.conftest import START, TestClock
from tests.duties import Case
from tests.web.duty_scene import add_duties, due, make_scene


@pytest.fixture
def case(platform: Platform, clock: TestClock) -> Case:
    return make_scene(platform, clock)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix(BYTE_ORDER_MARK))))


# The register.


def make_states(case: Case) -> None:
    """One duty in each state a register knows."""
    now, tz = case.clock.now, case.platform.pack.tz
    today = now.astimezone(tz).date()
    week = case.platform.pack.calendar().shift(today + timedelta(days=1), 0)
    add_duties(case, 1, due_at=due(case, week), extra=2)
    add_duties(case, 1, due_at=now - timedelta(days=40))
    add_duties(case, 1, due_at=now - timedelta(days=1))
    add_duties(case, 1, state="paused")
    add_duties(case, 1, state="waived")
    add_duties(case, 1, state="cancelled")
    late = {"due_at": now - timedelta(days=9), "fulfilled_at": now}
    add_duties(case, 1, state="fulfilled", **late)
    add_duties(case, 1, state="fulfilled", fulfilled_at=now, subject="comment:{n}")
    add_duties(case, 1, subject="period:2026-H1", draft_id=None, consultation_id=None)
    add_duties(case, 1, subject="problem:1", consultation_id=None)


STATES = ("open", "overdue", "long_overdue", "due_this_week", "paused", "planned", "extended")
SETTLED = ("settled", "fulfilled_late", "waived", "cancelled", "all")


@pytest.mark.parametrize("status", STATES + SETTLED)
@pytest.mark.parametrize("per", ["", "all"])
def test_pages_of_a_register_follow_each_other_whatever_the_filter(
    case: Case, status: str, per: str
) -> None:
    make_states(case)
    with case.platform.database.reading() as session:
        week = case.clock.now + timedelta(days=7)
        ends = {"week_ends": week, "long_by": case.clock.now - timedelta(days=30)}
        wanted = DutyFilter(agency_id=case.agency_id, status=status, per=per, **ends)
        whole = [row.obligation.id for row in register(session, wanted, case.clock.now)]
        paged, after = [], ""
        for _ in whole:
            page = register(session, wanted, case.clock.now, after, limit=1)
            paged.append(page[0].obligation.id)
            after = cursor_of(page[0])
        assert paged == whole
        assert whole
        assert register(session, wanted, case.clock.now, after) == []


@pytest.mark.parametrize(("soon", "long"), [(3, 20), (1, 1), (7, 5)])
def test_what_the_rules_call_due_soon_and_long_overdue_is_shown_found_and_counted_alike(
    case: Case, soon: int, long: int
) -> None:
    pack = case.platform.pack.model_copy(update={"due_soon": soon, "long_overdue": long})
    now, calendar = case.clock.now, pack.calendar()
    today = local_day(now, pack.tz)
    for days in range(-40, 21):
        add_duties(case, 1, due_at=end_of(today + timedelta(days=days), pack.tz))
    with case.platform.database.reading() as session:
        law = law_of(session, pack)
        mine = select(Obligation).where(Obligation.agency_id == case.agency_id)
        running = session.exec(mine.where(Obligation.state == "running")).all()
        wanted = RegisterQuery(status="long_overdue").filter(law, today, case.agency_id)
        found = {row.obligation.id for row in register(session, wanted, now)}
        totals = totals_by_agency(session, law, now)[case.agency_id]
    status_of = statuses(law, now)
    shown = {duty.id: status_of(duty) for duty in running}
    assert found == {id_ for id_, status in shown.items() if status is Status.LONG_OVERDUE}
    assert totals.long_overdue == len(found) > 0
    for duty in running:
        due_on = last_day(duty.due_at or now, pack.tz)
        is_long = calendar.shift(due_on, long) <= today
        is_soon = due_on >= today >= calendar.shift(due_on, -soon)
        assert (shown[duty.id] is Status.LONG_OVERDUE) == is_long
        assert (shown[duty.id] is Status.DUE_SOON) == is_soon


def test_each_filter_of_the_register_and_its_table_find_the_same(case: Case) -> None:
    make_states(case)
    visitor = case.browser()
    first = last_day(case.due_at("report"), case.platform.pack.tz)
    for query in (
        *(f"status={status}" for status in STATES + SETTLED),
        *(f"status=all&per={per}" for per in ("consultation", "draft", "comment", "period")),
        "status=all&act_type=law&duty=report&rule=kg-report",
        f"status=all&due_from={first}&due_to={first}",
        f"agency=MOJ&status=open&draft={case.draft_id}",
    ):
        listed = re.findall(
            r'rowheader" scope="row">\s*<span><a href="/obligations/(\d+)"',
            visitor.get(f"/obligations?{query}").text,
        )
        table = rows(visitor.get(f"/obligations.csv?{query}").text)
        assert [row["address"].rpartition("/")[2] for row in table] == listed, query


def test_only_days_between_two_dates_are_listed_the_last_one_too(case: Case) -> None:
    day = last_day(case.due_at("report"), case.platform.pack.tz)
    url = "/obligations.csv?duty=report&status=all"
    for first, last, n in ((0, 0, 1), (1, 1, 0), (-1, -1, 0), (-5, 5, 1)):
        asked = f"&due_from={day + timedelta(days=first)}&due_to={day + timedelta(days=last)}"
        assert len(rows(case.browser().get(url + asked).text)) == n


def test_a_date_that_is_none_is_said_and_stays_in_its_field(case: Case) -> None:
    page = case.browser().get("/obligations?due_from=31.12.2026&duty=report", status=422).text
    assert "Please enter a date" in page
    assert 'value="31.12.2026"' in page
    assert "Report on the consultation" in page  # the other filters still hold
    case.browser().get("/obligations.csv?due_from=31.12.2026", status=422)
    case.browser().get("/obligations?due_to=9999-12-31", status=422)
    case.browser().get("/obligations?due_to=", status=200)


def test_single_comments_served_on_time_are_listed_only_when_asked_for(case: Case) -> None:
    visitor = case.browser()
    acknowledged = "Acknowledgement of a comment"
    assert f"{acknowledged}</a>" not in visitor.get("/obligations?status=settled").text
    page = visitor.get("/obligations?status=settled&per=comment").text
    assert f"{acknowledged}</a>" in page
    assert "Comment № " in page
    assert 'href="/comments/1"' in page
    with case.platform.database.writing() as session:
        query = select(Obligation).where(Obligation.subject == "comment:1")
        kept = session.exec(query.where(Obligation.duty == "acknowledgement")).one()
        kept.fulfilled_at = (kept.due_at or case.clock.now) + timedelta(days=1)
        session.add(kept)
    assert f"{acknowledged}</a>" in visitor.get("/obligations?status=settled").text


def test_the_table_tells_what_a_duty_is_owed_for_and_how_late_it_is(case: Case) -> None:
    (one,) = add_duties(case, 1, subject="period:2026-H1", officer_id=case.people["Olga"].id)
    case.drain(case.noon("report", 6))
    table = rows(case.browser().get("/obligations.csv?duty=report&status=overdue").text)
    (row,) = (row for row in table if row["address"].endswith(f"/{one}"))
    assert row["subject"] == "period:2026-H1"
    assert (row["officer_assigned"], row["extra"], row["working_days_late"]) == ("yes", "0", "6")
    assert "Olga" not in str(table)


def test_totals_leave_single_comments_out_and_count_what_is_long_overdue(case: Case) -> None:
    case.drain(case.noon("report", 1))
    oversight = case.browser("Oversight")

    def totals() -> dict[str, str]:
        table = rows(oversight.get("/obligations/totals.csv").text)
        return next(row for row in table if row["agency"] == "MOJ")

    before = totals()
    add_duties(case, 40, subject="comment:{n}", due_at=case.clock.now - timedelta(days=1))
    assert totals() == before | {"overdue_for_comments": "40"}
    add_duties(case, 1, due_at=case.clock.now - timedelta(days=60), extra=3)
    after = totals()
    assert int(after["overdue"]) == int(before["overdue"]) + 1
    assert int(after["long_overdue"]) == int(before["long_overdue"]) + 1
    assert int(after["extended"]) == int(before["extended"]) + 1
    assert "Long overdue" in oversight.get("/obligations").text


# In public.


def test_a_duty_is_on_the_public_list_from_the_day_its_rules_set(case: Case) -> None:
    visitor, line = case.browser(), f'href="/obligations/{case.duty("report").id}"'
    case.drain(case.noon("report", 4))
    assert line not in visitor.get("/overdue").text
    case.drain(case.noon("report", 5))
    page = visitor.get("/overdue").text
    assert line in page
    assert "5 working days late" in page
    assert "duties of agencies are overdue" in visitor.get("/").text or (
        "duty of an agency is overdue" in visitor.get("/").text
    )
    assert line not in visitor.get("/overdue?agency=MOH").text
    visitor.get("/overdue?agency=NONE", status=404)
    case.publish()
    assert line not in visitor.get("/overdue").text


def test_the_number_on_the_front_page_is_that_of_the_list(case: Case) -> None:
    add_duties(case, 60, subject="comment:{n}")
    add_duties(case, 55)
    case.drain(case.noon("report", 7))
    visitor = case.browser()
    said = re.search(r"(\d+) duties of agencies are overdue", visitor.get("/").text)
    assert said
    url, lines = "/overdue", 0
    while url:
        page = visitor.get(url).text
        section = page[page.index('id="lines-title"') :]
        lines += section.count('<th role="rowheader"')
        further = re.search(r'rel="next" href="([^"]+)"', page)
        url = further[1].replace("&amp;", "&") if further else ""
    assert lines == int(said[1])


def test_a_delay_that_was_announced_stands_beside_what_is_late(case: Case) -> None:
    case.drain(case.noon("report", 6))
    now = case.clock.now
    with case.platform.database.writing() as session:
        duty = session.get_one(Obligation, case.duty("report").id)
        data = {"expected_on": "2027-03-01", "reason": "Illness."}
        law = law_of(session, case.platform.pack)
        write(session, law, duty, Kind.DELAY_ANNOUNCED, now, data, now=now, actor_id=1)
    for path in ("/overdue", "/obligations?status=overdue"):
        assert "The agency expects to be done by 1 March 2027." in case.browser().get(path).text


def test_what_is_owed_for_many_comments_is_one_line_with_their_number(case: Case) -> None:
    add_duties(case, 30, subject="comment:{n}")
    case.drain(case.noon("report", 6))
    page = case.browser().get("/overdue").text
    section = page[page.index('id="lines-title"') :]
    assert section.count("30 comments") == 1


def test_the_page_of_an_agency_tells_what_it_owes_and_how_it_keeps_its_terms(case: Case) -> None:
    case.drain(case.noon("report", 6))
    visitor = case.browser()
    page = visitor.get("/agencies/MOJ/duties").text
    assert "Report on the consultation" in page
    assert "Terms kept" in page
    for link in ("/agencies/MOJ/duties.ics?lang=en", "/agencies/MOJ/duties.atom?lang=en"):
        assert f'href="{link}"' in page
    assert "Report on the consultation" not in visitor.get("/agencies/MOH/duties").text
    visitor.get("/agencies/MOJ/duties?status=settled&agency=MOH")
    visitor.get("/agencies/NONE/duties", status=404)


def test_a_draft_counts_what_it_owes_for_single_comments_by_round(case: Case) -> None:
    add_duties(
        case,
        93,
        state="fulfilled",
        fulfilled_at=START,
        subject="comment:{n}",
        duty="acknowledgement",
    )
    page = case.browser().get(f"/drafts/{case.draft_id}/duties").text
    assert "94 comments" in page
    assert "all on time" in page
    assert page.count('href="/obligations/') < 12
    add_duties(
        case,
        2,
        state="fulfilled",
        due_at=START,
        fulfilled_at=START,
        subject="comment:{n}",
        duty="acknowledgement",
    )
    page = case.browser().get(f"/drafts/{case.draft_id}/duties").text
    assert "2 late, 94 on time" in page


def test_nobodys_name_is_public(case: Case) -> None:
    add_duties(case, 3, officer_id=case.people["Olga"].id)
    case.drain(case.noon("report", 6))
    for path in (
        "/obligations",
        "/overdue",
        "/agencies/MOJ/duties",
        f"/drafts/{case.draft_id}/duties",
    ):
        assert "Olga" not in case.browser().get(path).text
    assert "Olga" in case.browser("Olga").get("/desk/duties").text
