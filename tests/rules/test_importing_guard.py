"""What is refused before it is opened, and with which status."""

import zipfile
from io import BytesIO
from time import perf_counter

import pytest

from consult.errors import DomainError, TooLarge, Unsupported
from drafts.importing.guard.files import check
from drafts.importing.guard.xml import AKN
from drafts.importing.preview import import_bytes
from tests.rules.importing_files import OFFICE, PACKAGE, XML, W, archive, p, pdf, word
from tests.rules.odt_files import KIND, odt
from tests.rules.odt_files import p as text

MEBIBYTE = 2**20
ENCRYPTED = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'11' * 32}> /U <{'22' * 32}> >>"
DOCTYPE = '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;">]>'


def relations(kind: str, target: str) -> str:
    return (
        f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="x" '
        f'Type="{OFFICE}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    )


def refused(data: bytes, name: str) -> DomainError:
    with pytest.raises(DomainError) as caught:
        import_bytes(data, name, "ru")
    assert str(caught.value)
    assert caught.value.field == "file"
    return caught.value


@pytest.mark.parametrize(
    ("data", "name", "status"),
    [
        (b"", "a.txt", 422),
        (b" \n\t ", "a.docx", 422),
        (b"PK\x03\x04 no archive", "a.docx", 415),
        (b"<html></html>", "a.docx", 415),
        (archive({"a.txt": "b"}), "a.docx", 415),
        (word(p("Текст")), "a.txt", 415),
        (word(p("Текст")), "a.pdf", 415),
        (b"\xd0\xcf\x11\xe0 old Word", "a.doc", 415),
        (b"\xd0\xcf\x11\xe0 encrypted Word", "a.docx", 415),
        ("Текст".encode(), "a.exe", 415),
        ("Текст".encode(), "a", 415),
        (odt(text("Текст")), "a.docx", 415),
        (word(p("Текст")), "a.odt", 415),
        (archive({"mimetype": KIND + "-template", "content.xml": "<a/>"}), "a.odt", 415),
        (archive({"mimetype": KIND}), "a.odt", 415),
        (odt(""), "a.odt", 422),
        ("Статья 1. Текст".encode(), "a.html", 415),
        (b"<html><p>A</p>", "a.txt", 415),
        (b"<html><p> </p>", "a.htm", 422),
        (b"<html>" + "Статья 1".encode("koi8-r"), "a.html", 422),
        (b"<?xml version='1.0'?><a/>", "a.xml", 415),
        (b"<html><p>A</p>", "a.xml", 415),
        (b"<akomaNtoso/>", "a.akn", 415),
        (b"<akomaNtoso xmlns='http://www.akomantoso.org/2.0'/>", "a.akn", 415),
        (f"<akomaNtoso xmlns='{AKN}'>".encode(), "a.xml", 415),
        (f"<a:akomaNtoso xmlns:a='{AKN}'/>".encode(), "a.txt", 415),
        ("Статья 1. Текст".encode("koi8-r"), "a.txt", 422),
        ("Статья 1".encode("utf-16-le"), "a.txt", 422),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "a.txt", 422),
        (word(p("")), "a.docx", 422),
        (b"%PDF-1.4 nothing", "a.pdf", 422),
        (pdf([], []), "a.pdf", 422),
        (pdf([(72, 700, "Статья 1")], trailer=ENCRYPTED + " /ID [<00><00>]"), "a.pdf", 422),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_right_status(
    data: bytes, name: str, status: int
) -> None:
    assert refused(data, name).status == status


def test_a_scanned_pdf_is_told_from_a_damaged_one() -> None:
    assert "scanned" in str(refused(pdf([]), "a.pdf"))


def test_sixty_megabytes_are_refused_at_once() -> None:
    begun = perf_counter()
    assert refused(b"a" * 60 * MEBIBYTE, "a.txt").status == 413
    assert perf_counter() - begun < 1


def test_a_zip_bomb_is_refused_by_what_its_directory_tells() -> None:
    bomb = word(p("Текст"), word__media__image_png=bytes(30 * MEBIBYTE))
    assert len(bomb) < MEBIBYTE
    assert isinstance(refused(bomb, "a.docx"), TooLarge)


def test_too_many_parts_are_refused() -> None:
    parts = {f"word/{number}.bin": b"" for number in range(2001)}
    with pytest.raises(TooLarge):
        check(archive({"[Content_Types].xml": "", **parts}), "a.docx")


@pytest.mark.parametrize(
    "part",
    [
        {"word__vbaProject_bin": b"macro"},
        {"word__embeddings__oleObject1_bin": b"object"},
        {"word__document_xml": f"{XML}{DOCTYPE}<w:document {W}>&d;</w:document>"},
        {"word__document_xml": f"{XML}<w:document {W}>{'<w:a>' * 300}"},
        {"word__document_xml": f"{XML}<w:document {W}><w:body>"},
        {"word___rels__settings_xml_rels": relations("image", "https://example.org/a.png")},
        {"word___rels__settings_xml_rels": relations("attachedTemplate", "https://example.org/a")},
    ],
    ids=["macros", "embedded", "entities", "nesting", "broken", "linked", "template"],
)
def test_a_word_file_that_could_do_harm_is_refused(part: dict[str, bytes | str]) -> None:
    assert isinstance(refused(word(p("Текст"), **part), "a.docx"), Unsupported)


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"Basic__Standard__Module1_xml": "<a/>"}, "macros"),
        ({"Scripts__python__a_py": "import os"}, "macros"),
        ({"Object 1__content_xml": "<a/>"}, "embedded"),
        ({"Object 1__settings_xml": "<a/>"}, "embedded"),
        ({"META-INF__manifest_xml": "<m:a xmlns:m='u'><m:encryption-data/></m:a>"}, "password"),
        ({"meta_xml": f"{XML}{DOCTYPE}<a>&d;</a>"}, "entity"),
        ({"content_xml": f"{XML}{'<a>' * 300}"}, "nested"),
        ({"content_xml": f"{XML}<a>"}, "damaged"),
    ],
)
def test_an_opendocument_text_that_could_do_harm_is_refused(
    part: dict[str, bytes | str], reason: str
) -> None:
    refusal = refused(odt(text("Текст"), **part), "a.odt")
    assert isinstance(refusal, Unsupported)
    assert reason in str(refusal)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('<draw:image xlink:href="https://example.org/a.png"/>', "other files"),
        ('<draw:image xlink:href="../a.png"/>', "other files"),
        ('<draw:image xlink:href="file:///etc/passwd"/>', "other files"),
        ('<text:section><text:section-source xlink:href="a.odt"/></text:section>', "other files"),
        ('<draw:object xlink:href="./Object 1"/>', "embedded"),
        ('<draw:image xlink:href="./Object 1"/>', "other files"),
        ('<script:event-listener xmlns:script="u"/>', "macros"),
        ("<text:script>alert()</text:script>", "macros"),
    ],
)  # fmt: skip
def test_what_an_opendocument_text_refers_to_must_lie_in_it(body: str, reason: str) -> None:
    refusal = refused(odt(text("Текст"), body), "a.odt")
    assert isinstance(refusal, Unsupported)
    assert reason in str(refusal)


def test_links_and_pictures_of_an_opendocument_text_do_no_harm() -> None:
    body = (
        '<text:p><text:a xlink:href="https://example.org">там</text:a>'
        '<draw:image xlink:href="Pictures/a.png"/><draw:image xlink:href="./Pictures/b.png"/>'
        '<text:bookmark-ref xlink:href="#a"/></text:p>'
    )
    assert check(odt(body, Thumbnails__a_png=b"x"), "Проект.ODT") == "odt"


@pytest.mark.parametrize(
    "part",
    [
        "<w:altChunk r:id='x' xmlns:r='u'/>",
        "<w:subDoc r:id='x' xmlns:r='u'/>",
    ],
)
def test_a_word_file_that_holds_another_is_refused(part: str) -> None:
    assert isinstance(refused(word(p("Текст"), part), "a.docx"), Unsupported)


def test_pages_are_told_by_what_they_begin_with_and_akoma_ntoso_by_its_root() -> None:
    for page in (
        "<!-- a --><!DOCTYPE HTML>Да",
        "<?xml version='1.0'?>\n<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "Да<p>нет",
    ):
        assert check(page.encode("utf-8-sig"), "a.HTM") == "html"
    assert check("<html>".encode("utf-16"), "a.html") == "html"
    for root in (
        f"<akomaNtoso xmlns='{AKN}'/>",
        f"<?xml version='1.0'?><x:akomaNtoso xmlns:x='{AKN}'/>",
    ):
        assert check(root.encode(), "a.akn") == check(root.encode("utf-16"), "a.xml") == "akn"


def test_links_a_reader_may_click_do_no_harm() -> None:
    link = relations("hyperlink", "https://example.org")
    template = relations("attachedTemplate", "file:///C:\\Users\\Normal.dotm")
    parts = {"word___rels__a_xml_rels": link, "word___rels__b_xml_rels": template}
    assert check(word(p("Текст"), **parts), "Проект.DOCX") == "docx"


def test_an_encrypted_archive_is_refused() -> None:
    data = bytearray(word(p("Текст")))
    for entry in zipfile.ZipFile(BytesIO(bytes(data))).infolist():
        data[entry.header_offset + 6] |= 1
    directory = bytes(data).index(b"PK\x01\x02")
    data[directory + 8] |= 1
    assert refused(bytes(data), "a.docx").status == 415


def test_more_lines_than_can_be_shown_are_refused() -> None:
    assert refused(b"a\n" * 60_000, "a.txt").status == 413
