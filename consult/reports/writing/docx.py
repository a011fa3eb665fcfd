"""A report as a Word file: A4 lying, real headings, tables whose head is repeated on every page.

Each text knows its language, so that it is read aloud and checked for spelling as what it is.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lxml import etree

from consult.reports.wording import Decided, Paper, Told, Words
from drafts.exporting.docx.file import Facts, as_bytes, language_tag, new_file
from drafts.exporting.docx.tables import Row, table
from drafts.exporting.docx.words import W, element, paragraph

WIDTH = 14850  # twips between the margins of a page that lies
ROWS = (5, 12, 16, 33, 12, 27, 25)  # shares of the width
FIGURES = (34, 12, 54)
CHANGES = (15, 10, 32, 32, 11)


class Cell(NamedTuple):
    """The words of a cell; `lang` is "" where they are in the language of the paper."""

    text: str
    lang: str = ""


def write(paper: Paper) -> bytes:
    """The file; equal papers give equal bytes."""
    word = new_file(_facts(paper), landscape=True)
    section = word.element.body[-1]
    for block in _Body(paper).blocks():
        section.addprevious(block)
    return as_bytes(word)


def _facts(paper: Paper) -> Facts:
    return Facts(
        title=f"{paper.heading} · {paper.title.text}",
        agency=paper.agency,
        issue=paper.issue,
        version=paper.round,
        lang=paper.lang,
        jurisdiction=paper.country,
        address=paper.address,
        created_at=paper.published_at,
        modified_at=paper.published_at,
    )


class _Body:
    """The paragraphs and tables of a report."""

    def __init__(self, paper: Paper) -> None:
        self.paper, self.labels = paper, paper.labels

    def blocks(self) -> Iterable[etree._Element]:
        """Everything in order."""
        paper, labels = self.paper, self.labels
        yield paragraph("Heading1", paper.heading)
        yield self.words("Title", paper.title)
        for label, words in paper.facts:
            yield self.words("BodyText", words, before=f"{label}: ")
        yield from self.table("figures", FIGURES, self.figures())
        if paper.changes:
            yield from self.table("changes", CHANGES, self.changes())
        if paper.campaigns:
            yield paragraph("Heading2", labels["campaigns"])
            yield from self.campaigns()
        if paper.rows:
            yield from self.table("rows", ROWS, self.rows())
        else:
            yield paragraph("Heading2", labels["rows"])
            yield paragraph("BodyText", labels["nothing"])

    def words(self, style: str, words: Words, before: str = "") -> etree._Element:
        """A paragraph with the language of its words."""
        found = paragraph(style, before + words.text)
        self.speak(found, words.lang)
        return found

    def speak(self, block: etree._Element, lang: str) -> None:
        """Say of the runs of a block what language they are in, unless it is that of the paper."""
        if lang in ("", self.paper.lang):
            return
        tag = language_tag(lang, self.paper.country)
        for run in block.iter(f"{W}r"):
            properties = run.find(f"{W}rPr")
            if properties is None:
                properties = element("rPr")
                run.insert(0, properties)
            element("lang", properties, val=tag, eastAsia=tag, bidi=tag)

    def table(
        self, name: str, shares: Sequence[int], rows: Sequence[Sequence[Cell]]
    ) -> Iterable[etree._Element]:
        """A heading and a table that is named by it."""
        heading = self.labels[name]
        yield paragraph("Heading2", heading)
        lines = [Row([cell.text for cell in row], bold=at == 0) for at, row in enumerate(rows)]
        found = table(lines, shares, width=WIDTH)
        properties = found[0]
        element("tblLook", properties, val="0020", firstRow="1", firstColumn="0", noVBand="1")
        element("tblCaption", properties, val=heading)
        for row, line in zip(rows, found.iter(f"{W}tr"), strict=True):
            for cell, place in zip(row, line.iter(f"{W}tc"), strict=True):
                self.speak(place, cell.lang)
        yield found
        yield paragraph("TableText", "")  # tables that touch are one

    def heads(self, *names: str) -> list[Cell]:
        return [Cell(self.labels[name]) for name in names]

    def figures(self) -> list[list[Cell]]:
        told = (
            [Cell(figure.label), Cell(figure.written), Cell(figure.note)]
            for figure in self.paper.figures
        )
        return [self.heads("figure", "value", "note"), *told]

    def changes(self) -> list[list[Cell]]:
        told = (
            [
                Cell(change.place),
                Cell(change.kind),
                Cell(*_spoken(change.before)),
                Cell(*_spoken(change.after)),
                Cell(change.because),
            ]
            for change in self.paper.changes
        )
        return [self.heads("provision", "kind", "before", "after", "because"), *told]

    def campaigns(self) -> Iterable[etree._Element]:
        for campaign in self.paper.campaigns:
            yield paragraph("Caption", f"{campaign.counts} · {campaign.row}")
            yield self.words("BodyText", campaign.text)
            if campaign.added:
                yield paragraph("BodyText", f"{self.labels['added']}:")
            for words in campaign.added:
                yield self.words("List", words, before="–\t")

    def rows(self) -> list[list[Cell]]:
        found = [[Cell(column) for column in self.paper.columns]]
        for row in self.paper.rows:
            for at, comment in enumerate(row.comments):
                found.append([*self.comment(row, comment), *self.answer(row, again=at > 0)])
        return found

    def comment(self, row: Decided, comment: Told) -> list[Cell]:
        proposed = f"{self.labels['proposed']}:\n{comment.proposed}" if comment.proposed else ""
        quote = f"«{comment.quote}»" if comment.quote else ""
        words = Cell(_lines(quote, comment.proposal, proposed), comment.lang)
        return [
            Cell(str(row.number)),
            Cell(comment.place),
            Cell(_lines(comment.who, comment.receipt, comment.about)),
            Cell(comment.gone) if comment.gone else words,
            Cell(row.outcome),
        ]

    def answer(self, row: Decided, *, again: bool) -> list[Cell]:
        if again:
            return [Cell(self.labels["same"]), Cell("")]
        lang, labels = row.reason.lang, self.labels
        before = f"{labels['before']}:\n{row.before}" if row.before else ""
        after = f"{labels['after']}:\n{row.after}" if row.after else ""
        return [
            Cell(_lines(row.issue, row.reason.text), lang),
            Cell(_lines(row.changed, before, after), lang),
        ]


def _spoken(words: Words) -> tuple[str, str]:
    return words.text, words.lang


def _lines(*parts: str) -> str:
    return "\n".join(filter(None, parts))
