"""Taking a text away: the page that lists what there is, and the files under their addresses."""

import asyncio
import re
from dataclasses import replace
from io import BytesIO
from threading import Event
from urllib.parse import unquote

import anyio.to_thread
import docx
import httpx2
import pytest
from sqlmodel import Session

from consult.app import create_app
from consult.exports.formats import FORMATS, WORD
from consult.exports.routes import NAMED
from consult.platform import Platform
from drafts.importing.preview import import_bytes
from drafts.models import Draft
from tests.cast import Cast
from tests.client import Client
from tests.factories import add_version, make_agency, make_comment, make_person, open_draft

FILES = [f"en{form.ending}" for form in FORMATS.values() if form.needs != "table"]


@pytest.fixture
def cast(platform: Platform) -> Cast:
    return Cast(platform)


@pytest.fixture
def visitor(cast: Cast) -> Client:
    return Client(cast.platform)


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_sent_with_its_type_to_be_saved(visitor: Client, name: str) -> None:
    answer = visitor.get(f"/drafts/1/versions/1/{name}")
    assert answer.headers["content-type"].split(";")[0] in {
        form.media_type.split(";")[0] for form in FORMATS.values() if name == f"en{form.ending}"
    }
    assert answer.headers["x-content-type-options"] == "nosniff"
    told = answer.headers["content-disposition"]
    assert told.startswith(f'attachment; filename="v1-{name}"')
    assert unquote(told.rpartition("''")[2]) == f"On village libraries v1-{name}"


def test_a_file_that_is_known_already_is_not_sent_again(visitor: Client) -> None:
    url = "/drafts/1/versions/1/en.docx"
    tag = visitor.get(url).headers["etag"]
    again = visitor.get(url, headers={"If-None-Match": tag}, status=304)
    assert again.content == b""
    assert visitor.get(url, headers={"If-None-Match": '"another"'}).content


def test_to_say_that_a_file_is_known_it_is_not_made(
    visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "/drafts/1/versions/1/en-comments.docx"
    tag = visitor.get(url).headers["etag"]
    writing = Writing(monkeypatch, "docx-comments")
    visitor.get(url, headers={"If-None-Match": f'"x", {tag}'}, status=304)
    assert visitor.get(url).headers["etag"] == tag
    assert writing.begun == 0


def test_a_file_is_made_anew_when_something_was_said(platform: Platform, visitor: Client) -> None:
    url = "/drafts/1/versions/1/en-comments.docx"
    tag = visitor.get(url).headers["etag"]
    with platform.database.writing() as session:
        draft, author = session.get_one(Draft, 1), make_person(session, "Cholpon")
        make_comment(session, draft, author, "Six days are better.")
    fresh = visitor.get(url, headers={"If-None-Match": tag})
    assert ("Cholpon", "Six days are better.") in _comments(fresh.content)


def test_what_may_not_be_read_is_not_told_to_be_known_either(cast: Cast) -> None:
    url = "/drafts/2/versions/1/en.docx"
    tag = cast["olga"].get(url).headers["etag"]
    Client(cast.platform).get(url, headers={"If-None-Match": tag}, status=404)


class Writing:
    """In place of how a form is written: counts how often that begins, and may be held up."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
        self.begun, self.go_on = 0, Event()
        form = FORMATS[code]
        monkeypatch.setitem(NAMED, form.ending, replace(form, write=self.write))

    def write(self, *_: object) -> bytes:
        self.begun += 1
        told = self.go_on.wait(10)
        self.go_on.set()  # who comes later need not wait as long to fail
        assert told
        return b"file"


def test_while_a_file_is_made_once_for_many_other_pages_are_answered(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = Writing(monkeypatch, "docx")

    async def all_at_once() -> list[bytes]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = 1
        transport = httpx2.ASGITransport(app=create_app(cast.platform))
        async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client:
            wanted = [
                asyncio.create_task(client.get("/drafts/1/versions/1/en.docx")) for _ in range(40)
            ]
            while not writing.begun:
                await asyncio.sleep(0.01)
            page = await client.get("/drafts")
            assert (page.status_code, writing.go_on.is_set()) == (200, False)
            writing.go_on.set()
            return [(await answer).content for answer in wanted]

    assert asyncio.run(all_at_once()) == [b"file"] * 40  # more than there are connections
    assert writing.begun == 1


def test_the_word_file_holds_the_text_and_the_other_the_comments_too(visitor: Client) -> None:
    clean = visitor.get("/drafts/1/versions/1/en.docx")
    assert clean.headers["content-type"] == WORD
    tree = import_bytes(clean.content, "law.docx", "en").tree
    assert "It is open five days a week." in [node.text for node in tree.walk()]
    commented = visitor.get("/drafts/1/versions/1/en-comments.docx").content
    assert _comments(clean.content) == []
    assert _comments(commented) == [("Aizada", "Please think of the children too.")]


def _comments(content: bytes) -> list[tuple[str, str]]:
    word = docx.Document(BytesIO(content))
    return [(comment.author, comment.paragraphs[0].text) for comment in word.comments]


@pytest.mark.parametrize(
    "path",
    [
        "versions/1/kk.docx", "versions/2/en.docx", "versions/1/en.exe", "versions/1/en",
        "versions/1/..%2fen.docx", "versions/9999999999999/en.docx", "versions/x/en.docx",
        "versions/2", "versions/1/EN.docx", "versions/1/en-comments.pdf",
        "versions/1/en-comparative-table.docx",
    ],
)  # fmt: skip
def test_what_there_is_not_is_not_found(visitor: Client, path: str) -> None:
    visitor.get(f"/drafts/1/{path}", status=404)


def test_what_is_not_public_is_its_own_agencys(cast: Cast) -> None:
    for path in ("downloads", "versions/1", "versions/1/en.docx"):
        Client(cast.platform).get(f"/drafts/2/{path}", status=404)
        cast["damir"].get(f"/drafts/2/{path}", status=404)
    cast["olga"].get("/drafts/2/downloads")
    cast["olga"].get("/drafts/2/versions/1/en.docx")


def test_the_address_of_a_version_leads_to_where_it_is_read(visitor: Client) -> None:
    answer = visitor.get("/drafts/1/versions/1", status=302)
    assert answer.headers["location"] == "/drafts/1?version=1"


@pytest.mark.parametrize("lang", ["en", "ky", "ru", "kk"])
def test_the_page_lists_every_file_there_is(cast: Cast, lang: str) -> None:
    page = Client(cast.platform).get("/drafts/1/downloads", headers={"Accept-Language": lang})
    for name in FILES:
        assert f'href="/drafts/1/versions/1/{name}"' in page.text
    assert "versions/2/" not in page.text


def test_every_address_on_the_page_leads_to_a_file(platform: Platform, visitor: Client) -> None:
    with platform.database.writing() as session:
        draft = _two_versions(session)
    page = visitor.get(f"/drafts/{draft}/downloads")
    links = re.findall(r'href="([^"]+/versions/[^"]+)"', page.text)
    assert len(links) == len(set(links)) == 2 * len(FILES) * 2
    for link in links:
        assert visitor.get(link).content


def _two_versions(session: Session) -> int:
    texts = {"en": ("One.", "Two."), "ru": ("Один.", "Два.")}
    draft = open_draft(session, texts, agency=make_agency(session, "MOE"))
    make_comment(session, draft, make_person(session, "Cholpon"))
    add_version(session, draft, texts, published=True)
    return draft.id or 0


def test_without_comments_there_are_no_files_of_comments(
    platform: Platform, visitor: Client
) -> None:
    with platform.database.writing() as session:
        draft = open_draft(session, agency=make_agency(session, "MOE")).id
    page = visitor.get(f"/drafts/{draft}/downloads")
    assert "en.docx" in page.text
    assert "en-comments.docx" not in page.text
