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
from drafts.importing.limits import MAX_TEXT
from drafts.importing.pdf_layout import HYPHENS, ends_broken, joined, numbers_of
from drafts.importing.pdf_lines import PageLine, columns_of, notes_of, running_lines
from drafts.importing.source import Source, Warning_, raised

PDFIUM = threading.Lock()  # the library must not be entered twice at a time
PASSWORD = 4  # FPDF_ERR_PASSWORD
MAX_PAGES = 2000
FEWEST_LETTERS = 10  # on a page that has a text layer
LINE = re.compile(rf"[^\r\n{HYPHENS}]*[\r\n{HYPHENS}]*")  # a hyphen PDFium marks ends one as well
HIGH = re.compile(r"(?<=[^\W_]|[»”)\"])\d{1,4}")  # figures that may be set high, as in 8¹
BLANK = re.compile(r"(?<=\S)\s+(?=\S)")
SMALLER = 0.8  # of the height of the line
WIDE = 200.0  # points; a shorter line does not reach over two columns
COLUMN_GAP = 1.2  # times the height of the letters
DAMAGED = N_("This PDF is damaged and cannot be read.")
SCANNED = N_(
    "This PDF is a scanned picture without text. Import the document it was made from, "
    "or have the text recognised first."
)
RUNNING = N_("{count} headers, footers and page numbers were left out.")
EMPTY = N_("Pages without a text layer were left out: {pages}.")
COLUMNS = N_(
    "Pages set in columns, or with tables: {pages}. Look whether what stands side by side there "
    "was read in its order."
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
    notes = notes_of(pages, running)
    paragraphs = joined(pages, running, notes, language)
    printed = [line for paragraph in paragraphs for line in paragraph.lines]
    text = "\n".join(_letters(line) for line in [*printed, *running])
    columns = [at for at, lines in enumerate(pages, start=1) if columns_of(lines) is not None]
    warnings = [
        Warning_(message, "file", params)
        for message, params in (
            (RUNNING, {"count": len(running)} if running else {}),
            (EMPTY, {"pages": numbers_of(empty)} if empty else {}),
            (COLUMNS, {"pages": numbers_of(columns)} if columns else {}),
        )
        if params
    ]
    return Source(tuple(paragraph.line() for paragraph in paragraphs), text, tuple(warnings))


def _letters(line: PageLine) -> str:
    """A line without the hyphen at its end, which may only have broken a word."""
    return line.text[:-1] if ends_broken(line.text) else line.text


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
        if content and exact:
            lines.append(_placed(page, content, number, start + line.index(content)))
        elif content:
            lines.append(PageLine(content, number))
        start += len(line)
    return lines


def _placed(page: pypdfium2.PdfTextPage, content: str, number: int, first: int) -> PageLine:
    """A line with its place; `first` is the position of its first letter on the page."""
    boxes = {0: page.get_charbox(first, loose=True)}
    last = len(content.rstrip(HYPHENS)) - 1
    for at in {last, len(content) - 1}:
        boxes[at] = page.get_charbox(first + at, loose=True)
    size = max(top - bottom for _, bottom, _, top in boxes.values())
    text = list(content)
    for figures in HIGH.finditer(content):
        for at in range(*figures.span()):
            _, bottom, _, top = page.get_charbox(first + at, loose=True)
            if top - bottom < SMALLER * size:
                text[at] = raised(content[at])
    left, bottom, _, _ = boxes[0]
    right = boxes[len(content) - 1][2]
    gap = _gap(page, content, first, size) if right - left > WIDE else 0.0
    return PageLine("".join(text), number, left, right, bottom, size, gap)


def _gap(page: pypdfium2.PdfTextPage, content: str, first: int, size: float) -> float:
    """Where the words behind a blank as wide as between columns begin; 0 where there is none."""
    for blank in BLANK.finditer(content):
        _, _, right, _ = page.get_charbox(first + blank.start() - 1, loose=True)
        left, _, _, _ = page.get_charbox(first + blank.end(), loose=True)
        if left - right > COLUMN_GAP * size:
            return float(left)
    return 0.0
