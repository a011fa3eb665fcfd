"""[pure] From the lines of pages to paragraphs: hyphenation, where one begins, where notes go.

What is no text of the page (running heads) is told in lines.py.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from drafts.grammar.language import Language
from drafts.grammar.marks import read_mark
from drafts.grammar.shape import begins_low, is_finished
from drafts.importing.pdf.lines import HYPHENS, NOTE, PageLine, Pages, columns_of
from drafts.importing.source import Line, raised

INDENT = 6.0  # points
GAP = 1.5  # times the usual distance of lines
SHORT = 0.88  # of the width of the page's text; a line below it was ended on purpose
WORD = re.compile(r"\w+(?:-\w+)*")


@dataclass(slots=True)
class Paragraph:
    """Lines that are one passage. `note` is the number of a footnote, "" where it has none."""

    lines: list[PageLine]
    text: str = ""
    note: str | None = None

    def line(self) -> Line:
        """The passage for the grammar, with the page on which it begins."""
        place = f"page {self.lines[0].page + 1}"
        if self.note is None:
            return Line(self.text, place=place)
        number = f"[{self.note}] " if self.note else ""
        return Line(number + self.text, "note", None, "note", place)


@dataclass(slots=True)
class Layout:
    """How the text stands on its pages, and the words it uses."""

    language: Language
    columns: dict[int, float | None]
    margins: dict[tuple[int, bool], tuple[float, float]] = field(default_factory=dict)
    distance: float = 1.0
    words: Counter[str] = field(default_factory=Counter)

    def column(self, line: PageLine) -> tuple[int, bool]:
        """The page of a line, and whether it stands in a second column."""
        second = self.columns.get(line.page)
        return line.page, second is not None and line.left >= second - INDENT

    def begins(self, before: PageLine, line: PageLine) -> bool:
        """Whether a new paragraph begins with `line`."""
        if read_mark(line.text, self.language):
            return not (ends_broken(before.text) and before.text[-2:-1].isdigit())
        cut_off = begins_low(line.text) and not is_finished(before.text)
        if ends_broken(before.text) or cut_off:
            return False
        left, right = self.margins[self.column(before)]
        if before.right < left + SHORT * (right - left):
            return True
        same = self.column(line) == self.column(before)
        if same and before.bottom - line.bottom > GAP * self.distance:
            return True
        hanging = read_mark(before.text, self.language) is not None
        edge = self.margins[self.column(line)][0]
        return line.left > max(before.left if same else edge, edge) + INDENT and not hanging


def joined(
    pages: Pages, running: set[PageLine], notes: Pages, language: Language
) -> list[Paragraph]:
    """The paragraphs without the running lines, footnotes behind those that refer to them."""
    apart = running.union(*notes)
    lines = [line for page in pages for line in page if line not in apart]
    layout = _layout(pages, lines, language)
    paragraphs: list[Paragraph] = []
    for before, line in zip([None, *lines], lines, strict=False):
        if before is None or layout.begins(before, line):
            paragraphs.append(Paragraph([line], line.text))
        else:
            _append(paragraphs[-1], line, layout.words)
    for page in notes:
        for note in _notes(page, layout):
            paragraphs.insert(_behind(paragraphs, note), note)
    return paragraphs


def ends_broken(text: str) -> bool:
    """Whether the last word of a line goes on in the next one."""
    return text[-1:] in HYPHENS or (text[-1:] == "-" and text[-2:-1].isalnum())


def numbers_of(pages: Iterable[int]) -> str:
    """Pages in spans: 3, 5, 6, 7 are "3, 5–7"."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and page == spans[-1][1] + 1:
            spans[-1][1] = page
        else:
            spans.append([page, page])
    return ", ".join(f"{a}–{b}" if b > a else str(a) for a, b in spans)


def _layout(pages: Pages, lines: Sequence[PageLine], language: Language) -> Layout:
    layout = Layout(language, {at: columns_of(page) for at, page in enumerate(pages)})
    groups: dict[tuple[int, bool], list[PageLine]] = {}
    for line in lines:
        groups.setdefault(layout.column(line), []).append(line)
    rights = {column: max(line.right for line in group) for column, group in groups.items()}
    single = [right for (page, _), right in rights.items() if layout.columns[page] is None]
    usual = median(single) if single else 0.0  # a page of short lines is as wide as most
    for (page, second), group in groups.items():
        least = usual if layout.columns[page] is None else 0.0
        right = max(rights[page, second], least)
        layout.margins[page, second] = (min(line.left for line in group), right)
    drops = [a.bottom - b.bottom for a, b in pairwise(lines) if a.page == b.page]
    layout.distance = median([drop for drop in drops if drop > 0] or [1.0])
    broken = False
    for line in lines:
        words = WORD.findall(line.text.lower())
        whole = words[1:] if broken else words  # halves of words are none
        broken = ends_broken(line.text)
        layout.words.update(whole[:-1] if broken else whole)
    return layout


def _append(paragraph: Paragraph, line: PageLine, words: Counter[str]) -> None:
    """Join the next line; a hyphen at the end of the last one goes where it only broke a word."""
    text, rest = paragraph.text, line.text
    paragraph.lines.append(line)
    if not ends_broken(text):
        paragraph.text = f"{text} {rest}"
        return
    hyphen = "-" if _is_of_the_word(text[:-1], rest, words, marked=text[-1] == "\u00ad") else ""
    paragraph.text = f"{text[:-1]}{hyphen}{rest}"


def _is_of_the_word(text: str, rest: str, words: Counter[str], *, marked: bool) -> bool:
    """Whether a word is written with the hyphen that the end of the line follows.

    It is in numbers (3-1, 5-берене), in names (Нью-Йорк), in words that the text writes so
    elsewhere, and in pairs of words that the text has each for itself (жер-суу).
    """
    first = re.findall(r"\w+(?:-\w+)*$", text)
    second = re.match(r"\w+(?:-\w+)*", rest)
    if marked or not first or not second:
        return not marked
    a, b = first[0], second[0]
    if a[-1].isdigit() or (b[0].isupper() and not a.isupper()):
        return True
    a, b = a.lower(), b.lower()
    if words[a + b]:
        return False
    return bool(words[f"{a}-{b}"]) or (min(len(a), len(b)) > 2 and bool(words[a] and words[b]))


def _notes(lines: Sequence[PageLine], layout: Layout) -> list[Paragraph]:
    found: list[Paragraph] = []
    for line in lines:
        mark = NOTE.match(line.text)
        if mark or not found:
            number = (mark and mark["number"]) or ""
            text = line.text[mark.end() :] if mark and number else line.text
            found.append(Paragraph([line], text, number))
        else:
            _append(found[-1], line, layout.words)
    return found


def _behind(paragraphs: Sequence[Paragraph], note: Paragraph) -> int:
    """The place of a note: behind the passage of its page that refers to it, else the last one."""
    page = note.lines[0].page
    sign = re.compile(rf"(?<=[^\W\d]|[»”)\"]){raised(note.note or '')}(?![⁰¹²³⁴-⁹])")
    last = at = 0
    for at, paragraph in enumerate(paragraphs, start=1):
        if paragraph.lines[0].page > page:
            break
        if paragraph.note is not None:
            last = at if paragraph.lines[0].page == page else last
            continue
        last = at
        if note.note and paragraph.lines[-1].page >= page and sign.search(paragraph.text):
            return _after_notes(paragraphs, at)
    return last


def _after_notes(paragraphs: Sequence[Paragraph], at: int) -> int:
    while at < len(paragraphs) and paragraphs[at].note is not None:
        at += 1
    return at
