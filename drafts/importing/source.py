"""[pure] What a reader makes of a file: its lines for the grammar, its text for the coverage.

And what several readers say alike: sentences about what was left out, figures set high.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from consult.errors import N_
from drafts.grammar.line import Hint, Line, Warning_

__all__ = ["Hint", "Line", "Source", "Tracked", "Warning_"]

Tracked = Literal["accepted", "original"]

ACCEPTED = N_("The file has {count} tracked changes. It was read as if all were accepted.")
ORIGINAL = N_("The file has {count} tracked changes. It was read as if none had been made.")
PICTURES = N_("The file has {count} pictures. They were left out.")
COMMENTS = N_("The file has {count} comments in its margin. They were left out.")
UNKNOWN_NUMBERS = N_("List numbers of the kind “{kind}” are not known; figures stand for them.")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SOFT = "\u00ad"  # a hyphen that is only seen where a line breaks


@dataclass(frozen=True, slots=True)
class Source:
    """A file that has been read.

    `lines` are what the grammar is given. `text` is everything the file says, taken from it by a
    way as independent of `lines` as the format allows, so that what a reader loses is noticed.
    """

    lines: tuple[Line, ...]
    text: str
    warnings: tuple[Warning_, ...] = ()


def left_out(
    tracked: Tracked, *, changes: int = 0, pictures: int = 0, comments: int = 0
) -> Iterator[Warning_]:
    """What a person must know of a file in which so many of these were found."""
    chosen = ACCEPTED if tracked == "accepted" else ORIGINAL
    for message, count in ((chosen, changes), (PICTURES, pictures), (COMMENTS, comments)):
        if count:
            yield Warning_(message, "file", {"count": count})


def raised(text: str) -> str:
    """Figures set high as characters of their own: Article 8¹ must not become Article 81."""
    return text.translate(RAISED)
