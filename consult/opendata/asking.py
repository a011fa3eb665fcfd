"""What an address of the API asks for: after which row, how many, which columns, narrowed to what.

A word that is not understood is refused, never passed over: who asks for `agencie=MOJ` must not
take the figures of everybody for those of one ministry.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from consult.accounts.models import Agency
from consult.errors import Invalid, NotFound
from consult.opendata.columns import Column, Type
from consult.opendata.resource import LIMIT, Asked, Resource

MOST = 1000  # rows on a page
DIGITS = 9  # fewer than an INTEGER column holds
YEARS = range(1990, 2101)


def allowed(resource: Resource, *, paged: bool) -> tuple[str, ...]:
    """The parameters that may be asked of a resource."""
    dated = ("since", "year") if resource.dated else ()
    return (*(("after", "limit") if paged else ()), "fields", *resource.filters, *dated)


def read(
    session: Session,
    resource: Resource,
    parameters: Sequence[tuple[str, str]],
    tz: ZoneInfo,
    *,
    paged: bool,
) -> Asked:
    """What these parameters ask for, each said once; one query if an agency is named.

    Raises Invalid, with the name of the parameter, and NotFound for an agency there is not.
    """
    known = allowed(resource, paged=paged)
    said: dict[str, str] = {}
    for name, value in parameters:
        if name not in known or said.setdefault(name, value) != value:
            raise Invalid("Not understood: this takes {known}.", field=name, known=", ".join(known))
    return Asked(
        columns=_columns(resource, said.get("fields", "")),
        conditions=tuple(_conditions(session, resource, said, tz)),
        after=key_of(resource, said["after"], "after") if said.get("after") else (),
        limit=_whole(said.get("limit", str(LIMIT)), "limit", range(1, MOST + 1)),
    )


def key_of(resource: Resource, written: str, field: str | None = None) -> tuple[Any, ...]:
    """The values of a key as `written_key` writes them. Raises Invalid."""
    parts = written.split(":", len(resource.key) - 1)
    if len(parts) != len(resource.key):
        raise Invalid("This is not the key of a row.", field=field)
    columns = (resource.column(name) for name in resource.key)
    return tuple(_typed(column, part, field) for column, part in zip(columns, parts, strict=True))


def written_key(key: tuple[Any, ...]) -> str:
    """A key as it stands in an address."""
    return ":".join(map(str, key))


def _typed(column: Column, part: str, field: str | None) -> Any:
    if column.type is Type.INTEGER:
        if not (part.isascii() and part.isdigit() and len(part) <= DIGITS):
            raise Invalid("This is not the key of a row.", field=field)
        return int(part)
    return part


def _columns(resource: Resource, fields: str) -> tuple[Column, ...]:
    if not fields:
        return resource.columns
    wanted = {name.strip() for name in fields.split(",")}
    if unknown := wanted - set(resource.names):
        raise Invalid("There is no such field: {names}.", field="fields", names=sorted(unknown))
    return tuple(column for column in resource.columns if column.name in wanted)


def _conditions(
    session: Session, resource: Resource, said: Mapping[str, str], tz: ZoneInfo
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if (code := said.get("agency")) is not None:
        agency_id = session.exec(select(Agency.id).where(col(Agency.code) == code)).first()
        if agency_id is None:
            raise NotFound("There is no agency with the code {code}.", code=code)
        found.append(resource.filters["agency"] == agency_id)
    if (draft := said.get("draft")) is not None:
        found.append(resource.filters["draft"] == _whole(draft, "draft", range(10**DIGITS)))
    if (year := said.get("year")) is not None:
        first = date(_whole(year, "year", YEARS), 1, 1)
        found += [
            _dated(resource) >= _beginning(resource, first, tz),
            _dated(resource) < _beginning(resource, first.replace(year=first.year + 1), tz),
        ]
    if (since := said.get("since")) is not None:
        found.append(_dated(resource) >= _since(resource, since, tz))
    return found


def _dated(resource: Resource) -> Any:
    return resource.column(resource.dated).sql[0]


def _beginning(resource: Resource, day: date, tz: ZoneInfo) -> date:
    """A day as the column knows it: where the law runs it begins at midnight there."""
    if resource.column(resource.dated).type is Type.DATE:
        return day
    return datetime.combine(day, time(), tz).astimezone(UTC)


def _since(resource: Resource, said: str, tz: ZoneInfo) -> date:
    try:
        if len(said) <= len("2026-01-01"):
            return _beginning(resource, date.fromisoformat(said), tz)
        at = datetime.fromisoformat(said.replace(" ", "+"))  # a plus sign that was not encoded
        at = (at if at.tzinfo else at.replace(tzinfo=tz)).astimezone(UTC)
        if resource.column(resource.dated).type is Type.DATE:
            return at.astimezone(tz).date() + timedelta(days=1)
    except (ValueError, OverflowError):
        raise Invalid(
            "Not understood: write a day (2026-01-31) or an instant (2026-01-31T09:00:00Z).",
            field="since",
        ) from None
    return at


def _whole(said: str, field: str, within: range) -> int:
    digits = said.isascii() and said.isdigit() and len(said) <= DIGITS
    if not digits or int(said) not in within:
        raise Invalid(
            "A whole number from {least} to {most} is needed.",
            field=field,
            least=within[0],
            most=within[-1],
        )
    return int(said)
