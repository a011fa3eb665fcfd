"""The comparative table, at the desk and in public: by plain forms, from a Word file, as one."""

import re
from collections.abc import Sequence
from html import unescape
from typing import Any

import pytest

from consult.platform import Platform
from drafts.comparative.linking import suggest
from drafts.comparative.reading import read_table
from drafts.comparative.rows import Words
from drafts.models import Draft
from drafts.tree import Tree
from tests.cast import Cast, unchanged
from tests.client import Client
from tests.factories import add_version, make_person
from tests.rules.importing_files import p, table, word

DESK = "/desk/drafts/2/comparative-table"
HEAD = ("№", "Structural element", "Wording in force", "Proposed wording", "Reason")
FILE = word(
    table(
        HEAD,
        ("1", "Article 1", "It is open.", "It is open daily.", "Asked for."),
        ("", "", "", "A new article", ""),
    )
)  # fmt: skip


@pytest.fixture
def cast(platform: Platform) -> Cast:
    return Cast(platform)


@pytest.fixture
def olga(cast: Cast) -> Client:
    return cast["olga"]


def row(**more: str) -> dict[str, str]:
    return {"place": "Article 1", "current": "five days", "proposed": "six days"} | more


def add(client: Client, **more: str) -> int:
    answer = client.post(f"{DESK}/rows", row(**more))
    found = re.search(r"#row-(\d+)", answer.headers["location"])
    assert found
    return int(found[1])


def hidden(html: str) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html)
    return {name: unescape(value) for name, value in fields if name != "next"}


def test_an_officer_writes_a_table_by_plain_forms(olga: Client) -> None:
    assert "no rows yet" in olga.get(DESK).text
    olga.get(f"{DESK}/rows/new")
    first = add(olga, reason="Asked for.", wid="art_2")
    second = add(olga, place="Article 2")
    between = olga.get(f"{DESK}/rows/new?after={first}")
    add(olga, place="Article 1-1", **hidden(between.text))
    olga.post(f"{DESK}/rows/{second}/move", {"way": "up"})
    page = olga.get(DESK).text
    places = re.findall(r"Article [\d-]+(?=</span><|</span></div>)", page)
    assert [place for place in places if place][:3] == ["Article 1", "Article 2", "Article 1-1"]
    assert 'href="/drafts/2/provisions/art_2"' in page


def test_a_row_is_changed_and_deleted(olga: Client) -> None:
    one = add(olga)
    form = olga.get(f"{DESK}/rows/{one}")
    olga.post(f"{DESK}/rows/{one}", hidden(form.text) | row(proposed="seven days"))
    assert "seven days" in olga.get(DESK).text
    again = hidden(olga.get(f"{DESK}/rows/{one}").text)
    olga.post(f"{DESK}/rows/{one}/delete", again)
    assert "no rows yet" in olga.get(DESK).text


def test_what_was_typed_meanwhile_is_shown_and_nothing_is_lost(olga: Client) -> None:
    one = add(olga)
    mine = hidden(olga.get(f"{DESK}/rows/{one}").text)
    theirs = dict(mine)
    olga.post(f"{DESK}/rows/{one}", theirs | row(proposed="their seven days"))
    answer = olga.post(f"{DESK}/rows/{one}", mine | row(proposed="my eight days"), status=422)
    assert "their seven days" in answer.text
    assert "my eight days" in answer.text
    olga.post(f"{DESK}/rows/{one}", hidden(answer.text) | row(proposed="my eight days"))
    assert "my eight days" in olga.get(DESK).text
    olga.post(f"{DESK}/rows/{one}/delete", mine, status=409)


@pytest.mark.parametrize(
    "wrong",
    [
        {"place": "", "current": "", "proposed": ""},
        {"proposed": "x" * 20_001},
        {"wid": "nowhere"},
        {"after": "x"},
    ],
)
def test_a_row_that_cannot_be_is_not_added(cast: Cast, olga: Client, wrong: dict[str, str]) -> None:
    with unchanged(cast.platform):
        answer = olga.post(f"{DESK}/rows", row(**wrong), status=422)
    assert "There is a problem" in answer.text


def upload(client: Client, data: bytes, name: str = "table.docx", **more: Any) -> Any:
    return client.post(f"{DESK}/import", files={"file": (name, data)}, **more)


def test_a_file_is_looked_at_before_it_replaces_anything(cast: Cast, olga: Client) -> None:
    add(olga, place="Article 77")
    with unchanged(cast.platform):
        preview = upload(olga, FILE, status=200)
    for words in (
        "It is open daily.",
        "A new article",
        "Wording in force",
        "all rows there are now: 1",
    ):
        assert words in preview.text
    olga.post(f"{DESK}/replace", hidden(preview.text))
    page = olga.get(DESK).text
    assert "It is open daily." in page
    assert "Article 77" not in page


def test_a_preview_does_not_replace_what_was_changed_meanwhile(olga: Client) -> None:
    preview = hidden(upload(olga, FILE, status=200).text)
    add(olga, place="Article 77")
    olga.post(f"{DESK}/replace", preview, status=409)
    assert "Article 77" in olga.get(DESK).text


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (word(p("No table")), "table.docx", "no table"),
        (word(table(("Name", "Date"), ("a", "b"))), "table.docx", "Name | Date"),
        (b"plain", "table.txt", "only"),
        (b"", "table.docx", "empty"),
        (b"PK\x03\x04", "table.docx", "damaged"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_reason(
    cast: Cast, olga: Client, data: bytes, name: str, told: str
) -> None:
    with unchanged(cast.platform):
        answer = upload(olga, data, name, status=422)
    assert told in answer.text


def test_while_a_file_is_looked_at_others_write(
    cast: Cast, olga: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(rows: Sequence[Words], tree: Tree) -> list[str]:
        with cast.platform.database.writing() as session:
            make_person(session, "Meerim")
        return suggest(rows, tree)

    monkeypatch.setattr("drafts.comparative.routes.suggest", meanwhile)
    assert "It is open daily." in upload(olga, FILE, status=200).text


def test_no_file_at_all_is_asked_for_again(olga: Client) -> None:
    olga.post(f"{DESK}/import", {}, status=422)


@pytest.mark.parametrize(
    "posted", [{}, {"rows": "[", "seen": ""}, {"rows": "[[1,2,3,4,5,6,7]]", "seen": ""}]
)
def test_a_forged_preview_changes_nothing(cast: Cast, olga: Client, posted: dict[str, str]) -> None:
    with unchanged(cast.platform):
        olga.post(f"{DESK}/replace", posted, status=422)


PAGES = ("", "/rows/new", "/rows/1")
POSTS = ("/rows", "/rows/1", "/rows/1/move", "/rows/1/delete", "/import", "/replace", "/copy")


def test_it_is_the_own_agencys_table(cast: Cast, olga: Client) -> None:
    add(olga)
    damir, aizada, visitor = cast["damir"], cast["aizada"], Client(cast.platform)
    with unchanged(cast.platform):
        for path in PAGES:
            damir.get(DESK + path, status=404)
            aizada.get(DESK + path, status=403)
            visitor.get(DESK + path, status=303)
        for path in POSTS:
            damir.post(DESK + path, row(), status=404)
            aizada.post(DESK + path, row(), status=403)


def test_the_table_of_a_public_version_is_not_changed(cast: Cast, olga: Client) -> None:
    url = "/desk/drafts/1/comparative-table"
    assert "does not change any more" in olga.get(url).text
    with unchanged(cast.platform):
        olga.post(f"{url}/rows", row(), status=403)


@pytest.fixture
def shown(cast: Cast, olga: Client) -> Client:
    """A visitor, when the table of a draft is public."""
    add(olga, current="open five days a week", proposed="open six days a week", wid="art_2")
    add(olga, place="The Law on Libraries", current="", proposed="")
    olga.post("/desk/drafts/2/open")
    return Client(cast.platform)


def test_everybody_reads_the_table_with_what_differs(shown: Client) -> None:
    page = shown.get("/drafts/2/comparative-table").text
    current, proposed = re.findall(r'data-label="(?:Wording|Proposed)[^>]*>(.*?)</td>', page)[:2]
    assert "<del>" in current
    assert "<ins>" not in current
    assert "<ins>" in proposed
    assert "<del>" not in proposed
    assert 'href="/drafts/2/provisions/art_2"' in page
    assert "The Law on Libraries" in page


def test_the_tab_is_there_when_there_is_a_table(cast: Cast, shown: Client) -> None:
    link = 'href="/drafts/{}/comparative-table"'
    assert link.format(2) in shown.get("/drafts/2").text
    assert link.format(1) not in shown.get("/drafts/1").text
    shown.get("/drafts/1/comparative-table", status=404)


def test_the_table_is_taken_away_as_a_word_file(shown: Client) -> None:
    page = shown.get("/drafts/2/downloads").text
    url = "/drafts/2/versions/1/en-comparative-table.docx"
    assert f'href="{url}"' in page
    rows = read_table(shown.get(url).content, "table.docx").rows
    assert rows == (
        Words("Article 1", "open five days a week", "open six days a week"),
        Words("The Law on Libraries"),
    )


def test_a_table_that_is_not_public_is_not_shown(cast: Cast, olga: Client) -> None:
    add(olga)
    for client in (Client(cast.platform), cast["damir"]):
        client.get("/drafts/2/comparative-table", status=404)
        client.get("/drafts/2/versions/1/en-comparative-table.docx", status=404)
    olga.get("/drafts/2/comparative-table")


def test_a_new_version_may_begin_with_the_earlier_table(cast: Cast, shown: Client) -> None:
    olga = cast["olga"]
    with cast.platform.database.writing() as session:
        add_version(session, session.get_one(Draft, 2), ["One.", "Two."])
    page = olga.get(DESK).text
    assert "Begin with the table of version 1" in page
    olga.post(f"{DESK}/copy", {"n": "1"})
    assert "open six days a week" in olga.get(DESK).text
    olga.post(f"{DESK}/copy", {"n": "1"}, status=409)
    olga.post(f"{DESK}/copy", {"n": "7"}, status=404)
    assert "The Law on Libraries" in shown.get("/drafts/2/comparative-table").text


@pytest.mark.parametrize("lang", ["ky", "ru", "kk", "en"])
def test_the_pages_are_whole_in_every_language(cast: Cast, olga: Client, lang: str) -> None:
    one = add(olga)
    for path in ("", "/rows/new", f"/rows/{one}"):
        olga.get(DESK + path, headers={"Accept-Language": lang})
    olga.get("/drafts/2/comparative-table", headers={"Accept-Language": lang})
