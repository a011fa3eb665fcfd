"""What the forms about following hold."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from consult.accounts.rules import clean_email

SEARCH = "search"  # the target of a form that follows a search: which one its fields say


class Following(BaseModel):
    """What to follow ("draft:12", "agency:3"), and where to go afterwards."""

    target: str
    next: str = ""
    q: str = ""
    agency: str = ""
    act_type: str = ""
    topic: str = ""
    lang: str = ""

    @property
    def filters(self) -> dict[str, str]:
        """What a search is narrowed to."""
        return {
            "agency": self.agency,
            "act_type": self.act_type,
            "topic": self.topic,
            "lang": self.lang,
        }


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
