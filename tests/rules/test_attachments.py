"""Files of comments: their kind is what they hold, their names lead nowhere."""

import unicodedata
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.attachments.content import ENDINGS, KINDS, recognise
from consult.attachments.rules import LONGEST, MOST, check_count, clean_name, stored_path
from consult.errors import DomainError, Invalid, TooLarge, Unsupported
from tests.attached import (
    FILES,
    JPEG,
    PDF,
    chunk,
    exif,
    jpeg,
    office,
    opened,
    packed,
    png,
    segment,
)

PLACE = b"42.8746N 74.5698E"
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
RELATION = (
    '<Relationships><Relationship Type="http://x/{kind}" TargetMode="External" '
    'Target="http://evil.example/x"/></Relationships>'
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

REFUSED: dict[str, bytes] = {
    "a page": b"<!DOCTYPE html><script>alert(1)</script>",
    "a page after a comment": b"  <!-- harmless -->\n<html>",
    "a page in UTF-16": "<html>".encode("utf-16"),
    "a drawing": SVG,
    "a drawing after a declaration": b'\xef\xbb\xbf<?xml version="1.0"?>' + SVG,
    "rich text": rb"{\rtf1 \object}",
    "a program": b"MZ\x90\0\3\0\0\0",
    "an old document": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    "a moving picture": b"GIF89a" + bytes(20),
    "an archive": packed({"a.txt": "a"}),
    "half a PDF": PDF[:-7],
    "half a picture": png()[:-8],
    "half a photograph": JPEG[:-20],
    "a photograph without points": b"\xff\xd8\xff\xe0\0\x04ab\xff\xd9",
    "a picture with a wrong sum": png().replace(b"IDAT", b"IDAT", 1)[:-1] + b"\0",
    "a picture that begins with its points": png()[:8] + chunk(b"IDAT") + png()[8:],
    "a document with macros": office("docx", {"word/vbaProject.bin": b"x"}),
    "a sheet with macros": office("xlsx", {"xl/vbaProject.bin": b"x"}),
    "a sheet with old macros": office("xlsx", {"xl/macrosheets/sheet1.xml": "<x/>"}),
    "a document that says it has macros": office(
        "docx", main="application/vnd.ms-word.document.macroEnabled.main+xml"
    ),
    "a presentation": office("docx", main="application/x.presentation.main+xml"),
    "an object that acts": office("docx", {"word/embeddings/oleObject1.bin": b"x"}),
    "a control": office("docx", {"word/activeX/activeX1.xml": "<x/>"}),
    "a template from afar": office(
        "docx", {"word/_rels/settings.xml.rels": RELATION.format(kind="attachedTemplate")}
    ),
    "entities": office("docx", {"word/a.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
    "no XML": office("xlsx", {"xl/workbook.xml": "<a>"}),
    "macros of LibreOffice": opened("odt", parts={"Basic/Standard/Module1.xml": "<x/>"}),
    "a script": opened("ods", "<office><script/></office>"),
    "a locked document": opened(
        "odt", parts={"META-INF/manifest.xml": "<m><encryption-data/></m>"}
    ),
    "a picture from afar": opened(
        "odt", f'<a {XLINK}><image xlink:href="http://e.example/x"/></a>'
    ),
    "a source of data": opened("ods", "<a><dde-source/></a>"),
    "another program's file": opened("odt", "<a><object-ole/></a>"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_what_it_holds_whatever_its_name(kind: str) -> None:
    found, kept = recognise(FILES[kind])
    assert found == KINDS[kind]
    assert kept == FILES[kind]


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_what_could_act_or_is_of_no_known_kind_is_refused(data: bytes) -> None:
    with pytest.raises(Unsupported):
        recognise(data)


def test_a_bomb_is_refused_unopened() -> None:
    with pytest.raises(TooLarge):
        recognise(office("docx", {"word/media/a.bin": bytes(20_000_000)}))


@pytest.mark.parametrize("data", [b"", b" \n"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid):
        recognise(data)


def test_charts_and_links_to_click_are_no_danger() -> None:
    chart = {"word/embeddings/Microsoft_Excel_Sheet1.xlsx": office("xlsx")}
    link = {"word/_rels/document.xml.rels": RELATION.format(kind="hyperlink")}
    assert recognise(office("docx", chart | link))[0] == KINDS["docx"]
    drawn = f'<a {XLINK}><object xlink:href="./Object 1"/></a>'
    assert recognise(opened("ods", drawn, {"Object 1/content.xml": "<x/>"}))[0] == KINDS["ods"]


def test_a_text_is_kept_as_utf_8() -> None:
    kind, kept = recognise("Китепкана керек, бул туура сунуш.".encode("windows-1251"))
    assert kind == KINDS["txt"]
    assert kept.decode() == "Китепкана керек, бул туура сунуш."


@pytest.mark.parametrize("tail", [b"", FILES["docx"], SVG, b"\xff\xd8", b"\0" * 50])
def test_a_photograph_is_kept_without_where_it_was_taken(tail: bytes) -> None:
    said = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE)
    note, maker = segment(0xFE, PLACE), segment(0xE2, b"MPF\0" + PLACE)
    kind, kept = recognise(jpeg(exif(1, PLACE), said, note, maker, tail=tail))
    assert kind == KINDS["jpeg"]
    assert kept == JPEG


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("turn", range(2, 9))
def test_a_photograph_stays_turned_as_it_was(turn: int, order: str) -> None:
    _, kept = recognise(jpeg(exif(turn, PLACE, order)))
    assert kept == jpeg(exif(turn, order=">"))
    assert recognise(kept)[1] == kept


def test_a_picture_is_kept_without_what_is_written_into_it() -> None:
    more = [chunk(name, PLACE) for name in (b"tEXt", b"iTXt", b"eXIf", b"tIME", b"prVt")]
    assert recognise(png(*more, tail=FILES["docx"]))[1] == png()


def test_a_picture_keeps_its_colours() -> None:
    coloured = png(chunk(b"gAMA", b"\0\0\xb1\x8f"), chunk(b"sRGB", b"\0"))
    assert recognise(coloured)[1] == coloured


@given(
    st.sampled_from(sorted(FILES)),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=8),
    st.binary(max_size=60),
)
def test_no_damage_and_no_tail_breaks_the_reader(
    kind: str, changes: list[tuple[int, int]], tail: bytes
) -> None:
    data = bytearray(FILES[kind])
    for at, value in changes:
        data[at % len(data)] = value
    try:
        found, kept = recognise(bytes(data) + tail)
    except DomainError:
        return
    assert recognise(kept) == (found, kept), "what is kept is what it is said to be"


@given(st.binary(max_size=300))
def test_whatever_comes_is_recognised_or_refused(data: bytes) -> None:
    for start in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"%PDF-"):
        try:
            kind, _ = recognise(start + data)
        except DomainError:
            continue
        assert kind in KINDS.values()


NASTY = st.text(
    st.one_of(
        st.sampled_from("/\\..:\0\r\n\t\"<>|?*%;'\u202e\u2066\u200b\ufeff \u00a0"), st.characters()
    )
)


@given(NASTY, st.sampled_from(list(KINDS.values())))
def test_a_name_leads_nowhere_hides_nothing_and_ends_as_it_is(name: str, kind: object) -> None:
    endings = kind.endings  # type: ignore[attr-defined]
    clean = clean_name(name, endings)
    assert PurePosixPath(clean).name == clean
    assert clean.strip(" .") == clean
    assert not set(clean) & set('/\\<>:"|?*')
    assert all(unicodedata.category(c)[0] != "C" for c in clean)
    assert clean.lower().endswith(tuple(endings))
    assert len(clean) <= LONGEST
    assert clean_name(clean, endings) == clean


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Пикир 1.PDF", "Пикир 1.PDF"),
        ("C:\\Users\\Asan\\scan.pdf", "scan.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe.pdf"),
        (".pdf", "pdf.pdf"),
        ("", "file.pdf"),
        ("page.html", "page.html.pdf"),
    ],
)
def test_a_name_is_cleaned(name: str, clean: str) -> None:
    assert clean_name(name, (".pdf",)) == clean


@given(st.text(max_size=80))
def test_only_a_digest_is_a_place(text: str) -> None:
    with pytest.raises(ValueError, match="not a digest"):
        stored_path(text)


@given(st.binary(min_size=32, max_size=32))
def test_a_file_lies_where_its_digest_says(digest: bytes) -> None:
    path = stored_path(digest.hex())
    assert path.parts == (digest.hex()[:2], digest.hex()[2:])


def test_a_comment_has_so_many_files_and_no_more() -> None:
    check_count(MOST)
    with pytest.raises(Invalid):
        check_count(MOST + 1)


def test_every_ending_offered_is_of_a_kind_that_is_taken() -> None:
    assert len(set(ENDINGS)) == len(ENDINGS) > len(KINDS)
