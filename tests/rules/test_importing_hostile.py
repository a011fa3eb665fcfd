"""Files made to cost much: each is refused, or read, within a few seconds."""

import zlib
from collections.abc import Callable
from random import Random
from time import process_time

import pytest

from consult.errors import DomainError
from drafts.importing.guard.xml import AKN
from drafts.importing.preview import import_bytes
from tests.rules import odt_files as odf
from tests.rules.importing_files import XML, W, p, pdf, run, table, word

MEBIBYTE = 2**20
SECONDS = 10  # of this process on a slow machine; each takes half of it at most
DEEP = 10_000
CELLS = [["а" * (1 + (row + cell) % 7) for cell in range(100)] for row in range(1000)]


def entities(root: str) -> bytes:
    """The thousand million laughs."""
    each = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return f'{XML}<!DOCTYPE x [<!ENTITY e0 "ха">{each}]>{root}'.encode()


def external(root: str) -> bytes:
    return f'{XML}<!DOCTYPE x [<!ENTITY e9 SYSTEM "file:///etc/passwd">]>{root}'.encode()


def akn(content: str) -> str:
    return f'<akomaNtoso xmlns="{AKN}"><act>{content}</act></akomaNtoso>'


def nested(opening: str, closing: str, text: str = "Текст") -> str:
    return opening * DEEP + text + closing * DEEP


def word_document(content: str) -> str:
    return f"{XML}<w:document {W}><w:body>{content}</w:body></w:document>"


def odt_content(content: str) -> str:
    return (
        f"<office:document-content {odf.SPACES}><office:body><office:text>{content}"
        "</office:text></office:body></office:document-content>"
    )


def styles_in_a_chain() -> bytes:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{n}"><w:basedOn w:val="{n + 1}"/></w:style>'
        for n in range(20_000)
    )
    return word(*(p("Текст", style=str(n)) for n in range(20_000)), styles=styles)


def lists_without_end() -> bytes:
    levels = "".join(f'<w:lvl w:ilvl="{n}"/>' for n in range(5_000))
    lists = "".join(
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="0"/></w:num>' for n in range(20_000)
    )
    shared = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    return word(*(p("Текст", num=str(n)) for n in range(9_000)), numbering=shared + lists)


def one_note_a_thousand_times() -> bytes:
    reference = '<w:r><w:footnoteReference w:id="7"/></w:r>'
    note = f'<w:footnote w:id="7">{p("Текст " * 50_000)}</w:footnote>'
    return word(*(p(run("Так") + reference) for _ in range(1_000)), footnotes=note)


def letters_without_end() -> bytes:
    """A page of 260 kB that holds four million pieces of text, more than memory does."""
    shown = zlib.compress(b"BT /F 10 Tf " + b"(Hello world) Tj " * 4_000_000 + b"ET", 9)
    return pdf_of(shown.decode("latin-1"))


def pdf_of(packed: str) -> bytes:
    page = pdf([(72, 700, "x")]).decode("latin-1")
    begun, ended = page.index("6 0 obj"), page.index("xref")
    stream = f"<< /Filter /FlateDecode /Length {len(packed)} >>\nstream\n{packed}\nendstream"
    return f"{page[:begun]}6 0 obj\n{stream}\nendobj\n{page[ended:]}".encode("latin-1")


REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a bomb in Word": ("docx", lambda: word(p("а"), word__a_xml=b" " * (50 * MEBIBYTE))),
    "a bomb in OpenDocument": ("odt", lambda: odf.odt("", a_xml=b" " * (50 * MEBIBYTE))),
    "entities in Word": ("docx", lambda: word(word__document_xml=entities("<w>&e9;</w>"))),
    "entities in OpenDocument": ("odt", lambda: odf.odt(content_xml=entities("<a>&e9;</a>"))),
    "entities in Akoma Ntoso": ("akn", lambda: entities(akn("&e9;"))),
    "an outer entity in Word": ("docx", lambda: word(word__document_xml=external("<w>&e9;</w>"))),
    "an outer entity in OpenDocument": ("odt", lambda: odf.odt(styles_xml=external("<a/>"))),
    "an outer entity in Akoma Ntoso": ("xml", lambda: external(akn("&e9;"))),
    "levels in Word": (
        "docx",
        lambda: word(word__document_xml=word_document(nested("<w:sdt>", "</w:sdt>"))),
    ),
    "levels in OpenDocument": (
        "odt",
        lambda: odf.odt(content_xml=odt_content(nested("<text:section>", "</text:section>"))),
    ),
    "levels in Akoma Ntoso": ("akn", lambda: akn(nested("<section>", "</section>")).encode()),
    "levels in HTML": ("html", lambda: f"<html>{nested('<div>', '</div>')}".encode()),
    "levels of words in HTML": ("html", lambda: f"<html>{nested('<b>', '')}".encode()),
    "lists in lists": ("html", lambda: f"<html>{nested('<ol><li>', '')}".encode()),
    "garbage called Word": ("docx", lambda: b"PK\x03\x04" + Random(1).randbytes(20 * MEBIBYTE - 9)),
    "garbage called OpenDocument": ("odt", lambda: Random(2).randbytes(20 * MEBIBYTE)),
    "garbage called PDF": ("pdf", lambda: b"%PDF-1.7\n" + Random(3).randbytes(20 * MEBIBYTE - 9)),
    "garbage called text": ("txt", lambda: Random(4).randbytes(20 * MEBIBYTE)),
    "garbage called HTML": ("html", lambda: b"<html>" + Random(5).randbytes(20 * MEBIBYTE - 9)),
    "garbage called Akoma Ntoso": ("akn", lambda: Random(6).randbytes(20 * MEBIBYTE)),
    "tags without end": ("html", lambda: b"<html>" + b"<p>" * 6_000_000),
    "brackets without end": ("html", lambda: b"<html>" + b"<" * 20_000_000),
    "elements without end": ("xml", lambda: akn("<a/>" * 4_000_000).encode()),
    "attributes without end": (
        "docx",
        lambda: word(word__document_xml=word_document('<w:p w:a="" w:b="" w:c=""/>' * 2_000_000)),
    ),
    "letters without end in a PDF": ("pdf", letters_without_end),
    "rows repeated without end": (
        "odt",
        lambda: odf.odt(
            odf.table(odf.row("а").replace("row>", 'row table:number-rows-repeated="999999">', 1))
        ),
    ),
}
READ: dict[str, tuple[str, Callable[[], bytes]]] = {
    "cells in Word": ("docx", lambda: word(table(*CELLS))),
    "cells in OpenDocument": (
        "odt",
        lambda: odf.odt(odf.table(*(odf.row(*row) for row in CELLS))),
    ),
    "cells in HTML": (
        "html",
        lambda: ("<table>" + "".join("<tr><td>" + "<td>".join(row) for row in CELLS)).encode(),
    ),
    "wide cells in HTML": ("html", lambda: b"<table>" + b"<tr><td colspan=999>a<td>b" * 20_000),
    "attributes in HTML": (
        "html",
        lambda: ("<p " + " ".join(f"a{n}" for n in range(1_000_000)) + ">Текст").encode(),
    ),
    "cells repeated without end": (
        "odt",
        lambda: odf.odt(
            odf.table(
                odf.row("а", '<table:table-cell table:number-columns-repeated="999999"/>') * 9_000
            )
        ),
    ),
    "styles in a chain": ("docx", styles_in_a_chain),
    "lists without end": ("docx", lists_without_end),
    "one note a thousand times": ("docx", one_note_a_thousand_times),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_would_cost_too_much_is_refused_soon(kind: str) -> None:
    ending, made = REFUSED[kind]
    data = made()
    begun = process_time()
    with pytest.raises(DomainError) as caught:
        import_bytes(data, f"a.{ending}", "ru")
    assert process_time() - begun < SECONDS
    assert caught.value.status in (413, 415, 422)
    assert caught.value.field == "file"


@pytest.mark.parametrize("kind", READ)
def test_what_is_only_large_is_read_soon(kind: str) -> None:
    ending, made = READ[kind]
    data = made()
    begun = process_time()
    preview = import_bytes(data, f"a.{ending}", "ru")
    assert process_time() - begun < SECONDS
    assert preview.coverage == 1.0
