"""[pure] The plain text of a mail as it goes out: short lines, each link on a line of its own.

Lines are broken as format=flowed (RFC 3676): a line that goes on ends with a space, so that a
narrow screen may break it elsewhere. What quotes ("> ") stays a quotation on each of its lines.
"""

import re
import textwrap
from collections.abc import Iterator

WIDTH = 72
SUBJECT_MAX = 150
SIGNATURE = "-- "
_QUOTE = "> "
_LINK = re.compile(r"(https?://[^\s<>«»\"]+)")
# A bell or an escape sequence has no place in a text somebody reads in a terminal.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def laid_out(text: str) -> str:
    """The text with lines of at most 72 characters (but for links), and no two empty ones."""
    lines = (_UNSEEN.sub(" ", line) for line in re.split(r"\r\n|\r|\n", text.strip()))
    broken = [piece for line in lines for piece in _broken(line)]
    kept = [line for n, line in enumerate(broken) if line or (n and broken[n - 1])]
    return "\n".join(kept) + "\n"


def _broken(line: str) -> Iterator[str]:
    if line == SIGNATURE:
        yield line
    elif line.startswith(_QUOTE) or line == _QUOTE.strip():
        words = line[1:].strip()
        yield from (_QUOTE + piece if piece else _QUOTE.strip() for piece in _flowing(words))
    else:
        parts = [part.strip() for part in _LINK.split(line)]
        for part in parts if any(parts) else [""]:
            if part or not any(parts):
                yield from (_stuffed(piece) for piece in _flowing(part))


def _flowing(words: str) -> list[str]:
    """Words on lines; all but the last end with a space: they go on."""
    pieces = textwrap.wrap(words, WIDTH, break_long_words=False, break_on_hyphens=False)
    return [f"{piece} " for piece in pieces[:-1]] + pieces[-1:] or [""]


def _stuffed(line: str) -> str:
    """A line that something on the way would take for a quotation or a new mail (RFC 3676, 4.4)."""
    return f" {line}" if line.startswith((">", "From ")) else line


def subject_line(words: str) -> str:
    """What may stand in a subject: one line of at most 150 characters, cut between two words."""
    line = " ".join(_UNSEEN.sub(" ", words).split())
    if len(line) <= SUBJECT_MAX:
        return line
    return line[:SUBJECT_MAX].rsplit(" ", 1)[0][: SUBJECT_MAX - 1] + "…"
