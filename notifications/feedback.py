"""Messages about contested answers: to who looks again, and to the author what was decided."""

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
from notifications.actions import notify
from notifications.telling import draft_values


def tell_reviewers(
    session: Session, platform: Platform, event: events.AnswerContested, now: datetime
) -> None:
    """Every approver of the agency who did not give the answer, if the words still stand."""
    contest = session.get_one(Contest, event.contest_id)
    if not session.get_one(Comment, contest.comment_id).is_public:
        return
    answer = session.get_one(Disposition, contest.disposition_id)
    draft = session.get_one(Draft, contest.draft_id)
    for person in people_with(session, Role.APPROVER, draft.agency_id):
        if person.id not in (answer.drafted_by, answer.approved_by):
            _tell(session, platform, person, "answer_contested", contest, now)


def tell_author_of_review(
    session: Session, platform: Platform, event: events.ContestDecided, now: datetime
) -> None:
    contest = session.get_one(Contest, event.contest_id)
    comment = session.get_one(Comment, contest.comment_id)
    author = session.get_one(Person, comment.author_id)
    _tell(session, platform, author, "contest_decided", contest, now)


def _tell(
    session: Session, platform: Platform, person: Person, kind: str, contest: Contest, now: datetime
) -> None:
    notify(
        session,
        person,
        key=f"{kind}:{contest.id}",
        kind=kind,
        values=_values(session, contest),
        path=f"/contests/{contest.id}",
        zone=platform.pack.tz,
        now=now,
    )


def _values(session: Session, contest: Contest) -> dict[str, Any]:
    comment = session.get_one(Comment, contest.comment_id)
    answer = session.get_one(Disposition, contest.disposition_id)
    said = {"receipt": comment.receipt, "body": comment.body, "lang": comment.lang}
    said |= {"quote": comment.quote, "quote_lang": comment.anchor_lang}
    return draft_values(session, session.get_one(Draft, contest.draft_id)) | {
        **said,
        "was": answer.outcome,
        "contest": contest.reason,
        "outcome": contest.outcome,
        "decision": contest.decision,
        "decision_lang": contest.decision_lang,
    }
