"""What the forms about following hold."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from consult.accounts.rules import clean_email
from notifications.searching import KEPT

SEARCH = "search"  # the target of a form that follows a search: which one its fields say


class Following(BaseModel):
    """What to follow ("draft:12", "agency:3"), and where to go afterwards."""

    target: str
    next: str = ""
    q: str = ""
    agency: str = ""
    act_type: str = ""
    topic: str = ""
    stage: str = ""
    lang: str = ""
    year: str = ""

    @property
    def filters(self) -> dict[str, str]:
        """What a search is narrowed to."""
        return {name: getattr(self, name) for name in KEPT}


class FollowingByMail(Following):
    """The same, told to an address."""

    email: Annotated[str, AfterValidator(clean_email)]


class MailAddress(BaseModel):
    """The address whose subscriptions are to be seen."""

    email: Annotated[str, AfterValidator(clean_email)]


class Cadence(BaseModel):
    """How often to be told of one thing."""

    target: str = Field(max_length=60)
    cadence: str
