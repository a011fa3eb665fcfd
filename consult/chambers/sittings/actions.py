"""What a secretariat does with sittings: says that one was held, publishes its results; appeals."""

from dataclasses import asdict
from datetime import datetime, tzinfo

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from consult import outbox
from consult.access import Actor
from consult.accounts.models import Agency
from consult.chambers.bodies import check_secretary
from consult.chambers.sittings.models import AppealsReport, Sitting, SittingItem
from consult.chambers.sittings.queries import appeals_of_period
from consult.chambers.sittings.rules import (
    Considered,
    Convened,
    Item,
    check_considered,
    check_convened,
    check_item,
    check_results,
)
from consult.comments.rules import clean_body
from consult.db import affected
from consult.errors import Conflict, Invalid
from consult.procedure.deadlines import local_day
from consult.voice_events import AppealsReported, SittingHeld, SittingPublished
from drafts.models import Draft
from drafts.queries import PUBLIC_STAGES


def record_sitting(
    session: Session, *, actor: Actor, body: Agency, said: Convened, tz: tzinfo, now: datetime
) -> Sitting:
    """A body sat: from that day on its results are owed."""
    check_secretary(actor, body.id or 0)
    check_convened(said, local_day(now, tz))
    row = Sitting(
        body_id=body.id or 0,
        title=said.title,
        held_on=said.held_on,
        lang=said.lang,
        recorded_by=actor.id,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    outbox.record(session, SittingHeld(row.id or 0), now)
    return row


def add_item(session: Session, *, actor: Actor, sitting: Sitting, said: Item) -> SittingItem:
    """An item of the agenda with its result. Raises Conflict once the results are public."""
    _begin(session, actor, sitting)
    counted = select(func.count(), func.max(SittingItem.position)).where(
        SittingItem.sitting_id == sitting.id
    )
    there, last = session.exec(counted).one()
    check_item(said, there)
    draft = session.get(Draft, said.draft_id) if said.draft_id else None
    if said.draft_id and (draft is None or draft.stage not in PUBLIC_STAGES):
        raise Invalid("There is no such draft.", field="draft")
    row = SittingItem(
        sitting_id=sitting.id or 0,
        position=(last or 0) + 1,
        title=said.title,
        result=said.result,
        draft_id=said.draft_id,
    )
    session.add(row)
    session.flush()
    return row


def remove_item(session: Session, *, actor: Actor, sitting: Sitting, item_id: int) -> None:
    """An item was entered wrongly; nobody has seen it yet."""
    _begin(session, actor, sitting)
    item = session.get(SittingItem, item_id)
    if item is None or item.sitting_id != sitting.id:
        raise Conflict("This is gone already.")
    session.delete(item)


def publish_sitting(
    session: Session, *, actor: Actor, sitting: Sitting, results: str, url: str, now: datetime
) -> None:
    """The results become public and stay as they are. Raises Invalid while they say nothing."""
    _begin(session, actor, sitting)
    items = session.exec(select(func.count()).where(SittingItem.sitting_id == sitting.id)).one()
    results = clean_body(results)
    check_results(results, url, items)
    claimed = session.execute(
        update(Sitting)
        .where(col(Sitting.id) == sitting.id, col(Sitting.published_at).is_(None))
        .values(results=results, url=url, published_by=actor.id, published_at=now)
    )
    if affected(claimed) != 1:
        raise Conflict("The results of this sitting are public already.")
    session.refresh(sitting)
    outbox.record(session, SittingPublished(sitting.id or 0), now)


def _begin(session: Session, actor: Actor, sitting: Sitting) -> None:
    check_secretary(actor, sitting.body_id)
    session.refresh(sitting, with_for_update=True)
    if sitting.published_at is not None:
        raise Conflict("The results of this sitting are public already.")


def publish_appeals(
    session: Session, *, actor: Actor, body: Agency, said: Considered, tz: tzinfo, now: datetime
) -> AppealsReport:
    """What a body considered of what people wrote to it in a period; one report a day of it."""
    check_secretary(actor, body.id or 0)
    check_considered(said, local_day(now, tz))
    session.get_one(Agency, body.id, with_for_update={"key_share": True})  # of two, one
    row = AppealsReport(
        body_id=body.id or 0,
        since_on=said.since_on,
        until_on=said.until_on,
        lang=said.lang,
        text=clean_body(said.text),
        counts=[asdict(count) for count in said.counts],
        url=said.url,
        published_by=actor.id,
        published_at=now,
    )
    if appeals_of_period(session, body.id or 0, row):
        raise Conflict("There is a report about days of this period already.", field="since_on")
    session.add(row)
    session.flush()
    outbox.record(session, AppealsReported(row.id or 0), now)
    return row
