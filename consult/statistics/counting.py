"""The figures of a scope, and divided by agency, year, topic or kind of act: the one way to them.

A constant number of queries, whatever is counted. The figures of one draft are in queries.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Literal

from sqlalchemy import Row, func, select
from sqlmodel import Session, col

from consult.procedure.deadlines import local_day
from consult.procedure.duties import Evidence
from consult.procedure.packs import RulePack
from consult.statistics.derived import Facts, Parts, bodies, derived, languages, people
from consult.statistics.facts import (
    answered,
    asked,
    counselled,
    deliberated,
    heard,
    participation,
    practice,
    procedure,
    proposed,
    said,
)
from consult.statistics.facts.ground import Fact, Ground, rows_of
from consult.statistics.metrics import metrics
from consult.statistics.queries import beginnings, bucket
from consult.statistics.rules import Figure, Figures
from consult.statistics.scope import Scope
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES

Key = tuple[Any, ...]
Dimension = Literal["agency", "year", "topic", "act_type"]
COLUMNS = {"agency": Draft.agency_id, "topic": Draft.topic, "act_type": Draft.act_type}
CHAPTERS: Sequence[Sequence[Fact]] = (
    (*said.FACTS, *heard.FACTS),
    (*answered.FACTS, *asked.FACTS, *counselled.FACTS),
    (*procedure.FACTS, *practice.FACTS, *proposed.FACTS, *deliberated.FACTS),
)
OF_PEOPLE: Sequence[Fact] = (participation.people, participation.first_time)


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure as others take it: None is "no data"; a part that is None is too small to show."""

    code: str
    value: float | None
    of: int | None
    unit: str
    version: int
    by: Mapping[str, Mapping[str, int | None]]


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of a scope, and those of each of its parts by its key."""

    figures: Figures
    by_key: Mapping[Any, Figures]
    as_of: datetime


def figures(session: Session, scope: Scope, *, pack: RulePack, now: datetime) -> list[Measured]:
    """Every overall figure of a scope, in the order of the registry."""
    return measured(count(session, scope, (), pack=pack, now=now).figures)


def figures_by(
    session: Session, scope: Scope, dimension: Dimension, *, pack: RulePack, now: datetime
) -> dict[Any, list[Measured]]:
    """The same for each agency (id), year, topic or kind of act that has a draft in the scope."""
    counted = count(session, scope, (dimension,), pack=pack, now=now)
    return {key: measured(each) for key, each in counted.by_key.items()}


def measured(counted: Figures) -> list[Measured]:
    """Figures with what the registry says of them."""
    return [
        Measured(code, found.value, found.of, metric.unit, metric.version, found.by)
        for code, metric in metrics().items()
        if (found := counted.get(code)) is not None
    ]


def count(
    session: Session,
    scope: Scope,
    dimensions: Sequence[Dimension],
    *,
    pack: RulePack,
    now: datetime,
) -> Counted:
    """A scope as a whole, and for each key: the value of one dimension, or a tuple of several."""
    years = years_with_drafts(session, pack.tz) if "year" in dimensions else []
    keys = tuple(_column(each, years, pack.tz) for each in dimensions)
    parted, duties = Ground(scope, pack, now, keys), by_evidence(pack)
    rows = _adding_up(session, parted)
    apart, by_language = _whole(session, Ground(scope, pack, now))
    total = derived(Facts(rows, duties)) | apart
    said = total["comments"]
    total["comments"] = Figure(said.value, {**said.by, "language": by_language})
    if not keys:
        return Counted(total, {}, now)
    parts = _by_key((*rows, *rows_of(session, parted, OF_PEOPLE)), len(keys))
    by_key = {key: Facts(own, duties) for key, own in parts.items()}
    return Counted(
        total,
        {_named(key, dimensions, years): derived(own) | people(own) for key, own in by_key.items()},
        now,
    )


def adding_up(
    session: Session,
    scope: Scope,
    dimensions: Sequence[Dimension],
    *,
    years: Sequence[int],
    pack: RulePack,
    now: datetime,
) -> dict[Any, Figures]:
    """For each key the figures that add up, none of people: half as many queries."""
    keys = tuple(_column(each, years, pack.tz) for each in dimensions)
    parts = _by_key(_adding_up(session, Ground(scope, pack, now, keys)), len(keys))
    duties = by_evidence(pack)
    return {
        _named(key, dimensions, years): derived(Facts(own, duties)) for key, own in parts.items()
    }


def _adding_up(session: Session, ground: Ground) -> list[Row[Any]]:
    return [row for facts in CHAPTERS for row in rows_of(session, ground, facts)]


def _by_key(rows: Iterable[Row[Any]], keys: int) -> dict[Key, list[Row[Any]]]:
    found: dict[Key, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(tuple(row)[:keys], []).append(row)
    return found


def by_evidence(pack: RulePack) -> dict[Evidence, frozenset[str]]:
    """The codes of the duties of a rule pack by what shows that they were fulfilled."""
    return {
        evidence: frozenset(duty.code for duty in pack.duty if duty.evidence is evidence)
        for evidence in Evidence
    }


def _whole(session: Session, ground: Ground) -> tuple[dict[str, Figure], Parts]:
    """What does not add up: people, who count once; the agencies there are; comments by language.

    What people said of themselves is told of wide scopes only: two narrow ones that differ by few
    people would tell of those.
    """
    scope = ground.scope
    of_all = not (scope.agency_id or scope.topic or scope.act_type)
    wanted = [*OF_PEOPLE, participation.languages]
    wanted += [participation.demographics] if scope.narrowings <= 1 else []
    wanted += [participation.bodies] if of_all else []
    facts = Facts(rows_of(session, ground, wanted), {})
    return people(facts) | (bodies(facts) if of_all else {}), languages(facts)


def _column(dimension: Dimension, years: Sequence[int], tz: tzinfo) -> Any:
    """What a draft is told apart by; a year by its place among `years`."""
    if dimension == "year":
        starts = beginnings([date(year, 1, 1) for year in years[1:]], tz)
        return bucket(col(Draft.published_at), starts)
    return col(COLUMNS[dimension])


def _named(key: Key, dimensions: Sequence[Dimension], years: Sequence[int]) -> Any:
    """The value of one dimension, or a tuple of several."""
    named = tuple(
        years[value] if dimension == "year" else value
        for dimension, value in zip(dimensions, key, strict=True)
    )
    return named if len(named) > 1 else named[0]


def years_with_drafts(session: Session, tz: tzinfo) -> list[int]:
    """All years from that of the first published draft to that of the last."""
    published = col(Draft.published_at)
    query = select(func.min(published), func.max(published))
    query = query.where(col(Draft.stage).in_(PUBLIC_STAGES), published.is_not(None))
    first, last = session.execute(query).one()
    return list(range(local_day(first, tz).year, local_day(last, tz).year + 1)) if first else []
