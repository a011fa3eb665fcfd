"""[pure] What who got an answer may say of it: whether it met the point; that it is contested.

A contested answer is looked at again by somebody who neither wrote nor approved it.
"""

from collections.abc import Collection
from datetime import datetime

from consult.answers.rules import OUTCOMES, REASON_MAX
from consult.errors import N_, Conflict, Invalid, NotAllowed

CONTEST_MAX = 4000
DECISIONS = ("waiting", "upheld", "changed")  # of a contest
WHY_IT_STANDS = N_("Please say why the answer stands.")
REASON_NEEDED = N_("Please give the reason: the person will read it.")


def check_contest(reason: str) -> None:
    """Refuse a contest that does not say what is wrong with the answer, or says it at length."""
    if not reason:
        raise Invalid("Please say what the answer did not take into account.", field="reason")
    if len(reason) > CONTEST_MAX:
        raise Invalid(
            "This is too long: at most {most} characters.", field="reason", most=CONTEST_MAX
        )


def check_in_time(until: datetime | None, now: datetime) -> None:
    """Refuse a contest after its term, or where the law gives none (`until` None)."""
    if until is None:
        raise NotAllowed("The rules give no time to contest an answer.")
    if now >= until:
        raise NotAllowed("The time to contest this answer is over.")


def check_review(outcome: str, old: str, decision: str) -> None:
    """Refuse an unknown outcome, and a review without its reason: the author will read it."""
    if outcome not in OUTCOMES:
        raise Invalid("Please choose what was decided.", field="outcome")
    if not decision:
        raise Invalid(WHY_IT_STANDS if outcome == old else REASON_NEEDED, field="decision")
    if len(decision) > REASON_MAX:
        raise Invalid(
            "This is too long: at most {most} characters.", field="decision", most=REASON_MAX
        )


def check_fresh_eyes(reviewer: int, gave: Collection[int | None]) -> None:
    """Refuse whoever `gave` the answer: its writer and its approver."""
    if reviewer in gave:
        raise Conflict("You wrote or approved this answer: somebody else has to look at it again.")
