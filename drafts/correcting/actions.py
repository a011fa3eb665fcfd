"""What a person does to a text that was read and is not taken over: correct, undo, read again."""

from sqlalchemy import delete
from sqlmodel import Session, col

from consult.access import Actor
from consult.errors import Conflict
from drafts.actions import what_was_read
from drafts.importing.editing import EDIT, Corrected, Cut, Hang, Join, Name, check
from drafts.importing.preview import Preview
from drafts.importing.source import Tracked
from drafts.models import ImportFile, ImportPreview
from drafts.previews import preview_for

MOST_EDITS = 3000  # each is made anew whenever the text is shown


def held_preview(
    session: Session, *, actor: Actor, preview_id: str, after: int | None
) -> ImportPreview:
    """The preview, kept from others until this transaction ends.

    `after` is how many corrections the person saw; None where that does not matter. Raises
    NotFound, and Conflict when there are others meanwhile.
    """
    preview = preview_for(session, preview_id, actor, hold=True)
    if after is not None and after != len(preview.edits):
        raise Conflict(
            "This text was corrected meanwhile, by somebody else or in another window. "
            "It is shown as it is now; nothing of yours was kept."
        )
    return preview


def correct(
    session: Session, preview: ImportPreview, text: Corrected, edit: Name | Hang | Join | Cut
) -> None:
    """Make one more correction of a preview that is held; `text` is what it holds now.

    Raises Invalid where it is impossible.
    """
    if len(preview.edits) >= MOST_EDITS:
        raise Conflict(
            "A text can be corrected at most {most} times. Correct the file and import it again.",
            most=MOST_EDITS,
        )
    check(text, edit)
    told = EDIT.dump_python(edit, mode="json", exclude_defaults=True) | {"do": edit.do}
    preview.edits = [*preview.edits, told]
    session.add(preview)


def undo(session: Session, preview: ImportPreview) -> None:
    """Take back the last correction of a preview that is held."""
    if not preview.edits:
        raise Conflict("There is nothing to undo.")
    preview.edits = preview.edits[:-1]
    session.add(preview)


def replace_by(
    session: Session, preview: ImportPreview, read: Preview, *, tracked: Tracked
) -> None:
    """Put what was read anew in the place of what was read before; its corrections are gone."""
    for name, value in what_was_read(read).items():
        setattr(preview, name, value)
    preview.tracked, preview.edits = tracked, []
    session.add(preview)


def discard(session: Session, *preview_ids: str) -> None:
    """Forget what was read, and the files it was read from."""
    session.execute(delete(ImportFile).where(col(ImportFile.preview_id).in_(preview_ids)))
    session.execute(delete(ImportPreview).where(col(ImportPreview.id).in_(preview_ids)))
