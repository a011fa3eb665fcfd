"""The pages of campaigns: both counts, every wording, what was added, and nobody left out."""

import json

import pytest

from consult.campaigns.reclustering import recluster
from consult.comments.models import Comment
from consult.platform import Platform
from drafts.models import Draft
from tests.client import Client
from tests.conftest import START
from tests.factories import make_agency, make_draft, open_draft
from tests.features.test_campaigns import COPIES, LETTER, OTHER, OWN
from tests.written import write_comments


@pytest.fixture
def draft(platform: Platform) -> Draft:
    with platform.database.writing() as session:
        draft = open_draft(session)
        write_comments(session, draft, [*COPIES, LETTER, f"{LETTER}. {OWN}", OTHER])
    recluster(platform.database, draft.id or 0)
    return draft


def test_the_discussion_says_how_many_comments_and_how_many_texts(
    platform: Platform, draft: Draft
) -> None:
    page = Client(platform).get(f"/drafts/{draft.id}/discussion")
    assert "9 comments, 8 distinct texts" in page.text
    assert f'href="/drafts/{draft.id}/campaigns"' in page.text


def test_a_campaign_stands_with_its_text_both_counts_and_its_days(
    platform: Platform, draft: Draft
) -> None:
    client = Client(platform)
    page = client.get(f"/drafts/{draft.id}/campaigns")
    assert "8 comments, 7 distinct texts" in page.text
    assert LETTER in page.text
    assert OTHER not in page.text
    assert "discounts nobody" in page.text
    one = client.get(f"/drafts/{draft.id}/campaigns/1")
    assert "sent 2 times" in one.text
    assert f"<li>{OWN.rstrip('.')}</li>" in one.text
    assert one.text.count("% the same") == 6


def test_the_same_as_data(platform: Platform, draft: Draft) -> None:
    client = Client(platform)
    data = json.loads(client.get(f"/drafts/{draft.id}/campaigns.json").text)
    assert (data["submissions"], data["distinct"], data["next"]) == (9, 8, None)
    (cluster,) = data["clusters"]
    assert (cluster["submissions"], cluster["distinct"]) == (8, 7)
    assert cluster["medoid"]["body"] == LETTER
    one = json.loads(client.get(f"/drafts/{draft.id}/campaigns/{cluster['id']}.json").text)
    assert [text["submissions"] for text in one["texts"]] == [2, 1, 1, 1, 1, 1, 1]
    assert [OWN.rstrip(".")] in [text["added"] for text in one["texts"]]


def test_many_wordings_come_page_by_page(platform: Platform) -> None:
    with platform.database.writing() as session:
        draft = open_draft(session)
        write_comments(session, draft, [f"{LETTER} {n}" for n in range(25)])
    recluster(platform.database, draft.id or 0)
    client = Client(platform)
    first = client.get(f"/drafts/{draft.id}/campaigns/1")
    after = first.text.split("campaigns/1?after=")[1].split('"')[0]
    rest = client.get(f"/drafts/{draft.id}/campaigns/1?after={after}")
    unfolded = [page.text.count('class="fold-form"') for page in (first, rest)]
    assert sum(unfolded) == 24  # the text nearest to all has nothing to unfold
    assert 4 <= unfolded[1] <= 5
    assert "The text nearest to all of them" not in rest.text
    address = f"/drafts/{draft.id}/campaigns/1.json"
    pages = []
    while address:
        pages.append(json.loads(client.get(address).text))
        address = pages[-1]["next"]
    assert [(page["per_page"], len(page["texts"])) for page in pages] == [(20, 20), (20, 5)]


def test_words_that_are_no_longer_public_are_shown_nowhere(
    platform: Platform, draft: Draft
) -> None:
    with platform.database.writing() as session:
        for comment_id in (1, 7, 8):  # all that say it; the handler has not come to them yet
            session.get_one(Comment, comment_id).hidden_at = START
    client = Client(platform)
    for page in ("campaigns", "campaigns/1", "campaigns.json", "campaigns/1.json"):
        answer = client.get(f"/drafts/{draft.id}/{page}")
        assert LETTER not in answer.text
    assert "Its words are no longer shown." in client.get(f"/drafts/{draft.id}/campaigns").text


def test_where_nothing_was_sent_twice_it_says_so(platform: Platform) -> None:
    with platform.database.writing() as session:
        draft = open_draft(session)
    client = Client(platform)
    assert "No text was sent more than once." in client.get(f"/drafts/{draft.id}/campaigns").text
    assert f"/drafts/{draft.id}/campaigns" not in client.get(f"/drafts/{draft.id}/discussion").text


def test_campaigns_of_another_draft_or_of_one_not_public_are_not_found(
    platform: Platform, draft: Draft
) -> None:
    with platform.database.writing() as session:
        hidden = make_draft(session, make_agency(session, "MOE"))
    client = Client(platform)
    for page in (
        f"{hidden.id}/campaigns",
        f"{hidden.id}/campaigns.json",
        f"{draft.id}/campaigns/99",
    ):
        client.get(f"/drafts/{page}", status=404)
