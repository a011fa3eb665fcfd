"""[pure] A plan from a spreadsheet, as CSV or pasted: what its rows say, and what is wrong.

Nothing is guessed: whatever is not clear is a problem of its row, and a table with a problem is
not taken at all.
"""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from consult.errors import Invalid
from consult.plans.headings import Column, column_of
from consult.plans.months import read_month
from consult.plans.rules import (
    SUMMARY_MAX,
    TITLE_MAX,
    Wording,
    check_month,
    check_titles,
    folded,
)
from consult.procedure.duties import Names
from consult.spreadsheets import BYTE_ORDER_MARK, csv_rows
from drafts.importing.encoding import QUESTION

ROWS_MAX = 500
NEEDED = ("title", "act_type", "month")
Cells = Mapping[Column, str]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a plan may say: the codes of the rule pack, its languages, what is planned already."""

    act_types: Mapping[str, Names]
    topics: Mapping[str, Names]
    official: Sequence[str]
    today: date
    known: Collection[str] = ()  # folded titles


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table, counted from 1 with the heading; `month` is None where not clear."""

    n: int
    wording: Wording
    month: date | None
    problems: tuple[Invalid, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What was read; `problems` are those of the table as a whole, `ignored` headings not known."""

    rows: tuple[Row, ...] = ()
    problems: tuple[Invalid, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.problems and not any(row.problems for row in self.rows)

    @property
    def entries(self) -> list[tuple[Wording, date]]:
        """What is to be added, of a table without problems."""
        return [(row.wording, row.month) for row in self.rows if row.month]


def read_table(text: str, lang: str, terms: Terms) -> Table:
    """Read a table; `lang` is the language of titles whose heading names none."""
    try:
        lines = [(n, cells) for n, _, cells in csv_rows(text.removeprefix(BYTE_ORDER_MARK))]
    except csv.Error:
        return Table(problems=(Invalid("This could not be read as a table."),))
    if not lines:
        return Table(problems=(Invalid("There is nothing in this table."),))
    (_, heading), *rows = lines
    found = [column_of(name) for name in heading]
    columns = [c and (c._replace(lang=c.lang or lang) if _spoken(c) else c) for c in found]
    problems = tuple(_heading_problems(heading, columns, len(rows)))
    ignored = tuple(h for h, c in zip(heading, columns, strict=True) if h and c is None)
    if problems:
        return Table(problems=problems, ignored=ignored)
    return Table(tuple(_rows(rows, columns, terms)), ignored=ignored)


def _spoken(column: Column) -> bool:
    return column.role in {"title", "summary"}


def _heading_problems(
    heading: Sequence[str], columns: Sequence[Column | None], rows: int
) -> Iterator[Invalid]:
    roles = {column.role for column in columns if column}
    for missing in (role for role in NEEDED if role not in roles):
        if missing == "title":
            yield Invalid("No column is headed “Title”.")
        elif missing == "act_type":
            yield Invalid("No column is headed “Kind of act”.")
        else:
            yield Invalid("No column is headed “Month”.")
    for at, column in enumerate(columns):
        if column and column in columns[:at]:
            yield Invalid("Two columns hold the same: {heading}.", heading=heading[at])
    if not rows:
        yield Invalid("There is nothing in this table.")
    if rows > ROWS_MAX:
        yield Invalid("These are more than {most} rows. Import them in parts.", most=ROWS_MAX)


def _rows(
    rows: Sequence[tuple[int, list[str]]], columns: Sequence[Column | None], terms: Terms
) -> Iterator[Row]:
    seen: dict[str, int] = {}
    for n, row in rows:
        cells = {c: text for c, text in zip(columns, row, strict=False) if c and text}
        month, unclear = _month(cells, terms.today)
        wording = Wording(
            titles={c.lang: text for c, text in cells.items() if c.role == "title"},
            summaries={c.lang: text for c, text in cells.items() if c.role == "summary"},
            act_type=_code(cells.get(Column("act_type"), ""), terms.act_types),
            topic=_code(cells.get(Column("topic"), ""), terms.topics),
        )
        problems = [*_torn(row, len(columns)), *_unfit(wording, cells, terms), *unclear]
        titles = {folded(title) for title in wording.titles.values()}
        if titles & set(terms.known):
            problems.append(Invalid("This is in the plan already."))
        if twice := next((seen[title] for title in titles if title in seen), 0):
            problems.append(Invalid("Row {n} has the same title.", n=twice))
        seen |= dict.fromkeys(titles, n)
        yield Row(n, wording, month, tuple(problems))


def _month(cells: Cells, today: date) -> tuple[date | None, list[Invalid]]:
    said = cells.get(Column("month"), "")
    try:
        month = read_month(said)
    except Invalid:
        wrong = Invalid("“{text}” is no month: write it as 2026-11.", text=said)
        return None, [wrong if said else Invalid("There is no month.")]
    try:
        check_month(month, today)
    except Invalid as over:
        return month, [over]
    return month, []


def _code(said: str, named: Mapping[str, Names]) -> str:
    """The code of what is called so in any language; "" if nothing is."""
    wish = folded(said)
    return next(
        (
            code
            for code, names in named.items()
            if wish and wish in {code, *(folded(name) for name in names.model_dump().values())}
        ),
        "",
    )


def _torn(row: Sequence[str], width: int) -> Iterator[Invalid]:
    """Signs that a row is not what was written: cells torn apart, letters lost."""
    if any(row[width:]):
        yield Invalid("This row has more cells than the heading.")
    if any("\ufffd" in cell or QUESTION.search(cell) for cell in row):
        yield Invalid("Letters of this row were lost. Save the table anew as UTF-8.")


def _unfit(wording: Wording, cells: Cells, terms: Terms) -> Iterator[Invalid]:
    try:
        check_titles(wording.titles, terms.official)
    except Invalid as missing:
        yield missing
    if not wording.act_type:
        said = cells.get(Column("act_type"), "")
        unknown = Invalid("“{text}” is no kind of act that is known here.", text=said)
        yield unknown if said else Invalid("Please choose the kind of act.")
    if not wording.topic and (said := cells.get(Column("topic"), "")):
        yield Invalid("“{text}” is no topic that is known here.", text=said)
    for texts, most in ((wording.titles, TITLE_MAX), (wording.summaries, SUMMARY_MAX)):
        if any(len(text) > most for text in texts.values()):
            yield Invalid("This is too long: at most {max_length} characters.", max_length=most)
