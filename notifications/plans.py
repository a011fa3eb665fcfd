"""What people are told about the plan of law-making: announced, moved, dropped, there is a text."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session

from consult import events
from consult.accounts.models import Agency, Person
from consult.consultations.queries import current_round
from consult.plans.models import PlanChange, PlanItem
from consult.plans.queries import announced_together
from consult.platform import Platform
from drafts.models import Draft
from notifications.actions import lead_over, notify
from notifications.links import sign
from notifications.models import Subscription
from notifications.queries import followers
from notifications.rules import one_line, unsubscribe_value

LISTED = 30  # items told of in one message; the others are counted, and stand in the plan


class Message(NamedTuple):
    """What people are told: its key, the templates of its kind, what they say, where it leads."""

    key: str
    kind: str
    values: dict[str, Any]
    path: str


def tell_of_plan(
    session: Session, platform: Platform, event: events.PlanItemChanged, now: datetime
) -> None:
    """Tell followers of an item or its agency what changed; other words for it are no news."""
    change = session.get_one(PlanChange, event.change_id)
    item = session.get_one(PlanItem, event.item_id)
    if change.kind == "published":
        _tell_of_announcements(session, platform, change, item, now)
    elif change.kind == "started":
        _tell_of_text(session, platform, change, item, now)
    elif change.kind != "reworded":
        values = _values(session, item) | {
            "change": change.kind,
            "old_on": change.old.get("expected_on"),
            "new_on": change.new.get("expected_on"),
            "reason": change.reason,
        }
        people = followers(session, (f"agency:{item.agency_id}", f"plan:{item.id}"))
        message = Message(f"plan:{change.id}", "plan_changed", values, f"/plan/{item.id}")
        _tell(session, platform, people, message, now)


def _tell_of_announcements(
    session: Session, platform: Platform, change: PlanChange, item: PlanItem, now: datetime
) -> None:
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
    message = Message(f"planned:{first}", "plan_published", values, path)
    _tell(session, platform, followers(session, (f"agency:{agency.id}",)), message, now)


def _tell_of_text(
    session: Session, platform: Platform, change: PlanChange, item: PlanItem, now: datetime
) -> None:
    """There is a text: whoever followed the item follows the draft from now on.

    The link in this very mail ends that; who is led over once is not led over again.
    """
    draft = session.get_one(Draft, item.draft_id)
    latest = current_round(session, draft.id or 0)
    opened = latest is not None and latest.opened_at is not None
    values = _values(session, item)
    if latest and latest.closes_at > now:
        values |= {"opens_at": latest.opens_at.isoformat()}
        values |= {"closes_at": latest.closes_at.isoformat()}
    old, new = f"plan:{item.id}", f"draft:{draft.id}"
    waiting = followers(session, (old,))
    for person_id in waiting:
        lead_over(session, person_id, old, new, now)
    led = {id_: found for id_, found in followers(session, (new,)).items() if id_ in waiting}
    # Who follows the agency has heard of a discussion that has begun.
    others = followers(session, (f"agency:{item.agency_id}",)) if not opened else {}
    for people, is_led in ((led, True), (others, False)):  # a key is used once for each person
        values["led"] = is_led
        message = Message(f"plan:{change.id}", "plan_started", dict(values), f"/drafts/{draft.id}")
        _tell(session, platform, people, message, now)


def _tell(
    session: Session,
    platform: Platform,
    people: Mapping[int, tuple[Person, Subscription]],
    message: Message,
    now: datetime,
) -> None:
    for person_id, (person, subscription) in people.items():
        value = unsubscribe_value(person_id, subscription.target)
        token = sign(platform.settings.secret_key, "unsubscribe", value)
        notify(
            session,
            person,
            key=message.key,
            kind=message.kind,
            values=message.values,
            path=message.path,
            zone=platform.pack.tz,
            now=now,
            unsubscribe_path=f"/unsubscribe/{token}",
        )


def _values(session: Session, item: PlanItem) -> dict[str, Any]:
    agency = session.get_one(Agency, item.agency_id)
    return {"titles": _titles(item), "agency": agency.names}


def _titles(item: PlanItem) -> dict[str, str]:
    return {lang: one_line(title) for lang, title in item.titles.items()}
