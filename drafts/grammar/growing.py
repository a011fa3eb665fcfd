"""[pure] Nesting: where each piece hangs in the tree, by rank, by numbering and by context.

The rules, in the order in which they are tried, stand in `_level_for` (numbers) and `_holder`
(plain passages). Kinds are settled later, when it is known what each provision holds.
"""

from dataclasses import dataclass, field

from drafts.grammar.language import Language
from drafts.grammar.line import Warning_
from drafts.grammar.marks import Mark
from drafts.grammar.numbering import follows, is_first, is_later
from drafts.grammar.pieces import Piece
from drafts.grammar.shape import LONG_HEADING, heading_shaped, introduces
from drafts.tree import Kind

DEEPEST = 16  # levels; a text that nests deeper does so by accident or to do harm
HEADS = ("root", "head", "annex")
HOLDING = (*HEADS, "I.", "1.", "1.1", "(1)")  # what an unnumbered passage may belong to
TITLED = ("I.", "1.", "1.1")  # numbers that may stand before the title of a part
ROMAN_RANK = 2  # «I.» stands as high as a section


@dataclass(slots=True, eq=False)
class Sprout:
    """A provision that is still growing."""

    style: str
    kind: Kind = "text"
    number: str = ""
    label: str = ""
    heading: str = ""
    text: str = ""
    rank: int = 99
    titled: bool = False  # its level looks like titles of parts rather than like sentences
    children: list["Sprout"] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Level:
    """One numbering that may go on: its style, where it hangs, how far it has come."""

    style: str
    titled: bool
    container: Sprout
    depth: int  # of the container in the path
    last: str = ""
    members: list[Sprout] = field(default_factory=list)


class Growth:
    """The tree while it grows. `path` leads from the root to what was said last."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.root = Sprout("root", rank=-1)
        self.path = [self.root]
        self.open: list[Level] = []
        self.levels: list[Level] = []
        self.heads: dict[str, str] = {}  # kind → the last number in this component
        self.runs: dict[tuple[str, bool], str] = {}  # numberings that may run on in the next part
        self.intro: Sprout | None = None  # the passage just said, if it may introduce a list
        self.ended = ""  # the last letter said
        self.quoting: int | None = None  # depth at which a quotation hangs while it lasts
        self.warnings: list[Warning_] = []

    def add(self, piece: Piece) -> None:
        """Hang the next piece where it belongs."""
        quoting, self.quoting = self.quoting, None
        if piece.role == "head" and piece.mark:
            self._head(piece, piece.mark)
        elif piece.role == "mark" and piece.mark:
            self._mark(piece, piece.mark)
        elif piece.role == "quoted":
            self.quoting = self._holder() if quoting is None else quoting
            self._text(piece, self.quoting)
        elif piece.role == "text":
            self._text(piece, self._holder())
        else:
            self._set_apart(piece)
        self.ended = (piece.text or piece.heading)[-1:] or self.ended

    def _head(self, piece: Piece, mark: Mark) -> None:
        if mark.style == "annex":
            depth = self._annex_depth(mark.number)
        else:
            depth = max(at for at, above in enumerate(self.path) if _is_above(above, mark.rank))
        self._close_below(depth)
        rank = mark.rank if mark.style == "head" else 0
        head = Sprout(mark.style, mark.kind, mark.number, mark.label, piece.heading, rank=rank)
        head.text = piece.text
        self._check_head(mark, piece.place)
        if mark.style == "annex" or mark.kind == "article":
            self.runs.clear()
        self._hang(head)

    def _annex_depth(self, number: str) -> int:
        """A numbering of annexes that begins again belongs to the annex that is open."""
        annexes = [at for at, above in enumerate(self.path) if above.style == "annex"]
        for at in reversed(annexes):
            if follows(self.path[at].number, number, self.language.alphabets):
                return at - 1
        again = annexes and self.path[annexes[-1]].number and is_first(number, ())
        return annexes[-1] if again and len(annexes) < DEEPEST else 0

    def _check_head(self, mark: Mark, place: str) -> None:
        if mark.style == "annex":
            self.heads = {"annex": mark.number}
            return
        last = self.heads.get(mark.kind)
        restarts = mark.kind != "article" and is_first(mark.number, ())
        if last and mark.number and not restarts:
            self._check(last, mark.number, place)
        if mark.number:
            self.heads[mark.kind] = mark.number

    def _mark(self, piece: Piece, mark: Mark) -> None:
        in_article = any(above.kind == "article" for above in self.path)
        limit = LONG_HEADING if mark.style == "I." else 160
        titled = (
            not in_article
            and mark.style in TITLED
            and (piece.titled or heading_shaped(piece.text, limit))
        )
        level = self._level_for(mark, titled, piece.place)
        if level is None:
            piece.text = f"{mark.label} {piece.text}"
            self._text(piece, self._holder())
            return
        self._close_below(level.depth)
        rank = ROMAN_RANK if mark.style == "I." and not in_article else 99
        sprout = Sprout(
            mark.style, "paragraph", mark.number, mark.label, text=piece.text, rank=rank
        )
        level.last = mark.number
        level.members.append(sprout)
        self._hang(sprout)

    def _level_for(self, mark: Mark, titled: bool, place: str) -> Level | None:
        """The numbering this mark belongs to; None if it is no mark here.

        It goes on where the number fits and the passage looks alike; else it begins anew if the
        number is a first one; else it runs on from the part before; else it goes on where the
        number alone fits; else it jumps or repeats, and a person is told.
        """
        same = [level for level in reversed(self.open) if self._could_hold(level, mark)]
        if mark.style == "-":
            return same[0] if same and not self._introduced(mark) else self._new(mark, titled)
        letters = self.language.alphabets
        fitting = [level for level in same if follows(level.last, mark.number, letters)]
        alike = [level for level in fitting if level.titled == titled]
        if alike:
            return alike[0]
        if self._begins(mark):
            return self._new(mark, titled)
        run = self.runs.get((mark.style, titled), "")
        if mark.sure and run and follows(run, mark.number, letters):
            return self._new(mark, titled)
        if fitting:
            return fitting[0]
        return self._unfitting(mark, titled, same, place) if mark.sure else None

    def _unfitting(self, mark: Mark, titled: bool, same: list[Level], place: str) -> Level:
        letters = self.language.alphabets
        later = [level for level in same if is_later(level.last, mark.number, letters)]
        likely = [level for level in later or same if level.titled == titled] or later or same
        if likely:
            self._check(likely[0].last, mark.number, place)
            return likely[0]
        self.warnings.append(
            Warning_("The numbering begins with {number} here.", place, {"number": mark.number})
        )
        return self._new(mark, titled)

    def _could_hold(self, level: Level, mark: Mark) -> bool:
        same_prefix = _prefix(level.last) == _prefix(mark.number)
        return level.style == mark.style and (mark.style != "1.1" or same_prefix)

    def _begins(self, mark: Mark) -> bool:
        if mark.style == "1.1":
            return self._prefixed(mark) is not None or (
                mark.sure and is_first(mark.number.rpartition(".")[2], ())
            )
        return is_first(mark.number, self.language.alphabets)

    def _prefixed(self, mark: Mark) -> int | None:
        """The depth of the provision whose number «6.1» begins with, while 6 is open."""
        if not is_first(mark.number.rpartition(".")[2], ()):
            return None
        prefix = _prefix(mark.number)
        depths = (at for at, above in enumerate(self.path) if above.number == prefix)
        return max(depths, default=None)

    def _introduced(self, mark: Mark) -> bool:
        """Whether the passage just said introduces this list: by a colon, or by its restarting."""
        if self.intro is None:
            return False
        again = any(
            level.style == mark.style and level.container is self.path[-1] for level in self.open
        )
        if mark.style in HOLDING:
            return again
        return introduces(self.intro.text) or (again and mark.style != "-")

    def _new(self, mark: Mark, titled: bool) -> Level:
        if self._introduced(mark) and self.intro is not None:
            self.path.append(self.intro)
            depth = len(self.path) - 1
        elif mark.style == "1.1" and (prefixed := self._prefixed(mark)) is not None:
            depth = prefixed
        else:
            depth = self._holder() if mark.style in HOLDING else len(self.path) - 1
        depth = min(depth, DEEPEST)
        level = Level(mark.style, titled, self.path[depth], depth)
        self._close_below(depth)
        self.open = [
            other
            for other in self.open
            if other.container is not level.container or other.style != level.style
        ]
        self.open.append(level)
        self.levels.append(level)
        return level

    def _text(self, piece: Piece, depth: int) -> None:
        self._close_below(depth)
        above = self.path[-1]
        own = above.kind == "article" or above.style not in (*HEADS, "text")
        if own and not above.text and not above.children:
            above.text = piece.text
            self.intro = None
            return
        self.intro = Sprout("text", text=piece.text)
        above.children.append(self.intro)

    def _holder(self) -> int:
        """How deep an unnumbered passage hangs.

        Behind a list it belongs to what the list belongs to, unless the last item is still
        waiting for its words or has announced them («2) в статье 5:»).
        """
        for depth in range(len(self.path) - 1, 0, -1):
            above = self.path[depth]
            announced = introduces(above.text) and self.ended in tuple(":;,»”")
            waiting = not above.text or announced
            if above.style in HOLDING or (above.style != "text" and waiting):
                return depth
        return 0

    def _set_apart(self, piece: Piece) -> None:
        """Notes, tables and tables of contents."""
        self._close_below(self._holder())
        mark = piece.mark or Mark(piece.role, "", "", "")
        kind: Kind = "table" if piece.role == "table" else "note"
        sprout = Sprout(piece.role, kind, mark.number, mark.label, piece.heading, piece.text)
        sprout.children = [Sprout("row", "row", text=row) for row in piece.rows]
        self.path[-1].children.append(sprout)
        self.intro = None

    def _hang(self, sprout: Sprout) -> None:
        self.path[-1].children.append(sprout)
        self.path.append(sprout)
        self.intro = None

    def _close_below(self, depth: int) -> None:
        del self.path[depth + 1 :]
        for level in self.open:
            if level.depth > depth:
                self.runs[level.style, level.titled] = level.last
        self.open = [level for level in self.open if level.depth <= depth]

    def _check(self, last: str, number: str, place: str) -> None:
        letters = self.language.alphabets
        if follows(last, number, letters):
            return
        message = (
            "The numbering jumps from {last} to {number}."
            if is_later(last, number, letters)
            else "The number {number} comes after {last}."
        )
        self.warnings.append(Warning_(message, place, {"last": last, "number": number}))


def _is_above(above: Sprout, rank: int) -> bool:
    return above.style in (*HEADS, "I.") and above.rank < rank


def _prefix(number: str) -> str:
    return number.rpartition(".")[0]
