"""What the form about how the public sees a person holds."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from consult.accounts.appearance.rules import LONGEST
from consult.accounts.rules import clean_line, clean_name


class Appearance(BaseModel):
    """What to show, and the pseudonym if one is kept; `then`: only look at it, or save it."""

    shown: Literal["name", "pseudonym", "nothing"]
    pseudonym: str = Field(default="", max_length=LONGEST)
    then: Literal["look", "save"] = "save"


class OwnName(BaseModel):
    """One's name, and the place where one lives."""

    name: Annotated[str, Field(max_length=120), AfterValidator(clean_name)]
    region: Annotated[str, Field(max_length=120), AfterValidator(clean_line)] = ""
