"""The officer's path in the browser, from a file to the published report."""

from datetime import timedelta

from consult.access import Role
from consult.platform import Platform
from consult.worker import drain
from tests.client import Client
from tests.conftest import TestClock
from tests.factories import make_agency, make_comment, make_person, sign_in_token
from sqlmodel import select
from drafts.models import Draft
from consult.comments.models import Comment

LAW = """ЗАКОН
О сельских библиотеках

Статья 1. Предмет
1. Настоящий Закон регулирует работу сельских библиотек.
2. Библиотека открыта пять дней в неделю.

Статья 2. Деньги
1. Библиотека содержится за счёт местного бюджета.
"""


def test_the_whole_path_of_an_officer(platform: Platform, clock: TestClock) -> None:
    with platform.database.writing() as session:
        agency = make_agency(session)
        citizen = make_person(session)
        officer = sign_in_token(session, make_person(session, "Olga", role=Role.OFFICER, agency=agency))
        approver = sign_in_token(session, make_person(session, "Nurlan", role=Role.APPROVER, agency=agency))
    olga, nurlan, anybody = Client(platform, officer), Client(platform, approver), Client(platform)

    # A text is read, looked at and taken over.
    olga.get("/desk")
    olga.get("/desk/import")
    read = olga.post(
        "/desk/import",
        {"lang": "ru", "act_type": "law", "topic": "culture"},
        files={"file": ("law.txt", LAW.encode(), "text/plain")},
    )
    preview = olga.follow(read)
    assert "2 articles" in preview.text
    assert "Every letter of the file" in preview.text
    taken = olga.post(read.headers["location"], {"title": "О сельских библиотеках"})
    at_desk = olga.follow(taken)
    assert "Set the dates of the discussion." in at_desk.text
    draft = taken.headers["location"]
    public = draft.removeprefix("/desk")
    anybody.get(public, status=404)

    # The dates are set; the discussion opens and closes by itself.
    olga.get(f"{draft}/schedule")
    refused = olga.post(
        f"{draft}/schedule",
        {"opens_at": "2026-09-08T09:00", "closes_at": "2026-09-20T00:00"},
        status=422,
    )
    assert "№ 241" in refused.text
    olga.post(
        f"{draft}/schedule", {"opens_at": "2026-09-08T09:00", "closes_at": "2026-10-09T00:00"}
    )
    drain(platform, clock.forward(days=1, minutes=1))
    anybody.get(public)
    with platform.database.writing() as session:
        row = session.exec(select(Draft)).one()
        said = {"lang": "ru", "now": clock.now}
        first = make_comment(session, row, citizen, "Нужно семь дней в неделю", wid="art_1__para_2", **said)
        second = make_comment(session, row, citizen, "Семь дней в неделю, а не пять", wid="art_1__para_2", kind="wording", proposed="Библиотека открыта семь дней в неделю.", **said)
        third = make_comment(session, row, citizen, "А кто платит?", kind="question", **said)
        ids = [c.id for c in (first, second, third)]
    drain(platform, clock.forward(days=40))
    drain(platform, clock.now)

    # Comments are grouped and answered, one after another.
    assert "3 comments wait for an answer." in olga.get("/desk").text
    work = "/desk/consultations/1"
    olga.get(work)
    olga.post(f"{work}/groups", {"comments[]": []}, status=422)
    grouped = olga.post(f"{work}/groups", {"comments[]": ids[:2], "title": "Семь дней"})
    olga.follow(grouped)
    answer = {"outcome": "accepted", "lang": "ru", "changed_wid": "art_1__para_2", "reason": "", "seen": ""}
    onward = olga.post(grouped.headers["location"], answer)
    page = olga.follow(onward)
    assert "А кто платит?" in page.text
    olga.post(onward.headers["location"], answer | {"outcome": "answered", "changed_wid": ""}, status=422)
    done = olga.post(onward.headers["location"], answer | {"outcome": "answered", "changed_wid": "", "reason": "Местный бюджет."})
    assert done.headers["location"] == work
    olga.follow(done)
    olga.get(f"{work}/comments/{ids[0]}")

    # Another person approves.
    olga.post(f"{work}/approvals", {"answers[]": ["1:x"]}, status=403)
    waiting = nurlan.get(f"{work}/approvals").text
    marks = [part.split('"')[0] for part in waiting.split('name="answers[]" value="')[1:]]
    assert len(marks) == 2
    nurlan.post(f"{work}/approvals/return", {"answers[]": marks[:1]}, status=422)
    nurlan.post(f"{work}/approvals", {"answers[]": marks})
    nurlan.follow(nurlan.post(f"{work}/approvals", {"answers[]": marks}, status=422) and None or _Redirect(f"{work}/approvals"))

    # A new version, then everything is published at once.
    again = olga.post(
        "/desk/import?draft=1",
        {"lang": "ru"},
        files={"file": ("law.txt", LAW.replace("пять", "семь").encode(), "text/plain")},
    )
    olga.follow(olga.post(again.headers["location"], {"title": "О сельских библиотеках", "note": "По замечаниям"}))
    assert "Version 2" in olga.get(f"{work}/report").text
    published = olga.post(f"{work}/report")
    report = anybody.follow(published)
    assert "Семь дней в неделю, а не пять" in report.text
    drain(platform, clock.now)
    assert anybody.get(f"{published.headers['location']}.json").json()["comments"] == 3
    assert "Местный бюджет." in anybody.get(f"{published.headers['location']}.csv").text


class _Redirect:
    def __init__(self, url: str) -> None:
        self.headers = {"location": url}
