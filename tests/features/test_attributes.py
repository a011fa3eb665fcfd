"""Attributes of an act: an officer says which it has, and its shortest term follows from them."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from consult.consultations.actions import earliest_close, open_at_once, schedule
from consult.consultations.models import Consultation
from consult.consultations.rules import ActWith, last_minute
from consult.errors import Invalid
from consult.law.queries import Law
from consult.procedure.packs import load_pack
from drafts.models import Draft
from tests.conftest import START
from tests.factories import OPERATOR, make_agency, make_draft

PACK = load_pack("kg")
LAW = Law(PACK, PACK.calendar())
OPENS = START + timedelta(days=1)


@pytest.fixture
def draft(session: Session) -> Draft:
    return make_draft(session, make_agency(session))


def set_dates(
    session: Session, draft: Draft, term_of: list[str], attributes: list[str] | None
) -> Consultation:
    """Dates with the shortest term of an act with the attributes `term_of`."""
    minimum = earliest_close(LAW, ActWith(draft.act_type, term_of), OPENS)
    return schedule(
        session,
        actor=OPERATOR,
        draft=draft,
        opens_at=OPENS,
        closes_at=last_minute(minimum),
        exception="",
        law=LAW,
        now=START,
        attributes=attributes,
    )


def test_an_attribute_makes_a_shorter_term_lawful_where_a_rule_says_so(
    session: Session, draft: Draft
) -> None:
    with pytest.raises(Invalid, match="too short") as refusal:
        set_dates(session, draft, ["urgent"], [])
    assert refusal.value.params["citation"] == PACK.rules["kg-consultation"].citation
    set_dates(session, draft, ["urgent"], ["urgent"])
    session.refresh(draft)
    assert draft.attributes == ["urgent"]


def test_another_attribute_makes_none_shorter(session: Session, draft: Draft) -> None:
    with pytest.raises(Invalid, match="too short") as refusal:
        set_dates(session, draft, ["urgent"], ["urgent", "affects_business"])
    assert refusal.value.params["citation"] == PACK.rules["kg-consultation-business"].citation


def test_attributes_are_kept_in_the_order_of_the_rules_once_each(
    session: Session, draft: Draft
) -> None:
    set_dates(session, draft, [], ["affects_business", "urgent", "urgent"])
    assert draft.attributes == list(PACK.attributes) == ["urgent", "affects_business"]


def test_who_moves_the_dates_without_a_word_leaves_the_attributes(
    session: Session, draft: Draft
) -> None:
    set_dates(session, draft, ["urgent"], ["urgent"])
    set_dates(session, draft, ["urgent"], None)
    assert draft.attributes == ["urgent"]
    set_dates(session, draft, [], [])
    assert draft.attributes == []


def test_an_attribute_the_rules_do_not_know_is_refused(session: Session, draft: Draft) -> None:
    with pytest.raises(Invalid) as refusal:
        set_dates(session, draft, [], ["public_services"])  # of another jurisdiction
    assert refusal.value.field == "attributes"
    assert draft.attributes == []


def test_opening_at_once_lasts_as_long_as_such_an_act_needs(session: Session, draft: Draft) -> None:
    opened = open_at_once(
        session, actor=OPERATOR, draft=draft, law=LAW, now=START, attributes=["urgent"]
    )
    shortest = earliest_close(LAW, draft, START)
    assert shortest.rule_code == "kg-consultation-urgent"
    assert opened.closes_at == last_minute(shortest)
