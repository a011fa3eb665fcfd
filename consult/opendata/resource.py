"""What a public resource is, and what is known while one is read. The resources are in resources/.

A resource shows nothing that no public page shows: its `source` narrows it to that.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session

from consult.law.queries import Law
from consult.opendata.columns import LANGUAGES, Column, Type

LIMIT = 100  # rows on a page, unless more are asked for


@dataclass(frozen=True)
class Context:
    """The installation at a time: its public address, the law as it stands."""

    base_url: str
    law: Law
    now: datetime

    def address(self, path: str) -> str:
        """The public address of a page."""
        return self.base_url + path

    @cached_property
    def kept(self) -> dict[str, Any]:
        """What a resource works out once and needs for every row."""
        return {}


@dataclass(frozen=True, slots=True)
class Asked:
    """`after` are the values of the key of the last row that is known; () from the beginning."""

    columns: tuple[Column, ...]
    conditions: tuple[ColumnElement[bool], ...] = ()
    after: tuple[Any, ...] = ()
    limit: int = LIMIT


@dataclass(frozen=True, slots=True)
class Resource:
    """Rows of one kind that anybody may take.

    `source` gives a select its tables and conditions. Rows come in the order of `key`, the names of
    the columns that tell one from another. `filters` are what it can be narrowed by, each a column
    of the database: "agency" and "draft", ids. `dated` names the column that `since` and `year`
    are about, if there is one. `rights` says what may be done with it where LICENCE does not. Where
    `listed` is given, it gives the rows that meet the conditions, in the order of `key`: after the
    one that is known one more than the limit, if there are; whatever else it gives is passed over.
    """

    name: str
    title: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)
    source: Callable[[Any], Any] = field(default=lambda query: query)
    filters: Mapping[str, Any] = field(default_factory=dict)
    dated: str = ""
    rights: str = ""
    listed: Callable[[Session, Context, Asked], Sequence[Mapping[str, Any]]] | None = None

    def column(self, name: str) -> Column:
        """One of its columns; raises KeyError."""
        return {column.name: column for column in self.columns}[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        return tuple(column.name for column in self.columns)


def in_languages(name: str, meaning: str, of: Any) -> tuple[Column, ...]:
    """A column for each language of a {lang: text}: name_ky, name_ru …; null where it has none."""
    return tuple(
        Column(
            f"{name}_{lang}",
            Type.TEXT,
            f"{meaning}, in the language {lang}",
            (of[lang].as_string(),),
            _or_nothing,
            nullable=True,
        )
        for lang in LANGUAGES
    )


def _or_nothing(_context: Context, said: str | None) -> str | None:
    return said or None


def address(path: str, *of: Any) -> Column:
    """The column of the page of a row; `path` has a {} for each value."""
    return Column(
        "url",
        Type.ADDRESS,
        "The page of it for people",
        of,
        lambda context, *values: context.address(path.format(*values)),
    )
