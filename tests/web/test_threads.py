"""The discussion in a browser: threads, orders, kinds, proposals and mandates as they are shown."""

import re
from html import unescape

import pytest
from sqlmodel import Session, select

from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.comments.rules import MAX_DEPTH
from consult.platform import Platform
from drafts.models import Draft
from tests.client import Client
from tests.conftest import START
from tests.factories import make_comment, make_person, open_draft, sign_in_token

SCHOOL = "The school is open. The school is warm. The school is near."
TALK = "/drafts/1/discussion"


@pytest.fixture
def aizada(platform: Platform) -> Client:
    """Aizada's browser; /drafts/1 is under discussion."""
    with platform.database.writing() as session:
        open_draft(session, (SCHOOL, "It is open five days a week."))
        return Client(platform, sign_in_token(session, make_person(session)))


@pytest.fixture
def club(platform: Platform, aizada: Client) -> Client:
    """The browser of an organisation, who has said something: /comments/1."""
    with platform.database.writing() as session:
        person = make_person(session, "Bolot", organisation="Readers' club")
        make_comment(session, session.exec(select(Draft)).one(), person, "Too cold.", wid="art_1")
        return Client(platform, sign_in_token(session, person))


def talk(session: Session) -> tuple[Draft, Person]:
    return session.exec(select(Draft)).one(), session.exec(select(Person)).first()  # type: ignore[return-value]


def send(client: Client, url: str, body: str = "Please.", status: int = 303, **more: str) -> str:
    answer = client.post(url, {"body": body, "kind": "substantive"} | more, status=status)
    return client.follow(answer).text if status == 303 else answer.text


def cards(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'id="comment-(\d+)"', page)]


def shown(page: str) -> str:
    """The words of a page as they are read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_replies_are_nested_and_the_deepest_stand_side_by_side(
    aizada: Client, club: Client
) -> None:
    for n in range(1, MAX_DEPTH + 2):
        page = send(club, f"/comments/{n}/reply", f"Reply {n}.")
    assert "registered" in page
    assert "Replies to Readers&#39; club" in page
    assert f'href="/comments/{MAX_DEPTH + 1}"' in page
    page = aizada.get(TALK).text
    assert cards(page) == [1, 2, 3, 4, 5]
    assert page.count('<ul class="replies"') == MAX_DEPTH
    assert page.count("Replies to") == 1
    assert page.count(">Reply<") == 5


def test_a_long_thread_is_begun_in_the_discussion_and_read_on_the_comments_page(
    aizada: Client, club: Client, platform: Platform
) -> None:
    with platform.database.writing() as session:
        draft, person = talk(session)
        parent = session.get_one(Comment, 1)
        said = [make_comment(session, draft, person, "Reply 0.", parent=parent)]
        for n in range(1, 25):
            said.append(make_comment(session, draft, person, f"Reply {n}.", parent=said[n // 2]))
    page = aizada.get(TALK).text
    assert cards(page) == [1, 2, 3, 4, 5, 6]
    assert '<a class="tap" href="/comments/1">All 25 replies</a>' in page
    met: list[int] = []
    url = "/comments/1"
    while url:
        page = aizada.get(url).text
        assert "All 25 replies" not in page
        met += cards(page)[1:]
        url = next(iter(re.findall(r'rel="next" href="([^"]+)"', page)), "")
    assert sorted(met) == list(range(2, 27))
    assert "Replies to Aizada" in page
    assert 'rel="prev" href="/comments/1"' in page


def test_from_a_reply_one_finds_the_thread(aizada: Client, club: Client) -> None:
    send(aizada, "/comments/1/reply", "Yes.")
    send(aizada, "/comments/2/reply", "No.")
    page = club.get("/comments/3").text
    assert cards(page) == [3]
    href = "/comments/1?replies=2#comment-3"
    assert f'href="{href}"' in page
    assert 3 in cards(club.get(href.partition("#")[0]).text)


def test_words_that_are_not_shown_are_not_on_any_page(
    aizada: Client, club: Client, platform: Platform
) -> None:
    send(aizada, "/comments/1/reply", "Secret.", proposed="Hushed.", change="insertion")
    send(club, "/comments/2/reply", "And yet.")
    with platform.database.writing() as session:
        session.get_one(Comment, 2).held_at = START
    for url in (TALK, "/comments/1", "/comments/2", "/drafts/1/provisions/art_1"):
        page = aizada.get(url).text
        assert "Held until a moderator has looked at it." in page
        assert "Secret." not in page
        assert "Hushed." not in page
        assert "And yet." in page


def test_a_discussion_is_read_in_the_order_one_asks_for(aizada: Client, platform: Platform) -> None:
    with platform.database.writing() as session:
        draft, person = talk(session)
        for n, (votes_for, votes_against, answered) in enumerate(
            ((5, 0, False), (2, 2, True), (0, 9, False)), start=1
        ):
            comment = make_comment(session, draft, person, f"{n}.")
            comment.for_n, comment.against_n = votes_for, votes_against
            comment.disputed_n = min(votes_for, votes_against)
            comment.answered_at = START if answered else None
    page = aizada.get(TALK).text
    order = {
        "supported": [1, 2, 3],
        "disputed": [2, 3, 1],
        "unanswered": [3, 1],
        "answered": [2],
    }
    for sort, expected in order.items():
        link = f"{TALK}?sort={sort}"
        assert f'href="{link}"' in page
        page = aizada.get(link).text
        assert cards(page) == expected, sort
        assert re.search(rf'href="\{TALK}\?sort={sort}" aria-current="true"', page)


def test_kinds_are_counted_and_shown_apart_in_any_order(aizada: Client, platform: Platform) -> None:
    with platform.database.writing() as session:
        draft, person = talk(session)
        for n, kind in enumerate(("question", "substantive", "question"), start=1):
            make_comment(session, draft, person, f"{n}.", kind=kind)
    page = aizada.get(TALK).text
    assert "All (3)" in shown(page)
    assert "Question (2)" in shown(page)
    assert "Editorial (" not in shown(page)
    page = aizada.get(f"{TALK}?kind=question&sort=supported").text
    assert cards(page) == [3, 1]
    assert f'href="{TALK}?kind=question&amp;sort=disputed"' in page
    assert cards(aizada.get(f"{TALK}?kind=nonsense").text) == [3, 2, 1]
    assert "There is none here." in aizada.get(f"{TALK}?kind=editorial").text


@pytest.mark.parametrize(
    ("change", "proposed", "quote", "name", "before", "after"),
    [
        ("replacement", "cold", "warm", "Proposed wording", "warm", "cold"),
        ("insertion", "and dry", "is warm", "Proposed addition", "", "and dry"),
        ("insertion", "It has a roof.", "", "Proposed addition", "", "It has a roof."),
        ("deletion", "", "is warm", "Proposed deletion", "is warm", ""),
        ("deletion", "", "", "The whole provision is to go.", SCHOOL, ""),
    ],
)
def test_a_proposal_is_shown_as_a_difference_from_the_text(
    aizada: Client, change: str, proposed: str, quote: str, name: str, before: str, after: str
) -> None:
    more = {"change": change, "proposed": proposed, "quote": quote}
    send(aizada, "/drafts/1/comments?wid=art_1&text=en", **more)
    for url in (TALK, "/comments/1", "/drafts/1/provisions/art_1"):
        page = aizada.get(url).text
        card = page[page.index('id="comment-1"') :].partition("</article>")[0]
        assert name in card
        marked = re.sub(r'<span class="vh">.*?</span>', "", card)
        gone, new = (re.findall(rf"<{tag}>(.*?)</{tag}>", marked) for tag in ("del", "ins"))
        assert ["".join(gone).strip(), "".join(new).strip()] == [before, after]


def test_a_proposal_is_kept_when_it_is_refused_and_when_it_is_edited(aizada: Client) -> None:
    more = {"change": "deletion", "proposed": "Six days."}
    page = send(aizada, "/drafts/1/comments?wid=art_2&text=en", status=422, **more)
    assert "You propose to delete these words" in page
    assert 'value="deletion" checked' in page
    assert "Six days.</textarea>" in page
    assert re.search(r"<details open>\s*<summary>Propose other words", page)
    send(aizada, "/drafts/1/comments?wid=art_2&text=en", **more | {"proposed": ""})
    page = aizada.get("/comments/1/edit").text
    assert 'value="deletion" checked' in page
    assert "Proposed deletion" in send(
        aizada, "/comments/1/edit", "Better.", **more | {"proposed": ""}
    )


def test_an_organisation_says_on_whose_behalf_it_speaks_and_a_person_is_not_asked(
    aizada: Client, club: Client
) -> None:
    assert 'name="mandate"' not in aizada.get("/drafts/1").text
    assert 'name="mandate"' in club.get("/drafts/1").text
    send(club, "/drafts/1/comments", mandate="412 members")
    for url in (TALK, "/comments/2", "/drafts/1"):
        assert "On behalf of: 412 members" in aizada.get(url).text
    page = send(club, "/drafts/1/comments", "More.", 422, mandate="ө" * 301)
    assert "at most 300 characters" in page
    assert 'value="412 members"' in club.get("/comments/2/edit").text
    send(aizada, "/drafts/1/comments", status=422, mandate="412 members")


def test_words_that_others_signed_are_not_offered_for_change(
    club: Client, platform: Platform
) -> None:
    assert "/comments/1/edit" in club.get("/comments/1").text
    with platform.database.writing() as session:
        session.get_one(Comment, 1).signed_n = 2
    assert "/comments/1/edit" not in club.get("/comments/1").text
    page = send(club, "/comments/1/edit", "Other words.", 403)
    assert "Others have signed these words" in page
    assert "Other words.</textarea>" in page


def test_a_comments_page_costs_the_same_however_long_its_thread(
    aizada: Client, club: Client, platform: Platform
) -> None:
    def cost() -> int:
        aizada.get("/comments/1")
        return len(aizada.statements)

    send(aizada, "/comments/1/reply", "Yes.", proposed="Words.")
    cost()  # the calendar is read once and kept
    before = cost()
    with platform.database.writing() as session:
        draft, person = talk(session)
        parent = session.get_one(Comment, 1)
        for n in range(40):
            parent = make_comment(session, draft, person, f"{n}.", parent=parent, proposed="Words.")
    assert cost() == before
