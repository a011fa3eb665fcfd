"""What people are told about the plan of law-making: announced, moved, dropped, there is a text."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, literal
from sqlalchemy import select as rows_of
from sqlmodel import Session, col, select

from consult import events
from consult.accounts.models import Agency
from consult.consultations.queries import current_round
from consult.db import upsert
from consult.plans.models import PlanChange, PlanItem
from consult.plans.queries import announced_together
from consult.platform import Platform
from drafts.models import Draft
from notifications.models import Subscription
from notifications.rules import one_line
from notifications.spreading import (
    SUBSCRIPTION,
    Announcement,
    Batch,
    announce,
    next_batch,
    tell_batch,
)
from notifications.targets import targets_of_item

LISTED = 30  # items told of in one message; the others are counted, and stand in the plan
OTHERS = "others:"  # the cursor of who is told after all who followed the item


def tell_of_plan(
    session: Session,
    platform: Platform,
    event: events.PlanItemChanged,
    now: datetime,
    cursor: str = "",
) -> str:
    """Tell who follows an item or what it belongs to what changed; other words are no news."""
    change = session.get_one(PlanChange, event.change_id)
    item = session.get_one(PlanItem, event.item_id)
    if change.kind == "reworded":
        return ""
    if change.kind == "published":
        return _tell_of_announcements(session, platform, change, item, cursor, now)
    if change.kind == "started":
        return _tell_of_text(session, platform, change, item, cursor, now)
    values = _values(session, item) | {
        "change": change.kind,
        "old_on": change.old.get("expected_on"),
        "new_on": change.new.get("expected_on"),
        "reason": change.reason,
    }
    targets = () if cursor else targets_of_item(session, item)
    key, path = f"plan:{change.id}", f"/plan/{item.id}"
    said = Announcement(key, "plan_changed", values, path, targets)
    return announce(session, platform, said, cursor, now)


def _tell_of_announcements(
    session: Session,
    platform: Platform,
    change: PlanChange,
    item: PlanItem,
    cursor: str,
    now: datetime,
) -> str:
    """One message about all that an agency published in one stroke: a plan has dozens of items."""
    together = announced_together(session, change)
    agency = session.get_one(Agency, item.agency_id)
    values = {
        "agency": agency.names,
        "count": len(together),
        "items": [
            {"titles": _titles(each), "month": each.expected_on.isoformat()}
            for each in together[:LISTED]
        ],
    }
    first = min(each.id or 0 for each in together)
    path = f"/plan/{first}" if len(together) == 1 else f"/plan?agency={agency.code}"
    unlike = {(each.topic, each.act_type): each for each in together}.values()
    found = [target for each in unlike for target in targets_of_item(session, each)]
    items = {f"plan:{each.id}" for each in together}  # who follows one has read of it
    targets = [] if cursor else [one for one in dict.fromkeys(found) if one not in items]
    said = Announcement(f"planned:{first}", "plan_published", values, path, targets)
    return announce(session, platform, said, cursor, now)


def _tell_of_text(
    session: Session,
    platform: Platform,
    change: PlanChange,
    item: PlanItem,
    cursor: str,
    now: datetime,
) -> str:
    """There is a text: whoever followed the item is told, and follows the draft from now on.

    The link in this very mail ends that; who is led over once is not led over again. Then the
    others are told, unless they have heard of a discussion that has begun.
    """
    draft = session.get_one(Draft, item.draft_id)
    latest = current_round(session, draft.id or 0)
    opened = latest is not None and latest.opened_at is not None
    values = _values(session, item)
    if latest and latest.closes_at > now:
        values |= {"opens_at": latest.opens_at.isoformat()}
        values |= {"closes_at": latest.closes_at.isoformat()}
    key, path = f"plan:{change.id}", f"/drafts/{draft.id}"
    old, new = f"plan:{item.id}", f"draft:{draft.id}"
    if not cursor.startswith(OTHERS):
        waiting = select(Subscription.person_id).where(Subscription.target == old)
        batch = next_batch(session, [waiting], int(cursor or 0))
        if batch is not None:
            _lead_over(session, old, new, batch, now)
            said = Announcement(key, "plan_started", values | {"led": True}, path, (new,))
            tell_batch(session, platform, said, batch, now)
            _end(session, old, batch)
            return str(batch.until)
    if opened:
        return ""
    others = [target for target in targets_of_item(session, item) if target != old]
    said = Announcement(
        f"{key}:others", "plan_started", values | {"led": False}, path, others, unless=key
    )
    after = announce(session, platform, said, cursor.removeprefix(OTHERS), now)
    return f"{OTHERS}{after}" if after else ""


def _lead_over(session: Session, old: str, new: str, batch: Batch, now: datetime) -> None:
    """These people follow one thing besides another, as eagerly; once they do, nothing changes."""
    instant = SUBSCRIPTION.c.created_at.type
    rows = rows_of(
        SUBSCRIPTION.c.person_id, literal(new), SUBSCRIPTION.c.cadence, literal(now, instant)
    ).where(SUBSCRIPTION.c.target == old, *batch.holds(SUBSCRIPTION.c.person_id))
    columns = ("person_id", "target", "cadence", "created_at")
    led = upsert(session, Subscription).from_select(columns, rows)
    session.execute(led.on_conflict_do_nothing())


def _end(session: Session, target: str, batch: Batch) -> None:
    session.execute(
        delete(Subscription).where(
            col(Subscription.target) == target, *batch.holds(col(Subscription.person_id))
        )
    )


def _values(session: Session, item: PlanItem) -> dict[str, Any]:
    agency = session.get_one(Agency, item.agency_id)
    return {"titles": _titles(item), "agency": agency.names}


def _titles(item: PlanItem) -> dict[str, str]:
    return {lang: one_line(title) for lang, title in item.titles.items()}
