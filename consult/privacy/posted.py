"""[pure] The registry: what is held to tell people things — what they follow, notices, mails."""

from consult.errors import N_
from consult.privacy.rules import Holding, Keep, Place, Then
from consult.privacy.sentences import AFTER, ALL_DELETED, NO_LIMIT, WITH_ACCOUNT, YOU

POSTED: tuple[Holding, ...] = (
    Holding(
        "following",
        what=N_("What you follow, the searches you keep, how often you want mail."),
        why=N_("To tell you what you asked to be told."),
        keep=WITH_ACCOUNT,
        seen=YOU,
        forgotten=ALL_DELETED,
        places=(
            Place(
                "subscription",
                "person_id",
                Then.DELETE,
                given=("target", "cadence", "created_at"),
            ),
            Place("mail_choice", "person_id", Then.DELETE, given=("category", "cadence")),
        ),
    ),
    Holding(
        "notices",
        what=N_("What you were told in your cabinet."),
        why=N_("So that you can read it again."),
        keep=Keep(AFTER, setting="keep_notices_days", for_ever=NO_LIMIT),
        seen=YOU,
        forgotten=ALL_DELETED,
        places=(
            Place(
                "notice",
                "person_id",
                Then.DELETE,
                given=("message_id", "target", "cadence", "created_at", "read_at"),
            ),
        ),
    ),
    Holding(
        "mails",
        what=N_("That a mail to you waits, was sent or came back; its words are not kept."),
        why=N_("To send each once, and to find out why one did not arrive."),
        keep=Keep(AFTER, setting="keep_mails_days", for_ever=NO_LIMIT),
        seen=N_("You; whoever runs this site, if one cannot be sent."),
        forgotten=ALL_DELETED,
        places=(
            Place(
                "bounce",
                "person_id",
                Then.DELETE,
                given=("is_final", "reason", "came_at"),
            ),
            Place(
                "mail",
                "person_id",
                Then.DELETE,
                given=("message_id", "recipient", "target", "created_at", "sent_at"),
                secret=("key",),
            ),
            Place(
                "mail",  # to somebody who had no account then
                "recipient=email",
                Then.DELETE,
                given=("message_id", "created_at", "sent_at"),
            ),
        ),
    ),
)
