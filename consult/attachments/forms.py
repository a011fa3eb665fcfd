"""Files of a form: read, checked and stored, or refused by name with the reason."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends

from consult.attachments.actions import StoredFile
from consult.attachments.content import recognise
from consult.attachments.rules import MOST, check_count, clean_name
from consult.attachments.storing import store
from consult.config import Settings
from consult.errors import DomainError, TooLarge
from consult.forms import FieldError, Form, ReadForm, Upload

FIELD = "files[]"
READ = 50  # files read at most: of more than may be attached the form is shown again
PostedWithFiles = Annotated[
    dict[str, Any], Depends(ReadForm(READ, lambda settings: MOST * settings.attachment_max_mb))
]
Checked = tuple[str, str, bytes]  # name, media type, content


def take_files(form: Form[Any], settings: Settings, now: datetime) -> list[StoredFile]:
    """The files of a form, on disk; what is wrong with any goes into the form's errors.

    To be called before the first statement: checking and writing take time, and SQLite has one
    writer. Nothing is written while anything in the form is wrong. `form["files[]"]` are the files
    that were chosen, for a form shown again says which are to be chosen again; `form.labels` maps
    the field of an error ("files-2") to the name of the file it is about.
    """
    sent = [one for one in form.raw.get(FIELD, []) if isinstance(one, Upload) and one.filename]
    form.raw[FIELD] = sent
    for one in sent:
        one.filename = clean_name(one.filename or "", ("",))  # it is shown if it is refused
    try:
        check_count(len(sent))
    except DomainError as refusal:
        form.errors.append(FieldError("files", refusal.message, refusal.params))
        return []
    checked: list[Checked] = []
    for n, one in enumerate(sent, start=1):
        try:
            checked.append(_check(one, settings.attachment_max_mb))
        except DomainError as refusal:
            form.labels[f"files-{n}"] = one.filename or ""
            form.errors.append(FieldError(f"files-{n}", refusal.message, refusal.params))
    return [_store(settings, one, now) for one in checked] if form.ok else []


def _check(sent: Upload, most_mb: int) -> Checked:
    if (sent.size or 0) > most_mb * 1_000_000:
        raise TooLarge("The file is larger than {most} MB.", most=most_mb)
    kind, data = recognise(sent.file.read())
    return clean_name(sent.filename or "", kind.endings), kind.media_type, data


def _store(settings: Settings, checked: Checked, now: datetime) -> StoredFile:
    name, media_type, data = checked
    return StoredFile(name, media_type, len(data), store(settings.data_dir, data, now))
