"""[pure] What a column of open data is: name, type, meaning; how a value is written down.

Names and meanings are a promise to programs: they may be added to, never changed. They are in
English, like all names that programs read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

LANGUAGES = ("ky", "ru", "kk", "en")


class Type(StrEnum):
    """The types there are; an address is a text that is a URL."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"
    LIST = "list"  # of texts
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `sql` is what is selected for it, `read(context, *values)` what is made of that.

    Without `read` the one value selected is taken as it is. `values` are all it can be, if it is
    one of a few. Of a column that is not `nullable` no value is ever missing.
    """

    name: str
    type: Type
    meaning: str
    sql: Sequence[Any] = ()
    read: Callable[..., Any] | None = None
    nullable: bool = False
    values: tuple[str, ...] = ()


def plain(value: Any) -> Any:
    """A value as it stands in JSON: an instant as ISO 8601 in UTC, a day as ISO 8601."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def cell(value: Any) -> Any:
    """A plain value as it stands in a table: a list with spaces, yes and no as true and false."""
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return value
