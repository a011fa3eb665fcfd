"""What the forms of the second factor hold; what fits is asked of the actions."""

from typing import Annotated

from pydantic import BaseModel, Field


class Shown(BaseModel):
    """A code of the app or, in its place, a recovery code; `next` is where the person was going."""

    code: Annotated[str, Field(max_length=40)] = ""
    recovery: Annotated[str, Field(max_length=40)] = ""
    next: str = ""


class FirstCode(BaseModel):
    """The first code of an app that is being set up."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    next: str = ""


class DeviceAnswer(BaseModel):
    """What a device said when asked for a passkey, as JSON."""

    answer: str = ""
    next: str = ""


class NewPasskey(DeviceAnswer):
    """The same, for one to be added under a name."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
