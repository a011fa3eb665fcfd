"""Reading PDF files by their text layer: lines of pages → paragraphs.

A PDF knows letters and places, no paragraphs. What is put together here, and how running heads
are told from text, is in pdf_layout.py; this file only asks PDFium.
"""

import re
import threading

import pypdfium2
from pypdfium2 import PdfiumError

from consult.errors import N_, Invalid, TooLarge
from drafts.grammar.language import grammar_of
from drafts.importing.guard import MAX_TEXT
from drafts.importing.pdf_layout import HYPHENS, PageLine, joined, numbers_of, running_lines
from drafts.importing.source import Source, Warning_

PDFIUM = threading.Lock()  # the library must not be entered twice at a time
PASSWORD = 4  # FPDF_ERR_PASSWORD
MAX_PAGES = 2000
FEWEST_LETTERS = 10  # on a page that has a text layer
LINE = re.compile(rf"[^\r\n{HYPHENS}]*[\r\n{HYPHENS}]*")  # a hyphen PDFium marks ends one as well
DAMAGED = N_("This PDF is damaged and cannot be read.")
SCANNED = N_(
    "This PDF is a scanned picture without text. Import the document it was made from, "
    "or have the text recognised first."
)


def read(data: bytes, lang: str) -> Source:
    """The paragraphs of a PDF with a text layer, told by how provisions begin in its language.

    Raises Invalid (scanned, encrypted, damaged) and TooLarge.
    """
    language = grammar_of(lang)
    pages = _pages(data)
    empty = [
        number
        for number, lines in enumerate(pages, start=1)
        if sum(len("".join(line.text.split())) for line in lines) < FEWEST_LETTERS
    ]
    if len(empty) == len(pages):
        raise Invalid(SCANNED, field="file")
    running = running_lines(pages, language)
    warnings = []
    if running:
        message = N_("{count} headers, footers and page numbers were left out.")
        warnings.append(Warning_(message, "file", {"count": len(running)}))
    if empty:
        message = N_("Pages without a text layer were left out: {pages}.")
        warnings.append(Warning_(message, "file", {"pages": numbers_of(empty)}))
    text = "\n".join(line.text.rstrip(HYPHENS) for lines in pages for line in lines)
    return Source(joined(pages, running, language), text, tuple(warnings))


def _pages(data: bytes) -> list[list[PageLine]]:
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except PdfiumError as error:
            if getattr(error, "err_code", None) == PASSWORD:
                message = N_("This PDF is protected by a password. Save it without one.")
            else:
                message = DAMAGED
            raise Invalid(message, field="file") from error
        try:
            return _read_pages(document)
        except PdfiumError as error:
            raise Invalid(DAMAGED, field="file") from error
        finally:
            document.close()


def _read_pages(document: pypdfium2.PdfDocument) -> list[list[PageLine]]:
    pages, letters = [], 0
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        letters += text.count_chars()
        if letters > MAX_TEXT or number >= MAX_PAGES:
            raise TooLarge("The PDF has more than {limit} pages.", field="file", limit=MAX_PAGES)
        pages.append(_lines(text, number))
        text.close()
        page.close()
    return pages


def _lines(page: pypdfium2.PdfTextPage, number: int) -> list[PageLine]:
    text = page.get_text_range()
    exact = len(text) == page.count_chars()  # else places cannot be asked for by position
    lines, start = [], 0
    for line in LINE.findall(text):
        content = line.strip()
        if content:
            first = start + line.index(content)
            last = first + len(content) - 1
            box = _box(page, first, last) if exact else (0.0, 0.0, 0.0)
            lines.append(PageLine(content, number, *box))
        start += len(line)
    return lines


def _box(page: pypdfium2.PdfTextPage, first: int, last: int) -> tuple[float, float, float]:
    left, bottom, _, _ = page.get_charbox(first, loose=True)
    _, _, right, _ = page.get_charbox(last, loose=True)
    return left, right, bottom
