"""Messages about contested answers: to who looks again, to the author the decision.

Who signed the comment is told by signing.py.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from consult import events
from consult.access import Role
from consult.accounts.models import Person
from consult.accounts.queries import people_with
from consult.answers.models import Disposition
from consult.comments.models import Comment
from consult.feedback.models import Contest
from consult.platform import Platform
from drafts.models import Draft
from notifications.telling import comment_values, tell


def tell_reviewers(
    session: Session, platform: Platform, event: events.AnswerContested, now: datetime
) -> None:
    """Every approver of the agency who did not give the answer, if the words still stand."""
    contest = session.get_one(Contest, event.contest_id)
    if not session.get_one(Comment, contest.comment_id).is_public:
        return
    answer = session.get_one(Disposition, contest.disposition_id)
    draft = session.get_one(Draft, contest.draft_id)
    values = review_values(session, contest) | {"contest": contest.reason}
    key, path = f"answer_contested:{contest.id}", f"/contests/{contest.id}"
    for person in people_with(session, Role.APPROVER, draft.agency_id):
        if person.id not in (answer.drafted_by, answer.approved_by):
            tell(session, platform, person, key, "answer_contested", values, path, now)


def tell_author_of_review(
    session: Session, platform: Platform, event: events.ContestDecided, now: datetime
) -> None:
    contest = session.get_one(Contest, event.contest_id)
    author = session.get_one(Person, session.get_one(Comment, contest.comment_id).author_id)
    values, path = review_values(session, contest), f"/contests/{contest.id}"
    key = f"contest_decided:{contest.id}"
    tell(session, platform, author, key, "contest_decided", values, path, now)


def review_values(session: Session, contest: Contest) -> dict[str, Any]:
    """What is said of a comment, its answer, and what was decided about that, if it was."""
    answer = session.get_one(Disposition, contest.disposition_id)
    return comment_values(session, contest.comment_id)[1] | {
        "was": answer.outcome,
        "outcome": contest.outcome,
        "decision": contest.decision,
        "decision_lang": contest.decision_lang,
    }
