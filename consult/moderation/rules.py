"""[pure] For what a comment may be hidden, by whom, and what may be appealed against.

Being negative is not among the reasons.
"""

from collections.abc import Collection, Iterable

from consult.access import Actor
from consult.errors import Invalid, NotAllowed

ACTS = ("hold", "hide", "restore", "keep", "redact", "put_back")
AGAINST = ("hold", "hide", "redact")  # what an author may appeal against
DECISIONS = ("", "upheld", "overturned")  # of an appeal
REASONS = ("insult", "threat", "hatred", "personal_data", "advertising", "not_about_draft")
# A comment may be held for one more: whose words they are can be looked into, but never hides them.
HOLD_REASONS = (*REASONS, "doubtful_author")
NOTE_MAX = 1000
APPEAL_MAX = 2000


def is_independent(actor: Actor, agency_id: int) -> bool:
    """Whether somebody is not of the agency whose draft a comment is about.

    An agency must not silence those who criticise it. So a grant for an agency, which elsewhere
    opens a door, closes this one, whatever the role it is for; a moderator is usually granted
    the role for no agency in particular.
    """
    named = actor.bodies.union(*actor.agencies.values())
    return agency_id not in named and not actor.may_for("desk", agency_id)


def check_independent(actor: Actor, agency_id: int) -> None:
    """Refuse whoever is of the agency criticised; raises NotAllowed."""
    if not is_independent(actor, agency_id):
        raise NotAllowed(
            "You belong to the agency this comment is about: another moderator has to decide."
        )


def check_reason(reason: str, note: str, known: Collection[str] = REASONS) -> None:
    """Refuse a reason that is none of those known, and a note of more than NOTE_MAX characters."""
    if reason not in known:
        raise Invalid("Please choose the reason.", field="reason")
    check_note(note)


def check_words(reason: str, most: int = NOTE_MAX) -> None:
    """Refuse an act without a reason in words."""
    if not reason:
        raise Invalid("Please give the reason.", field="reason")
    check_note(reason, field="reason", most=most)


def check_note(note: str, field: str = "note", most: int = NOTE_MAX) -> None:
    """Refuse a note of more than `most` characters."""
    if len(note) > most:
        raise Invalid("This is too long: at most {most} characters.", field=field, most=most)


def check_decision(decision: str, reason: str) -> None:
    """Refuse a decision on an appeal that decides nothing, or gives no reason."""
    if decision not in DECISIONS[1:]:
        raise Invalid("Please choose one of the options.", field="decision")
    check_words(reason, APPEAL_MAX)


def still_standing(acts: Iterable[tuple[int, str]], redacting: Collection[int]) -> list[int]:
    """Of the acts on a comment, (id, act) with the first first, those that still have effect.

    The last of holding, hiding and showing again counts; of redactions each in `redacting`, whose
    words are not back in their place.
    """
    gone: int | None = None
    redacted = []
    for id_, act in acts:
        if act == "redact":
            redacted += [id_] if id_ in redacting else []
        elif act in AGAINST:
            gone = id_
        elif act == "restore":
            gone = None
    return [*redacted, *([gone] if gone is not None else [])]
