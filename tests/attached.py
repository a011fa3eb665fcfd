"""Small files of every kind that may be attached to a comment, each true to what it says."""

import base64
import zipfile
import zlib
from io import BytesIO

import docx

from consult.attachments.archives import MAIN, OPEN

OFFICE_MAIN = {kind: media_type for media_type, kind in MAIN.items()}
OPEN_MIME = {kind: mime for mime, kind in OPEN.items()}

# Two points, one red and one blue, as Chromium writes them; the colour profile was taken out.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI/////////////////////////"
    "///////////////////////////2wBDAVVaWnhpeOuCguv////////////////////////////////////////////////"
    "/////////////////////////wAARCAABAAIDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAWEAEBAQAAAA"
    "AAAAAAAAAAAAAAATH/xAAVAQEBAAAAAAAAAAAAAAAAAAABBP/EABYRAAMAAAAAAAAAAAAAAAAAAAABMf/aAAwDAQACEQMR"
    "AD8Amu0BWoDp/9k="
)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
TEXT = "Китепкана керек.\n".encode()


def chunk(name: bytes, content: bytes = b"") -> bytes:
    """A chunk of a PNG."""
    check = zlib.crc32(name + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + name + content + check


def png(*more: bytes, tail: bytes = b"") -> bytes:
    """A PNG of one grey point, with further chunks before its points and a tail behind its end."""
    head = chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0")
    points = chunk(b"IDAT", zlib.compress(b"\0\x80"))
    return b"".join((b"\x89PNG\r\n\x1a\n", head, *more, points, chunk(b"IEND"), tail))


def segment(marker: int, content: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


def jpeg(*segments: bytes, tail: bytes = b"") -> bytes:
    """The two points, with segments at the beginning and a tail behind the end."""
    return JPEG[:2] + b"".join(segments) + JPEG[2:] + tail


def exif(turn: int, place: bytes = b"", order: str = "<") -> bytes:
    """An Exif segment as a telephone writes it: how it was held, and where."""
    big = order == ">"

    def number(value: int, size: int) -> bytes:
        return value.to_bytes(size, "big" if big else "little")

    head = (b"MM" if big else b"II") + number(42, 2) + number(8, 4)
    field = number(0x0112, 2) + number(3, 2) + number(1, 4) + number(turn, 2) + b"\0\0"
    return segment(0xE1, b"Exif\0\0" + head + number(1, 2) + field + number(0, 4) + place)


def packed(parts: dict[str, bytes | str]) -> bytes:
    """An archive of these parts."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def office(kind: str, parts: dict[str, bytes | str] | None = None, main: str = "") -> bytes:
    """A .docx or .xlsx with these further parts; `main`: what it says of itself."""
    told = main or OFFICE_MAIN[kind]  # type: ignore[index]
    types = f'<Types><Override PartName="/main.xml" ContentType="{told}"/></Types>'
    return packed({"[Content_Types].xml": types, "main.xml": "<main/>"} | (parts or {}))


def opened(
    kind: str, content: str = "<text/>", parts: dict[str, bytes | str] | None = None
) -> bytes:
    """An .odt or .ods with this content and further parts."""
    mime = OPEN_MIME[kind]  # type: ignore[index]
    return packed({"mimetype": mime, "content.xml": content} | (parts or {}))


def word_file(*paragraphs: str) -> bytes:
    """A .docx as a word processor writes it."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    data = BytesIO()
    document.save(data)
    return data.getvalue()


FILES: dict[str, bytes] = {
    "pdf": PDF,
    "png": png(),
    "jpeg": jpeg(),
    "txt": TEXT,
    "docx": word_file("A library stands in every village."),
    "xlsx": office("xlsx"),
    "odt": opened("odt"),
    "ods": opened("ods"),
}
