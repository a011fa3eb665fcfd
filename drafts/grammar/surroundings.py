"""[pure] What stands around a line: what only its neighbours can tell about it."""

from collections.abc import Sequence

from drafts.grammar.annexes import with_acts
from drafts.grammar.contents import find_contents
from drafts.grammar.language import Language
from drafts.grammar.line import Line
from drafts.grammar.marks import Mark, read_caption, read_mark
from drafts.grammar.numbering import is_first
from drafts.grammar.quotes import find_quotations
from drafts.grammar.shape import LONG_HEADING, heading_shaped, is_finished, title_shaped
from drafts.grammar.tables import find_tables

NEAR = 6  # lines within which the next one that is not empty is looked for
ANNEX_TITLE = 8  # lines the title of an annex may run
OUTLINE_RANKS = {1: 2, 2: 4}  # outline level of a heading without a number → its rank
NUMBERED = ("1.", "1)", "(1)", "1.1")


class Surroundings:
    """The lines of one text with their marks, and which of them stand apart."""

    def __init__(self, lines: Sequence[Line], language: Language) -> None:
        self.language = language
        self.lines = with_acts(lines, language)
        self.marks = [read_mark(line.text, language) for line in self.lines]
        self.quotations = find_quotations([line.text for line in self.lines])
        self.own_marks = [
            None if at in self.quotations.inside else mark for at, mark in enumerate(self.marks)
        ]
        self.contents = find_contents(self.lines, self.own_marks, language)
        self.tables = find_tables(self.lines)
        self.titled_articles = self._articles_have_titles_below()
        self.bare_sections = self._bare_sections()

    def caption(self, at: int) -> tuple[Mark, int] | None:
        """The caption of a table, if this line is one, and the line where the table begins."""
        mark = read_caption(self.lines[at].text, self.language)
        for below in range(at + 1, min(at + NEAR, len(self.lines))) if mark else ():
            if mark and below in self.tables:
                return mark, below
            if not self._is_plain(below):
                break
        return None

    def told_mark(self, at: int) -> Mark | None:
        """What a line without a mark is by what the file or its neighbours say."""
        line, text = self.lines[at], self.lines[at].text.strip()
        if line.kind_hint == "note":
            return Mark("note", "", "", text, "note")
        styled = line.kind_hint == "heading" and heading_shaped(text.rstrip("."), LONG_HEADING)
        if at in self.bare_sections or styled:
            return Mark("head", "", "", text, "section", OUTLINE_RANKS.get(line.level or 1, 5))
        return None

    def is_title(self, at: int, mark: Mark) -> bool:
        """Whether what stands behind a head is its title.

        «Статья 5. Понятия» has one; «Статья 5. Закон вступает в силу.» is the article's own text.
        """
        if self.lines[at].kind_hint == "heading" or not mark.rest:
            return True
        if mark.kind != "article" or not is_finished(mark.rest):
            return len(mark.rest) <= LONG_HEADING
        below = self._next(at)
        following = self.own_marks[below] if below is not None else None
        numbered = following is not None and following.style in NUMBERED
        return numbered and mark.rest.endswith(".") and heading_shaped(mark.rest[:-1])

    def title_below(self, at: int, mark: Mark) -> tuple[list[str], int]:
        """The lines below a head that are its title, and the line after them."""
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
            plain = self._is_plain(below, quoted=True) and self.caption(below) is None
            if not plain or not title_shaped(text, LONG_HEADING):
                break
            found.append(text)
            end, below = below + 1, self._next(below)
        return found, end

    def _articles_have_titles_below(self) -> bool:
        """Whether this act writes the titles of its articles on the next line: most of them do."""
        bare = [
            self._next(at)
            for at, mark in enumerate(self.own_marks)
            if mark and mark.kind == "article" and not mark.rest
        ]
        titled = sum(below is not None and self._could_be_title(below) for below in bare)
        return 2 * titled > len(bare)

    def _bare_sections(self) -> set[int]:
        """Headings without a number, told by a numbering that begins again below each of them."""
        if any(mark and mark.kind == "article" for mark in self.own_marks):
            return set()
        found = set()
        for at in range(len(self.lines)):
            below = self._next(at) if self._could_be_title(at) else None
            mark = self.own_marks[below] if below is not None else None
            if mark and mark.style == "1." and is_first(mark.number, ()):
                found.add(at)
        return found if len(found) > 1 else set()

    def _could_be_title(self, at: int) -> bool:
        shaped = self._is_plain(at) and heading_shaped(self.lines[at].text)
        return shaped and self.caption(at) is None

    def _is_plain(self, at: int, *, quoted: bool = False) -> bool:
        """Whether nothing but its look says what a line is."""
        if self.marks[at] or at in self.tables or at in self.contents:
            return False
        if self.lines[at].kind_hint not in ("", "heading"):
            return False
        return quoted or at not in self.quotations.inside

    def _next(self, at: int) -> int | None:
        following = range(at + 1, min(at + NEAR, len(self.lines)))
        return next((below for below in following if self.lines[below].text.strip()), None)
