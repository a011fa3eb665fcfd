"""Sittings of parliament and keneshes: results are owed until they are public; appeals counted."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from consult.chambers.sittings.actions import (
    add_item,
    publish_appeals,
    publish_sitting,
    record_sitting,
    remove_item,
)
from consult.chambers.sittings.queries import items_of, sittings_about
from consult.chambers.sittings.rules import Considered, Convened, Count, Item
from consult.errors import Conflict, Invalid, NotAllowed
from consult.obligations.models import Obligation
from consult.platform import Platform
from consult.worker import drain
from tests import factories
from tests.decrees import PACK
from tests.deliberated import NOW, make_body

HELD = date(2026, 9, 9)
SAID = Convened("Session 12", HELD, "ru")
COUNTS = (Count("Water", "settled", 12), Count("Roads", "forwarded", 3))
REPORT = Considered(date(2026, 7, 1), date(2026, 8, 31), "ru", "", COUNTS)


def test_results_are_owed_from_the_day_of_the_sitting_until_they_are_public(
    platform: Platform,
) -> None:
    with platform.database.writing() as session:
        body, secretary = make_body(session, "OSH", "kenesh")
        about: dict[str, Any] = {"actor": secretary, "body": body}
        sitting = record_sitting(session, said=SAID, tz=PACK.tz, now=NOW, **about)
        body_id = body.id
    drain(platform, NOW)
    with platform.database.writing() as session:
        owed = session.exec(select(Obligation)).one()
        assert (owed.duty, owed.agency_id, owed.draft_id) == ("sitting_results", body_id, None)
        assert (owed.state, owed.subject) == ("running", f"sitting:{sitting.id}")
        sitting = session.merge(sitting)
        at = {"actor": secretary, "sitting": sitting}
        with pytest.raises(Invalid, match="agenda"):
            publish_sitting(session, results="", url="", now=NOW, **at)
        publish_sitting(session, results="All agreed.", url="", now=NOW, **at)
    drain(platform, NOW)
    with platform.database.reading() as session:
        assert session.exec(select(Obligation.state)).one() == "fulfilled"


def test_results_stay_as_they_are_once_they_are_public(session: Session) -> None:
    body, secretary = make_body(session, "OSH", "kenesh")
    draft = factories.open_draft(session)
    sitting = record_sitting(session, actor=secretary, body=body, said=SAID, tz=PACK.tz, now=NOW)
    at: dict[str, Any] = {"actor": secretary, "sitting": sitting}
    first = add_item(session, said=Item("Budget", "Adopted", draft.id), **at)
    second = add_item(session, said=Item("Other", "None"), **at)
    remove_item(session, item_id=second.id or 0, **at)
    with pytest.raises(Invalid, match="no such draft"):
        add_item(session, said=Item("Other", "None", 9999), **at)
    with pytest.raises(Invalid):
        add_item(session, said=Item("Other", ""), **at)
    assert sittings_about(session, draft.id or 0) == []  # not public yet
    publish_sitting(session, results="", url="", now=NOW, **at)
    assert [one.item.id for one in items_of(session, sitting.id or 0)] == [first.id]
    assert [one.id for one in sittings_about(session, draft.id or 0)] == [sitting.id]
    for late in (
        lambda: add_item(session, said=Item("Late", "None"), **at),
        lambda: remove_item(session, item_id=first.id or 0, **at),
        lambda: publish_sitting(session, results="New", url="", now=NOW, **at),
    ):
        with pytest.raises(Conflict, match="public already"):
            late()


def test_a_sitting_to_come_or_of_another_body_is_not_recorded(session: Session) -> None:
    body, secretary = make_body(session)
    other, _ = make_body(session, "OSH", "kenesh")
    tomorrow = Convened("Session", (NOW + timedelta(days=1)).date(), "ru")
    about: dict[str, Any] = {"actor": secretary, "tz": PACK.tz, "now": NOW}
    with pytest.raises(Invalid, match="not come"):
        record_sitting(session, body=body, said=tomorrow, **about)
    with pytest.raises(NotAllowed):
        record_sitting(session, body=other, said=SAID, **about)


def test_a_period_of_appeals_is_over_and_reported_once(session: Session) -> None:
    body, secretary = make_body(session, "OSH", "kenesh")
    about: dict[str, Any] = {"actor": secretary, "body": body, "tz": PACK.tz, "now": NOW}
    running = Considered(HELD, NOW.date(), "ru", "", COUNTS)
    for wrong in (running, Considered(HELD, date(2026, 9, 1), "ru", "", COUNTS)):
        with pytest.raises(Invalid):
            publish_appeals(session, said=wrong, **about)
    report = publish_appeals(session, said=REPORT, **about)
    assert report.counts[0] == {"kind": "Water", "outcome": "settled", "n": 12}
    with pytest.raises(Conflict, match="already"):
        publish_appeals(session, said=REPORT, **about)
