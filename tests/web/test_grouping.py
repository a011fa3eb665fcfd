"""Pages of suggested groups: taken with what fits, dismissed, looked for again."""

import pytest
from sqlmodel import select

from consult.answers.models import Issue
from consult.platform import Platform
from consult.worker import drain
from tests.conftest import TestClock
from tests.web.ministry import WORK, Ministry, make_ministry

BODIES = (
    "The library must be open on Saturday.",
    "Open libraries on Saturdays, please.",
    "A bus in the evening.",
)


@pytest.fixture
def ministry(platform: Platform, clock: TestClock) -> Ministry:
    made = make_ministry(platform, clock)
    made.draft()
    made.comment(*BODIES, lang="en")
    drain(platform, clock.now)
    made.close()
    drain(platform, clock.now)
    return made


def test_an_officer_makes_a_group_of_what_is_proposed(ministry: Ministry) -> None:
    olga = ministry.client("Olga")
    page = olga.get(f"{WORK}/suggestions").text
    assert "Shared words: 2 comments" in page
    said = {"title": "Saturdays", "shown[]": ["1", "2"], "keep[]": ["1", "2"]}
    made = olga.post(f"{WORK}/suggestions/1", said)
    assert made.headers["location"].endswith("/groups/1")
    with ministry.platform.database.reading() as session:
        assert session.exec(select(Issue.suggestion_id)).one() == 1
    assert "Shared words" not in olga.get(f"{WORK}/suggestions").text


def test_without_a_title_the_form_comes_back_with_what_was_left_out(ministry: Ministry) -> None:
    olga = ministry.client("Olga")
    said = {"title": "", "shown[]": ["1", "2"], "keep[]": ["2"]}
    page = olga.post(f"{WORK}/suggestions/1", said, status=422).text
    assert 'value="2" checked' in page
    assert 'value="1" checked' not in page


def test_what_does_not_belong_together_goes_away_for_good(ministry: Ministry) -> None:
    olga = ministry.client("Olga")
    olga.post(f"{WORK}/suggestions/1/dismiss")
    olga.post(f"{WORK}/suggestions")
    drain(ministry.platform, ministry.clock.now)
    assert "Nothing is suggested." in olga.get(f"{WORK}/suggestions").text
    olga.post(f"{WORK}/suggestions/1/dismiss", status=409)
