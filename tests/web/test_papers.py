"""Papers in a browser: the whole text, its parts to look at, sending, reading; nothing is lost."""

import html
import io
import re
from collections.abc import Mapping
from typing import Any

import pytest
from docx import Document
from sqlmodel import select

from consult.consultations.models import Consultation
from consult.papers.models import Paper
from consult.platform import Platform
from tests.cast import Cast, unchanged
from tests.client import Client
from tests.factories import close_consultation, make_person, sign_in_token

TEXT = """Position of the union of librarians

Article 1
Who pays?
Nobody says so.

On Article 2: five days are too few."""


@pytest.fixture
def people(platform: Platform) -> Cast:
    return Cast(platform)


@pytest.fixture
def bolot(people: Cast) -> Client:
    return people["bolot"]


def parts_in(page: str) -> dict[str, Any]:
    """All fields of the form with the parts, as a browser would send them."""
    fields: dict[str, Any] = {"title": re.findall(r'name="title"[^>]* value="([^"]*)"', page)[0]}
    sent = {
        "text[]": re.findall(
            r'<textarea[^>]*name="text\[\]"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL
        )
    }
    for name in ("wid[]", "kind[]", "cut[]"):
        selects = re.findall(rf'<select[^>]*name="{re.escape(name)}".*?</select>', page, re.DOTALL)
        sent[name] = [
            (re.findall(r'<option value="([^"]*)" selected', one) or [""])[0] for one in selects
        ]
    sent["cut[]"] = [""] * len(sent["text[]"])
    assert len(sent["text[]"]) == page.count('name="cut[]"')
    sent["out[]"] = re.findall(r'name="out\[\]" value="(\d+)" checked', page)
    told = {name: [html.unescape(one) for one in values] for name, values in sent.items()}
    return {**fields, **{name: values for name, values in told.items() if values}}


def look(client: Client, **more: Any) -> dict[str, Any]:
    typed = {"title": "Our position", "text": TEXT} | more
    return parts_in(client.post("/drafts/1/paper", typed, status=200).text)


def step(client: Client, fields: Mapping[str, Any], do: str, status: int = 200) -> dict[str, Any]:
    return parts_in(client.post("/drafts/1/paper/parts", {**fields, "do": do}, status=status).text)


def test_a_text_is_shown_in_parts_and_nothing_is_kept(bolot: Client, platform: Platform) -> None:
    assert "/drafts/1/paper" in bolot.get("/drafts/1/discussion").text
    assert "Send a position paper" in bolot.get("/drafts/1/paper").text
    with unchanged(platform):
        fields = look(bolot)
    assert fields["wid[]"] == ["", "art_1", "art_2"]
    assert fields["text[]"][1] == "Article 1\nWho pays?\nNobody says so."
    assert fields["title"] == "Our position"


def test_a_heading_that_names_nothing_is_told_before_anything_is_sent(bolot: Client) -> None:
    typed = {"title": "", "text": f"{TEXT}\n\nArticle 99\nIs there one?"}
    page = html.unescape(bolot.post("/drafts/1/paper", typed, status=200).text)
    assert page.count("This line names no provision of the text: “Article 99”") == 1


def test_the_first_line_is_the_title_for_want_of_one(bolot: Client) -> None:
    assert look(bolot, title="")["title"] == "Position of the union of librarians"


def test_parts_are_joined_cut_and_left_out(bolot: Client, platform: Platform) -> None:
    fields = look(bolot)
    fields["kind[]"][1] = "question"
    fields["out[]"] = ["2"]
    with unchanged(platform):
        joined = step(bolot, fields, "join-1")
    assert joined["wid[]"] == ["", "art_2"]
    assert joined["out[]"] == ["1"]
    assert joined["text[]"][0].endswith("Nobody says so.")
    joined["cut[]"][0] = "Who pays?"
    cut = step(bolot, joined, "cut-0")
    assert cut["text[]"][1] == "Who pays?\nNobody says so."
    assert cut["out[]"] == ["2"]
    cut["cut[]"][0] = "not a line of it"
    again = step(bolot, cut, "cut-0", status=422)
    assert again["text[]"] == cut["text[]"]


def test_a_paper_is_sent_and_read(bolot: Client, platform: Platform) -> None:
    fields = look(bolot)
    fields["wid[]"][0] = "art_2"
    sent = bolot.post("/drafts/1/paper/parts", {**fields, "do": "send"})
    again = bolot.post("/drafts/1/paper/parts", {**fields, "do": "send"})
    assert sent.headers["location"] == again.headers["location"] == "/papers/1"
    page = Client(platform).get("/papers/1").text
    assert "Our position" in page
    assert page.count('<article class="comment"') == 3
    assert page.index("Who pays?") < page.index("five days are too few")
    assert "/papers/1" in bolot.get("/comments/2").text
    assert "/papers/1" in bolot.get("/drafts/1/discussion").text


def test_nothing_typed_is_lost_when_a_part_is_refused(bolot: Client, platform: Platform) -> None:
    fields = look(bolot)
    fields["text[]"][1] = ""
    fields["kind[]"][2] = "question"
    with unchanged(platform):
        again = step(bolot, fields, "send", status=422)
        assert {name: again[name] for name in fields} == fields
        long = {**fields, "title": "x" * 201}
        assert step(bolot, long, "send", status=422)["title"] == "x" * 201
        fields["text[]"][1], fields["wid[]"][1] = "Yes.", "art_99"
        assert step(bolot, fields, "send", status=422)["wid[]"][1] == "art_99"


def test_after_the_round_the_text_is_kept_in_the_form(bolot: Client, platform: Platform) -> None:
    fields = look(bolot)
    with platform.database.writing() as session:
        close_consultation(session, session.exec(select(Consultation)).one())
    with unchanged(platform):
        assert step(bolot, fields, "send", status=403)["text[]"] == fields["text[]"]
        assert "Nobody says so." in bolot.post("/drafts/1/paper", {"text": TEXT}, status=403).text
    bolot.get("/drafts/1/paper", status=403)


def test_only_people_who_comment_send_papers(people: Cast, platform: Platform) -> None:
    assert "/sign-in" in Client(platform).get("/drafts/1/paper", status=303).headers["location"]
    with unchanged(platform):
        people["olga"].get("/drafts/1/paper", status=403)
        people["olga"].post("/drafts/1/paper", {"text": TEXT}, status=403)
        people["bolot"].get("/drafts/2/paper", status=404)
        people["bolot"].post("/drafts/2/paper/parts", look(people["bolot"]), status=404)


def test_an_organisation_says_on_whose_behalf(people: Cast, platform: Platform) -> None:
    with platform.database.writing() as session:
        union = make_person(session, "Union", organisation="Union of librarians")
        client = Client(platform, sign_in_token(session, union))
    assert "On whose behalf" in client.get("/drafts/1/paper").text
    fields = look(client) | {"mandate": "40 members", "do": "send"}
    client.post("/drafts/1/paper/parts", fields)
    page = people["bolot"].get("/papers/1").text
    assert "Union of librarians" in page
    assert "40 members" in page


def test_a_file_is_read(bolot: Client, platform: Platform) -> None:
    document = Document()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    data = io.BytesIO()
    document.save(data)
    files = {"file": ("position.docx", data.getvalue())}
    with unchanged(platform):
        page = bolot.post("/drafts/1/paper", {"title": "Ours"}, files=files, status=200).text
    assert parts_in(page)["wid[]"] == ["", "art_1", "art_2"]


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("photo.png", b"\x89PNG", 415),
        ("page.html", b"<p>Article 1</p>", 415),
        ("broken.docx", b"PK\x03\x04 broken", 415),
    ],
)
def test_a_file_that_cannot_be_read_loses_nothing(
    bolot: Client, platform: Platform, name: str, data: bytes, status: int
) -> None:
    with unchanged(platform):
        page = bolot.post(
            "/drafts/1/paper", {"text": TEXT}, files={"file": (name, data)}, status=status
        ).text
    assert "Nobody says so." in page


def test_an_empty_text_and_a_made_up_form_are_refused(bolot: Client, platform: Platform) -> None:
    with unchanged(platform):
        bolot.post("/drafts/1/paper", {"text": " "}, status=422)
        bolot.post("/drafts/1/paper/parts", {"do": "send"}, status=422)
        fields = look(bolot)
        bolot.post("/drafts/1/paper/parts", {**fields, "kind[]": ["poem"] * 3}, status=422)
        bolot.post("/drafts/1/paper/parts", {**fields, "wid[]": ["art_1"]}, status=422)
        bolot.post("/drafts/1/paper/parts", {**fields, "do": "join-0"}, status=422)
        bolot.post("/drafts/1/paper/parts", {**fields, "do": "cut-99"}, status=422)


def test_a_withdrawn_part_leaves_its_gap_and_takes_the_title(
    bolot: Client, platform: Platform
) -> None:
    bolot.post("/drafts/1/paper/parts", {**look(bolot), "do": "send"})
    bolot.post("/comments/2/withdraw")
    page = bolot.get("/papers/1").text
    assert "Our position" not in page  # for a title may repeat the words
    assert "Position paper" in page
    assert "Withdrawn by its author." in page
    bolot.get("/papers/9", status=404)
    with platform.database.reading() as session:
        assert len(session.exec(select(Paper)).all()) == 1
