"""[pure] The lines of pages: which are running heads, which are footnotes, which stand in columns.

Lengths are in points (1/72 inch); `bottom` grows upwards, as PDF measures.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from drafts.grammar.language import Language
from drafts.grammar.marks import read_mark
from drafts.importing.source import raised

HYPHENS = "\u00ad\ufffe\x02"  # a soft hyphen, and the marks PDFium puts for one it found
EDGE = 3  # lines at the top and at the bottom of a page that may be running ones
OFTEN = 0.3  # of the pages that must repeat a line before it counts as running
SAME_HEIGHT = 12.0  # points by which the places of a running line may differ
BLANK = 0.2  # of the height of letters: the least distance of two words
HIGH = 0.8  # of the height of the line; figures set high are smaller
SMALL = 0.9  # of the usual size of letters; notes are smaller
MIDDLE = (0.3, 0.7)  # of the width of the text; a second column begins there
FEW = 5  # lines of a page in two columns, and at least this share of all:
MANY = 0.3
DIGITS = re.compile(r"\d+")
PAGE_NUMBER = re.compile(
    r"[-–—\s\[]*(?:(?:page|p|страница|стр|с|бет|б)\.?\s*)?(?P<number>\d{1,4})"
    r"(?:[-–\s]*бет[иі]?|\s*(?:/|из|of)\s*\d{1,4}(?:\s*бет[иі]?)?)?[-–—\s.\]]*",
    re.IGNORECASE,
)
NOTE = re.compile(r"(?:(?P<number>\d{1,3})(?=\s|[^\W\d_])|\*{1,3}|[¹²³⁴-⁹⁰]+|\d{1,3}\))\s*")


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line as it stands on a page (counted from 0).

    `size` is the height of its letters; `gap` is where the widest blank within it ends, 0 for
    none that parts columns.
    """

    text: str
    page: int
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    size: float = 0.0
    gap: float = 0.0


Pages = Sequence[Sequence[PageLine]]


def in_line(lines: Sequence[PageLine]) -> list[PageLine]:
    """The lines with those made one that only a figure set high had parted."""
    whole: list[PageLine] = []
    for line in lines:
        before = whole[-1] if whole else None
        if before and _is_beside(before, line):
            apart = " " if line.left - before.right > BLANK * before.size else ""
            high = line.text.isdigit() and line.size < HIGH * before.size and not apart
            text = raised(line.text) if high and before.text[-1].isalnum() else line.text
            big = max(before, line, key=lambda part: part.size)
            whole[-1] = replace(
                big,
                text=f"{before.text}{apart}{text}",
                left=before.left,
                right=line.right,
                gap=before.gap or line.gap,
            )
        else:
            whole.append(line)
    return whole


def _is_beside(before: PageLine, line: PageLine) -> bool:
    """Whether a line goes straight on from the one before it, at about its height."""
    near = -BLANK * before.size <= line.left - before.right < before.size
    overlap = min(before.bottom + before.size, line.bottom + line.size) - max(
        before.bottom, line.bottom
    )
    return near and overlap > min(before.size, line.size) / 2 > 0


def running_lines(pages: Pages, language: Language) -> set[PageLine]:
    """Headers, footers and page numbers: what the edges of many pages repeat at one height."""
    edges = [_edge_lines(lines, language) for lines in pages]
    enough = max(2, OFTEN * len(pages))
    alike: dict[str, list[PageLine]] = {}
    counted: Counter[int] = Counter()
    for page, lines in enumerate(edges):
        for line in lines:
            if (number := _page_number(line)) is not None:
                counted[number - page] += 1
            else:
                alike.setdefault(DIGITS.sub("#", line.text), []).append(line)
    found = {
        line
        for group in alike.values()
        for line in _at_one_height(group)
        if len({line.page for line in _at_one_height(group)}) >= enough
    }
    for page, lines in enumerate(edges):
        outermost = _outermost(pages[page])
        for line in lines:
            number = _page_number(line)
            if number is None:
                continue
            alone = line in outermost and number == page + 1 and page > 0
            if counted[number - page] >= enough or alone:
                found.add(line)
    return found


def notes_of(pages: Pages, running: set[PageLine]) -> list[list[PageLine]]:
    """The footnotes of each page: smaller lines at its bottom, the first with the mark of one."""
    usual = usual_size(line for lines in pages for line in lines if line not in running)
    found = []
    for lines in pages:
        rising = sorted((line for line in lines if line not in running), key=lambda at: at.bottom)
        small = 0
        while small < len(rising) and rising[small].size < SMALL * usual:
            small += 1
        notes = rising[:small][::-1] if small < len(rising) else []
        marked = [at for at, line in enumerate(notes) if NOTE.match(line.text)]
        inside = set(notes[marked[0] :] if marked else ())
        found.append([line for line in lines if line in inside])
    return found


def columns_of(lines: Sequence[PageLine]) -> float | None:
    """Where the second column of a page begins, or None for a page of one column."""
    placed = [line for line in lines if line.right > line.left]
    if len(placed) < FEW:
        return None
    left = min(line.left for line in placed)
    width = max(line.right for line in placed) - left
    first, last = (left + share * width for share in MIDDLE)
    starts = [line.left for line in placed if first < line.left < last]
    starts += [line.gap for line in placed if first < line.gap < last]
    if len(starts) < max(FEW, MANY * len(placed)):
        return None
    column = median(starts)
    before = sum(line.left < first and (line.right <= column or line.gap > 0) for line in placed)
    return min(starts) if before >= FEW else None


def usual_size(lines: Iterable[PageLine]) -> float:
    """The height that most letters have."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _at_one_height(group: Sequence[PageLine]) -> list[PageLine]:
    middle = median(line.bottom for line in group)
    return [line for line in group if abs(line.bottom - middle) <= SAME_HEIGHT]


def _edge_lines(lines: Sequence[PageLine], language: Language) -> set[PageLine]:
    falling = sorted(lines, key=lambda line: -line.bottom)
    return {
        line
        for line in {*falling[:EDGE], *falling[-EDGE:]}
        if _page_number(line) is not None
        or (any(map(str.isalpha, line.text)) and not read_mark(line.text, language))
    }


def _outermost(lines: Sequence[PageLine]) -> set[PageLine]:
    falling = sorted(lines, key=lambda line: -line.bottom)
    return {falling[0], falling[-1]} if len(falling) > 1 else set()


def _page_number(line: PageLine) -> int | None:
    """The number of the page, if the line is nothing else."""
    found = PAGE_NUMBER.fullmatch(line.text)
    return int(found["number"]) if found else None
