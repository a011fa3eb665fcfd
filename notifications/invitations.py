"""The mail with the link of an invitation; the address may be nobody's account yet."""

from datetime import datetime

from sqlmodel import Session

from consult import account_events
from consult.accounts.invitations.queries import invitation_by_id
from consult.accounts.models import Person
from consult.accounts.secrets import token_hash
from consult.platform import Platform
from notifications.actions import queue_mail
from notifications.rules import one_line


def mail_invitation(
    session: Session, _platform: Platform, event: account_events.PersonInvited, now: datetime
) -> None:
    """Not for an invitation that was withdrawn meanwhile, or whose link was replaced by another."""
    invited = invitation_by_id(session, event.invitation_id)
    if invited is None:
        return
    invitation = invited.invitation
    newest = invitation.token_hash == token_hash(event.accept_path.rpartition("/")[2])
    if invitation.withdrawn_at is not None or not newest:
        return
    # Never added to the session: it only says to what address, in which language.
    reader = Person(
        email=invitation.email, name="", lang=invitation.lang, password_hash="", created_at=now
    )
    queue_mail(
        session,
        reader,
        key=f"invitation:{invitation.id}:{invitation.token_hash}",
        kind="invitation",
        values={
            "role": invitation.role,
            "agency": invited.agency.names if invited.agency else {},
            "organisation": invited.organisation.name if invited.organisation else "",
            "inviter": one_line(invited.inviter),
        },
        path=event.accept_path,
        now=now,
    )
