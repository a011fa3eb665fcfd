"""[pure] From bytes to letters, and what shows that letters were lost before they came here."""

import re
from collections.abc import Iterator, Sequence

from consult.errors import N_, Invalid
from drafts.importing.source import Line, Warning_

MARKS = (  # byte order marks, the longer first
    (b"\xff\xfe\x00\x00", ""),
    (b"\x00\x00\xfe\xff", ""),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
TOLD = re.compile(  # encodings that a page may name; for others Python has odd and slow codecs
    r"utf-?8|us-ascii|latin-?1|iso-?8859-\d+|(?:windows-|cp)125\d|koi8-[rut]|cp866|ibm866"
    r"|kz-?1048|ptcp154|(?:x-)?mac-?cyrillic|gb2312|gbk|gb18030",
    re.IGNORECASE,
)
CYRILLIC = re.compile(r"[А-Яа-яЁё]")
COMMON = re.compile(r"[оеаинтОЕАИНТ]")  # near half of the letters in Russian, more in ky and kk
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")
QUESTION = re.compile(r"\?(?=[а-яёәғқңөұүһі])")
OFTEN = 3  # question marks before small letters that are no slip of the hand
WRONG = N_("The encoding of this file is not known. Save it as UTF-8 and try again.")
DAMAGED = N_("{count} letters of this file were lost before it came here (�).")
ASKED = N_(
    "{count} question marks stand inside words: letters were lost when the file was saved in an "
    "encoding that lacks them. Save it anew as UTF-8 from the program it was written in."
)


def decoded(data: bytes, told: str = "") -> str:
    """A text by its byte order mark, by the encoding it names, as UTF-8, or as windows-1251.

    Raises Invalid for any other encoding and for what is no text.
    """
    marked = next((name for mark, name in MARKS if data.startswith(mark)), None)
    named = told.strip().lower().removeprefix("x-") if TOLD.fullmatch(told.strip()) else ""
    tried = (marked,) if marked is not None else (named, "utf-8", "windows-1251")
    for name in tried:
        try:
            text = data.decode(name) if name else ""
        except UnicodeDecodeError:
            continue
        sure = name == named or name != "windows-1251"
        if text and (sure or _is_cyrillic(text)) and not CONTROLS.search(text):
            return text
    raise Invalid(WRONG, field="file")


def lost_letters(lines: Sequence[Line]) -> Iterator[Warning_]:
    """Signs that letters were replaced before this file was sent, and where the first stands."""
    for pattern, least, message in (("\ufffd", 1, DAMAGED), (QUESTION, OFTEN, ASKED)):
        found = [(len(re.findall(pattern, line.text)), line.place) for line in lines]
        count = sum(number for number, _ in found)
        if count >= least:
            place = next(place for number, place in found if number)
            yield Warning_(message, place, {"count": count})


def _is_cyrillic(text: str) -> bool:
    """Every byte is a letter in windows-1251: only real words have the right frequencies."""
    foreign = [letter for letter in text if ord(letter) > 127]
    letters = CYRILLIC.findall(text)
    common = COMMON.findall(text)
    return len(letters) > 0.8 * len(foreign) and len(common) > 0.36 * len(letters)
