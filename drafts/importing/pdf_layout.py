"""[pure] From the lines of pages to paragraphs: running heads, hyphenation, where one ends.

Lengths are in points (1/72 inch); `bottom` grows upwards, as PDF measures.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from drafts.grammar.language import Language
from drafts.grammar.marks import read_mark
from drafts.grammar.shape import begins_low, is_finished
from drafts.importing.source import Line

EDGE = 2  # lines at the top and at the bottom of a page that may be running ones
OFTEN = 0.5  # of the pages that must repeat a line before it counts as running
INDENT = 6.0  # points
GAP = 1.5  # times the usual distance of lines
SHORT = 0.88  # of the width of the page's text; a line below it was ended on purpose
HYPHENS = "\u00ad\ufffe\x02"  # a soft hyphen, and the marks PDFium puts for one it found
DIGITS = re.compile(r"\d+")
PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:(?:page|p|страница|стр|с)\.?\s*)?\d{1,4}"
    r"(?:[-\s]*бет[иі]?|\s*(?:/|из|of)\s*\d{1,4})?[-–—\s]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line as it stands on a page (counted from 0)."""

    text: str
    page: int
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0


def running_lines(pages: Sequence[Sequence[PageLine]], language: Language) -> set[PageLine]:
    """Headers, footers and page numbers: what the edges of most pages repeat."""
    edges = [_edge_lines(lines, language) for lines in pages]
    alike: Counter[str] = Counter()
    counted: Counter[int] = Counter()
    for page, lines in enumerate(edges):
        alike.update({DIGITS.sub("#", line.text) for line in lines})
        counted.update({number - page for line in lines for number in _page_number(line)})
    enough = max(2, OFTEN * len(pages))
    return {
        line
        for page, lines in enumerate(edges)
        for line in lines
        if alike[DIGITS.sub("#", line.text)] >= enough
        and all(counted[number - page] >= enough for number in _page_number(line))
    }


def joined(
    pages: Sequence[Sequence[PageLine]], running: set[PageLine], language: Language
) -> tuple[Line, ...]:
    """The paragraphs without the running lines, each with the page on which it begins."""
    lines = [line for page in pages for line in page if line not in running]
    margins = _margins(lines)
    distance = _usual_distance(lines)
    words = Counter(re.findall(r"\w+-\w+", " ".join(line.text for line in lines).lower()))
    paragraphs: list[tuple[list[str], int]] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if before is None or _begins(before, line, language, margins, distance):
            paragraphs.append(([line.text], line.page))
        else:
            _append(paragraphs[-1][0], line.text, words)
    return tuple(Line("".join(parts), place=f"page {page + 1}") for parts, page in paragraphs)


def numbers_of(pages: Iterable[int]) -> str:
    """Pages in spans: 3, 5, 6, 7 are "3, 5–7"."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and page == spans[-1][1] + 1:
            spans[-1][1] = page
        else:
            spans.append([page, page])
    return ", ".join(f"{a}–{b}" if b > a else str(a) for a, b in spans)


def _edge_lines(lines: Sequence[PageLine], language: Language) -> set[PageLine]:
    falling = sorted(lines, key=lambda line: -line.bottom)
    edge = {*falling[:EDGE], *falling[-EDGE:]}
    return {line for line in edge if _page_number(line) or not read_mark(line.text, language)}


def _page_number(line: PageLine) -> list[int]:
    """The number of the page, if the line is nothing else."""
    return [int(DIGITS.findall(line.text)[0])] if PAGE_NUMBER.fullmatch(line.text) else []


def _begins(
    before: PageLine,
    line: PageLine,
    language: Language,
    margins: dict[int, tuple[float, float]],
    distance: float,
) -> bool:
    """Whether a new paragraph begins with `line`."""
    if read_mark(line.text, language):
        return True
    cut_off = begins_low(line.text) and not is_finished(before.text)
    if before.text[-1] in HYPHENS or cut_off:
        return False
    left, right = margins[before.page]
    if before.right < left + SHORT * (right - left):
        return True
    if line.page == before.page and before.bottom - line.bottom > GAP * distance:
        return True
    hanging = read_mark(before.text, language) is not None
    return line.left > max(before.left, margins[line.page][0]) + INDENT and not hanging


def _append(parts: list[str], rest: str, words: Counter[str]) -> None:
    """Join the next line; a hyphen at the end of the last one goes, unless the word has one."""
    last = parts[-1]
    broken = last[-1] in HYPHENS or (last[-1] == "-" and last[-2:-1].isalpha() and begins_low(rest))
    if not broken:
        parts.append(f" {rest}")
        return
    word = f"{last[:-1].rpartition(' ')[2]}-{rest.partition(' ')[0]}".lower()
    hyphenated = words[re.sub(r"^\W+|\W+$", "", word)] > 0
    parts[-1] = last[:-1] + ("-" if hyphenated else "")
    parts.append(rest)


def _margins(lines: Sequence[PageLine]) -> dict[int, tuple[float, float]]:
    """Where the text of each page begins and ends; a page of short lines is as wide as most."""
    pages: dict[int, list[PageLine]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    rights = {page: max(line.right for line in group) for page, group in pages.items()}
    usual = median(rights.values()) if rights else 0.0
    return {
        page: (min(line.left for line in group), max(rights[page], usual))
        for page, group in pages.items()
    }


def _usual_distance(lines: Sequence[PageLine]) -> float:
    drops = [a.bottom - b.bottom for a, b in pairwise(lines) if a.page == b.page]
    return median([drop for drop in drops if drop > 0] or [1.0])
