"""Reading plain text files: letters, then lines."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from consult.errors import TooLarge
from drafts.grammar.line import lines_of
from drafts.importing.encoding import decoded
from drafts.importing.guard.limits import MAX_LINES, TOO_LONG
from drafts.importing.room import AGAIN
from drafts.importing.source import SOFT, Line, Source

BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")  # as str.splitlines has it


def read(data: bytes) -> Source:
    """The lines of a text file in UTF-8, UTF-16 with a mark, or windows-1251.

    Raises Invalid for any other encoding and for what is no text, TooLarge for too many lines.
    """
    text = decoded(data)
    if next(islice(BREAK.finditer(text), AGAIN * MAX_LINES, None), None):
        raise TooLarge(TOO_LONG, field="file", limit=MAX_LINES)
    return Source(tuple(_whole(lines_of(text))), text.replace(SOFT, ""))


def _whole(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines with each word whole: one that a soft hyphen broke goes on in the next line."""
    begun = Line("")
    parts: list[str] = []
    for line in lines:
        begun = begun if parts else line
        text = line.text.lstrip() if parts else line.text
        ended = text.rstrip()
        if ended.endswith(SOFT) or (parts and not ended):
            parts.append(ended)
            continue
        yield replace(begun, text="".join([*parts, text]).replace(SOFT, ""))
        parts = []
    if parts:
        yield replace(begun, text="".join(parts).replace(SOFT, ""))
