"""What people are told after a report: how it ended, promises kept or not, problems answered."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from consult import events
from consult.accounts.models import Person
from consult.adoption.models import Commitment, CommitmentStep, Problem
from consult.adoption.queries import authors_behind, outcome_of
from consult.adoption.rules import ENDED, evidence_parts
from consult.comments.models import Comment
from consult.platform import Platform
from consult.templating import problem_url
from drafts.models import Draft
from notifications.actions import notify
from notifications.targets import Reached
from notifications.telling import draft_values, tell_interested

BATCH = 50  # people told in one transaction: the one writer of SQLite is never held for long


def announce_outcome(
    session: Session,
    platform: Platform,
    event: events.OutcomeRecorded,
    now: datetime,
    cursor: str = "",
) -> str:
    """Everybody interested learns, once, that the draft became an act or that it will not."""
    outcome = outcome_of(session, event.draft_id)
    if outcome is None:
        return ""
    draft = session.get_one(Draft, event.draft_id)
    values = draft_values(session, draft) | {
        "number": outcome.number,
        "decided_on": outcome.decided_on.isoformat(),
        "in_force_on": outcome.in_force_on.isoformat() if outcome.in_force_on else "",
        "url": outcome.url,
        "reason": outcome.reason,
    }
    key, path = f"outcome:{draft.id}", f"/drafts/{draft.id}/after"
    kind, reached = outcome.outcome, Reached(outcome.outcome)
    return tell_interested(session, platform, draft, key, kind, values, now, path, cursor, reached)


def tell_authors_of_promise(
    session: Session, platform: Platform, event: events.CommitmentChanged, now: datetime
) -> None:
    """Whoever proposed what was accepted learns that it is done, or why it is not.

    One notice a person and step, batch by batch, each in a transaction of its own (wiring.py).
    """
    step = session.get_one(CommitmentStep, event.step_id)
    if step.state not in ENDED:
        return
    promise = session.get_one(Commitment, event.commitment_id)
    values = draft_values(session, session.get_one(Draft, promise.draft_id)) | {
        "state": step.state,
        "note": step.note,
        "evidence": evidence_parts(step.evidence),
    }
    people = authors_behind(session, promise.disposition_id)
    for start in range(0, len(people), BATCH):
        with platform.database.writing() as writing:
            for person_id, comment_id in people[start : start + BATCH]:
                _tell_author(writing, platform, step, person_id, comment_id, values, now)


def _tell_author(
    session: Session,
    platform: Platform,
    step: CommitmentStep,
    person_id: int,
    comment_id: int,
    values: dict[str, Any],
    now: datetime,
) -> None:
    comment = session.get_one(Comment, comment_id)
    said = {"receipt": comment.receipt, "body": comment.body, "lang": comment.lang}
    said |= {"quote": comment.quote, "quote_lang": comment.anchor_lang}
    notify(
        session,
        session.get_one(Person, person_id),
        key=f"commitment:{step.id}",
        kind="commitment",
        values=values | said,
        path=f"/comments/{comment_id}",
        zone=platform.pack.tz,
        now=now,
    )


def tell_author_of_problem_answer(
    session: Session, platform: Platform, event: events.ProblemAnswered, now: datetime
) -> None:
    problem = session.get_one(Problem, event.problem_id)
    said = {"answer": problem.answer, "answer_lang": problem.answer_lang}
    _tell_reporter(session, platform, problem, "problem_answered", said, now)


def tell_author_of_problem_hiding(
    session: Session, platform: Platform, event: events.ProblemHidden, now: datetime
) -> None:
    problem = session.get_one(Problem, event.problem_id)
    said = {"reason": problem.hidden_reason}
    _tell_reporter(session, platform, problem, "problem_hidden", said, now)


def _tell_reporter(
    session: Session,
    platform: Platform,
    problem: Problem,
    kind: str,
    said: dict[str, Any],
    now: datetime,
) -> None:
    draft = session.get_one(Draft, problem.draft_id)
    values = {"body": problem.body, "lang": problem.lang, "quote": "", "quote_lang": ""}
    notify(
        session,
        session.get_one(Person, problem.author_id),
        key=f"{kind}:{problem.id}",
        kind=kind,
        values=draft_values(session, draft) | values | said,
        path=problem_url(problem.draft_id, problem.id or 0),
        zone=platform.pack.tz,
        now=now,
    )
