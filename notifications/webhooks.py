"""What the owner of a webhook is told: that it is called no more."""

from datetime import datetime

from sqlmodel import Session

from consult import events
from consult.accounts.models import Person
from consult.platform import Platform
from notifications.telling import tell


def tell_owner_of_webhook(
    session: Session, platform: Platform, event: events.WebhookSwitchedOff, now: datetime
) -> None:
    """An address could not be called for days, and was switched off."""
    owner, values = session.get_one(Person, event.owner_id), {"host": event.host}
    key = f"webhook_off:{event.webhook_id}"
    tell(session, platform, owner, key, "webhook_off", values, "/cabinet/webhooks", now)
