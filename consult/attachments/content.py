"""[pure] What a file is, by its content and never by its name, and the bytes that are kept of it.

Our own signatures rather than `filetype` or `puremagic`: both tell a kind by its first bytes, and
of the eight kinds taken here four are archives that must be opened to be told apart, two are
pictures that are taken apart anyway, and one, plain text, has no signature at all.

A PDF is kept as it is. What may hide in one cannot be told without running it; it is handed out
to be saved, never shown by this site.
"""

import re
from dataclasses import dataclass

from consult.attachments.archives import OFFICE, office_kind
from consult.attachments.images import JPEG, PNG, bare_jpeg, bare_png
from consult.errors import N_, Invalid, Unsupported
from drafts.importing.encoding import decoded


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken; the first of its endings is given to a name without one."""

    media_type: str
    endings: tuple[str, ...]


KINDS = {
    "pdf": Kind("application/pdf", (".pdf",)),
    "png": Kind("image/png", (".png",)),
    "jpeg": Kind("image/jpeg", (".jpg", ".jpeg")),
    "txt": Kind("text/plain; charset=utf-8", (".txt",)),
    "docx": Kind(OFFICE + "wordprocessingml.document", (".docx",)),
    "xlsx": Kind(OFFICE + "spreadsheetml.sheet", (".xlsx",)),
    "odt": Kind("application/vnd.oasis.opendocument.text", (".odt",)),
    "ods": Kind("application/vnd.oasis.opendocument.spreadsheet", (".ods",)),
}
ENDINGS = tuple(ending for kind in KINDS.values() for ending in kind.endings)
ARCHIVE = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .doc, .xls, and documents locked by a password
MARKUP = re.compile(r"\s*<[!?/a-z]", re.IGNORECASE)  # HTML, SVG and whatever else could act
RICH_TEXT = "{\\rtf"  # letters only, but a document that may hold anything
TAIL = 1024  # bytes at the end of a PDF within which it says that it ends
UNKNOWN = N_("Only PDF, PNG, JPEG, plain text, .docx, .xlsx, .odt and .ods files can be attached.")
OLD = N_("This is an old or password-protected Office file. Save it anew, without a password.")
CUT_OFF = N_("This PDF is damaged: its end is missing.")


def recognise(data: bytes) -> tuple[Kind, bytes]:
    """The kind of a file and what is kept of it: pictures without where they were taken, text
    as UTF-8, all else as it is. Raises Invalid (empty), TooLarge or Unsupported.
    """
    if not data.strip():
        raise Invalid("The file is empty.")
    if data.startswith(PNG):
        return KINDS["png"], bare_png(data)
    if data.startswith(JPEG):
        return KINDS["jpeg"], bare_jpeg(data)
    if data.startswith(b"%PDF-"):
        if b"%%EOF" not in data.rstrip(b"\0\t\r\n ")[-TAIL:]:
            raise Unsupported(CUT_OFF)
        return KINDS["pdf"], data
    if data.startswith(ARCHIVE):
        kind = office_kind(data)
        if kind is None:
            raise Unsupported(UNKNOWN)
        return KINDS[kind], data
    if data.startswith(OLD_OFFICE):
        raise Unsupported(OLD)
    return KINDS["txt"], _text(data).encode()


def _text(data: bytes) -> str:
    try:
        text = decoded(data)
    except Invalid as error:
        raise Unsupported(UNKNOWN) from error
    if MARKUP.match(text) or text.lstrip().startswith(RICH_TEXT):
        raise Unsupported(UNKNOWN)
    return text
