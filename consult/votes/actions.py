"""Casting a vote: for or against a draft, a provision, a comment; changing it; taking it back."""

from datetime import datetime

from sqlalchemy import case, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from consult.access import Actor, check_right
from consult.comments.models import Comment
from consult.consultations.actions import count
from consult.consultations.models import Consultation
from consult.consultations.queries import current_round
from consult.consultations.rules import check_open
from consult.errors import Conflict, NotAllowed, NotFound
from consult.procedure.stages import Stage, Verb
from consult.votes.models import Vote
from consult.votes.queries import votes_kept_with
from consult.votes.rules import change_of_counts, comment_target, read_target, version_target
from drafts.models import Draft, DraftVersion, Provision


def vote_on_text(
    session: Session, *, actor: Actor, draft: Draft, wid: str, value: int, now: datetime
) -> None:
    """Vote on the draft (`wid` "") or a provision of the text under discussion.

    Of a provision that reads as in an earlier round the vote given then is the one that changes.
    """
    consultation = _check(session, actor, draft, now)
    if wid and not _has_provision(session, consultation.version_id, wid):
        raise NotFound("There is no such provision in this text.")
    discussed = session.get_one(DraftVersion, consultation.version_id)
    version_id = votes_kept_with(session, discussed, wid)
    target = version_target(version_id, wid)
    more_for, more_against = _cast(session, actor, draft, target, value, now)
    if more_for or more_against:
        count(
            session,
            draft_id=draft.id or 0,
            version_id=version_id,
            wid=wid,
            votes_for=more_for,
            votes_against=more_against,
            identified=actor.is_identified,
        )


def vote_on_comment(
    session: Session, *, actor: Actor, draft: Draft, comment: Comment, value: int, now: datetime
) -> None:
    """Vote on what somebody said; not on one's own words."""
    _check(session, actor, draft, now)
    if not comment.is_public:
        raise NotFound("This comment is no longer there.")
    if comment.author_id == actor.id:
        raise NotAllowed("You cannot vote on your own comment.")
    target = comment_target(comment.id or 0)
    more_for, more_against = _cast(session, actor, draft, target, value, now)
    _count_on_comment(
        session, comment.id or 0, more_for, more_against, identified=actor.is_identified
    )


def take_back(session: Session, vote: Vote) -> None:
    """Take the vote of somebody who leaves back (privacy), as if it had never been cast."""
    more_for, more_against = change_of_counts(vote.value, 0)
    kind, number, wid = read_target(vote.target)
    session.delete(vote)
    session.flush()
    if kind == "comment":
        _count_on_comment(session, number, more_for, more_against, identified=vote.is_identified)
    else:
        count(
            session,
            draft_id=vote.draft_id,
            version_id=number,
            wid=wid,
            votes_for=more_for,
            votes_against=more_against,
            identified=vote.is_identified,
        )


def _count_on_comment(
    session: Session, comment_id: int, more_for: int, more_against: int, *, identified: bool
) -> None:
    votes_for, votes_against = (
        col(Comment.for_n) + more_for,
        col(Comment.against_n) + more_against,
    )
    known_for, known_against = (more_for, more_against) if identified else (0, 0)
    session.execute(
        update(Comment)
        .where(col(Comment.id) == comment_id)
        .values(
            for_n=votes_for,
            against_n=votes_against,
            identified_for_n=col(Comment.identified_for_n) + known_for,
            identified_against_n=col(Comment.identified_against_n) + known_against,
            disputed_n=case((votes_for < votes_against, votes_for), else_=votes_against),
        )
    )


def _check(session: Session, actor: Actor, draft: Draft, now: datetime) -> Consultation:
    check_right(actor, "vote")
    stage = Stage(draft.stage)
    return check_open(current_round(session, draft.id or 0), stage, Verb.VOTE, now)


def _has_provision(session: Session, version_id: int, wid: str) -> bool:
    """Whether there is something to vote on; editorial notes are only read."""
    found = select(Provision.id).where(
        Provision.version_id == version_id, Provision.wid == wid, Provision.kind != "note"
    )
    return session.exec(found.limit(1)).first() is not None


def _cast(
    session: Session, actor: Actor, draft: Draft, target: str, value: int, now: datetime
) -> tuple[int, int]:
    """Write the vote down and return what it adds to the counts.

    The row is locked while it changes, so that a vote sent twice at once is counted once:
    by the unique constraint for a first vote, by FOR UPDATE for a change (PostgreSQL), by the
    single writer (SQLite).
    """
    held = session.exec(
        select(Vote)
        .where(Vote.person_id == actor.person_id, Vote.target == target)
        .with_for_update()
    ).one_or_none()
    old = held.value if held else 0
    if old == value:
        return 0, 0
    if held and value == 0:
        session.delete(held)
    elif held:
        held.value, held.cast_at = value, now
        session.add(held)
    else:
        _first_vote(
            session,
            Vote(
                person_id=actor.person_id,
                draft_id=draft.id or 0,
                target=target,
                value=value,
                is_identified=actor.is_identified,
                cast_at=now,
            ),
        )
    session.flush()
    return change_of_counts(old, value)


def _first_vote(session: Session, vote: Vote) -> None:
    try:
        with session.begin_nested():
            session.add(vote)
    except IntegrityError as error:
        raise Conflict("Your vote came twice at once and counts once. Reload the page.") from error
