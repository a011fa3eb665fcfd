"""[pure] How much may be made of a file, counted as it is made. What a file may be: guard."""

from collections.abc import Iterable

from consult.errors import TooLarge, Unsupported
from drafts.importing.guard.limits import (
    MAX_LINES,
    MAX_PATTERN,
    MAX_TEXT,
    TOO_LONG,
    TOO_MUCH,
)
from drafts.importing.source import Line

AGAIN = 4  # times that words may be counted: those of a table in a cell are, in each of its rows
EACH = 3  # letters' worth of memory and time that a piece of text takes, one without any as well


class Room:
    """What may still be made of one file.

    A few bytes can have a number or a cell printed a million times: whatever a reader makes is
    counted as it is made, since afterwards there is no memory left to count in. Each method raises
    TooLarge.
    """

    def __init__(self) -> None:
        self.letters, self.passages = AGAIN * MAX_TEXT, AGAIN * MAX_LINES

    def take(self, text: str) -> str:
        """Count a text."""
        self.letters -= len(text) + EACH
        if self.letters < 0:
            raise TooLarge(TOO_MUCH, field="file")
        return text

    def row(self, cells: Iterable[str], place: str) -> Line:
        """One row of a table; white space within a cell is one blank."""
        words = (self.take(" ".join(cell.split())) for cell in cells)
        return Line("\t".join(words), "table", None, "row", place)

    def add(self, lines: list[Line], more: Iterable[Line]) -> None:
        """Add lines, which are made one by one, to those of the file or of a cell."""
        for line in more:
            if len(lines) >= MAX_LINES:
                raise TooLarge(TOO_LONG, field="file", limit=MAX_LINES)
            self.take(line.text)
            lines.append(line)

    def passage(self) -> None:
        """Count a passage where there are no lines."""
        self.passages -= 1
        if self.passages < 0:
            raise TooLarge(TOO_LONG, field="file", limit=MAX_LINES)


def printable(pattern: str, broken: str) -> str:
    """How the numbers of a list look, as the file says it; all of it is printed at each of them.

    Raises Unsupported with the sentence `broken` for what no program that writes texts made.
    """
    if len(pattern) > MAX_PATTERN:
        raise Unsupported(broken, field="file")
    return pattern
