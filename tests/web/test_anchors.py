"""Where a comment stands in a later version, as everybody sees it; what its author is asked."""

import re

import pytest
from sqlmodel import select

from consult.access import Role
from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.consultations.models import Consultation
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from tests.client import Client
from tests.conftest import START
from tests.factories import (
    answer_comment,
    close_consultation,
    comments_in,
    make_comment,
    make_person,
    make_tree,
    open_consultation,
    release_report,
    sign_in_token,
)
from tests.versions import open_law, publish_next

LIBRARY = "A library stands in every village of the country and belongs to its people."
HOURS = "It is open five days a week, and on the evenings that the village council has chosen."
MONEY = "The budget of the district pays for its books, its heating and one librarian."
QUOTES = ("in every village", "five days a week", "the village council", "one librarian")


class Village(dict[str, Client]):
    """Browsers by name. On each of the QUOTES Aizada comments, /comments/1 to 4."""

    def __init__(self, platform: Platform) -> None:
        super().__init__()
        self.platform = platform
        with platform.database.writing() as session:
            draft = open_law(session, make_tree((LIBRARY, f"{HOURS} {MONEY}")))
            aizada = make_person(session)
            make_person(session, "Bolot")
            for quote in QUOTES:
                wid = "art_1" if quote in LIBRARY else "art_2"
                make_comment(session, draft, aizada, f"On {quote}.", wid=wid, quote=quote)
        drain(platform, START)

    def __missing__(self, name: str) -> Client:
        token = ""
        if name != "anybody":
            with self.platform.database.writing() as session:
                person = session.exec(select(Person).where(Person.name == name.title())).one()
                token = sign_in_token(session, person)
        self[name] = Client(self.platform, token)
        return self[name]

    def publish(self, *articles: str) -> None:
        with self.platform.database.writing() as session:
            draft = session.get_one(Draft, 1)
            if draft.stage == "open":
                close_consultation(session, session.exec(select(Consultation)).one())
            publish_next(session, draft, articles)
        drain(self.platform, START)


@pytest.fixture
def village(platform: Platform) -> Village:
    return Village(platform)


@pytest.fixture
def rewritten(village: Village) -> Village:
    """The hours are changed, and the money has become an article of its own."""
    village.publish(LIBRARY, HOURS.replace("five days a week", "on Mondays"), MONEY)
    return village


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def card(page: str, comment_id: int) -> str:
    """What the card of a comment says."""
    start = page.index(f'id="comment-{comment_id}"')
    return text_of(page[start : page.index("</article>", start)])


def test_a_card_says_quietly_what_it_was_made_on_and_where_its_words_stand(
    rewritten: Village,
) -> None:
    page = rewritten["anybody"].get("/drafts/1/discussion").text
    assert "Made on version 1" in card(page, 1)
    assert "stand now" not in card(page, 1)
    assert "The words are no longer in the text." in card(page, 2)
    assert "Made on version 1" in card(page, 4)
    for comment_id in (1, 2, 3, 4):
        assert f'href="/comments/{comment_id}#then"' in page


def test_on_its_own_version_a_card_says_nothing(village: Village) -> None:
    page = village["anybody"].get("/drafts/1/discussion").text
    assert "Made on version" not in page
    assert "#then" not in page


def test_a_comment_is_found_where_it_was_made_and_where_its_words_went(rewritten: Village) -> None:
    reader = rewritten["anybody"]
    old, new = (reader.get(f"/drafts/1/provisions/{wid}").text for wid in ("art_2", "art_3"))
    assert "On one librarian." in old
    assert "On one librarian." in new
    assert "On five days" not in new
    law = reader.get("/drafts/1").text
    assert re.search(r"provisions/art_3[^>]*>\s*1 comment", law)
    assert "All 4 comments" in law  # what is found in two places counts once


def test_the_words_as_they_were_stand_beside_the_words_as_they_are(rewritten: Village) -> None:
    page = rewritten["anybody"].get("/comments/2").text
    then = page[page.index('id="then"') :]
    assert "<mark>five days a week</mark>" in then
    assert "<ins>" in then
    assert "<del>" in then
    assert "on Mondays" in text_of(then)
    assert "The words are no longer in the text." in text_of(then)


def test_where_the_words_stand_now_is_marked(rewritten: Village) -> None:
    page = rewritten["anybody"].get("/comments/4").text
    then = page[page.index('id="then"') :]
    assert then.count("<mark>one librarian</mark>") == 2
    assert "Version 2: Article 3" in text_of(then)
    assert 'href="/drafts/1/provisions/art_3"' in then


def test_the_page_of_a_provision_marks_the_words_its_comments_are_about(
    rewritten: Village,
) -> None:
    reader = rewritten["anybody"]
    old, new = (reader.get(f"/drafts/1/provisions/{wid}").text for wid in ("art_2", "art_3"))
    assert "<mark>the village council</mark>" in old
    assert old.count("<mark>") == 1
    assert "<mark>one librarian</mark>" in new


def test_a_page_with_moved_comments_costs_no_more_queries(rewritten: Village) -> None:
    reader = rewritten["anybody"]
    for url in ("/drafts/1/provisions/art_2", "/drafts/1/discussion", "/comments/2"):
        reader.get(url)
        before = len(reader.statements)
        with rewritten.platform.database.writing() as session:
            first = session.get_one(Comment, 1)
            for n in range(30):
                copy = Comment(**first.model_dump(exclude={"id", "receipt"}), receipt=f"{url}{n}")
                session.add(copy)
        reader.get(url)
        assert len(reader.statements) == before


def test_the_author_is_asked_and_what_they_say_is_public(rewritten: Village) -> None:
    aizada = rewritten["aizada"]
    assert "The text you commented on has changed" in aizada.get("/cabinet/notices").text
    page = aizada.get("/cabinet/changed").text
    assert page.count("Settled by the change") == 1
    sent = {"value": "settled", "version": "2", "next": "/cabinet/changed"}
    after = aizada.follow(aizada.post("/comments/2/relevance", sent)).text
    assert "Nothing to say at present" in after
    said = card(rewritten["anybody"].get("/drafts/1/provisions/art_2").text, 2)
    assert "Its author: settled by the change of version 2" in said
    aizada.post("/comments/2/relevance", sent | {"value": "relevant"})
    said = text_of(rewritten["anybody"].get("/comments/2").text)
    assert "Its author: still relevant after the change of version 2" in said


def test_the_question_stands_beside_ones_own_comment_only(rewritten: Village) -> None:
    assert "Is your comment still relevant?" in rewritten["aizada"].get("/comments/2").text
    assert "Is your comment still relevant?" not in rewritten["aizada"].get("/comments/1").text
    assert "Is your comment still relevant?" in rewritten["aizada"].get("/cabinet").text
    assert "Is your comment still relevant?" not in rewritten["bolot"].get("/comments/2").text


def test_nobody_speaks_for_the_author(rewritten: Village) -> None:
    sent = {"value": "settled", "version": "2"}
    rewritten["bolot"].post("/comments/2/relevance", sent, status=404)
    rewritten["aizada"].post("/comments/1/relevance", sent, status=409)
    rewritten["aizada"].post("/comments/2/relevance", sent | {"version": "1"}, status=409)
    rewritten["aizada"].post("/comments/2/relevance", sent | {"value": "gone"}, status=422)
    rewritten["anybody"].post("/comments/2/relevance", sent)
    assert "Its author" not in rewritten["anybody"].get("/comments/2").text


def test_a_deleted_provision_keeps_its_discussion_beside_the_text_that_had_it(
    village: Village,
) -> None:
    village.publish(LIBRARY)
    page = village["anybody"].get("/drafts/1/provisions/art_2").text
    assert "On five days a week." in page
    everything = village["anybody"].get("/drafts/1/discussion").text
    assert "The provision is no longer in the text." in card(everything, 2)
    then = text_of(village["anybody"].get("/comments/2").text)
    assert "The provision is no longer in the text." in then


def test_until_it_is_looked_up_a_card_only_says_what_it_was_made_on(village: Village) -> None:
    with village.platform.database.writing() as session:
        draft = session.get_one(Draft, 1)
        close_consultation(session, session.exec(select(Consultation)).one())
        publish_next(session, draft, (LIBRARY,))
    said = card(village["anybody"].get("/drafts/1/discussion").text, 2)
    assert "Made on version 1" in said
    assert "no longer" not in said
    assert "being looked up" in village["anybody"].get("/comments/2").text


def test_votes_on_unchanged_words_go_on_and_earlier_ones_stay_in_sight(
    platform: Platform, village: Village
) -> None:
    for wid in ("art_1", "art_2"):
        village["bolot"].post(f"/drafts/1/provisions/{wid}/vote", {"value": "1"})
    with platform.database.writing() as session:
        officer = make_person(session, "Olga", role=Role.OFFICER)
        approver = make_person(session, "Bakyt", role=Role.APPROVER)
        consultation = session.exec(select(Consultation)).one()
        draft = close_consultation(session, consultation)
        for comment in comments_in(session, consultation):
            answer_comment(session, comment, officer, approver)
        publish_next(session, draft, (LIBRARY, HOURS.replace("five", "six")))
        release_report(session, consultation, officer)
        session.refresh(draft)
        open_consultation(session, draft)
    drain(platform, START)
    bolot = village["bolot"]
    kept, begun = (bolot.get(f"/drafts/1/provisions/{w}").text for w in ("art_1", "art_2"))
    assert "Agree · 1" in kept
    assert 'aria-pressed="true"' in kept
    assert "Version 1:" not in text_of(kept)
    assert "Agree · 0" in begun
    assert "Version 1: 1 for, 0 against" in text_of(begun)
    village["aizada"].post("/drafts/1/provisions/art_1/vote", {"value": "-1"})
    again = village["anybody"].get("/drafts/1/provisions/art_1").text
    assert "Agree · 1" in again
    assert "Disagree · 1" in again


def test_the_desk_sees_how_many_comments_the_change_has_settled(rewritten: Village) -> None:
    with rewritten.platform.database.writing() as session:
        make_person(session, "Olga", role=Role.OFFICER)
    rewritten["aizada"].post("/comments/2/relevance", {"value": "settled", "version": "2"})
    page = text_of(rewritten["olga"].get("/desk/drafts/1").text)
    assert "The text under 1 comment has changed." in page
    assert "1 settled by the change, 0 still relevant, 0 not said yet" in page
