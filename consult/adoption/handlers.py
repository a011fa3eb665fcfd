"""What follows from a report, an outcome and a reported problem: promises and duties are kept."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from urllib.parse import quote

from sqlmodel import Session, col, select

from consult.adoption.models import Commitment, CommitmentStep, Problem
from consult.adoption.queries import outcome_of
from consult.adoption.rules import ANSWERED_FOR, is_kept_by_text
from consult.answers.models import Disposition
from consult.answers.queries import answering
from consult.answers.rules import ACCEPTING
from consult.consultations.models import Consultation
from consult.consultations.queries import rounds_by_draft
from consult.errors import N_
from consult.events import (
    OutcomeRecorded,
    ProblemAnswered,
    ProblemHidden,
    ProblemReported,
    ReportPublished,
)
from consult.law.queries import law_of
from consult.obligations.keeping.asked import cancel_one, owe_for_one, settle_one
from consult.obligations.keeping.following import (
    correct_beginning,
    follow_consultation,
    owe_for_draft,
    settle_draft,
)
from consult.platform import Platform
from consult.procedure.deadlines import Trigger
from consult.procedure.duties import Evidence, Per
from consult.templating import problem_url
from drafts.models import Draft, DraftVersion
from drafts.queries import versions

MOVED = N_("The day of adoption was corrected.")
BATCH = 100  # promises written at once: the one writer of SQLite is never held for long


def keep_promises(
    session: Session, platform: Platform, event: ReportPublished, now: datetime
) -> None:
    """Every answer that counts and accepts something becomes a promise that is kept track of.

    What the published text does already is done from the beginning, and the comparison shows it.
    Batch by batch, each in a transaction of its own (wiring.py): done again, nothing is added.
    """
    consultation = session.get_one(Consultation, event.consultation_id)
    answers = {
        row.id or 0: row for row in answering(session, event.consultation_id).effective.values()
    }
    accepting = [row for _, row in sorted(answers.items()) if row.outcome in ACCEPTING]
    path = _comparison(session, consultation)
    at = consultation.reported_at or now
    for start in range(0, len(accepting), BATCH):
        with platform.database.writing() as writing:
            _write(writing, consultation, accepting[start : start + BATCH], path, at)


def _comparison(session: Session, consultation: Consultation) -> str:
    """The text that was discussed beside the newest one that was public with the report."""
    discussed = session.get_one(DraftVersion, consultation.version_id)
    reported_at = consultation.reported_at
    public = [
        version.n
        for version in versions(session, consultation.draft_id)
        if version.published_at and reported_at and version.published_at <= reported_at
    ]
    newest = max(public, default=discussed.n)
    return f"/drafts/{consultation.draft_id}/comparison/{discussed.n}/{newest}"


def _write(
    session: Session,
    consultation: Consultation,
    answers: Sequence[Disposition],
    path: str,
    at: datetime,
) -> None:
    ids = [row.id for row in answers]
    known = select(Commitment.disposition_id).where(col(Commitment.disposition_id).in_(ids))
    there = set(session.exec(known).all())
    for answer in answers:
        if answer.id in there:
            continue
        kept = is_kept_by_text(answer.changed_wid, answer.text_before, answer.text_after)
        row = Commitment(
            draft_id=consultation.draft_id,
            consultation_id=consultation.id or 0,
            disposition_id=answer.id or 0,
            state="done" if kept else "planned",
            created_at=at,
            changed_at=at,
        )
        session.add(row)
        session.flush()
        wid = quote(answer.changed_wid)
        session.add(
            CommitmentStep(
                commitment_id=row.id or 0,
                state=row.state,
                evidence=f"{path}?at={wid}#{wid}" if kept else "",
                changed_at=at,
            )
        )


def keep_outcome_duties(
    session: Session, platform: Platform, event: OutcomeRecorded, now: datetime
) -> None:
    """The decision is made; from its day on an act has to be shown as it was adopted."""
    outcome = outcome_of(session, event.draft_id)
    if outcome is None:
        return
    law, draft = law_of(session, platform.pack), session.get_one(Draft, event.draft_id)
    for consultation in rounds_by_draft(session, event.draft_id)[:1]:
        follow_consultation(session, law, draft, consultation, now)  # so that the duty runs
    path = f"/drafts/{event.draft_id}/after"
    recorded_at = outcome.recorded_at
    settle_draft(session, law, draft, Evidence.DECISION, path, recorded_at, now)
    if outcome.outcome != "adopted":
        return
    noon = datetime.combine(outcome.decided_on, time(12), law.tz).astimezone(UTC)
    adopted_at = min(noon, recorded_at)
    owe_for_draft(session, law, draft, Trigger.ACT_ADOPTED, adopted_at, now)
    correct_beginning(session, law, draft, Trigger.ACT_ADOPTED, adopted_at, MOVED, now)
    if outcome.final_at is not None:
        settle_draft(session, law, draft, Evidence.FINAL_TEXT, path, outcome.final_at, now)


def owe_answer_to_problem(
    session: Session, platform: Platform, event: ProblemReported, now: datetime
) -> None:
    """Unless it says that all is well, or is hidden by now; whoever hides it meanwhile waits until
    the duty can be ended."""
    problem, draft = _problem(session, event)
    session.refresh(problem, with_for_update={"read": True})
    if problem.hidden_at is not None or problem.kind not in ANSWERED_FOR:
        return
    law = law_of(session, platform.pack)
    owe_for_one(session, law, Per.PROBLEM, event.problem_id, problem.created_at, now, draft=draft)


def settle_answered_problem(
    session: Session, platform: Platform, event: ProblemAnswered, now: datetime
) -> None:
    problem, _ = _problem(session, event)
    law, at = law_of(session, platform.pack), problem.answered_at or now
    owe_answer_to_problem(session, platform, ProblemReported(problem.id or 0, event.draft_id), now)
    path = problem_url(event.draft_id, event.problem_id)
    settle_one(session, law, Per.PROBLEM, event.problem_id, Evidence.PROBLEM_ANSWER, path, at, now)


def cancel_hidden_problem(
    session: Session, platform: Platform, event: ProblemHidden, now: datetime
) -> None:
    """Nobody is owed an answer to what breaks the rules."""
    problem, _ = _problem(session, event)
    law, at = law_of(session, platform.pack), problem.hidden_at or now
    reason = N_("A moderator hid what was reported.")
    cancel_one(session, law, Per.PROBLEM, event.problem_id, reason, at, now)


def _problem(
    session: Session, event: ProblemReported | ProblemAnswered | ProblemHidden
) -> tuple[Problem, Draft]:
    return session.get_one(Problem, event.problem_id), session.get_one(Draft, event.draft_id)
