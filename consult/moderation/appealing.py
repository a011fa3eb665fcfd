"""An author appeals against an act of moderation; the oversight body decides."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from consult import outbox
from consult.access import Actor, check_right
from consult.comments.models import Comment
from consult.comments.rules import check_not_own, check_own, clean_body
from consult.db import affected
from consult.errors import Conflict, NotAllowed
from consult.events import AppealDecided, ModerationAppealed
from consult.law.queries import Law
from consult.moderation.actions import lock, show_again
from consult.moderation.appeals import Standing, effective_acts, standing_acts
from consult.moderation.models import Appeal, ModerationAct
from consult.moderation.redactions import put_words_back
from consult.moderation.rules import APPEAL_MAX, check_decision, check_independent, check_words
from consult.procedure.stages import Stage, Verb, check_allowed
from drafts.models import Draft


def appeal(
    session: Session,
    *,
    actor: Actor,
    act: ModerationAct,
    comment: Comment,
    reason: str,
    law: Law,
    now: datetime,
) -> Appeal:
    """Ask the oversight body to look at an act on one's comment, once and within the term."""
    standing = check_appealable(session, actor=actor, act=act, comment=comment, law=law, now=now)
    if standing.appeal is not None:
        raise Conflict("You have appealed against this already.")
    reason = clean_body(reason)
    check_words(reason, APPEAL_MAX)
    row = Appeal(
        act_id=act.id or 0,
        comment_id=comment.id or 0,
        person_id=actor.person_id,
        reason=reason,
        appealed_at=now,
    )
    session.add(row)
    session.flush()
    outbox.record(session, ModerationAppealed(row.id or 0, comment.id or 0), now)
    return row


def check_appealable(
    session: Session,
    *,
    actor: Actor,
    act: ModerationAct,
    comment: Comment,
    law: Law,
    now: datetime,
) -> Standing:
    """Refuse whoever is not the author, an act without effect any more, and one too long ago."""
    check_own(comment.author_id, actor.person_id)
    check_allowed(Stage(session.get_one(Draft, comment.draft_id).stage), Verb.APPEAL)
    if comment.withdrawn_at is not None:
        raise Conflict("You withdrew this comment.")
    acts = standing_acts(session, law, comment, now)
    found = next((one for one in acts if one.act.id == act.id), None)
    if found is None:
        raise Conflict(
            "This decision has no effect any more, so there is nothing to appeal against."
        )
    if not found.in_time:
        raise NotAllowed("The time to appeal against this is over.")
    return found


def check_overseer(session: Session, actor: Actor, row: Appeal) -> None:
    """Raise NotAllowed unless this person may decide about this appeal.

    Nobody of the agency criticised, nor who appeals, nor whoever did what is appealed against.
    """
    check_right(actor, "oversee")
    act, comment = (
        session.get_one(ModerationAct, row.act_id),
        session.get_one(Comment, row.comment_id),
    )
    draft = session.get_one(Draft, comment.draft_id)
    check_allowed(Stage(draft.stage), Verb.DECIDE_APPEAL)
    check_independent(actor, draft.agency_id)
    check_not_own(row.person_id, actor.person_id)
    if actor.person_id == act.actor_id:
        raise NotAllowed("This is about your own decision: somebody else has to look at it.")


def decide_appeal(
    session: Session, *, actor: Actor, row: Appeal, decision: str, reason: str, now: datetime
) -> None:
    """Let an act stand or undo it, for a public reason; what follows is in the same transaction."""
    check_overseer(session, actor, row)
    reason = clean_body(reason)
    check_decision(decision, reason)
    claimed = session.execute(
        update(Appeal)
        .where(col(Appeal.id) == row.id, col(Appeal.decision) == "")
        .values(
            decision=decision, decision_reason=reason, decided_by=actor.person_id, decided_at=now
        )
    )
    if affected(claimed) != 1:
        raise Conflict("This appeal was decided already.")
    session.refresh(row)
    if decision == "overturned":
        _undo(session, actor, row, reason, now)
    outbox.record(session, AppealDecided(row.id or 0, row.comment_id), now)


def _undo(session: Session, actor: Actor, row: Appeal, reason: str, now: datetime) -> None:
    """As far as there is something to undo: a moderator may have thought better of it meanwhile.

    Or have done more: words held, then hidden, stay hidden, for that is another act.
    """
    act, comment = (
        session.get_one(ModerationAct, row.act_id),
        session.get_one(Comment, row.comment_id),
    )
    lock(session, comment)
    if act not in effective_acts(session, comment):
        return
    if act.act == "redact":
        put_words_back(session, actor, comment, act.id or 0, reason, now)
    else:
        show_again(session, actor, comment, reason, now)
