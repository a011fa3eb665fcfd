"""Files nobody should have sent: each is refused with its reason, and nothing of it is kept."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import select

from consult.platform import Platform
from consult.security import SIGN_IN_COOKIE
from drafts.models import Draft, ImportPreview, Provision
from tests.cast import Cast, unchanged
from tests.client import Client
from tests.rules.importing_files import archive, p, pdf, word

TEXT = "Article 1\nA library stands in every village.\nArticle 2\nIt is warm.\n"
FACTS = {"lang": "en", "act_type": "law", "title": "On village libraries"}
BOMB = archive({"[Content_Types].xml": "<a/>", "word/document.xml": b"<a>" + b" " * 2**24})
BAD_FILES = {
    "a Word file that is none": ("a.docx", b"PK\x03\x04 no archive", 415, "not a Word document"),
    "a web page called Word": ("a.docx", b"<html></html>", 415, "its content is something else"),
    "a scanned PDF": ("a.pdf", pdf([]), 422, "scanned picture without text"),
    "half a PDF": ("a.pdf", b"%PDF-1.4 nothing", 422, "damaged"),
    "an empty file": ("a.txt", b"", 422, "The file is empty."),
    "only white space": ("a.txt", b" \n\t\n", 422, "The file is empty."),
    "a Word file without words": ("a.docx", word(p("")), 422, "no text"),
    "a zip bomb": ("a.docx", BOMB, 413, "too large"),
    "an unknown encoding": ("a.txt", "Статья 1. Текст".encode("koi8-r"), 422, "encoding"),
    "a picture called text": ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x00", 422, "encoding"),
    "a program": ("a.exe", b"MZ", 415, "Only .docx, .odt, .pdf"),
    "an old Word file": ("a.doc", b"\xd0\xcf\x11\xe0", 415, "Only .docx, .odt, .pdf"),
}
MEGABYTE = b"x" * 1_000_000


@pytest.fixture
def people(platform: Platform) -> Cast:
    return Cast(platform)


def upload(client: Client, name: str, data: bytes, *, status: int = 303, url: str = "") -> Any:
    file = {"file": (name, data)}
    return client.post(url or "/desk/import", FACTS, files=file, status=status)


def previews(platform: Platform) -> list[ImportPreview]:
    with platform.database.reading() as session:
        return list(session.exec(select(ImportPreview)).all())


@pytest.mark.parametrize("kind", BAD_FILES)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    people: Cast, platform: Platform, kind: str
) -> None:
    name, data, status, reason = BAD_FILES[kind]
    with unchanged(platform):
        page = upload(people["olga"], name, data, status=status).text
    assert reason in page
    assert 'value="On village libraries"' in page  # what was typed stays


def test_no_file_at_all_is_asked_for(people: Cast, platform: Platform) -> None:
    with unchanged(platform):
        people["olga"].post("/desk/import", FACTS, status=422)
        people["olga"].post("/desk/import", FACTS, files={"file": ("", b"")}, status=422)
        people["olga"].post("/desk/import", FACTS | {"file": "a.txt"}, status=422)


def send_raw(client: Client, length: int | None, body: Iterator[bytes]) -> tuple[int, str, int]:
    """POST a body as it comes; returns the status, the page, and how many pieces were taken."""
    taken = 0
    answer: list[Any] = []
    headers = [
        (b"host", b"testserver"),
        (b"sec-fetch-site", b"same-origin"),
        (b"content-type", b"multipart/form-data; boundary=x"),
        (b"cookie", f"{SIGN_IN_COOKIE}={client.http.cookies[SIGN_IN_COOKIE]}".encode()),
    ]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))

    async def receive() -> Any:
        nonlocal taken
        piece = next(body, None)
        taken += piece is not None
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(message: Any) -> None:
        answer.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/desk/import",
        "raw_path": b"/desk/import",
        "query_string": b"",
        "headers": headers,
        "scheme": "http",
        "root_path": "",
        "server": ("testserver", 80),
        "client": ("127.0.0.1", 1),
        "http_version": "1.1",
    }
    asyncio.run(client.http.app(scope, receive, send))  # type: ignore[arg-type]
    page = b"".join(m.get("body", b"") for m in answer if m["type"] == "http.response.body")
    return answer[0]["status"], page.decode(), taken


def sixty_megabytes() -> Iterator[bytes]:
    yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    for _ in range(60):
        yield MEGABYTE
    yield b"\r\n--x--\r\n"


@pytest.mark.parametrize("said", [60_000_100, None], ids=["said at once", "found on the way"])
def test_60_megabytes_are_refused(people: Cast, platform: Platform, said: int | None) -> None:
    with unchanged(platform):
        status, page, taken = send_raw(people["olga"], said, sixty_megabytes())
    assert status == 413
    assert "This is more than can be taken at once." in page
    assert said or taken < 25  # a browser says it, and shows the answer once it has sent all


def test_an_import_for_another_agency_does_not_exist(people: Cast, platform: Platform) -> None:
    upload(people["olga"], "a.txt", TEXT.encode())
    (preview,) = previews(platform)
    url = f"/desk/import/{preview.id}"
    with unchanged(platform):
        for name in ("damir", "bolot"):
            status = 404 if name == "damir" else 403
            people[name].get(url, status=status)
            people[name].post(url, {"title": "Mine now"}, status=status)
            people[name].post(f"{url}/discard", status=status)
        people["damir"].get("/desk/import?draft=2", status=404)
        upload(people["damir"], "a.txt", TEXT.encode(), url="/desk/import?draft=2", status=404)
    assert "every village" in people["olga"].get(url).text


def test_an_officer_names_no_agency_but_their_own(people: Cast, platform: Platform) -> None:
    file = {"file": ("a.txt", TEXT.encode())}
    with unchanged(platform):
        for name, agency in (("damir", "1"), ("damir", "99"), ("azamat", "99"), ("azamat", "x")):
            people[name].post("/desk/import", FACTS | {"agency": agency}, files=file, status=422)


def test_an_import_id_that_was_guessed_is_not_there(people: Cast) -> None:
    for guess in ("guessed", "1", "%00", "9" * 40, "..%2Fetc"):
        people["azamat"].get(f"/desk/import/{guess}", status=404)
        people["azamat"].post(f"/desk/import/{guess}", {"title": "x"}, status=404)


def test_a_file_name_is_only_a_name(people: Cast, platform: Platform) -> None:
    for name in (
        "../../etc/passwd.txt",
        "<script>alert(1)</script>.txt",
        "a\x00b.txt",
        "ө" * 300 + ".txt",
    ):
        page = people["olga"].follow(upload(people["olga"], name, TEXT.encode())).text
        assert "<script>alert" not in page
    assert len(previews(platform)) == 4


def test_a_file_name_no_database_keeps_is_made_one_it_does(
    people: Cast, platform: Platform
) -> None:
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}' for n, v in FACTS.items()
    ]
    file = '--x\r\nContent-Disposition: form-data; name="file"; filename="a\0b\\ud800.txt"\r\n\r\n'
    body = "\r\n".join([*parts, file + TEXT, "--x--\r\n"]).encode()
    kind = {"Content-Type": "multipart/form-data; boundary=x; charset=unicode_escape"}
    people["olga"].post("/desk/import", content=body, headers=kind)
    assert [preview.filename for preview in previews(platform)] == ["ab?.txt"]


def test_what_is_taken_over_twice_is_there_once(people: Cast, platform: Platform) -> None:
    url = upload(people["olga"], "a.txt", TEXT.encode()).headers["location"]
    people["olga"].post(url, {"title": "On village libraries"})
    with unchanged(platform):
        people["olga"].post(url, {"title": "On village libraries"}, status=404)
        people["olga"].get(url, status=404)
    with platform.database.reading() as session:
        assert len(session.exec(select(Draft)).all()) == 3
        assert len(session.exec(select(Provision).where(Provision.version_id == 3)).all()) >= 2


def test_a_text_that_was_refused_when_taken_over_stays_to_be_put_right(
    people: Cast, platform: Platform
) -> None:
    url = upload(people["olga"], "a.txt", TEXT.encode()).headers["location"]
    with unchanged(platform):
        people["olga"].post(url, {"title": ""}, status=422)
        people["olga"].post(url, {"title": "x" * 501}, status=422)
    people["olga"].get(url)
