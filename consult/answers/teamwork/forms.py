"""What the forms of notes and ready-made wordings send; their lengths are rules."""

from typing import Literal

from pydantic import BaseModel

from consult.forms import Number


class NoteForm(BaseModel):
    """A note for colleagues."""

    body: str = ""


class TemplateForm(BaseModel):
    """A wording to begin answers with."""

    agency: Number
    title: str = ""
    outcome: str = ""
    lang: Literal["ky", "ru", "kk", "en"]
    reason: str = ""
