"""[pure] For what a comment may be hidden, and by whom. Being negative is not among the reasons."""

from consult.access import Actor
from consult.errors import Invalid, NotAllowed

ACTS = ("hold", "hide", "restore", "keep", "redact")
DECISIONS = ("", "upheld", "overturned")  # of an appeal
REASONS = ("insult", "threat", "hatred", "personal_data", "advertising", "not_about_draft")
NOTE_MAX = 1000


def is_independent(actor: Actor, agency_id: int) -> bool:
    """Whether a moderator is not of the agency whose draft a comment is about.

    An agency must not silence those who criticise it. So a grant for an agency, which elsewhere
    opens a door, closes this one, whatever the role it is for; a moderator is usually granted
    the role for no agency in particular.
    """
    of_agency = any(agency_id in held for held in actor.agencies.values())
    return not of_agency and not actor.may_for("desk", agency_id)


def check_independent(actor: Actor, agency_id: int) -> None:
    """Refuse a moderator who is of the agency criticised; raises NotAllowed."""
    if not is_independent(actor, agency_id):
        raise NotAllowed(
            "You belong to the agency this comment is about: another moderator has to decide."
        )


def check_reason(reason: str, note: str) -> None:
    """Refuse a reason that is none of REASONS, and a note of more than NOTE_MAX characters."""
    if reason not in REASONS:
        raise Invalid("Please choose the reason.", field="reason")
    check_note(note)


def check_words(reason: str) -> None:
    """Refuse an act without a reason in words."""
    if not reason:
        raise Invalid("Please give the reason.", field="reason")
    check_note(reason, field="reason")


def check_note(note: str, field: str = "note") -> None:
    """Refuse a note of more than NOTE_MAX characters."""
    if len(note) > NOTE_MAX:
        raise Invalid("This is too long: at most {most} characters.", field=field, most=NOTE_MAX)
