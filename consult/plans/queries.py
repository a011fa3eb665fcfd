"""Reads of the plan of law-making: lists by keyset, one item, its history, its draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, extract, func, or_
from sqlmodel import Session, col, select

from consult.accounts.models import Agency
from consult.accounts.queries import agency_by_code
from consult.errors import N_, NotFound
from consult.plans.models import PlanChange, PlanItem
from consult.plans.rules import PUBLIC, State, folded
from consult.procedure.stages import TERMINAL
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES

NO_ITEM = N_("There is no such item in the plan.")
# What a list shows, by the word in its address.
LISTS = {
    "expected": (State.PUBLISHED.value,),
    "started": (State.STARTED.value,),
    "dropped": (State.DROPPED.value,),
    "all": PUBLIC,
}
DESK_LISTS = {**LISTS, "open": (State.DRAFT.value, State.PUBLISHED.value)}
COMING = frozenset({"expected", "open"})  # lists that begin with what comes next
NEWS = ("published", "moved", "started", "dropped", "resumed")


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """What a plan is narrowed to; empty means any. `agencies` empty means all of them."""

    agencies: Sequence[int] = ()
    act_type: str = ""
    topic: str = ""
    year: int | None = None
    shown: str = "expected"


def plan_filter(
    session: Session, agency: str, act_type: str, topic: str, year: str, state: str
) -> PlanFilter:
    """What an address asks for. Raises NotFound for an agency there is not.

    A state there is not means what is expected.
    """
    return PlanFilter(
        agencies=(agency_by_code(session, agency).id or 0,) if agency else (),
        act_type=act_type,
        topic=topic,
        year=int(year) if year and int(year) else None,
        shown=state if state in LISTS else "expected",
    )


def plan_items(
    session: Session, wanted: PlanFilter, *, after: str = "", limit: int
) -> list[PlanItem]:
    """Items month by month: what is to come the next first, anything else the latest first.

    One more than `limit` tells that there are more; `after` is the cursor of the last one shown.
    """
    query = select(PlanItem).where(*_narrowed(wanted))
    month, number = col(PlanItem.expected_on), col(PlanItem.id)
    coming = wanted.shown in COMING
    if cursor := _read_cursor(after):
        at, last = cursor
        beyond, same = (month > at, number > last) if coming else (month < at, number < last)
        query = query.where(or_(beyond, and_(month == at, same)))
    order = (month, number) if coming else (month.desc(), number.desc())
    return list(session.exec(query.order_by(*order).limit(limit + 1)).all())


def cursor_of(item: PlanItem) -> str:
    """An item's place in a list: its month and its number."""
    return f"{item.expected_on.isoformat()}.{item.id}"


def _read_cursor(text: str) -> tuple[date, int] | None:
    month, _, number = text.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    try:
        return date.fromisoformat(month), int(number)
    except ValueError:
        return None


def _narrowed(wanted: PlanFilter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = [col(PlanItem.state).in_(DESK_LISTS[wanted.shown])]
    if wanted.agencies:
        clauses.append(col(PlanItem.agency_id).in_(wanted.agencies))
    if wanted.act_type:
        clauses.append(col(PlanItem.act_type) == wanted.act_type)
    if wanted.topic:
        clauses.append(col(PlanItem.topic) == wanted.topic)
    if wanted.year:
        january, december = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
        clauses.append(col(PlanItem.expected_on).between(january, december))
    return clauses


def years(session: Session) -> list[int]:
    """The years for which anything was announced, the earliest first."""
    year = extract("year", col(PlanItem.expected_on))
    query = select(year).where(col(PlanItem.state).in_(PUBLIC)).distinct()
    return sorted(int(found) for found in session.exec(query).all())


def public_item(session: Session, item_id: int) -> PlanItem:
    """An item that everybody may see; raises NotFound."""
    item = session.get(PlanItem, item_id)
    if item is None or item.state not in PUBLIC:
        raise NotFound(NO_ITEM)
    return item


def item_by_id(session: Session, item_id: int) -> PlanItem:
    """One item, public or not; raises NotFound."""
    item = session.get(PlanItem, item_id)
    if item is None:
        raise NotFound(NO_ITEM)
    return item


def item_to_change(session: Session, item_id: int) -> PlanItem:
    """One item, which nobody else changes until this transaction ends; raises NotFound."""
    item = session.get(PlanItem, item_id, with_for_update=True, populate_existing=True)
    if item is None:
        raise NotFound(NO_ITEM)
    return item


def waiting_for(session: Session, draft_id: int) -> list[PlanItem]:
    """The items that a draft carries out as soon as it is public; nobody else changes them now."""
    query = select(PlanItem).where(
        PlanItem.draft_id == draft_id, PlanItem.state == State.PUBLISHED.value
    )
    return list(session.exec(query.order_by(col(PlanItem.id)).with_for_update()).all())


def history(session: Session, item_id: int) -> list[PlanChange]:
    """What happened to an item since it was published, the first first."""
    query = select(PlanChange).where(PlanChange.item_id == item_id)
    return list(session.exec(query.order_by(col(PlanChange.id))).all())


def announced_together(session: Session, change: PlanChange) -> list[PlanItem]:
    """The items of one agency that were published in one stroke with this one, this one too."""
    agency = select(PlanItem.agency_id).where(PlanItem.id == change.item_id).scalar_subquery()
    query = (
        select(PlanItem)
        .join(PlanChange, col(PlanChange.item_id) == col(PlanItem.id))
        .where(
            PlanChange.kind == change.kind,
            PlanChange.changed_at == change.changed_at,
            col(PlanItem.agency_id) == agency,
        )
    )
    return list(session.exec(query.order_by(col(PlanItem.expected_on), col(PlanItem.id))).all())


def announced(session: Session, draft_id: int) -> PlanItem | None:
    """The item by which a draft was announced, the earliest if there are several."""
    query = select(PlanItem).where(
        PlanItem.draft_id == draft_id, PlanItem.state == State.STARTED.value
    )
    return session.exec(query.order_by(col(PlanItem.published_at)).limit(1)).first()


def targets_for(session: Session, draft_id: int) -> list[str]:
    """What people follow who wait for this draft: "plan:12"."""
    ids = session.exec(select(PlanItem.id).where(PlanItem.draft_id == draft_id)).all()
    return [f"plan:{item_id}" for item_id in ids]


def public_draft(session: Session, item: PlanItem) -> Draft | None:
    """The draft that carries out an item, once everybody may read it."""
    draft = session.get(Draft, item.draft_id) if item.draft_id else None
    return draft if draft and is_public(draft) else None


def is_public(draft: Draft) -> bool:
    """Whether everybody may read a draft."""
    return draft.published_at is not None and draft.stage in PUBLIC_STAGES


def drafts_to_link(session: Session, agency_id: int, most: int = 200) -> list[Draft]:
    """The drafts of an agency that may carry out an item, the newest first."""
    over = [stage.value for stage in TERMINAL]
    query = select(Draft).where(Draft.agency_id == agency_id, col(Draft.stage).not_in(over))
    return list(session.exec(query.order_by(col(Draft.id).desc()).limit(most)).all())


def titles_in_plan(session: Session, agency_id: int) -> set[str]:
    """The titles of what an agency plans now, folded, in every language."""
    rows = session.exec(
        select(PlanItem.titles).where(
            PlanItem.agency_id == agency_id,
            col(PlanItem.state).in_(DESK_LISTS["open"]),
        )
    ).all()
    return {folded(title) for titles in rows for title in titles.values()}


def news(
    session: Session, wanted: PlanFilter, limit: int, item_id: int | None = None
) -> list[tuple[PlanChange, PlanItem]]:
    """What happened in the plan last, or to one item; the newest first; rewording is no news."""
    query = (
        select(PlanChange, PlanItem)
        .join(PlanItem, col(PlanItem.id) == col(PlanChange.item_id))
        .where(col(PlanChange.kind).in_(NEWS), *_narrowed(wanted))
        .order_by(col(PlanChange.changed_at).desc(), col(PlanChange.id).desc())
        .limit(limit)
    )
    if item_id:
        query = query.where(PlanItem.id == item_id)
    return list(session.exec(query).all())


def expected(
    session: Session, wanted: PlanFilter, limit: int, item_id: int | None = None
) -> list[tuple[PlanItem, int, datetime]]:
    """What is in the plan with how often it was changed and when last, month by month."""
    changes = func.count(col(PlanChange.id)), func.max(col(PlanChange.changed_at))
    query = (
        select(PlanItem, *changes)
        .join(PlanChange, col(PlanChange.item_id) == col(PlanItem.id))
        .where(*_narrowed(wanted))
        .group_by(col(PlanItem.id))
        .order_by(col(PlanItem.expected_on), col(PlanItem.id))
        .limit(limit)
    )
    if item_id:
        query = query.where(PlanItem.id == item_id)
    return [(item, int(n), at) for item, n, at in session.execute(query).all()]


def hold_agency(session: Session, agency_id: int) -> None:
    """Keep others from adding to the plan of an agency meanwhile; raises NotFound."""
    if session.get(Agency, agency_id, with_for_update={"key_share": True}) is None:
        raise NotFound("There is no such agency.")
