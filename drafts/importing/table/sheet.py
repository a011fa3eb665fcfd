"""The first sheet of an Excel workbook as rows of cells, as a file of CSV has them.

What must not be opened is refused first, with what refuses archives of other kinds.
"""

import posixpath
import re
import zipfile
from decimal import Decimal, InvalidOperation
from io import BytesIO

from lxml import etree

from consult.errors import N_, TooLarge, Unsupported
from consult.spreadsheets import Line
from drafts.importing.guard.archives import (
    DAMAGES,
    EMBEDDED,
    MACROS,
    check_sizes,
    look_into_word,
)
from drafts.importing.guard.limits import MAX_COLUMNS, MAX_LINES, TOO_MUCH
from drafts.importing.guard.xml import check_xml

BROKEN = N_(
    "This file is damaged or is not an Excel workbook. Open it in Excel and save it as .xlsx."
)
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_LINK = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
FAILURES = (*DAMAGES, etree.XMLSyntaxError, InvalidOperation)
PRECISION = 15  # figures of a number that Excel keeps; what is behind them is its own


def sheet_rows(data: bytes) -> list[Line]:
    """The rows of the first sheet that say anything. Raises TooLarge, Unsupported."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check(archive, len(data))
            return _rows(archive)
    except FAILURES as error:
        raise Unsupported(BROKEN, field="file") from error


def _check(archive: zipfile.ZipFile, packed: int) -> None:
    """Raises TooLarge or Unsupported for a workbook that must not be read."""
    check_sizes(archive.infolist(), packed, BROKEN)
    names = [name.lower() for name in archive.namelist()]
    if "xl/workbook.xml" not in names:
        raise Unsupported(BROKEN, field="file")
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise Unsupported(MACROS, field="file")
    if any("/embeddings/" in name or "/activex/" in name for name in names):
        raise Unsupported(EMBEDDED, field="file")
    for name in archive.namelist():
        if name.lower().endswith((".xml", ".rels")):
            with archive.open(name) as part:
                check_xml(part, look_into_word)


def _rows(archive: zipfile.ZipFile) -> list[Line]:
    shared = _shared(archive)
    rows: list[Line] = []
    for n, row in enumerate(_parsed(archive, _first_sheet(archive)).iterfind(".//{*}row"), start=1):
        cells: dict[int, str] = {}
        for cell in row.iterfind("{*}c"):
            place = _column(cell.get("r", "")) if cell.get("r") else len(cells)
            cells[place] = _said(cell, shared)
        if len(rows) >= MAX_LINES or max(cells, default=0) >= MAX_COLUMNS:
            raise TooLarge(TOO_MUCH, field="file")
        if any(cells.values()):
            at = int(row.get("r", n))
            rows.append(Line(at, at, [cells.get(i, "") for i in range(max(cells) + 1)]))
    return rows


def _first_sheet(archive: zipfile.ZipFile) -> str:
    sheet = _parsed(archive, "xl/workbook.xml").find(".//{*}sheets/{*}sheet")
    if sheet is None:
        raise Unsupported(BROKEN, field="file")
    link = sheet.get(LINK) or sheet.get(STRICT_LINK)
    for relation in _parsed(archive, "xl/_rels/workbook.xml.rels"):
        if relation.get("Id") == link:
            return posixpath.normpath(posixpath.join("/xl", relation.get("Target", "")))[1:]
    raise Unsupported(BROKEN, field="file")


def _shared(archive: zipfile.ZipFile) -> list[str]:
    """The words that cells share; not those that say how they are read aloud (`rPh`)."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_words(one) for one in _parsed(archive, "xl/sharedStrings.xml").iterfind("{*}si")]


def _words(element: etree._Element) -> str:
    found = (*element.iterfind("{*}t"), *element.iterfind("{*}r/{*}t"))
    return " ".join("".join(part.text or "" for part in found).split())


def _column(place: str) -> int:
    """ "B3" is in the second column: 1."""
    found = re.match(r"[A-Z]{1,3}", place)
    number = 0
    for letter in found.group() if found else "A":
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _said(cell: etree._Element, shared: list[str]) -> str:
    kind, value = cell.get("t", "n"), cell.findtext("{*}v") or ""
    if kind == "inlineStr":
        inline = cell.find("{*}is")
        return _words(inline) if inline is not None else ""
    if kind == "s":
        return shared[int(value)]
    if kind == "n" and value:
        return f"{Decimal(f'{float(value):.{PRECISION}g}'):f}"
    return " ".join(value.split())


def _parsed(archive: zipfile.ZipFile, part: str) -> etree._Element:
    return etree.fromstring(archive.read(part), PARSER)
