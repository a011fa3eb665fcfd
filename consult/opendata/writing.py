"""[pure] Rows written down: as a table, as lines of JSON; with what both say of themselves."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consult.opendata.columns import Column, Type, cell
from consult.spreadsheets import BYTE_ORDER_MARK, csv_lines

LICENCE = {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"}
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which all rows are taken: its ending, its media type, how it is written.

    `begins` gives what stands before the first row, `rows` the next ones.
    """

    ending: str
    media_type: str
    begins: Callable[[Sequence[Column]], str]
    rows: Callable[[Sequence[Column], Iterable[Sequence[Any]]], str]


def _heading(columns: Sequence[Column]) -> str:
    return BYTE_ORDER_MARK + csv_lines([[column.name for column in columns]])


def _table(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> str:
    others = [at for at, column in enumerate(columns) if column.type in {Type.LIST, Type.BOOLEAN}]

    def cells(row: Sequence[Any]) -> Sequence[Any]:
        written = list(row)
        for at in others:
            written[at] = cell(written[at])
        return written

    return csv_lines(map(cells, rows))


def _lines(columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> str:
    names = [column.name for column in columns]
    return "".join(f"{_ENCODE(dict(zip(names, row, strict=True)))}\n" for row in rows)


TABLE = Form("csv", "text/csv; charset=utf-8; header=present", _heading, _table)
LINES = Form("jsonl", "application/jsonl; charset=utf-8", lambda _columns: "", _lines)


def as_json(value: Mapping[str, Any]) -> bytes:
    """A document."""
    return _ENCODE(value).encode()
