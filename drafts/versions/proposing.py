"""[pure] A proposed wording as a change of a text, and as the difference a reader is shown.

One rule for public pages, desk and report. What may be proposed is said in comments/rules.py.
"""

from functools import lru_cache
from typing import NamedTuple

from drafts.versions.anchoring import find_quote
from drafts.versions.diffing import similarity, word_pieces, words

Pieces = list[tuple[str, str]]  # (same | ins | del, words) as components/provision.html draws them

ANEW = 0.5  # so much of a text is in common with what is proposed in its place
AROUND = 120  # characters left standing beside a change where a text is shown in brief
NO_SPACE_BEFORE = frozenset(".,;:!?)]»”")


class Edit(NamedTuple):
    """`words` come in place of `text[start:end]`."""

    start: int
    end: int
    words: str


def edit_of(change: str, proposed: str, text: str, quote: str = "", near: int = 0) -> Edit:
    """What a proposal does to a text; the quoted words are those nearest to the offset `near`.

    A replacement takes the place of the quoted words, unless it reads like the whole text and more
    so than like them: then it is the text written anew. An insertion comes after the quoted words,
    else at the end; a deletion takes away the quoted words, else the whole text.
    """
    found = find_quote(text, quote, near=near) if quote else None
    start, end = (found.start, found.end) if found else (0, len(text))
    if change == "insertion":
        return Edit(end, end, _spaced(proposed, text[:end], text[end:]))
    if change == "deletion":
        return Edit(start, end, "")
    if found and _likeness(text, proposed) > max(ANEW, _likeness(found.exact, proposed)):
        start, end = 0, len(text)
    return Edit(start, end, proposed)


def _likeness(one: str, other: str) -> float:
    return similarity(words(one), words(other))


def applied(edit: Edit, text: str) -> str:
    """The text with the change made."""
    return text[: edit.start] + edit.words + text[edit.end :]


@lru_cache(maxsize=256)  # the same proposals are shown again and again
def pieces(
    change: str, proposed: str, text: str, quote: str = "", near: int = 0
) -> tuple[tuple[str, str], ...]:
    """A proposal as a difference from the words it changes; () when nothing is proposed.

    They are the quoted words or the whole text; before an insertion the words it comes after.
    Quoted words that do not stand in the text are taken as they were quoted.
    """
    if not change:
        return ()
    if quote and find_quote(text, quote, near=near) is None:
        text = quote
    edit = edit_of(change, proposed, text, quote, near)
    if change == "insertion":
        found = find_quote(text, quote, near=near) if quote else None
        shown = [("same", text[found.start if found else 0 : edit.start]), ("ins", edit.words)]
    else:
        shown = word_pieces(text[edit.start : edit.end], edit.words)
    return tuple(piece for piece in shown if piece[1])


def brief(shown: tuple[tuple[str, str], ...]) -> Pieces:
    """The same with long unchanged stretches cut, words whole."""
    last = len(shown) - 1

    def cut(n: int, text: str) -> str:
        sides = (n > 0) + (n < last)  # how many changes stand beside it
        if len(text) <= sides * AROUND or not last:
            return text
        head = text[:AROUND].rsplit(" ", 1)[0] + " " if n else ""
        tail = " " + text[-AROUND:].split(" ", 1)[-1] if n < last else ""
        return f"{head}…{tail}"

    return [(op, cut(n, text) if op == "same" else text) for n, (op, text) in enumerate(shown)]


def _spaced(inserted: str, before: str, after: str) -> str:
    """Words set apart from those beside them."""
    if before and not before[-1].isspace() and inserted[:1] not in NO_SPACE_BEFORE:
        inserted = " " + inserted
    if after[:1].isalnum() and not inserted[-1:].isspace():
        inserted += " "
    return inserted
