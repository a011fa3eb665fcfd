"""What is done with attachments: files are added to a comment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from consult.access import Actor, check_agency
from consult.attachments.models import Attachment
from consult.attachments.queries import attachments_of
from consult.attachments.rules import check_count
from consult.comments.models import Comment
from consult.comments.rules import check_own
from drafts.models import Draft


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that was checked and lies on disk already; `size` in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str


def attach(
    session: Session,
    *,
    actor: Actor,
    comment: Comment,
    files: Sequence[StoredFile],
    is_source: bool = False,
    now: datetime,
) -> None:
    """Add files to a comment of one's own, or (`is_source`) the scan of one an officer entered.

    The same file twice, also of a form sent twice, is one. Raises NotAllowed, Invalid (too many).
    """
    if is_source:
        check_agency(actor, "answer", session.get_one(Draft, comment.draft_id).agency_id)
    else:
        check_own(comment.author_id, actor.person_id)
    there = attachments_of(session, [comment.id or 0]).get(comment.id or 0, [])
    known = {row.sha256 for row in there}
    new = {file.sha256: file for file in files if file.sha256 not in known}
    check_count(len(known) + len(new))
    comment.files_n = len(known) + len(new)  # so that a page asks for files only where there are
    session.add(comment)
    session.add_all(
        Attachment(
            comment_id=comment.id or 0,
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            is_source=is_source,
            added_by=actor.person_id,
            added_at=now,
        )
        for file in new.values()
    )
