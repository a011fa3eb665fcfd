"""The published report: a permanent address, as it stood, harmless in a spreadsheet."""

import csv
from io import StringIO

import pytest
from sqlmodel import Session, select

from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.platform import Platform
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import answer_comment, comments_in, release_report
from tests.web.ministry import Ministry, make_ministry

REPORT = "/drafts/1/report/1"
FORMULA = '=HYPERLINK("http://evil.example","click")'


@pytest.fixture
def ministry(platform: Platform, clock: TestClock) -> Ministry:
    ministry = make_ministry(platform, clock)
    ministry.draft()
    return ministry


def report_on(ministry: Ministry, *bodies: str) -> Client:
    """Comments, answered and published; a visitor's browser to read the report with."""
    ministry.comment(*bodies, lang="en", wid="art_2")
    ministry.close()
    with ministry.platform.database.writing() as session:
        round_ = session.exec(select(Consultation)).one()
        olga, nurlan = (session.merge(ministry.people[name]) for name in ("Olga", "Nurlan"))
        for comment in comments_in(session, round_):
            reason = f"An answer to number {comment.id}."
            answer_comment(session, comment, olga, nurlan, reason=reason, now=ministry.clock.now)
        release_report(session, round_, olga, now=ministry.clock.now)
    return Client(ministry.platform)


def hide(session: Session, body: str, ministry: Ministry) -> None:
    comment = session.exec(select(Comment).where(Comment.body == body)).one()
    comment.hidden_at = ministry.clock.now
    session.add(comment)


def test_before_publication_there_is_no_report(ministry: Ministry) -> None:
    ministry.comment("A question", lang="en")
    anybody = Client(ministry.platform)
    for ending in ("", ".json", ".csv"):
        anybody.get(REPORT + ending, status=404)
    anybody.get("/drafts/9/report/1", status=404)


def test_a_report_shows_each_comment_with_its_decision_and_reason(ministry: Ministry) -> None:
    anybody = report_on(ministry, "Open on Sundays.", "Open at night.")
    page = anybody.get(REPORT).text
    for words in ("Open on Sundays.", "Open at night.", "An answer to number 2.", "Article 2"):
        assert words in page
    anybody.get("/drafts/1/report/2", status=404)


def test_a_report_is_data_too(ministry: Ministry) -> None:
    anybody = report_on(ministry, "Open on Sundays.")
    content = anybody.get(f"{REPORT}.json").json()
    assert content["comments"] == content["people"] == 1
    [row] = content["rows"]
    assert (row["number"], row["provision"], row["outcome"]) == (1, "Article 2", "accepted_in_part")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_spreadsheet_is_a_formula(ministry: Ministry, start: str) -> None:
    body = f"{start}HYPERLINK(A1)" if start not in "\t\r" else "tab"
    anybody = report_on(ministry, body)
    response = anybody.get(f"{REPORT}.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(StringIO(response.text.removeprefix("\ufeff"))))
    assert rows[0]["proposal"] in (f"'{body}", "tab")
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_what_was_hidden_since_is_no_longer_quoted(ministry: Ministry) -> None:
    anybody = report_on(ministry, "Open on Sundays.", "An insult.")
    with ministry.platform.database.writing() as session:
        hide(session, "An insult.", ministry)
    assert "Hidden by a moderator." in anybody.get(REPORT).text
    for ending in ("", ".json", ".csv"):
        assert "An insult." not in anybody.get(REPORT + ending).text
        assert "An answer to number 2." in anybody.get(REPORT + ending).text


def test_a_long_report_is_read_page_by_page_or_printed_whole(ministry: Ministry) -> None:
    anybody = report_on(ministry, *(f"Comment number {n}." for n in range(101)))
    assert "Comment number 100." not in anybody.get(REPORT).text
    assert "Comment number 100." in anybody.get(f"{REPORT}?page=2").text
    assert "Comment number 100." in anybody.get(f"{REPORT}?all=true").text


def test_a_report_on_nothing_says_so(ministry: Ministry) -> None:
    anybody = report_on(ministry)
    assert "Nobody commented in this round." in anybody.get(REPORT).text
