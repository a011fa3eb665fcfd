"""[pure] Rules of what colleagues share: how long a note or a ready-made wording may be."""

from consult.answers.rules import OUTCOMES, check_reason
from consult.errors import Invalid, NotAllowed

NOTE_MAX = 2000
TITLE_MAX = 120


def check_note(body: str) -> None:
    """Refuse an empty note, and an endless one."""
    _check_length(body, NOTE_MAX, "body")


def check_template(title: str, outcome: str, reason: str) -> None:
    """Refuse a ready-made wording without a name, a decision or words."""
    _check_length(title, TITLE_MAX, "title")
    if outcome not in OUTCOMES:
        raise Invalid("Please choose what was decided.", field="outcome")
    check_reason(reason)


def check_own_note(author_id: int, person_id: int) -> None:
    """Refuse deleting what a colleague wrote."""
    if author_id != person_id:
        raise NotAllowed("Only who wrote a note may delete it.")


def _check_length(text: str, most: int, field: str) -> None:
    if not text:
        raise Invalid("Please fill this in.", field=field)
    if len(text) > most:
        raise Invalid("This is too long: at most {most} characters.", field=field, most=most)
