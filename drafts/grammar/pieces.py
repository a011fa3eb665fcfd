"""[pure] From lines to pieces: what each passage is by itself, before anything is nested.

Here tables, tables of contents and quotations are set apart, titles join their heads, and
sentences cut off by the end of a line are made whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from consult.errors import N_
from drafts.grammar.language import Language
from drafts.grammar.line import Line, Warning_
from drafts.grammar.marks import Mark
from drafts.grammar.shape import goes_on
from drafts.grammar.surroundings import Surroundings

UNCLOSED = N_("A quotation opens here and does not close.")


@dataclass(slots=True)
class Piece:
    """One passage. `text` is what stands after the mark; `rows` are those of a table."""

    role: Literal["head", "mark", "note", "table", "contents", "quoted", "text"]
    text: str
    place: str
    mark: Mark | None = None
    heading: str = ""
    rows: tuple[str, ...] = ()
    wrapped: bool = True  # what follows may be the rest of its last sentence
    titled: bool = False  # the file says that this is a heading
    rest: list[str] = field(default_factory=list)  # lines that go on where this one was cut off

    def is_continued_by(self, piece: "Piece") -> bool:
        """Whether `piece` is the rest of a sentence that this one begins."""
        if not (self.wrapped and piece.wrapped) or self.role in ("table", "contents"):
            return False
        if piece.role not in ("text", "quoted") or (piece.role == "quoted" and piece.mark):
            return False
        return goes_on(self.rest[-1] if self.rest else self.text or self.heading, piece.text)

    def whole(self) -> "Piece":
        """The piece with the rest of its last sentence."""
        if self.text:
            self.text = " ".join([self.text, *self.rest])
        else:
            self.heading = " ".join([self.heading, *self.rest])
        return self


class Cutter:
    """Cuts the lines of one text into pieces."""

    def __init__(self, lines: Sequence[Line], language: Language) -> None:
        self.around = Surroundings(lines, language)
        self.lines = self.around.lines
        self.warnings = [
            Warning_(UNCLOSED, self.lines[at].place) for at in self.around.quotations.unclosed
        ]

    def pieces(self) -> Iterator[Piece]:
        """Every passage in order; what is empty is left out."""
        at, before = 0, None
        while at < len(self.lines):
            piece, at = self._piece(at)
            if piece is None:
                continue
            if before and before.is_continued_by(piece):
                before.rest.append(piece.text)
                continue
            if before:
                yield before.whole()
            before = piece
        if before:
            yield before.whole()

    def _piece(self, at: int) -> tuple[Piece | None, int]:
        line, text = self.lines[at], self.lines[at].text.strip()
        if at in self.around.contents:
            return self._contents(at)
        if at in self.around.tables:
            return self._table(at, at, None)
        if not text:
            return None, at + 1
        wrapped = line.style == ""
        if at in self.around.quotations.inside:
            return Piece("quoted", text, line.place, self.around.marks[at], wrapped=wrapped), at + 1
        if caption := self.around.caption(at):
            return self._table(at, caption[1], caption[0])
        mark = self.around.marks[at] or self.around.told_mark(at)
        if mark is None:
            return Piece("text", text, line.place, wrapped=wrapped), at + 1
        if mark.style in ("head", "annex"):
            return self._head(at, mark, wrapped=wrapped)
        titled = line.kind_hint == "heading"
        role: Literal["note", "mark"] = "note" if mark.style == "note" else "mark"
        return Piece(role, mark.rest, line.place, mark, wrapped=wrapped, titled=titled), at + 1

    def _head(self, at: int, mark: Mark, *, wrapped: bool) -> tuple[Piece, int]:
        place = self.lines[at].place
        if not self.around.is_title(at, mark):
            return Piece("head", mark.rest, place, mark, wrapped=wrapped), at + 1
        below, end = self.around.title_below(at, mark)
        heading = " ".join([mark.rest, *below]).strip()
        return Piece("head", "", place, mark, heading, wrapped=wrapped), end

    def _table(self, at: int, start: int, caption: Mark | None) -> tuple[Piece, int]:
        table = self.around.tables[start]
        titles = [line.text.strip() for line in self.lines[at + 1 : start] if line.text.strip()]
        heading = " ".join([caption.rest if caption else "", *titles]).strip()
        piece = Piece("table", "", self.lines[at].place, caption, heading, table.texts())
        return piece, table.end

    def _contents(self, at: int) -> tuple[Piece, int]:
        end = self.around.contents[at]
        listed = [line.text.strip() for line in self.lines[at:end] if line.text.strip()]
        place = self.lines[at].place
        message = N_("A table of contents of {count} lines was kept as a note.")
        self.warnings.append(Warning_(message, place, {"count": len(listed)}))
        return Piece("contents", "\n".join(listed), place), end
