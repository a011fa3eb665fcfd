"""Reads of attachments: the files of some comments, one file for whoever may open it."""

from collections import defaultdict
from collections.abc import Iterable

from sqlmodel import Session, col, select

from consult.access import Actor
from consult.attachments.models import Attachment
from consult.comments.models import Comment
from consult.errors import N_, NotFound
from drafts.models import Draft
from drafts.queries import draft_for

GONE = N_("There is no such file, or it is not shown any more.")


def attachments_of(session: Session, comment_ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """The files of some comments by comment, the first first, scans among them (see `may_open`)."""
    found: dict[int, list[Attachment]] = defaultdict(list)
    query = select(Attachment).where(col(Attachment.comment_id).in_(comment_ids))
    for row in session.exec(query.order_by(col(Attachment.id))):
        found[row.comment_id].append(row)
    return dict(found)


def may_open(actor: Actor, attachment: Attachment, agency_id: int) -> bool:
    """Whether somebody may open a file of a comment that is shown.

    The scan of a letter shows name and address: it is for the agency it was sent to, and for those
    who watch over the agency.
    """
    works_there = actor.may("desk") and actor.may_for("desk", agency_id)
    watches = actor.may("moderate") or actor.may("oversee")
    return not attachment.is_source or works_there or watches


def attachment_for(session: Session, attachment_id: int, actor: Actor) -> Attachment:
    """A file for somebody; raises NotFound, also when its comment is not shown any more.

    What is held or hidden may be looked at by those who decide about it; what its author took
    back, or never wrote, by nobody.
    """
    attachment = session.get(Attachment, attachment_id)
    if attachment is None:
        raise NotFound(GONE)
    comment = session.get_one(Comment, attachment.comment_id)
    draft: Draft = draft_for(session, comment.draft_id, actor)
    decides = actor.may("moderate") or actor.may("oversee")
    shown = comment.is_public or (decides and comment.withdrawn_at is None)
    if not shown or comment.disavowed_at or not may_open(actor, attachment, draft.agency_id):
        raise NotFound(GONE)
    return attachment
