"""The pages of search: what is found how one gets there; narrowed, corrected, inside a draft."""

import json
import re
import shutil
from xml.etree import ElementTree

import pytest
from sqlmodel import select

from consult.comments.models import Comment
from consult.platform import Platform
from consult.worker import drain
from drafts.models import Draft
from tests.beginnings import begin
from tests.client import Client
from tests.conftest import START
from tests.factories import make_agency, make_comment, make_draft, make_person, open_consultation

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LIBRARIES = ("Libraries lend books to everybody.", "A library opens on Sundays.")
RIVERS = ("Rivers are clean.", "Boats on rivers carry a lamp.")


@pytest.fixture
def visitor(platform: Platform) -> Client:
    """Two open drafts, of libraries (MOC) and of rivers (MOE), and a comment on each."""

    def make() -> None:
        with platform.database.writing() as session:
            author = make_person(session, "Aizada")
            author.shown = "nothing"
            for code, title, texts in (
                ("MOC", "On village libraries", LIBRARIES),
                ("MOE", "On rivers", RIVERS),
            ):
                agency = make_agency(session, code)
                draft = make_draft(session, agency, {"en": texts}, title=title)
                open_consultation(session, draft)
                said = f"Children of the village need this: {title}."
                make_comment(session, draft, author, said, wid="art_2")
        drain(platform, START)

    begin(platform, __name__, make)
    return Client(platform)


def test_drafts_provisions_and_comments_are_counted_and_each_leads_to_its_place(
    visitor: Client,
) -> None:
    page = visitor.get("/search?q=libraries").text
    counts = re.findall(r">(Drafts|Provisions|Comments) <span[^>]*>(\d+)", page)
    assert counts == [("Drafts", "1"), ("Provisions", "2"), ("Comments", "1")]
    provisions = visitor.get("/search?q=libraries&unit=provision").text
    assert "/drafts/1?text=en&amp;at=art_2#art_2" in provisions
    assert "<mark>library</mark>" in provisions
    comments = visitor.get("/search?q=libraries&unit=comment").text
    assert 'href="/comments/1"' in comments
    assert "<mark>libraries</mark>" in comments
    assert "Aizada" not in comments, "she shows no name"


def test_a_search_is_narrowed_and_widened_again_one_by_one(visitor: Client) -> None:
    page = visitor.get("/search?q=village&unit=comment").text
    assert "2 comments found" in page
    narrowed = visitor.get("/search?q=village&unit=comment&agency=MOC&stance=neutral").text
    chips = re.findall(r'class="chip" href="([^"]+)"', narrowed)
    assert chips == [
        "/search?q=village&amp;unit=comment&amp;stance=neutral",
        "/search?q=village&amp;unit=comment&amp;agency=MOC",
    ]
    assert "Nothing was found" in visitor.get("/search?q=village&unit=comment&agency=X").text


def test_a_comment_that_is_hidden_is_not_shown_though_the_index_still_knows_it(
    visitor: Client, platform: Platform
) -> None:
    with platform.database.writing() as session:
        first, second = session.exec(select(Comment).order_by(Comment.id)).all()  # type: ignore[arg-type]
        first.hidden_at = START
        second.body = "Removed."
    page = visitor.get("/search?q=village&unit=comment").text
    assert "/comments/1" not in page
    assert "Removed." in page
    assert "Children" not in page


def test_nothing_found_says_what_may_help(visitor: Client) -> None:
    page = visitor.get("/search?q=libraries+rivers&agency=MOC").text
    assert "Nothing was found for “libraries rivers”" in page
    assert 'href="/search?q=rivers&amp;agency=MOC"' in page
    assert 'href="/search?q=libraries+rivers"' in page
    assert 'action="/follow/mail"' in page, "one is told when there is something"


def test_what_is_no_letter_is_found_nowhere(visitor: Client) -> None:
    assert "Nothing was found." in visitor.get("/search?q=%00").text
    assert visitor.get("/search.json?q=%00").json()["total"] == 0


def test_who_follows_a_search_keeps_its_filters_and_is_told_what_to_expect(
    visitor: Client,
) -> None:
    page = visitor.get("/search?q=rivers&stage=adopted&year=2026&lang=en").text
    for name, value in (("stage", "adopted"), ("year", "2026"), ("lang", "en"), ("q", "rivers")):
        assert f'name="{name}" value="{value}"' in page.partition('action="/follow/mail"')[2]
    assert "when it comes to this stage" in page
    page = visitor.get("/search?q=rivers&stage=closed").text
    assert 'name="stage"' not in page.partition('action="/follow/mail"')[2]
    assert "when it opens for comment" in page


def test_a_typing_error_is_said_and_put_right(visitor: Client) -> None:
    page = visitor.get("/search?q=libarries").text
    assert "“libraries”" in page or "“library”" in page
    assert "On village libraries" in page


def test_words_that_mean_the_same_can_be_left_out(visitor: Client) -> None:
    page = visitor.get("/search?q=library").text
    assert "Also looked for:" in page
    assert "китепкана" in page
    without = visitor.get("/search?q=library&also=no").text
    assert "китепкана" not in without
    assert "On village libraries" in without


def test_the_same_as_json(visitor: Client) -> None:
    said = json.loads(visitor.get("/search.json?q=libraries&unit=comment").text)
    (one,) = said["results"]
    assert (one["unit"], one["comment"], one["draft"], one["wid"]) == ("comment", 1, 1, "art_2")
    assert one["marked"] == ["libraries"]
    assert said["facets"]["agency"] == {"MOC": 1}
    assert said["next"] is None
    assert "Aizada" not in json.dumps(said)


def test_while_there_is_no_index_nobody_says_that_there_is_nothing(
    visitor: Client, platform: Platform
) -> None:
    for folder in platform.settings.data_dir.glob("index*"):
        shutil.rmtree(folder)
    page = visitor.get("/search?q=libraries").text
    assert "The search is being prepared." in page
    assert "Nothing was found" not in page
    assert 'class="count">0<' not in page
    assert json.loads(visitor.get("/search.json?q=libraries").text)["lost"] is True


class TestInsideADraft:
    def test_its_provisions_and_comments_are_found_and_no_others(self, visitor: Client) -> None:
        assert 'action="/drafts/1/search"' in visitor.get("/drafts/1").text
        page = visitor.get("/drafts/1/search?q=library").text
        assert "2 provisions found" in page
        assert "/drafts/1?text=en&amp;at=art_1#art_1" in page
        said = visitor.get("/drafts/1/search?q=village&unit=comment").text
        assert "1 comment found" in said
        assert "/comments/2" not in said
        assert "Nothing was found" in visitor.get("/drafts/1/search?q=rivers").text

    def test_without_words_there_is_only_the_box(self, visitor: Client) -> None:
        page = visitor.get("/drafts/1/search").text
        assert "found" not in page.partition("<main")[2].partition("</main>")[0]

    def test_what_is_not_public_is_not_there(self, visitor: Client, platform: Platform) -> None:
        with platform.database.writing() as session:
            session.get_one(Draft, 1).stage = "draft"
        visitor.get("/drafts/1/search?q=library", status=404)
        assert "On village libraries" not in visitor.get("/search?q=library").text


def test_a_browser_learns_how_to_search_here(visitor: Client) -> None:
    assert 'href="/opensearch.xml"' in visitor.get("/").text
    root = ElementTree.fromstring(visitor.get("/opensearch.xml").text)
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert len(root.findtext(f"{space}ShortName") or "") <= 16
    templates = [url.get("template", "") for url in root.findall(f"{space}Url")]
    assert [one.endswith("={searchTerms}") for one in templates] == [True, True]
