"""The published report: a permanent address, as it stood, harmless in a spreadsheet."""

import csv
from collections.abc import Callable
from datetime import datetime
from io import StringIO

import pytest
from sqlmodel import Session, select

from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.platform import Platform
from consult.reports.formats import FORMATS
from tests.beginnings import kept
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import answer_comment, comments_in, release_report
from tests.reported import missing, words_in
from tests.web.ministry import Ministry, make_ministry

REPORT = "/drafts/1/report/1"
FORMULA = '=HYPERLINK("http://evil.example","click")'


@kept
def commented(platform: Platform, clock: TestClock, *bodies: str) -> Ministry:
    ministry = make_ministry(platform, clock)
    ministry.draft()
    ministry.comment(*bodies, lang="en", wid="art_2")
    return ministry


@kept
def reported(platform: Platform, clock: TestClock, *bodies: str) -> Ministry:
    """Comments, answered and published."""
    ministry = commented(platform, clock, *bodies)
    ministry.close()
    with platform.database.writing() as session:
        round_ = session.exec(select(Consultation)).one()
        olga, nurlan = (session.merge(ministry.people[name]) for name in ("Olga", "Nurlan"))
        for comment in comments_in(session, round_):
            reason = f"An answer to number {comment.id}."
            answer_comment(session, comment, olga, nurlan, reason=reason, now=clock.now)
        release_report(session, round_, olga, now=clock.now)
    return ministry


ReportOn = Callable[..., Client]


@pytest.fixture
def report_on(platform: Platform, clock: TestClock) -> ReportOn:
    """`report_on("Open on Sundays.")`: a visitor's browser to read a report on that with."""
    return lambda *bodies: Client(reported(platform, clock, *bodies).platform)


def hide(session: Session, body: str, now: datetime) -> None:
    comment = session.exec(select(Comment).where(Comment.body == body)).one()
    comment.hidden_at = now
    session.add(comment)


def test_before_publication_there_is_no_report(platform: Platform, clock: TestClock) -> None:
    anybody = Client(commented(platform, clock, "A question").platform)
    for ending in ("", ".json", ".csv", ".en.pdf"):
        anybody.get(REPORT + ending, status=404)
    anybody.get("/drafts/1/report", status=404)
    anybody.get("/drafts/9/report/1", status=404)


def test_a_report_shows_each_comment_with_its_decision_and_reason(report_on: ReportOn) -> None:
    anybody = report_on("Open on Sundays.", "Open at night.")
    page = anybody.get(REPORT).text
    for words in ("Open on Sundays.", "Open at night.", "An answer to number 2.", "Article 2"):
        assert words in page
    anybody.get("/drafts/1/report/2", status=404)


def test_a_report_is_data_too(report_on: ReportOn) -> None:
    anybody = report_on("Open on Sundays.")
    content = anybody.get(f"{REPORT}.json").json()
    assert content["comments"] == content["people"] == content["distinct"] == 1
    [row] = content["rows"]
    assert (row["number"], row["answer"]["outcome"]) == (1, "accepted_in_part")
    [said] = row["said"]
    assert (said["places"], said["proposal"]) == ({"en": "Article 2"}, "Open on Sundays.")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_spreadsheet_is_a_formula(report_on: ReportOn, start: str) -> None:
    body = f"{start}HYPERLINK(A1)" if start not in "\t\r" else "tab"
    anybody = report_on(body)
    response = anybody.get(f"{REPORT}.csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(StringIO(response.text.removeprefix("\ufeff"))))
    assert rows[0]["proposal"] in (f"'{body}", "tab")
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_what_was_hidden_since_is_no_longer_quoted(
    report_on: ReportOn, platform: Platform, clock: TestClock
) -> None:
    anybody = report_on("Open on Sundays.", "An insult.")
    with platform.database.writing() as session:
        hide(session, "An insult.", clock.now)
    assert "Hidden by a moderator." in anybody.get(REPORT).text
    for ending in ("", ".json", ".csv"):
        assert "An insult." not in anybody.get(REPORT + ending).text
        assert "An answer to number 2." in anybody.get(REPORT + ending).text


def test_a_long_report_is_read_page_by_page_or_printed_whole(report_on: ReportOn) -> None:
    anybody = report_on(*(f"Comment number {n}." for n in range(101)))
    assert "Comment number 100." not in anybody.get(REPORT).text
    assert "Comment number 100." in anybody.get(f"{REPORT}?page=2").text
    assert "Comment number 100." in anybody.get(f"{REPORT}?all=true").text


def test_a_comment_of_the_report_is_found_by_its_receipt_number(report_on: ReportOn) -> None:
    anybody = report_on(*(f"Comment number {n}." for n in range(101)))
    receipts = {n: f"K-2026-{n + 1:06}" for n in (0, 100)}
    for n, page in ((0, ""), (100, "?page=2")):
        found = anybody.get(f"{REPORT}?receipt= № {receipts[n].lower()}", status=303)
        assert found.headers["location"] == f"{REPORT}{page}#{receipts[n]}"
        assert f'id="{receipts[n]}"' in anybody.get(REPORT + page).text
    missing = anybody.get(f"{REPORT}?receipt=K-1", status=404).text
    assert "There is no comment with this number." in missing
    assert 'value="K-1"' in missing


def test_a_report_on_nothing_says_so(report_on: ReportOn) -> None:
    anybody = report_on()
    assert "Nobody commented in this round." in anybody.get(REPORT).text


def test_the_report_is_a_file_in_every_form_and_language(report_on: ReportOn) -> None:
    anybody = report_on("Open on Sundays.")
    page = anybody.get(REPORT).text
    for code, form in FORMATS.items():
        assert f'href="{REPORT}.en.{code}"' in page
        for lang, heading in (("en", "Decision"), ("ru", "Решение"), ("kk", "Шешім")):
            answer = anybody.http.get(f"{REPORT}.{lang}.{code}")  # a file is no page of the site
            assert answer.headers["content-type"].split(";")[0] == form.media_type
            assert answer.headers["content-disposition"].startswith("attachment; ")
            found = words_in(code, answer.content)
            assert missing([heading, "Open on Sundays.", "An answer to number 1."], found) == []
    for ending in (".en.exe", ".xx.pdf", ".pdf", ".en.json"):
        anybody.get(REPORT + ending, status=404)


def test_a_file_is_sent_once_until_words_in_it_go(
    report_on: ReportOn, platform: Platform, clock: TestClock
) -> None:
    anybody = report_on("Open on Sundays.", "An insult.")
    tag = anybody.get(f"{REPORT}.en.docx").headers["etag"]
    known = {"if-none-match": tag}
    assert anybody.get(f"{REPORT}.en.docx", status=304, headers=known).content == b""
    with platform.database.writing() as session:
        hide(session, "An insult.", clock.now)
    again = anybody.get(f"{REPORT}.en.docx", headers=known)
    assert again.headers["etag"] != tag
    assert "An insult." not in words_in("docx", again.content)


def test_the_page_says_what_its_figures_mean(report_on: ReportOn) -> None:
    page = report_on("Open on Sundays.", "Open at night.").get(REPORT).text
    for words in ("Distinct texts", "very same words", "Template answers", "unlike things"):
        assert words in page


def test_the_newest_report_has_an_address_of_its_own(report_on: ReportOn) -> None:
    answer = report_on("Open on Sundays.").get("/drafts/1/report", status=302)
    assert answer.headers["location"] == REPORT
