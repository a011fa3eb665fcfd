"""Following on the pages: buttons where one looks for them, links in mails, the inbox."""

import re

import pytest
from sqlmodel import select

from consult.access import Role
from consult.platform import Platform
from consult.worker import drain
from notifications.models import Notice, SavedSearch, Subscription
from notifications.searching import wished
from tests.beginnings import begin
from tests.client import Client
from tests.conftest import START, TestClock
from tests.factories import (
    make_agency,
    make_draft,
    make_person,
    open_consultation,
    sign_in_token,
)
from tests.mailed import mailed
from tests.planned import make_plan

ADDRESS = "reader@example.org"


@pytest.fixture
def aizada(platform: Platform) -> Client:
    """Aizada's browser, and a draft under discussion: /drafts/1 of the agency MOJ."""

    def make() -> str:
        with platform.database.writing() as session:
            token = sign_in_token(session, make_person(session))
            open_consultation(session, make_draft(session, make_agency(session)))
        drain(platform, START)
        return token

    return Client(platform, begin(platform, __name__, make))


def targets(platform: Platform) -> dict[str, str]:
    with platform.database.reading() as session:
        return {row.target: row.cadence for row in session.exec(select(Subscription)).all()}


def searches(platform: Platform) -> list[str]:
    with platform.database.reading() as session:
        return [row.asked for row in session.exec(select(SavedSearch)).all()]


def fields(page: str, action: str = "/follow") -> dict[str, str]:
    """The hidden fields of the first form that is posted there."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: value.replace("&#34;", '"').replace("&amp;", "&") for name, value in found}


@pytest.mark.parametrize(
    ("page", "target"),
    [
        ("/drafts/1", "draft:1"),
        ("/agencies/MOJ", "agency:1"),
        ("/drafts", "all"),
        ("/drafts?agency=MOJ", "agency:1"),
        ("/drafts?act_type=law&stage=open", "act_type:law"),
        ("/drafts?act_type=law&agency=MOJ", "search:1"),
        ("/search?q=libraries", "search:1"),
        ("/search?q=&lang=en", "search:1"),
        ("/plan", "plan"),
    ],
)
def test_there_is_a_button_where_one_looks_for_it(
    aizada: Client, platform: Platform, page: str, target: str
) -> None:
    asked = fields(aizada.get(page).text)
    assert aizada.post("/follow", asked).headers["location"] == page
    assert list(targets(platform)) == [target]
    again = aizada.get(page).text
    assert fields(again) == {}
    aizada.post("/unfollow", fields(again, "/unfollow"))
    assert not targets(platform)


@pytest.mark.parametrize("page", ["/drafts/1", "/agencies/MOJ", "/drafts", "/search?q=x", "/plan"])
def test_a_visitor_gives_an_address_instead(aizada: Client, platform: Platform, page: str) -> None:
    visitor = Client(platform)
    asked = fields(visitor.get(page).text, "/follow/mail")
    answer = visitor.post("/follow/mail", asked | {"email": ADDRESS})
    assert answer.headers["location"] == "/follow/sent"
    visitor.follow(answer)


def test_a_search_that_asks_for_nothing_known_offers_no_button(aizada: Client) -> None:
    for page in ("/drafts?topic=none", "/search?q=x&agency=NONE"):
        assert not fields(aizada.get(page).text)


def link(platform: Platform) -> str:
    """The path of the link in the newest mail."""
    text = mailed(platform)[-1].text
    (path,) = re.findall(r"(/follow(?:ing)?/\S+)", text)
    return str(path)


class TestWithoutAnAccount:
    def ask(self, platform: Platform, target: str = "draft:1") -> Client:
        visitor = Client(platform)
        visitor.post("/follow/mail", {"target": target, "email": ADDRESS})
        drain(platform, START)
        return visitor

    def test_the_link_only_shows_a_button_and_the_button_follows(
        self, aizada: Client, platform: Platform
    ) -> None:
        visitor = self.ask(platform)
        page = visitor.get(link(platform)).text
        assert "On village libraries" in page
        assert not targets(platform), "programs open links too"
        managing = visitor.follow(visitor.post(link(platform)))
        assert targets(platform) == {"draft:1": "at_once"}
        assert "On village libraries" in managing.text
        assert ADDRESS not in managing.text, "a mail may be passed on"

    def test_what_is_followed_is_changed_and_ended_by_the_managing_link(
        self, aizada: Client, platform: Platform
    ) -> None:
        visitor = self.ask(platform)
        path = visitor.post(link(platform)).headers["location"]
        visitor.post(f"{path}/cadence", {"target": "draft:1", "cadence": "weekly"})
        assert targets(platform) == {"draft:1": "weekly"}
        visitor.post(f"{path}/cadence", {"target": "draft:1", "cadence": "hourly"}, status=422)
        visitor.post(f"{path}/stop", {"target": "draft:1"})
        assert not targets(platform)
        assert "You follow nothing yet" in visitor.get(path).text
        visitor.post(f"{path}/stop-all")

    def test_a_search_is_kept_once_the_link_was_opened(
        self, aizada: Client, platform: Platform
    ) -> None:
        visitor = Client(platform)
        asked = fields(visitor.get("/search?q=Айыл+libraries").text, "/follow/mail")
        visitor.post("/follow/mail", asked | {"email": ADDRESS})
        drain(platform, START)
        assert searches(platform) == []
        path = link(platform)
        assert "«айыл libraries»" in visitor.get(path).text
        assert searches(platform) == []
        for _ in range(2):
            visitor.post(path)
        assert searches(platform) == ['{"q": "айыл libraries"}']
        assert list(targets(platform)) == ["search:1"]

    @pytest.mark.parametrize(
        "target", ["wished:", "wished:AAAA", "wished:W10", "wished:é", f"wished:{'W1tb' * 9999}"]
    )
    def test_a_made_up_search_cannot_be_asked_for(
        self, aizada: Client, platform: Platform, target: str
    ) -> None:
        visitor = Client(platform)
        visitor.post("/follow/mail", {"target": target, "email": ADDRESS}, status=404)
        aizada.post("/follow", {"target": wished('{"q": "land"}')}, status=404)

    def test_the_managing_link_can_be_asked_for(self, aizada: Client, platform: Platform) -> None:
        visitor = self.ask(platform)
        visitor.post(link(platform))
        visitor.get("/following")
        known = visitor.post("/following/link", {"email": ADDRESS})
        unknown = visitor.post("/following/link", {"email": "nobody@example.org"})
        assert known.headers["location"] == unknown.headers["location"] == "/follow/sent"
        drain(platform, START)
        assert "On village libraries" in visitor.get(link(platform)).text

    def test_who_has_an_account_is_led_to_it(self, aizada: Client, platform: Platform) -> None:
        aizada.post("/follow/mail", {"target": "draft:1", "email": "aizada@example.org"})
        drain(platform, START)
        managing = Client(platform).post(link(platform)).headers["location"]
        assert targets(platform) == {"draft:1": "at_once"}
        answer = Client(platform).get(managing, status=303)
        assert answer.headers["location"] == "/cabinet/following"
        Client(platform).post(f"{managing}/stop-all", status=404)
        assert targets(platform)

    def test_a_late_link_says_what_to_do(
        self, aizada: Client, platform: Platform, clock: TestClock
    ) -> None:
        visitor = self.ask(platform)
        path = link(platform)
        clock.forward(days=8)
        page = visitor.get(path).text
        assert "This link is too old" in page
        assert fields(page, "/follow/mail") == {"target": "draft:1"}
        visitor.post(path, status=404)
        assert not targets(platform)

    def test_a_forged_link_is_not_found(self, aizada: Client, platform: Platform) -> None:
        self.ask(platform)
        path = link(platform)
        for forged in (path[:-1] + "x", "/follow/x", "/following/1.x", "/following/guessed"):
            Client(platform).get(forged, status=404)
            Client(platform).post(forged, status=404 if "following" not in forged else 405)

    def test_a_mistyped_address_comes_back_with_what_was_asked(
        self, aizada: Client, platform: Platform
    ) -> None:
        asked = {"target": "search", "q": 'a "b"', "topic": "health", "email": "no address"}
        page = Client(platform).post("/follow/mail", asked, status=422).text
        assert fields(page, "/follow/mail") == {"target": "search", "q": 'a "b"', "topic": "health"}
        assert 'value="no address"' in page
        Client(platform).post("/follow/mail", {"email": ADDRESS}, status=422)
        Client(platform).post("/follow/mail", {"email": ADDRESS, "target": "x"}, status=404)


class TestCabinet:
    def test_each_thing_has_its_cadence(self, aizada: Client, platform: Platform) -> None:
        for target in ("draft:1", "all"):
            aizada.post("/follow", {"target": target})
        page = aizada.get("/cabinet/following").text
        assert "All drafts and the plan of law-making" in page
        aizada.post("/cabinet/following/cadence", {"target": "all", "cadence": "daily"})
        assert targets(platform) == {"draft:1": "at_once", "all": "daily"}
        aizada.post("/cabinet/following/cadence", {"target": "all", "cadence": "x"}, status=422)
        aizada.post("/cabinet/following/stop-all")
        assert not targets(platform)

    def test_mail_is_chosen_by_category_and_zone(self, aizada: Client) -> None:
        chosen = {"answers": "weekly", "discussions": "never", "plans": "daily"}
        aizada.follow(aizada.post("/cabinet/following/mail", chosen | {"zone": "Asia/Almaty"}))
        page = aizada.get("/cabinet/following").text
        assert '<option value="Asia/Almaty" selected>' in page
        assert page.count('<option value="weekly" selected>') == 1
        near, far = page.split("<optgroup")
        assert "Europe/Moscow" in near
        assert "America/Lima" in far
        assert 'href="/cabinet/webhooks"' in page
        assert "on 8 September 2026, the next weekly one on 14 September 2026" in page
        aizada.post("/cabinet/following/mail", {"answers": "x"}, status=422)
        aizada.post("/cabinet/following/mail", {"zone": "Mars/Base"}, status=422)


class TestInbox:
    @pytest.fixture
    def told(self, aizada: Client, platform: Platform) -> Client:
        """Aizada, who was told of two drafts."""
        aizada.post("/follow", {"target": "agency:1"})
        with platform.database.writing() as session:
            agency = make_agency(session, "MOH")
            aizada_id = 1
            session.add(
                Subscription(person_id=aizada_id, target=f"agency:{agency.id}", created_at=START)
            )
            for title in ("On wells", "On roads"):
                draft = make_draft(session, agency, title=title)
                open_consultation(session, draft)
        drain(platform, START)
        return aizada

    def unread(self, platform: Platform) -> list[int | None]:
        with platform.database.reading() as session:
            rows = session.exec(select(Notice).order_by(Notice.id))  # type: ignore[arg-type]
            return [notice.id for notice in rows if notice.read_at is None]

    def test_the_head_of_every_page_says_how_many_are_new(
        self, told: Client, platform: Platform
    ) -> None:
        assert len(self.unread(platform)) == 2
        for page in ("/drafts", "/cabinet", "/about"):
            head = told.get(page).text.partition("<main")[0]
            assert re.search(r"Notices: </span>2</span>", head), page
        assert "Notices:" not in Client(platform).get("/about").text.partition("<main")[0]
        told.post("/cabinet/notices/read")
        assert "Notices:" not in told.get("/about").text.partition("<main")[0]

    def test_counting_them_costs_no_query(self, told: Client) -> None:
        told.get("/about")
        assert len(told.statements) == 1

    def test_opening_one_reads_it_and_leads_on(self, told: Client, platform: Platform) -> None:
        first, second = self.unread(platform)
        answer = told.post(f"/cabinet/notices/{second}/open")
        assert answer.headers["location"] == "/drafts/3"
        assert self.unread(platform) == [first]
        told.post(f"/cabinet/notices/{second}/open")
        told.post(f"/cabinet/notices/{first}/read", {"next": "/cabinet/notices?new=1"})
        assert self.unread(platform) == []

    def test_what_is_new_can_be_seen_alone(self, told: Client, platform: Platform) -> None:
        _, second = self.unread(platform)
        told.post(f"/cabinet/notices/{second}/read", {"next": "https://evil.example"})
        new, everything = (told.get(f"/cabinet/notices{q}").text for q in ("?new=1", ""))
        assert ("On wells" in new, "On roads" in new) == (True, False)
        assert "On wells" in everything
        assert "On roads" in everything
        told.post("/cabinet/notices/read")
        assert "Nothing new" in told.get("/cabinet/notices?new=1").text

    def test_nobody_opens_the_notice_of_another(self, told: Client, platform: Platform) -> None:
        first, _ = self.unread(platform)
        with platform.database.writing() as session:
            token = sign_in_token(session, make_person(session, "Bolot", role=Role.MODERATOR))
        for verb in ("open", "read"):
            Client(platform, token).post(f"/cabinet/notices/{first}/{verb}", status=404)
            told.post(f"/cabinet/notices/999/{verb}", status=404)
        assert len(self.unread(platform)) == 2


def test_an_item_of_the_plan_is_followed_by_mail_too(platform: Platform, clock: TestClock) -> None:
    plan = make_plan(platform, clock)
    item = plan.add()
    visitor = Client(platform)
    asked = fields(visitor.get(f"/plan/{item}").text, "/follow/mail")
    assert asked["target"] == f"plan:{item}"
    visitor.post("/follow/mail", asked | {"email": ADDRESS})
