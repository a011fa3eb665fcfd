"""What a comment shows besides its words: its files, and how it came if an officer entered it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sqlmodel import Session

from consult.access import Actor
from consult.accounts.models import Agency
from consult.attachments.models import Attachment
from consult.attachments.queries import attachments_of, may_open
from consult.comments.models import Comment
from consult.comments.queries import CommentView
from consult.comments.rules import OWN_CHANNELS
from consult.db import text_in
from consult.intake.models import Provenance
from consult.intake.queries import provenances


@dataclass(frozen=True, slots=True)
class Enclosed:
    """Files and provenances by comment, as far as this reader may see them."""

    files: Mapping[int, Sequence[Attachment]]
    came: Mapping[int, Provenance]
    agency: str

    def of(self, comment: Comment) -> dict[str, Any]:
        """What the card of one comment shows; nothing where its words are not shown."""
        at = comment.id or 0
        if not comment.is_public:
            return {}
        shown: dict[str, Any] = {"files": [_file(row) for row in self.files.get(at, ())]}
        if came := self.came.get(at):
            shown["came"] = {
                "agency": self.agency,
                "received_on": came.received_on,
                "reference": came.reference,
                "hearing": came.hearing_id,
            }
        return shown


def enclosed(
    session: Session, views: Sequence[CommentView], actor: Actor, agency: Agency, lang: str
) -> Enclosed:
    """In one query for the files, and one for how it came what officers entered, if there are any.

    `views` are all that is shown, replies among them.
    """
    comments = [view.comment for view in views]
    ids = [comment.id or 0 for comment in comments if comment.is_public and comment.files_n]
    brought = [comment.id or 0 for comment in comments if comment.channel not in OWN_CHANNELS]
    files = attachments_of(session, ids) if ids else {}
    return Enclosed(
        files={
            at: [row for row in rows if may_open(actor, row, agency.id or 0)]
            for at, rows in files.items()
        },
        came=provenances(session, brought) if brought else {},
        agency=text_in(agency.names, lang)[0],
    )


def _file(row: Attachment) -> dict[str, Any]:
    return {
        "name": row.name,
        "url": f"/attachments/{row.id}/{quote(row.name, safe='')}",
        "size": row.size,
        "is_source": row.is_source,
    }
