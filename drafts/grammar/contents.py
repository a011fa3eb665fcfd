"""[pure] Tables of contents: headings told in advance. They must not become provisions.

Four signs: the file says so, the word «Оглавление» stands above, dots lead to page numbers, or
three headings in a row with nothing between them come again further down.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from drafts.grammar.language import Language
from drafts.grammar.line import Line
from drafts.grammar.marks import Mark

LEADER = re.compile(r"(?:[.…·_]{3,}|(?:\s[.…])+\s|\s{3,}|\t)\s*\d{1,4}\s*$")
DOTS = re.compile(r"(?:[.…·_]{4,}|(?:\s[.…]){3,})\s*\d{1,4}\s*$")
FEWEST = 3  # headings in a row


def find_contents(
    lines: Sequence[Line], marks: Sequence[Mark | None], language: Language
) -> dict[int, int]:
    """The tables of contents: first line → the line after the last."""
    told = [
        at
        for at, line in enumerate(lines)
        if line.kind_hint == "contents" or DOTS.search(line.text)
    ]
    spans = _joined(told, lines)
    for at, line in enumerate(lines):
        if line.text.strip().rstrip(":.").lower() in language.contents:
            end = _listed(lines, marks, at + 1, spans)
            if end > at + 1:
                spans = {start: stop for start, stop in spans.items() if not at < start < end}
                spans[at] = end
    return spans | _repeated(lines, marks, spans)


def _joined(told: Sequence[int], lines: Sequence[Line]) -> dict[int, int]:
    spans: dict[int, int] = {}
    start = None
    for at, following in pairwise([*told, len(lines) + 1]):
        start = at if start is None else start
        between = lines[at + 1 : following]
        if following > len(lines) or any(line.text.strip() for line in between):
            if at > start or lines[at].kind_hint == "contents":
                spans[start] = at + 1
            start = None
    return spans


def _listed(
    lines: Sequence[Line], marks: Sequence[Mark | None], start: int, spans: dict[int, int]
) -> int:
    """The end of what is listed under the word: headings and page numbers, until one repeats."""
    end, seen, at = start, set[tuple[str, str]](), start
    while at < len(lines):
        mark, text = marks[at], lines[at].text
        if at in spans:
            seen |= {(mark.kind, mark.number) for mark in marks[at : spans[at]] if mark}
            at = end = spans[at]
            continue
        if text.strip():
            head = mark is not None and mark.style in ("head", "annex", "I.")
            if not head and not LEADER.search(text):
                break
            if mark and (mark.kind, mark.number) in seen:
                break
            if mark:
                seen.add((mark.kind, mark.number))
            end = at + 1
        at += 1
    return end


def _repeated(
    lines: Sequence[Line], marks: Sequence[Mark | None], known: dict[int, int]
) -> dict[int, int]:
    """Runs of headings with nothing between them, each of which comes again later."""
    heads = [mark if mark and mark.style == "head" else None for mark in marks]
    last = {(mark.kind, mark.number): at for at, mark in enumerate(heads) if mark}
    spans: dict[int, int] = {}
    run: list[int] = []
    for at, line in [*enumerate(lines), (len(lines), Line("end"))]:
        mark = heads[at] if at < len(lines) else None
        if mark and last[mark.kind, mark.number] > at:
            run.append(at)
        elif line.text.strip():
            if len(run) >= FEWEST and not any(s <= run[0] < end for s, end in known.items()):
                spans[run[0]] = run[-1] + 1
            run = []
    return spans
