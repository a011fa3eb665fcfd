"""What people are told of how acts work: the agency what was reported, everybody the review."""

from datetime import datetime

from sqlmodel import Session, select

from consult.access import Role
from consult.accounts.queries import people_with
from consult.adoption.models import Problem, ProblemEcho
from consult.adoption.practice.models import PracticeReview
from consult.adoption.rules import ANSWERED_FOR
from consult.events import ProblemReported
from consult.platform import Platform
from consult.templating import problem_url
from consult.voice_events import ReviewPublished
from drafts.models import Draft
from notifications.spreading import Announcement, announce
from notifications.targets import targets_of
from notifications.telling import draft_values, tell


def tell_officers_of_report(
    session: Session, platform: Platform, event: ProblemReported, now: datetime
) -> None:
    """Those who will answer it; nobody, if it was hidden or answered meanwhile, or all is well."""
    problem = session.get_one(Problem, event.problem_id)
    if problem.hidden_at or problem.answered_at or problem.kind not in ANSWERED_FOR:
        return
    draft = session.get_one(Draft, event.draft_id)
    values = draft_values(session, draft) | {"found": problem.kind}  # no words: they may go
    path = problem_url(draft.id or 0, event.problem_id)
    key = f"problem_reported:{event.problem_id}"
    for officer in people_with(session, Role.OFFICER, draft.agency_id):
        tell(session, platform, officer, key, "problem_reported", values, path, now)


def announce_review(
    session: Session, platform: Platform, event: ReviewPublished, now: datetime, cursor: str = ""
) -> str:
    """Whoever reported how the act works, or met with the same; and who follows it."""
    review = session.get_one(PracticeReview, event.review_id)
    draft = session.get_one(Draft, event.draft_id)
    values = draft_values(session, draft) | {"year": review.n, "overall": review.overall}
    reported = select(Problem.author_id).where(Problem.draft_id == draft.id)
    same = (
        select(ProblemEcho.person_id)
        .join(Problem, Problem.id == ProblemEcho.problem_id)  # type: ignore[arg-type]
        .where(Problem.draft_id == draft.id)
    )
    said = Announcement(
        key=f"practice_review:{review.id}",
        kind="practice_review",
        values=values,
        path=f"/reviews/{review.id}",
        targets=() if cursor else targets_of(session, draft),
        others=(reported, same),
    )
    return announce(session, platform, said, cursor, now)
