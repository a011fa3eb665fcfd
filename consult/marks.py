"""[pure] The mark that stands in a text where personal data was removed, and how it is found.

It is kept as plain English words with a number, so that it can be read wherever a text goes: in a
table, a file, a mail. Pages say it in the reader's language (the filter `marked`, templating.py).
The number is that of the words removed: by it they are put back when an appeal succeeds.
"""

import re
from collections.abc import Callable

from consult.errors import N_

PERSONAL_DATA = N_("[personal data removed]")
ERASED = "—"  # instead of words their author had removed; they are withdrawn too, and not shown
_MARK = re.compile(r"(\[personal data removed \d{1,10}\])")
_LETTER = "\x1a"  # stands in no text: control characters are not taken (comments/rules.py)


def mark(number: int) -> str:
    """What is written where words were removed."""
    return PERSONAL_DATA.replace("]", f" {number}]")


def split(text: str) -> list[str]:
    """The text cut at its marks: words, mark, words, mark … words."""
    return _MARK.split(text)


def spoken(text: str, said: str) -> str:
    """The text with its marks said in other words."""
    return said.join(split(text)[::2])


def beginning(text: str, cut: Callable[[str], str]) -> str:
    """The beginning of a text as `cut` leaves it, to which a mark is one letter: it stays whole."""
    pieces = split(text)
    marks = iter(pieces[1::2])
    return re.sub(_LETTER, lambda _: next(marks), cut(_LETTER.join(pieces[::2])))
