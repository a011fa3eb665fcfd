"""What the forms of moderation send. What they must hold is a rule, so that it is kept typed."""

from typing import Literal

from pydantic import BaseModel


class ReasonForm(BaseModel):
    """A reason of rules.REASONS, with a note in own words."""

    reason: str = ""
    note: str = ""


class WordsForm(BaseModel):
    """A reason in own words."""

    reason: str = ""


class RedactForm(BaseModel):
    """The words to be removed, one piece a line; "look" shows how the comment will read."""

    words: str = ""
    note: str = ""
    do: Literal["look", "redact"] = "look"


class DecisionForm(BaseModel):
    """What is decided about an appeal, and why."""

    decision: str = ""
    reason: str = ""


class NoteForm(BaseModel):
    """What somebody may add in own words."""

    note: str = ""
