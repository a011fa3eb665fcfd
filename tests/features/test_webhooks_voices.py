"""Neighbours are told by webhooks of proposals, questions, hearings, opinions and roll-calls."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import col, select

from consult.platform import Platform
from consult.webhooks.actions import add_webhook
from consult.webhooks.models import WebhookCall
from consult.webhooks.rules import FIELDS
from tests.conftest import TestClock
from tests.counselled import make_counsel
from tests.factories import actor_of, make_person
from tests.heard import BEGINS, make_heard, said
from tests.hooked import Hooked, listening
from tests.proposed import make_village
from tests.questioned import make_hall


@pytest.fixture
def server() -> Iterator[Hooked]:
    with listening() as server:
        yield server


@pytest.fixture
def site(platform: Platform) -> Platform:
    """An installation that may call this machine."""
    changes = {"webhooks_allow_private": True, "base_url": "https://kenesh.example.kg"}
    return replace(platform, settings=platform.settings.model_copy(update=changes))


def watch(site: Platform, server: Hooked, clock: TestClock, *kinds: str) -> None:
    """A neighbour wants to be told of these."""
    with site.database.writing() as session:
        actor = actor_of(session, make_person(session, "Neighbour"))
        settings = site.settings
        url, now = server.url, clock.now
        add_webhook(session, actor=actor, settings=settings, url=url, kinds=kinds, now=now)


def calls(site: Platform) -> list[tuple[str, str]]:
    """(kind, address) of each call, in order; each holds what is documented and nothing else."""
    with site.database.reading() as session:
        made = session.exec(select(WebhookCall).order_by(col(WebhookCall.id))).all()
    for call in made:
        assert set(call.payload["data"]) == set(FIELDS[call.kind]), call.kind
    return [(call.kind, call.payload["data"]["url"].removeprefix(BASE)) for call in made]


BASE = "https://kenesh.example.kg"


def test_a_proposal_is_told_when_it_has_to_be_answered_and_when_it_was(
    site: Platform, server: Hooked, clock: TestClock
) -> None:
    village = make_village(site, clock)
    village.platform = replace(village.platform, settings=site.settings)
    watch(site, server, clock, "proposal.reached", "proposal.answered")
    number = village.reach()
    village.answer(number)
    told = [("proposal.reached", "/proposals/1"), ("proposal.answered", "/proposals/1")]
    assert calls(site) == told


def test_a_question_is_told_when_it_is_put_and_when_it_is_answered(
    site: Platform, server: Hooked, clock: TestClock
) -> None:
    hall = make_hall(site, clock)
    hall.platform = replace(hall.platform, settings=site.settings)
    watch(site, server, clock, "question.asked", "question.answered")
    hall.answer(hall.asked())
    assert calls(site) == [
        ("question.asked", "/questions/1"),
        ("question.answered", "/questions/1"),
    ]


def test_a_hearing_is_told_with_each_of_its_changes(
    site: Platform, server: Hooked, clock: TestClock
) -> None:
    heard = make_heard(site, clock)
    watch(site, server, clock, "hearing.announced", "hearing.changed")
    number = heard.announce()
    heard.change(number, said(BEGINS + timedelta(days=1), drafts=(heard.draft_id,)))
    heard.call_off(number)
    heard.drain()
    kinds = ["hearing.announced", "hearing.changed", "hearing.changed"]
    assert [kind for kind, _ in calls(site)] == kinds


def test_an_opinion_is_told_once_it_is_given(
    site: Platform, server: Hooked, clock: TestClock
) -> None:
    counsel = make_counsel(site, clock)
    counsel.platform = replace(counsel.platform, settings=site.settings)
    watch(site, server, clock, "opinion.published")
    counsel.give()
    counsel.drain()
    assert calls(site) == [("opinion.published", "/opinions/1")]
