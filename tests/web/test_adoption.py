"""After the report, page by page: the act, its text, promises one after another, problems."""

import csv
import re
from io import StringIO

import pytest
from sqlmodel import col, select

from consult.access import Role
from consult.adoption.models import ActOutcome, Commitment
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from tests.beginnings import kept
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import add_version, answer_comment, make_person, release_report
from tests.web.ministry import Ministry, make_ministry, upload

OUTCOME = "/desk/drafts/1/outcome"
WORK = "/desk/drafts/1/commitments"
AFTER = "/drafts/1/after"
COMPARING = 23  # queries; three of them once in a process, for a comparison that is kept


@pytest.fixture
@kept
def ministry(platform: Platform, clock: TestClock) -> Ministry:
    """Three comments were accepted, of which the text shows one; the report is out."""
    ministry = make_ministry(platform, clock)
    ministry.draft()
    ministry.comment("Six days.", wid="art_2", lang="en")
    ministry.comment("=A library in every street.", "Free of charge.", lang="en")
    ministry.close()
    with platform.database.writing() as session:
        draft = session.get_one(Draft, 1)
        add_version(session, draft, ["A library stands in every village.", "It is open six days."])
        olga, nurlan = ministry.people["Olga"], ministry.people["Nurlan"]
        for comment in session.exec(select(Comment).order_by(col(Comment.id))).all():
            wid = "art_2" if comment.wid else ""
            answer_comment(session, comment, olga, nurlan, changed_wid=wid, now=clock.now)
        release_report(session, session.get_one(Consultation, 1), olga, clock.now)
    drain(platform, clock.now)
    clock.forward(days=2)
    return ministry


def fields(ministry: Ministry, **more: str) -> dict[str, str]:
    """An act as an officer would type it."""
    on = ministry.clock.now.date().isoformat()
    return {"decided_on": on, "number": "214", "in_force_on": "2027-01-01", **more}


def adopt(ministry: Ministry, **more: str) -> Client:
    olga = ministry.client("Olga")
    olga.follow(olga.post(f"{OUTCOME}/adopted", fields(ministry, **more)))
    drain(ministry.platform, ministry.clock.now)
    return olga


def test_until_something_is_known_there_is_neither_page_nor_tab(
    platform: Platform, clock: TestClock
) -> None:
    make_ministry(platform, clock).draft()
    reader = Client(platform)
    assert "/after" not in reader.get("/drafts/1").text
    reader.get(AFTER, status=404)


def test_everybody_reads_what_was_accepted_and_what_became_of_it(ministry: Ministry) -> None:
    reader = Client(ministry.platform)
    assert f'href="{AFTER}"' in reader.get("/drafts/1").text
    page = reader.get(AFTER).text
    assert "Nothing is decided yet." in page
    assert "Free of charge." in page
    assert "/drafts/1/comparison/1/2?at=art_2#art_2" in page
    done = reader.get(f"{AFTER}?state=done").text
    assert "Six days." in done
    assert "Free of charge." not in done
    assert "There is nothing in this state." in reader.get(f"{AFTER}?state=not_done").text
    reader.get(f"{AFTER}?state=nonsense&after=0&before=0")


def test_a_long_list_is_read_in_pages(ministry: Ministry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consult.site.after.PROMISES", 2)
    monkeypatch.setattr("consult.adoption.routes.PAGE", 2)
    reader, olga = Client(ministry.platform), ministry.client("Olga")
    assert "after=2#commitments" in reader.get(AFTER).text
    rest = reader.get(f"{AFTER}?after=2").text
    assert "Free of charge." in rest
    assert "Six days." not in rest
    assert "after=2" in olga.get(WORK).text
    assert "Free of charge." in olga.get(f"{WORK}?after=2").text


def test_an_officer_goes_through_the_list_without_losing_the_place(ministry: Ministry) -> None:
    olga = ministry.client("Olga")
    assert f"{WORK}/2?state=planned" in olga.get(f"{WORK}?state=planned").text
    assert f"{WORK}/3?state=planned" in olga.get(f"{WORK}/2?state=planned").text
    step = {"state": "not_done", "note": "No street has room.", "seen": "planned"}
    saved = olga.post(f"{WORK}/2?state=planned", step)
    assert saved.headers["location"] == f"{WORK}/3?state=planned"
    assert "Free of charge." in olga.follow(saved).text
    shown = {"state": "done", "wid": "art_1", "evidence": "Order № 5", "seen": "planned"}
    saved = olga.post(f"{WORK}/3?state=planned", shown)
    assert saved.headers["location"] == f"{WORK}?state=planned"
    assert "There is nothing in this state." in olga.follow(saved).text
    page = Client(ministry.platform).get(AFTER).text
    assert "No street has room." in page
    assert "Order № 5" in page
    assert "/drafts/1/provisions/art_1" in page


def test_a_refused_step_keeps_what_was_typed(ministry: Ministry) -> None:
    olga = ministry.client("Olga")
    step = {"state": "done", "note": "As promised.", "seen": "planned"}
    page = olga.post(f"{WORK}/2?state=planned", step, status=422).text
    assert "Please show that it is done" in page
    assert "As promised." in page
    assert f"{WORK}/2?state=planned" in page
    olga.post(f"{WORK}/2", {"state": "in_progress", "seen": "planned"})
    late = olga.post(f"{WORK}/2", {"state": "in_progress", "seen": "planned"}, status=422)
    assert "Somebody else has just changed this" in late.text


def test_a_comment_says_what_became_of_its_promise(ministry: Ministry) -> None:
    aizada, olga = ministry.client("Aizada"), ministry.client("Olga")
    assert "What was promised" in aizada.get("/comments/1").text
    step = {"state": "done", "evidence": "https://example.org/order", "seen": "planned"}
    olga.post(f"{WORK}/3", step)
    drain(ministry.platform, ministry.clock.now)
    page = aizada.get("/comments/3").text
    assert "https://example.org/order" in page
    assert "Your proposal was carried out" in aizada.get("/cabinet/notices").text


def test_an_act_is_recorded_from_the_desk_and_read_by_all(ministry: Ministry) -> None:
    olga = ministry.client("Olga")
    assert OUTCOME in olga.get("/desk/drafts/1").text
    olga.get(OUTCOME)
    olga.follow(olga.post(f"{OUTCOME}/submitted"))
    assert "before parliament" in Client(ministry.platform).get(AFTER).text
    adopt(ministry, url="https://example.org/act")
    page = Client(ministry.platform).get(AFTER).text
    for words in ("214", "https://example.org/act", "1 January 2027", "not here yet"):
        assert words in page
    assert "Adopted: № 214" in ministry.client("Aizada").get("/cabinet/notices").text
    assert OUTCOME in olga.get("/desk/drafts/1").text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"number": ""}, "Please enter the number"),
        ({"decided_on": "2036-01-01"}, "has not come yet"),
        ({"decided_on": "soon"}, "Please enter a date"),
        ({"url": "javascript:alert(1)"}, "begins with https"),
        ({"in_force_on": "2020-01-01"}, "not in force before"),
        ({"version": "99"}, "no such version"),
        ({"version": "x"}, "Please enter a number"),
    ],
)
def test_a_wrong_outcome_is_refused_with_everything_typed(
    ministry: Ministry, wrong: dict[str, str], words: str
) -> None:
    typed = fields(ministry, url="https://example.org/act") | wrong
    page = ministry.client("Olga").post(f"{OUTCOME}/adopted", typed, status=422).text
    assert words in page
    assert typed["url"] in page
    with ministry.platform.database.reading() as session:
        assert session.get(ActOutcome, 1) is None
        assert session.get_one(Draft, 1).stage == "reported"


def test_the_final_text_is_imported_as_a_version_and_compared_with_what_people_read(
    ministry: Ministry,
) -> None:
    olga = adopt(ministry)
    text = "Article 1. Free.\n\nArticle 2. It is open six days, and nights.\n"
    upload(olga, "/desk/import?draft=1", text, lang="en")
    refused = olga.post(f"{OUTCOME}/final", {"version": "3"}, status=422)
    assert "has yet to confirm" in refused.text
    changes = "/desk/drafts/1/versions/3/changes"
    shown = re.findall(r'name="shown\[\]" value="(\d+)"', olga.get(changes).text)
    olga.post(changes, {"shown[]": shown, "everything": "yes"})
    olga.follow(olga.post(f"{OUTCOME}/final", {"version": "3"}), budget=COMPARING)
    drain(ministry.platform, ministry.clock.now)
    page = Client(ministry.platform).get(AFTER).text
    assert "/drafts/1/comparison/1/3" in page
    assert "differ" in page


def test_an_act_may_be_the_very_text_that_people_discussed(ministry: Ministry) -> None:
    adopt(ministry, version="1")
    page = Client(ministry.platform).get(AFTER).text
    assert "It is the text that people discussed, unchanged." in page


def test_a_correction_is_public_with_what_it_was(ministry: Ministry) -> None:
    olga = adopt(ministry, version="2")
    page = olga.get(OUTCOME).text
    assert 'value="214"' in page
    wrong = fields(ministry, number="215")
    assert "Please give the reason" in olga.post(f"{OUTCOME}/corrected", wrong, status=422).text
    olga.post(f"{OUTCOME}/corrected", wrong | {"why": "A slip."})
    olga.post(f"{OUTCOME}/final", {"version": "1", "why": "The wrong one."})
    page = Client(ministry.platform).get(AFTER).text
    for words in ("215", "before: 214", "A slip.", "before: Version 2", "The wrong one."):
        assert words in page


def test_a_rejected_draft_says_why_and_takes_no_problems(ministry: Ministry) -> None:
    olga = ministry.client("Olga")
    typed = fields(ministry, number="", in_force_on="")
    olga.post(f"{OUTCOME}/rejected", typed, status=422)
    olga.follow(olga.post(f"{OUTCOME}/rejected", typed | {"reason": "It costs too much."}))
    page = Client(ministry.platform).get(AFTER).text
    assert "It costs too much." in page
    assert "Report how it works" not in page
    ministry.client("Aizada").get("/drafts/1/report-problem", status=403)


def test_a_problem_is_reported_answered_and_read_at_its_provision(ministry: Ministry) -> None:
    olga, aizada = adopt(ministry, version="2"), ministry.client("Aizada")
    assert "/drafts/1/report-problem?wid=art_2" in aizada.get("/drafts/1/provisions/art_2").text
    form = aizada.get("/drafts/1/report-problem?wid=art_2").text
    assert '<option value="art_2" selected>' in form
    typed = {"body": "Ours is shut on Sundays.", "wid": "art_2", "lang": "en"}
    sent = aizada.post("/drafts/1/report-problem", typed)
    assert sent.headers["location"] == f"{AFTER}?before=2#problem-1"
    assert "Ours is shut" in aizada.follow(sent, budget=COMPARING).text
    visitor = Client(ministry.platform)
    assert "Ours is shut" in visitor.get("/drafts/1/provisions/art_2").text
    assert "Ours is shut" not in visitor.get("/drafts/1/provisions/art_1").text
    assert "/problems/1/answer" in olga.get(AFTER).text
    assert "1 problem waits" in olga.get(OUTCOME).text
    olga.get("/problems/1/answer")
    olga.post("/problems/1/answer", {"answer": " ", "lang": "en"}, status=422)
    olga.follow(
        olga.post(
            "/problems/1/answer", {"answer": "It opens now.", "lang": "en", "follows": "practice"}
        )
    )
    assert "It opens now." in visitor.get(AFTER).text
    olga.get("/problems/1/answer", status=409)
    drain(ministry.platform, ministry.clock.now)
    assert "It opens now." in aizada.get("/cabinet/notices").text


def test_a_refused_problem_keeps_its_words(ministry: Ministry) -> None:
    adopt(ministry, version="2")
    typed = {"body": "x" * 20_001, "wid": "art_2", "lang": "ru"}
    page = ministry.client("Aizada").post("/drafts/1/report-problem", typed, status=422).text
    assert typed["body"] in page
    assert '<option value="art_2" selected>' in page


def test_problems_are_read_in_pages(ministry: Ministry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consult.site.practice.PAGE", 2)
    adopt(ministry)
    aizada = ministry.client("Aizada")
    for body in ("First.", "Second.", "Third."):
        aizada.post("/drafts/1/report-problem", {"body": body, "lang": "en"})
    page = aizada.get(AFTER).text
    assert "First." not in page
    assert "before=2#problems" in page
    assert "First." in aizada.get(f"{AFTER}?before=2").text


def test_a_moderator_hides_a_problem_and_the_reason_stands_in_its_place(
    ministry: Ministry,
) -> None:
    olga, aizada = adopt(ministry), ministry.client("Aizada")
    aizada.post("/drafts/1/report-problem", {"body": "You fools.", "lang": "en"})
    with ministry.platform.database.writing() as session:
        ministry.people["Meder"] = make_person(session, "Meder", role=Role.MODERATOR)
    meder = ministry.client("Meder")
    assert "/problems/1/hide" in meder.get(AFTER).text
    olga.get("/problems/1/hide", status=403)
    aizada.post("/problems/1/hide", {"reason": "insult"}, status=403)
    meder.get("/problems/1/hide")
    meder.post("/problems/1/hide", {"reason": ""}, status=422)
    meder.follow(meder.post("/problems/1/hide", {"reason": "insult"}))
    drain(ministry.platform, ministry.clock.now)
    page = Client(ministry.platform).get(AFTER).text
    assert "You fools." not in page
    assert "Hidden by a moderator. It insults a person." in " ".join(page.split())
    assert "You fools." in aizada.get("/cabinet/notices").text


def test_another_agency_and_citizens_do_nothing_here(ministry: Ministry) -> None:
    aizada = ministry.client("Aizada")
    for path in (OUTCOME, WORK, f"{WORK}/1"):
        aizada.get(path, status=403)
        Client(ministry.platform).get(path, status=303)
    for path in ("submitted", "adopted", "rejected", "corrected", "final"):
        aizada.post(f"{OUTCOME}/{path}", fields(ministry), status=403)
    aizada.post(f"{WORK}/2", {"state": "in_progress", "seen": "planned"}, status=403)
    with ministry.platform.database.reading() as session:
        assert session.get_one(Commitment, 2).state == "planned"


def test_the_table_of_promises_runs_nothing_in_a_spreadsheet(ministry: Ministry) -> None:
    olga = ministry.client("Olga")
    step = {"state": "not_done", "note": "=HYPERLINK(1)", "seen": "planned"}
    olga.post(f"{WORK}/2", step)
    answer = Client(ministry.platform).get("/drafts/1/commitments.csv")
    assert "commitments-1.csv" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["state"] for row in rows] == ["done", "not_done", "planned"]
    assert rows[1]["note"] == "'=HYPERLINK(1)"
    assert rows[0]["evidence"].startswith("/drafts/1/comparison/1/2")
