"""[pure] How much of a brief is told, so that it stays one page: from generous to bare.

The sheet (brief.typ) sets the first of these that fits. What is left out by it is counted, and the
page says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from consult.statistics.rules import excerpt, shortened

T = TypeVar("T")
Pieces = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Amount:
    """So many of each thing, of so many characters; `size` is that of the letters in points."""

    size: float
    issues: int
    quote: int
    changes: int
    change: int
    lines: int
    line: int
    title: int


AMOUNTS = (
    Amount(size=10, issues=4, quote=300, changes=6, change=400, lines=8, line=220, title=400),
    Amount(size=9.5, issues=4, quote=220, changes=6, change=300, lines=8, line=180, title=400),
    Amount(size=9, issues=4, quote=200, changes=5, change=300, lines=8, line=160, title=300),
    Amount(size=8.5, issues=4, quote=160, changes=5, change=240, lines=8, line=130, title=240),
    Amount(size=8.5, issues=3, quote=130, changes=3, change=200, lines=5, line=130, title=240),
    Amount(size=8, issues=3, quote=90, changes=2, change=160, lines=3, line=100, title=200),
    Amount(size=8, issues=2, quote=60, changes=1, change=120, lines=2, line=80, title=140),
    Amount(size=8, issues=1, quote=40, changes=0, change=0, lines=1, line=60, title=100),
)


@dataclass(slots=True)
class Left:
    """How many things were left out while a page was made."""

    n: int = 0

    def first(self, things: Sequence[T], most: int) -> Sequence[T]:
        """The first so many; the others are counted."""
        self.n += max(len(things) - most, 0)
        return things[:most]


def cut(text: str, most: int) -> str:
    """The beginning of a text, cut between two words; an endless word is cut too."""
    short = excerpt(text, most)
    return short if len(short) <= most + 2 else f"{short[:most]}…"


def cut_pieces(pieces: Pieces, most: int) -> list[tuple[str, str]]:
    """A difference of at most about so many characters, that of `shortened` and no more."""
    told: list[tuple[str, str]] = []
    room = most
    for op, text in shortened(pieces, keep=max(most // 6, 8)):
        told.append((op, text if len(text) <= room else f"{text[:room]}…"))
        room -= len(text)
        if room <= 0:
            break
    return told
