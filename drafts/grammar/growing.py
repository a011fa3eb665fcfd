"""[pure] Nesting: where each piece hangs in the tree, by rank, by numbering and by context.

Which numbering a number belongs to is weighed in levels.py; plain passages follow `_holder`.
Kinds are settled later, in settling.py, when it is known what each provision holds.
"""

from consult.errors import N_
from drafts.grammar.language import Language
from drafts.grammar.levels import Level, Levels, Sprout, prefix
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


class Growth:
    """The tree while it grows. `path` leads from the root to what was said last."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.root = Sprout("root", rank=-1)
        self.path = [self.root]
        self.levels = Levels(language.alphabets)
        self.heads: dict[str, str] = {}  # kind → the last number in this component
        self.intro: Sprout | None = None  # the passage just said, if it may introduce a list
        self.ended = ""  # the last letter said
        self.quoting: int | None = None  # depth at which a quotation hangs while it lasts
        self.warnings: list[tuple[Sprout, Warning_]] = []

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
        head.text, head.place = piece.text, piece.place
        self._check_head(mark, head)
        if mark.style == "annex" or mark.kind == "article":
            self.levels.runs.clear()
        self._hang(head)

    def _annex_depth(self, number: str) -> int:
        """A numbering of annexes that begins again belongs to the annex that is open."""
        annexes = [at for at, above in enumerate(self.path) if above.style == "annex"]
        for at in reversed(annexes):
            if follows(self.path[at].number, number, self.language.alphabets):
                return at - 1
        again = annexes and self.path[annexes[-1]].number and is_first(number, ())
        return annexes[-1] if again and len(annexes) < DEEPEST else 0

    def _check_head(self, mark: Mark, head: Sprout) -> None:
        if mark.style == "annex":
            self.heads = {"annex": mark.number}
            return
        last = self.heads.get(mark.kind)
        restarts = mark.kind != "article" and is_first(mark.number, ())
        if last and mark.number and not restarts:
            self._check(last, head)
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
        level = self._level_for(mark, titled)
        if level is None:
            piece.text = f"{mark.label} {piece.text}"
            self._text(piece, self._holder())
            return
        rank = ROMAN_RANK if mark.style == "I." and not in_article else 99
        sprout = Sprout(mark.style, "paragraph", mark.number, mark.label, rank=rank)
        sprout.text, sprout.place = piece.text, piece.place
        if level.last and mark.number:
            self._check(level.last, sprout)
        elif self.levels.is_doubtful(level, mark, titled):
            self._warn(N_("The numbering begins with {number} here."), sprout)
        self._close_below(level.depth)
        level.last = mark.number
        level.members.append(sprout)
        self._hang(sprout)

    def _level_for(self, mark: Mark, titled: bool) -> Level | None:
        if mark.style == "-":
            bullets = self.levels.bullets()
            return bullets if bullets and not self._introduced(mark) else self._new(mark, titled)
        found = self.levels.find(mark, titled, self._begins(mark))
        if isinstance(found, Level):
            return found
        return self._new(mark, titled) if found == "new" else None

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
        depths = (at for at, above in enumerate(self.path) if above.number == prefix(mark.number))
        return max(depths, default=None)

    def _introduced(self, mark: Mark) -> bool:
        """Whether the passage just said introduces this list: by a colon, or by its restarting."""
        if self.intro is None:
            return False
        again = any(
            level.style == mark.style and level.container is self.path[-1]
            for level in self.levels.open
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
        self._close_below(depth)
        return self.levels.begin(mark, titled, self.path[depth], depth)

    def _text(self, piece: Piece, depth: int) -> None:
        self._close_below(depth)
        above = self.path[-1]
        own = above.kind == "article" or above.style not in (*HEADS, "text")
        if own and not above.text and not above.children:
            above.text = piece.text
            self.intro = None
            return
        self.intro = Sprout("text", text=piece.text, place=piece.place)
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
        sprout.place = piece.place
        sprout.children = [Sprout("row", "row", text=row, place=piece.place) for row in piece.rows]
        self.path[-1].children.append(sprout)
        self.intro = None

    def _hang(self, sprout: Sprout) -> None:
        self.path[-1].children.append(sprout)
        self.path.append(sprout)
        self.intro = None

    def _close_below(self, depth: int) -> None:
        del self.path[depth + 1 :]
        self.levels.close_below(depth)

    def _check(self, last: str, sprout: Sprout) -> None:
        number, letters = sprout.number, self.language.alphabets
        if follows(last, number, letters):
            return
        message = (
            N_("The numbering jumps from {last} to {number}.")
            if is_later(last, number, letters)
            else N_("The number {number} comes after {last}.")
        )
        self._warn(message, sprout, last=last)

    def _warn(self, message: str, sprout: Sprout, **more: str) -> None:
        params = {**more, "number": sprout.number}
        self.warnings.append((sprout, Warning_(message, sprout.place, params)))


def _is_above(above: Sprout, rank: int) -> bool:
    return above.style in (*HEADS, "I.") and above.rank < rank
