"""The form by which a secretariat sends a table: first the file, then what was read of it.

Nothing is kept between the two: the words of the file come back in a hidden field.
"""

from typing import Any

from pydantic import BaseModel

from consult.adoption.forms import MaybeId
from consult.chambers.tables import text_of
from consult.errors import Invalid
from consult.forms import Form, Upload


class TableForm(BaseModel):
    """The words of a table; `sure`: they were looked at, and are to be taken."""

    text: str = ""
    sure: str = ""
    amendment: MaybeId = None
    why: str = ""


def table_typed(posted: dict[str, Any]) -> dict[str, Any]:
    """What a form was sent with, its file as words; what is in no UTF-8 is told by `file_in`."""
    sent = posted.get("file")
    typed = {name: value for name, value in posted.items() if name != "file"}
    if not isinstance(sent, Upload) or not sent.filename:
        return typed
    data = sent.file.read()
    try:
        return typed | {"text": text_of(data), "sure": ""}
    except Invalid as wrong:
        return typed | {"text": "", "sure": "", "wrong": wrong}


def file_in(form: Form[Any]) -> bytes:
    """The table of a form, in UTF-8. Raises Invalid where there is none that can be read."""
    if isinstance(wrong := form.raw.get("wrong"), Invalid):
        raise wrong
    if not form.value.text.strip():
        raise Invalid("Please choose a file.", field="file")
    return str(form.value.text).encode()
