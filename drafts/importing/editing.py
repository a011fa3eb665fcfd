"""[pure] What a person may correct in a text that was read, and the text with the corrections.

A text is corrected as what it is on paper: passages in reading order, each at a depth. An edit
names, hangs, joins or cuts passages; none can reorder, add or lose a letter. Places are counted in
reading order from 0, in the text as it was at that moment; the extent of words is counted in their
letters (all but white space), so that an edit says the same however lines are broken.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, TypeAdapter

from consult.errors import Invalid
from drafts.tree import HEADED, Kind, Node, Tree, identify

DEEPEST = 16  # levels, as the grammar has it
Number = Annotated[str, Field(max_length=20, pattern=r"^([^\W_]+([.‑–-][^\W_]+)*)?$")]


class _Edit(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Parts(_Edit):
    """What a passage is, and how many of its letters are its label and then its heading."""

    kind: Kind
    number: Number = ""
    label: NonNegativeInt = 0
    heading: NonNegativeInt = 0


class Name(Parts):
    """Say what kind of provision a passage is and which of its words are what."""

    do: Literal["name"] = "name"
    at: NonNegativeInt


class Hang(_Edit):
    """Move a passage, with what hangs from it, to another depth; 0 is the outermost."""

    do: Literal["hang"] = "hang"
    at: NonNegativeInt
    depth: NonNegativeInt


class Join(_Edit):
    """Add the words of a passage to those of the one before it."""

    do: Literal["join"] = "join"
    at: NonNegativeInt


class Piece(Parts):
    """What begins behind so many letters of a passage that is cut, and how deep it hangs."""

    after: NonNegativeInt
    depth: NonNegativeInt


class Cut(_Edit):
    """Make several passages of one; what hung from it hangs from the last of them."""

    do: Literal["cut"] = "cut"
    at: NonNegativeInt
    pieces: tuple[Piece, ...] = Field(min_length=1, max_length=100)


Edit = Annotated[Name | Hang | Join | Cut, Field(discriminator="do")]
EDIT: TypeAdapter[Name | Hang | Join | Cut] = TypeAdapter(Edit)


@dataclass(slots=True)
class Passage:
    """A provision without what hangs from it.

    `read` are the places in the text as read that became this one; `edits` the numbers of the
    edits that made it what it is.
    """

    node: Node
    depth: int
    read: list[int] = field(default_factory=list)
    edits: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Corrected:
    """A text with its corrections: `now_at` is where what stood somewhere as read stands now,
    `edited_at` where the trace of each edit is, -1 when a later one covered it."""

    tree: Tree
    passages: Sequence[Passage]
    now_at: Mapping[int, int]
    edited_at: Sequence[int]


def letters(text: str) -> str:
    """A text without its white space: what no correction may change."""
    return "".join(text.split())


def words_of(node: Node) -> str:
    """All that is printed of a provision itself."""
    return " ".join(filter(None, (node.label, node.heading, node.text)))


def corrected(
    nodes: tuple[Node, ...],
    edits: Sequence[Mapping[str, Any]],
    lang: str,
    *,
    keep_wids: bool = False,
) -> Corrected:
    """The text as read with the edits applied in order, identified anew.

    `keep_wids`: the file itself said which provision is which. Raises Invalid for an edit that
    is not possible where it stands.
    """
    passages = _passages(nodes, keep_wids=keep_wids)
    for number, edit in enumerate(edits):
        _apply(passages, EDIT.validate_python(edit), number)
    edited_at = [-1] * len(edits)
    for at, passage in enumerate(passages):
        for number in passage.edits:
            edited_at[number] = at
    now_at = {read: at for at, passage in enumerate(passages) for read in passage.read}
    return Corrected(_tree(passages, lang), passages, now_at, edited_at)


def check(text: Corrected, edit: Name | Hang | Join | Cut) -> None:
    """Raise Invalid unless the edit can be made next."""
    passages = [replace(passage) for passage in text.passages]
    misplaced = sum(_misplaced(passages))
    _apply(passages, edit, 0)
    if sum(_misplaced(passages)) > misplaced:
        raise Invalid("A table holds rows and nothing else, and a row stands in a table.")
    if max(passage.depth for passage in passages) > max(DEEPEST, *(p.depth for p in text.passages)):
        raise Invalid("A text nests at most {most} levels deep.", most=DEEPEST)


def _passages(nodes: Iterable[Node], *, keep_wids: bool) -> list[Passage]:
    placed = (each for node in nodes for each in node.walk_deep())
    return [
        Passage(
            replace(node, eid="", wid=node.wid if keep_wids else "", children=()), depth, read=[at]
        )
        for at, (node, depth) in enumerate(placed)
    ]


def _apply(passages: list[Passage], edit: Name | Hang | Join | Cut, number: int) -> None:
    if edit.at >= len(passages):
        raise Invalid("There is no such provision in this text.")
    match edit:
        case Name():
            _name(passages, edit)
        case Hang():
            _hang(passages, edit)
        case Join():
            _join(passages, edit)
        case Cut():
            _cut(passages, edit, number)
    touched = passages[edit.at - (edit.do == "join")]
    touched.edits = [*touched.edits, number]


def _name(passages: list[Passage], edit: Name) -> None:
    passage = passages[edit.at]
    before, kind = passage.node.kind, edit.kind
    passage.node = _in_parts(passage.node, words_of(passage.node), edit)
    if before == "table" != kind:  # its rows are no rows any more
        for row in passages[edit.at + 1 : _end(passages, edit.at)]:
            if row.depth == passage.depth + 1 and row.node.kind == "row":
                row.node = replace(row.node, kind="text")
    if (before == "row") != (kind == "row") and edit.at:
        above = passages[edit.at - 1]
        inside = above.node.kind == "table"
        depth = above.depth + inside if kind == "row" else max(passage.depth - 1, 0)
        _hang(passages, Hang(at=edit.at, depth=depth))


def _in_parts(node: Node, words: str, parts: Parts) -> Node:
    """The node with these words, divided as the parts say."""
    if parts.label + parts.heading > len(letters(words)):
        raise Invalid("There are not as many words here.")
    label, rest = _divided(words, parts.label)
    heading, text = _divided(rest, parts.heading)
    if parts.number.casefold() not in letters(label).casefold():
        raise Invalid("The number must stand in the label.", field="number")
    return replace(
        node, kind=parts.kind, number=parts.number, label=label, heading=heading, text=text
    )


def _divided(words: str, count: int) -> tuple[str, str]:
    """The words up to so many letters, and the rest."""
    if count == 0:
        return "", words
    places = (at for at, letter in enumerate(words, start=1) if not letter.isspace())
    end = next(at for n, at in enumerate(places, start=1) if n == count)
    return words[:end], words[end:].strip()


def _hang(passages: list[Passage], edit: Hang) -> None:
    deepest = passages[edit.at - 1].depth + 1 if edit.at else 0
    if edit.depth > deepest:
        raise Invalid("It can only hang from what stands before it.", field="depth")
    end = _end(passages, edit.at)
    shift = edit.depth - passages[edit.at].depth
    for passage in passages[edit.at : end]:
        passage.depth += shift
    _close_gaps(passages, end)


def _join(passages: list[Passage], edit: Join) -> None:
    if edit.at == 0:
        raise Invalid("Nothing stands before it.")
    first, second = passages[edit.at - 1], passages.pop(edit.at)
    first.node = _joined(first.node, second.node)
    first.read, first.edits = first.read + second.read, first.edits + second.edits
    _close_gaps(passages, edit.at)


def _joined(first: Node, second: Node) -> Node:
    """The words go on where the first one's end; a title before a table becomes its heading."""
    words = words_of(second)
    if second.kind == "table" != first.kind:
        return replace(second, heading=f"{words_of(first)} {words}".strip(), label="", text="")
    if first.text or first.kind not in HEADED:
        gap = "\t" if first.kind == second.kind == "row" else " "  # cells stay apart
        return replace(first, text=f"{first.text}{gap}{words}".strip(" "))
    return replace(first, heading=f"{first.heading} {words}".strip())


def _cut(passages: list[Passage], edit: Cut, number: int) -> None:
    passage = passages[edit.at]
    words = words_of(passage.node)
    label, total = len(letters(passage.node.label)), len(letters(words))
    ends = [piece.after for piece in edit.pieces]
    if sorted({*ends, 0, total}) != [0, *ends, total] or ends[0] < label:
        raise Invalid("It cannot be cut there.", field="text")
    first, _ = _divided(words, ends[0])
    heading = min(len(letters(passage.node.heading)), ends[0] - label)
    kept = Parts(kind=passage.node.kind, number=passage.node.number, label=label, heading=heading)
    new = [
        Passage(_in_parts(Node(piece.kind), text, piece), piece.depth, edits=[number])
        for piece, text in zip(edit.pieces, _pieces(words, [*ends, total]), strict=True)
    ]
    for before, after in zip([passage, *new], new, strict=False):
        if after.depth > before.depth + 1:
            raise Invalid("It can only hang from what stands before it.", field="depth")
    passage.node = _in_parts(passage.node, first, kept)
    passages[edit.at + 1 : edit.at + 1] = new
    _close_gaps(passages, edit.at + 1 + len(new))


def _pieces(words: str, ends: Sequence[int]) -> Iterator[str]:
    """The words between each end and the next."""
    done, rest = ends[0], _divided(words, ends[0])[1]
    for end in ends[1:]:
        piece, rest = _divided(rest, end - done)
        done = end
        yield piece


def _end(passages: Sequence[Passage], at: int) -> int:
    """The place behind a passage and all that hangs from it."""
    following = range(at + 1, len(passages))
    return next((i for i in following if passages[i].depth <= passages[at].depth), len(passages))


def _close_gaps(passages: list[Passage], start: int) -> None:
    """From `start` on, hang each passage from the nearest before it that is less deep.

    Ends where nothing is left to close: what comes after a passage in its place is in its own.
    """
    above = list(range(passages[start - 1].depth + 1)) if start else []
    for passage in passages[start:]:
        depth = passage.depth
        while above and above[-1] >= depth:
            above.pop()
        passage.depth = len(above)
        if passage.depth == depth:
            break
        above.append(depth)


def _misplaced(passages: Sequence[Passage]) -> Iterator[bool]:
    """For each passage whether it is a row outside a table, or anything else where only rows are"""
    above: list[Kind] = []
    for passage in passages:
        del above[passage.depth :]
        parent = above[-1] if above else "text"
        yield (passage.node.kind == "row") != (parent == "table") or parent == "row"
        above.append(passage.node.kind)


def _tree(passages: Sequence[Passage], lang: str) -> Tree:
    """The passages as a tree, identified; what a cut made takes nobody else's permanent id."""
    own = {passage.node.wid for passage in passages if passage.node.wid}
    made = {at for at, passage in enumerate(passages) if not passage.node.wid} if own else set()
    level: list[list[Node]] = [[]]
    for passage in reversed(passages):  # what hangs from a passage is complete before it comes
        level += ([] for _ in range(passage.depth + 2 - len(level)))
        children = tuple(reversed(level[passage.depth + 1]))
        level[passage.depth + 1] = []
        level[passage.depth].append(replace(passage.node, children=children))
    tree = identify(Tree(lang, tuple(reversed(level[0]))))
    return _with_fresh_wids(tree, made, own) if made else tree


def _with_fresh_wids(tree: Tree, made: set[int], taken: set[str]) -> Tree:
    places = iter(range(sum(1 for _ in tree.walk())))

    def named(node: Node) -> Node:
        wid = node.wid
        if next(places) in made:
            again = 1
            while wid in taken:
                again += 1
                wid = f"{node.eid}-v{again}"
            taken.add(wid)
        return replace(node, wid=wid, children=tuple(map(named, node.children)))

    return Tree(tree.lang, tuple(map(named, tree.nodes)))
