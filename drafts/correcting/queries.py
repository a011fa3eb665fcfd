"""Reads for correcting a text: the file it was read from, the other language of its version."""

from sqlmodel import Session, select

from consult.errors import NotFound
from drafts.models import ImportFile, ImportPreview
from drafts.queries import latest_version, load_tree
from drafts.tree import Tree


def has_file(session: Session, preview: ImportPreview) -> bool:
    """Whether the file was kept, so that it can be read again."""
    query = select(ImportFile.preview_id).where(ImportFile.preview_id == preview.id)
    return session.exec(query).first() is not None


def kept_file(session: Session, preview: ImportPreview) -> bytes:
    """The file a preview was read from. Raises NotFound where it was not kept."""
    kept = session.get(ImportFile, preview.id)
    if kept is None:
        raise NotFound("The file was not kept. Please import it again.")
    return kept.data


def other_language(session: Session, preview: ImportPreview) -> Tree | None:
    """The text this one will stand beside when it is taken over, if it is a second language."""
    latest = latest_version(session, preview.draft_id) if preview.draft_id else None
    if latest is None or latest.published_at is not None:
        return None
    others = [lang for lang in latest.langs if lang != preview.lang]
    return load_tree(session, latest.id or 0, others[0]) if others else None
