"""Small Word and PDF files, written by hand so that a test shows exactly what is in them."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def run(text: str) -> str:
    """A run of text."""
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(content: str, *, style: str = "", num: str = "", level: int | None = None) -> str:
    """A paragraph: plain text, or ready-made runs if it begins with a tag."""
    depth = f'<w:ilvl w:val="{level}"/>' if level is not None else ""
    listed = f'<w:numPr>{depth}<w:numId w:val="{num}"/></w:numPr>' if num else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    runs = content if content.startswith("<") else run(content)
    return f"<w:p><w:pPr>{named}{listed}</w:pPr>{runs}</w:p>"


def table(*rows: Sequence[str]) -> str:
    """A table of plain cells."""
    cells = ("".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def lvl(depth: int, form: str, text: str, more: str = "", *, start: int = 1) -> str:
    """One level of a list."""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
        f'{more}<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(number: int, *levels: str) -> str:
    """A list definition."""
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def num(number: int, of: int, more: str = "") -> str:
    """A list that paragraphs may name."""
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'


def word(
    *body: str, numbering: str = "", styles: str = "", footnotes: str = "", **parts: bytes | str
) -> bytes:
    """A .docx with this body. `parts` are further files: word__vbaProject_bin → word/…"""
    files: dict[str, bytes | str] = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(("officeDocument", "word/document.xml")),
        "word/_rels/document.xml.rels": _relations(
            *((name, f"{name}.xml") for name in ("numbering", "styles", "footnotes"))
        ),
        "word/document.xml": f"{XML}<w:document {W}><w:body>{''.join(body)}</w:body></w:document>",
        "word/numbering.xml": f"{XML}<w:numbering {W}>{numbering}</w:numbering>",
        "word/styles.xml": f"{XML}<w:styles {W}>{styles}</w:styles>",
        "word/footnotes.xml": f"{XML}<w:footnotes {W}>{footnotes}</w:footnotes>",
        **{name.replace("__", "/").replace("_", "."): data for name, data in parts.items()},
    }
    return archive(files)


def archive(files: dict[str, bytes | str]) -> bytes:
    """A zip archive."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        for name, data in files.items():
            into.writestr(name, data)
    return packed.getvalue()


Placed = tuple[float, float, str] | tuple[float, float, str, float]


def pdf(*pages: Sequence[Placed], trailer: str = "") -> bytes:
    """A PDF whose pages hold lines at (left, bottom), in points, and of a size, usually 10.

    Cyrillic is told by a ToUnicode map; every letter is half as wide as the size.
    """
    letters = sorted({letter for page in pages for line in page for letter in line[2]})
    codes = {letter: code for code, letter in enumerate(letters, start=33)}
    mapped = "\n".join(f"<{code:02x}> <{ord(each):04x}>" for each, code in codes.items())
    cmap = "begincmap\n1 begincodespacerange <00> <ff> endcodespacerange\n"
    cmap += f"{len(codes)} beginbfchar\n{mapped}\nendbfchar\nendcmap"
    kids = " ".join(f"{5 + 2 * at} 0 R" for at in range(len(pages)))
    font = "/Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 4 0 R"
    widths = f"/FirstChar 33 /LastChar {32 + len(codes)} /Widths [{'500 ' * len(codes)}]"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        f"<< {font} {widths} >>",
        _stream(cmap),
    ]
    for at, page in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {6 + 2 * at} 0 R "
            "/Resources << /Font << /F 3 0 R >> >> >>"
        )
        shown = (
            f"BT /F {size} Tf {left} {bottom} Td "
            f"<{''.join(f'{codes[letter]:02x}' for letter in text)}> Tj ET"
            for left, bottom, text, size in ((*line, 10.0)[:4] for line in page)
        )
        objects.append(_stream("\n".join(shown)))
    return _assembled(objects, trailer)


def _stream(content: str) -> str:
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"


def _assembled(objects: Sequence[str], more: str) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    table = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}"
    trailer = (
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R {more} >>\nstartxref\n{len(out)}\n%%EOF"
    )
    return out + (table + trailer).encode()


def _content_types() -> str:
    kinds = {"document": "document.main"} | {
        name: name for name in ("numbering", "styles", "footnotes")
    }
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{WORD_TYPE}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    return (
        f'{XML}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="bin" ContentType="application/octet-stream"/>'
        f"{overrides}</Types>"
    )


def _relations(*targets: tuple[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets)
    )
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'
