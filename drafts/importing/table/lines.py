"""[pure] The lines of a table of figures: what each says, and where they do not fit together.

Nothing is left out: a line that is doubtful is kept as it is written, and said to be so.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from consult.errors import N_, Invalid
from consult.procedure.acts import FIGURES, ActType, ColumnKind, TableColumn
from consult.spreadsheets import Line
from drafts.grammar.line import Warning_
from drafts.importing.table.figures import number_in, written
from drafts.tree import Tree

CODE = re.compile(r"[\w.-]{1,40}")
TOTAL = "total"
HEADING = "heading"
LEFT_OUT = N_("The column “{heading}” is none of this kind of act. It was left out.")
NO_CODE = N_("This line has no code. In the next version it is found again by its words.")
NOT_A_CODE = N_("“{code}” is no code: write figures, letters, points and dashes only.")
TWICE = N_("Line {line} has the code “{code}” too.")
NO_FIGURE = N_("“{text}” in the column “{column}” is no number. It was kept as it is written.")
NO_SUM = N_(
    "In the column “{column}” this line says {said}, but the lines beneath add up to {sum}."
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its cells as the text has them, the figures among them by column.

    `name` tells it from all others, in every version: its code, or a mark of its words. `line` is
    where it stands in the file. A figure is None where there is a cell that says none.
    """

    line: int
    name: str
    code: str
    cells: tuple[str, ...]
    figures: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was read; the warnings' `at` counts the rows from 0."""

    rows: tuple[Row, ...]
    warnings: tuple[Warning_, ...]
    left_out: tuple[str, ...] = ()


def read_lines(lines: Sequence[Line], act: ActType, lang: str) -> Figures:
    """The lines of a table whose first line is its heading.

    Raises Invalid for a table that lacks a column or has a line that is torn.
    """
    if len(lines) < 2:
        raise Invalid("There is nothing in this table.", field="file")
    heading, *rest = lines
    places = _places(heading.cells, act.columns, lang)
    known = set(places.values())
    other = [at for at, cell in enumerate(heading.cells) if cell and at not in known]
    warnings = [
        Warning_(LEFT_OUT, f"line {heading.line}", {"heading": heading.cells[at]}) for at in other
    ]
    _check_whole(rest, len(heading.cells))
    rows, doubts = _named_rows(rest, places, act, lang)
    left_out = [line.cells[at] for line in lines for at in other if at < len(line.cells)]
    doubts = sorted((*doubts, *_sums(rows, act, lang)), key=lambda doubt: doubt.at or 0)
    return Figures(tuple(rows), (*warnings, *doubts), tuple(left_out))


def _places(heading: Sequence[str], columns: Iterable[TableColumn], lang: str) -> dict[str, int]:
    """At which place of a line each column stands."""
    found: dict[str, int] = {}
    for column in columns:
        at = [place for place, cell in enumerate(heading) if _heads(cell, column)]
        if not at:
            said = column.names.in_language(lang)
            raise Invalid("No column is headed “{heading}”.", field="file", heading=said)
        if len(at) > 1:
            raise Invalid(
                "Two columns hold the same: {heading}.", field="file", heading=heading[at[1]]
            )
        found[column.code] = at[0]
    return found


def _heads(cell: str, column: TableColumn) -> bool:
    """Whether a heading is the name of the column in any language, with or without its unit."""
    said = " ".join(cell.casefold().split())
    names = (column.code, *column.names.model_dump().values())
    return any(
        said == name or said.startswith((f"{name},", f"{name} ("))
        for name in (one.casefold() for one in names)
    )


def _check_whole(lines: Iterable[Line], width: int) -> None:
    for line in lines:
        if any(line.cells[width:]):
            raise Invalid(
                "Line {line} has more cells than the heading.", field="file", line=line.line
            )


def _named_rows(
    lines: Iterable[Line], places: Mapping[str, int], act: ActType, lang: str
) -> tuple[list[Row], list[Warning_]]:
    rows: list[Row] = []
    doubts: list[Warning_] = []
    seen = {HEADING: 1}  # so is the first row of every table called
    for at, line in enumerate(lines):
        said = {
            column.code: line.cells[places[column.code]]
            if places[column.code] < len(line.cells)
            else ""
            for column in act.columns
        }
        code, name, doubt = _name(said, act, seen)
        figures, unclear = _figures(said, act, lang)
        for message, params in (*doubt, *unclear):
            doubts.append(Warning_(message, f"line {line.line}", params, at))
        cells = tuple(
            written(number, lang)
            if (number := figures.get(column.code)) is not None
            else said[column.code]
            for column in act.columns
        )
        seen[name] = line.line
        rows.append(Row(line.line, name, code, cells, figures))
    return rows, doubts


def check_same_lines(one: Tree, other: Tree, act: ActType) -> None:
    """Refuse a table in a second language whose lines are not those of the first, in order."""
    both = zip_longest(_codes(one, act), _codes(other, act), fillvalue="")
    for n, (first, second) in enumerate(both, start=1):
        if first != second:
            raise Invalid(
                "The two languages do not have the same lines: as line {n} of the table the first "
                "has “{first}”, the second “{second}”.",
                field="file",
                n=n,
                first=first,
                second=second,
            )


def _codes(tree: Tree, act: ActType) -> list[str]:
    """The codes of the lines, without that which names the columns; "" where a line has none."""
    at = next(n for n, one in enumerate(act.columns) if one.kind is ColumnKind.CODE)
    rows = [node.text.split("\t") for node in tree.walk() if node.kind == "row"][1:]
    return ["" if _is_total(row, act) else "".join(row[at : at + 1]) for row in rows]


Doubt = tuple[str, dict[str, object]]


def _name(
    said: Mapping[str, str], act: ActType, seen: Mapping[str, int]
) -> tuple[str, str, list[Doubt]]:
    """The code of a line, what it is called for ever, and what is doubtful of that."""
    coded = next(column.code for column in act.columns if column.kind is ColumnKind.CODE)
    code = said[coded]
    if _is_total(said.values(), act) and TOTAL not in seen:
        return TOTAL, TOTAL, []
    if not code:
        return "", _unlike(_mark(said, act), seen), [(NO_CODE, {})]
    if not CODE.fullmatch(code):
        return "", _unlike(_mark(said, act), seen), [(NOT_A_CODE, {"code": code})]
    if code in seen:
        return "", _unlike(code, seen), [(TWICE, {"line": seen[code], "code": code})]
    return code, code, []


def _is_total(cells: Iterable[str], act: ActType) -> bool:
    names = {name.casefold() for name in act.total.model_dump().values()} if act.total else set()
    return any(cell.casefold().rstrip(":") in names for cell in cells)


def _mark(said: Mapping[str, str], act: ActType) -> str:
    """A mark of the words of a line, without its figures."""
    words = "\t".join(said[one.code] for one in act.columns if one.kind not in FIGURES)
    return f"w{hashlib.sha256(words.casefold().encode()).hexdigest()[:10]}"


def _unlike(name: str, seen: Mapping[str, int]) -> str:
    attempt, unlike = 1, name
    while unlike in seen:
        attempt += 1
        unlike = f"{name}-n{attempt}"
    return unlike


def _figures(
    said: Mapping[str, str], act: ActType, lang: str
) -> tuple[dict[str, Decimal | None], list[Doubt]]:
    """The figures of a line by column; an empty cell has none, and is no doubt."""
    found: dict[str, Decimal | None] = {}
    doubts: list[Doubt] = []
    for column in act.columns:
        text = said[column.code]
        if column.kind not in FIGURES or not text:
            continue
        found[column.code] = number_in(text, lang)
        if found[column.code] is None:
            params: dict[str, object] = {"text": text, "column": column.names.in_language(lang)}
            doubts.append((NO_FIGURE, params))
    return found, doubts


def _sums(rows: Sequence[Row], act: ActType, lang: str) -> Iterator[Warning_]:
    """Lines that say another sum than the lines beneath them have together."""
    beneath = _beneath(rows)
    for column in act.columns:
        if column.kind is not ColumnKind.MONEY:
            continue
        for at, below in beneath.items():
            said = rows[at].figures.get(column.code)
            parts = [rows[one].figures.get(column.code, Decimal(0)) for one in below]
            if said is None or any(part is None for part in parts):
                continue
            together = sum((part for part in parts if part is not None), Decimal(0))
            if together != said:
                params = {
                    "column": column.names.in_language(lang),
                    "said": written(said, lang),
                    "sum": written(together, lang),
                }
                yield Warning_(NO_SUM, f"line {rows[at].line}", params, at)


def _beneath(rows: Sequence[Row]) -> dict[int, list[int]]:
    """Which lines each line adds up: those one step beneath its code, the total all outermost."""
    place = {row.code: at for at, row in enumerate(rows) if row.code}
    found: dict[int, list[int]] = {}
    for at, row in enumerate(rows):
        if row.code == TOTAL:
            continue
        above = row.code
        while above and (above := above.rpartition(".")[0]) and above not in place:
            pass
        over = place.get(above or TOTAL)
        if over is not None:
            found.setdefault(over, []).append(at)
    return found
