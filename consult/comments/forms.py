"""What the comment forms send."""

from typing import Literal

from pydantic import BaseModel

from consult.comments.actions import Words


class Spoken(BaseModel):
    """What is said, however it comes; how long it may be is a rule: on refusal it is kept."""

    body: str = ""
    kind: Literal["editorial", "substantive", "wording", "question"] = "substantive"
    stance: Literal["support", "oppose", "neutral"] = "neutral"
    change: Literal["", "replacement", "insertion", "deletion"] = ""
    proposed: str = ""
    mandate: str = ""

    @property
    def words(self) -> Words:
        return Words(
            body=self.body,
            kind=self.kind,
            stance=self.stance,
            proposed=self.proposed,
            change=self.change,
            mandate=self.mandate,
        )


class CommentForm(Spoken):
    """A comment as typed beside the words it is about."""

    quote: str = ""
    quote_start: str = ""

    @property
    def start(self) -> int | None:
        """Where the quoted words begin, if the browser said so."""
        text = self.quote_start
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


class VoteForm(BaseModel):
    """1 for, -1 against, 0 to take the vote back."""

    value: Literal["1", "-1", "0"]
