"""Importing in the browser: what was read is shown first; bad files get clear errors."""

import zipfile
from io import BytesIO
from typing import Any

import docx
import pytest
from sqlmodel import select

from consult.platform import Platform
from drafts.models import Draft, DraftVersion, ImportPreview, Provision
from tests.client import Client
from tests.conftest import TestClock
from tests.web.ministry import Ministry, make_ministry, upload

LAW = "Статья 1. Предмет\n1. Первый пункт.\n\nСтатья 2. Деньги\n1. Второй пункт.\n"
FACTS = {"lang": "ru", "act_type": "law", "topic": "culture"}
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.fixture
def ministry(platform: Platform, clock: TestClock) -> Ministry:
    return make_ministry(platform, clock)


@pytest.fixture
def olga(ministry: Ministry) -> Client:
    return ministry.client("Olga")


def send(olga: Client, data: bytes, name: str = "law.txt", status: int = 303, **facts: str) -> Any:
    """Send a file with the usual facts, some of them changed."""
    files = {"file": (name, data, "application/octet-stream")}
    return olga.post("/desk/import", FACTS | facts, files=files, status=status)


def kept(platform: Platform) -> int:
    """How many rows of any kind an import has left behind."""
    with platform.database.reading() as session:
        tables = (ImportPreview, Draft, DraftVersion, Provision)
        return sum(len(session.exec(select(table)).all()) for table in tables)


def word_file(*paragraphs: str) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    data = BytesIO()
    document.save(data)
    return data.getvalue()


def zip_bomb() -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"\0" * 20_000_000)
    return data.getvalue()


SCANNED = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


@pytest.mark.parametrize(
    ("data", "name", "status"),
    [
        pytest.param(b"", "law.txt", 422, id="an empty file"),
        pytest.param(b" \n ", "law.txt", 422, id="nothing but spaces"),
        pytest.param(b"not a zip archive", "law.docx", 415, id="a .docx that is not one"),
        pytest.param(b"PK\x03\x04 broken", "law.docx", 415, id="a damaged .docx"),
        pytest.param(SCANNED, "law.pdf", 422, id="a scanned PDF without text"),
        pytest.param(b"\x89PNG\r\n", "law.png", 415, id="a picture"),
        pytest.param(b"\xff\xfe\x00\xd8\x00\xd8", "law.txt", 422, id="a wrong encoding"),
    ],
)
def test_a_bad_file_gets_a_clear_error_and_leaves_nothing(
    ministry: Ministry, olga: Client, data: bytes, name: str, status: int
) -> None:
    page = send(olga, data, name, status).text
    assert "There is a problem" in page
    assert 'id="f-file-error"' in page
    assert 'value="law" selected' in page  # what was chosen is kept
    assert kept(ministry.platform) == 0


def test_a_zip_bomb_is_not_opened(ministry: Ministry, olga: Client) -> None:
    send(olga, zip_bomb(), "law.docx", 413)
    assert kept(ministry.platform) == 0


def test_a_file_beyond_the_limit_is_refused_with_a_page(ministry: Ministry, olga: Client) -> None:
    most = ministry.platform.settings.max_upload_mb * 1_000_000
    page = send(olga, b"a" * (most + 4_000_000), status=413).text
    assert "more than can be taken" in page
    assert kept(ministry.platform) == 0


def test_a_file_must_be_chosen_and_the_kind_of_act(olga: Client) -> None:
    page = olga.post("/desk/import", FACTS, files={"file": ("", b"", "")}, status=422)
    assert "Please choose a file." in page.text
    assert "Please fill this in." in olga.post("/desk/import", FACTS, status=422).text
    page = send(olga, LAW.encode(), status=422, act_type="poem")
    assert "Please choose the kind of act." in page.text


def test_a_word_file_is_shown_then_taken_over(ministry: Ministry, olga: Client) -> None:
    data = word_file("Статья 1. Предмет", "1. Первый пункт.", "2. Второй пункт.")
    read = send(olga, data, "law.docx")
    page = olga.follow(read).text
    assert "1 article" in page
    assert "2 paragraphs" in page
    assert "Первый пункт." in page
    assert 'href="{}"'.format(read.headers["location"]) in olga.get("/desk").text
    taken = olga.post(read.headers["location"], {"title": "О библиотеках"})
    assert "О библиотеках" in olga.follow(taken).text
    olga.get(read.headers["location"], status=404)


def test_script_in_a_file_stays_text(olga: Client) -> None:
    read = send(olga, "Статья 1. <script>alert(1)</script>\n1. <b>Пункт</b>\n".encode())
    page = olga.follow(read).text
    assert "&lt;script&gt;" in page
    assert "<b>Пункт" not in page


def test_a_discarded_text_is_forgotten(ministry: Ministry, olga: Client) -> None:
    read = send(olga, LAW.encode())
    olga.post(f"{read.headers['location']}/discard")
    assert kept(ministry.platform) == 0


def test_what_another_ministry_read_is_not_found(ministry: Ministry, olga: Client) -> None:
    read = send(olga, LAW.encode())
    aizada = ministry.client("Aizada")
    aizada.get(read.headers["location"], status=403)
    aizada.post("/desk/import", FACTS, status=403)


def test_a_second_language_that_does_not_correspond_is_refused_at_the_preview(
    ministry: Ministry, olga: Client
) -> None:
    draft = upload(olga, "/desk/import", LAW, act_type="law").headers["location"]
    number = draft.rpartition("/")[2]
    files = {"file": ("law.txt", "1-берене. Жалгыз.\n1. Пункт.\n".encode(), "text/plain")}
    read = olga.post(f"/desk/import?draft={number}", {"lang": "ky"}, files=files)
    page = olga.post(read.headers["location"], {"title": "Мыйзам"}, status=422)
    assert "stop corresponding" in page.text
    olga.get(read.headers["location"])  # it still waits
    assert "Кыргызча" not in olga.get(draft).text.partition("<main")[2]


def test_reading_a_file_holds_no_write_transaction(
    ministry: Ministry, olga: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(olga, LAW.encode())  # the first of the day is noted with the sign-in
    statements: list[int] = []

    def spy(*_: object) -> object:
        statements.append(sum("sign_in" not in one for one in olga.statements))
        raise RuntimeError("far enough")

    monkeypatch.setattr("drafts.routes.import_bytes", spy)
    with pytest.raises(RuntimeError):
        send(olga, LAW.encode())
    assert statements == [0]
