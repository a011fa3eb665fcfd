"""[pure] From what a person typed to a correction, and where two languages part. No database.

What a correction does to a text is in drafts/importing/editing.py.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, zip_longest
from typing import NamedTuple

from consult.errors import N_, Invalid
from drafts.grammar.language import grammar_of
from drafts.grammar.marks import Mark, read_mark
from drafts.grammar.shape import LONG_HEADING, heading_shaped
from drafts.importing.editing import Cut, Name, Parts, Passage, Piece, letters, words_of
from drafts.tree import HEADED, Kind, Node
from drafts.versions.aligning import corresponds

UNNAMED = ("text", "row")  # kinds that have neither a label nor a heading
LABELLED = ("paragraph", "subparagraph")
EMPTY_LINE = re.compile(r"\n[^\S\n]*\n\s*")
FIGURES = re.compile(r"\d+(?:[.‑–-]\d+)*")
LETTERS_CHANGED = N_(
    "The letters must stay as they stand in the file. Only where one part ends and the next begins "
    "can be changed here."
)
ONLY_SPACE = N_("Only empty lines may be put in: the words must stay as they stand in the file.")
NOT_CUT = N_("Put an empty line where the new provision begins.")


class Typed(NamedTuple):
    """A passage as a person divided it."""

    kind: Kind
    number: str
    label: str
    heading: str
    text: str


def naming(at: int, node: Node, typed: Typed, lang: str) -> Name:
    """The edit that makes the passage what was typed.

    Where only the kind was changed, the grammar says what is its label; a number that no longer
    stands in the label is looked for there. Raises Invalid when a letter was changed.
    """
    new = (letters(typed.label), letters(typed.heading), letters(typed.text))
    old = (letters(node.label), letters(node.heading), letters(node.text))
    if "".join(new) != "".join(old):
        raise Invalid(LETTERS_CHANGED, field="text")
    same_parts = new == old and typed.number == node.number
    if same_parts and typed.kind == node.kind:
        raise Invalid("Nothing was changed.", field="kind")
    if same_parts:
        return Name(at=at, **dict(parts_as(typed.kind, node, lang)))
    number = typed.number
    if number == node.number and (not number or number.casefold() not in new[0].casefold()):
        number = _number_in(typed.label, lang)
    if not _stands_in(number, new[0]):
        raise Invalid("The number must stand in the label.", field="number")
    return Name(at=at, kind=typed.kind, number=number, label=len(new[0]), heading=len(new[1]))


def _stands_in(number: str, label: str) -> bool:
    try:
        Parts(kind="text", number=number)
    except ValueError:
        return False
    return number.casefold() in label.casefold()


def parts_as(kind: Kind, node: Node, lang: str) -> Parts:
    """How the words of a passage are divided when it becomes another kind."""
    words = words_of(node)
    label, heading = len(letters(node.label)), len(letters(node.heading))
    if kind in UNNAMED:
        return Parts(kind=kind)
    if node.label or kind not in (*HEADED, *LABELLED):
        if kind in HEADED and not heading and heading_shaped(node.text, LONG_HEADING):
            heading = len(letters(node.text))
        kept = heading if kind in HEADED else 0
        return Parts(kind=kind, number=node.number, label=label, heading=kept)
    return _divided_by_grammar(kind, words, _mark(words, lang))


def _divided_by_grammar(kind: Kind, words: str, mark: Mark | None) -> Parts:
    label = len(letters(mark.label)) if mark else 0
    rest = mark.rest if mark else words
    titled = kind in HEADED and heading_shaped(rest, LONG_HEADING)
    heading = len(letters(rest)) if titled else 0
    return Parts(kind=kind, number=mark.number if mark else "", label=label, heading=heading)


def _mark(words: str, lang: str) -> Mark | None:
    """What the words begin with, as they are printed."""
    mark = read_mark(words, grammar_of(lang))
    if mark is None or letters(words) != letters(mark.label) + letters(mark.rest):
        return None
    return mark if _stands_in(mark.number, letters(mark.label)) else None


def _number_in(label: str, lang: str) -> str:
    mark = _mark(label, lang)
    found = FIGURES.search(label)
    return mark.number if mark else found[0] if found else ""


def cutting(passages: Sequence[Passage], at: int, typed: str, lang: str) -> Cut:
    """The edit that cuts a passage at the empty lines typed into its words. Raises Invalid."""
    node = passages[at].node
    pieces = [piece.strip(" ") for piece in EMPTY_LINE.split(typed.replace("\r\n", "\n").strip())]
    if letters("".join(pieces)) != letters(words_of(node)):
        raise Invalid(ONLY_SPACE, field="words")
    if len(pieces) < 2:
        raise Invalid(NOT_CUT, field="words")
    ends = list(accumulate(len(letters(piece)) for piece in pieces))
    new = tuple(
        _piece(passages, at, words, after, lang)
        for words, after in zip(pieces[1:], ends, strict=False)
    )
    return Cut(at=at, pieces=new)


def _piece(passages: Sequence[Passage], at: int, words: str, after: int, lang: str) -> Piece:
    """A new provision as the grammar would have it: a head or a number stands beside its like,
    plain words belong to the provision they were cut from."""
    node, depth = passages[at].node, passages[at].depth
    mark = None if node.kind in ("row", "note") else _mark(words, lang)
    if mark and mark.style in ("head", "annex"):
        like = next((p.depth for p in above(passages, at) if p.node.kind == mark.kind), depth)
        parts = _divided_by_grammar(mark.kind, words, mark)
        return Piece(after=after, depth=like, **dict(parts))
    if mark and mark.label and mark.style not in ("note", "-"):
        numbered = node.kind in LABELLED
        kind: Kind = node.kind if numbered else "paragraph"
        parts = _divided_by_grammar(kind, words, mark)
        beside = numbered or node.kind == "text"
        return Piece(after=after, depth=depth + (not beside), **dict(parts))
    inside = node.kind in (*HEADED, *LABELLED)
    return Piece(after=after, depth=depth + inside, kind="text" if inside else node.kind)


def above(passages: Sequence[Passage], at: int) -> Iterator[Passage]:
    """A passage and what it hangs from, the nearest first."""
    depth = passages[at].depth + 1
    for passage in reversed(passages[: at + 1]):
        if passage.depth < depth:
            depth = passage.depth
            yield passage


def name_of(node: Node, most: int = 60) -> str:
    """What a provision is called where many are listed: as printed, not all of it."""
    words = " ".join(words_of(node).split())
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + "…"


def out_of_step(first: Sequence[Node], second: Sequence[Node]) -> tuple[int, int] | None:
    """Where two languages of one text stop corresponding, counted in each in reading order.

    The place behind its last provision where one text has nothing more there; None where they
    correspond throughout.
    """
    here = there = 0
    for one, two in zip_longest(first, second):
        if one is None or two is None or not corresponds(one, two):
            return here, there
        inside = out_of_step(one.children, two.children)
        if inside:
            return here + 1 + inside[0], there + 1 + inside[1]
        here, there = here + _size(one), there + _size(two)
    return None


def _size(node: Node) -> int:
    return sum(1 for _ in node.walk())
