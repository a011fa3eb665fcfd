"""Many comments at once, as rows: for tests that need them and not how they were posted."""

from collections.abc import Sequence
from datetime import timedelta

from sqlmodel import Session

from consult.comments.models import Comment
from consult.comments.rules import body_hash, receipt_number
from consult.consultations.queries import current_round
from drafts.models import Draft
from tests.conftest import START
from tests.factories import make_person

MINUTE = timedelta(minutes=1)


def write_comments(session: Session, draft: Draft, bodies: Sequence[str]) -> list[int]:
    """One after another, a minute between, all of one person, on the draft as a whole."""
    consultation = current_round(session, draft.id or 0)
    assert consultation is not None
    author = make_person(session, f"Writer of {len(bodies)} {bodies[0][:20]}")
    rows = [
        Comment(
            receipt=f"{draft.id}-{author.id}-{n}",
            consultation_id=consultation.id or 0,
            draft_id=draft.id or 0,
            version_id=consultation.version_id,
            author_id=author.id or 0,
            kind="substantive",
            stance="oppose",
            lang="ky",
            body=body,
            body_hash=body_hash(body, ""),
            created_at=START + n * MINUTE,
        )
        for n, body in enumerate(bodies)
    ]
    session.add_all(rows)
    session.flush()
    for row in rows:
        row.receipt = receipt_number(row.id or 0, row.created_at)
    return [row.id or 0 for row in rows]
