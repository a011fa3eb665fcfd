"""A version of a text as a Word file, clean or with what the public says in its margin.

What is printed is what stands in the tree: numbers are words and not Word's own numbering, which
would count anew. Reading the file again (drafts/importing) gives the same tree. The title of the
draft stands above the first page and in the properties, since the text brings its own.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile

from babel.dates import format_date
from lxml import etree

from consult.errors import N_
from consult.i18n.catalogues import LOCALES, translations
from drafts.exporting.document import Document, Remark
from drafts.exporting.docx.comments import Say, add_comments
from drafts.exporting.docx.file import Facts, as_bytes, new_file
from drafts.exporting.docx.styles import LISTS
from drafts.exporting.docx.tables import Row, table
from drafts.exporting.docx.words import Span, paragraph
from drafts.grammar.shape import LONG_HEADING, heading_shaped, title_shaped
from drafts.tree import Node, Tree, has_heading, heading_levels

LISTED = ("paragraph", "subparagraph", "item")
OWN_TEXT = ("article", "annex", "table")  # what stands below their heads is a passage of its own
STOPS = (".", ":")
TITLE_LINES = 6  # passages before the first provision that may be the title the text brings


def write(document: Document, remarks: Sequence[Remark] = ()) -> bytes:
    """The file; with remarks, they are Word comments on the words or provisions they are about.

    A remark on the draft as a whole, or on a provision this text does not have, stands at its
    beginning. What is said besides the text is said in its language. The day printed is that of
    `published_at` as it comes: in the time zone it carries.
    """
    say = translations(document.tree.lang).gettext
    word = new_file(facts_of(document, say))
    section = word.element.body[-1]
    for block in _Body(document.tree, remarks).blocks():
        section.addprevious(block)
    add_comments(word, remarks, say)
    return as_bytes(word)


def facts_of(document: Document, say: Say) -> Facts:
    """What a file with this document says of itself."""
    lang, shown = document.tree.lang, document.published_at
    issue = say(N_("Version {n}, not public yet")).format(n=document.version)
    if shown:
        day = format_date(shown.date(), "long", locale=LOCALES.get(lang, "en"))
        issue = say(N_("Version {n}, {day}")).format(n=document.version, day=day)
    return Facts(
        title=document.title,
        agency=document.agency,
        issue=issue,
        version=document.version,
        lang=lang,
        jurisdiction=document.jurisdiction,
        address=document.address,
        created_at=document.created_at,
        modified_at=shown or document.created_at,
    )


class _Body:
    """The paragraphs and tables of a text, with the ranges of the comments on it."""

    def __init__(self, tree: Tree, remarks: Sequence[Remark]) -> None:
        self.tree = tree
        self.titles = sum(1 for _ in takewhile(_is_title, tree.nodes[:TITLE_LINES]))
        self.on_words: dict[str, list[Span]] = defaultdict(list)
        self.on_whole: dict[str, list[int]] = defaultdict(list)
        texts = {node.wid: node.text for node in tree.walk()}
        first = next(iter(texts), "")
        for number, remark in enumerate(remarks):
            text = texts.get(remark.wid, "")
            start, end = remark.start or 0, min(remark.end or 0, len(text))
            if 0 <= start < end:
                self.on_words[remark.wid].append(Span(start, end, number))
            else:
                self.on_whole[remark.wid if remark.wid in texts else first].append(number)

    def blocks(self) -> Iterator[etree._Element]:
        """Everything in order."""
        placed = list(self.tree.walk_deep())
        headed = [(depth, has_heading(n.kind, n.label, n.heading)) for n, depth in placed]
        rows: list[Node] = []
        inside: list[bool] = []  # for each level above, whether it is a list
        if not placed:
            yield paragraph("BodyText", "", self._over("", ""))
        for at, ((node, depth), level) in enumerate(
            zip(placed, heading_levels(headed, top=1), strict=True)
        ):
            if node.kind == "row":
                rows.append(node)
                continue
            yield from self._table(rows)
            rows = []
            inside[depth:] = [node.kind in LISTED]
            lists = sum(inside[:depth])
            if headed[at][1] and not _runs_on(node):
                style = "Caption" if node.kind == "table" else f"Heading{level}"
                yield from self._headed(node, style, lists, new_page=at > 0)
            elif node.kind != "table":
                yield self._plain(node, "Title" if at < self.titles else _style(node, lists))
        yield from self._table(rows)

    def _headed(
        self, node: Node, style: str, lists: int, *, new_page: bool
    ) -> Iterator[etree._Element]:
        new_page = new_page and node.kind == "annex"
        head = _head(node)
        yield paragraph(style, head, self._over(node.wid, head), new_page=new_page)
        if node.text:
            yield paragraph(_continued(lists), node.text, self.on_words[node.wid])

    def _plain(self, node: Node, style: str) -> etree._Element:
        apart = "\t" if node.kind in LISTED else " "
        words = apart.join(filter(None, (node.label, node.text)))
        before = len(words) - len(node.text)
        spans = [Span(s + before, e + before, n) for s, e, n in self.on_words[node.wid]]
        return paragraph(style, words, [*self._over(node.wid, words), *spans])

    def _table(self, rows: Sequence[Node]) -> Iterator[etree._Element]:
        if rows:
            yield table([Row(row.text.split("\t"), self._on_row(row)) for row in rows])
            yield paragraph("TableText", "")  # tables that touch are one

    def _on_row(self, row: Node) -> list[Span]:
        return [*self._over(row.wid, row.text), *self.on_words[row.wid]]

    def _over(self, wid: str, words: str) -> list[Span]:
        """The comments on a provision as a whole, over all its words."""
        return [Span(0, len(words), number) for number in self.on_whole[wid]]


def _is_title(node: Node) -> bool:
    return node.kind == "text" and not node.children and title_shaped(node.text, LONG_HEADING)


def _runs_on(node: Node) -> bool:
    """Whether a head and its text are one passage: a chapter that has a text but no heading."""
    return bool(node.text) and not node.heading and node.kind not in OWN_TEXT


def _head(node: Node) -> str:
    """Label and heading, on one line where the label stays recognisable as one."""
    on_a_line = node.label.endswith(STOPS) or (
        node.kind != "annex" and heading_shaped(node.heading, LONG_HEADING)
    )
    return (" " if on_a_line else "\n").join(filter(None, (node.label, node.heading)))


def _style(node: Node, lists: int) -> str:
    if node.kind in LISTED:
        return _of_level("List", lists + 1)
    if node.kind == "note":
        return "Note" if node.label else "TOC1"  # a note without a word for it is a list of heads
    return _continued(lists)


def _continued(lists: int) -> str:
    """The style of a passage that belongs to a list item, or to no list."""
    return _of_level("ListContinue", lists) if lists else "BodyText"


def _of_level(name: str, level: int) -> str:
    return name if level == 1 else f"{name}{min(level, LISTS)}"
