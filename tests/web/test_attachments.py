"""Files of comments in a browser: sent with the form, refused by name, fetched to be saved."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlmodel import col, select

from consult.attachments.models import Attachment
from consult.attachments.storing import FOLDER
from consult.comments.models import Comment
from consult.platform import Platform
from tests.attached import FILES, PDF, TEXT, exif, jpeg, office
from tests.cast import Cast, unchanged
from tests.client import Client
from tests.conftest import START

WHOLE = "/drafts/1/comments?wid=&text=en"
SAID = {"body": "Please heat it.", "kind": "substantive", "stance": "neutral"}
MACROS = "The file contains macros. Save it without macros."


@pytest.fixture
def people(platform: Platform) -> Cast:
    return Cast(platform)


def send(client: Client, *files: tuple[str, bytes], url: str = WHOLE, **more: Any) -> Any:
    """A comment with these files, as a browser sends it."""
    status = more.pop("status", 303)
    parts = [("files[]", (name, data, "application/x-anything")) for name, data in files]
    return client.post(url, SAID | more, files=parts or [("files[]", ("", b""))], status=status)


def rows(platform: Platform) -> list[Attachment]:
    with platform.database.reading() as session:
        return list(session.exec(select(Attachment).order_by(col(Attachment.id))).all())


def on_disk(platform: Platform) -> list[Path]:
    return list((platform.settings.data_dir / FOLDER).glob("??/*"))


def test_files_of_every_kind_come_with_a_comment_and_are_fetched_again(
    people: Cast, platform: Platform
) -> None:
    chosen = list(FILES.items())
    send(people["bolot"], *((f"Файл.{kind}", data) for kind, data in chosen[:5]))
    answer = send(people["bolot"], *((kind, data) for kind, data in chosen[5:]), body="More.")
    visitor = Client(platform)
    page = visitor.follow(answer).text
    for row, (kind, data) in zip(rows(platform), chosen, strict=True):
        url = f"/attachments/{row.id}/{quote(row.name, safe='')}"
        assert (f'href="{url}"' in page) == (row.comment_id == rows(platform)[-1].comment_id)
        got = visitor.get(url)
        assert got.content == data
        assert got.headers["content-type"] == row.media_type
        assert got.headers["content-disposition"].startswith("attachment; filename")
        assert row.name.endswith(kind if kind != "jpeg" else "jpg") or kind in row.name


def test_a_file_is_handed_out_so_that_it_can_do_nothing(people: Cast, platform: Platform) -> None:
    send(people["bolot"], ("Кат.txt", TEXT))
    url = f"/attachments/1/{quote('Кат.txt')}"
    got = people["aizada"].get(url)
    assert got.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cross-origin-resource-policy"] == "same-origin"
    assert got.headers["cache-control"] == "private, no-cache"
    named = f"attachment; filename*=utf-8''{quote('Кат.txt')}"
    assert got.headers["content-disposition"] == named
    known = {"If-None-Match": got.headers["etag"]}
    again = people["aizada"].get(url, status=304, headers=known)
    assert again.content == b""
    assert again.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert people["aizada"].get(url, status=206, headers={"Range": "bytes=0-3"}).content == TEXT[:4]


def test_a_file_has_one_address(people: Cast, platform: Platform) -> None:
    send(people["bolot"], ("a.pdf", PDF))
    for url in ("/attachments/1/b.pdf", "/attachments/2/a.pdf", "/attachments/1/..%2Fa.pdf"):
        people["bolot"].get(url, status=404)


def test_a_refused_file_is_named_with_the_reason_and_nothing_is_kept(
    people: Cast, platform: Platform
) -> None:
    bad = office("docx", {"word/vbaProject.bin": b"x"})
    with unchanged(platform):
        page = send(
            people["bolot"],
            ("plan.pdf", PDF),
            ("page.pdf", b"<html>"),
            ("macros\u202e.docx", bad),
            status=422,
        ).text
    assert "<b>page.pdf</b>: Only PDF, PNG, JPEG" in page
    assert f"<b>macros.docx</b>: {MACROS}" in page
    assert "Choose your files again: plan.pdf, page.pdf, macros.docx" in " ".join(page.split())
    assert "Please heat it.</textarea>" in page
    assert on_disk(platform) == []


def test_a_form_refused_for_another_reason_says_which_files_to_choose_again(
    people: Cast, platform: Platform
) -> None:
    with unchanged(platform):
        page = send(people["bolot"], ("plan.pdf", PDF), body="", status=422).text
    assert "Choose your files again: plan.pdf" in " ".join(page.split())
    send(people["bolot"], body="", status=422)  # without files nothing is said of any


def test_more_or_larger_files_than_are_taken_are_refused_with_the_words_kept(
    people: Cast, platform: Platform
) -> None:
    most = platform.settings.attachment_max_mb
    six = [(f"{n}.txt", b"A word.") for n in range(6)]
    large = [("large.txt", b"word " * (most * 200_000 + 1))]
    for files, reason in ((six, "At most 5 files"), (large, f"larger than {most} MB")):
        with unchanged(platform):
            page = send(people["bolot"], *files, status=422).text
        assert reason in page
        assert "Please heat it.</textarea>" in page


def test_a_request_larger_than_all_files_may_be_is_not_taken(people: Cast) -> None:
    room = people.platform.settings.attachment_max_mb * 5 + 4
    files = [(f"{n}.txt", b"x" * 1_000_000) for n in range(room)]
    assert "Nothing of it was kept" in send(people["bolot"], *files, status=413).text


def test_a_reply_may_have_files_too(people: Cast, platform: Platform) -> None:
    send(people["bolot"], ("a.pdf", PDF), url="/comments/1/reply")
    [row] = rows(platform)
    with platform.database.reading() as session:
        assert session.get_one(Comment, row.comment_id).parent_id == 1
    assert "/attachments/1/a.pdf" in Client(platform).get("/comments/1").text


def test_the_same_form_sent_twice_is_one_comment_with_one_file(
    people: Cast, platform: Platform
) -> None:
    for _ in range(2):
        send(people["bolot"], ("a.pdf", PDF))
    assert len(rows(platform)) == 1


def test_a_photograph_goes_out_without_its_place(people: Cast, platform: Platform) -> None:
    send(people["bolot"], ("IMG_1.JPG", jpeg(exif(6, b"42.87N"))))
    got = Client(platform).get("/attachments/1/IMG_1.JPG")
    assert got.content == jpeg(exif(6, order=">"))


@pytest.mark.parametrize("state", ["withdrawn_at", "hidden_at", "held_at", "disavowed_at"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_with_its_words_a_file_goes(people: Cast, platform: Platform, state: str) -> None:
    send(people["bolot"], ("a.pdf", PDF))
    with platform.database.writing() as session:
        comment = session.exec(select(Comment).order_by(col(Comment.id).desc())).first()
        assert comment
        setattr(comment, state, START)
        comment_id = comment.id
    visitor = Client(platform)
    visitor.get("/attachments/1/a.pdf", status=404)
    if state != "disavowed_at":
        assert "a.pdf" not in visitor.get(f"/comments/{comment_id}").text


def test_a_file_that_was_lost_is_said_to_be(people: Cast, platform: Platform) -> None:
    send(people["bolot"], ("a.pdf", PDF))
    on_disk(platform)[0].unlink()
    assert "This file was lost." in people["bolot"].get("/attachments/1/a.pdf", status=404).text
