"""The officer's path in the browser, from a file to the published report."""

import re
from datetime import timedelta

import pytest

from consult.access import Role
from consult.comments.models import Comment
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import (
    ARTICLES,
    add_version,
    make_agency,
    make_draft,
    make_person,
    open_draft,
)
from tests.web.ministry import WORK, Ministry, make_ministry, marks, read_in, upload

LAW = """ЗАКОН
О сельских библиотеках

Статья 1. Предмет
1. Настоящий Закон регулирует работу сельских библиотек.
2. Библиотека открыта пять дней в неделю.

Статья 2. Деньги
1. Библиотека содержится за счёт местного бюджета.
"""
YEAR = timedelta(days=365)
FIVE, SEVEN = "пять дней", "семь дней"
NO_ANSWER = {"lang": "ru", "outcome": "", "reason": "", "changed_wid": "", "seen": ""}


@pytest.fixture
def ministry(platform: Platform, clock: TestClock) -> Ministry:
    return make_ministry(platform, clock)


def test_the_whole_path_from_a_file_to_the_published_report(ministry: Ministry) -> None:
    draft = import_a_text(ministry)
    open_the_discussion(ministry, draft)
    on_hours = ministry.comment(
        "Нужно семь дней в неделю", "Семь дней, а не пять", wid="art_1__para_2"
    )
    ministry.comment("А кто за это заплатит?", kind="question")
    drain(ministry.platform, ministry.clock.forward(days=40))
    answer_everything(ministry, on_hours)
    approve_everything(ministry)
    publish_the_report(ministry, draft)


def import_a_text(ministry: Ministry) -> str:
    """Returns the address of the draft at the desk."""
    olga, anybody = ministry.client("Olga"), Client(ministry.platform)
    olga.get("/desk")
    olga.get("/desk/import")
    taken = upload(olga, "/desk/import", LAW, act_type="law", topic="culture")
    assert "Set the dates of the discussion." in olga.follow(taken).text
    draft: str = taken.headers["location"]
    anybody.get(draft.removeprefix("/desk"), status=404)  # not public yet
    return draft


def open_the_discussion(ministry: Ministry, draft: str) -> None:
    """A term that is too short is refused with the citation; it opens by itself."""
    olga, anybody = ministry.client("Olga"), Client(ministry.platform)
    olga.get(f"{draft}/schedule")
    dates = {"opens_at": "2026-09-08T09:00", "closes_at": "2026-09-20T00:00"}
    assert "№ 241" in olga.post(f"{draft}/schedule", dates, status=422).text
    olga.post(f"{draft}/schedule", dates | {"closes_at": "2026-10-09T00:00"})
    assert "Opens by itself" in olga.get(draft).text
    drain(ministry.platform, ministry.clock.forward(days=1, minutes=1))
    anybody.get(draft.removeprefix("/desk"))


def answer_everything(ministry: Ministry, together: list[int]) -> None:
    """Two comments in a group, the third alone; after each the next unanswered one comes."""
    olga = ministry.client("Olga")
    assert "3 comments wait for an answer." in olga.get("/desk").text
    olga.get(f"{WORK}?status=unanswered&wid=art_1__para_2&kind=substantive")
    chosen = {"comments[]": together, "title": "Семь дней"}
    group = olga.post(f"{WORK}/groups", chosen).headers["location"]
    olga.get(group)
    accepted = NO_ANSWER | {"outcome": "accepted", "changed_wid": "art_1__para_2"}
    alone = olga.post(group, accepted).headers["location"]
    assert "А кто за это заплатит?" in olga.get(alone).text
    refused = olga.post(alone, NO_ANSWER | {"outcome": "answered"}, status=422)
    assert "give the reason" in refused.text
    curt = NO_ANSWER | {"outcome": "answered", "reason": "Бюджет!"}
    refused = olga.post(alone, curt, status=422)
    assert "in a few words" in refused.text
    assert "Бюджет!</textarea>" in refused.text  # what was typed is kept
    done = olga.post(alone, curt | {"reason": "За счёт бюджета района."})
    assert done.headers["location"] == WORK
    olga.get(f"{WORK}/comments/{together[0]}")


def approve_everything(ministry: Ministry) -> None:
    """Not by the officer; one is returned first, and comes back."""
    olga, nurlan = ministry.client("Olga"), ministry.client("Nurlan")
    page = nurlan.get(f"{WORK}/approvals").text
    first, second = marks(page)
    olga.post(f"{WORK}/approvals", {"answers[]": [first, second]}, status=403)
    nurlan.post(f"{WORK}/approvals/return", {"answers[]": [second]}, status=422)
    nurlan.post(f"{WORK}/approvals/return", {"answers[]": [second], "note": "Say how much."})
    returned = olga.get(f"{WORK}/comments/3")
    assert "Say how much." in returned.text
    seen = re.search(r'name="seen" value="(\d+)"', returned.text)
    assert seen
    answer = {"outcome": "answered", "reason": "За счёт бюджета: 2 млн сомов.", "seen": seen[1]}
    olga.post(f"{WORK}/comments/3", NO_ANSWER | answer)
    page = nurlan.get(f"{WORK}/approvals").text
    nurlan.post(f"{WORK}/approvals", {"answers[]": marks(page)})
    assert "No answer waits for approval." in nurlan.get(f"{WORK}/approvals").text


def publish_the_report(ministry: Ministry, draft: str) -> None:
    """The answers, the report and the new text become public at the same moment."""
    olga, anybody = ministry.client("Olga"), Client(ministry.platform)
    anybody.get("/drafts/1/report/1", status=404)
    upload(olga, f"/desk/import?draft={draft.rpartition('/')[2]}", LAW.replace(FIVE, SEVEN))
    assert "Version 2 of the text" in olga.get(f"{WORK}/report").text
    report = olga.post(f"{WORK}/report").headers["location"]
    page = anybody.get(report).text
    assert "Семь дней, а не пять" in page
    assert "За счёт бюджета: 2 млн сомов." in page
    assert "<ins>" in page
    drain(ministry.platform, ministry.clock.now)
    assert "The report is published." in olga.get("/desk").text
    olga.get(f"{draft}/schedule")  # a new round is possible


def test_the_desk_is_for_those_who_work_here(ministry: Ministry) -> None:
    ministry.draft()
    ministry.comment("A question", lang="en")
    anybody, aizada = Client(ministry.platform), ministry.client("Aizada")
    for page in ("/desk", "/desk/import", "/desk/drafts/1", WORK, f"{WORK}/approvals"):
        anybody.get(page, status=303)
        aizada.get(page, status=403)


def test_a_deputy_is_one_click_from_the_brief_on_each_public_draft(ministry: Ministry) -> None:
    with ministry.platform.database.writing() as session:
        ministry.people["Dina"] = make_person(session, "Dina", role=Role.PARLIAMENTARIAN)
        make_draft(session, session.merge(ministry.agency), title="In preparation")
    dina = ministry.client("Dina")
    assert "No draft is public now." in dina.get("/desk").text
    with ministry.platform.database.writing() as session:
        draft = open_draft(session, agency=session.merge(ministry.agency))
        address = f"/drafts/{draft.id}/brief"
    page = dina.get("/desk").text
    assert f'href="{address}"' in page
    assert "In preparation" not in page
    dina.get(address)


def test_a_version_without_a_language_the_public_text_has_is_not_let_out(
    ministry: Ministry,
) -> None:
    with ministry.platform.database.writing() as session:
        agency = session.merge(ministry.agency)
        draft = open_draft(session, {"ky": ARTICLES, "ru": ARTICLES}, agency=agency)
    ministry.close()
    olga, missing = ministry.client("Olga"), "This version has no text in Кыргызча yet."
    seen = olga.follow(read_in(olga, f"/desk/import?draft={draft.id}", LAW)).text
    assert "that are public change when this version becomes public." in seen
    with ministry.platform.database.writing() as session:
        add_version(session, session.get_one(Draft, draft.id), {"ru": ARTICLES})
    assert missing in olga.get(f"/desk/drafts/{draft.id}").text
    gate = olga.get(f"{WORK}/report").text
    assert missing in gate
    assert f'action="{WORK}/report"' not in gate
    assert missing in olga.post(f"{WORK}/report", status=409).text
    with ministry.platform.database.writing() as session:
        session.get_one(Draft, draft.id).stage = "reported"
    day = ministry.clock.now + timedelta(days=2)
    term = {"opens_at": day.isoformat()[:16], "closes_at": (day + YEAR).isoformat()[:16]}
    again = olga.post(f"/desk/drafts/{draft.id}/schedule", term, status=422)
    assert missing in again.text
    assert "Round 2" not in olga.get(f"/desk/drafts/{draft.id}").text


def test_the_earliest_closing_is_said_as_a_date_of_the_readers_language(
    ministry: Ministry,
) -> None:
    with ministry.platform.database.writing() as session:
        make_draft(session, session.merge(ministry.agency))
    olga = ministry.client("Olga")
    term = {"opens_at": "2031-03-03T09:00", "closes_at": "2031-03-05T09:00"}
    page = olga.post("/desk/drafts/1/schedule", term, status=422).text
    assert re.search(r"may close on \d+ [A-Z][a-z]+ 2031 at the earliest", page)


def test_another_ministrys_work_is_out_of_reach(ministry: Ministry) -> None:
    ministry.draft()
    ministry.comment("A question", lang="en")
    with ministry.platform.database.writing() as session:
        other = make_agency(session, "MOC")
        ministry.people["Bakyt"] = make_person(session, "Bakyt", role=Role.OFFICER, agency=other)
    bakyt = ministry.client("Bakyt")
    assert "On village libraries" not in bakyt.get("/desk").text
    for page in ("/desk/drafts/1", "/desk/drafts/1/schedule", "/desk/import?draft=1"):
        bakyt.get(page, status=403)
    for page in ("", "/comments/1", "/approvals", "/report"):
        bakyt.get(WORK + page, status=403)
    bakyt.post(f"{WORK}/comments/1", NO_ANSWER, status=403)
    bakyt.post("/desk/drafts/1/withdraw", status=403)


def test_what_is_not_there_is_not_found(ministry: Ministry) -> None:
    ministry.draft()
    olga = ministry.client("Olga")
    for page in ("/desk/consultations/9", f"{WORK}/comments/9", f"{WORK}/groups/9"):
        olga.get(page, status=404)
    olga.get("/desk/drafts/9", status=404)
    olga.get("/desk/import/no-such-text", status=404)
    olga.post(f"{WORK}/answers/9/drop", status=404)


def test_a_page_costs_as_many_queries_for_many_comments_as_for_few(ministry: Ministry) -> None:
    ministry.draft()
    olga = ministry.client("Olga")
    pages = (WORK, f"{WORK}/comments/1", f"{WORK}/approvals", f"{WORK}/report", "/desk")
    ministry.comment("First", "Second", "Third", lang="en", wid="art_1")

    def cost() -> list[int]:
        return [len(olga.statements) for page in pages if olga.get(page)]

    few = cost()
    ministry.comment(*(f"Comment number {n}" for n in range(60)), lang="en", wid="art_1")
    assert cost() == few
    assert "Next page" in olga.get(WORK).text
    assert "Page before" in olga.get(f"{WORK}?page=2").text


def test_an_answer_somebody_else_gave_meanwhile_is_not_overwritten(ministry: Ministry) -> None:
    ministry.draft()
    ministry.comment("Open on Sundays, please.", lang="en")
    olga = ministry.client("Olga")
    answer = {"outcome": "rejected", "reason": "There is no money.", "lang": "en", "seen": ""}
    olga.post(f"{WORK}/comments/1", answer)
    late = olga.post(f"{WORK}/comments/1", answer | {"reason": "Not mine to say."}, status=422)
    assert "Somebody else has answered this meanwhile." in late.text
    assert "Not mine to say." in late.text  # what was typed is kept


def test_the_whole_list_can_be_put_together_and_taken_apart(ministry: Ministry) -> None:
    ministry.draft()
    ministry.comment(*(f"Comment number {n}" for n in range(60)), lang="en")
    olga = ministry.client("Olga")
    group = olga.post(f"{WORK}/groups?kind=substantive", {"everything": "yes", "title": "All"})
    assert "60 comments" in olga.follow(group).text
    olga.post(f"{WORK}/groups", {"comments[]": [1, 2], "then": "ungroup"})
    assert "58 comments" in olga.follow(group).text


def test_a_similar_comment_is_answered_together_with_the_one_looked_at(ministry: Ministry) -> None:
    ministry.draft()
    ministry.comment("Open on Sundays!", "Please open on Sundays", wid="art_2", lang="en")
    olga = ministry.client("Olga")
    page = olga.get(f"{WORK}/comments/1").text
    assert "Similar comments" in page
    assert "Please open on Sundays" in page
    group = olga.post(f"{WORK}/groups", {"comments[]": [1, 2], "title": "Sundays"})
    assert "Group: Sundays" in olga.follow(group).text


def test_a_proposed_wording_is_shown_as_a_difference(ministry: Ministry) -> None:
    ministry.draft()
    ministry.comment(
        "Every day, please.",
        wid="art_2",
        quote="five days",
        kind="wording",
        proposed="It is open seven days a week.",
        lang="en",
    )
    page = ministry.client("Olga").get(f"{WORK}/comments/1").text
    assert "<mark>five days</mark>" in page
    assert re.search(r"<del>.*five.*</del>", page)
    assert re.search(r"<ins>.*seven.*</ins>", page)


def test_a_template_answer_is_pointed_out_before_it_is_sent(ministry: Ministry) -> None:
    ministry.draft()
    ministry.comment("Open on Sundays!", "Who pays?", "Repair the road", lang="en")
    olga = ministry.client("Olga")
    answer = {"outcome": "rejected", "reason": "There is no money.", "lang": "en", "seen": ""}
    olga.post(f"{WORK}/comments/1", answer)
    asked = olga.post(f"{WORK}/comments/2", answer, status=422).text
    assert "stands word for word in 1 of your answers" in asked
    with ministry.platform.database.reading() as session:
        receipt = session.get_one(Comment, 1).receipt
    assert f'/comments/1">Comment № {receipt}</a>' in asked
    assert "There is no money.</textarea>" in asked
    assert "There is no answer yet." not in asked
    known = re.search(r'name="known" value="(\d+)"', asked)
    assert known
    olga.post(f"{WORK}/comments/2", answer | {"known": known[1]})
    olga.post(f"{WORK}/comments/3", answer | {"then": "save"})  # being written: nothing is asked
    assert "word for word in 2 of your answers" in olga.get(f"{WORK}/comments/3").text
    gate = olga.get(f"{WORK}/report").text
    assert "One reason answers 3" in gate
    assert "100 %" in gate


def test_a_report_is_not_published_while_something_is_missing(ministry: Ministry) -> None:
    ministry.draft()
    ministry.comment("A question", lang="en")
    ministry.close()
    olga = ministry.client("Olga")
    page = olga.get(f"{WORK}/report").text
    assert "1 comment has no answer" in page
    refused = olga.post(f"{WORK}/report", status=409)
    assert "cannot be published yet" in refused.text


def test_a_draft_is_withdrawn_and_an_open_one_is_not(ministry: Ministry) -> None:
    ministry.draft()
    ministry.client("Olga").post("/desk/drafts/1/withdraw", status=409)


def test_the_approver_chooses_all_that_the_page_shows(ministry: Ministry) -> None:
    ministry.draft()
    ministry.comment("One", "Two", lang="en")
    ministry.close()
    olga, nurlan = ministry.client("Olga"), ministry.client("Nurlan")
    for n, reason in enumerate(("No money is left.", "The law says so already."), start=1):
        answer = {"outcome": "rejected", "reason": reason, "lang": "en", "seen": ""}
        olga.post(f"{WORK}/comments/{n}", answer)
    page = nurlan.get(f"{WORK}/approvals").text
    nurlan.post(f"{WORK}/approvals", {"everything": "yes", "shown[]": marks(page)})
    assert "0" in nurlan.get(f"{WORK}/report").text
    nurlan.post(f"{WORK}/report")  # an approver may publish, too


def test_every_text_that_was_read_in_can_be_reached_page_by_page(ministry: Ministry) -> None:
    olga = ministry.client("Olga")
    texts = [read_in(olga, "/desk/import", LAW, act_type="law") for _ in range(43)]
    read = {text.headers["location"] for text in texts}
    reached: list[str] = []
    sizes, url = [], "/desk"
    while url:
        page = olga.get(url).text
        found = re.findall(r'<h3><a href="(/desk/import/[^"]+)"', page)
        reached, sizes = reached + found, [*sizes, len(found)]
        older = re.search(r'rel="next" href="([^"]+)"', page)
        url = older[1] if older else ""
    assert sizes == [20, 20, 3]
    assert len(reached) == len(set(reached))
    assert set(reached) == read
    assert "until 7 October 2026, 10:00" in page
    for cursor in ("x", "nan_1", "inf_1", "-1_-1", "9" * 40):
        olga.get(f"/desk?before={cursor}")
