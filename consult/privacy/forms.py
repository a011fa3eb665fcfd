"""What the form to delete one's account holds."""

from typing import Annotated

from pydantic import BaseModel, Field

from consult.privacy.leaving import Words


class LeavingForm(BaseModel):
    """What becomes of one's words; the address typed once more, and the password."""

    words: Words
    typed: Annotated[str, Field(min_length=1)]
    password: Annotated[str, Field(min_length=1)]
