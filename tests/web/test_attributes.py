"""The boxes that say what an act is, on the form for its dates, and the term that follows."""

import re
from dataclasses import replace

import pytest

from consult.platform import Platform
from consult.procedure.packs import load_pack
from consult.worker import drain
from drafts.models import Draft
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import make_draft
from tests.web.ministry import Ministry, make_ministry

FORM = "/desk/drafts/1/schedule"
RULES, CODE = load_pack("kg").rules, "kg-consultation-urgent"
# As they stand on a page, to their end: the one citation begins as the other does.
GENERAL, URGENT = (RULES[code].citation + "<" for code in ("kg-consultation", CODE))
DATES = {"opens_at": "2026-09-08T09:00", "closes_at": "2026-09-25T23:59"}  # 13 working days


@pytest.fixture
def ministry(platform: Platform, clock: TestClock) -> Ministry:
    ministry = make_ministry(platform, clock)
    with platform.database.writing() as session:
        make_draft(session, session.merge(ministry.agency))
    return ministry


def ticked(page: str) -> list[str]:
    boxes = re.findall(r'name="attributes\[\]" value="(\w+)"( checked)?', page)
    assert [code for code, _ in boxes] == ["urgent", "affects_business"]
    return [code for code, checked in boxes if checked]


def closing(page: str) -> str:
    found = re.search(r'name="closes_at" type="datetime-local" value="([^"]*)"', page)
    assert found
    return found[1]


def test_the_form_asks_what_the_act_is_and_nothing_is_ticked(ministry: Ministry) -> None:
    page = ministry.client("Olga").get(FORM).text
    assert ticked(page) == []
    assert "Considered under an urgent procedure" in page
    assert GENERAL in page


def test_where_no_term_depends_on_it_nobody_is_asked(ministry: Ministry) -> None:
    bare = ministry.platform.pack.model_copy(update={"attribute": ()})
    ministry.platform = replace(ministry.platform, pack=bare)
    page = ministry.client("Olga").get(FORM).text
    assert "attributes" not in page
    assert GENERAL in page


def test_the_earliest_closing_follows_the_boxes_without_script(ministry: Ministry) -> None:
    olga = ministry.client("Olga")
    plain = olga.get(FORM, params={"opens_at": DATES["opens_at"]}).text
    urgent = olga.get(
        FORM,
        params={
            "opens_at": DATES["opens_at"],
            "closes_at": "",
            "attributes[]": "urgent",
            "exception": "Typed already",
        },
    ).text
    assert ticked(urgent) == ["urgent"]
    assert URGENT in urgent
    assert GENERAL in plain
    assert closing(urgent) < closing(plain)
    assert "Typed already" in urgent


def test_a_term_too_short_for_what_was_ticked_is_refused_and_the_boxes_stay(
    ministry: Ministry,
) -> None:
    olga = ministry.client("Olga")
    assert "by " + GENERAL[:-1] in olga.post(FORM, DATES, status=422).text
    both = DATES | {"attributes[]": ["urgent", "affects_business"]}
    page = olga.post(FORM, both, status=422).text
    assert "№ 444" in page  # the rule on business decides
    assert ticked(page) == ["urgent", "affects_business"]
    with ministry.platform.database.reading() as session:
        assert session.get_one(Draft, 1).attributes == []  # nothing half-saved
    forged = olga.post(FORM, DATES | {"attributes[]": ["forged"]}, status=422).text
    assert "Please choose one of the options." in forged


def test_the_public_page_of_the_term_shows_the_rule_that_was_used(ministry: Ministry) -> None:
    olga, anybody = ministry.client("Olga"), Client(ministry.platform)
    olga.post(FORM, DATES | {"attributes[]": "urgent"})
    assert ticked(olga.get(FORM).text) == ["urgent"]
    page = anybody.get("/drafts/1/term").text
    assert URGENT in page
    assert GENERAL not in page


def test_opening_at_once_takes_the_boxes_too(ministry: Ministry) -> None:
    olga = ministry.client("Olga")
    assert 'form="dates" formaction="/desk/drafts/1/open"' in olga.get(FORM).text
    olga.post("/desk/drafts/1/open", DATES | {"attributes[]": "urgent"})
    drain(ministry.platform, ministry.clock.now)
    assert URGENT in Client(ministry.platform).get("/drafts/1/term").text
