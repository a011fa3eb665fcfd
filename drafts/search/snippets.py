"""[pure] The passage of a text that shows why it was found, with the words asked for marked."""

from collections.abc import Callable

from drafts.search.analyzers import Token, tokens
from drafts.search.interface import Pieces

WIDTH = 240  # characters
LEAD = 60  # characters shown before the first word asked for
LONGEST_TEXT = 20_000  # characters looked at; later ones are hardly worth the time


def snippet(text: str, lang: str, wanted: Callable[[Token], bool]) -> Pieces:
    """About WIDTH characters of `text` where most of the wanted words stand close together.

    Cut between words, with "…" where something is left out; the beginning if nothing is wanted.
    """
    text = " ".join(text[:LONGEST_TEXT].split())
    found = [(token.start, token.end) for token in tokens(text, lang) if wanted(token)]
    start, end = _window(text, [at for at, _ in found])
    return _pieces(text, start, end, [mark for mark in found if start <= mark[0] < mark[1] <= end])


def _window(text: str, found: list[int]) -> tuple[int, int]:
    """Where to begin and end: at the wanted word that is followed closely by most others."""

    def company(first: int) -> int:
        return sum(first <= at < first + WIDTH - LEAD for at in found)

    best = max(found[:200], key=company, default=0)
    start = text.find(" ", best - LEAD, best) + 1 or best if best > LEAD else 0
    end = start + WIDTH
    if end >= len(text):
        return start, len(text)
    space = text.rfind(" ", best, end)
    return start, space if space > 0 else end


def _pieces(text: str, start: int, end: int, marks: list[tuple[int, int]]) -> Pieces:
    pieces = [("… ", False)] if start else []
    at = start
    for first, last in marks:
        pieces += [(text[at:first], False), (text[first:last], True)]
        at = last
    pieces += [(text[at:end], False)] + ([(" …", False)] if end < len(text) else [])
    return tuple(piece for piece in pieces if piece[0])
