"""What the forms about notices hold."""

from pydantic import BaseModel


class Following(BaseModel):
    """What to follow ("draft:12", "agency:3"), and where to go afterwards."""

    target: str
    next: str = ""
