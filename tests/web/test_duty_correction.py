"""The page on which a duty is corrected: the date is seen first, and what may not be is said."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from consult.platform import Platform
from consult.procedure.deadlines import last_day
from consult.templating import environment
from tests.beginnings import kept
from tests.conftest import TestClock
from tests.duties import Case, make_case, rule_with


@pytest.fixture
@kept
def case(platform: Platform, clock: TestClock) -> Case:
    """A consultation that has closed: its report is due."""
    made = make_case(platform, clock)
    made.close()
    return made


def url_of(case: Case, code: str = "report") -> str:
    return f"/obligations/{case.duty(code).id}"


def last(case: Case, code: str = "report", later: int = 0) -> date:
    """The last day of a duty, or the day so many working days after it."""
    pack = case.platform.pack
    return pack.calendar().shift(last_day(case.due_at(code), pack.tz), later)


def in_words(case: Case, day: date) -> str:
    """A day as the page says it."""
    said = environment("en", case.platform.pack.tz).filters["date"](day)
    return str(said)


def test_the_date_is_seen_before_it_is_corrected_and_nothing_is_written(case: Case) -> None:
    oversight, url = case.browser("Oversight"), url_of(case)
    before = in_words(case, last(case))
    began = (case.consultation().closes_at - timedelta(days=7)).astimezone(case.platform.pack.tz)
    wall = f"{began:%Y-%m-%dT%H:%M}"
    page = oversight.get(f"{url}/correction?began={wall}").text
    (then,) = re.findall(r"Then: due by the end of ([^<]+)\.", page)
    assert f"Now: due by the end of {before}." in page
    assert then != before
    assert f"Due by the end of {before}" in oversight.get(url).text
    form = {"began": wall, "rule_code": ""}
    assert "Say why." in oversight.post(f"{url}/correction", form, status=422).text
    oversight.post(f"{url}/correction", form | {"reason": "It closed a week before."})
    page = case.browser().get(url).text
    assert f"Due by the end of {then}" in page
    assert "by the oversight body" in page
    assert "It closed a week before." in page


def test_an_earlier_version_of_a_rule_is_said_and_the_head_may_apply_the_present(
    case: Case,
) -> None:
    code = case.duty("report").rule_code
    case.platform = replace(case.platform, pack=rule_with(case.platform.pack, code, amount=10))
    page = case.browser().get(url_of(case)).text
    assert "The rule reads otherwise today: 10 working days" in page
    assert "20 working days, from the closing" in page
    assert "Apply the present rule" not in page
    head = case.browser("Bakyt")
    assert f"{url_of(case)}/correction?rule_code={code}" in head.get(url_of(case)).text
    page = head.get(f"{url_of(case)}/correction?rule_code={code}").text
    assert "Then: due by the end of" in page
    correction = {"rule_code": code, "began": "", "reason": "The law of 1 November."}
    head.post(f"{url_of(case)}/correction", correction)
    page = case.browser().get(url_of(case)).text
    assert "The rule reads otherwise today" not in page
    assert "counted by another rule, or another version of it" in page


def test_the_head_is_told_before_that_a_correction_gives_no_more_time(case: Case) -> None:
    code = case.duty("report").rule_code
    case.platform = replace(case.platform, pack=rule_with(case.platform.pack, code, amount=40))
    page = case.browser("Bakyt").get(f"{url_of(case)}/correction?rule_code={code}", status=422)
    assert "Ask the oversight body" in page.text
    assert "Correct it</button>" not in page.text
    case.browser("Oversight").get(f"{url_of(case)}/correction?rule_code={code}")


@pytest.mark.parametrize("asked", ["began=soon", "rule_code=none", "began=2099-01-01T10:00"])
def test_a_correction_that_cannot_be_is_said_and_not_offered(case: Case, asked: str) -> None:
    page = case.browser("Bakyt").get(f"{url_of(case)}/correction?{asked}", status=422).text
    assert "There is a problem" in page
    assert "Correct it</button>" not in page
