"""The pages of moderation: reporting, hiding and restoring, the moderator's list, the log."""

from dataclasses import dataclass

import pytest
from sqlmodel import select

from consult.access import Role
from consult.comments.models import Comment
from consult.moderation import routes
from consult.moderation.models import ModerationAct
from consult.moderation.rules import REASONS
from consult.platform import Platform
from consult.templating import environment
from consult.worker import drain
from drafts.models import Draft
from notifications.models import Message
from tests import factories
from tests.client import Client
from tests.conftest import START
from tests.mailed import mailed, told

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

    def overseer(self, name: str, *, of_the_ministry: bool = False) -> Client:
        """Somebody of the oversight body, who may be of the ministry criticised as well."""
        with self.platform.database.writing() as session:
            person = factories.make_person(session, name, role=Role.OVERSIGHT)
            if of_the_ministry:
                ministry = session.get_one(Draft, self.draft_id).agency_id
                factories.grant(session, person.id or 0, Role.OFFICER, ministry, START)
            return Client(self.platform, factories.sign_in_token(session, person))


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
        log = site[""].get(url, budget=4).text
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


@pytest.mark.parametrize("act", ["hold", "hide", "restore", "keep", "redact"])
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
    page = marat.get("/moderation?show=flagged", budget=5).text
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
    assert WORDS in marat.get("/moderation", budget=5).text
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


def test_a_held_comment_stands_on_its_list_with_how_long(site: Site) -> None:
    marat = site["Marat"]
    assert 'value="doubtful_author"' in marat.get(site.url("hold")).text
    marat.post(site.url("hold"), {}, status=422)
    done = marat.follow(marat.post(site.url("hold"), {"reason": "doubtful_author"})).text
    assert "for 0 hours" in done
    gap = site[""].get(site.url()).text
    assert "Held until a moderator has looked at it." in gap
    assert WORDS not in gap
    assert WORDS in site["Aizada"].get(site.url()).text  # their own, beside the way to appeal


def test_personal_data_is_removed_after_a_look_at_the_result(site: Site) -> None:
    marat = site["Marat"]
    assert WORDS in marat.get(site.url("redact")).text
    wrong = marat.post(site.url("redact"), {"words": "nobody"}, status=422).text
    assert "These words do not stand in the comment: nobody" in wrong
    look = marat.post(site.url("redact"), {"words": "all thieves"}, status=200).text
    assert 'You are <mark class="removed">[personal data removed]</mark>.' in look
    assert site.comment().body == WORDS
    marat.post(site.url("redact"), {"words": "all thieves", "do": "redact"})
    page = site[""].get(site.url()).text
    assert 'You are <mark class="removed">[personal data removed]</mark>.' in page
    assert "all thieves" not in page
    told = "before personal data was removed"  # what the fingerprint is of: the author alone has it
    assert told not in page
    assert told in site["Aizada"].get(site.url()).text


def test_an_author_appeals_and_the_oversight_body_decides(site: Site) -> None:
    overseer = site.overseer("Jyldyz")
    site.hide()
    aizada, form = site["Aizada"], site.url("appeal/1")
    assert form in aizada.get(site.url()).text
    assert "until" in aizada.get(form).text
    site["Reader"].get(form, status=403)
    aizada.post(form, {"reason": " "}, status=422)
    aizada.post(form, {"reason": "I name nobody."})
    assert "Appeal waits for a decision" in aizada.get(site.url()).text
    site["Marat"].get("/appeals", status=403)
    assert "/appeals/1" in overseer.get("/appeals", budget=6).text
    assert "I name nobody." in overseer.get("/appeals/1").text
    overseer.post("/appeals/1", {"decision": "overturned"}, status=422)
    overseer.post("/appeals/1", {"decision": "overturned", "reason": "It is criticism."})
    log = site[""].get("/moderation/log").text
    assert "Appeal granted" in log
    assert "It is criticism." in log
    assert "I name nobody." not in log
    shown = site[""].get(site.url()).text
    assert WORDS in shown
    path = shown.partition("What became of it")[2]  # said where the words are, not in the log alone
    assert path.index("Appeal granted") < path.index("In review")  # what is past before what comes
    assert "/appeals/1" in overseer.get("/appeals?show=decided").text


def test_the_log_is_narrowed_and_taken_away(site: Site) -> None:
    site.hide()
    visitor = site[""]
    assert "Nothing was found." in visitor.get("/moderation/log?draft=&act=keep").text
    assert "It insults a person." in visitor.get(f"/moderation/log?draft={site.draft_id}").text
    told = visitor.get("/moderation/log.json?act=hide").json()
    assert [(act["act"], act["reason"], act["stance"]) for act in told["acts"]] == [
        ("hide", "insult", "neutral")
    ]
    assert told["stances"]["neutral"] == {"hidden": 1, "comments": 1}
    table = visitor.get("/moderation/log.csv").text
    assert "insult,of a whole ministry,K-" in table
    assert WORDS not in table


def test_a_long_log_is_taken_away_file_by_file(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "EXPORT", 1)
    site.hide()
    site["Marat"].post(site.url("restore"), {"reason": "It was a quotation."})
    first = site[""].get("/moderation/log.json?act=").json()
    rest = site[""].get(first["next"]).json()
    assert [act["act"] for told in (first, rest) for act in told["acts"]] == ["restore", "hide"]
    assert (rest["next"], rest["stances"]) == (None, {})  # all comments are read for them, once
    table = site[""].get("/moderation/log.csv")
    assert "insult" not in table.text
    assert "insult" in site[""].get(table.links["next"]["url"]).text
    page = site[""].get("/moderation/log?before=2").text
    assert "It insults a person." in page
    assert "Is anything hidden for being negative?" not in page


def test_who_may_not_decide_about_an_appeal_does_not_read_the_words_removed(site: Site) -> None:
    marat, aizada = site["Marat"], site["Aizada"]
    marat.post(site.url("redact"), {"words": "thieves", "note": "", "do": "redact"})
    with site.platform.database.reading() as session:
        act_id = session.exec(select(ModerationAct.id)).one()
    aizada.post(site.url(f"appeal/{act_id}"), {"reason": "I name nobody."})
    assert "<q>thieves</q>" in site.overseer("Jyldyz").get("/appeals/1").text
    barred = site.overseer("Ainura", of_the_ministry=True).get("/appeals/1").text
    assert "I name nobody." in barred
    assert "thieves" not in barred


def test_withdrawn_words_are_not_read_on_the_form_that_removes_personal_data(site: Site) -> None:
    site["Aizada"].post(site.url("withdraw"), {})
    marat, form = site["Marat"], site.url("redact")
    for page in (marat.get(form), marat.post(form, {"words": "thieves"}, status=422)):
        assert "all thieves" not in page.text
        assert "Withdrawn by its author." in page.text


def test_signals_lead_to_the_comments(site: Site) -> None:
    page = site["Marat"].get("/moderation/signals", budget=12).text
    assert "A signal is not a proof" in page
    assert "/moderation?author=1" in page  # made on the day it wrote
    assert WORDS in site["Marat"].get("/moderation?author=1").text
    none = site["Marat"].get("/moderation?since=2030-01-01T00:00:00%2B00:00").text
    assert WORDS not in none
    site["Reader"].get("/moderation/signals", status=403)


def test_who_did_not_write_a_comment_says_so_without_signing_in(site: Site) -> None:
    with site.platform.database.reading() as session:
        (receipt,) = told(session, Message.kind == "receipt")
    (mail,) = mailed(site.platform, Message.key == receipt.key)
    link = receipt.values["disavow_path"]
    assert f"{site.platform.settings.base_url}{link}" in mail.text
    assert link in site["Aizada"].get("/cabinet/notices").text
    visitor = site[""]
    visitor.get(link[:-1], status=404)
    assert WORDS in visitor.get(link).text
    assert site.comment().is_public  # opening a page changes nothing
    done = visitor.post(link, {"note": "My account was used."}, status=200).text
    assert "not shown any more" in done
    gap = visitor.get(site.url()).text
    assert "Its stated author says that they did not write it." in gap
    assert WORDS not in gap
    assert "My account was used." in site["Marat"].get("/moderation/signals").text
