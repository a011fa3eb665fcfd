"""The demonstration: it loads on any day, shows every stage, and no page of it is broken."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from consult.access import GRANTED
from consult.accounts.models import Person
from consult.accounts.queries import person_by_password
from consult.app import build_platform
from consult.checks import findings
from consult.config import Settings
from consult.consultations.actions import earliest_close
from consult.consultations.rules import last_minute
from consult.demo.load import load_demo, sign_ins
from consult.demo.scenario import Scenario, load_scenario
from consult.demo.stage import PASSWORD, Stage
from consult.errors import Conflict
from consult.law.queries import Law
from consult.obligations.models import Obligation
from consult.platform import Platform
from consult.record.verifying import verify
from drafts.models import Draft
from drafts.queries import latest_version, load_tree
from notifications.models import Mail, Message
from tests.cast import unchanged
from tests.client import Client
from tests.conftest import START, TestClock
from tests.factories import make_agency, sign_in_token

SKIPPED = "/static/"
LINK = re.compile(r'href="(/[^"#]*)')


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Platform]:
    """The demonstration, loaded once for all these tests."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copyfile(sqlite_template, folder / "kenesh.db")
    settings = Settings(data_dir=folder, embedded_worker=False, default_lang="en")
    platform = build_platform(settings, TestClock())
    load_demo(platform)
    yield platform
    platform.database.engine.dispose()


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario()


def test_its_public_record_holds_and_misses_nothing(demo: Platform) -> None:
    with demo.database.steady() as session:
        found = verify(session, {})
    assert found.rows > 200
    assert found.waiting == 0


def test_every_draft_has_come_to_its_stage(demo: Platform, scenario: Scenario) -> None:
    with demo.database.reading() as session:
        found = sorted(draft.stage for draft in session.exec(select(Draft)).all())
    of_systems = ["draft"]  # voices/exchange registers one
    told = sorted([*(draft.stage for draft in scenario.draft), *of_systems])
    assert found == told
    assert {"draft", "scheduled", "open", "answering", "reported"} <= set(found)


def test_there_is_something_to_read_in_every_language_and_of_many_kinds(
    demo: Platform, scenario: Scenario
) -> None:
    assert {lang for draft in scenario.draft for lang in draft.langs} == {"ky", "ru", "kk", "en"}
    assert len({draft.act_type for draft in scenario.draft}) >= 5
    assert sum(len(draft.langs) > 1 for draft in scenario.draft) >= 2
    with demo.database.reading() as session:
        sizes = []
        for draft in session.exec(select(Draft)).all():
            version = latest_version(session, draft.id or 0)
            assert version
            sizes.append(len(list(load_tree(session, version.id or 0, version.langs[0]).walk())))
    assert len(sizes) >= 6
    assert min(sizes) < 40
    assert max(sizes) >= 100


def test_duties_and_notices_have_followed(demo: Platform) -> None:
    with demo.database.reading() as session:
        states = Counter(duty.state for duty in session.exec(select(Obligation)).all())
        kinds = {message.kind for message in session.exec(select(Message)).all()}
        waiting = [
            mail
            for mail in session.exec(select(Mail)).all()
            if not (mail.sent_at or mail.skipped_at)
        ]
    assert states["running"] > 0
    assert states["fulfilled"] > 0
    assert {"answered", "receipt"} <= kinds
    assert waiting == []


def test_nothing_is_left_undone(demo: Platform) -> None:
    assert [finding.text for finding in findings(demo) if finding.serious] == []


def test_loading_again_changes_nothing(demo: Platform) -> None:
    with unchanged(demo):
        load_demo(demo)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_holds_something_else_is_left_alone(platform: Platform) -> None:
    with platform.database.writing() as session:
        make_agency(session)
    with unchanged(platform), pytest.raises(Conflict, match="empty database"):
        load_demo(platform)


def test_the_printed_people_can_sign_in_with_the_printed_password(demo: Platform) -> None:
    printed = sign_ins()
    assert PASSWORD in printed
    emails = re.findall(r"\S+@\S+", printed)
    with demo.database.reading() as session:
        known = set(session.exec(select(Person.email)).all())
        assert set(emails) <= known
        assert person_by_password(session, email=emails[0], password=PASSWORD)
    for role in ("officer", "approver", "moderator", "parliamentarian", "oversight", "citizen"):
        assert role in printed


def test_its_terms_are_lawful_on_whatever_day_it_is_loaded(
    demo: Platform, scenario: Scenario
) -> None:
    law = Law(demo.pack, demo.pack.calendar())
    for day in range(366):
        stage = Stage(demo, START + timedelta(days=day))
        for draft in scenario.draft:
            told = draft.consultation
            if told and not told.exception:
                opens_at, closes_at = stage.term(draft, told, law)
                minimum = earliest_close(law, draft, opens_at)
                assert closes_at >= last_minute(minimum)
                if told.closes_day < 0:  # what is over was over when the story says
                    assert closes_at == stage.evening(told.closes_day), (day, draft.slug)


def kind_of(url: str) -> str:
    """What pages are alike: the same but for numbers, provisions and chosen values."""
    path, _, query = url.partition("?")
    keys = ",".join(sorted(re.findall(r"(\w+)=[^&]", query)))
    path = re.sub(r"/provisions/[^/]+", "/provisions/W", path)
    return re.sub(r"\d+", "N", path) + "?" + keys


def crawl(client: Client, start: str, seen: Counter[str], per_kind: int = 1) -> None:
    """Look at so many of every kind of page one can come to by links; `seen` counts the kinds."""
    waiting = [start]
    known: set[str] = set()
    while waiting:
        url = waiting.pop()
        if url in known or (seen[kind_of(url)] >= per_kind and url != start):
            continue
        known.add(url)
        seen[kind_of(url)] += 1
        answer = client.http.get(url)
        target = answer.headers.get("location", "")
        if answer.status_code in (302, 303) and "/sign-in" not in target:
            waiting.append(target)  # an address that leads to the permanent one
            continue
        assert answer.status_code == 200 or "/sign-in" in target, f"{url}: {answer.status_code}"
        kind = answer.headers.get("content-type", "")
        taken_away = "content-disposition" in answer.headers  # a page to mail has its own styles
        if kind.startswith("text/html") and not taken_away:
            client._check(url, answer, fragment=False)
            links = [link.replace("&amp;", "&") for link in LINK.findall(answer.text)]
            waiting += [link for link in links if not link.startswith(SKIPPED)]


def browser_of(demo: Platform, who: str) -> Client:
    """Of the first of the printed people with this role."""
    line = next(line for line in sign_ins().splitlines() if re.search(rf"\s{who}\b", line))
    with demo.database.writing() as session:
        person = session.exec(select(Person).where(Person.email == line.split()[0])).one()
        return Client(demo, sign_in_token(session, person))


def test_no_link_a_visitor_finds_leads_nowhere(demo: Platform) -> None:
    seen: Counter[str] = Counter()
    crawl(Client(demo), "/", seen, per_kind=2)
    assert len(seen) > 30


def test_no_link_a_citizen_finds_leads_nowhere(demo: Platform) -> None:
    seen: Counter[str] = Counter()
    crawl(browser_of(demo, "citizen"), "/", seen, per_kind=2)
    assert {"/cabinet?", "/comments/N?", "/cabinet/notices?"} <= set(seen)


def test_no_link_those_who_work_here_find_leads_nowhere(demo: Platform) -> None:
    seen: Counter[str] = Counter()
    for role in GRANTED:
        crawl(browser_of(demo, role.value), "/desk", seen)
    assert {"/desk/import?", "/moderation?", "/admin?"} <= set(seen)
    assert len(seen) > 50
