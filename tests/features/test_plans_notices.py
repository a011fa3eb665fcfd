"""Who is told what of the plan: once each, by the real worker, with a link that stops it."""

from datetime import timedelta

import pytest

from consult.errors import NotFound
from consult.events import PlanItemChanged
from consult.plans import actions
from consult.plans.rules import Wording
from consult.platform import Platform
from notifications.followed import FIND, followed
from notifications.following import unfollow
from notifications.plans import LISTED, tell_of_plan
from notifications.rules import FOLLOWED
from tests.conftest import TestClock
from tests.decrees import PACK
from tests.planned import MARCH, WATER, WHY, Plan, make_plan

BASE = "http://127.0.0.1:8000"


@pytest.fixture
def plan(platform: Platform, clock: TestClock) -> Plan:
    return make_plan(platform, clock)


def stop(plan: Plan, target: str, name: str = "Aizada") -> None:
    with plan.platform.database.writing() as session:
        unfollow(session, person_id=plan.people[name].id or 0, target=target)


def again(plan: Plan, item_id: int) -> None:
    """Deliver every change of an item once more, as after a crash."""
    changes = plan.history(item_id)
    with plan.platform.database.writing() as session:
        for change in changes:
            event = PlanItemChanged(item_id, change.id or 0)
            tell_of_plan(session, plan.platform, event, plan.clock.now)


def test_each_kind_that_may_be_followed_is_found_by_its_numbers() -> None:
    assert set(FIND) == set(FOLLOWED)


def test_a_planned_act_is_followed_once_it_is_public(plan: Plan) -> None:
    item_id = plan.add(public=False)
    with pytest.raises(NotFound):
        plan.follow(f"plan:{item_id}")
    plan.publish(item_id)
    plan.follow(f"plan:{item_id}", f"plan:{item_id}")
    assert plan.targets() == [f"plan:{item_id}"]
    with plan.platform.database.reading() as session:
        (thing,) = followed(session, PACK, [f"plan:{item_id}", "plan:999"])
    assert (thing.path, thing.names["en"]) == (f"/plan/{item_id}", "On water")


def test_followers_of_an_agency_hear_of_what_it_announces(plan: Plan) -> None:
    plan.follow(f"agency:{plan.agency_id}")
    plan.add()
    assert plan.told() == ["plan_published"]
    assert plan.told("Bolot") == []
    mail = plan.mail()
    assert mail.subject == "Announced: On water"
    assert "- «On water», November 2026" in mail.text
    assert "There is no text yet." in mail.text
    assert f"{BASE}/plan/1\n" in mail.text
    assert "You get this because you follow: «Ministry MOJ»" in mail.text
    assert plan.stops(mail) == f"agency:{plan.agency_id}"


def test_a_plan_of_many_acts_is_one_message(plan: Plan) -> None:
    plan.follow(f"agency:{plan.agency_id}")
    ids = [plan.add(Wording({"ru": f"О {n}"}, {}, "law"), public=False) for n in range(LISTED + 2)]
    plan.publish(*ids)
    plan.move(ids[0])  # before the worker comes
    assert plan.told() == ["plan_published", "moved"]
    again(plan, ids[0])
    again(plan, ids[1])
    assert len(plan.told()) == 2
    first = plan.mails()[0]
    assert first.subject == f"An agency has announced {LISTED + 2} acts"
    assert first.text.count("«О ") == LISTED
    assert "And 2 more." in first.text
    assert "/plan?agency=MOJ" in first.text


def test_followers_hear_why_it_is_moved_dropped_and_resumed_and_not_of_other_words(
    plan: Plan,
) -> None:
    item_id = plan.add()
    plan.follow(f"plan:{item_id}", f"agency:{plan.agency_id}")
    plan.follow(f"plan:{item_id}", name="Bolot")
    plan.drain()
    before = len(plan.told())
    plan.move(item_id)
    with plan.platform.database.writing() as session:
        actions.edit_item(
            session,
            actor=plan.actor(session),
            item_id=item_id,
            wording=Wording({"ru": "О чистой воде"}, {}, "law"),
            pack=plan.platform.pack,
            now=plan.clock.now,
        )
    plan.drop(item_id)
    plan.resume(item_id)
    assert plan.told()[before:] == ["moved", "dropped", "resumed"]
    assert plan.told("Bolot") == ["moved", "dropped", "resumed"]
    again(plan, item_id)
    assert plan.told("Bolot") == ["moved", "dropped", "resumed"]


def test_a_mail_says_what_was_expected_when_it_is_now_and_why(plan: Plan) -> None:
    item_id = plan.add()
    plan.follow(f"plan:{item_id}")
    plan.move(item_id)
    plan.drain()
    mail = plan.mail()
    assert mail.subject == "Moved in the plan: On water"
    assert "It was expected in November 2026, and is now expected in March 2027." in mail.text
    assert f"Reason: {WHY}" in mail.text
    assert f"{BASE}/plan/{item_id}" in mail.html
    assert plan.stops(mail) == f"plan:{item_id}"
    plan.drop(item_id)
    plan.drain()
    assert plan.mail().subject == "Dropped from the plan: On water"
    stop(plan, plan.stops(plan.mail()))
    plan.resume(item_id)
    assert plan.told() == ["moved", "dropped"]


def test_who_waits_for_a_text_is_told_of_it_and_follows_the_draft(plan: Plan) -> None:
    item_id, draft_id = plan.add(), plan.draft()
    plan.follow(f"plan:{item_id}")
    plan.link(item_id, draft_id)
    assert plan.told() == []
    opens_at = plan.announce(draft_id)
    assert plan.told() == ["plan_started"]
    assert plan.targets() == [f"draft:{draft_id}"]
    mail = plan.mail()
    assert mail.subject == "There is a text: On water"
    assert "Comments are taken from 10 September 2026" in mail.text
    assert "from now on you follow the draft." in mail.text
    assert f"{BASE}/drafts/{draft_id}\n" in mail.text
    assert plan.stops(mail) == f"draft:{draft_id}"
    plan.clock.now = opens_at
    assert plan.told() == ["plan_started", "consultation_opened"]
    again(plan, item_id)
    assert plan.told() == ["plan_started", "consultation_opened"]


@pytest.mark.parametrize("linked_first", [True, False])
def test_who_waits_hears_of_a_discussion_that_opens_with_its_text(
    plan: Plan, linked_first: bool
) -> None:
    item_id, draft_id = plan.add(), plan.draft()
    plan.follow(f"plan:{item_id}")
    if linked_first:
        plan.link(item_id, draft_id)
    plan.open(draft_id)
    if not linked_first:
        plan.drain()
        plan.link(item_id, draft_id)
    told = plan.told()
    assert told.count("plan_started") == 1
    assert told.count("consultation_opened") == int(linked_first)
    assert "Comments are taken from" in plan.mail().text + plan.mail().html
    assert plan.targets() == [f"draft:{draft_id}"]


def test_who_stops_following_the_draft_is_not_led_back_to_it(plan: Plan) -> None:
    item_id, draft_id = plan.add(), plan.draft()
    plan.follow(f"plan:{item_id}")
    plan.link(item_id, draft_id)
    plan.announce(draft_id)
    plan.drain()
    stop(plan, f"draft:{draft_id}")
    again(plan, item_id)
    assert plan.targets() == []
    plan.clock.forward(days=10)
    assert plan.told() == ["plan_started"]


def test_the_link_in_an_old_mail_about_the_plan_stops_the_draft_too(plan: Plan) -> None:
    item_id, draft_id = plan.add(), plan.draft()
    plan.follow(f"plan:{item_id}")
    plan.move(item_id, MARCH)
    plan.drain()
    old_mail = plan.stops(plan.mail())
    plan.link(item_id, draft_id)
    plan.announce(draft_id)
    plan.drain()
    stop(plan, old_mail)
    assert plan.targets() == []


def test_followers_of_the_agency_are_told_of_the_text_unless_its_discussion_has_begun(
    plan: Plan,
) -> None:
    early, late = plan.add(), plan.add(Wording({"ru": "О хлебе"}, {}, "law"))
    plan.drain()
    plan.follow(f"agency:{plan.agency_id}")
    first, second = plan.draft(), plan.draft()
    plan.link(early, first)
    plan.announce(first)
    assert plan.told() == ["plan_started"]
    assert "from now on you follow" not in plan.mail().text
    assert plan.stops(plan.mail()) == f"agency:{plan.agency_id}"
    plan.open(second)
    plan.drain()
    plan.link(late, second)
    assert plan.told() == ["plan_started", "consultation_opened"]


def test_to_follow_what_has_a_text_by_now_is_to_follow_the_draft(plan: Plan) -> None:
    item_id, draft_id = plan.add(), plan.draft()
    plan.open(draft_id)
    plan.link(item_id, draft_id)
    plan.follow(f"plan:{item_id}")
    assert plan.targets() == [f"draft:{draft_id}"]


def test_a_stopped_worker_loses_nothing_and_tells_nothing_twice(plan: Plan) -> None:
    item_id, draft_id = plan.add(WATER), plan.draft()
    plan.follow(f"plan:{item_id}")
    plan.follow(f"agency:{plan.agency_id}", name="Bolot")
    plan.move(item_id)
    plan.link(item_id, draft_id)
    plan.announce(draft_id)
    plan.clock.now += timedelta(days=8)  # meanwhile the discussion should have opened
    # Late, the opening may be told before the text: it is told all the same.
    assert sorted(plan.told()) == ["consultation_opened", "moved", "plan_started"]
    assert sorted(plan.told("Bolot")) == ["consultation_opened", "moved", "plan_published"]
    plan.drain()
    assert len(plan.told()) == 3
