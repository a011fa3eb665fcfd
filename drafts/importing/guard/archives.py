"""Refusing archives (.docx, .odt) that are bombs, or hold macros, other files or passwords."""

import re
import zipfile
import zlib
from io import BytesIO
from typing import Literal
from xml.sax import SAXException
from xml.sax.xmlreader import AttributesImpl

from consult.errors import N_, TooLarge, Unsupported
from drafts.importing.guard.limits import (
    MAX_PARTS,
    MAX_RATIO,
    MAX_UNPACKED,
    MAX_XML,
    RATIO_FROM,
)
from drafts.importing.guard.xml import check_xml

Archive = Literal["docx", "odt"]

DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, SAXException, EOFError, LookupError),
    *(NotImplementedError, OSError, RuntimeError, ValueError),
)
BROKEN = N_("This file is damaged or is not a Word document. Open it in Word and save it as .docx.")
BROKEN_ODT = N_(
    "This file is damaged or is not an OpenDocument text. Open it in LibreOffice and save it "
    "as .odt."
)
MACROS = N_("The file contains macros. Save it without macros.")
EMBEDDED = N_("Another file is embedded in this one. Remove embedded objects and try again.")
ELSEWHERE = N_(
    "Parts of this document lie in other files. Put them into the document and try again."
)
LOCKED = N_("This file is protected by a password. Save it without one.")
HARMLESS = re.compile(r"/hyperlink$")
TEMPLATE = re.compile(r"/attachedTemplate$")
LOCAL = re.compile(r"(?:file:///)?[a-z]:[\\/]", re.IGNORECASE)
TEXT_DOCUMENT = b"application/vnd.oasis.opendocument.text"
CLICKED = ("a", "template")  # links a reader may click; the template a text was begun with
CHUNKS = ("altChunk", "subDoc")  # of Word: other documents within or beside the document
OBJECTS = ("object", "object-ole", "applet", "plugin", "floating-frame")
OUTSIDE = ("dde-source", "dde-connection-decl", "section-source")
INSIDE = re.compile(r"#|(?:\./)?(?!\.|/|object)[^:]*$", re.IGNORECASE)


def kind_of_archive(data: bytes) -> Archive:
    """Which of the two an archive claims to be. Raises Unsupported for a damaged one."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return "odt" if "mimetype" in archive.namelist() else "docx"
    except DAMAGES as error:
        raise Unsupported(BROKEN, field="file") from error


def check_archive(data: bytes, kind: Archive) -> None:
    """Raises TooLarge or Unsupported for an archive that must not be read."""
    broken = BROKEN if kind == "docx" else BROKEN_ODT
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            check_sizes(archive.infolist(), len(data), broken)
            check_names = _check_word_names if kind == "docx" else _check_odt_names
            check_names([name.lower() for name in archive.namelist()])
            if kind == "odt" and archive.read("mimetype").strip() != TEXT_DOCUMENT:
                raise Unsupported(BROKEN_ODT, field="file")
            for name in archive.namelist():
                if name.lower().endswith((".xml", ".rels")):
                    with archive.open(name) as part:
                        check_xml(part, look_into_word if kind == "docx" else _look_into_odt)
    except DAMAGES as error:
        raise Unsupported(broken, field="file") from error


def check_sizes(parts: list[zipfile.ZipInfo], packed: int, broken: str) -> None:
    """Raises TooLarge for a bomb, Unsupported (`broken`) for parts under a password.

    The sizes told in the directory bind: zipfile reads no byte beyond them.
    """
    unpacked = sum(part.file_size for part in parts)
    xml = sum(p.file_size for p in parts if p.filename.lower().endswith((".xml", ".rels")))
    kind = sum(part.file_size for part in parts if part.filename == "mimetype")
    bomb = unpacked > RATIO_FROM and unpacked > MAX_RATIO * packed
    if bomb or len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or xml > MAX_XML or kind > 1000:
        raise TooLarge("Unpacked, this file is too large to be read.", field="file")
    if any(part.flag_bits & 1 for part in parts):
        raise Unsupported(broken, field="file")


def _check_word_names(names: list[str]) -> None:
    if "[content_types].xml" not in names or not any(name.startswith("word/") for name in names):
        raise Unsupported(BROKEN, field="file")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Unsupported(MACROS, field="file")
    if any("/embeddings/" in name or "/activex/" in name for name in names):
        raise Unsupported(EMBEDDED, field="file")


def _check_odt_names(names: list[str]) -> None:
    if any(name.startswith(("basic/", "scripts/", "dialogs/")) for name in names):
        raise Unsupported(MACROS, field="file")
    if any(name.startswith("object ") or name.endswith("/content.xml") for name in names):
        raise Unsupported(EMBEDDED, field="file")


def look_into_word(name: str, attrs: AttributesImpl) -> None:
    """Raises Unsupported at what no Office document may hold: macros, parts that lie elsewhere."""
    if name == "Relationship" and attrs.get("TargetMode") == "External":
        _check_reference(attrs.get("Type", ""), attrs.get("Target", ""))
    if "macroEnabled" in attrs.get("ContentType", ""):
        raise Unsupported(MACROS, field="file")
    if name in CHUNKS:
        raise Unsupported(EMBEDDED, field="file")


def _check_reference(kind: str, target: str) -> None:
    """Links a reader may click are fine; parts of the document that lie elsewhere are not."""
    own_template = TEMPLATE.search(kind) and LOCAL.match(target)  # never followed, very common
    if not HARMLESS.search(kind) and not own_template:
        raise Unsupported(ELSEWHERE, field="file")


def _look_into_odt(name: str, attrs: AttributesImpl) -> None:
    if name == "encryption-data":
        raise Unsupported(LOCKED, field="file")
    if name in ("script", "event-listener"):
        raise Unsupported(MACROS, field="file")
    if name in OBJECTS:
        raise Unsupported(EMBEDDED, field="file")
    target = next((value for key, value in attrs.items() if key.endswith(":href")), "")
    if name in OUTSIDE or (name not in CLICKED and not INSIDE.match(target)):
        raise Unsupported(ELSEWHERE, field="file")
