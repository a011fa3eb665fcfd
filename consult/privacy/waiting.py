"""What waits to be passed on and holds somebody's address: events, and why they failed."""

from datetime import datetime

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from consult.account_events import PRIVATE
from consult.outbox import Delivery, OutboxEvent, forget_links

NAMES = tuple(kind.__name__ for kind in PRIVATE)
ADDRESSES = ("email", "old")  # their fields that hold one


def drop_waiting(session: Session, person_id: int, address: str, now: datetime) -> None:
    """Let nothing happen any more that this address was typed for, and empty what was.

    The reasons why something failed may repeat it. It is "" of somebody who has none.
    """
    payload = col(OutboxEvent.payload)
    about = [payload["person_id"].as_integer() == person_id]
    if address:
        about += [payload[name].as_string() == address for name in ADDRESSES]
    private = select(OutboxEvent).where(col(OutboxEvent.name).in_(NAMES), or_(*about))
    for event in session.exec(private).all():
        event.spread_at = event.spread_at or now
        forget_links(event)
        session.add(event)
        session.execute(
            update(Delivery)
            .where(col(Delivery.event_id) == event.id)
            .values(done_at=now, parked_at=None, error="")
        )
    if address:
        repeated = col(Delivery.error).contains(address, autoescape=True)
        session.execute(update(Delivery).where(repeated).values(error=""))
