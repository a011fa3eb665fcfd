"""[pure] Numberings that may go on: which one a number belongs to.

Only numbers and looks are weighed here; where a new numbering hangs is for growing.py to say.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from drafts.grammar.marks import Mark
from drafts.grammar.numbering import follows, is_first, is_later
from drafts.tree import Kind


@dataclass(slots=True, eq=False)
class Sprout:
    """A provision that is still growing; `style` is that of its mark, or "root", or "text"."""

    style: str
    kind: Kind = "text"
    number: str = ""
    label: str = ""
    heading: str = ""
    text: str = ""
    rank: int = 99
    children: list["Sprout"] = field(default_factory=list)
    place: str = ""  # in the file

    def walk(self) -> Iterator["Sprout"]:
        """This one and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True, eq=False)
class Level:
    """One numbering: its style, where it hangs, how far it has come.

    `titled` numberings look like titles of parts («1. Общие положения»), others like sentences.
    `depth` is that of the container in the path.
    """

    style: str
    titled: bool
    container: Sprout
    depth: int
    last: str = ""
    members: list[Sprout] = field(default_factory=list)


class Levels:
    """All numberings of one text; `open` are those that may go on, the outer first."""

    def __init__(self, alphabets: tuple[str, ...]) -> None:
        self.alphabets = alphabets
        self.open: list[Level] = []
        self.every: list[Level] = []
        # Numbers that may run on in the next part, and how deep they hung.
        self.runs: dict[tuple[str, bool], tuple[str, int]] = {}

    def find(self, mark: Mark, titled: bool, begins: bool) -> Level | Literal["new", "none"]:
        """The numbering this mark belongs to; "none" if it is no mark here.

        It goes on where the number fits and the passage looks alike; else it begins anew if the
        number `begins` one; else it runs on from the part before; else it goes on where the
        number alone fits; else it jumps or repeats.
        """
        same = [level for level in reversed(self.open) if _could_hold(level, mark)]
        alike = [level for level in same if level.titled == titled]
        fitting = [level for level in same if follows(level.last, mark.number, self.alphabets)]
        likely = [level for level in fitting if level.titled == titled]
        if likely:
            return likely[0]
        if begins or (mark.sure and self._runs_on(mark, titled, alike)):
            return "new"
        if fitting or not mark.sure:
            return fitting[0] if fitting else "none"
        later = [level for level in same if is_later(level.last, mark.number, self.alphabets)]
        alike_later = [level for level in later if level.titled == titled]
        unfitting = alike_later or later or alike or same
        return unfitting[0] if unfitting else "new"

    def bullets(self) -> Level | None:
        """The innermost open list of dashes or bullets."""
        return next((level for level in reversed(self.open) if level.style == "-"), None)

    def begin(self, mark: Mark, titled: bool, container: Sprout, depth: int) -> Level:
        """A new numbering, in place of the one of the same style in the same container."""
        level = Level(mark.style, titled, container, depth)
        self.open = [each for each in self.open if not self._is_replaced(each, level)]
        self.open.append(level)
        self.every.append(level)
        return level

    def close_below(self, depth: int) -> None:
        """Nothing that hangs deeper can go on, though its numbers may run on elsewhere."""
        for level in self.open:
            if level.depth > depth:
                self.runs[level.style, level.titled] = (level.last, level.depth)
        self.open = [level for level in self.open if level.depth <= depth]

    def is_doubtful(self, level: Level, mark: Mark, titled: bool) -> bool:
        """Whether a new numbering should not begin with this number."""
        first = is_first(mark.number.rpartition(".")[2], self.alphabets)
        return not (level.last or first or mark.style == "-" or self._runs_on(mark, titled))

    def _runs_on(self, mark: Mark, titled: bool, rivals: Sequence[Level] = ()) -> bool:
        """Whether the number goes on from the part before, and no open list stands as near."""
        last, depth = self.runs.get((mark.style, titled), ("", 0))
        near = any(level.depth >= depth for level in rivals)
        return bool(last) and not near and follows(last, mark.number, self.alphabets)

    @staticmethod
    def _is_replaced(level: Level, by: Level) -> bool:
        return level.container is by.container and level.style == by.style


def prefix(number: str) -> str:
    """«6» of «6.1»."""
    return number.rpartition(".")[0]


def _could_hold(level: Level, mark: Mark) -> bool:
    dotted = mark.style == "1.1"
    return level.style == mark.style and (not dotted or prefix(level.last) == prefix(mark.number))
