"""What the forms about organisations hold."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from consult.accounts.founding import NAME_MAX, NUMBER_MAX
from consult.accounts.rules import clean_email, clean_line
from consult.forms import Number

Line = AfterValidator(clean_line)
MANDATE_MAX = 300


class Named(BaseModel):
    """What an organisation is called, and its number."""

    name: Annotated[str, Line, Field(min_length=1, max_length=NAME_MAX)]
    number: Annotated[str, Line, Field(max_length=NUMBER_MAX)] = ""


class NewOrganisation(Named):
    """An organisation to be made; `mandate`: by what the person may speak for it."""

    mandate: Annotated[str, Line, Field(max_length=MANDATE_MAX)] = ""


class Acting(BaseModel):
    """Whom the person speaks for ("": themselves), and the page they were on."""

    organisation: Number | Literal[""] = ""
    next: str = ""


class NewMember(BaseModel):
    """Whom to invite, by what they may speak for the organisation, the language of the mail."""

    email: Annotated[str, AfterValidator(clean_email)]
    mandate: Annotated[str, Line, Field(max_length=MANDATE_MAX)] = ""
    manages: bool = False
    lang: str = ""
