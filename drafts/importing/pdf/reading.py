"""Reading PDF files by their text layer: lines of pages → paragraphs.

A PDF knows letters and places, no paragraphs. What is put together here, and how running heads
are told from text, is in layout.py and lines.py; child.py asks PDFium.
"""

import json
import os
import subprocess
import sys

from consult.errors import N_, Invalid, TooLarge
from drafts.grammar.language import grammar_of
from drafts.importing.pdf import child
from drafts.importing.pdf.layout import ends_broken, joined, numbers_of
from drafts.importing.pdf.lines import PageLine, columns_of, notes_of, running_lines
from drafts.importing.source import Source, Warning_

FEWEST_LETTERS = 10  # on a page that has a text layer
PATIENCE = 90  # seconds until a reader that computes nothing is given up as well
DAMAGED = N_("This PDF is damaged and cannot be read.")
LOCKED = N_("This file is protected by a password. Save it without one.")
COSTLY = N_(
    "This PDF takes too much time or memory to be read. Print it to a new PDF and try again."
)
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
    command = [sys.executable, "-m", child.__name__]
    paths = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    try:
        done = subprocess.run(  # noqa: S603 - nothing of the command comes from the file
            command, input=data, capture_output=True, env=paths, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TooLarge(COSTLY, field="file") from error
    match done.returncode:
        case 0:
            return [[PageLine(*line) for line in lines] for lines in json.loads(done.stdout)]
        case child.LOCKED:
            raise Invalid(LOCKED, field="file")
        case child.DAMAGED:
            raise Invalid(DAMAGED, field="file")
        case child.LONG:
            limit = child.MAX_PAGES
            raise TooLarge("The PDF has more than {limit} pages.", field="file", limit=limit)
    raise TooLarge(COSTLY, field="file")
