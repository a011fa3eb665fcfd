"""What a file is made from, told in a few bytes: while they are the same, so is the file.

Only reads, and little: of what changes often, rows are counted. Each thing that changes what the
public says leaves a row, and none is taken away, so that a count never comes back. How people are
seen they may change back as well, so that it is read as it is.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, func, select

from consult.accounts.models import Agency
from consult.anchors.models import AnchorResolution
from consult.answers.models import Disposition
from consult.comments.models import Comment, CommentRevision
from consult.comments.queries import names_told
from consult.consultations.models import Consultation
from consult.exports.formats import Format
from consult.exports.queries import Edition, base_url
from consult.kept import digest_of
from consult.moderation.models import ModerationAct
from consult.platform import Platform
from drafts.comparative.queries import rows_of, words_of
from drafts.comparative.rows import stamp_of as stamp_of_table
from drafts.models import DraftVersion, Provision

WRITERS = (
    "consult/exports/*.py",
    "consult/i18n/*.po",
    "drafts/comparative/*.py",
    "drafts/exporting/**/*.py",
)
CODE = digest_of(WRITERS)


def stamp_of(session: Session, edition: Edition, form: Format, platform: Platform) -> str:
    """32 digits that change when the file would; in five queries at most, whatever it holds."""
    draft, version = edition.draft, edition.version
    told = [
        *(CODE, form.code, base_url(platform), platform.pack.country, platform.pack.timezone),
        *(draft.id, draft.created_at.timestamp(), edition.title, edition.lang),
        *(version.id, version.n, version.published_at and version.published_at.timestamp()),
        sorted(session.get_one(Agency, draft.agency_id).names.items()),
    ]
    if version.published_at is None:  # a text that is public stays as it is
        told += _text(session, edition)
    if form.needs == "table":
        rows = rows_of(session, version.id or 0, edition.lang)
        told.append(stamp_of_table(list(map(words_of, rows))))
    if form.needs == "remarks":
        told += _said(session, edition)
        told.append(names_told(session, col(Comment.draft_id) == draft.id))
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def _text(session: Session, edition: Edition) -> Sequence[Any]:
    return session.execute(
        select(  # type: ignore[call-overload]
            *(Provision.wid, Provision.eid, Provision.parent_eid, Provision.kind),
            *(Provision.number, Provision.label, Provision.text_hash),
        )
        .where(Provision.version_id == edition.version.id, Provision.lang == edition.lang)
        .order_by(Provision.position)
    ).all()


def _said(session: Session, edition: Edition) -> Sequence[int]:
    """How often anything was said, changed, taken back, hidden, shown again, placed, answered."""
    draft_id, version = edition.draft.id, edition.version
    until = select(DraftVersion.id).where(
        DraftVersion.draft_id == draft_id, DraftVersion.n <= version.n
    )
    mine = (Comment.draft_id == draft_id, col(Comment.version_id).in_(until))
    comments = select(Comment.id).where(*mine)
    rounds = select(Consultation.id).where(Consultation.draft_id == draft_id)
    counted = (
        select(func.count(col(Comment.id))).where(*mine),
        select(func.count(col(Comment.withdrawn_at))).where(*mine),
        select(func.count(col(Comment.hidden_at))).where(*mine),
        _count(col(CommentRevision.comment_id).in_(comments)),
        _count(col(ModerationAct.comment_id).in_(comments)),
        _count(col(AnchorResolution.version_id) == version.id),
        _count(col(Disposition.consultation_id).in_(rounds), Disposition.state == "published"),
    )
    return session.execute(select(*(each.scalar_subquery() for each in counted))).one()


def _count(*where: Any) -> Any:
    return select(func.count()).where(*where)
