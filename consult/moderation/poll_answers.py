"""Hiding words that answer a question beside a draft, for a reason that stands in the public log.

Only once the round is over are there such words to be read. That somebody answered still counts.
"""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from consult import outbox
from consult.access import Actor, check_right
from consult.db import affected
from consult.errors import Conflict
from consult.events import PollAnswerHidden
from consult.moderation.models import ModerationAct
from consult.moderation.rules import check_independent, check_reason
from consult.polls.models import PollAnswer
from drafts.models import Draft


def hide_answer(
    session: Session,
    *,
    actor: Actor,
    answer: PollAnswer,
    draft: Draft,
    reason: str,
    note: str,
    now: datetime,
) -> None:
    """Show the words to nobody any more; the log keeps the act and its reason."""
    check_right(actor, "moderate")
    check_independent(actor, draft.agency_id)
    check_reason(reason, note.strip())
    shown = col(PollAnswer.id) == answer.id, col(PollAnswer.hidden_at).is_(None)
    if affected(session.execute(update(PollAnswer).where(*shown).values(hidden_at=now))) != 1:
        raise Conflict("This answer is hidden already.")
    act = ModerationAct(
        draft_id=draft.id or 0,
        answer_id=answer.id,
        act="hide",
        reason=reason,
        note=note.strip(),
        actor_id=actor.person_id,
        acted_at=now,
    )
    session.add(act)
    session.flush()
    outbox.record(session, PollAnswerHidden(act.id or 0, draft.id or 0), now)
