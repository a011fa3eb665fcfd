"""[pure] The mark that stands in a text where personal data was removed, and how it is found.

It is kept as plain English words with a number, so that it can be read wherever a text goes: in a
table, a file, a mail. Pages say it in the reader's language (the filter `marked`, templating.py).
The number is that of the words removed: by it they are put back when an appeal succeeds.
"""

import re

from consult.errors import N_

PERSONAL_DATA = N_("[personal data removed]")
_MARK = re.compile(r"(\[personal data removed \d{1,10}\])")


def mark(number: int) -> str:
    """What is written where words were removed."""
    return PERSONAL_DATA.replace("]", f" {number}]")


def split(text: str) -> list[str]:
    """The text cut at its marks: words, mark, words, mark … words."""
    return _MARK.split(text)
