"""What the forms of moderation send. What they must hold is a rule, so that it is kept typed."""

from pydantic import BaseModel


class ReasonForm(BaseModel):
    """A reason of rules.REASONS, with a note in own words."""

    reason: str = ""
    note: str = ""


class WordsForm(BaseModel):
    """A reason in own words."""

    reason: str = ""
