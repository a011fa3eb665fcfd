"""What a person decides about a suggested group: make it, or say that it is none."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from consult import outbox
from consult.access import Actor
from consult.answers.actions import check_work, group_comments
from consult.answers.models import Issue
from consult.consultations.models import Consultation
from consult.db import affected
from consult.errors import Conflict
from consult.events import SuggestionsAsked
from consult.grouping.models import GroupSuggestion
from consult.grouping.queries import still_free
from consult.procedure.stages import Verb
from drafts.models import Draft


def ask_for_suggestions(
    session: Session, *, actor: Actor, consultation: Consultation, draft: Draft, now: datetime
) -> None:
    """Have the comments that are in no group looked through again, in the background."""
    check_work(session, actor, consultation, draft, "answer", Verb.GROUP)
    outbox.record(session, SuggestionsAsked(consultation.id or 0, draft.id or 0), now)


def take_suggestion(
    session: Session,
    *,
    actor: Actor,
    consultation: Consultation,
    draft: Draft,
    suggestion: GroupSuggestion,
    left_out: Collection[int],
    title: str,
    now: datetime,
) -> Issue:
    """Make a group of what was suggested, without the comments `left_out`; says whose idea it was.

    What an officer has put into a group meanwhile stays there; what is not shown is left out.
    Raises Invalid without a title or comments, Conflict when it was decided meanwhile.
    """
    check_work(session, actor, consultation, draft, "answer", Verb.GROUP)
    _decide(session, actor, suggestion, "taken", now)
    issue = group_comments(
        session,
        actor=actor,
        consultation=consultation,
        draft=draft,
        comment_ids=sorted(still_free(session, suggestion.comment_ids) - set(left_out)),
        title=title,
        now=now,
    )
    issue.suggestion_id = suggestion.id
    session.add(issue)
    return issue


def dismiss_suggestion(
    session: Session,
    *,
    actor: Actor,
    consultation: Consultation,
    draft: Draft,
    suggestion: GroupSuggestion,
    now: datetime,
) -> None:
    """Say that these comments do not raise one point: they are not suggested again."""
    check_work(session, actor, consultation, draft, "answer", Verb.GROUP)
    _decide(session, actor, suggestion, "dismissed", now)


def _decide(
    session: Session, actor: Actor, suggestion: GroupSuggestion, state: str, now: datetime
) -> None:
    claimed = session.execute(
        update(GroupSuggestion)
        .where(col(GroupSuggestion.id) == suggestion.id, col(GroupSuggestion.state) == "open")
        .values(state=state, decided_by=actor.person_id, decided_at=now)
    )
    if affected(claimed) != 1:
        raise Conflict("Somebody else has decided this meanwhile. Reload the page.")
    session.refresh(suggestion)
