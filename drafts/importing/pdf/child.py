"""Asking PDFium for the lines of a PDF, in a process of its own: python -m …pdf.child.

A file of 200 kB can make PDFium take all memory or all time there is, and end the process when
it has them; here that process is one nobody misses. Reads the file from the standard input and
prints the pages as JSON; the exit status says why not.
"""

import json
import re
import resource
import sys
from dataclasses import astuple

import pypdfium2
from pypdfium2 import PdfiumError

from drafts.importing.guard.limits import MAX_TEXT, MEBIBYTE
from drafts.importing.pdf.lines import HIGH, HYPHENS, PageLine, in_line
from drafts.importing.source import raised

MAX_MEMORY = 1536 * MEBIBYTE  # of addresses; an ordinary file of 20 MiB needs a third
MAX_SECONDS = 20  # of computing
MAX_PAGES = 2000
LOCKED, DAMAGED, LONG = 3, 4, 5  # exit statuses
PASSWORD = 4  # FPDF_ERR_PASSWORD
LINE = re.compile(rf"[^\r\n{HYPHENS}]*[\r\n{HYPHENS}]*")  # a hyphen PDFium marks ends one as well
FIGURES = re.compile(r"(?<=[^\W_]|[»”)\"])\d{1,4}")  # figures that may be set high, as in 8¹
BLANK = re.compile(r"(?<=\S)\s+(?=\S)")
WIDE = 200.0  # points; a shorter line does not reach over two columns
COLUMN_GAP = 1.2  # times the height of the letters


def main() -> int:
    """Print the pages of the file at the standard input; returns the exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with pypdfium2.PdfDocument(sys.stdin.buffer.read()) as document:
            pages = _read_pages(document)
    except PdfiumError as error:
        return LOCKED if getattr(error, "err_code", None) == PASSWORD else DAMAGED
    if pages is None:
        return LONG
    json.dump([[astuple(line) for line in lines] for lines in pages], sys.stdout)
    return 0


def _read_pages(document: pypdfium2.PdfDocument) -> list[list[PageLine]] | None:
    pages, letters = [], 0
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        letters += text.count_chars()
        if letters > MAX_TEXT or number >= MAX_PAGES:
            return None
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
    return in_line(lines)


def _placed(page: pypdfium2.PdfTextPage, content: str, number: int, first: int) -> PageLine:
    """A line with its place; `first` is the position of its first letter on the page."""
    boxes = {0: page.get_charbox(first, loose=True)}
    last = max(len(content.rstrip(HYPHENS)) - 1, 0)
    for at in {last, len(content) - 1}:
        boxes[at] = page.get_charbox(first + at, loose=True)
    size = max(top - bottom for _, bottom, _, top in boxes.values())
    text = list(content)
    for figures in FIGURES.finditer(content):
        for at in range(*figures.span()):
            _, bottom, _, top = page.get_charbox(first + at, loose=True)
            if top - bottom < HIGH * size:
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


if __name__ == "__main__":
    sys.exit(main())
