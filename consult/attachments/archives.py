"""[pure] Office documents that may be handed on: no macros, no bombs, nothing fetched from afar.

The import (drafts/importing/guard) asks whether the text in a file can be read; here nobody reads
it, but whoever answers the comment opens it. So charts and tables may lie in it, and what could
act by itself may not.
"""

import re
import zipfile
from io import BytesIO
from typing import Literal
from xml.sax.xmlreader import AttributesImpl

from consult.errors import N_, Unsupported
from drafts.importing.guard.archives import (
    DAMAGES,
    ELSEWHERE,
    EMBEDDED,
    LOCKED,
    MACROS,
    check_sizes,
    look_into_word,
)
from drafts.importing.guard.xml import Look, check_xml

Office = Literal["docx", "xlsx", "odt", "ods"]

BROKEN = N_("This document is damaged. Save it again and try once more.")
OFFICE = "application/vnd.openxmlformats-officedocument."
MAIN: dict[str, Office] = {
    OFFICE + "wordprocessingml.document.main+xml": "docx",
    OFFICE + "spreadsheetml.sheet.main+xml": "xlsx",
}
OPEN: dict[bytes, Office] = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
CODE = re.compile(r"(?:^|/)vbaproject\.bin$|(?:^|/)macrosheets/|^(?:basic|scripts|dialogs)/")
ACTING = re.compile(r"(?:^|/)activex/|(?:^|/)embeddings/.*(?<!\.xlsx)$")  # .xlsx: of a chart
XML = (".xml", ".rels")
OBJECTS = ("object-ole", "applet", "plugin", "floating-frame")
FETCHED = ("dde-source", "dde-connection-decl", "section-source")
CLICKED = ("a", "template")  # links a reader may click; the template a text was begun with
WITHIN = re.compile(r"#|(?:\./)?(?!\.|/)[^:]*$")


def office_kind(data: bytes) -> Office | None:
    """Which document an archive is by what it holds, None for any other archive.

    Raises TooLarge (a bomb) or Unsupported (damaged, a password, macros, embedded objects,
    references to files elsewhere).
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            check_sizes(archive.infolist(), len(data), BROKEN)
            kind = _kind(archive)
            if kind is not None:
                _check_names([name.lower() for name in archive.namelist()])
                _check_parts(archive, _look_into_open if kind in OPEN.values() else look_into_word)
            return kind
    except DAMAGES as error:
        raise Unsupported(BROKEN) from error


def _kind(archive: zipfile.ZipFile) -> Office | None:
    names = archive.namelist()
    if "mimetype" in names:
        return OPEN.get(archive.read("mimetype").strip())
    if "[Content_Types].xml" not in names:
        return None
    found: list[Office] = []

    def look(name: str, attrs: AttributesImpl) -> None:
        look_into_word(name, attrs)  # refuses what says that it holds macros
        if (kind := MAIN.get(attrs.get("ContentType", ""))) is not None:
            found.append(kind)

    with archive.open("[Content_Types].xml") as part:
        check_xml(part, look)
    return found[0] if len(set(found)) == 1 else None


def _check_names(names: list[str]) -> None:
    if any(CODE.search(name) for name in names):
        raise Unsupported(MACROS)
    if any(ACTING.search(name) for name in names):
        raise Unsupported(EMBEDDED)


def _check_parts(archive: zipfile.ZipFile, look: Look) -> None:
    for part in archive.infolist():
        if part.filename.lower().endswith(XML):
            with archive.open(part) as content:
                check_xml(content, look)


def _look_into_open(name: str, attrs: AttributesImpl) -> None:
    if name == "encryption-data":
        raise Unsupported(LOCKED)
    if name in ("script", "event-listener"):
        raise Unsupported(MACROS)
    if name in OBJECTS:
        raise Unsupported(EMBEDDED)
    target = next((value for key, value in attrs.items() if key.endswith(":href")), "")
    if name in FETCHED or (name not in CLICKED and not WITHIN.match(target)):
        raise Unsupported(ELSEWHERE)
