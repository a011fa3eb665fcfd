"""[pure] Passages in quotation marks that run over several lines.

An amending act quotes whole articles: «Статья 5. … » belongs to the amending point, it is no
article of the act. Typists forget closing marks, so a quotation is only believed when it ends.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

OPENING, CLOSING = "«“", "»”"
MARKS = re.compile(f"[{OPENING}{CLOSING}]")
BLOCK = 2000  # lines a quotation may run after a colon
PHRASE = 6  # lines it may run when it begins anywhere else
PATIENCE = 20  # quotations that never close, after which the marks are not believed any more
AFTER_COLON = re.compile(r":\s*[«“\"][^»”]*$")
ENDS_BLOCK = re.compile(r"[»”\"][.;,]*$")


@dataclass(slots=True)
class Quotations:
    """The lines that stand inside quotations, and those where one opens and never closes."""

    inside: set[int] = field(default_factory=set)
    unclosed: list[int] = field(default_factory=list)


def find_quotations(lines: Sequence[str]) -> Quotations:
    """Where the text quotes."""
    found = Quotations()
    texts = [line.strip() for line in lines]
    at, before = 0, ""
    while at < len(texts):
        text, end = texts[at], at
        opens = text[:1] in OPENING and text != "" and not _only_begins_with_a_name(text)
        if opens:
            found.inside.add(at)
        block = _is_block(text, before, after_quotation=at - 1 in found.inside)
        if len(found.unclosed) < PATIENCE and (_depth([text]) > 0 or (block and text[:1] == '"')):
            end = _end(texts, at, BLOCK if block else PHRASE)
            if end == at and block:
                found.unclosed.append(at)
            found.inside.update(range(at + (end > at and not opens), end + 1) if end > at else ())
        before = texts[end] or before
        at = end + 1
    return found


def _is_block(text: str, before: str, *, after_quotation: bool) -> bool:
    begins = text[:1] in (*OPENING, '"') and (before.endswith(":") or after_quotation)
    return begins or bool(AFTER_COLON.search(text))


def _only_begins_with_a_name(text: str) -> bool:
    """«Китепканалар жөнүндө» Мыйзамга 1-тиркеме: what is quoted ends and the line goes on."""
    return _depth([text]) == 0 and not ENDS_BLOCK.search(text)


def _end(texts: Sequence[str], start: int, reach: int) -> int:
    """The line that closes what opens in line `start`; `start` itself where none does."""
    following = range(start + 1, min(start + 1 + reach, len(texts)))
    straight = _depth(texts[start : start + 1]) == 0
    depth = _depth(texts[start : start + 1])
    for at in following:
        depth = _depth([texts[at]], depth)
        if depth == 0 and not straight:
            return at
    if reach == BLOCK:
        return next((at for at in following if ENDS_BLOCK.search(texts[at])), start)
    return start


def _depth(texts: Iterable[str], depth: int = 0) -> int:
    for text in texts:
        for mark in MARKS.findall(text):
            depth = depth + 1 if mark in OPENING else max(depth - 1, 0)
    return depth
