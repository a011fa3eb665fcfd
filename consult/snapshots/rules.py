"""[pure] What a snapshot says and how it is hashed: tables that explain themselves, for ever.

A snapshot must still be read when the page it was taken of looks otherwise, counts otherwise or is
gone. So it holds no rows of a database, but tables with their headings in every language, the unit
of each column, and which version of which definition a figure followed. No person stands in it, and
nothing a person wrote: it could never be forgotten.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from consult.errors import N_
from consult.record.kinds import canonical

KINDS = ("overall", "agencies", "years", "brief", "scorecard", "indicators")
UNITS = ("text", "count", "share", "days", "points", "percent", "rank", "year")
BEGINNING = 16  # characters of the hash in an address: 64 bits
ADDRESS = re.compile(r"[0-9a-f]{16,64}")
SUBJECT_MAX = 200

KIND_NAMES: Mapping[str, str] = {
    "overall": N_("Figures"),
    "agencies": N_("Comparison of agencies"),
    "years": N_("Comparison of years"),
    "brief": N_("Brief"),
    "scorecard": N_("Openness score"),
    "indicators": N_("Programme indicators"),
}

Words = Mapping[str, str]  # {lang: text}


@dataclass(frozen=True, slots=True)
class Measure:
    """A number whose unit, and the definition it followed, are of its own. None is "no data"."""

    value: float | None
    unit: str
    metric: str = ""
    version: int = 0

    def as_json(self) -> dict[str, Any]:
        said = {"value": _plain(self.value), "unit": _known(self.unit)}
        return said | ({"metric": self.metric, "version": self.version} if self.metric else {})


Cell = float | str | Words | Measure | None  # None is "no data", never 0


@dataclass(frozen=True, slots=True)
class Column:
    """A heading in the languages it is known in, and what stands beneath it (one of UNITS).

    A share is from 0 to 1. `metric` and `version` name the definition the figures followed.
    """

    names: Words
    unit: str = "text"
    metric: str = ""
    version: int = 0

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"names": dict(self.names), "unit": _known(self.unit)}
        return said | ({"metric": self.metric, "version": self.version} if self.metric else {})


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of as many cells as there are columns; the first column names the row."""

    names: Words
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]

    def as_json(self) -> dict[str, Any]:
        """The table as plain values; raises ValueError where a row or a unit does not fit."""
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("a row has as many cells as there are columns")
        return {
            "names": dict(self.names),
            "columns": [column.as_json() for column in self.columns],
            "rows": [[_plain(cell) for cell in row] for row in self.rows],
        }


def _known(unit: str) -> str:
    if unit not in UNITS:
        raise ValueError(f"no such unit: {unit}")
    return unit


def _plain(cell: Cell) -> Any:
    """Whole numbers without a point, so that equal figures are equal bytes."""
    if isinstance(cell, Measure):
        return cell.as_json()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return dict(cell) if isinstance(cell, Mapping) else cell


def content_of(tables: Iterable[Table], *, page: str, titles: Words, **more: Any) -> dict[str, Any]:
    """What `keep` takes: `page` is the path of the living page, `titles` of what is shown.

    `more` is anything else worth keeping, as plain JSON with ASCII keys. It must hold nothing that
    changes while the figures do not (such as the time), or the same would be kept again and again.
    """
    return {
        **more,
        "page": page,
        "titles": dict(titles),
        "tables": [table.as_json() for table in tables],
    }


def document_of(kind: str, subject: str, content: Mapping[str, Any], made_at: datetime) -> bytes:
    """The bytes of a snapshot, which are hashed, stored and given away as they are."""
    moment = made_at.astimezone(UTC).replace(microsecond=0).isoformat()
    return canonical({"content": content, "kind": kind, "made_at": moment, "subject": subject})


def hash_of(document: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return sha256(document).hexdigest()


def same_content(document: str, content: Mapping[str, Any]) -> bool:
    """Whether a snapshot says just this, whenever it was made."""
    return canonical(json.loads(document)["content"]) == canonical(content)
