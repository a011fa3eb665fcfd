"""The pages of duties: the register, its export, how a date was computed, marking as fulfilled."""

import csv
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO

import pytest
from sqlmodel import select

from consult.access import Role
from consult.obligations.models import Obligation
from consult.obligations.rules import Status
from consult.platform import Platform
from consult.spreadsheets import BYTE_ORDER_MARK, csv_text
from consult.templating import environment
from consult.worker import drain
from tests import factories
from tests.client import Client
from tests.conftest import TestClock


@dataclass
class Site:
    """An installation with one consultation that has closed, and who looks at it."""

    platform: Platform
    clock: TestClock
    draft_id: int
    people: dict[str, int]

    def browser(self, name: str = "") -> Client:
        if not name:
            return Client(self.platform)
        with self.platform.database.writing() as session:
            person = session.get_one(factories.Person, self.people[name])
            return Client(self.platform, factories.sign_in_token(session, person, self.clock.now))

    def duty(self, code: str) -> Obligation:
        with self.platform.database.reading() as session:
            return session.exec(select(Obligation).where(Obligation.duty == code)).one()

    def overdue(self) -> None:
        due_at = self.duty("report").due_at
        assert due_at is not None
        self.clock.now = due_at + timedelta(days=7)
        drain(self.platform, self.clock.now)

    def publish(self) -> None:
        with self.platform.database.writing() as session:
            query = select(factories.Consultation)
            consultation = session.exec(query).one()
            officer, approver = (
                session.get_one(factories.Person, self.people[name]) for name in ("Olga", "Bakyt")
            )
            for comment in factories.comments_in(session, consultation):
                factories.answer_comment(session, comment, officer, approver, now=self.clock.now)
            factories.release_report(session, consultation, officer, self.clock.now)
        drain(self.platform, self.clock.now)


@pytest.fixture
def site(platform: Platform, clock: TestClock) -> Site:
    with platform.database.writing() as session:
        agency = factories.make_agency(session)
        factories.make_agency(session, "MOH")
        draft = factories.make_draft(session, agency, title="=1+1 libraries")
        people = {
            "Olga": factories.make_person(session, "Olga", role=Role.OFFICER, agency=agency),
            "Bakyt": factories.make_person(session, "Bakyt", role=Role.APPROVER, agency=agency),
            "Oversight": factories.make_person(session, "Oversight", role=Role.OVERSIGHT),
        }
        consultation = factories.open_consultation(session, draft)
        factories.make_comment(session, draft, factories.make_person(session))
    drain(platform, clock.now)
    clock.now = consultation.closes_at
    drain(platform, clock.now)
    ids = {name: person.id or 0 for name, person in people.items()}
    return Site(platform, clock, draft.id or 0, ids)


def test_anybody_reads_what_the_agencies_owe(site: Site) -> None:
    visitor = site.browser()
    page = visitor.get("/obligations", budget=3).text
    assert "Answers to the comments" in page
    assert "working days left" in page
    assert "(preliminary)" in page
    assert "Terms kept" not in page  # totals are for the oversight body
    assert "Fulfilled on time" in visitor.get("/obligations?status=settled").text


def test_what_is_late_says_by_how_much(site: Site) -> None:
    site.overdue()
    page = site.browser().get("/obligations?status=overdue").text
    assert "6 working days late" in page
    assert "Overdue" in page
    site.publish()
    page = site.browser().get("/obligations?status=settled").text
    assert "Fulfilled late" in page
    assert "6 working days late" in page


def test_the_register_is_narrowed_by_agency_duty_and_status(site: Site) -> None:
    visitor = site.browser()
    assert "Report on the consultation</a>" in visitor.get("/obligations?duty=report").text
    assert "No duty is overdue" in visitor.get("/obligations?status=overdue").text
    empty = visitor.get("/obligations?agency=MOH&status=all").text
    assert "There are no duties yet" in empty
    visitor.get("/obligations?agency=NONE", status=404)
    visitor.get("/obligations?status=nonsense&after=nonsense")


def test_a_page_of_the_register_costs_the_same_however_long_it_is(site: Site) -> None:
    with site.platform.database.writing() as session:
        for n in range(60):
            one = site.duty("report").model_dump(exclude={"id", "key"})
            session.add(Obligation(**one, key=f"more:{n}"))
    page = site.browser().get("/obligations", budget=3).text
    assert "Further duties" in page


def test_the_oversight_body_sees_totals_and_no_data_is_not_nought(site: Site) -> None:
    site.overdue()
    page = site.browser("Oversight").get("/obligations").text
    assert "Terms kept" in page
    assert "50 %" in page  # the start notice and the receipts, against answers and report
    assert "no data" in page  # of the agency that owes nothing


def test_the_export_holds_the_same_and_nothing_a_spreadsheet_would_run(site: Site) -> None:
    response = site.browser().get("/obligations.csv?duty=report")
    assert response.headers["content-type"].startswith("text/csv")
    heading, row = csv.reader(StringIO(response.text.removeprefix(BYTE_ORDER_MARK)))
    values = dict(zip(heading, row, strict=True))
    assert values["duty"] == "report"
    assert values["agency"] == "MOJ"
    assert values["title"] == "'=1+1 libraries"
    assert values["status"] == "running"
    assert values["preliminary"] == "yes"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_words_never_become_a_formula(start: str) -> None:
    assert csv_text(["a"], [[f"{start}x"]]).splitlines()[1].lstrip('"').startswith("'")
    assert csv_text(["a"], [[-1], [None]]).splitlines()[1:] == ["-1", '""']


def test_every_status_has_its_tag(site: Site) -> None:
    env = environment("en", site.platform.pack.tz)
    table = env.get_template("components/status.html").module.DUTIES  # type: ignore[attr-defined]
    assert set(table) == {status.value for status in Status}


def test_the_page_of_a_duty_shows_how_its_date_was_computed(site: Site) -> None:
    duty = site.duty("answer")
    page = site.browser().get(f"/obligations/{duty.id}").text
    assert "How was this date computed?" in page
    assert "Weekly day off." in page
    assert "The day of the event itself" in page
    assert site.platform.pack.rules[duty.rule_code].citation[:40] in page
    assert "Not confirmed" in page
    site.browser().get("/obligations/999", status=404)


def test_a_planned_duty_says_what_its_term_waits_for(site: Site) -> None:
    page = site.browser().get(f"/obligations/{site.duty('decision').id}").text
    assert "from the publication of the report" in page
    assert "Not fulfilled yet" in page


def test_evidence_leads_to_what_was_done(site: Site) -> None:
    page = site.browser().get(f"/obligations/{site.duty('start_notice').id}").text
    assert f'<a href="/drafts/{site.draft_id}">Evidence</a>' in page


def test_an_officer_marks_a_decision_as_made(site: Site) -> None:
    site.publish()
    officer, url = site.browser("Olga"), f"/obligations/{site.duty('decision').id}"
    assert "Mark as fulfilled" in officer.get(url).text
    assert "shows that the duty" in officer.post(f"{url}/fulfil", status=422).text
    evidence = {"evidence": "javascript:alert(1)"}
    page = officer.follow(officer.post(f"{url}/fulfil", evidence)).text
    assert "The duty is marked as fulfilled." in page
    assert "Evidence: javascript:alert(1)" in page  # words, never a link
    officer.post(f"{url}/fulfil", evidence, status=422)  # settled is settled


def test_nobody_else_is_offered_to_mark_it(site: Site) -> None:
    site.publish()
    url = f"/obligations/{site.duty('decision').id}"
    for name in ("", "Bakyt", "Oversight"):
        assert "Mark as fulfilled" not in site.browser(name).get(url).text
    site.browser("Oversight").post(f"{url}/fulfil", {"evidence": "x"}, status=403)
    visitor = site.browser().post(f"{url}/fulfil", {"evidence": "x"})
    assert visitor.headers["location"].startswith("/sign-in")


def test_a_report_cannot_be_claimed(site: Site) -> None:
    officer, url = site.browser("Olga"), f"/obligations/{site.duty('report').id}"
    assert "Mark as fulfilled" not in officer.get(url).text
    page = officer.post(f"{url}/fulfil", {"evidence": "somewhere"}, status=422).text
    assert "nobody can mark it as done" in page


def test_a_draft_lists_its_own_duties(site: Site) -> None:
    page = site.browser().get(f"/drafts/{site.draft_id}/duties").text
    assert page.count('href="/obligations/') == len(site.platform.pack.duty)
    site.browser().get("/drafts/999/duties", status=404)
