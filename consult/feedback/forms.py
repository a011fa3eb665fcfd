"""What the forms about an answer send; what they must hold is a rule."""

from typing import Literal

from pydantic import BaseModel


class RatingForm(BaseModel):
    """Whether the answer met the point."""

    met: Literal["yes", "no"]


class ContestForm(BaseModel):
    """What the answer did not take into account."""

    reason: str = ""


class ReviewForm(BaseModel):
    """What was decided about a contested answer."""

    outcome: str = ""
    decision: str = ""
    lang: Literal["ky", "ru", "kk", "en"]
