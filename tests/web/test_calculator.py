"""The public calculator: the address holds the question, the page its answer day by day."""

import pytest

from consult.access import Actor, Role
from consult.law.actions import enter_days
from consult.law.rules import DecreedDay
from consult.platform import Platform
from consult.procedure.calendars import DayKind
from tests.client import Client
from tests.conftest import START

ADMIN = Actor(name="admin", roles=frozenset({Role.ADMINISTRATOR}))
FREE = "on=2025-03-19&amount=3&unit=working_day&starts=next_day&end_shift=next_working_day"


@pytest.fixture
def visitor(platform: Platform) -> Client:
    return Client(platform)


def test_anybody_finds_an_empty_form(visitor: Client) -> None:
    page = visitor.get("/calculator", budget=2).text
    assert 'value="2026-09-07"' in page  # today in Bishkek
    assert "Answers to the comments, 14 working days" in page
    assert "Due by" not in page


def test_a_term_of_ones_own_is_counted_day_by_day(visitor: Client) -> None:
    page = visitor.get(f"/calculator?{FREE}", headers={"accept-language": "en"}).text
    assert "Due by the end of Tuesday, 25 March 2025" in page
    assert "3 days counted" in page
    assert "4 days skipped" in page
    assert "Not a working day: Nooruz Holiday." in page
    assert "Preliminary" in page
    assert 'value="2025-03-19"' in page  # the form is still filled in


def test_a_rule_of_the_pack_is_counted_with_its_citation(
    visitor: Client, platform: Platform
) -> None:
    page = visitor.get("/calculator?rule=kg-answer&on=2026-06-01&amount=&pauses=&extra=").text
    assert "Friday, 19 June 2026" in page
    assert platform.pack.rules["kg-answer"].citation[:40] in page
    assert "14 days counted" in page


def test_pauses_and_an_extension_move_the_date(visitor: Client) -> None:
    asked = "rule=kg-answer&on=2026-06-01&pauses=2026-06-03..2026-06-04%0A2026-06-10&extra=2"
    page = visitor.get(f"/calculator?{asked}").text
    assert "Friday, 26 June 2026" in page
    assert "The term was paused." in page


def test_a_long_trace_is_parted_by_months(visitor: Client) -> None:
    page = visitor.get(f"/calculator?{FREE.replace('amount=3', 'amount=60')}").text
    assert "April 2025" in page
    assert "May 2025" in page
    assert "April 2025" not in visitor.get(f"/calculator?{FREE}").text


def test_a_day_moved_by_decree_is_told_with_its_decree(platform: Platform, visitor: Client) -> None:
    with platform.database.writing() as session:
        enter_days(
            session,
            actor=ADMIN,
            jurisdiction="kg",
            days=[DecreedDay(START.date(), DayKind.DAY_OFF)],
            document="Order № 7",
            now=START,
        )
    page = visitor.get("/calculator?on=2026-09-06&amount=1").text
    assert "A working day made a day off: Order № 7." in page
    assert "Tuesday, 8 September 2026" in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("on=yesterday&amount=3", "Please enter a date"),
        ("on=&amount=3", "Please enter a date"),
        ("on=2026-06-01", "Please enter a number from 1 to 10000."),
        ("on=2026-06-01&amount=-3", "Please enter a number from 1 to 10000."),
        ("on=2026-06-01&amount=three", "Please enter a number."),
        ("on=2026-06-01&amount=3&extra=-1", "Please enter a number from 0 to 10000."),
        ("on=2026-06-01&amount=3&unit=week", "Please choose one of the options."),
        ("on=2026-06-01&amount=3&pauses=x..y", "Write a pause as"),
        ("on=2026-06-01&amount=3&pauses=2026-06-09..2026-06-02", "ends before it begins"),
        ("on=2026-06-01&amount=3&pauses=" + "2026-06-09+" * 21, "At most 20 pauses"),
        ("on=2026-06-01&rule=nonsense", "There is no such rule."),
        ("on=1990-06-01&rule=kg-answer", "This rule is not in force on that day."),
        ("on=2026-06-01&rule=kg-answer&extra=15", "14 working days at most"),
        ("on=2026-06-01&rule=kg-consultation&extra=1", "This term cannot be extended."),
        ("on=2026-06-01&amount=4000&unit=calendar_day", "terms of up to ten years"),
        ("on=9999-12-31&amount=1", "Days are counted from 1900-01-01 to 2100-12-31 only."),
        ("on=0001-01-01&amount=1", "Days are counted from 1900-01-01 to 2100-12-31 only."),
    ],
)
def test_what_cannot_be_counted_comes_back_with_what_was_typed(
    visitor: Client, asked: str, said: str
) -> None:
    page = visitor.get(f"/calculator?{asked}", status=422).text
    assert said in page
    assert "Due by" not in page
    for typed in ("2026-06-01", "x..y"):
        assert typed not in asked or typed in page


def test_the_register_and_the_page_of_a_term_lead_to_it(visitor: Client) -> None:
    assert 'href="/calculator"' in visitor.get("/obligations").text
