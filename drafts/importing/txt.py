"""Reading plain text files: which encoding, then lines."""

import re

from consult.errors import N_, Invalid
from drafts.grammar.line import lines_of
from drafts.importing.source import Source, Warning_

MARKS = (  # byte order marks, the longer first
    (b"\xff\xfe\x00\x00", ""),
    (b"\x00\x00\xfe\xff", ""),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
COMMON = re.compile(r"[оеаинтОЕАИНТ]")  # near half of the letters in Russian, more in ky and kk
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")
WRONG = N_("The encoding of this file is not known. Save it as UTF-8 and try again.")
DAMAGED = N_("{count} letters of this file were lost before it came here (�).")


def read(data: bytes) -> Source:
    """The lines of a text file in UTF-8, UTF-16 with a mark, or windows-1251.

    Raises Invalid for any other encoding and for what is no text.
    """
    text = _decoded(data)
    if CONTROLS.search(text):
        raise Invalid(WRONG, field="file")
    lost = text.count("\ufffd")
    warnings = (Warning_(DAMAGED, "file", {"count": lost}),) if lost else ()
    return Source(lines_of(text), text, warnings)


def _decoded(data: bytes) -> str:
    encoding = next((name for mark, name in MARKS if data.startswith(mark)), "utf-8")
    for name in (encoding, "windows-1251" if encoding == "utf-8" else ""):
        try:
            text = data.decode(name) if name else ""
        except UnicodeDecodeError:
            continue
        if text and (name != "windows-1251" or _is_cyrillic(text)):
            return text
    raise Invalid(WRONG, field="file")


def _is_cyrillic(text: str) -> bool:
    """Every byte is a letter in windows-1251: only real words have the right frequencies."""
    foreign = [letter for letter in text if ord(letter) > 127]
    letters = CYRILLIC.findall(text)
    common = COMMON.findall(text)
    return len(letters) > 0.8 * len(foreign) and len(common) > 0.36 * len(letters)
