"""[pure] From lines to pieces: what each passage is by itself, before anything is nested.

Here tables, tables of contents and quotations are set apart, titles join their heads, and
sentences cut off by the end of a line are made whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from drafts.grammar.contents import find_contents
from drafts.grammar.language import Language
from drafts.grammar.line import Line, Warning_
from drafts.grammar.marks import Mark, read_caption, read_mark
from drafts.grammar.numbering import is_first
from drafts.grammar.quotes import find_quotations
from drafts.grammar.shape import (
    LONG_HEADING,
    begins_low,
    goes_on,
    heading_shaped,
    is_finished,
    title_shaped,
)
from drafts.grammar.tables import Table, find_tables

ANNEX_TITLE = 8  # lines the title of an annex may run
ACT_OF_ANNEX = 12  # lines that may name the act above «1-тиркемеси»
OUTLINE_RANKS = {1: 2, 2: 4}  # outline level of a heading without a number → its rank


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

    def tail(self) -> str:
        """The words a cut-off sentence would be continued from."""
        return self.text or self.heading

    def continue_with(self, text: str) -> None:
        """Join the rest of a sentence."""
        if self.text:
            self.text += " " + text
        else:
            self.heading += " " + text


class Cutter:
    """Cuts the lines of one text into pieces."""

    def __init__(self, lines: Sequence[Line], language: Language) -> None:
        self.language = language
        self.lines = _with_acts_of_annexes(lines, language)
        self.marks = [read_mark(line.text, language) for line in self.lines]
        self.quotations = find_quotations([line.text for line in self.lines])
        self.contents = find_contents(self.lines, self._unquoted_marks(), language)
        self.tables = find_tables(self.lines)
        self.titled_articles = self._articles_have_titles_below()
        self.bare_sections = self._bare_sections()
        self.warnings = [
            Warning_("A quotation opens here and does not close.", self.lines[at].place)
            for at in self.quotations.unclosed
        ]

    def pieces(self) -> Iterator[Piece]:
        """Every passage in order; what is empty is left out."""
        at, before = 0, None
        while at < len(self.lines):
            piece, at = self._piece(at)
            if piece is None:
                continue
            if before and self._continues(before, piece):
                before.continue_with(piece.text)
                continue
            if before:
                yield before
            before = piece
        if before:
            yield before

    def _piece(self, at: int) -> tuple[Piece | None, int]:
        line, mark = self.lines[at], self.marks[at]
        if at in self.contents:
            return self._contents(at)
        if at in self.tables:
            return self._table(at, self.tables[at], None, at), self.tables[at].end
        text = line.text.strip()
        if not text:
            return None, at + 1
        if at in self.quotations.inside:
            return Piece("quoted", text, line.place, mark, wrapped=line.style == ""), at + 1
        caption = self._captioned_table(at)
        if caption is not None:
            return self._table(at, self.tables[caption], self._caption(at), caption), (
                self.tables[caption].end
            )
        mark = mark or self._told_mark(at, text)
        if mark is None:
            return Piece("text", text, line.place, wrapped=line.style == ""), at + 1
        return self._marked(at, mark)

    def _told_mark(self, at: int, text: str) -> Mark | None:
        """What a line without a mark is by what the file or its neighbours say."""
        line = self.lines[at]
        if line.kind_hint == "note":
            return Mark("note", "", "", text, "note")
        styled = line.kind_hint == "heading" and heading_shaped(text.rstrip("."), LONG_HEADING)
        if at in self.bare_sections or styled:
            return Mark("head", "", "", text, "section", OUTLINE_RANKS.get(line.level or 1, 5))
        return None

    def _marked(self, at: int, mark: Mark) -> tuple[Piece, int]:
        line = self.lines[at]
        wrapped, titled = line.style == "", line.kind_hint == "heading"
        if mark.style == "note":
            return Piece("note", mark.rest, line.place, mark, wrapped=wrapped), at + 1
        if mark.style not in ("head", "annex"):
            return Piece(
                "mark", mark.rest, line.place, mark, wrapped=wrapped, titled=titled
            ), at + 1
        if mark.rest and not titled and not self._is_title(at, mark):
            return Piece("head", mark.rest, line.place, mark, wrapped=wrapped), at + 1
        below, end = self._title_below(at, mark)
        heading = " ".join([mark.rest, *below]).strip()
        return Piece("head", "", line.place, mark, heading, wrapped=wrapped), end

    def _continues(self, before: Piece, piece: Piece) -> bool:
        if not (before.wrapped and piece.wrapped) or before.role in ("table", "contents"):
            return False
        if piece.role not in ("text", "quoted") or (piece.role == "quoted" and piece.mark):
            return False
        return goes_on(before.tail(), piece.text)

    def _is_title(self, at: int, mark: Mark) -> bool:
        """«Статья 5. Понятия» has a title; «Статья 5. Закон вступает в силу.» is its own text."""
        if mark.kind != "article" or not is_finished(mark.rest):
            return len(mark.rest) <= LONG_HEADING
        below = self._next(at)
        following = self.marks[below] if below is not None else None
        numbered = following is not None and following.style in ("1.", "1)", "(1)", "1.1")
        return numbered and mark.rest.endswith(".") and heading_shaped(mark.rest[:-1])

    def _title_below(self, at: int, mark: Mark) -> tuple[list[str], int]:
        if mark.style == "annex":
            return self._annex_title(at)
        below = self._next(at)
        may_have_one = mark.number and (mark.kind != "article" or self.titled_articles)
        if below is None or mark.rest or not may_have_one or not self._could_be_title(below):
            return [], at + 1
        return [self.lines[below].text.strip()], below + 1

    def _annex_title(self, at: int) -> tuple[list[str], int]:
        found: list[str] = []
        end, below = at + 1, self._next(at)
        while below is not None and len(found) < ANNEX_TITLE:
            text = self.lines[below].text.strip()
            plain = self._is_plain(below, quoted=True) and self._captioned_table(below) is None
            if not plain or not title_shaped(text, LONG_HEADING):
                break
            found.append(text)
            end, below = below + 1, self._next(below)
        return found, end

    def _articles_have_titles_below(self) -> bool:
        """Whether this act writes the titles of its articles on the next line: most of them do."""
        bare = [
            self._next(at)
            for at, mark in enumerate(self._unquoted_marks())
            if mark and mark.kind == "article" and not mark.rest
        ]
        titled = sum(below is not None and self._could_be_title(below) for below in bare)
        return 2 * titled > len(bare)

    def _bare_sections(self) -> set[int]:
        """Headings without a number, told by a numbering that begins again below each of them."""
        if any(mark and mark.kind == "article" for mark in self._unquoted_marks()):
            return set()
        found = set()
        for at in range(len(self.lines)):
            below = self._next(at) if self._could_be_title(at) else None
            mark = self.marks[below] if below is not None else None
            if mark and mark.style == "1." and is_first(mark.number, ()):
                found.add(at)
        return found if len(found) > 1 else set()

    def _could_be_title(self, at: int) -> bool:
        return self._is_plain(at) and heading_shaped(self.lines[at].text)

    def _is_plain(self, at: int, *, quoted: bool = False) -> bool:
        """Whether nothing but its look says what a line is."""
        if self.marks[at] or at in self.tables or at in self.contents:
            return False
        if self.lines[at].kind_hint not in ("", "heading"):
            return False
        return quoted or at not in self.quotations.inside

    def _next(self, at: int) -> int | None:
        following = range(at + 1, min(at + 6, len(self.lines)))
        return next((below for below in following if self.lines[below].text.strip()), None)

    def _unquoted_marks(self) -> list[Mark | None]:
        return [
            None if at in self.quotations.inside else mark for at, mark in enumerate(self.marks)
        ]

    def _caption(self, at: int) -> Mark | None:
        return read_caption(self.lines[at].text, self.language)

    def _captioned_table(self, at: int) -> int | None:
        """The line where the table begins whose caption stands here, if one does."""
        if self._caption(at) is None:
            return None
        for below in range(at + 1, min(at + 6, len(self.lines))):
            if below in self.tables:
                return below
            if not self._is_plain(below):
                return None
        return None

    def _table(self, at: int, table: Table, caption: Mark | None, start: int) -> Piece:
        titles = [line.text.strip() for line in self.lines[at + 1 : start] if line.text.strip()]
        heading = " ".join([caption.rest if caption else "", *titles]).strip()
        return Piece("table", "", self.lines[at].place, caption, heading, table.texts())

    def _contents(self, at: int) -> tuple[Piece, int]:
        end = self.contents[at]
        listed = [line.text.strip() for line in self.lines[at:end] if line.text.strip()]
        self.warnings.append(
            Warning_(
                "A table of contents of {count} lines was kept as a note.",
                self.lines[at].place,
                {"count": len(listed)},
            )
        )
        return Piece("contents", "\n".join(listed), self.lines[at].place), end


def _with_acts_of_annexes(lines: Sequence[Line], language: Language) -> list[Line]:
    """Where the number comes first, an annex names its act above: «… программасынын» «1-тиркемеси».

    Those lines are one phrase with the head and are joined to it.
    """
    joined: list[Line] = []
    for line in lines:
        mark = read_mark(line.text, language)
        annex = mark is not None and mark.style == "annex"
        if language.number_first and (annex or line.text.strip() in language.annexes):
            line = _with_act(joined, line, language)
        joined.append(line)
    return joined


def _with_act(above: list[Line], head: Line, language: Language) -> Line:
    """The head with the lines of its act, which are taken off `above`."""
    for at in range(len(above) - 1, max(len(above) - 1 - 2 * ACT_OF_ANNEX, -1), -1):
        text = above[at].text.strip()
        cell = above[at].kind_hint == "row" or above[at].text.startswith("\t")
        if cell or (text and (is_finished(text) or len(text) > LONG_HEADING)):
            return head
        begins = at == 0 or not above[at - 1].text.strip()
        if text and begins and not begins_low(text):
            phrase = " ".join(" ".join(line.text for line in above[at:]).split())
            whole = read_mark(f"{phrase} {head.text.strip()}", language)
            if whole and whole.style == "annex":
                del above[at:]
                return replace(head, text=whole.label)
            return head
    return head
