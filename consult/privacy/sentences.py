"""[pure] What the registry of holdings says of many things alike."""

from consult.errors import N_
from consult.privacy.rules import Keep

WITH_ACCOUNT = Keep(N_("As long as you have an account."))
FOR_GOOD = Keep(N_("For good: it belongs to the public record."))
NO_LIMIT = N_("No limit is set.")
AFTER = N_("Deleted after this many days: {n}.")
AFTER_END = N_("Deleted this many days after it has run out: {n}.")

YOU = N_("You.")
NOBODY = N_("Nobody: it is kept only in a form that can be checked, not read.")
EVERYBODY = N_(
    "Everybody, under the name you chose to show; the agency and moderators see your name."
)

ALL_DELETED = N_("It is deleted.")
COUNTED = N_("It stays counted, without you; in open discussions it is taken back.")
NUMBER_ONLY = N_("It stays, with a number in place of you.")
