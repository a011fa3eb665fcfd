"""The pages of moderation: reporting, hiding and restoring, the moderator's list, the log."""

from dataclasses import dataclass

import pytest

from consult.access import Role
from consult.comments.models import Comment
from consult.moderation.rules import REASONS
from consult.platform import Platform
from consult.templating import environment
from consult.worker import drain
from tests import factories
from tests.client import Client

WORDS = "You are all thieves."


@dataclass
class Site:
    """An installation with one comment, and a browser for each who looks at it."""

    platform: Platform
    comment_id: int
    draft_id: int
    browsers: dict[str, Client]

    def __getitem__(self, name: str) -> Client:
        return self.browsers[name]

    def url(self, act: str = "") -> str:
        return f"/comments/{self.comment_id}" + (f"/{act}" if act else "")

    def comment(self) -> Comment:
        with self.platform.database.reading() as session:
            return session.get_one(Comment, self.comment_id)

    def hide(self) -> str:
        posted = {"reason": "insult", "note": "of a whole ministry"}
        marat = self["Marat"]
        return str(marat.follow(marat.post(self.url("hide"), posted)).text)


@pytest.fixture
def site(platform: Platform) -> Site:
    with platform.database.writing() as session:
        agency = factories.make_agency(session)
        draft = factories.make_draft(session, agency)
        factories.open_consultation(session, draft)
        people = {
            "Aizada": factories.make_person(session),
            "Reader": factories.make_person(session, "Reader"),
            "Marat": factories.make_person(session, "Marat", role=Role.MODERATOR),
            "Insider": factories.make_person(
                session, "Insider", role=Role.MODERATOR, agency=agency
            ),
        }
        comment = factories.make_comment(session, draft, people["Aizada"], WORDS)
        browsers = {
            name: Client(platform, factories.sign_in_token(session, person))
            for name, person in people.items()
        }
    browsers[""] = Client(platform)
    drain(platform, platform.clock())
    return Site(platform, comment.id or 0, draft.id or 0, browsers)


def test_a_moderator_hides_words_and_the_gap_says_why(site: Site) -> None:
    form = site["Marat"].get(site.url("hide")).text
    assert WORDS in form
    assert all(f'value="{reason}"' in form for reason in REASONS)
    assert "The comment is hidden" in site.hide()
    for url in (site.url(), f"/drafts/{site.draft_id}/discussion"):
        page = site[""].get(url).text
        assert WORDS not in page
        assert "Hidden by a moderator." in page
    assert "It insults a person." in site[""].get(site.url()).text


def test_a_form_without_a_reason_comes_back_with_what_was_typed(site: Site) -> None:
    page = site["Marat"].post(site.url("hide"), {"note": "because"}, status=422).text
    assert "Please choose the reason." in page
    assert "because" in page
    assert site.comment().is_public


def test_every_act_stands_in_the_public_log(site: Site) -> None:
    assert "No comment was ever hidden here." in site[""].get("/moderation/log").text
    site.hide()
    marat = site["Marat"]
    assert WORDS in marat.get(site.url("restore")).text
    marat.post(site.url("restore"), {"reason": " "}, status=422)
    marat.follow(marat.post(site.url("restore"), {"reason": "It was a quotation."}))
    for url in ("/moderation/log", f"/moderation/log?comment={site.comment_id}"):
        log = site[""].get(url, budget=2).text
        assert "of a whole ministry" in log
        assert "It was a quotation." in log
        assert WORDS not in log
        assert "Marat" not in log
    assert WORDS in site[""].get(site.url()).text


def test_an_endless_number_in_the_address_is_no_page(site: Site) -> None:
    for name in ("before", "comment"):
        site[""].get(f"/moderation/log?{name}={'9' * 30}", status=404)


def test_the_author_is_told_why(site: Site) -> None:
    site.hide()
    drain(site.platform, site.platform.clock())
    cabinet = site["Aizada"].get("/cabinet/notices").text
    assert "was hidden" in cabinet
    assert "It insults a person." in cabinet


@pytest.mark.parametrize("act", ["hide", "restore", "keep"])
def test_only_a_moderator_of_no_party_may_decide(site: Site, act: str) -> None:
    site["Aizada"].get(site.url(act), status=403)
    site["Insider"].get(site.url(act), status=403)
    site["Insider"].post(site.url(act), {"reason": "insult"}, status=403)
    assert (
        site[""]
        .post(site.url(act), {"reason": "insult"})
        .headers["location"]
        .startswith("/sign-in")
    )
    assert site.comment().is_public


def test_a_reader_reports_a_comment_and_a_moderator_lets_it_stand(site: Site) -> None:
    reader, marat = site["Reader"], site["Marat"]
    assert WORDS in reader.get(site.url("report-it")).text
    reader.post(site.url("report-it"), {}, status=422)
    report = {"reason": "insult", "note": "It means my brother."}
    assert "a moderator will look" in reader.follow(reader.post(site.url("report-it"), report)).text
    assert "already" in reader.post(site.url("report-it"), report, status=422).text
    page = marat.get("/moderation?show=flagged", budget=4).text
    assert "It means my brother." in page
    assert "Reader" not in page  # nobody learns who reported
    marat.get(site.url("keep"))
    done = marat.follow(marat.post(site.url("keep"), {"reason": "Hard, but fair."})).text
    assert "No report waits for a decision." in done
    assert "Hard, but fair." in site[""].get("/moderation/log").text


def test_a_visitor_signs_in_before_reporting(site: Site) -> None:
    assert (
        site[""].get(site.url("report-it"), status=303).headers["location"].startswith("/sign-in")
    )


def test_a_moderator_sees_the_newest_comments_of_all_drafts(site: Site) -> None:
    marat = site["Marat"]
    assert WORDS in marat.get("/moderation", budget=4).text
    assert "No comment is hidden." in marat.get("/moderation?show=hidden").text
    site.hide()
    hidden = marat.get("/moderation?show=hidden").text
    assert WORDS in hidden
    assert "Show it again" in hidden
    insider = site["Insider"].get("/moderation").text
    assert "another moderator has to decide" in insider
    assert f'href="{site.url("hide")}"' not in insider
    site["Reader"].get("/moderation", status=403)


def test_every_reason_has_its_words(platform: Platform) -> None:
    env = environment("en", platform.pack.tz)
    table = env.get_template("components/reasons.html").module.REASONS  # type: ignore[attr-defined]
    assert tuple(table) == REASONS
