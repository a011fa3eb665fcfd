"""Pages of the law an installation holds: the calendar, the rules, and their confirming."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from consult.access import Role
from consult.law.actions import confirm_rule
from consult.law.models import CalendarAct, RuleConfirmation
from consult.law.reading import read_bytes
from consult.law.rules import fingerprint
from consult.obligations.models import Obligation
from consult.platform import Platform
from consult.procedure.packs import load_pack
from tests import factories
from tests.client import Client
from tests.conftest import START, TestClock
from tests.decrees import MOVED, SATURDAY, enter, final, take_back, works
from tests.duties import make_case

LINES = "date,kind,name\n2026-09-12,working,moved\n2026-09-14,day_off,\n2026-09-19,holiday,\n"
DECREE = "Decree 1 of 1 September 2026"


@pytest.fixture
def admin(platform: Platform) -> Client:
    with platform.database.writing() as session:
        person = factories.make_person(session, "Admin", role=Role.ADMINISTRATOR)
        return Client(platform, factories.sign_in_token(session, person))


def acts(platform: Platform) -> list[CalendarAct]:
    with platform.database.reading() as session:
        return list(session.exec(select(CalendarAct)).all())


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def looked_at(admin: Client, text: str = LINES) -> dict[str, str]:
    """What the page that shows days sends on, when they are entered as they are."""
    page = admin.post("/admin/calendar/days", {"text": text, "document": DECREE}, status=200).text
    area = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert area
    return {"text": area[1], "document": DECREE, "seen": hidden(page, "seen"), "filename": ""}


@pytest.mark.parametrize("page", ["/admin/calendar", "/admin/calendar?year=2027", "/admin/rules"])
def test_only_an_administrator_comes_in(platform: Platform, admin: Client, page: str) -> None:
    with platform.database.writing() as session:
        ministry = factories.make_agency(session)
        person = factories.make_person(session, "Olga", role=Role.OFFICER, agency=ministry)
        officer = Client(platform, factories.sign_in_token(session, person))
    admin.get(page, budget=5)
    officer.get(page, status=403)
    for url in ("days", "enter", "confirm", "1/revoke"):
        officer.post(f"/admin/calendar/{url}", {}, status=403)
    for url in ("confirm", "withdraw"):
        officer.post(f"/admin/rules/{platform.pack.rule[0].code}/{url}", {}, status=403)


# The calendar for everybody


def test_everybody_reads_a_year_with_what_was_decreed_and_on_what(platform: Platform) -> None:
    with platform.database.writing() as session:
        enter(session, *MOVED, document=DECREE)
    visitor = Client(platform)
    assert visitor.get("/calendar", status=303).headers["location"] == "/calendar/2026"
    page = visitor.get("/calendar/2026", budget=6).text
    for words in ("Independence Day", DECREE, "Preliminary", "working days in the year", "moved"):
        assert words in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    with platform.database.writing() as session:
        final(session, 2026)
    assert "Preliminary" not in visitor.get("/calendar/2026").text
    assert "Preliminary" in visitor.get("/calendar/2027").text


def test_a_year_speaks_the_language_of_its_reader(platform: Platform) -> None:
    visitor = Client(platform)
    for lang, words in (("ru", "День независимости"), ("en", "Independence Day")):
        visitor.http.cookies.set("lang", lang)
        assert words in visitor.get("/calendar/2026").text


@pytest.mark.parametrize("year", ["1999", "2101", "0", "-1", "99999", "abc", "2026.txt"])
def test_a_year_no_calendar_reaches_is_not_there(platform: Platform, year: str) -> None:
    for address in (f"/calendar/{year}", f"/calendar/{year}.ics", f"/calendar/{year}.csv"):
        Client(platform).get(address, status=404)


@pytest.mark.parametrize("year", ["2000", "2100"])
def test_the_first_and_the_last_year_are_there(platform: Platform, year: str) -> None:
    Client(platform).get(f"/calendar/{year}")


@pytest.mark.parametrize("ending", ["ics", "csv"])
def test_the_file_of_a_year_taken_in_elsewhere_makes_the_same_year(
    platform: Platform, ending: str
) -> None:
    with platform.database.writing() as session:
        act = enter(session, *MOVED, document=DECREE)
    visitor = Client(platform)
    first = visitor.get(f"/calendar/2026.{ending}")
    assert f'filename="calendar-2026.{ending}"' in first.headers["content-disposition"]
    days = read_bytes(first.content).days
    assert {day.on for day in days} >= {day.on for day in MOVED}
    every = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    with platform.database.writing() as session:
        before = [works(session, on) for on in every]
        take_back(session, act)
        assert [works(session, on) for on in every] != before
        enter(session, *days, document="As given by the other site")
        after = [works(session, on) for on in every]
    assert after == before
    assert read_bytes(visitor.get(f"/calendar/2026.{ending}").content).days == days


def test_a_subscribed_calendar_stays_the_same_until_it_is_changed(platform: Platform) -> None:
    visitor = Client(platform)
    first = visitor.get("/calendar/2026.ics").text
    assert visitor.get("/calendar/2026.ics").text == first
    assert "UID:2026-08-31-kg@127.0.0.1" in first


# Entering days


def test_days_are_shown_before_they_are_entered(platform: Platform, admin: Client) -> None:
    page = admin.post("/admin/calendar/days", {"text": LINES, "document": DECREE}, status=200).text
    assert acts(platform) == []
    assert "2 days are counted otherwise" in page  # a feast on a Saturday changes nothing
    assert "Weekly day off." in page
    done = admin.post("/admin/calendar/enter", looked_at(admin))
    assert "The days are entered." in admin.follow(done).text
    (act,) = acts(platform)
    assert act.document == DECREE
    with platform.database.reading() as session:
        assert works(session, SATURDAY)
    again = admin.post("/admin/calendar/enter", looked_at(admin), status=422).text
    assert "entered on this document already" in again
    assert "2026-09-12,working,moved" in again


def test_days_that_were_edited_after_they_were_shown_are_shown_again(
    platform: Platform, admin: Client
) -> None:
    sent = looked_at(admin)
    sent["text"] += "2026-09-26,working,\n"
    page = admin.post("/admin/calendar/enter", sent, status=200).text
    assert "The lines were changed" in page
    assert acts(platform) == []
    admin.post("/admin/calendar/enter", sent | {"seen": hidden(page, "seen")})
    assert len(acts(platform)) == 1


@pytest.mark.parametrize("kind", ["csv", "ics"])
def test_a_file_is_read_and_its_name_is_kept(platform: Platform, admin: Client, kind: str) -> None:
    content = (
        LINES.encode("utf-8-sig")
        if kind == "csv"
        else b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260914\r\nSUMMARY:Feast\r\n"
        b"END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    files = {"file": (f"days.{kind}", content)}
    page = admin.post("/admin/calendar/days", {"document": DECREE}, status=200, files=files).text
    assert hidden(page, "filename") == f"days.{kind}"
    assert "2026-09-14" in page


def test_one_day_is_entered_by_hand(admin: Client) -> None:
    day = {"on": "2026-09-14", "kind": "holiday", "name": 'A "feast", moved', "document": DECREE}
    page = admin.post("/admin/calendar/days", day, status=200).text
    assert "1 day is counted otherwise" in page
    assert "A &#34;feast&#34;, moved" in page


def test_wrong_lines_are_told_and_come_back_to_be_corrected(
    platform: Platform, admin: Client
) -> None:
    wrong = "date,kind\n2026-09-12,circus\n31.02.2026,holiday\n"
    page = admin.post("/admin/calendar/days", {"text": wrong, "document": DECREE}, status=422).text
    assert "Line 2: “circus” is no kind of day" in page
    assert "Line 3: “31.02.2026” is no date" in page
    assert "2026-09-12,circus" in page
    assert DECREE in page
    files = {"file": ("days.csv", wrong.encode())}
    page = admin.post("/admin/calendar/days", {"document": DECREE}, status=422, files=files).text
    assert "2026-09-12,circus" in page  # of a file too: it can be corrected on the spot
    many = "date,kind\n" + "x,y\n" * 30
    assert "And 10 more." in admin.post("/admin/calendar/days", {"text": many}, status=422).text
    assert acts(platform) == []


@pytest.mark.parametrize(
    ("typed", "files"),
    [
        ({}, {}),
        ({"text": LINES}, {"file": ("days.csv", LINES.encode())}),
        ({"text": LINES, "on": "2026-09-12"}, {}),
        ({}, {"file": ("days.csv", b"\x89PNG\x00\x01" * 50)}),
        ({}, {"file": ("days.csv", b"x" * 600_000)}),
        ({}, {"file": ("days.ics", b"BEGIN:VCALENDAR\r\n" * 9000)}),
        ({"file": "no file"}, {}),
    ],
)
def test_what_is_not_one_readable_list_is_refused(
    platform: Platform, admin: Client, typed: dict[str, str], files: dict[str, Any]
) -> None:
    page = admin.post(
        "/admin/calendar/days", {"document": DECREE, **typed}, status=422, files=files
    ).text
    assert "There is a problem" in page
    assert DECREE in page
    assert acts(platform) == []


def test_without_a_document_nothing_is_entered(platform: Platform, admin: Client) -> None:
    sent = looked_at(admin) | {"document": " "}
    page = admin.post("/admin/calendar/enter", sent, status=422).text
    assert "Please fill this in." in page
    assert "2026-09-12,working,moved" in page
    assert acts(platform) == []


def test_it_is_told_how_many_running_terms_lie_over_the_days(
    platform: Platform, clock: TestClock
) -> None:
    case = make_case(platform, clock)
    case.close()
    with platform.database.reading() as session:
        duties = session.exec(select(Obligation)).all()
    running = [duty for duty in duties if duty.state == "running" and duty.due_at]
    last = max(duty.due_at for duty in running if duty.due_at)
    with platform.database.writing() as session:
        person = factories.make_person(session, "Admin", role=Role.ADMINISTRATOR)
        admin = Client(platform, factories.sign_in_token(session, person, clock.now))
    tomorrow = clock.now.astimezone(platform.pack.tz).date() + timedelta(days=1)
    expected = sum(duty.due_at > clock.now + timedelta(days=1) for duty in running if duty.due_at)
    for on, count in ((tomorrow, expected), (last.date() + timedelta(days=400), 0)):
        with platform.database.reading() as session:
            kind = "day_off" if works(session, on) else "working"
        page = admin.post(
            "/admin/calendar/days", {"on": on.isoformat(), "kind": kind}, status=200
        ).text
        told = f"The terms of {count} running duties may move." if count else "No running duty"
        assert told in page


# Years and acts


def test_a_year_is_confirmed_on_a_document_and_an_act_is_revoked_with_a_reason(
    platform: Platform, admin: Client
) -> None:
    page = admin.post("/admin/calendar/confirm", {"year": "2027"}, status=422).text
    assert "Confirm the year" in page
    answer = admin.post("/admin/calendar/confirm", {"year": "2027", "document": DECREE})
    page = admin.follow(answer, budget=8).text
    assert "The year 2027 is confirmed" in page
    assert 'action="/admin/calendar/confirm"' not in page
    admin.post("/admin/calendar/confirm", {"year": "2027", "document": "x"}, status=422)
    page = admin.post("/admin/calendar/1/revoke?year=2027", {"reason": ""}, status=422).text
    assert "Please fill this in." in page
    page = admin.follow(admin.post("/admin/calendar/1/revoke?year=2027", {"reason": "A slip"})).text
    assert "A slip" in page
    assert "Revoked" in page
    assert "Admin" in page  # who did it
    assert "A slip" in Client(platform).get("/calendar/2027").text
    admin.post("/admin/calendar/1/revoke", {"reason": "again"}, status=422)
    admin.post("/admin/calendar/99/revoke", {"reason": "x"}, status=404)
    admin.post("/admin/calendar/confirm", {"year": "1999", "document": "x"}, status=422)


# Rules


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("code", ["kg", "kz", "uk", "eu"])
def test_every_rule_of_every_pack_can_be_read(platform: Platform, code: str) -> None:
    pack = load_pack(code)
    page = Client(replace(platform, pack=pack)).get("/rules", budget=3).text
    read = [*pack.rule, *pack.level]  # how many must support a proposal is read as a rule is
    assert all(f"<code>{one.code}</code>" in page for one in read)
    assert page.count("Not confirmed") == len(read)


def test_a_rule_is_confirmed_and_the_confirmation_withdrawn(
    platform: Platform, admin: Client
) -> None:
    rule = platform.pack.rule[0]
    url, seen = f"/admin/rules/{rule.code}", {"seen": fingerprint(rule)}
    page = admin.post(f"{url}/confirm", seen, status=422).text
    assert "Please fill this in." in page
    assert (
        "Law 5, art. 9"
        in admin.post(
            f"{url}/confirm", {"seen": "old", "document": "Law 5, art. 9"}, status=422
        ).text
    )
    done = admin.post(f"{url}/confirm", seen | {"document": "Law 5, art. 9"})
    page = admin.follow(done, budget=8).text
    assert "Law 5, art. 9" in page
    assert page.count("Not confirmed") == len(platform.pack.rule) - 1
    public = Client(platform).get("/rules").text
    assert "Law 5, art. 9" in public
    assert "Admin" not in public.partition("<main")[2]
    assert f"{len(platform.pack.rule) - 1} rules of law are not" in admin.get("/admin").text
    with platform.database.reading() as session:
        number = str(session.exec(select(RuleConfirmation.id)).one())
    admin.post(f"{url}/withdraw", {"confirmation": number}, status=422)
    admin.post(f"{url}/withdraw", {"confirmation": "99", "reason": "x"}, status=404)
    done = admin.post(f"{url}/withdraw", {"confirmation": number, "reason": "Read wrongly"})
    assert "Read wrongly" in admin.follow(done).text
    assert "Read wrongly" in Client(platform).get("/rules").text
    admin.post("/admin/rules/no-such/confirm", {"seen": "", "document": "x"}, status=404)


def test_a_rule_that_changed_after_it_was_confirmed_says_so(platform: Platform) -> None:
    rule = platform.pack.rule[0]
    with platform.database.writing() as session:
        person = factories.make_person(session, "Admin", role=Role.ADMINISTRATOR)
        confirm_rule(
            session,
            actor=factories.actor_of(session, person),
            rule=rule,
            seen=fingerprint(rule),
            document="Law 5",
            now=START,
        )
    longer = rule.model_copy(update={"amount": rule.amount + 1})
    pack = platform.pack.model_copy(update={"rule": (longer, *platform.pack.rule[1:])})
    page = Client(replace(platform, pack=pack)).get("/rules").text
    assert "This rule has changed since it was confirmed." in page
    assert page.count("Not confirmed") == len(pack.rule) + len(pack.level)
    assert "changed since" not in Client(platform).get("/rules").text


def test_running_duties_counted_by_an_earlier_version_are_told(
    platform: Platform, clock: TestClock
) -> None:
    case = make_case(platform, clock)
    case.close()
    rule = platform.pack.rules[case.duty("report").rule_code]
    longer = rule.model_copy(update={"amount": rule.amount + 1})
    rules = tuple(longer if one.code == rule.code else one for one in platform.pack.rule)
    pack = platform.pack.model_copy(update={"rule": rules})
    with platform.database.writing() as session:
        person = factories.make_person(session, "Admin", role=Role.ADMINISTRATOR)
        token = factories.sign_in_token(session, person, clock.now)
    told = "1 running duty is counted by an earlier version of this rule."
    assert told in Client(replace(platform, pack=pack), token).get("/admin/rules").text
    assert told not in Client(platform, token).get("/admin/rules").text


def test_the_pages_of_a_draft_say_whether_their_rule_is_confirmed(platform: Platform) -> None:
    with platform.database.writing() as session:
        draft = factories.open_draft(session)
        person = factories.make_person(session, "Admin", role=Role.ADMINISTRATOR)
        admin = factories.actor_of(session, person)
    visitor, words = Client(platform), "not yet confirmed by the operator"
    assert words in visitor.get(f"/drafts/{draft.id}/term").text
    with platform.database.writing() as session:
        for rule in platform.pack.rule:
            confirm_rule(
                session, actor=admin, rule=rule, seen=fingerprint(rule), document="x", now=START
            )
    assert words not in visitor.get(f"/drafts/{draft.id}/term").text
