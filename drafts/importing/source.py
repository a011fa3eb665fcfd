"""[pure] What a reader makes of a file: its lines for the grammar, its text for the coverage."""

from dataclasses import dataclass

from drafts.grammar.line import Hint, Line, Warning_

__all__ = ["Hint", "Line", "Source", "Warning_"]


@dataclass(frozen=True, slots=True)
class Source:
    """A file that has been read.

    `lines` are what the grammar is given. `text` is everything the file says, taken from it by a
    way as independent of `lines` as the format allows, so that what a reader loses is noticed.
    """

    lines: tuple[Line, ...]
    text: str
    warnings: tuple[Warning_, ...] = ()
