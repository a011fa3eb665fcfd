"""The pages of duties: the register, its export, how a date was computed, marking as fulfilled."""

import csv
from datetime import timedelta
from io import StringIO

import pytest

from consult.obligations.ledger.rules import Status
from consult.obligations.models import Obligation
from consult.platform import Platform
from consult.procedure.deadlines import last_day
from consult.spreadsheets import BYTE_ORDER_MARK
from consult.web import environment
from tests import factories
from tests.beginnings import kept
from tests.conftest import TestClock
from tests.duties import Case, make_case


@pytest.fixture
@kept
def case(platform: Platform, clock: TestClock) -> Case:
    """A consultation that has closed; its title is what a spreadsheet would run."""
    made = make_case(platform, clock, title="=1+1 libraries")
    with platform.database.writing() as session:
        factories.make_agency(session, "JK", kind="parliament")  # owes nothing
    made.close()
    return made


def fall_behind(case: Case) -> None:
    """A week after the report was due, it is not there."""
    case.drain(case.due_at("report") + timedelta(days=7))


def test_anybody_reads_what_the_agencies_owe(case: Case) -> None:
    visitor = case.browser()
    page = visitor.get("/obligations", budget=3).text
    assert "Answers to the comments" in page
    assert "working days left" in page
    assert "(preliminary)" in page
    assert "Terms kept" not in page  # totals are for the oversight body
    assert "Fulfilled on time" in visitor.get("/obligations?status=settled").text


def test_every_page_names_the_last_day_on_which_a_duty_is_in_time(case: Case) -> None:
    zone = case.platform.pack.tz
    show = environment("en", zone).filters["date"]
    last = show(last_day(case.due_at("answer"), zone))
    assert last != show(case.due_at("answer"))  # that is the instant at which the day is over
    for path in ("/obligations", f"/drafts/{case.draft_id}/brief", "/comments/1"):
        assert last in case.browser().get(path).text, path
    assert f"Due by {last}" in case.browser("Aizada").get("/cabinet").text


def test_what_is_late_says_by_how_much(case: Case) -> None:
    fall_behind(case)
    page = case.browser().get("/obligations?status=overdue").text
    assert "6 working days late" in page
    assert "Overdue" in page
    case.publish()
    page = case.browser().get("/obligations?status=settled").text
    assert "Fulfilled late" in page
    assert "6 working days late" in page


def test_the_register_is_narrowed_by_agency_duty_and_status(case: Case) -> None:
    visitor = case.browser()
    assert "Report on the consultation</a>" in visitor.get("/obligations?duty=report").text
    assert "No duty is overdue" in visitor.get("/obligations?status=overdue").text
    empty = visitor.get("/obligations?agency=JK&status=all").text
    assert "There are no duties yet" in empty
    visitor.get("/obligations?agency=NONE", status=404)
    visitor.get("/obligations?status=nonsense&after=nonsense")


def test_a_page_of_the_register_costs_the_same_however_long_it_is(case: Case) -> None:
    with case.platform.database.writing() as session:
        for n in range(60):
            one = case.duty("report").model_dump(exclude={"id", "key"})
            session.add(Obligation(**one, key=f"more:{n}"))
    page = case.browser().get("/obligations", budget=3).text
    assert "Further duties" in page


def test_the_oversight_body_sees_totals_and_no_data_is_not_nought(case: Case) -> None:
    fall_behind(case)
    page = case.browser("Oversight").get("/obligations").text
    assert "Terms kept" in page
    assert "25 %" in page  # the start notice; answers, report and quarterly report are overdue
    assert "no data" in page  # of the agency that owes nothing
    table = case.browser("Oversight").get("/obligations/totals.csv").text
    assert "MOJ,0,3,0,1,0.25,1,0,0" in table  # the quarterly report is long overdue
    assert 'JK,0,0,0,0,"",0,0,0' in table or "JK,0,0,0,0,,0,0,0" in table
    case.browser("Olga").get("/obligations/totals.csv", status=403)


def test_the_export_holds_the_same_and_nothing_a_spreadsheet_would_run(case: Case) -> None:
    response = case.browser().get("/obligations.csv?duty=report")
    assert response.headers["content-type"].startswith("text/csv")
    heading, row = csv.reader(StringIO(response.text.removeprefix(BYTE_ORDER_MARK)))
    values = dict(zip(heading, row, strict=True))
    assert values["duty"] == "report"
    assert values["agency"] == "MOJ"
    assert values["title"] == "'=1+1 libraries"
    assert values["status"] == "running"
    assert values["preliminary"] == "yes"


def test_every_status_has_its_tag(case: Case) -> None:
    env = environment("en", case.platform.pack.tz)
    table = env.get_template("components/status.html").module.DUTIES  # type: ignore[attr-defined]
    assert set(table) == {status.value for status in Status}


def test_a_draft_lists_its_own_duties(case: Case) -> None:
    page = case.browser().get(f"/drafts/{case.draft_id}/duties").text
    whole = [duty for duty in case.platform.pack.duty if duty.per == "consultation"]
    assert page.count('href="/obligations/') == len(whole)
    assert page.count("all on time") == 1  # of the one comment
    case.browser().get("/drafts/999/duties", status=404)
