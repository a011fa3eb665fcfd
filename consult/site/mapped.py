"""What stands in the sitemap: every public page with a text of its own; reads only, no HTTP.

Pages of comments are left out: who wrote one may be forgotten, and a search engine forgets late.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from consult.accounts.models import Agency
from consult.consultations.models import Consultation
from consult.db import Database
from consult.plans.models import PlanChange, PlanItem
from consult.plans.rules import PUBLIC
from consult.templating import place_url
from drafts.models import Draft, DraftVersion, StageChange
from drafts.queries import PUBLIC_STAGES

# A file may name 50,000 addresses (sitemaps.org); a draft in four languages has four.
PER_PART = 10_000  # ids
AT_ONCE = 1_000  # rows read with one query
ABOUT = (
    *("/", "/drafts", "/plan", "/proposals", "/hearings", "/questions", "/agencies"),
    *("/obligations", "/overdue", "/statistics"),
    *("/statistics/definitions", "/rules", "/calculator", "/record", "/feeds"),
    *("/statistics/agencies", "/statistics/years", "/openness", "/indicators", "/parliament"),
    *("/about", "/accessibility", "/privacy", "/open-data", "/open-data/dictionary", "/api-terms"),
)
IS_PUBLIC = (col(Draft.stage).in_(PUBLIC_STAGES), col(Draft.published_at).is_not(None))


@dataclass(frozen=True, slots=True)
class Mapped:
    """An address: its path, when it changed, all languages of the text ({lang: path})."""

    path: str
    changed_at: datetime | None = None
    languages: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the sitemap: pages of one kind, and when any of them last changed."""

    kind: str
    n: int = 0
    changed_at: datetime | None = None


class _Kind(NamedTuple):
    """`rows` selects (id, changed_at, …) in any order; `told` is what a row is in the sitemap."""

    rows: Callable[[], Any]
    told: Callable[[Row[Any]], Sequence[Mapped]]


def _drafts() -> Any:
    """Each with the languages of its newest public version."""
    changed = select(func.max(StageChange.changed_at)).where(
        col(StageChange.draft_id) == col(Draft.id)
    )
    other = aliased(DraftVersion)
    newest = select(func.max(other.n)).where(
        col(other.draft_id) == col(Draft.id), col(other.published_at).is_not(None)
    )
    version = (col(DraftVersion.draft_id) == col(Draft.id)) & (
        col(DraftVersion.n) == newest.scalar_subquery()
    )
    at = func.coalesce(changed.scalar_subquery(), col(Draft.published_at))
    return (
        select(col(Draft.id), at.label("changed_at"), col(DraftVersion.langs))
        .join(DraftVersion, version)
        .where(*IS_PUBLIC)
    )


def _draft(row: Row[Any]) -> list[Mapped]:
    if len(row.langs) < 2:
        return [Mapped(place_url(row.id), row.changed_at)]
    languages = {lang: place_url(row.id, text=lang) for lang in row.langs}
    return [Mapped(path, row.changed_at, languages) for path in languages.values()]


def _reports() -> Any:
    reported = col(Consultation.reported_at)
    return (
        select(
            col(Consultation.id),
            reported.label("changed_at"),
            col(Consultation.draft_id),
            col(Consultation.round),
        )
        .join(Draft, col(Draft.id) == col(Consultation.draft_id))
        .where(*IS_PUBLIC, reported.is_not(None))
    )


def _report(row: Row[Any]) -> list[Mapped]:
    return [Mapped(f"/drafts/{row.draft_id}/report/{row.round}", row.changed_at)]


def _planned() -> Any:
    changed = select(func.max(PlanChange.changed_at)).where(
        col(PlanChange.item_id) == col(PlanItem.id)
    )
    at = func.coalesce(changed.scalar_subquery(), col(PlanItem.published_at))
    return select(col(PlanItem.id), at.label("changed_at")).where(col(PlanItem.state).in_(PUBLIC))


def _agencies() -> Any:
    return select(col(Agency.id), col(Agency.created_at).label("changed_at"), col(Agency.code))


KINDS: Mapping[str, _Kind] = {
    "agencies": _Kind(_agencies, lambda row: [Mapped(f"/agencies/{row.code}")]),
    "drafts": _Kind(_drafts, _draft),
    "reports": _Kind(_reports, _report),
    "plan": _Kind(_planned, lambda row: [Mapped(f"/plan/{row.id}", row.changed_at)]),
}


def parts(session: Session) -> list[Part]:
    """All parts there are, in a query for each kind; a part holds a range of ids."""
    found = [Part("pages")]
    for name, kind in KINDS.items():
        rows = kind.rows().subquery()
        n = (rows.c.id // PER_PART).label("n")
        query = select(n, func.max(rows.c.changed_at)).group_by(n).order_by(n)
        found += [Part(name, number, at) for number, at in session.execute(query).all()]
    return found


def batches(database: Database, kind: str, n: int) -> Iterator[list[Mapped]]:
    """The addresses of a part, so many at once that memory stays small; none of an unknown part.

    Each is read in a transaction of its own: a reader who takes a part slowly holds up nobody.
    """
    if (kind, n) == ("pages", 0):
        yield [Mapped(path) for path in ABOUT]
    if kind not in KINDS:
        return
    rows, told = KINDS[kind]
    query = rows()
    key = query.selected_columns[0]
    after, end = n * PER_PART - 1, (n + 1) * PER_PART
    while after < end:
        with database.reading() as session:
            asked = query.where(key > after, key < end).order_by(key).limit(AT_ONCE)
            found = session.execute(asked).all()
        if not found:
            return
        yield [mapped for row in found for mapped in told(row)]
        after = found[-1].id
