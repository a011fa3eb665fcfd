"""Loading the indicators of a programme; entering what one came to in a year."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from consult.access import Actor, check_right
from consult.audit.actions import note
from consult.errors import Conflict, Invalid, NotFound
from consult.openness.indicators.models import Indicator, IndicatorValue
from consult.openness.indicators.programmes import Programme, folded
from consult.openness.indicators.reading import FIRST_YEAR, LAST_YEAR, Read
from consult.openness.indicators.rules import Bound, read_amount

SOURCE_CHARS = 300


@dataclass(frozen=True, slots=True)
class Dropped:
    """A value that was entered for an indicator of which the number now says something else."""

    number: str
    year: int
    amount: str
    unit: str


def load_indicators(
    session: Session,
    *,
    actor: Actor,
    programme: Programme,
    indicators: Sequence[Read],
    metrics: Collection[str],
    now: datetime,
) -> list[Dropped]:
    """Put the indicators of a file in the place of those known.

    A value that was entered stays where the number, the unit and the words (in any language) are
    what they were: else it would be told of something it was never the value of. The others are
    dropped and given back; the audit log has them too. Raises Conflict where a value was entered
    for a number that the file does not have, and Invalid where the programme names a figure that
    is none of `metrics`.
    """
    check_right(actor, "administer")
    wanted = {read.number for read in indicators}
    entered = set(session.exec(select(IndicatorValue.number).distinct()).all())
    if lost := sorted(entered - wanted):
        raise Conflict(
            "Values were entered for indicators that this file does not have: {numbers}.",
            numbers=", ".join(lost),
        )
    session.execute(delete(Indicator).where(col(Indicator.number).not_in(wanted)))
    known = {row.number: row for row in session.exec(select(Indicator)).all()}
    others: dict[str, str] = {}  # of which the values fall, with the unit they were in
    for position, read in enumerate(indicators, start=1):
        row = _row(read, programme, position, now)
        if row.metric and row.metric not in metrics:
            raise Invalid("There is no figure called {code}.", code=row.metric)
        if (before := known.get(read.number)) and not _is_same(before, row):
            others[before.number] = before.unit
        session.merge(row)
    dropped = _drop(session, others)
    note(
        session,
        "indicators_loaded",
        actor_id=actor.id,
        now=now,
        indicators=len(indicators),
        dropped=[[one.number, one.year, one.amount] for one in dropped],
    )
    session.flush()
    return dropped


def _row(read: Read, programme: Programme, position: int, now: datetime) -> Indicator:
    said = programme.known(read.words)
    return Indicator(
        number=read.number,
        position=position,
        programme=programme.names.model_dump(),
        names=said.names.model_dump() if said else {"en": read.words},
        unit=read.unit,
        direction=read.direction,
        metric=said.metric if said else "",
        bounds=[_bound(bound) for bound in read.bounds],
        loaded_at=now,
    )


def _is_same(before: Indicator, now: Indicator) -> bool:
    """Whether both speak of one thing: in the same unit, by the same words in some language."""
    words = {folded(words) for words in before.names.values()}
    return before.unit == now.unit and not words.isdisjoint(map(folded, now.names.values()))


def _drop(session: Session, units: Mapping[str, str]) -> list[Dropped]:
    """Take the values of these indicators away; `units` are those they were entered in."""
    of_these = col(IndicatorValue.number).in_(units)
    rows = session.exec(
        select(IndicatorValue)
        .where(of_these)
        .order_by(col(IndicatorValue.number), col(IndicatorValue.year))
    ).all()
    dropped = [Dropped(row.number, row.year, row.amount, units[row.number]) for row in rows]
    session.execute(delete(IndicatorValue).where(of_these))
    return dropped


def _bound(bound: Bound) -> dict[str, Any]:
    return {
        "role": bound.role.value,
        "year": bound.year,
        "comparator": bound.comparator,
        "amount": str(bound.amount),
    }


def enter_value(
    session: Session,
    *,
    actor: Actor,
    number: str,
    year: int,
    text: str,
    source: str,
    computed: Collection[int],
    now: datetime,
) -> None:
    """Enter what an indicator came to in a year, in place of what was entered before.

    An empty `text` takes the value back. `source` says where it is from. Years that the site itself
    has `computed` cannot be entered. Raises NotFound, Invalid.
    """
    check_right(actor, "administer")
    indicator = session.get(Indicator, number, with_for_update=True)
    if indicator is None:
        raise NotFound("There is no such indicator.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid("Please enter a year, for example 2026.", field="year")
    if year in computed:
        raise Invalid("This site computes the value of that year itself.", field="year")
    before = session.get(IndicatorValue, (number, year))
    told: dict[str, Any] = {
        "number": number,
        "year": year,
        "before": before.amount if before else None,
    }
    if not text:
        if before is None:
            raise Invalid("No value was entered for that year.", field="year")
        session.delete(before)
        note(session, "indicator_entered", actor_id=actor.id, now=now, **told, amount=None)
        return
    amount = _amount(text, indicator.unit)
    if not source:
        raise Invalid("Please say where this value is from.", field="source")
    if len(source) > SOURCE_CHARS:
        raise Invalid(
            "This is too long: at most {max_length} characters.",
            max_length=SOURCE_CHARS,
            field="source",
        )
    value = IndicatorValue(number=number, year=year, amount=amount, source=source, entered_at=now)
    session.merge(value)
    note(session, "indicator_entered", actor_id=actor.id, now=now, **told, amount=amount)


def _amount(text: str, unit: str) -> str:
    try:
        return str(read_amount(text.removesuffix("%").strip() if unit == "percent" else text, unit))
    except Invalid as wrong:
        raise Invalid(wrong.message, field="amount", **wrong.params) from wrong
