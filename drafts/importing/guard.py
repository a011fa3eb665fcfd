"""Refusing what must not be opened, before anything opens it, in bounded time and memory.

What a file says is for the readers; here only its size, its kind and its dangers are looked at.
"""

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePath
from typing import Literal
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import defusedxml.sax
from defusedxml import DefusedXmlException

from consult.errors import N_, Invalid, TooLarge, Unsupported
from drafts.importing.source import Source

MEBIBYTE = 2**20
MAX_BYTES = 20 * MEBIBYTE  # of the file itself
MAX_UNPACKED = 200 * MEBIBYTE  # of all parts of a .docx together
MAX_XML = 60 * MEBIBYTE  # of those parts that are parsed
MAX_RATIO = 200  # unpacked to packed; documents reach 30
RATIO_FROM = 10 * MEBIBYTE  # smaller archives may be as repetitive as they like
MAX_PARTS = 2000
MAX_DEPTH = 200  # elements within elements; libxml2 itself stops at 256
MAX_TEXT = 5_000_000  # characters
MAX_LINES = 50_000

Format = Literal["txt", "docx", "pdf"]
OLD_WORD = b"\xd0\xcf\x11\xe0"  # the container of .doc and of encrypted .docx files
DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, SAXException, EOFError, LookupError),
    *(NotImplementedError, OSError, RuntimeError, ValueError),
)
HARMLESS = re.compile(r"/hyperlink$")
TEMPLATE = re.compile(r"/attachedTemplate$")
LOCAL = re.compile(r"(?:file:///)?[a-z]:[\\/]", re.IGNORECASE)
BROKEN = N_("This file is damaged or is not a Word document. Open it in Word and save it as .docx.")


def check(data: bytes, filename: str) -> Format:
    """The format of a file that may be read.

    Raises Invalid (empty, encrypted), TooLarge (bytes, zip bomb) or Unsupported (another kind
    than the name says, macros, embedded objects, references to other files, entities).
    """
    if not data.strip():
        raise Invalid("The file is empty.", field="file")
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // MEBIBYTE
        raise TooLarge("The file is larger than {limit} MiB.", field="file", limit=limit)
    ending = PurePath(filename).suffix.lower()
    if ending not in (".txt", ".docx", ".pdf"):
        raise Unsupported("Only .docx, .pdf and .txt files can be read.", field="file")
    if data.startswith(OLD_WORD):
        raise Unsupported(
            "This is an old or password-protected Word file. Save it as .docx without a password.",
            field="file",
        )
    content: Format = "txt"
    if data.startswith(b"PK"):
        content = "docx"
    elif b"%PDF-" in data[:1024]:
        content = "pdf"
    if f".{content}" != ending:
        raise Unsupported(
            "The file is called {ending} but its content is something else.",
            field="file",
            ending=ending,
        )
    if content == "docx":
        _check_archive(data)
    return content


def check_source(source: Source) -> None:
    """Raises TooLarge for more text than can be shown, Invalid for none."""
    if len(source.text) > MAX_TEXT or len(source.lines) > MAX_LINES:
        raise TooLarge(
            "The text is longer than {limit} lines. Import it in parts.",
            field="file",
            limit=MAX_LINES,
        )
    if not source.text.strip():
        raise Invalid("There is no text in this file.", field="file")


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_sizes(archive.infolist(), len(data))
            _check_names(archive.namelist())
            for name in archive.namelist():
                if name.lower().endswith((".xml", ".rels")):
                    _check_xml(archive, name)
    except DefusedXmlException as error:
        raise Unsupported(
            "The file contains entity declarations, which can do harm. Save it again from Word.",
            field="file",
        ) from error
    except DAMAGES as error:
        raise Unsupported(BROKEN, field="file") from error


def _check_sizes(parts: list[zipfile.ZipInfo], packed: int) -> None:
    """The sizes told in the directory bind: zipfile reads no byte beyond them."""
    unpacked = sum(part.file_size for part in parts)
    xml = sum(p.file_size for p in parts if p.filename.lower().endswith((".xml", ".rels")))
    bomb = unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed
    if bomb or len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or xml > MAX_XML:
        raise TooLarge("Unpacked, this file is too large to be read.", field="file")
    if any(part.flag_bits & 1 for part in parts):
        raise Unsupported(BROKEN, field="file")


def _check_names(names: list[str]) -> None:
    low = [name.lower() for name in names]
    if "[content_types].xml" not in low or not any(name.startswith("word/") for name in low):
        raise Unsupported(BROKEN, field="file")
    if any(name.endswith("vbaproject.bin") for name in low):
        raise Unsupported(
            "The file contains macros. Save it as .docx without macros.", field="file"
        )
    if any("/embeddings/" in name or "/activex/" in name for name in low):
        raise Unsupported(
            "Another file is embedded in this one. Remove embedded objects and try again.",
            field="file",
        )


def _check_xml(archive: zipfile.ZipFile, name: str) -> None:
    with archive.open(name) as part:
        defusedxml.sax.parse(part, _Watch(), forbid_dtd=True)


class _Watch(ContentHandler):
    """Follows the elements of one part and stops at the first that is dangerous."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - SAX names it
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unsupported("The file is nested too deeply to be read.", field="file")
        if name.endswith("Relationship") and attrs.get("TargetMode") == "External":
            _check_reference(attrs.get("Type", ""), attrs.get("Target", ""))
        if "macroEnabled" in attrs.get("ContentType", ""):
            raise Unsupported(
                "The file contains macros. Save it as .docx without macros.", field="file"
            )

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802 - SAX names it
        self.depth -= 1


def _check_reference(kind: str, target: str) -> None:
    """Links a reader may click are fine; parts of the document that lie elsewhere are not."""
    own_template = TEMPLATE.search(kind) and LOCAL.match(target)  # never followed, very common
    if not HARMLESS.search(kind) and not own_template:
        raise Unsupported(
            "Parts of this document lie in other files. Put them into the document and try again.",
            field="file",
        )
