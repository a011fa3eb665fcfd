"""A Word file as such: its page, its styles, what it says of itself, and its bytes.

What is printed in it is for writing.py. Equal input gives equal bytes, whenever it is written, so
that an address that names a version can be cached. python-docx packs the parts; the styles,
numberings and the picture of its template are not used.
"""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import docx
from babel.core import get_global
from babel.localedata import exists
from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.shared import Mm, Twips
from lxml import etree

from drafts.exporting.docx.styles import settings_xml, styles_xml
from drafts.exporting.docx.words import footer_line, paragraph, printable

EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first instant a zip archive can name
NEEDED = ("/styles", "/settings", "/core-properties", "/officeDocument")
APP = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
PROPERTY = 250  # characters; Word takes no more
RUNNING = 100  # characters of a title that fit on a line above the text


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says of itself. `issue` is in words: "Version 2, 7 September 2026"."""

    title: str
    agency: str
    issue: str
    version: int
    lang: str
    jurisdiction: str
    address: str
    created_at: datetime
    modified_at: datetime


def language_tag(lang: str, jurisdiction: str) -> str:
    """The language as Word names it: with the country, if the locale data know it there.

    Russian in Kyrgyzstan is ru-KG; Kazakh there goes by where it is mostly spoken: kk-KZ.
    """
    region = jurisdiction.upper()
    if exists(f"{lang}_{region}"):
        return f"{lang}-{region}"
    likely = str(get_global("likely_subtags").get(lang, lang))
    return f"{lang}-{likely.rsplit('_', 1)[-1]}" if "_" in likely else lang


def new_file(facts: Facts, *, landscape: bool = False) -> WordFile:
    """A file without a word in its body: A4, with the title and page numbers on every page."""
    word = docx.Document()
    tag = language_tag(facts.lang, facts.jurisdiction)
    for part in (word.part.package, word.part):
        for key, relation in list(part.rels.items()):
            if not relation.reltype.endswith(NEEDED):
                del part.rels[key]
    _replace(word, RELATIONSHIP_TYPE.STYLES, styles_xml(tag))
    _replace(word, RELATIONSHIP_TYPE.SETTINGS, settings_xml(tag))
    _describe(word, facts, tag)
    _lay_out(word, landscape=landscape)
    _head_and_foot(word, facts)
    return word


def as_bytes(word: WordFile) -> bytes:
    """The finished file, with one and the same instant on all its parts."""
    packed, settled = BytesIO(), BytesIO()
    word.save(packed)
    with (
        zipfile.ZipFile(packed) as source,
        zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            part = zipfile.ZipInfo(name, EARLIEST)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return settled.getvalue()


def _replace(word: WordFile, kind: str, xml: str) -> None:
    element = word.part.part_related_by(kind).element
    for child in list(element):
        element.remove(child)
    element.extend(list(etree.fromstring(xml)))


def _describe(word: WordFile, facts: Facts, tag: str) -> None:
    about = word.core_properties
    about.title, about.author = _short(facts.title), _short(facts.agency)
    about.last_modified_by, about.comments = about.author, _short(facts.issue)
    about.keywords = ""
    about.version, about.language = str(facts.version), tag
    about.identifier, about.revision = _short(facts.address), max(facts.version, 1)
    about.created, about.modified = (
        at.astimezone(UTC).replace(tzinfo=None) for at in (facts.created_at, facts.modified_at)
    )
    company = etree.fromstring(f'<Properties xmlns="{APP}"/>')
    etree.SubElement(company, f"{{{APP}}}Company").text = about.author
    package, kind = word.part.package, CONTENT_TYPE.OFC_EXTENDED_PROPERTIES
    blob = etree.tostring(company, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = Part(PackURI("/docProps/app.xml"), kind, blob, package)
    package.relate_to(part, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES)


def _lay_out(word: WordFile, *, landscape: bool) -> None:
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    sides = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.page_width, section.page_height = sides
    section.left_margin, section.right_margin = Mm(20 if landscape else 30), Mm(15)
    section.top_margin = section.bottom_margin = Mm(20)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True


def _head_and_foot(word: WordFile, facts: Facts) -> None:
    """The first page tells all that is known; the others the title; every page its number."""
    section = word.sections[0]
    width = section.page_width - section.left_margin - section.right_margin
    opening = (facts.agency, _short(facts.title, 500), facts.issue)
    running = (f"{_short(facts.title, RUNNING)} · {facts.issue}",)
    _fill(section.first_page_header, [paragraph("Header", line) for line in opening])
    _fill(section.header, [paragraph("Header", line) for line in running])
    for footer in (section.first_page_footer, section.footer):
        _fill(footer, [footer_line(facts.address, width // Twips(1))])


def _fill(story: WordFile, paragraphs: Sequence[etree._Element]) -> None:
    story.is_linked_to_previous = False
    element = story.part.element
    for child in list(element):
        element.remove(child)
    element.extend(paragraphs)


def _short(text: str, most: int = PROPERTY) -> str:
    text = " ".join(printable(text).split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
