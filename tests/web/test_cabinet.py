"""The cabinet: my comments and what became of them, my notices, what I follow."""

import pytest
from sqlmodel import col, select

from consult.access import Role
from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.platform import Platform
from consult.votes.actions import vote_on_text
from consult.worker import drain
from drafts.models import Draft, DraftVersion, Provision
from notifications.links import sign
from notifications.models import Mail, Subscription
from tests.beginnings import begin
from tests.client import Client
from tests.conftest import START
from tests.factories import (
    actor_of,
    add_version,
    answer_comment,
    close_consultation,
    make_agency,
    make_comment,
    make_draft,
    make_person,
    open_consultation,
    release_report,
    sign_in_token,
)
from tests.mailed import mailed

ONE_CLICK = {"List-Unsubscribe": "One-Click"}  # what a mail program posts (RFC 8058)


@pytest.fixture
def aizada(platform: Platform) -> Client:
    """Aizada's browser, and a draft under discussion: /drafts/1."""

    def make() -> str:
        with platform.database.writing() as session:
            token = sign_in_token(session, make_person(session, region="Naryn"))
            open_consultation(session, make_draft(session, make_agency(session)))
        drain(platform, START)
        return token

    return Client(platform, begin(platform, __name__, make))


def comment(platform: Platform, *bodies: str) -> None:
    """Aizada comments on the word "library" of article 1."""
    with platform.database.writing() as session:
        draft = session.exec(select(Draft)).one()
        person = session.exec(select(Person)).one()
        for body in bodies:
            make_comment(session, draft, person, body, wid="art_1", quote="library")
    drain(platform, START)


def answer_everything(platform: Platform) -> None:
    """The discussion ends, article 1 is changed, every comment is answered, the report is out."""
    with platform.database.writing() as session:
        consultation = session.exec(select(Consultation)).one()
        draft = close_consultation(session, consultation)
        officer = make_person(session, "Olga", role=Role.OFFICER)
        approver = make_person(session, "Bakyt", role=Role.APPROVER)
        add_version(session, draft, ("Two libraries stand in every village.",))
        for said in session.exec(select(Comment).order_by(col(Comment.id))).all():
            answer_comment(session, said, officer, approver, changed_wid="art_1")
        release_report(session, consultation, officer)
    drain(platform, START)


def test_a_visitor_is_asked_to_sign_in(platform: Platform) -> None:
    for path in ("/cabinet", "/cabinet/notices", "/cabinet/following"):
        Client(platform).get(path, status=303)
    for path in ("/cabinet/notices/read", "/follow", "/unfollow"):
        assert "/sign-in" in Client(platform).post(path).headers["location"]


def test_an_empty_cabinet_says_what_to_do(aizada: Client) -> None:
    assert "You have not commented yet" in aizada.get("/cabinet").text
    assert "Nothing yet" in aizada.get("/cabinet/notices").text
    assert "You follow nothing yet" in aizada.get("/cabinet/following").text


def test_a_comment_waits_for_its_answer(aizada: Client, platform: Platform) -> None:
    comment(platform, "Two, <please>.")
    page = aizada.get("/cabinet").text
    for words in ("Two, &lt;please&gt;.", "«library»", "Article 1", "K-2026-000001"):
        assert words in page
    assert "Awaiting an answer" in page


def test_a_passage_is_named_with_the_article_it_stands_in(
    aizada: Client, platform: Platform
) -> None:
    with platform.database.writing() as session:
        version = session.exec(select(DraftVersion)).one()
        article = session.exec(select(Provision).where(Provision.wid == "art_1")).one()
        values = article.model_dump(exclude={"id"}) | {"depth": article.depth + 1, "label": "2."}
        values |= {"eid": "art_1__para_2", "wid": "art_1__para_2", "parent_eid": article.eid}
        session.add(Provision(**values | {"kind": "paragraph", "number": "2", "position": 99}))
        session.flush()
        draft, person = session.get_one(Draft, version.draft_id), session.exec(select(Person)).one()
        make_comment(session, draft, person, "Which?", wid="art_1__para_2")
    assert ">Article 1, 2</a>" in aizada.get("/cabinet").text
    title = aizada.get("/drafts/1/provisions/art_1__para_2").text.partition("</title>")[0]
    assert "Article 1, 2 · " in title


def test_what_became_of_a_comment_is_shown_with_the_text_before_and_after(
    aizada: Client, platform: Platform
) -> None:
    comment(platform, "Two, please.")
    answer_everything(platform)
    page = aizada.get("/cabinet").text
    for words in ("Accepted in part", "The budget allows six days", "Text changed"):
        assert words in page
    assert "<del>" in page
    assert "Two libraries stand" in page
    assert "/drafts/1/comparison?at=art_1#art_1" in page


def test_a_page_of_the_cabinet_costs_the_same_however_much_is_in_it(
    aizada: Client, platform: Platform
) -> None:
    comment(platform, "One.")
    aizada.get("/cabinet")
    queries = len(aizada.statements)
    comment(platform, *(f"Comment {n}." for n in range(2, 10)))
    aizada.get("/cabinet")
    assert len(aizada.statements) == queries


def test_comments_and_notices_come_page_by_page(aizada: Client, platform: Platform) -> None:
    comment(platform, *(f"Comment {n}." for n in range(1, 24)))
    first = aizada.get("/cabinet").text
    assert "Comment 23." in first
    assert "Comment 13." not in first.partition("My comments</h2>")[2]
    assert "Comment 13." in aizada.get("/cabinet?before=14").text
    assert "Comment 1." in aizada.get("/cabinet?before=4").text
    assert "Comment 4." in aizada.get("/cabinet/notices").text
    assert "Comment 3." in aizada.get("/cabinet/notices?before=4").text
    for bad in ("0", "-1", "x", "9" * 30):
        aizada.get(f"/cabinet?before={bad}", status=404)


def test_notices_are_marked_as_read(aizada: Client, platform: Platform) -> None:
    comment(platform, "One.", "Two.")
    assert "2 new" in aizada.get("/cabinet").text
    aizada.follow(aizada.post("/cabinet/notices/read"))
    page = aizada.get("/cabinet").text
    assert "2 new" not in page
    assert "What is new" not in page


def test_nobody_sees_the_cabinet_of_another(aizada: Client, platform: Platform) -> None:
    comment(platform, "A secret plan.")
    with platform.database.writing() as session:
        token = sign_in_token(session, make_person(session, "Bolot"))
    stranger = Client(platform, token)
    assert "A secret plan" not in stranger.get("/cabinet").text
    assert "A secret plan" not in stranger.get("/cabinet/notices").text


def test_votes_are_counted(aizada: Client, platform: Platform) -> None:
    with platform.database.writing() as session:
        draft = session.exec(select(Draft)).one()
        actor = actor_of(session, session.exec(select(Person)).one())
        vote_on_text(session, actor=actor, draft=draft, wid="art_1", value=1, now=START)
    assert "1 vote cast" in aizada.get("/cabinet").text


def test_staff_have_a_cabinet_for_their_notices(platform: Platform) -> None:
    with platform.database.writing() as session:
        token = sign_in_token(session, make_person(session, "Olga", role=Role.OFFICER))
    assert "does not comment" in Client(platform, token).get("/cabinet").text


def test_following_begins_and_ends_with_a_button(aizada: Client) -> None:
    form = {"target": "draft:1", "next": "/drafts/1"}
    assert aizada.post("/follow", form).headers["location"] == "/drafts/1"
    page = aizada.get("/cabinet/following").text
    assert "On village libraries" in page
    aizada.follow(aizada.post("/unfollow", {"target": "draft:1"}))
    assert "You follow nothing yet" in aizada.get("/cabinet/following").text


def test_one_does_not_leave_the_site_by_following(aizada: Client) -> None:
    form = {"target": "agency:1", "next": "https://evil.example"}
    assert aizada.post("/follow", form).headers["location"] == "/cabinet/following"


@pytest.mark.parametrize("target", ["draft:999", "agency:999", "person:1", "", "draft:1:2"])
def test_a_guessed_thing_cannot_be_followed(aizada: Client, target: str) -> None:
    aizada.post("/follow", {"target": target}, status=404)


def unsubscribe_path(aizada: Client, platform: Platform) -> str:
    """Aizada follows the draft; the link in the mail she gets about it."""
    aizada.post("/follow", {"target": "draft:1"})
    answer_everything(platform)
    (mail,) = mailed(platform, Mail.target != "")
    return mail.unsubscribe_path


def subscriptions(platform: Platform) -> int:
    with platform.database.reading() as session:
        return len(session.exec(select(Subscription)).all())


def test_unsubscribing_needs_no_sign_in(aizada: Client, platform: Platform) -> None:
    path = unsubscribe_path(aizada, platform)
    stranger = Client(platform)
    assert "On village libraries" in stranger.get(path).text
    assert subscriptions(platform) == 1, "opening the link changes nothing"
    assert "These mails are stopped" in stranger.post(path, status=200).text
    assert subscriptions(platform) == 0


def test_a_mail_program_unsubscribes_with_one_click_and_may_do_it_twice(
    aizada: Client, platform: Platform
) -> None:
    path = unsubscribe_path(aizada, platform)
    provider = Client(platform)
    for _ in range(2):
        provider.post(path, ONE_CLICK, status=200, headers={"Sec-Fetch-Site": "cross-site"})
    assert subscriptions(platform) == 0


def test_a_forged_link_unsubscribes_nobody(aizada: Client, platform: Platform) -> None:
    path = unsubscribe_path(aizada, platform)
    secret = platform.settings.secret_key
    forged = [
        path[:-1] + ("0" if path[-1] != "0" else "1"),
        path.replace(":draft:", ":agency:"),
        "/unsubscribe/" + sign("another secret", "unsubscribe", "1:draft:1"),
        "/unsubscribe/" + sign(secret, "another purpose", "1:draft:1"),
        "/unsubscribe/guessed",
        "/unsubscribe/1.",
    ]
    for link in forged:
        Client(platform).get(link, status=404)
        Client(platform).post(link, ONE_CLICK, status=404)
    assert subscriptions(platform) == 1
