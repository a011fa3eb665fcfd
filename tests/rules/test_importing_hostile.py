"""Files made to cost much: each is refused, or read, within a few seconds and little memory."""

import subprocess
import sys
import zlib
from collections.abc import Callable
from random import Random
from time import process_time

import pytest

from consult.errors import DomainError, Unsupported
from drafts.comparative.reading import read_table
from drafts.importing.guard.xml import AKN
from drafts.importing.preview import import_bytes
from tests.rules import odt_files as odf
from tests.rules.importing_files import XML, W, abstract, lvl, num, p, pdf, run, table, word

MEBIBYTE = 2**20
SECONDS = 60  # of this process, to stop what would never end; each takes a few
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


CHILD = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[2]),) * 2)
from consult.errors import DomainError, Unsupported
from drafts.comparative.reading import read_table
from drafts.importing.preview import import_bytes
try:
    import_bytes(sys.stdin.buffer.read(), sys.argv[1], "ru")
except DomainError as error:
    print(error.status, error.field)
"""
LIST = 900 * p("Текст", num="1")


def numbered(label: str, body: str = LIST, *, form: str = "decimal", start: int = 1) -> bytes:
    levels = abstract(0, lvl(0, form, label, start=start))
    return word(body, numbering=levels + num(1, 0))


def listed(more: str, *, form: str = "1", tag: str = "list-level-style-number") -> bytes:
    style = odf.list_style(odf.level(1, form, more, tag))
    return odf.odt(odf.listed(*("Текст",) * 9_000), automatic=style)


def repeated_cells(inner: str) -> str:
    cell = f'<table:table-cell table:number-columns-repeated="999999">{inner}</table:table-cell>'
    return odf.table(odf.row(cell))


def tables_in_repeated_cells(text: str) -> bytes:
    content = odf.p(text)
    for _ in range(20):
        content = repeated_cells(content)
    return odf.odt(odf.p("Текст"), content)


def rows_of_gaps() -> bytes:
    before = '<w:trPr><w:gridBefore w:val="200"/></w:trPr>'
    return word(f"<w:tbl>{f'<w:tr>{before}</w:tr>' * 30_000}</w:tbl>", p("Текст"))


def long_numbers_above_many() -> bytes:
    inner = "<p>а</p>" * 40_000
    return akn(f"<body><section><num>{'1' * 100_000}</num>{inner}</section></body>").encode()


def lists_in_items() -> bytes:
    text = "слово " * 400_000
    opening, closing = "<ul><li><blockList><item>", "</item></blockList></li></ul>"
    return akn(f"<body>{opening * 45}<p>{text}</p>{closing * 45}</body>").encode()


MULTIPLIED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a pattern of a million letters in Word": (
        "docx",
        lambda: numbered("x" * 1_000_000 + "%1", LIST * 10),
    ),
    "a number named 100,000 times in Word": (
        "docx",
        lambda: numbered("%1" * 100_000, LIST * 10, form="russianLower", start=200),
    ),
    "a label of 100 kB in Word": ("docx", lambda: numbered("x" * 100_000 + "%1")),
    "long labels of paragraphs without words": (
        "docx",
        lambda: numbered(
            "%1" * 49, p("<w:r/>", num="1") * 45_000, form="numberInDash", start=900_000
        ),
    ),
    "long labels in one cell": (
        "docx",
        lambda: numbered(
            "%1" * 49,
            f"<w:tbl><w:tr><w:tc>{p('<w:r/>', num='1') * 45_000}</w:tc></w:tr></w:tbl>",
            form="numberInDash",
            start=900_000,
        ),
    ),
    "rows that begin far to the right": ("docx", rows_of_gaps),
    "a prefix of a million letters": (
        "odt",
        lambda: listed(f'style:num-prefix="{"x" * 1_000_000}"'),
    ),
    "a suffix of a million letters": (
        "odt",
        lambda: listed(f'style:num-suffix="{"x" * 1_000_000}"'),
    ),
    "a pattern of a million letters": (
        "odt",
        lambda: listed(f'loext:num-list-format="{"%1%" * 300_000}"'),
    ),
    "a million noughts before a number": ("odt", lambda: listed("", form="0" * 1_000_000 + "1")),
    "a cell repeated, with many words": (
        "odt",
        lambda: odf.odt(repeated_cells(odf.p("слово " * 500_000))),
    ),
    "tables in repeated cells": ("odt", lambda: tables_in_repeated_cells("а")),
    "cells over all rows in HTML": (
        "html",
        lambda: b"<table><tr>" + b"<td rowspan=99999>a" * 60_000 + b"<tr>" * 300_000 + b"</table>",
    ),
    "wide cells without end in HTML": (
        "html",
        lambda: b"<table>" + b"<tr><td colspan=200>a<td>b" * 60_000 + b"</table>",
    ),
    "lines without end": ("txt", lambda: ("а\n" * 6_000_000).encode()),
    "passages without end in Akoma Ntoso": (
        "xml",
        lambda: akn(f"<body>{'<p>а</p>' * 500_000}</body>").encode(),
    ),
    "wide cells in Akoma Ntoso": (
        "xml",
        lambda: akn(
            "<body><table>" + "<tr><td colspan='999'>а</td></tr>" * 45_000 + "</table></body>"
        ).encode(),
    ),
}
BOUNDED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "tables in repeated cells, without words": ("odt", lambda: tables_in_repeated_cells("")),
    "a long number above many passages": ("xml", long_numbers_above_many),
    "lists in items": ("xml", lists_in_items),
    "blanks told by number": (
        "odt",
        lambda: odf.odt(odf.p('Текст<text:s text:c="1000000000"/>конец') * 9_000),
    ),
    "numbers as large as can be in HTML": (
        "html",
        lambda: b"<ol start=999999 type=i>" + b"<li value=999999>a" * 40_000,
    ),
    "runs without end": (
        "docx",
        lambda: word(f"<w:p><w:r>{'<w:t>а</w:t>' * 300_000}</w:r></w:p>"),
    ),
    "words broken at every line": (
        "txt",
        lambda: (f"{'слово ' * 16}сло\u00ad\n" * 49_000).encode(),
    ),
}


def in_a_child(data: bytes, name: str) -> str:
    """What reading a file prints in a process of little memory and time; "" when it was read."""
    command = [sys.executable, "-c", CHILD, name, str(SECONDS)]
    done = subprocess.run(command, input=data, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-500:] or f"killed: {done.returncode}"
    return done.stdout.decode().strip()


@pytest.mark.parametrize("kind", MULTIPLIED)
def test_a_few_bytes_never_become_more_text_than_can_be_shown(kind: str) -> None:
    ending, made = MULTIPLIED[kind]
    assert in_a_child(made(), f"a.{ending}") in ("413 file", "415 file")


@pytest.mark.parametrize("kind", BOUNDED)
def test_what_names_large_numbers_is_read_in_little_memory(kind: str) -> None:
    ending, made = BOUNDED[kind]
    assert in_a_child(made(), f"a.{ending}") == ""


def test_a_comparative_table_with_such_a_list_is_refused_as_well() -> None:
    with pytest.raises(Unsupported):
        read_table(numbered("x" * 1_000_000 + "%1"), "a.docx")
