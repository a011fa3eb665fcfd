"""The plan of law-making without HTTP: who may do what, what is kept, how it meets its draft."""

from datetime import date

import pytest
from sqlmodel import select

from consult.accounts.queries import actor_for
from consult.errors import Conflict, Invalid, NotAllowed, NotFound
from consult.events import VersionPublished
from consult.plans import actions
from consult.plans.handlers import start_planned
from consult.plans.models import PlanItem
from consult.plans.queries import PlanFilter, announced, cursor_of, plan_items, public_item
from consult.plans.rules import Wording
from consult.platform import Platform
from drafts.models import Draft
from tests import factories
from tests.conftest import TestClock
from tests.planned import MARCH, NOVEMBER, WATER, WHY, Plan, make_plan


@pytest.fixture
def plan(platform: Platform, clock: TestClock) -> Plan:
    return make_plan(platform, clock)


def edit(plan: Plan, item_id: int, wording: Wording, month: date | None = None) -> None:
    with plan.platform.database.writing() as session:
        actions.edit_item(
            session,
            actor=plan.actor(session),
            item_id=item_id,
            wording=wording,
            month=month,
            pack=plan.platform.pack,
            now=plan.clock.now,
        )


def test_nobody_sees_an_item_before_it_is_published(plan: Plan) -> None:
    item_id = plan.add(public=False)
    with plan.platform.database.reading() as session:
        with pytest.raises(NotFound):
            public_item(session, item_id)
        assert plan_items(session, PlanFilter(shown="all"), limit=9) == []
    assert plan.history(item_id) == []
    plan.publish(item_id)
    with plan.platform.database.reading() as session:
        assert public_item(session, item_id).published_at == plan.clock.now
    assert [(c.kind, c.month) for c in plan.history(item_id)] == [("published", NOVEMBER)]


@pytest.mark.parametrize("name", ["Damir", "Aizada"])
def test_the_plan_of_an_agency_is_kept_by_its_own_people(plan: Plan, name: str) -> None:
    item_id, new = plan.add(), plan.add(Wording({"ru": "О хлебе"}, {}, "law"), public=False)
    pack, now = plan.platform.pack, plan.clock.now
    with plan.platform.database.reading() as session:
        actor = plan.actor(session, name)
        common = {"session": session, "actor": actor}
        for refused in (
            lambda: actions.add_item(
                agency_id=plan.agency_id, wording=WATER, month=MARCH, pack=pack, now=now, **common
            ),
            lambda: actions.publish(item_ids=[new], pack=pack, now=now, **common),
            lambda: actions.edit_item(item_id=new, wording=WATER, pack=pack, now=now, **common),
            lambda: actions.discard_item(item_id=new, **common),
            lambda: actions.move(
                item_id=item_id, month=MARCH, reason=WHY, pack=pack, now=now, **common
            ),
            lambda: actions.drop(item_id=item_id, reason=WHY, now=now, **common),
            lambda: actions.link_draft(item_id=item_id, draft_id=None, now=now, **common),
        ):
            with pytest.raises(NotAllowed):
                refused()


def test_an_approver_keeps_the_plan_too(plan: Plan) -> None:
    item_id = plan.add(public=False)
    with plan.platform.database.writing() as session:
        actor = actor_for(session, plan.people["Bakyt"].id or 0)
        pack, now = plan.platform.pack, plan.clock.now
        actions.publish(session, actor=actor, item_ids=[item_id], pack=pack, now=now)
    assert plan.item(item_id).state == "published"


def test_of_several_items_all_are_published_or_none(plan: Plan) -> None:
    good, over = (
        plan.add(public=False),
        plan.add(Wording({"ru": "О хлебе"}, {}, "law"), date(2026, 8, 1), public=False),
    )
    with pytest.raises(Invalid, match="over"):
        plan.publish(good, over)
    assert plan.item(good).state == "draft"


@pytest.mark.parametrize(
    ("wording", "field"),
    [
        (Wording({"en": "On bread"}, {}, "law"), "title_ky"),
        (Wording({"ru": "О хлебе"}, {}, "manifesto"), "act_type"),
        (Wording({"ru": "О хлебе"}, {}, "law", "magic"), "topic"),
        (Wording({"ru": "О  ВОДЕ"}, {}, "law"), "title_ru"),
    ],
)
def test_an_item_speaks_the_language_of_the_rules(plan: Plan, wording: Wording, field: str) -> None:
    plan.add()
    with pytest.raises(Invalid) as refusal:
        plan.add(wording)
    assert refusal.value.field == field


def test_what_is_not_public_is_changed_without_a_trace_or_taken_away(plan: Plan) -> None:
    item_id = plan.add(public=False)
    edit(plan, item_id, Wording({"ru": "О хлебе"}, {}, "law"), MARCH)
    assert (plan.item(item_id).titles, plan.item(item_id).expected_on) == ({"ru": "О хлебе"}, MARCH)
    assert plan.history(item_id) == []
    with plan.platform.database.writing() as session:
        actions.discard_item(session, actor=plan.actor(session), item_id=item_id)
    with plan.platform.database.reading() as session:
        assert session.exec(select(PlanItem)).all() == []


def test_of_a_published_item_the_old_words_are_kept(plan: Plan) -> None:
    item_id = plan.add()
    edit(plan, item_id, Wording({"ru": "О чистой воде"}, WATER.summaries, "law", ""), MARCH)
    edit(plan, item_id, Wording({"ru": "О чистой воде"}, WATER.summaries, "law", ""))
    change = plan.history(item_id)[-1]
    assert [c.kind for c in plan.history(item_id)] == ["published", "reworded"]
    assert change.old == {"titles": {"ru": "О воде", "en": "On water"}}
    assert change.new == {"titles": {"ru": "О чистой воде", "en": ""}}
    assert plan.item(item_id).expected_on == NOVEMBER, "a month is moved, with its reason"


def test_a_published_item_cannot_be_taken_away(plan: Plan) -> None:
    item_id = plan.add()
    with plan.platform.database.writing() as session, pytest.raises(Conflict):
        actions.discard_item(session, actor=plan.actor(session), item_id=item_id)


def test_every_move_has_a_reason_and_a_line_of_its_own(plan: Plan) -> None:
    item_id = plan.add()
    with pytest.raises(Invalid, match="why"):
        plan.move(item_id, reason="so")
    with pytest.raises(Invalid, match="already"):
        plan.move(item_id, NOVEMBER)
    with pytest.raises(Invalid, match="over"):
        plan.move(item_id, date(2026, 8, 31))
    plan.move(item_id, date(2027, 3, 15))
    moved = plan.history(item_id)[-1]
    assert (moved.month_before, moved.month, moved.reason) == (NOVEMBER, MARCH, WHY)
    assert plan.item(item_id).expected_on == MARCH


def test_what_was_dropped_can_be_resumed_and_nothing_else(plan: Plan) -> None:
    item_id = plan.add()
    with pytest.raises(Conflict):
        plan.resume(item_id)
    plan.drop(item_id)
    for refused in (plan.move, plan.drop, lambda n: plan.link(n, None)):
        with pytest.raises(Conflict):
            refused(item_id)
    plan.resume(item_id)
    assert [c.kind for c in plan.history(item_id)] == ["published", "dropped", "resumed"]
    assert (plan.item(item_id).state, plan.item(item_id).expected_on) == ("published", MARCH)


def test_an_item_starts_when_its_draft_becomes_public_and_not_before(plan: Plan) -> None:
    item_id, draft_id = plan.add(), plan.draft()
    plan.link(item_id, draft_id)
    plan.drain()
    assert plan.item(item_id).state == "published"
    plan.announce(draft_id)
    plan.drain()
    assert plan.item(item_id).state == "started"
    assert plan.history(item_id)[-1].new == {"draft_id": draft_id}
    with plan.platform.database.writing() as session:
        found = announced(session, draft_id)
        assert found is not None
        assert found.id == item_id
        start_planned(session, plan.platform, VersionPublished(draft_id, 1, 1), plan.clock.now)
    assert [c.kind for c in plan.history(item_id)] == ["published", "started"]


def test_a_draft_that_is_public_already_starts_the_item_at_once_and_for_ever(plan: Plan) -> None:
    item_id, draft_id = plan.add(), plan.draft()
    plan.open(draft_id)
    plan.link(item_id, draft_id)
    assert plan.item(item_id).state == "started"
    for refused in (plan.drop, plan.move, lambda n: plan.link(n, None)):
        with pytest.raises(Conflict):
            refused(item_id)


def test_a_link_can_be_put_right_until_the_draft_is_public(plan: Plan) -> None:
    item_id, wrong, right = plan.add(), plan.draft(), plan.draft()
    plan.link(item_id, wrong)
    plan.link(item_id, right)
    plan.announce(wrong)
    plan.drain()
    assert plan.item(item_id).state == "published"
    plan.link(item_id, None)
    plan.announce(right)
    plan.drain()
    assert plan.item(item_id).state == "published"


def test_what_was_dropped_does_not_start_with_the_draft_it_was_linked_with(plan: Plan) -> None:
    item_id, draft_id = plan.add(), plan.draft()
    plan.link(item_id, draft_id)
    plan.drop(item_id)
    plan.announce(draft_id)
    plan.drain()
    assert plan.item(item_id).state == "dropped"


def test_a_draft_of_another_agency_or_one_at_its_end_carries_nothing_out(plan: Plan) -> None:
    item_id, over = plan.add(), plan.draft()
    with plan.platform.database.writing() as session:
        foreign = factories.make_draft(session, factories.make_agency(session, "MOE")).id
        session.get_one(Draft, over).stage = "withdrawn"
    for draft_id in (foreign, 999, over):
        with pytest.raises(Invalid) as refusal:
            plan.link(item_id, draft_id)
        assert refusal.value.field == "draft"
    assert plan.item(item_id).draft_id is None


def test_a_table_is_added_as_a_whole_or_not_at_all(plan: Plan) -> None:
    entries = [(Wording({"ru": f"О {n}"}, {}, "law"), NOVEMBER) for n in ("хлебе", "соли")]
    for bad in (entries[0], (Wording({}, {}, "law"), NOVEMBER)):
        with plan.platform.database.writing() as session, pytest.raises(Invalid):
            actions.add_items(
                session,
                actor=plan.actor(session),
                agency_id=plan.agency_id,
                entries=[*entries, bad],
                pack=plan.platform.pack,
                now=plan.clock.now,
            )
        with plan.platform.database.reading() as session:
            assert session.exec(select(PlanItem)).all() == []


@pytest.mark.parametrize("shown", ["expected", "all"])
def test_pages_of_the_plan_hold_every_item_once_in_the_order_of_its_months(
    plan: Plan, shown: str
) -> None:
    months = [NOVEMBER, MARCH, NOVEMBER, date(2027, 1, 1), MARCH]
    ids = [plan.add(Wording({"ru": f"О {n}"}, {}, "law"), month) for n, month in enumerate(months)]
    seen: list[tuple[date, int]] = []
    after = ""
    with plan.platform.database.reading() as session:
        for _ in range(3):
            page = plan_items(session, PlanFilter(shown=shown), after=after, limit=2)
            seen += [(item.expected_on, item.id or 0) for item in page[:2]]
            after = cursor_of(page[:2][-1])
        assert plan_items(session, PlanFilter(shown=shown), after=after, limit=2) == []
        assert len(plan_items(session, PlanFilter(shown=shown), after="x.y", limit=9)) == 5
    assert seen == sorted(zip(months, ids, strict=True), reverse=shown == "all")


def test_the_plan_is_narrowed_by_agency_kind_topic_year_and_state(plan: Plan) -> None:
    topic = plan.platform.pack.topic[0].code
    water, bread = plan.add(), plan.add(Wording({"ru": "О хлебе"}, {}, "law", topic), MARCH)
    plan.drop(water)
    with plan.platform.database.reading() as session:

        def found(**wanted: object) -> list[int | None]:
            narrowed = PlanFilter(**wanted)  # type: ignore[arg-type]
            return [item.id for item in plan_items(session, narrowed, limit=9)]

        assert found() == [bread]
        assert found(shown="dropped") == [water]
        assert found(shown="all") == [bread, water]
        assert found(shown="all", year=2026) == [water]
        assert found(shown="all", topic=topic, year=2027) == [bread]
        assert found(shown="all", act_type="code") == []
        assert found(shown="all", agencies=(plan.agency_id,)) == [bread, water]
        assert found(shown="all", agencies=(999,)) == []
