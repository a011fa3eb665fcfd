"""Refusing what must not be opened, before anything opens it, in bounded time and memory.

What a file says is for the readers; here only its size, its kind and its dangers are looked at.
Archives are looked into by archives.py.
"""

import re
from pathlib import PurePath
from typing import Literal

from consult.errors import N_, Invalid, TooLarge, Unsupported
from drafts.importing.encoding import MARKS
from drafts.importing.guard.archives import check_archive, kind_of_archive
from drafts.importing.guard.limits import MAX_BYTES, MAX_LINES, MAX_TEXT, MEBIBYTE, TOO_LONG
from drafts.importing.guard.xml import check_akn
from drafts.importing.source import Source

Format = Literal["txt", "docx", "odt", "pdf", "html", "akn"]
ENDINGS: dict[str, Format] = {
    ".docx": "docx",
    ".odt": "odt",
    ".pdf": "pdf",
    ".txt": "txt",
    ".html": "html",
    ".htm": "html",
    ".xml": "akn",
    ".akn": "akn",
}
OLD_WORD = b"\xd0\xcf\x11\xe0"  # the container of .doc and of encrypted .docx files
HEAD = 4096  # bytes that must show what a file is
BEFORE = rb"\s*+(?:<!--(?:(?!-->).)*+-->\s*+|<\?[^>]*+>\s*+)*+"  # comments, declarations
PAGE = re.compile(BEFORE + rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
NAMES = rb"head|body|meta|title|table|p|pre|div|span|br|article|section|h[1-6]|ol|ul"
TAGS = re.compile(rb"<(?:" + NAMES + rb")\b", re.IGNORECASE)
XML = re.compile(rb"\s*<(?:\?xml\b|(?:\w+:)?akomaNtoso\b)")
UNKNOWN = N_("Only .docx, .odt, .pdf, .html, .txt and Akoma Ntoso (.xml, .akn) files can be read.")


def check(data: bytes, filename: str) -> Format:
    """The format of a file that may be read.

    Raises Invalid (empty), TooLarge (bytes, zip bomb) or Unsupported (another kind than the name
    says, macros, embedded objects, references to other files, entities, a password).
    """
    if not data.strip():
        raise Invalid("The file is empty.", field="file")
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // MEBIBYTE
        raise TooLarge("The file is larger than {limit} MiB.", field="file", limit=limit)
    ending = PurePath(filename).suffix.lower()
    named = ENDINGS.get(ending)
    if named is None:
        raise Unsupported(UNKNOWN, field="file")
    if data.startswith(OLD_WORD):
        raise Unsupported(
            "This is an old or password-protected Word file. Save it as .docx without a password.",
            field="file",
        )
    if _kind(data, named) != named:
        raise Unsupported(
            "The file is called {ending} but its content is something else.",
            field="file",
            ending=ending,
        )
    _check_inside(data, named)
    return named


def check_source(source: Source) -> None:
    """Raises TooLarge for more text than can be shown, Invalid for none."""
    made = sum(len(line.text) for line in source.lines)  # with the numbers of lists, which are
    check_size(max(len(source.text), made), len(source.lines))  # not in the text
    if not source.text.strip():
        raise Invalid("There is no text in this file.", field="file")


def check_size(letters: int, lines: int) -> None:
    """Raises TooLarge for more than can be shown."""
    if letters > MAX_TEXT or lines > MAX_LINES:
        raise TooLarge(TOO_LONG, field="file", limit=MAX_LINES)


def _kind(data: bytes, named: Format) -> Format:
    """What the content is. A page may leave out what opens one: then its name must say so."""
    if data.startswith(b"PK"):
        return kind_of_archive(data)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    head = _plain(data[:HEAD])
    if PAGE.match(head) or (named == "html" and TAGS.search(head)):
        return "html"
    return "akn" if XML.match(head) else "txt"


def _plain(head: bytes) -> bytes:
    """The letters that markup is made of, whatever the encoding."""
    mark, _ = next(((mark, name) for mark, name in MARKS if head.startswith(mark)), (b"", ""))
    return head[len(mark) :].replace(b"\0", b"")


def _check_inside(data: bytes, kind: Format) -> None:
    if kind in ("docx", "odt"):
        check_archive(data, kind)
    elif kind == "akn":
        check_akn(data)
