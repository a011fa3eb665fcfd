"""The comparative table as a Word file in its customary form: a wide page, five columns."""

from collections.abc import Sequence

from consult.errors import N_
from consult.i18n.catalogues import translations
from drafts.comparative.rows import Words
from drafts.exporting.document import Document
from drafts.exporting.docx.file import as_bytes, new_file
from drafts.exporting.docx.tables import Row, table
from drafts.exporting.docx.words import paragraph
from drafts.exporting.docx.writing import facts_of

TITLE = N_("Comparative table")
COLUMNS = (
    "№",
    N_("Structural element"),
    N_("Wording in force"),
    N_("Wording proposed"),
    N_("Justification"),
)
SHARES = (4, 14, 32, 32, 18)
WIDTH = 14850  # twips between the margins of a page that lies


def write(document: Document, rows: Sequence[Words]) -> bytes:
    """The table; the text of the document is not printed. Columns are named in its language."""
    say = translations(document.tree.lang).gettext
    word = new_file(facts_of(document, say), landscape=True)
    section = word.element.body[-1]
    section.addprevious(paragraph("Title", say(TITLE)))
    section.addprevious(paragraph("Title", document.title))
    lines = [Row([say(column) for column in COLUMNS], bold=True)]
    number = 0
    for row in rows:
        if row.is_heading:
            lines.append(Row([row.place], bold=True, across=True))
        else:
            number += 1
            lines.append(Row([str(number), row.place, row.current, row.proposed, row.reason]))
    section.addprevious(table(lines, SHARES, width=WIDTH))
    section.addprevious(paragraph("TableText", ""))
    return as_bytes(word)
