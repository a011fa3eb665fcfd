"""The plan at the desk: adding, publishing, changing, linking, and taking over a table."""

import re

import pytest

from consult.plans.models import PlanItem
from consult.plans.rules import Wording
from consult.platform import Platform
from tests.conftest import TestClock
from tests.planned import MARCH, WHY, Plan, make_plan

BREAD = {
    "title_ru": " О\tхлебе ",
    "title_en": "On bread",
    "summary_ru": "Хлеб дешевле.",
    "act_type": "law",
    "topic": "",
    "month": "2026-12",
}
TABLE = "Название;Вид акта;Месяц\nО хлебе;Закон;декабрь 2026\nО соли;law;2027-01"


@pytest.fixture
def plan(platform: Platform, clock: TestClock) -> Plan:
    return make_plan(platform, clock)


def states(plan: Plan) -> dict[str, str]:
    with plan.platform.database.reading() as session:
        items = (session.get(PlanItem, n) for n in range(1, 9))
        return {item.titles["ru"]: item.state for item in items if item}


def test_an_officer_adds_an_act_and_publishes_it(plan: Plan) -> None:
    olga = plan.browser("Olga")
    assert 'href="/desk/plan"' in olga.get("/desk").text
    olga.get("/desk/plan/new", budget=4)
    page = olga.follow(olga.post("/desk/plan/new", BREAD)).text
    assert "Only your agency sees it so far" in page
    plan.browser().get("/plan/1", status=404)
    assert "1 act is not public yet" in olga.get("/desk/plan", budget=6).text
    olga.follow(olga.post("/desk/plan/1/publish"))
    assert "О хлебе" in plan.browser().get("/plan/1").text
    assert "not public yet" not in olga.get("/desk/plan").text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title_ru": ""}, "Give the title in at least one official language."),
        ({"month": "soon"}, "Please enter a month, for example 2026-11."),
        ({"month": ""}, "Please enter a month, for example 2026-11."),
        ({"act_type": ""}, "Please choose the kind of act."),
        ({"topic": "magic"}, "Please choose one of the options."),
        ({"title_en": "x" * 501}, "This is too long: at most 500 characters."),
        ({"agency": "999"}, "Please choose the agency."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    plan: Plan, wrong: dict[str, str], sentence: str
) -> None:
    page = plan.browser("Olga").post("/desk/plan/new", BREAD | wrong, status=422).text
    assert sentence in page
    assert "Хлеб дешевле." in page
    assert states(plan) == {}


def test_words_are_changed_freely_before_and_with_their_history_after(plan: Plan) -> None:
    olga, item_id = plan.browser("Olga"), plan.add(public=False)
    assert 'value="2026-11"' in olga.get(f"/desk/plan/{item_id}/edit").text
    olga.post(f"/desk/plan/{item_id}/edit", BREAD)
    olga.post("/desk/plan/publish", {"items[]": [item_id]})
    form = olga.get(f"/desk/plan/{item_id}/edit").text
    assert "It is public" in form
    assert 'name="month"' not in form
    olga.post(f"/desk/plan/{item_id}/edit", BREAD | {"title_ru": "О чёрном хлебе"})
    page = plan.browser().get(f"/plan/{item_id}").text
    assert "О чёрном хлебе" in page
    assert '<q lang="ru">О хлебе</q>' in page


def test_what_is_published_together_stands_or_falls_together(plan: Plan) -> None:
    olga = plan.browser("Olga")
    ids = [
        plan.add(Wording({"ru": title}, {}, "law"), month, public=False)
        for title, month in (("О хлебе", MARCH), ("О соли", MARCH.replace(year=2025)))
    ]
    page = olga.post("/desk/plan/publish", {"items[]": ids}, status=422).text
    assert "This month is over." in page
    assert states(plan) == {"О хлебе": "draft", "О соли": "draft"}
    olga.post("/desk/plan/publish", status=422)


def test_moving_dropping_and_resuming_ask_for_a_reason(plan: Plan) -> None:
    olga, item_id = plan.browser("Olga"), plan.add()
    here = f"/desk/plan/{item_id}"
    page = olga.post(f"{here}/move", {"month": "2027-02", "reason": "so"}, status=422).text
    assert "Say why in a sentence" in page
    assert 'value="2027-02"' in page
    olga.post(f"{here}/move", {"month": "2025-02", "reason": WHY}, status=422)
    olga.follow(olga.post(f"{here}/move", {"month": "2027-02", "reason": WHY}))
    olga.post(f"{here}/drop", {"reason": ""}, status=422)
    olga.follow(olga.post(f"{here}/drop", {"reason": WHY}))
    assert "has changed meanwhile" in olga.post(f"{here}/drop", {"reason": WHY}, status=422).text
    page = olga.follow(olga.post(f"{here}/resume", {"month": "2027-03", "reason": WHY})).text
    assert "In the plan again, for March 2027" in page
    assert "On water" in olga.get("/desk/plan?state=expected").text


def test_a_draft_is_linked_from_either_side(plan: Plan) -> None:
    olga, first = plan.browser("Olga"), plan.add()
    second = plan.add(Wording({"ru": "О хлебе"}, {}, "law"))
    draft_id = plan.draft()
    assert f'href="/desk/plan?draft={draft_id}"' in olga.get(f"/desk/drafts/{draft_id}").text
    page = olga.get(f"/desk/plan?draft={draft_id}").text
    assert f'action="/desk/plan/{first}/link"' in page
    assert f'action="/desk/plan/{second}/link"' in page
    page = olga.follow(olga.post(f"/desk/plan/{first}/link", {"draft": draft_id})).text
    assert "Chosen, but not public yet" in page
    assert "Chosen" in olga.get(f"/desk/plan?draft={draft_id}").text
    assert (
        "Choose a draft" in olga.post(f"/desk/plan/{second}/link", {"draft": 999}, status=422).text
    )
    olga.follow(olga.post(f"/desk/plan/{first}/link", {"draft": ""}))
    assert plan.item(first).draft_id is None


def test_the_desk_shows_each_agency_its_own_plan_only(plan: Plan) -> None:
    item_id, hidden = plan.add(), plan.add(Wording({"ru": "О тайном"}, {}, "law"), public=False)
    draft_id = plan.draft()
    damir = plan.browser("Damir")
    assert "On water" not in damir.get("/desk/plan").text
    for path in (f"/desk/plan/{item_id}", f"/desk/plan/{hidden}", f"/desk/plan/{hidden}/edit"):
        damir.get(path, status=404)
    damir.get(f"/desk/plan?draft={draft_id}", status=404)
    for path in (f"{hidden}/publish", f"{hidden}/discard"):
        damir.post(f"/desk/plan/{path}", status=403)
    damir.post("/desk/plan/publish", {"items[]": [hidden]}, status=403)
    for path in ("/desk/plan", "/desk/plan/new", "/desk/plan/import"):
        plan.browser("Aizada").get(path, status=403)
        assert "/sign-in" in plan.browser().get(path, status=303).headers["location"]
    assert states(plan) == {"О воде": "published", "О тайном": "draft"}


def test_what_was_never_public_is_discarded(plan: Plan) -> None:
    olga, item_id = plan.browser("Olga"), plan.add(public=False)
    olga.follow(olga.post(f"/desk/plan/{item_id}/discard"))
    assert states(plan) == {}
    public = plan.add()
    olga.post(f"/desk/plan/{public}/discard", status=409)


def test_a_table_is_looked_at_first_and_then_added_as_a_whole(plan: Plan) -> None:
    olga = plan.browser("Olga")
    assert "Words that are known" in olga.get("/desk/plan/import").text
    form = {"lang": "ru", "text": TABLE, "do": "look"}
    page = olga.post("/desk/plan/import", form, status=200).text
    assert "2 acts were read, and nothing is wrong with them." in page
    assert "December 2026" in page
    assert states(plan) == {}
    typed = re.search(r"<textarea[^>]*>\n([^<]*)</textarea>", page)
    assert typed is not None
    olga.follow(olga.post("/desk/plan/import", form | {"text": typed[1], "do": "add"}))
    assert states(plan) == {"О хлебе": "draft", "О соли": "draft"}
    page = olga.post("/desk/plan/import", form | {"do": "add"}, status=200).text
    assert "This is in the plan already." in page
    assert len(states(plan)) == 2


def test_a_table_with_a_problem_adds_nothing_and_can_be_put_right_in_the_page(plan: Plan) -> None:
    olga = plan.browser("Olga")
    bad = TABLE + "\nО сахаре;манифест;осенью"
    page = olga.post("/desk/plan/import", {"lang": "ru", "text": bad, "do": "add"}, status=200).text
    assert "<b>Row 4</b>: “манифест” is no kind of act that is known here." in page
    assert "О сахаре;манифест;осенью" in page
    assert 'value="add"' not in page
    assert states(plan) == {}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1251"])
def test_a_file_of_any_usual_encoding_is_read(plan: Plan, encoding: str) -> None:
    text = TABLE + "\nО питании детей в школах и детских садах;Закон;2027-02"
    page = (
        plan.browser("Olga")
        .post(
            "/desk/plan/import",
            {"lang": "ru", "do": "look"},
            files={"file": ("plan.csv", text.encode(encoding), "text/csv")},
            status=200,
        )
        .text
    )
    assert "3 acts were read" in page
    assert "О хлебе;Закон" in page


def test_a_file_that_is_no_table_is_refused(plan: Plan) -> None:
    olga, form = plan.browser("Olga"), {"lang": "ru", "do": "add"}
    for data in (b"\x00\x01\x02" * 99, b"x" * 1_000_001):
        files = {"file": ("plan.csv", data, "text/csv")}
        assert (
            "There is a problem"
            in olga.post("/desk/plan/import", form, files=files, status=422).text
        )
    page = olga.post("/desk/plan/import", form, status=200).text
    assert "There is nothing in this table." in page
